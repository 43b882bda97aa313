"""From the first screen to the last: the list of collaborations, one after another, verdicts, the report.

The list is where everything returns to: a page ends by returning or by raising `ReturnToList`, and the loop in `run`
shows the list again. Only `InterviewStopped` leaves the loop, so a person stops the same way everywhere.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial

from assessor.core.responses import Collaboration
from assessor.errors import AssessorError
from assessor.presentation.messages import Messages
from assessor.presentation.progress import items_left_text
from assessor.store.errors import StoreMoved
from assessor.terminal.face import MenuChoice, Paragraph, Prompt
from assessor.terminal.interview import Interview, ReturnToList
from assessor.terminal.interview_context import InterviewContext, InterviewStopped
from assessor.terminal.names import ask_names
from assessor.terminal.screens import difference_lines, rules_lines, standing_line, verdict_lines
from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment
from assessor.usecases.libraries import (
    AmbiguousCollaboration,
    NotTheWholeName,
    find_named_collaboration,
    similar_collaborations,
)

_NEW, _REPORT, _LANGUAGE, _LIST = "<new>", "<report>", "<language>", "<list>"
_CHANGE, _ANSWER_REST, _NOTE, _ASSESS_ANEW, _SPLIT = "<change>", "<rest>", "<note>", "<anew>", "<second>"
_STEP, _QUOTE = "<step>", "<quote>"


class Journey:
    """Leads through everything; ends by raising `InterviewStopped`."""

    def __init__(self, context: InterviewContext) -> None:
        self._context = context

    @property
    def _messages(self) -> Messages:
        return self._context.messages

    def run(self, name: str | None = None, fresh: bool = False) -> None:
        """Begin at the collaboration named, else where the person left off, else at the list."""
        page: Callable[[], None] = partial(self._open_named, name, fresh) if name else self._resume_unfinished
        while True:
            try:
                page()
            except ReturnToList:
                self._context.face.print_lines(Paragraph())
            except StoreMoved as error:
                self._context.offer_new_file(error)
            page = self._show_list

    def _open_named(self, name: str, fresh: bool) -> None:
        """Open the collaboration of this name, which is added with its first answer if it is new.

        `PARTY · UNDERTAKING` names both.
        """
        known = self._find_or_ask(name)
        if known is None:
            party, _, undertaking = name.partition(" · ")
            self._begin_with_first_answer(self._context.assessments.name_collaboration(party, undertaking))
        elif fresh:
            self._begin_with_first_answer(known.collaboration)
        else:
            self._open_listed(known)

    def _find_or_ask(self, name: str) -> ListedCollaboration | None:
        """The collaboration of this name, or the one chosen of those with it in theirs; None where it is a new one."""
        listed = self._context.assessments.list_collaborations()
        near = similar_collaborations(listed, name)
        if not near:
            return None
        with suppress(NotTheWholeName, AmbiguousCollaboration):
            return find_named_collaboration(listed, name)
        _ = self._messages.gettext
        begin = MenuChoice(value=_NEW, label=_("A new collaboration: {name}").format(name=name))
        ask = _("No collaboration is called {name}. Which do you mean?").format(name=name)
        value = self._context.choose_or_stop(ask, (*map(self._list_choice, near), begin))
        return next((each for each in near if each.collaboration.id == value), None)

    def _resume_unfinished(self) -> None:
        """Welcome a person who comes back, and let them choose where to go on where anything is unfinished."""
        listed = self._context.assessments.list_collaborations()
        unfinished = self._context.assessments.unfinished()
        if listed:
            welcome = self._messages.gettext("Welcome back. Collaborations: {count}, begun and not finished: {begun}.")
            text = welcome.format(count=len(listed), begun=len(unfinished))
            self._context.face.print_lines(Paragraph(), Paragraph(text, "strong"))
        if len(listed) > 1 and unfinished:
            self._choose_unfinished(unfinished)
        elif unfinished:
            self._resume_assessment(unfinished[0])

    def _choose_unfinished(self, unfinished: Sequence[LoadedAssessment]) -> None:
        """Offer what was begun, the latest first; anything else is in the list."""
        _ = self._messages.gettext
        choices = (
            *(
                self._list_choice(ListedCollaboration(collaboration=each.assessment.collaboration, loaded=each))
                for each in unfinished
            ),
            MenuChoice(value=_LIST, label=_("Back to the list of collaborations")),
        )
        value = self._context.choose_or_stop(_("What would you like to do?"), choices)
        if value != _LIST:
            self._resume_assessment(next(each for each in unfinished if each.assessment.collaboration.id == value))

    def _show_list(self) -> None:
        """Offer the list; in an empty library, ask for the first collaboration instead."""
        listed = self._context.assessments.list_collaborations()
        if not listed:
            self._add_collaboration()
            return
        _ = self._messages.gettext
        choices = tuple(self._list_choice(each) for each in listed)
        value = self._context.face.choose_one(
            Prompt(text=_("Which collaboration?"), choices=choices, steps=self._list_steps())
        )
        self._follow_choice(value, {each.collaboration.id: each for each in listed})

    def _follow_choice(self, value: str, listed: dict[str, ListedCollaboration]) -> None:
        """Do what was chosen in the list: a step, or the id of a collaboration."""
        match value:
            case "<new>":
                self._add_collaboration()
            case "<report>":
                self._make_report()
            case "<language>":
                self._context.switch_language()
            case "<stop>":
                raise InterviewStopped
            case _:
                self._open_listed(listed[value])

    def _list_steps(self) -> tuple[MenuChoice, ...]:
        """What the list offers beside its collaborations."""
        _ = self._messages.gettext
        steps = (
            MenuChoice(
                value=_NEW, label=_("A new collaboration"), letter=self._messages.pgettext("letter of New", "n")
            ),
            MenuChoice(
                value=_REPORT, label=_("Make the report"), letter=self._messages.pgettext("letter of Report", "r")
            ),
            MenuChoice(
                value=_LANGUAGE,
                label=self._context.other_language_names(),
                letter=self._messages.pgettext("letter of Language", "l"),
            ),
            self._context.stop_step(),
        )
        return tuple(step for step in steps if step.value != _REPORT or self._context.write_report)

    def _list_choice(self, listed: ListedCollaboration) -> MenuChoice:
        """A collaboration in the list, with where it stands beneath its name."""
        name, opened = listed.collaboration.name, listed.loaded
        example = (
            standing_line(self._context.terms_of(opened), opened) if opened else self._messages.gettext("not started")
        )
        return MenuChoice(value=listed.collaboration.id, label=name, example=example)

    def _add_collaboration(self, party: str = "") -> None:
        """Ask for a new collaboration's names; with `party`, only for what is done together."""
        _, context = self._messages.gettext, self._context
        context.face.print_lines(Paragraph(), Paragraph(_("A new collaboration"), "title"), *self._introduction())
        names = ask_names(context, party, first=1 if party else 0)
        if names:
            self._begin_or_open(*names)

    def _begin_or_open(self, party: str, undertaking: str) -> None:
        """Open the collaboration of these names, introduced already; one that exists is opened, not assessed anew."""
        collaboration = self._context.assessments.add_collaboration(party, undertaking)
        listed = self._context.assessments.find_collaboration(collaboration.id)
        if listed.loaded:
            self._context.face.print_lines(
                Paragraph(self._messages.gettext("This one is already in the list."), "quiet")
            )
        self._open_listed(listed, introduced=True)

    def _open_listed(self, listed: ListedCollaboration, introduced: bool = False) -> None:
        """Begin, resume, or show the verdict, by how much is answered."""
        if listed.loaded is None:
            self._begin_assessment(listed.collaboration, introduced)
        elif listed.loaded.finished:
            mode = listed.loaded.inferred_mode() or "short"
            self._show_and_offer_next(Interview(self._context, listed.loaded, mode))
        else:
            self._resume_assessment(listed.loaded)

    def _introduction(self) -> tuple[Paragraph, ...]:
        """What is asked about and how to answer, before the first item."""
        return (Paragraph(self._context.current_wording().about, "quiet"),)

    def _begin_assessment(self, collaboration: Collaboration, introduced: bool = False) -> None:
        """Begin the first assessment of a collaboration and ask it."""
        self._run_new(self._context.assessments.begin(collaboration), introduced)

    def _begin_with_first_answer(self, collaboration: Collaboration) -> None:
        """Ask a new assessment, beside any earlier ones; who stops before the first answer leaves nothing behind."""
        self._run_new(self._context.assessments.prepare(collaboration))

    def _run_new(self, opened: LoadedAssessment, introduced: bool = False) -> None:
        if not introduced:
            self._context.face.print_lines(Paragraph(), *self._introduction())
        self._run_interview(Interview(self._context, opened))

    def _resume_assessment(self, opened: LoadedAssessment) -> None:
        """Go on at the first open step, after saying what the bank asks otherwise by now.

        How much is asked is read off the responses; where there is none, the person is asked.
        """
        self._context.face.print_lines(
            *difference_lines(self._context.terms_of(opened), opened, self._context.current_wording())
        )
        self._run_interview(Interview(self._context, opened, opened.inferred_mode() if opened.responses else None))

    def _run_interview(self, interview: Interview) -> None:
        """Ask what is left, let everything be looked through, then show the verdict."""
        interview.ask_remaining()
        interview.review_responses()
        self._show_and_offer_next(interview)

    def _show_and_offer_next(self, interview: Interview) -> None:
        """Show the verdict and offer what may come next, until the person goes elsewhere."""
        self._show_verdict(interview.loaded)
        if interview.ask_what_is_wanted():
            self._show_verdict(interview.loaded)
        while True:
            match value := self._choose_next(interview):
                case "<change>":
                    interview.review_responses()
                    self._show_verdict(interview.loaded)
                case "<rest>":
                    interview.mode = "full"
                    interview.ask_remaining()
                    self._show_verdict(interview.loaded)
                case "<note>":
                    interview.ask_note("")
                case "<step>":
                    interview.plan_step()
                case "<quote>":
                    interview.choose_quotation()
                case "<report>":
                    self._make_report()
                case _:
                    self._leave_verdict(value, interview.loaded)
                    return

    def _leave_verdict(self, value: str, opened: LoadedAssessment) -> None:
        """Do what leads away from a verdict; anything else leads to the list."""
        match value:
            case "<new>":
                self._add_collaboration()
            case "<second>":
                self._add_collaboration(opened.assessment.collaboration.party)
            case "<anew>":
                self._begin_with_first_answer(opened.assessment.collaboration)

    def _show_verdict(self, opened: LoadedAssessment) -> None:
        today, now = self._context.assessments.verdict_today(opened), self._context.current_terms()
        rules = rules_lines(opened, today, now)
        self._context.face.print_paged(*verdict_lines(self._context.terms_of(opened), opened), *rules, Paragraph())

    def _choose_next(self, interview: Interview) -> str:
        """What to do next.

        Where it stands is repeated above the choices: the first lines of a long verdict have left the screen.
        """
        opened = interview.loaded
        name, terms = opened.assessment.collaboration.name, self._context.terms_of(opened)
        self._context.face.print_lines(Paragraph(f"{name}: {standing_line(terms, opened, interview.mode)}", "quiet"))
        return self._context.choose_or_stop(self._messages.gettext("What next?"), self._next_choices(opened))

    def _next_choices(self, opened: LoadedAssessment) -> tuple[MenuChoice, ...]:
        """What a verdict offers next.

        Splitting is offered where the verdict gives one of the bank's signals that two collaborations are mixed.
        """
        _ = self._messages.gettext
        left = opened.items_left("full")
        second = _("Split it in two: begin a second collaboration with {party}")
        offered = (
            (
                _SPLIT,
                second.format(party=opened.assessment.collaboration.party),
                any(signal in opened.instrument.split_signals for signal in opened.verdict.signals),
            ),
            (_NEW, _("The next collaboration"), True),
            (_CHANGE, _("Look at and change the answers"), True),
            (_ANSWER_REST, _("Answer the rest: {count}").format(count=items_left_text(self._messages, left)), left > 0),
            (_NOTE, _("Add a note on the whole collaboration"), True),
            (_ASSESS_ANEW, _("Assess it again (this assessment is kept)"), True),
            (_REPORT, _("Make the report"), self._context.write_report is not None),
            (_LIST, _("Back to the list of collaborations"), True),
            (_STEP, _("Write down the next step: who and when"), True),
            (_QUOTE, _("Choose a note to be quoted in the report"), bool(opened.assessment.notes)),
        )
        return tuple(MenuChoice(value=value, label=label) for value, label, now in offered if now)

    def _make_report(self) -> None:
        """Write the report and print where it lies; a refusal is printed and nothing else changes."""
        _ = self._messages.gettext
        if self._context.write_report is None:
            return
        self._context.face.print_lines(Paragraph(_("Making the report …"), "quiet"))
        try:
            path, notes = self._context.write_report()
        except AssessorError as error:
            self._context.print_refusal(error)
            return
        written = _("The report is here: {path}").format(path=path)
        self._context.face.print_lines(*(Paragraph(note, "quiet") for note in notes), Paragraph(written, "strong"))
