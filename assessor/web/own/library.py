"""The library's pages: its collaborations with their placements, a new one, another name, gone for good, the report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import output_files
from assessor.core.responses import Collaboration
from assessor.errors import AssessorError
from assessor.presentation.overview import build_cover, sorted_report, wanted_direction
from assessor.presentation.placements import tell_placements
from assessor.presentation.progress import items_left_text
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms as Terms
from assessor.presentation.tones import BESIDE_TONE, OPEN_TONE, Tone, level_tones
from assessor.presentation.workshop_report import WorkshopReport
from assessor.store.errors import NameEmpty, NotInStore
from assessor.usecases.assessments import ListedCollaboration, fit_name
from assessor.usecases.erasing import describe_remaining_copies
from assessor.usecases.reporting import library_report
from assessor.web.errors import ErasureNotConfirmed
from assessor.web.http.request_context import HandlerResult, HtmlPage, PdfDownload, Redirect, RequestContext


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationEntry:
    """A collaboration in the list."""

    id: str
    collaboration: Collaboration
    #: What is told beside the name: how far it has come, where it may stand.
    status: str = ""
    #: 1 when it is wanted higher, -1 lower.
    wanted: int = 0
    fragile: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementGroup:
    """Collaborations that stand in the same place."""

    title: str
    line: str
    tone: Tone
    #: Its place among the levels, 1 the highest; 0 beside them.
    level: int
    entries: tuple[CollaborationEntry, ...]


def show_home(visit: RequestContext) -> HandlerResult:
    """The list of collaborations; before there is a library, what this is and what the library is called."""
    libraries = visit.store.libraries()
    if not libraries:
        return _welcome_page(visit)
    try:
        library = visit.library
    except NotInStore:
        return Redirect("/library")
    listed = visit.assessments.list_collaborations()
    report = library_report(visit.store, library, visit.bank, visit.messages.language).report
    facts = {
        "library": library,
        "several": len(libraries) > 1,
        "cover": _library_cover(report),
        "groups": _placement_groups(visit, listed),
        "started": tuple(_unfinished_entries(visit, listed)),
        "cloud": visit.store.cloud_folder.service if visit.store.cloud_folder else "",
    }
    return HtmlPage(template="home", title=visit.say("Collaborations of {library}", library=library), facts=facts)


def _library_cover(report: Report) -> object:
    """The picture and the next steps, with collaborations' ids for anchors; None before anything stands."""
    report = sorted_report(report)
    if not report.rows:
        return None
    terms = Terms(report.language, report.instrument, report.wording)
    return build_cover(report, terms, [row.assessment.collaboration.id for row in report.rows])


def _unfinished_entries(visit: RequestContext, listed: Sequence[ListedCollaboration]) -> Iterator[CollaborationEntry]:
    """What is not finished, with how much is left."""
    for each in listed:
        if each.loaded is None or not each.loaded.begun:
            yield _collaboration_entry(each, visit.say("not started"))
        elif not each.loaded.finished:
            left = each.loaded.items_left(visit.mode(each.loaded) or "full")
            yield _collaboration_entry(each, items_left_text(visit.messages, left))


def _placement_groups(visit: RequestContext, listed: Sequence[ListedCollaboration]) -> tuple[PlacementGroup, ...]:
    """What is finished, by where it stands: every level, then what else there is."""
    done = [(each, each.loaded) for each in listed if each.loaded and each.loaded.finished]
    instrument = visit.bank.instrument
    terms = Terms(visit.messages.language, instrument, visit.assessments.wording_in(visit.messages.language))
    by_level = level_tones(instrument)
    groups = [
        PlacementGroup(
            title=_group_title(terms, placement),
            line=terms.wording.placements[placement].line,
            tone=by_level.get(placement, BESIDE_TONE),
            level=instrument.level(placement) or 0,
            entries=tuple(_collaboration_entry(each) for each, opened in done if opened.verdict.placement == placement),
        )
        for placement in instrument.placements
    ]
    several = tuple(
        _collaboration_entry(each, tell_placements(opened.verdict.placements, visit.terms(opened), "sentence"))
        for each, opened in done
        if opened.verdict.placement not in instrument.placements
    )
    unsettled = PlacementGroup(title=visit.say("Not settled yet"), line="", tone=OPEN_TONE, level=0, entries=several)
    return tuple(group for group in (*groups, unsettled) if group.entries or group.level)


def _group_title(terms: Terms, placement: str) -> str:
    level = terms.instrument.level(placement)
    name = terms.wording.placements[placement].plural
    return f"{level} {name}" if level else name


def _collaboration_entry(listed: ListedCollaboration, told: str = "") -> CollaborationEntry:
    opened = listed.loaded if listed.loaded and listed.loaded.finished else None
    return CollaborationEntry(
        id=listed.collaboration.id,
        collaboration=listed.collaboration,
        status=told,
        wanted=wanted_direction(opened.assessment.wanted, opened.verdict, opened.instrument) if opened else 0,
        fragile=bool(opened and opened.verdict.fragile),
    )


def _welcome_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    words = visit.bank.nearest_wording(visit.messages.language)
    facts = {**_form_facts(visit, error), "about": words.about}
    return HtmlPage(
        template="welcome",
        title=visit.say("Which of your collaborations are partnerships?"),
        facts=facts,
        status=422 if error else 200,
    )


def _form_facts(visit: RequestContext, error: AssessorError | None) -> dict[str, Any]:
    """A form's key, what was typed, and why it was refused."""
    sent = visit.form if error else visit.unsent_form
    typed = {name: sent.value(name) for name in ("name", "party", "undertaking")}
    return {**visit.hidden_fields(), "typed": typed, "refused": visit.messages.refusal(error) if error else ""}


def show_libraries(visit: RequestContext) -> HandlerResult:
    """Which library, where several are kept."""
    facts = {**visit.hidden_fields(), "libraries": visit.store.libraries()}
    return HtmlPage(template="libraries", title=visit.say("Which library?"), facts=facts)


def choose_library(visit: RequestContext) -> HandlerResult:
    """The library meant from here on; a new name begins one."""
    try:
        visit.session.library = visit.store.add_library(visit.form.value("name"))
    except AssessorError as error:
        return _welcome_page(visit, error)
    return Redirect("/")


def show_new_collaboration(visit: RequestContext) -> HandlerResult:
    """With whom, around what."""
    return _new_collaboration_page(visit)


def _new_collaboration_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = _form_facts(visit, error)
    beside = visit.query.get("beside")
    if beside and not facts["typed"]["party"]:
        facts["typed"]["party"] = visit.find_collaboration(beside).party
    title = visit.say("A new collaboration")
    return HtmlPage(template="new", title=title, facts=facts, status=422 if error else 200)


def add_collaboration(visit: RequestContext) -> HandlerResult:
    """The collaboration, begun; one that is there already is opened."""
    try:
        collaboration = visit.assessments.add_collaboration(visit.form.value("party"), visit.form.value("undertaking"))
    except AssessorError as error:
        return _new_collaboration_page(visit, error)
    if visit.latest_assessment(collaboration.id) is None:
        return _go_to_first_step(visit, collaboration)
    return Redirect(f"/c/{collaboration.id}", (visit.say("This one is already in the list."),))


def _go_to_first_step(visit: RequestContext, collaboration: Collaboration) -> Redirect:
    """At its first step; what was begun and never answered is not begun twice."""
    latest = visit.latest_assessment(collaboration.id)
    fresh = latest is None or latest.begun
    opened = visit.assessments.begin(collaboration) if fresh or latest is None else latest
    return Redirect(f"/a/{opened.assessment.id}")


def open_collaboration(visit: RequestContext) -> HandlerResult:
    """Where it is: its verdict, its next step, or how to begin."""
    opened = visit.latest_assessment(visit.collaboration.id)
    if opened is None:
        facts = {**visit.hidden_fields(), "collaboration": visit.collaboration}
        return HtmlPage(template="begin", title=visit.collaboration.name, facts=facts)
    return Redirect(f"/a/{opened.assessment.id}" + ("/verdict" if opened.finished else ""))


def begin_assessment(visit: RequestContext) -> HandlerResult:
    """A new assessment; earlier ones stay."""
    return _go_to_first_step(visit, visit.collaboration)


def show_rename(visit: RequestContext) -> HandlerResult:
    """Other names."""
    return _rename_page(visit)


def _rename_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    kept, facts = visit.collaboration, _form_facts(visit, error)
    if not error and not visit.unsent_form.has_field("party"):
        facts["typed"] = {"party": kept.party, "undertaking": kept.undertaking}
    others = sum(each.party == kept.party for each in visit.store.collaborations(visit.library)) - 1
    facts |= {"collaboration": kept, "others": others}
    title = visit.say("Rename {name}", name=kept.name)
    return HtmlPage(template="rename", title=title, facts=facts, status=422 if error else 200)


def rename_collaboration(visit: RequestContext) -> HandlerResult:
    """The names as sent; both or neither."""
    kept, party = visit.collaboration, visit.form.value("party")
    try:
        if not fit_name(party):
            raise NameEmpty()
        with visit.store.transaction():
            if fit_name(party) != kept.party:
                visit.store.rename_party(visit.library, kept.party, party)
            visit.store.rename_undertaking(kept.id, visit.form.value("undertaking"))
    except AssessorError as error:
        return _rename_page(visit, error)
    return Redirect(f"/c/{kept.id}", (visit.say("Renamed."),))


def show_erase(visit: RequestContext) -> HandlerResult:
    """What would be gone for good."""
    return _erase_page(visit)


def _erase_page(visit: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    kept = visit.collaboration
    facts = {
        **visit.hidden_fields(),
        "collaboration": kept,
        "assessments": len(visit.store.assessments(kept.id)),
        "latest": visit.form.value("what") == "assessment",
        "refused": visit.messages.refusal(error) if error else "",
    }
    title = visit.say("Erase {name}?", name=kept.name)
    return HtmlPage(template="erase", title=title, facts=facts, status=422 if error else 200)


def erase_collaboration(visit: RequestContext) -> HandlerResult:
    """Gone, and told where copies still lie."""
    kept = visit.collaboration
    if visit.form.value("sure") != "yes":
        return _erase_page(visit, ErasureNotConfirmed())
    found = visit.store.assessments(kept.id)
    if visit.form.value("what") == "assessment" and found:
        gone = visit.store.erase_assessment(found[-1].id)
    else:
        gone = visit.store.erase_collaboration(kept.id)
    copies = describe_remaining_copies(gone, visit.messages.gettext)
    return Redirect("/", (visit.say("Erased for good."), *copies))


def download_report(visit: RequestContext) -> HandlerResult:
    """The library's report, to be printed."""
    made = library_report(visit.store, visit.library, visit.bank, visit.messages.language)
    return PdfDownload(made.report)


def report_file_name(of: Report | WorkshopReport) -> str:
    """What the report's file is called."""
    if isinstance(of, WorkshopReport):
        shop = of.findings.workshop
        return output_files.safe_file_name(f"{shop.library} {shop.name}", ".pdf")
    return output_files.safe_file_name(f"{of.library} assessor", ".pdf")
