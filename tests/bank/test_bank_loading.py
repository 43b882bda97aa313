"""Loading: what is kept between runs, what an instrument is known by, and a bank's snapshot."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from demo_bank import Demo

from assessor import bank, paths
from assessor.bank import cache
from assessor.bank.errors import NoSuchBank
from assessor.core.conditions import AllOf, AnyOf, AtLeast, ItemIs, Not

HEAVY = ("yaml",)


def kept_files() -> list[Path]:
    return sorted((paths.cache_folder() / "banks").glob("*"))


def imported_by(script: str) -> set[str]:
    """Which of the slow modules a fresh process has imported after a script."""
    told = f"{script}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture(params=["instrument", "wording"])
def loaded(request: pytest.FixtureRequest, demo: Demo) -> str:
    call = {"instrument": "instrument", "wording": "wording('en')"}
    return f"from assessor import bank\nbank.open_bank({str(demo.folder)!r}).{call[request.param]}"


def test_a_first_load_reads_yaml_and_a_second_does_not_import_it(loaded: str) -> None:
    assert imported_by(loaded) == set(HEAVY)
    assert imported_by(loaded) == set()


def test_importing_the_bank_does_not_import_yaml() -> None:
    assert imported_by("import assessor.bank") == set()


def test_what_is_kept_is_what_was_made(demo: Demo) -> None:
    demo.change(
        "{price: high}",
        "{any: [{all: [{price: high}, {not: {writing: none}}]}, {at_least: 1, of: [{money: yes}, {price: low}]}]}",
    )
    made = bank.open_bank(demo.folder).instrument, bank.open_bank(demo.folder).wording("en")
    again = bank.open_bank(demo.folder).instrument, bank.open_bank(demo.folder).wording("en")

    assert again == made
    assert again[0].diagram == made[0].diagram
    assert again[0].outcomes[0].when == AnyOf(
        (
            AllOf((ItemIs("price", ("high",)), Not(ItemIs("writing", ("none",))))),
            AtLeast(1, (ItemIs("money", ("yes",)), ItemIs("price", ("low",)))),
        )
    )


def test_a_changed_bank_is_read_anew(demo: Demo) -> None:
    bank.open_bank(demo.folder).require_instrument()
    demo.change('version: "1"', 'version: "2"')

    assert bank.open_bank(demo.folder).instrument.version == "2"


def test_a_changed_instrument_makes_its_wording_be_checked_anew(demo: Demo) -> None:
    bank.open_bank(demo.folder).wording("en")
    demo.change("options: [low, high]", "options: [low, high, higher]")

    with pytest.raises(bank.BankRefused, match="the option higher of price has no words"):
        bank.open_bank(demo.folder).wording("en")


@pytest.mark.parametrize("spoil", [b"", b"\x00\xff", b"{}", b"null", b"[" * 100_000])
def test_a_broken_cache_is_made_again(demo: Demo, spoil: bytes) -> None:
    made = bank.open_bank(demo.folder).instrument
    [file] = kept_files()
    whole = file.read_bytes()
    file.write_bytes(spoil)

    assert bank.open_bank(demo.folder).instrument == made
    assert file.read_bytes() == whole


def test_a_cache_with_one_letter_changed_is_made_again(demo: Demo) -> None:
    made = bank.open_bank(demo.folder).instrument
    [file] = kept_files()
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"loose"', b'"close"', 1))

    assert bank.open_bank(demo.folder).instrument == made
    assert file.read_bytes() == whole


def test_a_cache_under_a_right_checksum_and_with_a_wrong_layout_is_made_again(demo: Demo) -> None:
    made = bank.open_bank(demo.folder).instrument
    [file] = kept_files()
    cache.save(file.stem, {"id": "demo"})

    assert bank.open_bank(demo.folder).instrument == made


def test_another_layout_is_never_read(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    bank.open_bank(demo.folder).require_instrument()
    monkeypatch.setattr(cache, "FORMAT", cache.FORMAT + 1)
    bank.open_bank(demo.folder).require_instrument()

    assert len(kept_files()) == 2


def test_a_cache_folder_that_cannot_be_made_is_no_error(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path / "file"))

    assert bank.open_bank(demo.folder).instrument.id == "demo"


def test_the_cache_is_for_the_owner_s_eyes_and_leaves_no_half_written_file(demo: Demo) -> None:
    before = os.umask(0o022)
    try:
        bank.open_bank(demo.folder).require_instrument()
    finally:
        os.umask(before)

    [file] = kept_files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_cache_does_not_grow_for_ever(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MAX_FILES", 3)
    for version in range(5):
        cache.save(f"{version}", {"version": version})

    assert len(kept_files()) == 3


def test_an_opened_bank_stays_as_it_was_and_reopened_is_as_it_is(demo: Demo) -> None:
    opened = bank.open_bank(demo.folder)
    demo.change('version: "1"', 'version: "2"')

    assert (opened.instrument.version, opened.reopened().instrument.version) == ("1", "2")


def test_a_bank_whose_files_are_unchanged_is_not_opened_again(demo: Demo) -> None:
    moment = [0.0]
    latest = bank.LatestBank(bank.open_bank(demo.folder), lambda: moment[0])
    before, due_at_first = latest.get(), latest.is_due
    latest.look()

    assert latest.get() is before
    assert (due_at_first, latest.is_due) == (True, False)
    demo.change("about: A demonstration.", "about: A small one.", "en.yaml")
    moment[0] = 1.0
    assert (latest.is_due, latest.get() is before) == (True, True)
    latest.look()
    assert latest.get().wording("en").about == "A small one."


def test_a_bank_that_is_gone_is_said_so_until_it_is_back(demo: Demo) -> None:
    latest, kept = bank.LatestBank(bank.open_bank(demo.folder)), demo.folder.with_name("kept")
    demo.folder.rename(kept)
    latest.look()

    with pytest.raises(NoSuchBank):
        latest.get()
    kept.rename(demo.folder)
    latest.look()
    assert latest.get().instrument.version == "1"


def test_a_snapshot_gives_the_bank_back_after_the_folder_is_gone(demo: Demo) -> None:
    made = bank.open_bank(demo.folder).instrument, bank.open_bank(demo.folder).wording("en")
    snapshot = bank.open_bank(demo.folder).snapshot
    for file in demo.folder.iterdir():
        file.unlink()

    assert (bank.instrument_from_snapshot(snapshot), bank.open_snapshot(snapshot).wording("en")) == made
    assert sorted(json.loads(snapshot)["files"]) == ["en.yaml", "instrument.yaml"]


def test_a_snapshot_without_that_language_names_those_it_has(demo: Demo) -> None:
    with pytest.raises(bank.NoSuchWording, match="The bank demo has no wording in sv; it has: en"):
        bank.open_snapshot(bank.open_bank(demo.folder).snapshot).wording("sv")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"files": 1}', '{"name": "a", "files": {}}', "[" * 100_000])
def test_a_snapshot_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(bank.SnapshotUnreadable):
        bank.instrument_from_snapshot(text)


@pytest.mark.parametrize("name", ["nosuchbank", "../dokk1/..", "no/such/folder", "\0", "x" * 5000, ""])
def test_a_bank_that_is_not_there_names_those_that_are(name: str) -> None:
    with pytest.raises(bank.NoSuchBank, match="name one of: dokk1"):
        bank.open_bank(name).require_instrument()


def test_a_bank_is_found_by_name_whatever_lies_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dokk1").mkdir()
    monkeypatch.chdir(tmp_path)

    assert bank.open_bank("dokk1").instrument.id == "dokk1"
