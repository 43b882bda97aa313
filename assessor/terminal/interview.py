"""One assessment, asked step by step: each response is stored before the next question is shown.

What to ask is not decided here: `LoadedAssessment.next_step` derives it anew from what is stored after each response.
So there is no list of screens to keep in step with the answers, going back needs no memory of its own, and an interview
that was cut off goes on where it was. A step is `GUT`, `WANTED`, `GAINS` or an item's id, and here also `MODE_STEP`,
which is never stored: how much was asked is read off the responses the next time.

Each `_ask_…` method shows one step, stores what was chosen and returns the chosen value; values in angle brackets are
not responses but what to do instead (`BACK`, `HELP`, `NOTE`, `MENU`), and `_step_after` follows them.
"""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assessor.core.months import UNTIL_FURTHER_NOTICE, is_month, parse_month
from assessor.core.responses import DONT_KNOW, PlannedStep
from assessor.presentation.advice import proposed_step
from assessor.presentation.asking_back import tell_asked_back
from assessor.presentation.messages import Messages
from assessor.presentation.progress import full_mode_text, items_of_modes_texts
from assessor.presentation.terms import Terms
from assessor.terminal.face import MenuChoice, Paragraph, Prompt
from assessor.terminal.interview_context import BACK, HELP, MENU, NOTE, STOP, InterviewContext, InterviewStopped
from assessor.terminal.names import ask_names
from assessor.terminal.screens import (
    help_lines,
    item_heading,
    item_lines,
    paper_end_text,
    remark_lines,
    response_text,
    step_title,
)  # fmt: skip
from assessor.usecases.assessments import (
    GAINS,
    GOAL,
    GUT,
    WANTED,
    Assessments,
    LoadedAssessment,
    item_of_paper,
    new_key,
)

if TYPE_CHECKING:
    from assessor.core.routing import Mode

#: A step of its own before the first item: how much is to be asked.
MODE_STEP = "<mode>"
_GO_ON, _LIST, _ANSWERS, _LANGUAGE, _STANDS = "<go on>", "<list>", "<answers>", "<language>", "<stands>"
_MONTH, _LEAVE, _NEW_GOAL = "<month>", "<leave>", "<goal+>"


class ReturnToList(Exception):
    """The person wants to see the list of collaborations; what was answered is stored already."""


class Interview:
    """Asks one assessment's steps until nothing is left; raises `InterviewStopped` or `ReturnToList`."""

    def __init__(self, context: InterviewContext, loaded: LoadedAssessment, mode: "Mode | None" = None) -> None:
        """Begin or go on; `mode` is None where the person is still to be asked how much they want to answer."""
        self._context = context
        self.loaded = loaded
        self.mode = mode

    def ask_remaining(self) -> None:
        """Ask what is left; returns when nothing is."""
        step = self._next_step()
        while step is not None:
            step = self._step_after(step, self._ask_step(step))

    def review_responses(self) -> None:
        """Show everything given and let it be changed; returns when the person says that it is right.

        A change may open further questions, which are asked before this returns.
        """
        _ = self._messages.gettext
        while True:
            step = self._choose_step(_("Check your answers"), _("Everything is right: show where it stands"))
            if step is None:
                self.ask_remaining()
                return
            self._change_step(step)

    def _next_step(self) -> str | None:
        """The step to ask now; how much to ask comes after gut feeling and wanted level, before the first item."""
        step = self.loaded.next_step(self.mode or "full")
        before = (GUT, WANTED, None)
        return MODE_STEP if self.mode is None and step not in before else step

    def _step_after(self, step: str, value: str) -> str | None:
        """The step that follows a chosen value, after doing what it asks for; None when nothing is left."""
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
        """The step before; before the first stand the names, and then the same step comes again."""
        before = self.loaded.step_before(step)
        if before is None:
            self._mend_names()
        return before or step

    def _mend_names(self) -> None:
        """Let the collaboration be called otherwise."""
        collaboration = self.loaded.assessment.collaboration
        names = ask_names(self._context, collaboration.party, collaboration.undertaking)
        if names and names != (collaboration.party, collaboration.undertaking):
            self.loaded = self._context.try_store(self.loaded, lambda use: use.rename(self.loaded, *names))

    def _ask_step(self, step: str) -> str:
        """Ask one step, store what is given, and return the value chosen."""
        pages = {
            GUT: self._ask_gut,
            WANTED: self._ask_wanted,
            MODE_STEP: self._ask_mode,
            GAINS: self._ask_gains,
            GOAL: self._ask_goal,
        }
        if item_of_paper(step):
            return self._ask_paper_end(step)
        return pages[step]() if step in pages else self._ask_item(step)

    def _ask_paper_end(self, step: str) -> str:
        """Ask when the paper ends that an item's response tells of; leaving it is stored as an empty value."""
        _, item = self._messages.gettext, item_of_paper(step)
        current = self.loaded.assessment.ends.get(item, "")
        told = self._terms.short_response(item, self.loaded.responses.get(item, DONT_KNOW))
        self._print_heading(
            _("{paper}: when does it end?").format(paper=told), _("You can leave it. This never changes the placement.")
        )
        month, letter = current if is_month(current) else "", self._messages.pgettext("letter of Don't know", "d")
        choices = (
            MenuChoice(value=_MONTH, label=_("A month and year"), example=paper_end_text(self._terms, month)),
            MenuChoice(value=UNTIL_FURTHER_NOTICE, label=_("Until further notice")),
            MenuChoice(value=DONT_KNOW, label=_("Don't know"), letter=letter),
            MenuChoice(value=_LEAVE, label=_("Leave it")),
        )
        marked = tuple(self._mark_current(choice, _MONTH if month else current or None) for choice in choices)
        at = _MONTH if month else current
        value = self._context.choose_or_stop(_("Your answer"), marked, self._context.back_step(), at=at)
        if value == _MONTH:
            value = self._type_month(month)
        if value != BACK:
            self._store_response(step, "" if value == _LEAVE else value)
        return value

    def _type_month(self, current: str) -> str:
        """The month that is typed, as it is kept; `_LEAVE` for an empty line."""
        _ = self._messages.gettext

        def refused(text: str) -> str:
            message = _("“{given}” is no month; write it as 2027-06 or 6/2027")
            return "" if not text.strip() or parse_month(text) else message.format(given=text.strip())

        typed = self._context.face.ask_text(_("Month and year, such as 6/2027"), current, refused)
        return parse_month(typed) or _LEAVE

    def _ask_goal(self) -> str:
        """Ask which of the library's goals is served; the first time, and where none fits, one is written down."""
        _, goals = self._messages.gettext, self._context.assessments.goals()
        self._print_heading(
            _("Which of the library's goals does it serve?"),
            _("In your own words; they are kept for the whole library. You can leave it."),
        )
        current = self.loaded.assessment.goal
        choices = (
            *(MenuChoice(value=id_, label=text) for id_, text in goals.items()),
            MenuChoice(value=_NEW_GOAL, label=_("Another goal") if goals else _("Write down a goal")),
            MenuChoice(value=_LEAVE, label=_("Leave it")),
        )
        marked = tuple(self._mark_current(choice, current) for choice in choices)
        at = current if current in goals else ""
        value = self._context.choose_or_stop(_("Your answer"), marked, self._context.back_step(), at=at or "")
        if value == _NEW_GOAL:
            text = self._context.face.ask_text(_("The goal, in a few words"), "", self._context.name_refusal)
            value = self._context.assessments.add_goal(text, new_key()) if text.strip() else _LEAVE
        if value != BACK:
            self._store_response(GOAL, "" if value == _LEAVE else value)
        return value

    def _change_step(self, step: str) -> None:
        """Ask a step again until it is answered or left."""
        value = HELP
        while value in (HELP, NOTE, MENU):
            value = self._ask_step(step)
            if value in (HELP, NOTE, MENU):
                self._step_after(step, value)

    def _ask_item(self, item: str) -> str:
        """Ask an item, with the response given before marked and pointed at."""
        details, current = self.loaded.instrument.by_id[item], self.loaded.responses.get(item)
        left = self.loaded.items_left(self.mode or "full")
        name = self.loaded.assessment.collaboration.name
        self._context.face.print_lines(
            Paragraph(),
            item_heading(name, self._messages, left, current is not None),
            *item_lines(self._terms, details, self.loaded.assessment.notes.get(item, "")),
        )
        value = self._context.choose_or_stop(
            self._messages.gettext("Your answer"), self._option_choices(item), *self._item_steps(), at=current or ""
        )
        if value not in (BACK, HELP, NOTE, MENU):
            self._store_response(item, value)
            if self.loaded.responses.get(item) != current:
                self._ask_back(item)
        return value

    def _ask_back(self, item: str) -> None:
        """Ask about responses that the one just given hardly fits; they stand if the person says so."""
        signals = self.loaded.signals_about(item)
        if not signals:
            return
        _, asked = self._messages.gettext, tell_asked_back(signals, self.loaded.responses, self._terms)
        self._context.face.print_lines(
            Paragraph(),
            Paragraph(self.loaded.assessment.collaboration.name, "quiet"),
            *remark_lines(asked.remarks),
        )
        change = _("Change {item}: {answer}")
        choices = (
            MenuChoice(value=_STANDS, label=_("Keep these answers as they are")),
            *(
                MenuChoice(value=each.item, label=change.format(item=each.heading, answer=each.response))
                for each in asked.responses
            ),
        )
        value = self._context.choose_or_stop(_("Is that how it is?"), choices, self._context.back_step())
        if value != _STANDS:
            self._change_step(item if value == BACK else value)

    def _option_choices(self, item: str) -> tuple[MenuChoice, ...]:
        """The item's options, and "Don't know" last, which every item offers."""
        words, current = self._terms.wording.items[item], self.loaded.responses.get(item)
        options = (
            MenuChoice(value=option, label=words.options[option].label, example=words.options[option].example)
            for option in self.loaded.instrument.by_id[item].options
        )
        _ = self._messages.gettext
        letter = self._messages.pgettext("letter of Don't know", "d")
        unknown = MenuChoice(value=DONT_KNOW, label=_("Don't know"), letter=letter)
        return tuple(self._mark_current(choice, current) for choice in (*options, unknown))

    def _mark_current(self, choice: MenuChoice, current: str | None) -> MenuChoice:
        """The choice, marked where it is the response given before."""
        return replace(choice, remark=self._messages.gettext("your answer")) if choice.value == current else choice

    def _item_steps(self) -> tuple[MenuChoice, ...]:
        """What can be done at an item instead of answering it."""
        _ = self._messages.gettext
        return (
            self._context.back_step(),
            MenuChoice(
                value=HELP, label=_("Help: an example, and where the question comes from"), letter="?", keys=("?", "f1")
            ),
            MenuChoice(value=NOTE, label=_("Add a note"), letter=self._messages.pgettext("letter of Add a note", "n")),
            MenuChoice(
                value=MENU,
                label=_("More: answers so far, short or full, language, list"),
                letter=self._messages.pgettext("letter of More", "m"),
            ),
        )

    def _ask_gut(self) -> str:
        """Ask for the gut feeling before anything else, while no answer has coloured it yet."""
        _ = self._messages.gettext
        self._print_heading(
            _("Before the questions: what does your gut feeling say?"),
            _("There is no wrong answer. It is shown beside the placement at the end."),
        )
        return self._ask_placement(GUT, self._terms.instrument.placements, self.loaded.assessment.gut)

    def _ask_wanted(self) -> str:
        """Ask what the library wants it to be; it is compared with the placement and never changes it."""
        _ = self._terms.gettext
        self._print_heading(
            _("What should this collaboration be?"),
            _("A lower level may be right, and a purchase may stay a purchase."),
        )
        return self._ask_placement(WANTED, self._terms.instrument.placements, self.loaded.assessment.wanted)

    def _print_heading(self, title: str, text: str) -> None:
        """The lines above a step beside the items: the collaboration, the question, and what it is for."""
        self._context.face.print_lines(
            Paragraph(),
            Paragraph(self.loaded.assessment.collaboration.name, "quiet"),
            Paragraph(title, "title"),
            Paragraph(text, "quiet"),
        )

    def _ask_placement(self, step: str, placements: tuple[str, ...], current: str | None) -> str:
        """Ask for a placement, for the gut feeling or the wanted level.

        "Don't know yet" to the wanted level is stored as nothing wanted; a gut feeling may be "Don't know".
        """
        terms, _ = self._terms, self._messages.gettext
        unknown = _("Don't know") if step == GUT else _("Don't know yet")
        letter = self._messages.pgettext("letter of Don't know", "d")
        choices = tuple(
            self._mark_current(
                MenuChoice(value=id, label=terms.levelled_name(id), example=terms.wording.placements[id].line), current
            )
            for id in placements
        )
        choices += (self._mark_current(MenuChoice(value=DONT_KNOW, label=unknown, letter=letter), current),)
        value = self._context.choose_or_stop(_("Your answer"), choices, self._context.back_step(), at=current or "")
        if value != BACK:
            self._store_response(step, "" if (step, value) == (WANTED, DONT_KNOW) else value)
        return value

    def _ask_mode(self) -> str:
        """Ask how much is to be asked, with the number of questions that each mode leaves."""
        _ = self._messages.gettext
        full, short = items_of_modes_texts(self._messages, self.loaded.items_left("full"), self.loaded.usual_items_left)
        self._print_heading(_("How much do you want to answer?"), _("You can change this at any time."))
        choices = (
            MenuChoice(
                value="full",
                label=full,
                example=full_mode_text(self._messages, self.loaded.instrument),
            ),
            MenuChoice(
                value="short",
                label=short,
                example=_("Gives the same placement in a few minutes."),
            ),
        )
        value = self._context.choose_or_stop(_("Your answer"), choices, self._context.back_step())
        if value != BACK:
            self.mode = "short" if value == "short" else "full"
        return value

    def _ask_gains(self) -> str:
        """Ask which gains apply; stored as ids with blanks between, which no id contains."""
        terms, _ = self._terms, self._messages.gettext
        self._print_heading(
            _("What does the cooperation bring you?"),
            _("Choose as many as apply, or none. This never changes the placement."),
        )
        current = self.loaded.assessment.gains
        choices = tuple(
            MenuChoice(value=gain, label=terms.wording.gains[gain], ticked=gain in current)
            for gain in terms.instrument.gains
        )
        none = MenuChoice(value=_LEAVE, label=_("None of these"), letter="0")
        steps = (none, self._context.back_step(), self._context.stop_step())
        values = self._context.face.choose_several(Prompt(text=_("Your answer"), choices=choices, steps=steps))
        if values == (STOP,):
            raise InterviewStopped
        if values == (_LEAVE,):
            values = ()
        if values == (BACK,):
            return BACK
        self._store_response(GAINS, " ".join(values))
        return ""

    def ask_note(self, item: str) -> None:
        """Let a note to an item be written, or with no item to the whole."""
        _ = self._messages.gettext
        current = self.loaded.assessment.notes.get(item, "")
        text = self._context.face.ask_text(_("Your note (Enter when done)"), current, self._context.text_refusal)
        if text != current:
            key = new_key()  # the same where it is tried again
            self.loaded = self._context.try_store(
                self.loaded, lambda use: use.record_note(self.loaded, item, text, key)
            )

    def ask_what_is_wanted(self) -> bool:
        """Ask it once, after the verdict; whether something was wanted, so that the ways there are told."""
        return self.loaded.asks_what_is_wanted and self._ask_wanted() not in (BACK, DONT_KNOW)

    def plan_step(self) -> None:
        """Let it be written down what is done next, by whom and when; what the verdict advises stands there already."""
        _ = self._messages.gettext
        kept = self.loaded.assessment.steps[:1]
        begun = kept[0] if kept else self._proposed_step()
        refused = self._context.text_refusal
        what = self._context.face.ask_text(_("What is to be done next?"), begun.what, refused)
        who = self._context.face.ask_text(_("Who does it?"), begun.who, refused) if what.strip() else ""
        when = self._context.face.ask_text(_("When? (such as 6/2027)"), begun.when, refused) if what.strip() else ""
        step = PlannedStep(id=begun.id, what=what.strip(), who=who.strip(), when=parse_month(when) or when.strip())
        self.loaded = self._context.try_store(self.loaded, lambda use: use.plan_step(self.loaded, step, new_key()))

    def _proposed_step(self) -> PlannedStep:
        return proposed_step(self._terms, self.loaded.verdict, self.loaded.assessment.wanted)

    def choose_quotation(self) -> None:
        """Let it be chosen which note may be quoted in the report; only one note at a time is quoted."""
        _ = self._messages.gettext
        notes = self.loaded.assessment.notes
        quoted = next((item for item, may in self.loaded.assessment.quoted.items() if may and item in notes), None)
        choices = (
            *(MenuChoice(value=f"n{item}", label=text) for item, text in notes.items()),
            MenuChoice(value=_LEAVE, label=_("None of them")),
        )
        at = _LEAVE if quoted is None else f"n{quoted}"
        value = self._context.choose_or_stop(_("Which note may be quoted in the report?"), choices, at=at)
        chosen = None if value == _LEAVE else value[1:]
        for item in (quoted, chosen):
            if item is not None and quoted != chosen:
                may = item == chosen
                self.loaded = self._context.try_store(self.loaded, partial(self._quote, item=item, may=may))

    def _quote(self, use: Assessments, item: str, may: bool) -> LoadedAssessment:
        return use.choose_quotation(self.loaded, item, may, new_key())

    def _offer_menu(self) -> None:
        """What is rarely needed at an item; raises `ReturnToList` where the person chooses the list."""
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
        """Let responses be changed in the middle of an interview, until the person goes on."""
        _ = self._messages.gettext
        while step := self._choose_step(_("Your answers so far"), _("Continue with the questions"), go_on_by_back=True):
            self._change_step(step)

    def _choose_step(self, title: str, go_on: str, go_on_by_back: bool = False) -> str | None:
        """Offer every response to be changed, with its note; None when the person goes on instead."""
        self._context.face.print_lines(
            Paragraph(),
            Paragraph(self.loaded.assessment.collaboration.name, "quiet"),
            Paragraph(title, "title"),
            *remark_lines(tell_asked_back(self.loaded.signals_asking_back, self.loaded.responses, self._terms).remarks),
        )
        notes = self.loaded.assessment.notes
        goals = self._context.assessments.goals()
        choices = (
            MenuChoice(value=_GO_ON, label=go_on),
            *(
                MenuChoice(
                    value=step,
                    label=f"{step_title(self._terms, step)}: {response_text(self._terms, self.loaded, step, goals)}",
                    example=notes.get(step, ""),
                )
                for step in self.loaded.taken_steps()
            ),
        )
        ask = self._messages.gettext("Choose an answer to change it.")
        value = self._context.choose_or_stop(ask, choices, self._context.back_step())
        if value == BACK and go_on_by_back:
            return None
        return self.loaded.taken_steps()[-1] if value == BACK else None if value == _GO_ON else value

    def _store_response(self, step: str, value: str) -> None:
        """Store a response; a refusal is printed, and the same step comes again."""
        key = new_key()  # the same where it is tried again
        self.loaded = self._context.try_store(self.loaded, lambda use: use.respond(self.loaded, step, value, key))

    @property
    def _messages(self) -> Messages:
        return self._context.messages

    @property
    def _terms(self) -> Terms:
        return self._context.terms_of(self.loaded)
