"""`levels_count`: how levels are numbered for people, in every document and on every page, and not in exports."""

import re
from pathlib import Path

import pytest
from demo_bank import Demo

from assessor.bank import Bank, open_bank
from assessor.core.scoring import assess
from assessor.exchange import verdict_json
from assessor.presentation.overview import level_terraces
from assessor.presentation.terms import Terms
from assessor.report.guide import guide_document
from assessor.report.render import document_html
from assessor.store import Store
from assessor.terminal.printed_views import show_lines
from assessor.usecases.assessments import Assessments, new_key
from assessor.usecases.reporting import report_date


def counted(demo: Demo, how: str) -> Bank:
    """The small bank, whose levels are close and loose, counted so."""
    demo.change("levels: [close, loose]\n", f"levels: [close, loose]\nlevels_count: {how}\n")
    return open_bank(demo.folder)


@pytest.mark.parametrize(
    ("how", "names", "tag"),
    [
        ("down", ["1 Close ones", "2 Loose ones"], "Level 1 of the model's 2"),
        ("up", ["2 Close ones", "1 Loose ones"], "Level 2 of the model's 2"),
        ("none", ["Close ones", "Loose ones"], None),
    ],
)
def test_levels_are_told_with_the_banks_numbers(
    demo: Demo, tmp_path: Path, how: str, names: list[str], tag: str | None
):
    bank = counted(demo, how)
    terms = Terms("en", bank.instrument, bank.wording("en"))
    with Store.open(tmp_path / "assessor.db", create=True) as store:
        at = Assessments(store, "Example Library", bank)
        at.respond(at.begin(at.add_collaboration("Example Club", "")), "writing", "agreement", new_key())
        at.respond(at.latest_unfinished(), "money", "no", new_key())  # type: ignore[arg-type]
        shown = [line.text for line in show_lines(at.list_collaborations()[0], terms)]
    guide = document_html(guide_document("en", report_date(), "1", bank.instrument, terms.wording, has_cases=False))

    assert demo.problems() == []
    assert [terrace.title for terrace in level_terraces(terms)] == names
    assert [text for text in shown if text.startswith("Level")] == ([tag] if tag else [])
    assert bool(re.search(r"Level \d", guide)) is (how != "none")


def test_neither_the_digest_nor_an_export_knows_of_it(demo: Demo):
    before = open_bank(demo.folder).instrument
    after = counted(demo, "up").instrument
    told = [verdict_json(each, "x", assess(each, {"writing": "agreement", "money": "no"})) for each in (before, after)]

    assert before.digest == after.digest
    assert told[0] == told[1]


def test_another_way_of_counting_is_told_with_its_place(demo: Demo):
    counted(demo, "sideways")

    assert demo.problems() == ["instrument.yaml:4:15: sideways is none of: down, up, none; write one of them"]
