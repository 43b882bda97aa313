"""Out of one store and into another: the same bytes again, nothing twice, and never a part of a file."""

import io
import random
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from collected import AWKWARD, START, assessment, collaboration, history_of

from assessor.core.library_profile import Logo
from assessor.core.responses import DONT_KNOW
from assessor.exchange import BadFile, MergePlan, export_library
from assessor.exchange.profile_document import ProfileDocument
from assessor.store import Store
from assessor.usecases.transfer import export_assessments, import_assessments

_LIBRARY = "Example Library"


def _document(dokk1, snapshot, count: int) -> bytes:
    """Assessments with seeded responses and notes, ten to a collaboration."""
    chance = random.Random(count)
    assessments = []
    for number in range(count):
        given = [
            ("response", item.id, chance.choice([*item.options, DONT_KNOW]))
            for item in dokk1.items
            if chance.random() < 0.6
        ]
        given += [("note", chance.choice(["", *dokk1.by_id]), chance.choice(AWKWARD[:-1]))]
        given += [("gut", "", chance.choice([*dokk1.placements, DONT_KNOW])), ("goal", "", "g1")]
        given += [("ends", "agreement", chance.choice(["2027-06", "open", ""])), ("step", "s.when", "2027-01")]
        assessments.append(assessment(f"a{number}", collaboration(number // 10), dokk1, given))
    collaborations = dict.fromkeys(each.collaboration for each in assessments)
    profile = ProfileDocument(
        history=history_of([("goal", "g1", "All read"), ("next", "", "2027-05"), ("goal", "g1", "All children read")]),
        logo=Logo(media="image/png", content=b"\x89PNG", at=START),
        members={"m1": "Åsa"},
    )
    snapshots = dict.fromkeys((each.id for each in assessments), snapshot)
    return export_library(_LIBRARY, collaborations, assessments, snapshots, profile)


def _take_in(store: Store, data: bytes) -> MergePlan:
    return import_assessments(store, io.BytesIO(data), "a.json")


def _rows(data: bytes) -> tuple[int, int]:
    return data.count(b'"seq":'), data.count(b'"started":')


def test_out_and_in_and_out_again_gives_equal_bytes(dokk1, snapshot, tmp_path):
    data = _document(dokk1, snapshot, 200)

    with Store.open(tmp_path / "a.db", create=True) as store:
        _take_in(store, data)
        again = export_assessments(store, _LIBRARY)

    assert again == data


def test_the_same_file_twice_adds_nothing(dokk1, snapshot, tmp_path):
    data = _document(dokk1, snapshot, 20)

    with Store.open(tmp_path / "a.db", create=True) as store:
        first = _take_in(store, data)
        before = store.content_hash()
        second = _take_in(store, data)

        assert (first.count, second.count) == (
            20 + 2 + _rows(data)[0] + 2,
            0,
        )  # the profile's entries are rows too; a logo and a member beside them
        assert store.content_hash() == before


def test_an_assessment_goes_on_in_another_store_and_comes_home(dokk1, snapshot, tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as home, Store.open(tmp_path / "b.db", create=True) as away:
        begun = home.begin_assessment(home.add_collaboration(_LIBRARY, "Party").id, dokk1, snapshot)
        home.record_entry(begun, "response", "payment", "none")
        _take_in(away, export_assessments(home, _LIBRARY))
        away.record_entry(begun, "response", "payment", "shared")
        away.record_entry(begun, "note", "", "  a\r\nb", who="m1")
        away.profiles.record_entry(_LIBRARY, "goal", "g1", "All read")
        away.profiles.set_logo(_LIBRARY, "image/png", b"x")

        plan = _take_in(home, export_assessments(away, _LIBRARY))
        assert (plan.entries, plan.count) == (2, 1 + 2 + 1 + 1)
        assert export_assessments(home, _LIBRARY) == export_assessments(away, _LIBRARY)
        assert home.assessment(begun) == away.assessment(begun)


def test_a_refused_file_changes_nothing(dokk1, snapshot, tmp_path):
    with Store.open(tmp_path / "a.db", create=True) as store:
        _take_in(store, _document(dokk1, snapshot, 5))
        before = store.content_hash()
        spoilt = _document(dokk1, snapshot, 30).replace(b'"kind":"gut"', b'"kind":"guts"')

        with pytest.raises(BadFile):
            _take_in(store, spoilt)

        assert store.content_hash() == before


def _killed_after(seconds: float, store: Path, document: Path) -> None:
    """Import in another process, and kill it so long after it has opened the store."""
    program = [sys.executable, str(Path(__file__).with_name("taking_in.py")), str(store), str(document)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"open\n"
        select.select([process.stdout], [], [], seconds)
        process.kill()


def _kept(store: Path) -> bytes:
    with Store.open(store) as opened:
        return export_assessments(opened, _LIBRARY) if opened.libraries() else b""


def _kill_often(dokk1, snapshot, tmp_path, kills: int, assessments: int) -> list[bytes]:
    data = _document(dokk1, snapshot, assessments)
    document = tmp_path / "export.json"
    document.write_bytes(data)
    started = time.monotonic()
    _killed_after(60, tmp_path / "whole.db", document)
    took = time.monotonic() - started
    assert _kept(tmp_path / "whole.db") == data
    chance = random.Random(kills)
    found = []
    for kill in range(kills):
        _killed_after(chance.uniform(0, took), tmp_path / f"{kill}.db", document)
        found.append(_kept(tmp_path / f"{kill}.db"))
    assert set(found) <= {b"", data}
    return found


@pytest.mark.heavy
def test_an_import_that_is_killed_leaves_all_or_nothing(dokk1, snapshot, tmp_path):
    found = _kill_often(dokk1, snapshot, tmp_path, kills=8, assessments=100)

    assert b"" in found


@pytest.mark.campaign
def test_a_hundred_kills_of_a_large_import_leave_all_or_nothing(dokk1, snapshot, tmp_path):
    found = _kill_often(dokk1, snapshot, tmp_path, kills=100, assessments=1000)

    assert b"" in found
