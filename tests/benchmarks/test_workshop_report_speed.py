"""What a workshop's report costs: `pytest -m benchmark -s tests/benchmarks/test_workshop_report_speed.py`.

A whole process, from the store to the PDF, against headless Chromium printing the same pages.
"""

import sys

import pytest
from measure import cpu_of, ratio, tell
from test_report_speed import CHROMIUM

from assessor import bank
from assessor.bank import open_bank
from assessor.report.render import document_html
from assessor.report.workshop.document import workshop_document
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshop_reporting import workshop_report

pytestmark = pytest.mark.benchmark

OURS = """
import sys
from assessor.bank import open_bank
from assessor.report.pdf.layout import document_pdf
from assessor.report.workshop.document import workshop_document
from assessor.store import Store
from assessor.usecases.workshop_reporting import workshop_report
with Store.open(sys.argv[1], write=False) as store:
    report = workshop_report(store, sys.argv[2], open_bank("dokk1"), "en")
open(sys.argv[3], "wb").write(document_pdf(workshop_document(report)))
"""


def held(path, collaborations, raters):
    """A store with a closed room, and the room's id."""
    cases = [case.responses for case in bank.open_bank("dokk1").cases]
    with Store.open(path, create=True) as store:
        facilitation = Facilitation(store, open_bank("dokk1"))
        participation = Participation(store, open_bank("dokk1"))
        listed = [store.add_collaboration("Exempelbiblioteket", f"Part {n}", "Läsning") for n in range(collaborations)]
        room = facilitation.open("Exempelbiblioteket", "Höstdagen", [each.id for each in listed])[0]
        with store.transaction():
            for at in range(raters):
                person, _ = participation.join(room, name="", language="en", key=f"j{at}")
                for number, each in enumerate(listed):
                    opened = participation.begin(person, each.id)
                    for item, response in cases[(number + (at % 3 == 0)) % len(cases)].items():
                        store.record_entry(opened.assessment.id, "response", item, response)
        facilitation.close(room.id, "end")
    return room.id


def test_a_whole_process_against_chromium(tmp_path):
    for collaborations, raters in ((5, 8), (12, 40)):
        path = tmp_path / f"{collaborations}.db"
        room = held(path, collaborations, raters)
        page, ours, theirs = tmp_path / "page.html", tmp_path / "ours.pdf", tmp_path / "theirs.pdf"
        with Store.open(path, write=False) as store:
            page.write_text(
                document_html(workshop_document(workshop_report(store, room, open_bank("dokk1"), "en"))), "utf-8"
            )
        mine = (sys.executable, "-c", OURS, str(path), room, str(ours))
        browser = (*CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={theirs}", page.as_uri())
        tell(
            f"report of {collaborations} collaborations and {raters} raters / Chromium printing the same pages",
            ratio(lambda mine=mine: cpu_of(mine), lambda browser=browser: cpu_of(browser), 3),
            "at most 1.0",
        )

        assert ours.read_bytes()[:5] == theirs.read_bytes()[:5] == b"%PDF-"
