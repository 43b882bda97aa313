"""One assessment, asked step by step: each thing given is stored before the next is shown."""

from dataclasses import replace
from typing import TYPE_CHECKING

from assessor.core.responses import DONT_KNOW
from assessor.presentation.messages import Messages
from assessor.presentation.progress import items_left_text
from assessor.presentation.terms import Terms
from assessor.terminal.face import MenuChoice, Paragraph, Prompt
from assessor.terminal.interview_context import BACK, HELP, MENU, NOTE, STOP, InterviewContext, InterviewStopped
from assessor.terminal.screens import (
    help_lines,
    item_heading,
    item_lines,
    response_text,
    step_title,
)  # fmt: skip
from assessor.usecases.assessments import GAINS, GUT, WANTED, LoadedAssessment, new_key

if TYPE_CHECKING:
    from assessor.core.routing import Mode

#: A step of its own before the first item: how much is to be asked.
MODE_STEP = "<mode>"
_GO_ON, _LIST, _ANSWERS, _LANGUAGE = "<go on>", "<list>", "<answers>", "<language>"


class ReturnToList(Exception):
    """The person wants to see the list of collaborations."""


class Interview:
    """Asks one assessment's steps until nothing is left; raises `Stopped` or `ToList`."""

    def __init__(self, desk: InterviewContext, opened: LoadedAssessment, mode: "Mode | None" = None) -> None:
        self._context = desk
        self.loaded = opened
        self.mode = mode

    def ask_remaining(self) -> None:
        """Ask what is left."""
        step = self._next_step()
        while step is not None:
            step = self._step_after(step, self._ask_step(step))

    def review_responses(self) -> None:
        """Show everything given, let it be changed, and ask what a change opens; returns when it is right."""
        _ = self._messages.gettext
        while True:
            step = self._choose_step(_("Check your answers"), _("Everything is right: show where it stands"))
            if step is None:
                self.ask_remaining()
                return
            self._change_step(step)

    def _next_step(self) -> str | None:
        step = self.loaded.next_step(self.mode or "full")
        before = (GUT, WANTED, None)
        return MODE_STEP if self.mode is None and step not in before else step

    def _step_after(self, step: str, value: str) -> str | None:
        match value:
            case "<back>":
                return self._step_before(step)
            case "<help>":
                self._context.face.print_lines(*help_lines(self._terms, step))
                return step
            case "<note>":
                self.ask_note(step)
                return step
            case "<menu>":
                self._offer_menu()
                return step if step in self.loaded.taken_steps() else self._next_step()
        return self._next_step()

    def _step_before(self, step: str) -> str:
        before = self.loaded.step_before(step)
        if before is None:
            self._context.face.print_lines(Paragraph(self._messages.gettext("This is the first question."), "quiet"))
        return before or step

    def _ask_step(self, step: str) -> str:
        """Ask one step and store what is given; the value chosen."""
        pages = {GUT: self._ask_gut, WANTED: self._ask_wanted, MODE_STEP: self._ask_mode, GAINS: self._ask_gains}
        return pages[step]() if step in pages else self._ask_item(step)

    def _change_step(self, step: str) -> None:
        """Ask a step again until it is answered or left."""
        value = HELP
        while value in (HELP, NOTE, MENU):
            value = self._ask_step(step)
            if value in (HELP, NOTE, MENU):
                self._step_after(step, value)

    def _ask_item(self, item: str) -> str:
        asked, kept = self.loaded.instrument.by_id[item], self.loaded.responses.get(item)
        left = self.loaded.items_left(self.mode or "full")
        name = self.loaded.assessment.collaboration.name
        self._context.face.print_lines(
            Paragraph(),
            item_heading(name, self._messages, left, kept is not None),
            *item_lines(self._terms, asked, self.loaded.assessment.notes.get(item, "")),
        )
        value = self._context.choose_or_stop(
            self._messages.gettext("Your answer"), self._option_choices(item), *self._item_steps(), at=kept or ""
        )
        if value not in (BACK, HELP, NOTE, MENU):
            self._store_response(item, value)
        return value

    def _option_choices(self, item: str) -> tuple[MenuChoice, ...]:
        words, kept = self._terms.wording.items[item], self.loaded.responses.get(item)
        options = (
            MenuChoice(value=option, label=words.options[option].label, example=words.options[option].example)
            for option in self.loaded.instrument.by_id[item].options
        )
        _ = self._messages.gettext
        letter = self._messages.pgettext("letter of Don't know", "d")
        unknown = MenuChoice(value=DONT_KNOW, label=_("Don't know"), letter=letter)
        return tuple(self._mark_current(choice, kept) for choice in (*options, unknown))

    def _mark_current(self, choice: MenuChoice, kept: str | None) -> MenuChoice:
        return replace(choice, remark=self._messages.gettext("your answer")) if choice.value == kept else choice

    def _item_steps(self) -> tuple[MenuChoice, ...]:
        _ = self._messages.gettext
        return (
            self._context.back_step(),
            MenuChoice(value=HELP, label=_("Help: what it means, where it comes from"), letter="?", keys=("?", "f1")),
            MenuChoice(value=NOTE, label=_("Add a note"), letter=self._messages.pgettext("letter of Add a note", "n")),
            MenuChoice(
                value=MENU,
                label=_("More: answers so far, short or full, language, list"),
                letter=self._messages.pgettext("letter of More", "m"),
            ),
        )

    def _ask_gut(self) -> str:
        _ = self._messages.gettext
        self._print_heading(
            _("Before the questions: what does your gut feeling say?"),
            _("There is no wrong answer. It is shown beside the placement at the end."),
        )
        return self._ask_placement(GUT, self._terms.instrument.placements, self.loaded.assessment.gut)

    def _ask_wanted(self) -> str:
        _ = self._messages.gettext
        self._print_heading(
            _("Which level does the library want for this collaboration?"),
            _("Level 1 means the most commitments. It is not a prize: a lower level may be right."),
        )
        return self._ask_placement(WANTED, self._terms.instrument.levels, self.loaded.assessment.wanted)

    def _print_heading(self, title: str, text: str) -> None:
        self._context.face.print_lines(
            Paragraph(),
            Paragraph(self.loaded.assessment.collaboration.name, "quiet"),
            Paragraph(title, "title"),
            Paragraph(text, "quiet"),
        )

    def _ask_placement(self, step: str, placements: tuple[str, ...], kept: str | None) -> str:
        terms, _ = self._terms, self._messages.gettext
        unknown = _("Don't know") if step == GUT else _("Don't know yet")
        letter = self._messages.pgettext("letter of Don't know", "d")
        choices = tuple(
            self._mark_current(
                MenuChoice(value=id, label=terms.levelled_name(id), example=terms.wording.placements[id].line), kept
            )
            for id in placements
        )
        choices += (self._mark_current(MenuChoice(value=DONT_KNOW, label=unknown, letter=letter), kept),)
        value = self._context.choose_or_stop(_("Your answer"), choices, self._context.back_step(), at=kept or "")
        if value != BACK:
            self._store_response(step, "" if (step, value) == (WANTED, DONT_KNOW) else value)
        return value

    def _ask_mode(self) -> str:
        _ = self._messages.gettext
        full, short = (items_left_text(self._messages, self.loaded.items_left(mode)) for mode in ("full", "short"))
        self._print_heading(_("How much do you want to answer?"), _("You can change this at any time."))
        choices = (
            MenuChoice(
                value="full",
                label=_("Everything: {count}").format(count=full),
                example=_("Gives the placement, all the marks and the best advice."),
            ),
            MenuChoice(
                value="short",
                label=_("Only what can change the placement: {count}").format(count=short),
                example=_("Gives the same placement in a few minutes."),
            ),
        )
        value = self._context.choose_or_stop(_("Your answer"), choices, self._context.back_step())
        if value != BACK:
            self.mode = "short" if value == "short" else "full"
        return value

    def _ask_gains(self) -> str:
        terms, _ = self._terms, self._messages.gettext
        self._print_heading(
            _("What does the cooperation bring you?"),
            _("Choose as many as apply, or none. This never changes the placement."),
        )
        kept = self.loaded.assessment.gains
        choices = tuple(
            MenuChoice(value=gain, label=terms.wording.gains[gain], ticked=gain in kept)
            for gain in terms.instrument.gains
        )
        values = self._context.face.choose_several(
            Prompt(text=_("Your answer"), choices=choices, steps=(self._context.back_step(), self._context.stop_step()))
        )
        if values == (STOP,):
            raise InterviewStopped
        if values == (BACK,):
            return BACK
        self._store_response(GAINS, " ".join(values))
        return ""

    def ask_note(self, item: str) -> None:
        """Let a note to an item be written, or with no item to the whole."""
        _ = self._messages.gettext
        kept = self.loaded.assessment.notes.get(item, "")
        text = self._context.face.ask_text(_("Your note (Enter when done)"), kept, self._context.text_refusal)
        if text != kept:
            self.loaded = self._context.try_store(
                self.loaded, lambda use: use.record_note(self.loaded, item, text, new_key())
            )

    def _offer_menu(self) -> None:
        _ = self._messages.gettext
        other = _("Ask everything") if self.mode == "short" else _("Ask only what can change the placement")
        choices = (
            MenuChoice(value=_GO_ON, label=_("Continue with the questions")),
            MenuChoice(value=_ANSWERS, label=_("Look at and change the answers so far")),
            MenuChoice(value=MODE_STEP, label=other),
            MenuChoice(value=_LANGUAGE, label=self._context.other_language_names()),
            MenuChoice(value=_LIST, label=_("Back to the list of collaborations")),
        )
        match self._context.choose_or_stop(_("What would you like to do?"), choices):
            case "<answers>":
                self._review_so_far()
            case "<mode>":
                self.mode = "full" if self.mode == "short" else "short"
            case "<language>":
                self._context.switch_language()
            case "<list>":
                raise ReturnToList

    def _review_so_far(self) -> None:
        _ = self._messages.gettext
        while step := self._choose_step(_("Your answers so far"), _("Continue with the questions")):
            self._change_step(step)

    def _choose_step(self, title: str, go_on: str) -> str | None:
        """Offer every answer to be changed; None when there is nothing to change."""
        self._print_heading(title, self._messages.gettext("Choose an answer to change it."))
        choices = (
            MenuChoice(value=_GO_ON, label=go_on),
            *(
                MenuChoice(
                    value=step,
                    label=f"{step_title(self._terms, step)}: {response_text(self._terms, self.loaded, step)}",
                )
                for step in self.loaded.taken_steps()
            ),
        )
        value = self._context.choose_or_stop(title, choices)
        return None if value == _GO_ON else value

    def _store_response(self, step: str, value: str) -> None:
        self.loaded = self._context.try_store(self.loaded, lambda use: use.respond(self.loaded, step, value, new_key()))

    @property
    def _messages(self) -> Messages:
        return self._context.messages

    @property
    def _terms(self) -> Terms:
        return self._context.terms_of(self.loaded)
