"""The library's own pages: its list of collaborations, adding, renaming and erasing them, and the report.

Only on one's own machine; a workshop's participants and facilitators have pages of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessor import output_files
from assessor.core.responses import Collaboration
from assessor.core.verdict import Verdict
from assessor.errors import AssessorError
from assessor.local_time import local_today
from assessor.presentation.alphabet import in_alphabetical_order
from assessor.presentation.overview import ReportCover, build_cover, sorted_report, wanted_direction
from assessor.presentation.paper_ends import ending_paper, tell_ending
from assessor.presentation.placements import tell_placements
from assessor.presentation.progress import items_left_text
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.tones import BESIDE_TONE, OPEN_TONE, Tone, level_tones
from assessor.presentation.workshop_report import WorkshopReport
from assessor.store.errors import NameEmpty, NotInStore
from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment, change_names, fit_name
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.erasing import describe_contents, describe_remaining_copies
from assessor.usecases.report_writing import report_name
from assessor.usecases.reporting import has_example, library_report
from assessor.web.errors import ErasureNotConfirmed, NoSuchPage
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import HandlerResult, HtmlPage, PdfDownload, Redirect, RequestContext


@dataclass(frozen=True, kw_only=True, slots=True)
class CollaborationEntry:
    """A collaboration in the list."""

    id: str
    collaboration: Collaboration
    #: Text beside the name: how much is left, or where it may stand.
    status: str = ""
    #: 1 when a higher level is wanted, -1 a lower one, 0 neither.
    wanted: int = 0
    #: Whether a single changed response would move it.
    fragile: bool = False
    #: That its paper ends within a year, or has ended; said instead of fragile.
    ending: str = ""
    #: What the picture of all does not show, in a few words.
    beyond_picture: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementGroup:
    """Collaborations with the same placement."""

    title: str
    line: str
    tone: Tone
    #: Number of the level, 1 the highest; 0 for a placement beside the levels.
    level: int
    entries: tuple[CollaborationEntry, ...]


def show_home(context: RequestContext) -> HandlerResult:
    """The list of collaborations; before there is a library, a welcome; with several and none chosen, the choice."""
    libraries = context.store.libraries()
    if not libraries:
        return _welcome_page(context)
    try:
        library = context.library
    except NotInStore:
        return Redirect("/library")
    listed = context.assessments.list_collaborations()
    report = library_report(context.store, library, context.bank, context.messages.language).report
    groups = _placement_groups(context, listed)
    cover, links = linked_cover(report, context.base_path)
    facts = {
        "library": library,
        "several": len(libraries) > 1,
        "cover": cover,
        "links": links,
        "example": has_example(context.bank),
        "remarks": [each for group in groups for each in group.entries if each.beyond_picture],
        "groups": groups,
        "others": tuple(_groups_of_other_banks(context, listed)),
        "started": tuple(_unfinished_entries(context, listed)),
        "cloud": context.store.cloud_folder.service if context.store.cloud_folder else "",
    }
    return HtmlPage(template="home", title=context.say("Collaborations of {library}", library=library), facts=facts)


def linked_cover(report: Report, base: str) -> tuple[ReportCover | None, Mapping[int, tuple[str, str]]]:
    """The overview with picture and next steps, and by a chip's number where it leads and what it says, read out.

    None and nothing before anything is finished.
    """
    report = sorted_report(report)
    if not report.rows:
        return None, {}
    terms = Terms(report.language, report.instrument, report.wording)
    ids = [row.assessment.collaboration.id for row in report.rows]
    links = {
        number: (f"{base}/c/{id_}", f"{row.name}: {_placed_text(row, terms)}")
        for number, (id_, row) in enumerate(zip(ids, report.rows, strict=True), start=1)
    }
    return build_cover(report, terms, ids), links


def _placed_text(row: ReportRow, terms: Terms) -> str:
    """All that the picture shows of a collaboration."""
    verdict = row.verdict
    wanted = wanted_direction(row.assessment.wanted, verdict, terms.instrument)
    told = [
        tell_placements(verdict.placements, terms, "sentence"),
        terms.say("wanted higher") if wanted > 0 else terms.say("wanted lower") if wanted else "",
        terms.say("fragile") if verdict.fragile else "",
    ]
    return "; ".join(filter(None, told))


def _unfinished_entries(context: RequestContext, listed: Sequence[ListedCollaboration]) -> Iterator[CollaborationEntry]:
    """Collaborations that are not finished, with how much is left."""
    for collaboration in listed:
        if collaboration.loaded is None or not collaboration.loaded.begun:
            yield _collaboration_entry(context, collaboration, context.say("not started"))
        elif not collaboration.loaded.finished:
            left = collaboration.loaded.items_left(context.mode(collaboration.loaded) or "full")
            yield _collaboration_entry(context, collaboration, items_left_text(context.messages, left))


def _placement_groups(context: RequestContext, listed: Sequence[ListedCollaboration]) -> tuple[PlacementGroup, ...]:
    """Finished collaborations by placement; levels are listed even when empty, other placements only when used.

    They stand by the rules of today, as in the picture above them and in the report.
    """
    instrument = context.bank.instrument
    finished = [
        (each, each.today or each.loaded.verdict)
        for each in listed
        if each.loaded and each.loaded.finished and each.loaded.instrument.id == instrument.id
    ]
    terms = Terms(context.messages.language, instrument, context.assessments.wording_in(context.messages.language))
    by_level = level_tones(instrument)
    groups = [
        PlacementGroup(
            title=_group_title(terms, placement),
            line=terms.wording.placements[placement].line,
            tone=by_level.get(placement, BESIDE_TONE),
            level=instrument.level(placement) or 0,
            entries=tuple(
                _collaboration_entry(context, each, status := _rules_status(context, each, terms), status)
                for each, verdict in finished
                if verdict.placement == placement
            ),
        )
        for placement in instrument.placements
    ]
    unsettled_entries = tuple(
        _collaboration_entry(
            context, each, _unsettled_status(context, each, verdict, terms), _rules_status(context, each, terms)
        )
        for each, verdict in finished
        if verdict.placement is None
    )
    unsettled = PlacementGroup(
        title=context.say("Not settled yet"), line="", tone=OPEN_TONE, level=0, entries=unsettled_entries
    )
    return tuple(group for group in (*groups, unsettled) if group.entries or group.level)


def _unsettled_status(context: RequestContext, listed: ListedCollaboration, verdict: Verdict, terms: Terms) -> str:
    """Where it may stand, and where it stands by other rules."""
    status = _rules_status(context, listed, terms)
    return "; ".join(filter(None, (tell_placements(verdict.placements, terms, "sentence"), status)))


def _rules_status(context: RequestContext, listed: ListedCollaboration, terms: Terms) -> str:
    """Where it stands by the rules that it was answered under, where those of today place it elsewhere; else empty."""
    loaded, today = listed.loaded, listed.today
    if loaded is None or today is None or today.placements == loaded.verdict.placements:
        return ""
    before = tell_placements(loaded.verdict.placements, context.terms(loaded), "sentence")
    return terms.say("by the rules it was answered under: {placement}", placement=before)


def _groups_of_other_banks(context: RequestContext, listed: Sequence[ListedCollaboration]) -> Iterator[PlacementGroup]:
    """What was answered with other questionnaires than the one in use, under the name of each."""
    instrument = context.bank.instrument.id
    others = [
        (each, each.loaded)
        for each in listed
        if each.loaded and each.loaded.finished and each.loaded.instrument.id != instrument
    ]
    for id_ in dict.fromkeys(loaded.instrument.id for _, loaded in others):
        mine = [(each, loaded) for each, loaded in others if loaded.instrument.id == id_]
        yield PlacementGroup(
            title=mine[0][1].wording_in(context.messages.language).name,
            line=context.say("Another questionnaire"),
            tone=BESIDE_TONE,
            level=0,
            entries=tuple(
                _collaboration_entry(context, each, tell_placements(loaded.verdict.placements, context.terms(loaded)))
                for each, loaded in mine
            ),
        )


def _group_title(terms: Terms, placement: str) -> str:
    """Heading of a group: the plural name, with its number for a level."""
    level = terms.instrument.level_number(placement)
    name = terms.wording.placements[placement].plural
    return f"{level} {name}" if level else name


def _collaboration_entry(
    context: RequestContext, listed: ListedCollaboration, status: str = "", rules: str = ""
) -> CollaborationEntry:
    """An entry of the list; wanted direction and fragility only for a finished assessment."""
    loaded = listed.loaded if listed.loaded and listed.loaded.finished else None
    verdict = listed.today or (loaded.verdict if loaded else None)
    ending = _ending_text(context, loaded) if loaded else ""
    return CollaborationEntry(
        id=listed.collaboration.id,
        collaboration=listed.collaboration,
        status=status,
        wanted=wanted_direction(loaded.assessment.wanted, loaded.verdict, loaded.instrument) if loaded else 0,
        fragile=bool(loaded and verdict and verdict.fragile),
        ending=ending,
        beyond_picture="; ".join(filter(None, (rules, ending))),
    )


def _ending_text(context: RequestContext, loaded: LoadedAssessment) -> str:
    """That the paper ends within a year, or has ended, in a few words; empty where it does not."""
    ending = ending_paper(loaded.instrument, loaded.assessment, loaded.responses, local_today())
    return lower_first(tell_ending(ending, context.terms(loaded))) if ending else ""


def _welcome_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The first page: what this is, and the library's name; with the error of a refused form if there is one."""
    words = context.bank.nearest_wording(context.messages.language)
    facts = {**_form_facts(context, error), "about": words.about, "example": has_example(context.bank)}
    return HtmlPage(
        template="welcome",
        title=words.name,
        facts=facts,
        status=422 if error else 200,
    )


def _form_facts(context: RequestContext, error: AssessorError | None) -> dict[str, Any]:
    """Facts of a form with names: its hidden fields, what was typed, and why it was refused."""
    sent = context.form if error else context.unsent_form
    typed = {name: sent.value(name) for name in ("name", "party", "undertaking")}
    return {**context.hidden_fields(), "typed": typed, "refused": context.refusal(error)}


def show_libraries(context: RequestContext) -> HandlerResult:
    """The choice of library, where the store has several."""
    libraries = in_alphabetical_order(context.store.libraries(), context.messages.language, str)
    facts = {**context.hidden_fields(), "libraries": libraries}
    return HtmlPage(template="libraries", title=context.say("Which library?"), facts=facts)


def choose_library(context: RequestContext) -> HandlerResult:
    """Use a library from now on in this session; a new name adds one."""
    try:
        context.session.library = context.store.add_library(context.form.value("name"))
    except AssessorError as error:
        return _welcome_page(context, error)
    return Redirect(context.home_path)


def show_new_collaboration(context: RequestContext) -> HandlerResult:
    """The form for a new collaboration."""
    return _new_collaboration_page(context)


def _new_collaboration_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The form; `?beside=` fills in the party of an existing collaboration."""
    facts = _form_facts(context, error)
    beside = context.query.get("beside")
    if beside and not facts["typed"]["party"]:
        facts["typed"]["party"] = context.find_collaboration(beside).party
    title = context.say("A new collaboration")
    return HtmlPage(template="new", title=title, facts=facts, status=422 if error else 200)


def add_collaboration(context: RequestContext) -> HandlerResult:
    """Add a collaboration and begin it; one that exists already is opened instead."""
    try:
        collaboration = context.assessments.add_collaboration(
            context.form.value("party"), context.form.value("undertaking")
        )
    except AssessorError as error:
        return _new_collaboration_page(context, error)
    if context.latest_assessment(collaboration.id) is None:
        return _go_to_first_step(context, collaboration)
    return Redirect(f"{context.base_path}/c/{collaboration.id}", (Notice.ALREADY_LISTED,))


def _go_to_first_step(context: RequestContext, collaboration: Collaboration) -> Redirect:
    """Redirect to a new assessment, or to the latest one when nothing was answered in it yet."""
    empty = [each for each in context.store.assessments(collaboration.id)[-1:] if not each.history]
    loaded = context.assessments.load(empty[0]) if empty else context.assessments.begin(collaboration)
    return Redirect(f"{context.base_path}/a/{loaded.assessment.id}")


def open_collaboration(context: RequestContext) -> HandlerResult:
    """Go to its verdict when finished, to its next step when begun; before that, show how to begin."""
    loaded = context.latest_assessment(context.collaboration.id)
    if loaded is None:
        facts = {**context.hidden_fields(), "collaboration": context.collaboration}
        return HtmlPage(template="begin", title=context.collaboration.name, facts=facts)
    return Redirect(f"{context.base_path}/a/{loaded.assessment.id}" + ("/verdict" if loaded.finished else ""))


def begin_assessment(context: RequestContext) -> HandlerResult:
    """Begin another assessment; earlier ones are kept."""
    return _go_to_first_step(context, context.collaboration)


def show_rename(context: RequestContext) -> HandlerResult:
    """The form for other names."""
    return _rename_page(context)


def _rename_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The form, which says how many other collaborations of the party are renamed too."""
    collaboration, facts = context.collaboration, _form_facts(context, error)
    if not error and not context.unsent_form.has_field("party"):
        facts["typed"] = {"party": collaboration.party, "undertaking": collaboration.undertaking}
    others = sum(other.party == collaboration.party for other in context.store.collaborations(context.library)) - 1
    facts |= {"collaboration": collaboration, "others": others}
    title = context.say("Rename {name}", name=collaboration.name)
    return HtmlPage(template="rename", title=title, facts=facts, status=422 if error else 200)


def rename_collaboration(context: RequestContext) -> HandlerResult:
    """Rename party and undertaking, both or neither; the party is renamed in all its collaborations."""
    collaboration, party = context.collaboration, context.form.value("party")
    try:
        if not fit_name(party):
            raise NameEmpty()
        change_names(context.store, context.library, collaboration, party, context.form.value("undertaking"))
    except AssessorError as error:
        return _rename_page(context, error)
    return Redirect(f"{context.base_path}/c/{collaboration.id}", (Notice.RENAMED,))


def show_erase(context: RequestContext) -> HandlerResult:
    """What erasing would remove."""
    return _erase_page(context)


def _erase_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    """The page that asks for confirmation: the collaboration, or (`what`) only its latest assessment."""
    collaboration = context.collaboration
    assessments = context.store.assessments(collaboration.id)
    facts = {
        **context.hidden_fields(),
        "collaboration": collaboration,
        "assessments": len(assessments),
        "contents": describe_contents(assessments, context.messages),
        "latest_contents": describe_contents(assessments[-1:], context.messages),
        "latest": context.form.value("what") == "assessment",
        "refused": context.refusal(error),
    }
    title = context.say("Erase {name}?", name=collaboration.name)
    return HtmlPage(template="erase", title=title, facts=facts, status=422 if error else 200)


def erase_collaboration(context: RequestContext) -> HandlerResult:
    """Erase the collaboration or its latest assessment, and say where copies may remain. Needs the confirming tick."""
    collaboration = context.collaboration
    if context.form.value("sure") != "yes":
        return _erase_page(context, ErasureNotConfirmed())
    assessments = context.store.assessments(collaboration.id)
    if context.form.value("what") == "assessment":
        if not assessments:  # erased in another window meanwhile; never the collaboration in its place
            raise NoSuchPage()
        erased = context.store.erase_assessment(assessments[-1].id)
    else:
        erased = context.store.erase_collaboration(collaboration.id)
    copies = describe_remaining_copies(erased, context.messages.gettext)
    return Redirect(context.home_path, (Notice.ERASED,), tuple(copies))


def download_report(context: RequestContext) -> HandlerResult:
    """The library's report as PDF."""
    report = library_report(context.store, context.library, context.bank, context.messages.language).report
    return PdfDownload(report)


def report_file_name(report: Report | WorkshopReport) -> str:
    """File name of a report: the library's name, with the workshop's for a workshop report."""
    if isinstance(report, WorkshopReport):
        workshop = report.findings.workshop
        name = document_name(document_word("report", report.language), report.made, workshop.library, workshop.name)
        return output_files.safe_file_name(name, ".pdf")
    return output_files.safe_file_name(report_name(report), ".pdf")
