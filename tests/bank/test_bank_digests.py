"""What rules are known by: their meaning; and what was kept when it was their text is still theirs.

`kept_by_text` holds a store and an export of it, made when the digest was that of the text: one collaboration each by
dokk1 1.0, by winwin 1.0 and by a bank of one's own.
"""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_bank import Demo

from assessor import bank
from assessor.exchange import export_library, read_export
from assessor.store import Store
from assessor.usecases.assessments import Assessments, Difference
from assessor.usecases.reporting import library_report
from assessor.usecases.spreadsheets import export_spreadsheet
from assessor.usecases.transfer import import_assessments

KEPT = Path(__file__).with_name("kept_by_text")
LIBRARY = "Example Library"
#: What dokk1 asks otherwise since the version that these answers were given under.
SINCE_1_0 = (
    Difference(kind="options", item="creation"),
    Difference(kind="options", item="payment"),
    Difference(kind="rules", item=""),
)
EXPORT = gzip.decompress((KEPT / "export.json.gz").read_bytes())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "kept.db").write_bytes(gzip.decompress((KEPT / "assessor.db.gz").read_bytes()))
    with Store.open(tmp_path / "kept.db") as opened:
        yield opened


@pytest.fixture
def own(demo: Demo) -> Demo:
    """The bank of one's own just as its answers were given, out of the export."""
    [snapshot] = [json.loads(each["text"]) for each in json.loads(EXPORT)["banks"] if each["instrument"] == "demo"]
    for name, text in snapshot["files"].items():
        demo.write(name, text)
    return demo


def listed(store: Store, meant: bank.Bank) -> dict[str, tuple[tuple[str, ...], tuple[object, ...]]]:
    """By undertaking, where it stands and what the bank asks otherwise by now."""
    found = Assessments(store, LIBRARY, meant).list_collaborations()
    opened = {each.collaboration.undertaking: each.loaded for each in found if each.loaded}
    return {name: (each.verdict.placements, each.differences) for name, each in opened.items()}


def test_a_comment_a_blank_line_and_the_order_of_keys_are_no_other_rules(demo: Demo) -> None:
    before = bank.open_bank(demo.folder).instrument
    text = (demo.folder / "instrument.yaml").read_text("utf-8")
    moved = text.replace('version: "1"\nlevels: [close, loose]', "levels: [close, loose]\nversion: '1'")
    demo.write("instrument.yaml", f"# yaml-language-server: $schema=x.json\n\n{moved}")

    assert moved != text
    assert bank.open_bank(demo.folder).instrument == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version: "1"', 'version: "2"'),
        ("agreement: 3", "agreement: 4"),
        ("{agreement: {none: 2}}", "{agreement: {none: 3}}"),
        ("options: [low, high]", "options: [low, high, higher]"),
        ("    rising: all\n    sources", "    sources"),
        ("{id: bought, when: {price: high}}", "{id: bought, when: {price: low}}"),
        ("levels: [close, loose]", "levels: [close]"),
        ("gains: [reach]", "gains: []"),
    ],
)
def test_whatever_is_asked_or_decided_otherwise_is_other_rules(demo: Demo, old: str, new: str) -> None:
    demo.change("written: {writing: {at_least: intent}}", "written: {writing: [intent, agreement]}")
    before = bank.open_bank(demo.folder).instrument.digest
    demo.change(old, new)

    assert bank.open_bank(demo.folder).instrument.digest != before


def test_another_wording_of_the_same_condition_is_the_same_rule(demo: Demo) -> None:
    before = bank.open_bank(demo.folder).instrument.digest
    demo.change("written: {writing: {at_least: intent}}", "written: {writing: [intent, agreement]}")

    assert bank.open_bank(demo.folder).instrument.digest == before


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("dokk1 1.0", "44438fa27cf532d232659ad704f86dd04259059b47a33bcd1abc0ec373a62949"),
        ("dokk1 1.1", "636036f5297a9dc868491ec4018f6850bdfb58a1313fc67e00fce765bb6a8d43"),
        ("winwin 1.0", "ffcdb5ff3a7fa2a130cbd2c8ec7e579db11776e3171edc730cf9387eaa9091e3"),
    ],
)
def test_the_shipped_rules_are_known_by_the_same_digest_for_ever(name: str, digest: str) -> None:
    """Where this fails without a new version of the bank, every response kept would be one to other rules."""
    folder, version = name.split()
    meant = bank.open_bank(folder).earlier(version) or bank.open_bank(folder)

    assert (meant.instrument.version, meant.instrument.digest) == (version, digest)


def test_a_store_kept_by_text_stands_where_it_stood(store: Store, own: Demo) -> None:
    expected = {"dokk1": (("service",), SINCE_1_0), "winwin": (("winwin",), ()), "demo": (("close",), ())}

    assert listed(store, bank.open_bank(own.folder)) == expected
    own.change("id: demo", "# With the schema of the editors.\nid: demo")
    assert listed(store, bank.open_bank(own.folder)) == expected


def test_rules_that_became_others_are_still_told_as_others(store: Store, own: Demo) -> None:
    own.change("{id: close, when: {writing: agreement}}", "{id: close, when: {writing: intent}}")
    (placements, differences) = listed(store, bank.open_bank(own.folder))["demo"]

    assert placements == ("close",)
    assert [each.kind for each in differences] == ["rules"]  # type: ignore[attr-defined]


def test_a_kept_version_knows_the_answers_given_by_its_text(store: Store) -> None:
    kept = bank.open_bank("dokk1").earlier("1.0")
    assert kept is not None

    assert listed(store, kept)["dokk1"] == (("service",), ())


@pytest.mark.parametrize("name", ["winwin"])
def test_a_report_does_not_say_that_it_was_answered_under_other_questions(store: Store, name: str) -> None:
    made = library_report(store, LIBRARY, bank.open_bank(name), "en")

    assert [row.assessment.collaboration.undertaking for row in made.report.rows] == [name]
    assert made.report.rescored == ()


def test_a_spreadsheet_holds_the_answers_kept_by_text(store: Store) -> None:
    rows = export_spreadsheet(store, LIBRARY, bank.open_bank("winwin"), "en", "csv").decode("utf-8-sig").splitlines()

    assert len([row for row in rows if ";winwin;'1.0;" in row]) == 1


def _given(store: Store) -> list[tuple[object, ...]]:
    """What was given in a store, as an export of the first form tells it."""
    return [
        (
            each.id,
            each.started,
            each.digest,
            [(entry.kind, entry.item, entry.value, entry.at) for entry in each.history],
        )
        for each in store.assessments()
    ]


def test_an_export_by_text_is_read_as_it_was_given(store: Store, tmp_path: Path) -> None:
    document = read_export(EXPORT, bank.instrument_from_snapshot)

    kept = {each.id: each.digest for each in store.assessments()}
    assert {each.id: each.digest for each in document.assessments} == kept
    assert import_assessments(store, io.BytesIO(EXPORT), "export.json").entries == 0
    with Store.open(tmp_path / "new.db", create=True) as other:
        import_assessments(other, io.BytesIO(EXPORT), "export.json")
        assert _given(other) == _given(store)  # but for the keys, which a file of the first form does not have
        before = other.content_hash()
        import_assessments(other, io.BytesIO(EXPORT), "export.json")
        assert other.content_hash() == before
        assert listed(other, bank.open_bank("dokk1"))["dokk1"] == (("service",), SINCE_1_0)


def test_one_text_known_by_both_digests_is_exported_and_read_again(store: Store) -> None:
    [before] = [each for each in store.assessments() if each.instrument == "winwin"]
    text = store.snapshot_of(before.id)
    id_ = store.begin_assessment(before.collaboration.id, bank.instrument_from_snapshot(text), text)
    both = (before, store.assessment(id_))
    data = export_library(LIBRARY, [before.collaboration], both, {each.id: text for each in both})

    assert before.digest != store.assessment(id_).digest
    assert read_export(data, bank.instrument_from_snapshot).assessments == both
