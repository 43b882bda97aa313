"""From the first screen to the last: the list of collaborations, one after another, verdicts, the report."""

from collections.abc import Callable
from functools import partial

from assessor.core.responses import Collaboration
from assessor.errors import AssessorError
from assessor.terminal.face import Choice, Line, Question
from assessor.terminal.interview import Interview, ToList
from assessor.terminal.interview_context import STOP, Desk, Stopped
from assessor.terminal.screens import about_left, difference_lines, standing, verdict_lines
from assessor.usecases.assessments import Listed, Opened

_NEW, _REPORT, _LANGUAGE, _LIST = "<new>", "<report>", "<language>", "<list>"
_CHANGE, _REST, _NOTE, _ANEW, _SECOND = "<change>", "<rest>", "<note>", "<anew>", "<second>"


class Journey:
    """Leads through everything; ends by raising `Stopped`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._speech = desk.speech

    def lead(self, name: str | None = None, fresh: bool = False) -> None:
        """Begin at the collaboration named, else where the person left off, else at the list."""
        page: Callable[[], None] = partial(self._named, name, fresh) if name else self._half_done
        while True:
            try:
                page()
            except ToList:
                self._desk.face.tell(Line())
            page = self._list

    def _named(self, name: str, fresh: bool) -> None:
        known = {listed.collaboration.name: listed for listed in self._desk.assessments.listed()}
        party, _, undertaking = name.partition(" · ")
        if name not in known:
            self._begin(self._desk.assessments.add(party, undertaking))
        elif fresh:
            self._begin(known[name].collaboration)
        else:
            self._open(known[name])

    def _half_done(self) -> None:
        opened = self._desk.assessments.half_done()
        if opened:
            self._go_on(opened)

    def _list(self) -> None:
        listed = self._desk.assessments.listed()
        if not listed:
            self._new()
            return
        _ = self._speech.gettext
        choices = tuple(self._row(each) for each in listed)
        value = self._desk.face.choose(
            Question(ask=_("Which collaboration?"), choices=choices, steps=self._list_steps())
        )
        self._taken(value, {each.collaboration.id: each for each in listed})

    def _taken(self, value: str, listed: dict[str, Listed]) -> None:
        match value:
            case "<new>":
                self._new()
            case "<report>":
                self._report()
            case "<language>":
                self._desk.switch_language()
            case "<stop>":
                raise Stopped
            case _:
                self._open(listed[value])

    def _list_steps(self) -> tuple[Choice, ...]:
        _ = self._speech
        steps = (
            Choice(value=_NEW, label=_.gettext("A new collaboration"), letter=_.pgettext("letter of New", "n")),
            Choice(value=_REPORT, label=_.gettext("Make the report"), letter=_.pgettext("letter of Report", "r")),
            Choice(value=_LANGUAGE, label=self._desk.other_languages(), letter="l"),
            Choice(value=STOP, label=_.gettext("Quit"), letter=_.pgettext("letter of Quit", "q")),
        )
        return tuple(step for step in steps if step.value != _REPORT or self._desk.report)

    def _row(self, listed: Listed) -> Choice:
        name, opened = listed.collaboration.name, listed.opened
        example = standing(self._desk.terms(opened), opened) if opened else self._speech.gettext("not begun")
        return Choice(value=listed.collaboration.id, label=name, example=example)

    def _new(self, party: str = "") -> None:
        _ = self._speech.gettext
        desk = self._desk
        if not party:
            desk.face.tell(Line(), Line(_("A new collaboration"), "title"))
            party = desk.face.write(_("What is the other party called?"), "", desk.refused_name).strip()
        if not party:
            return
        desk.face.tell(Line(_("A few words, such as a theme or the name of a project. It may be left empty."), "quiet"))
        undertaking = desk.face.write(_("What do you do together?"), "", desk.refused_name).strip()
        self._begin_or_open(party, undertaking)

    def _begin_or_open(self, party: str, undertaking: str) -> None:
        collaboration = self._desk.assessments.add(party, undertaking)
        listed = self._desk.assessments.called(collaboration.name)
        if listed.opened:
            self._desk.face.tell(Line(self._speech.gettext("This one is in the list already."), "quiet"))
        self._open(listed)

    def _open(self, listed: Listed) -> None:
        if listed.opened is None:
            self._begin(listed.collaboration)
        elif listed.opened.finished:
            self._verdict(Interview(self._desk, listed.opened, listed.opened.mode()))
        else:
            self._go_on(listed.opened)

    def _begin(self, collaboration: Collaboration) -> None:
        opened = self._desk.assessments.begin(collaboration)
        self._through(Interview(self._desk, opened))

    def _go_on(self, opened: Opened) -> None:
        """At the step where it was left; how much is asked is read off what was answered."""
        self._desk.face.tell(*difference_lines(self._desk.terms(opened), opened, self._desk.words_now()))
        self._through(Interview(self._desk, opened, opened.mode() if opened.responses else None))

    def _through(self, interview: Interview) -> None:
        interview.ask_all()
        interview.check()
        self._verdict(interview)

    def _verdict(self, interview: Interview) -> None:
        """Show it and offer what may come next, until the person goes elsewhere."""
        self._show(interview.opened)
        while True:
            match value := self._next(interview):
                case "<change>":
                    interview.check()
                    self._show(interview.opened)
                case "<rest>":
                    interview.mode = "full"
                    interview.ask_all()
                    self._show(interview.opened)
                case "<note>":
                    interview.note("")
                case "<report>":
                    self._report()
                case _:
                    self._leave(value, interview.opened)
                    return

    def _leave(self, value: str, opened: Opened) -> None:
        match value:
            case "<new>":
                self._new()
            case "<second>":
                self._new(opened.assessment.collaboration.party)
            case "<anew>":
                self._begin(opened.assessment.collaboration)

    def _show(self, opened: Opened) -> None:
        self._desk.face.read(*verdict_lines(self._desk.terms(opened), opened), Line())

    def _next(self, interview: Interview) -> str:
        """What to do next, beneath the placement: the first lines of a long verdict have left the screen."""
        opened = interview.opened
        name, terms = opened.assessment.collaboration.name, self._desk.terms(opened)
        self._desk.face.tell(Line(f"{name}: {standing(terms, opened, interview.mode)}", "quiet"))
        return self._desk.pick(self._speech.gettext("What next?"), self._nexts(opened))

    def _nexts(self, opened: Opened) -> tuple[Choice, ...]:
        _ = self._speech.gettext
        left = opened.left("full")
        second = _("Split it in two: begin a second collaboration with {party}")
        offered = (
            (
                _SECOND,
                second.format(party=opened.assessment.collaboration.party),
                any(signal in opened.instrument.split for signal in opened.verdict.signals),
            ),
            (_NEW, _("The next collaboration"), True),
            (_CHANGE, _("Look at and change the answers"), True),
            (_REST, _("Answer the rest: {count}").format(count=about_left(self._speech, left)), left > 0),
            (_NOTE, _("Add a note to the whole"), True),
            (_ANEW, _("Assess it anew (this assessment is kept)"), True),
            (_REPORT, _("Make the report"), self._desk.report is not None),
            (_LIST, _("To the list of collaborations"), True),
        )
        return tuple(Choice(value=value, label=label) for value, label, now in offered if now)

    def _report(self) -> None:
        _ = self._speech.gettext
        if self._desk.report is None:
            return
        self._desk.face.tell(Line(_("Making the report …"), "quiet"))
        try:
            path = self._desk.report()
        except AssessorError as error:
            self._desk.refuse(error)
            return
        self._desk.face.tell(Line(_("The report is here: {path}").format(path=path), "strong"))
