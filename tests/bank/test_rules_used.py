"""Where the bank in use has other rules than an assessment was answered under, every face says by which it tells."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_bank import Demo

from assessor.bank import Bank, open_bank
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.report.render import document_html, report_html
from assessor.report.wall import wall_document
from assessor.store import Store
from assessor.terminal.printed_views import list_lines, show_lines
from assessor.usecases.assessments import Assessments, new_key
from assessor.usecases.report_writing import report_notes
from assessor.usecases.reporting import library_report

LIBRARY = "Example Library"
OTHER_RULES = (
    "{id: close, when: {writing: agreement}}",
    '{id: close, when: {all: [{writing: agreement}, {money: "yes"}]}}',
)
OWN = "Placed by the rules it was answered under; they were changed later, under the same version."
RESCORED = "1 collaboration was answered under other rules and is placed by those of today (version 1)."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "assessor.db", create=True) as opened:
        yield opened


@pytest.fixture
def edited(demo: Demo, store: Store) -> Bank:
    """The small bank, whose rules were changed under one version after a collaboration was placed by them."""
    at = Assessments(store, LIBRARY, open_bank(demo.folder))
    opened = at.begin(at.add_collaboration("Example Club", "Chess"))
    for item, option in {"writing": "agreement", "money": "no"}.items():
        opened = at.respond(opened, item, option, new_key())
    demo.change(*OTHER_RULES)
    return open_bank(demo.folder)


def told(store: Store, used: Bank) -> dict[str, str]:
    """What each face says, as one text."""
    now = Terms("en", used.instrument, used.wording("en"))
    listed = Assessments(store, LIBRARY, used).list_collaborations()
    report = library_report(store, LIBRARY, used, "en").report
    return {
        "list": " ".join(line.text for line in list_lines(listed, now)),
        "show": " ".join(line.text for line in show_lines(listed[0], now)),
        "report": re.sub("<[^>]+>", "", report_html(report)),
        "wall": re.sub("<[^>]+>", "", document_html(wall_document(report))),
    }


def test_one_alone_goes_by_its_own_rules_and_says_what_todays_give(store: Store, edited: Bank) -> None:
    faces = told(store, edited)

    for face in ("list", "show"):
        assert "Close" in faces[face]
        assert f"{OWN} By the rules of today: Loose." in faces[face]


def test_what_compares_goes_by_todays_rules_and_says_so(store: Store, edited: Bank) -> None:
    faces, made = told(store, edited), library_report(store, LIBRARY, edited, "en")

    assert [row.verdict.placements for row in made.report.rows] == [("loose",)]
    assert report_notes(made, Messages("en")) == (f"{RESCORED} Example Club · Chess",)
    assert RESCORED in faces["report"]
    assert RESCORED in faces["wall"]


def test_one_that_was_renewed_is_told_by_one_set_of_rules_everywhere(store: Store, edited: Bank) -> None:
    at = Assessments(store, LIBRARY, edited)
    at.renew(at.list_collaborations()[0].loaded)  # type: ignore[arg-type]
    faces = told(store, edited)

    assert at.list_collaborations()[0].today is None
    assert report_notes(library_report(store, LIBRARY, edited, "en"), Messages("en")) == ()
    assert [face for face, text in faces.items() if OWN in text or RESCORED in text] == []


def test_a_change_that_moves_nothing_is_told_as_one_that_moves_nothing(store: Store, demo: Demo, edited: Bank) -> None:
    demo.change(OTHER_RULES[1], "{id: close, when: {any: [{writing: agreement}, {price: low}]}}")

    assert "By the rules of today it stands there too." in told(store, open_bank(demo.folder))["list"]


def test_many_names_are_counted_and_a_few_are_named(store: Store, demo: Demo, edited: Bank) -> None:
    demo.change(OTHER_RULES[1], OTHER_RULES[0])
    at = Assessments(store, LIBRARY, open_bank(demo.folder))
    for number in range(6):
        at.respond(at.begin(at.add_collaboration(f"Club {number}", "")), "writing", "intent", new_key())
    demo.change(*OTHER_RULES)
    [note] = report_notes(library_report(store, LIBRARY, open_bank(demo.folder), "en"), Messages("en"))

    assert note.startswith("7 collaborations were answered under other rules")
    assert note.endswith(" and 2 more")
