"""With every answer a don't know all six placements are possible: each face names them all, or says how many."""

from collections.abc import Iterator

import pytest
from web_pages import LIBRARY, Person, sheet
from web_rooms import Building, Opened

from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.presentation.terms import Terms
from assessor.report.render import document_html, report_html
from assessor.report.wall import wall_document
from assessor.report.workshop.document import workshop_document
from assessor.store import Store
from assessor.terminal.printed_views import list_lines, show_lines
from assessor.usecases.assessments import GAINS, GUT, WANTED, Assessments, LoadedAssessment, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.reporting import library_report
from assessor.usecases.workshop_reporting import workshop_report
from assessor.usecases.workshops import Workshops

BANK = open_bank("dokk1")
WORDS = BANK.wording("en").placements
UNKNOWN = (
    (GUT, DONT_KNOW),
    (WANTED, ""),
    *((item, DONT_KNOW) for item in BANK.instrument.by_id),
    (GAINS, ""),
)


def tells_all(text: str) -> bool:
    """Whether a text leaves no placement out."""
    return "6 placements are possible" in text or all(words.within in text for words in WORDS.values())


def unknown(participation: Participation, workshop, opened: LoadedAssessment) -> LoadedAssessment:
    """The assessment with a don't know to everything."""
    for step, value in UNKNOWN:
        opened = participation.respond(workshop, opened, step, value, new_key())
    return opened


@pytest.fixture
def of_the_library(home) -> str:
    """The id of the library's own assessment, a don't know to everything."""
    with Store.open() as store:
        assessments = Assessments(store, store.add_library(LIBRARY), BANK)
        opened = assessments.begin(assessments.add_collaboration("Example School", "Evenings"))
        for step, value in UNKNOWN:
            opened = assessments.respond(opened, step, value, new_key())
    return opened.assessment.id


@pytest.fixture
def of_the_room(room: Opened) -> str:
    """The token of one of five who do not know, in a room that talks it through and does not know either."""
    with Store.open() as store:
        (collaboration,) = room.collaborations
        participation, facilitation = Participation(store, BANK), Facilitation(store, BANK)
        workshop = Workshops(store, BANK).get(room.workshop.id)
        for _ in range(5):
            joined, token = participation.join(workshop, name="", language="en", key=new_key())
            unknown(participation, workshop, participation.begin(joined, collaboration))
        facilitation.reveal(workshop, collaboration, key=new_key())
        unknown(participation, workshop, facilitation.begin_agreed(workshop, collaboration, new_key()))
        facilitation.set_stage(workshop.id, "talk", collaboration, key=new_key())
    return token


def terminal_faces() -> Iterator[tuple[str, str]]:
    with Store.open(write=False) as store:
        (listed,) = Assessments(store, LIBRARY, BANK).list_collaborations()
    now = Terms("en", BANK.instrument, BANK.wording("en"))
    yield "list", " ".join(line.text for line in list_lines([listed], now))
    yield "show", " ".join(line.text for line in show_lines(listed, now))


def document_faces() -> Iterator[tuple[str, str]]:
    with Store.open(write=False) as store:
        report = library_report(store, LIBRARY, BANK, "en").report
    yield "report", report_html(report)
    yield "wall", document_html(wall_document(report))


def test_the_terminal_and_the_documents_leave_no_placement_out(of_the_library):
    faces = dict([*terminal_faces(), *document_faces()])

    assert [face for face, text in faces.items() if not tells_all(text)] == []


def test_the_librarys_pages_leave_no_placement_out(of_the_library, owner: Person):
    pages = {page: sheet(owner.get(page).text).text for page in ("/", f"/a/{of_the_library}/verdict")}

    assert [page for page, text in pages.items() if not tells_all(text)] == []


def test_the_rooms_pages_leave_no_placement_out(of_the_room, room: Opened, building: Building):
    leader, participant = building.leader(room), building.browser()
    participant.client.cookies.set(building.house.deployment.cookie_name(), of_the_room)
    base = f"/w/{room.workshop.id}"
    pages = {
        "join": participant.get("/"),
        "lead": leader.get(f"{base}/c/{room.collaborations[0]}"),
        "board": leader.get(f"{base}/board"),
    }

    assert [page for page, answer in pages.items() if not tells_all(sheet(answer.text).text)] == []


def test_the_workshops_report_leaves_no_placement_out(of_the_room, room: Opened):
    with Store.open() as store:
        Facilitation(store, BANK).close(room.workshop.id, new_key())
        report = workshop_report(store, room.workshop.id, BANK, "en")

    assert tells_all(document_html(workshop_document(report)))
