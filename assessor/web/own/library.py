"""The library's pages: its collaborations with their placements, a new one, another name, gone for good, the report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import bank, output_files
from assessor.core.responses import Collaboration
from assessor.errors import AssessorError
from assessor.presentation.overview import cover
from assessor.presentation.report import Report
from assessor.presentation.terms import Speech as Terms
from assessor.presentation.tones import BESIDE, OPEN, Tone, tones
from assessor.presentation.workshop_report import WorkshopReport
from assessor.report.library.view import ordered
from assessor.store.errors import NameEmpty, NotKept
from assessor.usecases.assessments import Listed, Opened, fit_name
from assessor.usecases.reporting import library_report
from assessor.web.errors import NotSure
from assessor.web.http.request_context import Answer, Goto, Printed, Shown, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A collaboration in the list."""

    id: str
    collaboration: Collaboration
    #: What is told beside the name: how far it has come, where it may stand.
    told: str = ""
    #: 1 when it is wanted higher, -1 lower.
    wanted: int = 0
    fragile: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Collaborations that stand in the same place."""

    title: str
    line: str
    tone: Tone
    #: Its place among the levels, 1 the highest; 0 beside them.
    level: int
    entries: tuple[Entry, ...]


def home(visit: Visit) -> Answer:
    """The list of collaborations; before there is a library, what this is and what the library is called."""
    libraries = visit.store.libraries()
    if not libraries:
        return _welcome(visit)
    try:
        library = visit.library
    except NotKept:
        return Goto("/library")
    listed = visit.assessments.listed()
    report, _rescored = library_report(visit.store, library, visit.desk.bank, visit.speech.language)
    facts = {
        "library": library,
        "several": len(libraries) > 1,
        "cover": _cover(report),
        "groups": _groups(visit, listed),
        "started": tuple(_started(visit, listed)),
        "cloud": visit.store.cloud.service if visit.store.cloud else "",
    }
    return Shown(template="home", title=visit.say("Collaborations of {library}", library=library), facts=facts)


def _cover(report: Report) -> object:
    """The picture and the next steps, with collaborations' ids for anchors; None before anything stands."""
    report = ordered(report)
    if not report.rows:
        return None
    terms = Terms(report.language, report.instrument, report.wording)
    return cover(report, terms, [row.assessment.collaboration.id for row in report.rows])


def _started(visit: Visit, listed: Sequence[Listed]) -> Iterator[Entry]:
    """What is not finished, with how much is left."""
    for each in listed:
        if each.opened is None or not each.opened.begun:
            yield _entry(each, visit.say("not begun"))
        elif not each.opened.finished:
            left = each.opened.left(visit.mode(each.opened) or "full")
            yield _entry(
                each, visit.speech.count("about {number} question left", "about {number} questions left", left)
            )


def _left(visit: Visit, opened: Opened) -> str:
    number = opened.left(visit.mode(opened) or "full")
    if not number:
        return visit.say("only the last step is left")
    return visit.speech.count("about {number} question left", "about {number} questions left", number)


def _groups(visit: Visit, listed: Sequence[Listed]) -> tuple[Group, ...]:
    """What is finished, by where it stands: every level, then what else there is."""
    done = [(each, each.opened) for each in listed if each.opened and each.opened.finished]
    instrument = bank.load(visit.desk.bank)
    terms = Terms(visit.speech.language, instrument, visit.assessments.words(visit.speech.language))
    by_level = tones(instrument)
    groups = [
        Group(
            title=_plural(terms, placement),
            line=terms.wording.placements[placement].line,
            tone=by_level.get(placement, BESIDE),
            level=instrument.level(placement) or 0,
            entries=tuple(_entry(each) for each, opened in done if opened.verdict.placement == placement),
        )
        for placement in instrument.placements
    ]
    several = tuple(
        _entry(each, visit.terms(opened).either(opened.verdict.placements[:3]))
        for each, opened in done
        if opened.verdict.placement not in instrument.placements
    )
    unsettled = Group(title=visit.say("Not settled yet"), line="", tone=OPEN, level=0, entries=several)
    return tuple(group for group in (*groups, unsettled) if group.entries or group.level)


def _plural(terms: Terms, placement: str) -> str:
    level = terms.instrument.level(placement)
    name = terms.wording.placements[placement].plural
    return f"{level} {name}" if level else name


def _entry(listed: Listed, told: str = "") -> Entry:
    opened = listed.opened
    return Entry(
        id=listed.collaboration.id,
        collaboration=listed.collaboration,
        told=told,
        wanted=_wanted(opened) if opened else 0,
        fragile=bool(opened and opened.finished and opened.verdict.fragile),
    )


def _wanted(opened: Opened) -> int:
    order, wanted = opened.instrument.placements, opened.assessment.wanted
    if wanted not in order or not opened.finished:
        return 0
    stands = [order.index(each) for each in opened.verdict.placements]
    return 1 if order.index(wanted) < min(stands) else -1 if order.index(wanted) > max(stands) else 0


def _welcome(visit: Visit, error: AssessorError | None = None) -> Shown:
    words = bank.wording(visit.desk.bank, bank.nearest(visit.speech.language, bank.languages(visit.desk.bank)))
    facts = {**_typed(visit, error), "about": words.about}
    return Shown(
        template="welcome",
        title=visit.say("Which of your collaborations are partnerships?"),
        facts=facts,
        status=422 if error else 200,
    )


def _typed(visit: Visit, error: AssessorError | None) -> dict[str, Any]:
    """A form's key, what was typed, and why it was refused."""
    sent = visit.form if error else visit.typed
    typed = {name: sent.one(name) for name in ("name", "party", "undertaking")}
    return {**visit.sending(), "typed": typed, "refused": visit.speech.refusal(error) if error else ""}


def choose(visit: Visit) -> Answer:
    """Which library, where several are kept."""
    facts = {**visit.sending(), "libraries": visit.store.libraries()}
    return Shown(template="libraries", title=visit.say("Which library?"), facts=facts)


def take(visit: Visit) -> Answer:
    """The library meant from here on; a new name begins one."""
    try:
        visit.session.library = visit.store.add_library(visit.form.one("name"))
    except AssessorError as error:
        return _welcome(visit, error)
    return Goto("/")


def new(visit: Visit) -> Answer:
    """With whom, around what."""
    return _new(visit)


def _new(visit: Visit, error: AssessorError | None = None) -> Shown:
    facts = _typed(visit, error)
    beside = visit.query.get("beside")
    if beside and not facts["typed"]["party"]:
        facts["typed"]["party"] = visit.collaboration_of(beside).party
    title = visit.say("A new collaboration")
    return Shown(template="new", title=title, facts=facts, status=422 if error else 200)


def add(visit: Visit) -> Answer:
    """The collaboration, begun; one that is there already is opened."""
    try:
        collaboration = visit.assessments.add(visit.form.one("party"), visit.form.one("undertaking"))
    except AssessorError as error:
        return _new(visit, error)
    if visit.latest(collaboration.id) is None:
        return _begun(visit, collaboration)
    return Goto(f"/c/{collaboration.id}", (visit.say("This one is in the list already."),))


def _begun(visit: Visit, collaboration: Collaboration) -> Goto:
    """At its first step; what was begun and never answered is not begun twice."""
    latest = visit.latest(collaboration.id)
    fresh = latest is None or latest.begun
    opened = visit.assessments.begin(collaboration) if fresh or latest is None else latest
    return Goto(f"/a/{opened.assessment.id}")


def open_(visit: Visit) -> Answer:
    """Where it is: its verdict, its next step, or how to begin."""
    opened = visit.latest(visit.collaboration.id)
    if opened is None:
        facts = {**visit.sending(), "collaboration": visit.collaboration}
        return Shown(template="begin", title=visit.collaboration.name, facts=facts)
    return Goto(f"/a/{opened.assessment.id}" + ("/verdict" if opened.finished else ""))


def begin(visit: Visit) -> Answer:
    """A new assessment; earlier ones stay."""
    return _begun(visit, visit.collaboration)


def rename(visit: Visit) -> Answer:
    """Other names."""
    return _rename(visit)


def _rename(visit: Visit, error: AssessorError | None = None) -> Shown:
    kept, facts = visit.collaboration, _typed(visit, error)
    if not error and not visit.typed.has("party"):
        facts["typed"] = {"party": kept.party, "undertaking": kept.undertaking}
    others = sum(each.party == kept.party for each in visit.store.collaborations(visit.library)) - 1
    facts |= {"collaboration": kept, "others": others}
    title = visit.say("Rename {name}", name=kept.name)
    return Shown(template="rename", title=title, facts=facts, status=422 if error else 200)


def renamed(visit: Visit) -> Answer:
    """The names as sent; both or neither."""
    kept, party = visit.collaboration, visit.form.one("party")
    try:
        if not fit_name(party):
            raise NameEmpty()
        with visit.store.together():
            if fit_name(party) != kept.party:
                visit.store.rename_party(visit.library, kept.party, party)
            visit.store.rename_undertaking(kept.id, visit.form.one("undertaking"))
    except AssessorError as error:
        return _rename(visit, error)
    return Goto(f"/c/{kept.id}", (visit.say("Renamed."),))


def erase(visit: Visit) -> Answer:
    """What would be gone for good."""
    return _erase(visit)


def _erase(visit: Visit, error: AssessorError | None = None) -> Shown:
    kept = visit.collaboration
    facts = {
        **visit.sending(),
        "collaboration": kept,
        "assessments": len(visit.store.assessments(kept.id)),
        "latest": visit.form.one("what") == "assessment",
        "refused": visit.speech.refusal(error) if error else "",
    }
    title = visit.say("Erase {name}?", name=kept.name)
    return Shown(template="erase", title=title, facts=facts, status=422 if error else 200)


def erased(visit: Visit) -> Answer:
    """Gone, and told where copies still lie."""
    kept = visit.collaboration
    if visit.form.one("sure") != "yes":
        return _erase(visit, NotSure())
    found = visit.store.assessments(kept.id)
    if visit.form.one("what") == "assessment" and found:
        gone = visit.store.erase_assessment(found[-1].id)
    else:
        gone = visit.store.erase_collaboration(kept.id)
    said = [visit.say("Erased for good.")]
    said += [visit.say("A backup still holds it: {name}", name=copy.path.name) for copy in gone.backups]
    return Goto("/", tuple(said))


def report(visit: Visit) -> Answer:
    """The library's report, to be printed."""
    content, _rescored = library_report(visit.store, visit.library, visit.desk.bank, visit.speech.language)
    return Printed(content)


def report_name(of: Report | WorkshopReport) -> str:
    """What the report's file is called."""
    if isinstance(of, WorkshopReport):
        shop = of.findings.workshop
        return output_files.safe_name(f"{shop.library} {shop.name}", ".pdf")
    return output_files.safe_name(f"{of.library} assessor", ".pdf")
