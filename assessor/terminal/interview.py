"""One assessment, asked step by step: each thing given is stored before the next is shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assessor.core.responses import DONT_KNOW
from assessor.terminal.face import Choice, Line, Question
from assessor.terminal.interview_context import BACK, HELP, MENU, NOTE, STOP, Desk, Stopped
from assessor.terminal.screens import (
    Terms,
    about_left,
    answered,
    heading,
    help_lines,
    item_lines,
    placement_name,
    step_title,
)  # fmt: skip
from assessor.usecases.assessments import GAINS, GUT, WANTED, Opened, new_key

if TYPE_CHECKING:
    from assessor.core.routing import Mode

#: A step of its own before the first item: how much is to be asked.
MODE = "<mode>"
_GO_ON, _LIST, _ANSWERS, _LANGUAGE = "<go on>", "<list>", "<answers>", "<language>"


class ToList(Exception):
    """The person wants to see the list of collaborations."""


class Interview:
    """Asks one assessment's steps until nothing is left; raises `Stopped` or `ToList`."""

    def __init__(self, desk: Desk, opened: Opened, mode: "Mode | None" = None) -> None:
        self._desk = desk
        self._speech = desk.speech
        self.opened = opened
        self.mode = mode

    def ask_all(self) -> None:
        """Ask what is left."""
        step = self._next()
        while step is not None:
            step = self._after(step, self._asked(step))

    def check(self) -> None:
        """Show everything given, let it be changed, and ask what a change opens; returns when it is right."""
        _ = self._speech.gettext
        while True:
            step = self._answers(_("Check your answers"), _("Everything is right: show where it stands"))
            if step is None:
                self.ask_all()
                return
            self._change(step)

    def _next(self) -> str | None:
        step = self.opened.next_step(self.mode or "full")
        before = (GUT, WANTED, None)
        return MODE if self.mode is None and step not in before else step

    def _after(self, step: str, value: str) -> str | None:
        match value:
            case "<back>":
                return self._before(step)
            case "<help>":
                self._desk.face.tell(*help_lines(self._terms, step))
                return step
            case "<note>":
                self.note(step)
                return step
            case "<menu>":
                self._menu()
                return step if step in self.opened.trail() else self._next()
        return self._next()

    def _before(self, step: str) -> str:
        before = self.opened.step_before(step)
        if before is None:
            self._desk.face.tell(Line(self._speech.gettext("This is the first question."), "quiet"))
        return before or step

    def _asked(self, step: str) -> str:
        """Ask one step and store what is given; the value chosen."""
        pages = {GUT: self._gut, WANTED: self._wanted, MODE: self._mode, GAINS: self._gains}
        return pages[step]() if step in pages else self._item(step)

    def _change(self, step: str) -> None:
        """Ask a step again until it is answered or left."""
        value = HELP
        while value in (HELP, NOTE, MENU):
            value = self._asked(step)
            if value in (HELP, NOTE, MENU):
                self._after(step, value)

    def _item(self, item: str) -> str:
        asked, kept = self.opened.instrument.by_id[item], self.opened.responses.get(item)
        left = self.opened.left(self.mode or "full")
        name = self.opened.assessment.collaboration.name
        self._desk.face.tell(
            Line(),
            heading(name, self._speech, left, kept is not None),
            *item_lines(self._terms, asked, self.opened.assessment.notes.get(item, "")),
        )
        value = self._desk.pick(self._speech.gettext("Your answer"), self._options(item), *self._steps(), at=kept or "")
        if value not in (BACK, HELP, NOTE, MENU):
            self._give(item, value)
        return value

    def _options(self, item: str) -> tuple[Choice, ...]:
        words, kept = self._terms.wording.items[item], self.opened.responses.get(item)
        options = (
            Choice(value=option, label=words.options[option].label, example=words.options[option].example)
            for option in self.opened.instrument.by_id[item].options
        )
        _ = self._speech
        letter = _.pgettext("letter of Don't know", "d")
        unknown = Choice(value=DONT_KNOW, label=_.gettext("Don't know"), letter=letter)
        return tuple(self._remarked(choice, kept) for choice in (*options, unknown))

    def _remarked(self, choice: Choice, kept: str | None) -> Choice:
        return replace(choice, remark=self._speech.gettext("your answer")) if choice.value == kept else choice

    def _steps(self) -> tuple[Choice, ...]:
        _ = self._speech
        return (
            self._desk.back(),
            Choice(
                value=HELP, label=_.gettext("Help: what it means, where it comes from"), letter="?", keys=("?", "f1")
            ),
            Choice(value=NOTE, label=_.gettext("Add a note"), letter=_.pgettext("letter of Add a note", "n")),
            Choice(
                value=MENU,
                label=_.gettext("More: answers so far, short or full, language, list"),
                letter=_.pgettext("letter of More", "m"),
            ),
        )

    def _gut(self) -> str:
        _ = self._speech.gettext
        self._open(
            _("Before the questions: what does your gut feeling say?"),
            _("There is no wrong answer. It is shown beside the placement at the end."),
        )
        return self._placed(GUT, self._terms.instrument.placements, self.opened.assessment.gut)

    def _wanted(self) -> str:
        _ = self._speech.gettext
        self._open(
            _("Which level does the library want for this collaboration?"),
            _("Level 1 means the most commitments. It is no prize: lower may be right."),
        )
        return self._placed(WANTED, self._terms.instrument.levels, self.opened.assessment.wanted)

    def _open(self, title: str, text: str) -> None:
        self._desk.face.tell(
            Line(), Line(self.opened.assessment.collaboration.name, "quiet"), Line(title, "title"), Line(text, "quiet")
        )

    def _placed(self, step: str, placements: tuple[str, ...], kept: str | None) -> str:
        terms, _ = self._terms, self._speech
        unknown = _.gettext("Don't know") if step == GUT else _.gettext("Don't know yet")
        letter = _.pgettext("letter of Don't know", "d")
        choices = tuple(
            self._remarked(
                Choice(value=id, label=placement_name(terms, id), example=terms.wording.placements[id].line), kept
            )
            for id in placements
        )
        choices += (self._remarked(Choice(value=DONT_KNOW, label=unknown, letter=letter), kept),)
        value = self._desk.pick(_.gettext("Your answer"), choices, self._desk.back(), at=kept or "")
        if value != BACK:
            self._give(step, "" if (step, value) == (WANTED, DONT_KNOW) else value)
        return value

    def _mode(self) -> str:
        _ = self._speech
        full, short = (about_left(_, self.opened.left(mode)) for mode in ("full", "short"))
        self._open(_.gettext("How much shall be asked?"), _.gettext("You can change this at any time."))
        choices = (
            Choice(
                value="full",
                label=_.gettext("Everything: {count}").format(count=full),
                example=_.gettext("Gives the placement, all the marks and the best advice."),
            ),
            Choice(
                value="short",
                label=_.gettext("Only what can change the placement: {count}").format(count=short),
                example=_.gettext("The same placement, in a few minutes."),
            ),
        )
        value = self._desk.pick(_.gettext("Your answer"), choices, self._desk.back())
        if value != BACK:
            self.mode = "short" if value == "short" else "full"
        return value

    def _gains(self) -> str:
        terms, _ = self._terms, self._speech.gettext
        self._open(
            _("What does the cooperation bring you?"),
            _("Tick as many as fit, or none. This never changes the placement."),
        )
        kept = self.opened.assessment.gains
        choices = tuple(
            Choice(value=gain, label=terms.wording.gains[gain], ticked=gain in kept) for gain in terms.instrument.gains
        )
        values = self._desk.face.tick(
            Question(ask=_("Your answer"), choices=choices, steps=(self._desk.back(), self._desk.stop()))
        )
        if values == (STOP,):
            raise Stopped
        if values == (BACK,):
            return BACK
        self._give(GAINS, " ".join(values))
        return ""

    def note(self, item: str) -> None:
        """Let a note to an item be written, or with no item to the whole."""
        _ = self._speech.gettext
        kept = self.opened.assessment.notes.get(item, "")
        text = self._desk.face.write(_("Your note (Enter when done)"), kept, self._desk.refused_text)
        if text != kept:
            self.opened = self._desk.stored(self.opened, lambda use: use.note(self.opened, item, text, new_key()))

    def _menu(self) -> None:
        _ = self._speech
        other = (
            _.gettext("Ask everything") if self.mode == "short" else _.gettext("Ask only what can change the placement")
        )
        choices = (
            Choice(value=_GO_ON, label=_.gettext("Go on with the questions")),
            Choice(value=_ANSWERS, label=_.gettext("Look at and change the answers so far")),
            Choice(value=MODE, label=other),
            Choice(value=_LANGUAGE, label=self._desk.other_languages()),
            Choice(value=_LIST, label=_.gettext("To the list of collaborations")),
        )
        match self._desk.pick(_.gettext("What would you like to do?"), choices):
            case "<answers>":
                self._look()
            case "<mode>":
                self.mode = "full" if self.mode == "short" else "short"
            case "<language>":
                self._desk.switch_language()
            case "<list>":
                raise ToList

    def _look(self) -> None:
        _ = self._speech.gettext
        while step := self._answers(_("Your answers so far"), _("Go on with the questions")):
            self._change(step)

    def _answers(self, title: str, go_on: str) -> str | None:
        """Offer every answer to be changed; None when there is nothing to change."""
        self._open(title, self._speech.gettext("Choose an answer to change it."))
        choices = (
            Choice(value=_GO_ON, label=go_on),
            *(
                Choice(value=step, label=f"{step_title(self._terms, step)}: {answered(self._terms, self.opened, step)}")
                for step in self.opened.trail()
            ),
        )
        value = self._desk.pick(title, choices)
        return None if value == _GO_ON else value

    def _give(self, step: str, value: str) -> None:
        self.opened = self._desk.stored(self.opened, lambda use: use.give(self.opened, step, value, new_key()))

    @property
    def _terms(self) -> Terms:
        return self._desk.terms(self.opened)
