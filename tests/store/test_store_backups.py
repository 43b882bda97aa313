"""Backups are equal to something that was committed, verified before they are called done; restoring is whole."""

import os
import re
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
from crashing import killed

from assessor.store import Store, backup_files, sqlite, store_files, writer_lock
from assessor.store.errors import (
    BackupExists,
    BackupIsStore,
    BackupNotVerified,
    ErasureIncomplete,
    StoreInUse,
    StoreMissing,
    StoreRefused,
    StoreUnwritable,
)
from assessor.store.store import restore_backup

SNAPSHOT = "the bank's text " * 400


def values(path) -> list[str]:
    with Store.open(path, write=False) as store:
        return [entry.value for found in store.assessments() for entry in found.history]


def record(store, assessment, *options: str) -> None:
    for option in options:
        store.record_entry(assessment, "response", "creation", option)


def test_a_backup_holds_what_is_committed_and_stands_alone(kept, begun, tmp_path):
    record(kept, begun, "joint", "ready")
    made = kept.backup(tmp_path / "copy.db")

    assert made == tmp_path / "copy.db"
    with Store.open(made, write=False) as copy:
        assert copy.content_hash() == kept.content_hash()
    assert not list(tmp_path.glob("copy.db-*"))


def test_a_dated_backup_lies_beside_the_store_and_says_until_when_it_may(kept, begun, path):
    made = [kept.backup(), kept.backup()]

    assert [each.parent for each in made] == [path.parent / "backups"] * 2
    assert all(re.fullmatch(r"assessor-\d{8}-\d{6}(-2)?\.db", each.name) for each in made)
    assert [each.path for each in backup_files.list_backups(path)] == made
    assert all(each.expires_at - each.made_at == timedelta(days=30) for each in backup_files.list_backups(path))


def test_a_backup_is_never_written_over_a_file_unless_told(kept, begun, tmp_path, path):
    there = tmp_path / "there.db"
    there.write_text("mine")

    with pytest.raises(BackupExists):
        kept.backup(there)
    assert there.read_text() == "mine"
    kept.backup(there, replace=True)
    assert values(there) == []
    for replace in (False, True):
        with pytest.raises(BackupIsStore):
            kept.backup(path, replace=replace)


def test_a_backup_into_a_folder_that_is_not_there_says_so(kept, begun, tmp_path):
    with pytest.raises(StoreUnwritable):
        kept.backup(tmp_path / "missing" / "copy.db")
    assert not (tmp_path / "missing").exists()


def test_a_copy_that_differs_is_not_called_a_backup(kept, begun, tmp_path, monkeypatch):
    images = iter(["one", "another"])
    monkeypatch.setattr(sqlite, "tables_digest", lambda connection: connection.execute("SELECT 1") and next(images))

    with pytest.raises(BackupNotVerified):
        kept.backup(tmp_path / "copy.db")
    assert list(tmp_path.glob("*copy*")) == []


def test_backups_under_load_hold_what_was_committed_up_to_one_moment(kept, begun, path, tmp_path):
    reader = threading.Thread(target=_back_up_often, args=(path, tmp_path))
    reader.start()
    given, written = [], time.monotonic()
    while reader.is_alive():
        record(kept, begun, f"option{len(given)}")
        given.append(f"option{len(given)}")
        time.sleep(max(0, 0.02 - (time.monotonic() - written)))
        written = time.monotonic()
    reader.join()

    copies = [values(each) for each in sorted(tmp_path.glob("copy*.db"))]
    assert len(copies) == 20
    assert all(copy == given[: len(copy)] for copy in copies)
    assert len(copies[-1]) > len(copies[0])


def _back_up_often(path, folder) -> None:
    with Store.open(path, write=False) as store:
        for n in range(20):
            store.backup(folder / f"copy{n:02}.db")
            time.sleep(0.05)


def test_restoring_gives_the_backup_and_keeps_what_it_replaced(path, kept, begun):
    record(kept, begun, "joint")
    made = kept.backup()
    record(kept, begun, "ready")
    kept.close()
    replaced = restore_backup(made, path).replaced

    assert values(path) == ["joint"]
    assert values(replaced) == ["joint", "ready"]
    assert replaced.name.endswith("-replaced.db")
    assert path.stat().st_mode & 0o777 == 0o600


def test_restoring_elsewhere_makes_the_same_store_there(kept, begun, tmp_path):
    record(kept, begun, "joint")
    made = kept.backup()

    assert restore_backup(made, tmp_path / "new" / "assessor.db").replaced is None
    with Store.open(tmp_path / "new" / "assessor.db") as store:
        assert store.content_hash() == kept.content_hash()


def test_a_crashed_stores_stale_log_does_not_come_back_into_the_restored(path, instrument, tmp_path):
    with Store.open(path, create=True) as store:
        id_ = store.begin_assessment(store.add_collaboration("Provbiblioteket", "Parten").id, instrument, SNAPSHOT)
        record(store, id_, *(f"backed up {n}" for n in range(200)))
        made = store.backup(tmp_path / "backup.db")

    def work(say):
        store = Store.open(path)
        record(store, id_, *(f"after {n}" for n in range(300)))
        say("kept")
        time.sleep(60)

    killed(work, 60, lines=1)
    assert all(each.exists() for each in store_files.wal_files(path))
    replaced = restore_backup(made, path).replaced

    assert values(path) == [f"backed up {n}" for n in range(200)]
    assert len(values(replaced)) == 500


@pytest.mark.parametrize("damage", ["cut", "empty", "noise"])
def test_a_damaged_store_can_be_restored_over_and_is_kept_as_it_was(path, kept, begun, damage):
    record(kept, begun, "joint")
    made = kept.backup()
    kept.close()
    spoiled = {"cut": path.read_bytes()[:9000], "empty": b"", "noise": os.urandom(4096)}[damage]
    path.write_bytes(spoiled)
    path.with_name("assessor.db-wal").write_bytes(b"left over")
    replaced = restore_backup(made, path).replaced

    assert values(path) == ["joint"]
    assert replaced.read_bytes() == spoiled
    assert replaced.with_name(replaced.name + "-wal").read_bytes() == b"left over"


@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "missing"])
def test_a_backup_that_cannot_be_trusted_replaces_nothing(path, kept, begun, tmp_path, damage):
    record(kept, begun, "joint")
    made = kept.backup(tmp_path / "backup.db")
    if damage == "missing":
        made.unlink()
    else:
        made.write_bytes({"cut": made.read_bytes()[:9000], "empty": b"", "noise": os.urandom(4096)}[damage])
    kept.close()
    before = path.read_bytes()

    with pytest.raises((StoreRefused, StoreMissing)):
        restore_backup(made, path)
    assert path.read_bytes() == before
    assert backup_files.list_backups(path) == ()


def test_a_store_in_use_is_not_restored_over(path, kept, begun, monkeypatch):
    monkeypatch.setattr(writer_lock, "LOCK_TIMEOUT", 0.1)
    made = kept.backup()

    with pytest.raises(StoreInUse):
        restore_backup(made, path)
    with pytest.raises(BackupIsStore):
        restore_backup(path, path)


def test_a_restore_that_is_killed_leaves_the_old_or_the_new(path, kept, begun, tmp_path):
    record(kept, begun, *(f"backed up {n}" for n in range(20)))
    made = kept.backup(tmp_path / "backup.db")
    record(kept, begun, "after")
    kept.close()
    whole = [f"backed up {n}" for n in range(20)]
    original = tmp_path / "original"
    shutil.copytree(path.parent, original)

    for moment in range(30):
        shutil.rmtree(path.parent)
        shutil.copytree(original, path.parent)

        def work(say):
            say("begun")
            restore_backup(made, path)

        killed(work, moment * 0.002)
        assert values(path) in (whole, [*whole, "after"])
        Store.open(path).close()
        assert list(path.parent.glob(".*.part*")) == []


def test_half_made_backups_of_dead_processes_are_swept_away(kept, begun, path):
    kept.backup()
    left = path.parent / "backups" / ".assessor.assessor-20310501-120000.db.99999999.part"
    left.write_text("CANARY")
    another_programs = left.with_name(".film.mp4.99999999.part")
    another_programs.write_text("not ours")
    kept.backup()

    assert not left.exists()
    assert another_programs.exists()


def test_a_file_named_like_a_backup_of_no_date_comes_first_in_the_list(kept, begun, path):
    made = kept.backup()
    odd = path.parent / "backups" / "assessor-99999999-999999.db"
    odd.write_bytes(made.read_bytes())

    assert [each.path for each in backup_files.list_backups(path)] == [odd, made]


CANARY = "KANARIEFAGEL"


def canaries(*folders) -> list[str]:
    """The files in which the canary still is, in either of the encodings that could hold it."""
    found = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if CANARY.encode() in path.read_bytes()]


def fill(store, instrument) -> dict[str, str]:
    """Two parties' worth of answers with the canary in everything that is the first one's."""
    gone = store.add_collaboration("Provbiblioteket", f"Parten {CANARY}", f"Läsning {CANARY}")
    stays = store.add_collaboration("Provbiblioteket", "Den andra", "Annat")
    id_ = store.begin_assessment(gone.id, instrument, SNAPSHOT, respondent=f"Svarande {CANARY}")
    other = store.begin_assessment(stays.id, instrument, SNAPSHOT)
    for n in range(40):
        store.record_entry(id_, "note", "creation", f"{n} {CANARY} " + "ord " * (n * 20), key=f"{CANARY}{n}")
        store.record_entry(other, "note", "creation", f"{n} annat " + "ord " * (n * 7))
    return {"assessment": id_, "collaboration": gone.id, "other": other}


ERASURES = {
    "library": lambda store, ids: store.erase_library("Provbiblioteket"),
    "party": lambda store, ids: store.erase_party("Provbiblioteket", f"Parten {CANARY}"),
    "collaboration": lambda store, ids: store.erase_collaboration(ids["collaboration"]),
}


@pytest.mark.parametrize("of", ERASURES)
def test_nothing_erased_is_left_in_any_file_while_the_store_is_open(kept, path, instrument, tmp_path, of, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    ids = fill(kept, instrument)
    if of == "collaboration":
        kept.rename_party("Provbiblioteket", f"Parten {CANARY}", "Parten")
    assert canaries(path.parent)
    ERASURES[of](kept, ids)

    assert canaries(tmp_path) == []
    if of != "library":
        assert len(kept.assessment(ids["other"]).history) == 40
    assert ERASURES[of](kept, ids).count == 0


def test_an_erased_assessment_leaves_its_collaboration_and_no_trace(kept, path, instrument, tmp_path):
    ids = fill(kept, instrument)
    kept.rename_party("Provbiblioteket", f"Parten {CANARY}", "Parten")
    kept.rename_undertaking(ids["collaboration"], "Läsning")
    kept.erase_assessment(ids["assessment"])

    assert canaries(tmp_path) == []
    assert kept.collaboration(ids["collaboration"]).name == "Parten · Läsning"


@pytest.mark.parametrize("of", ERASURES)
def test_backups_that_still_hold_what_was_erased_are_listed_each_time(kept, path, instrument, of):
    without = kept.backup()
    ids = fill(kept, instrument)
    holding = kept.backup()
    first, second = ERASURES[of](kept, ids), ERASURES[of](kept, ids)

    assert [each.path for each in first.backups] == [holding]
    assert [each.path for each in second.backups] == [holding]
    assert first.backups[0].expires_at - first.backups[0].made_at == timedelta(days=30)
    assert without in [each.path for each in backup_files.list_backups(path)]


def test_a_backup_under_an_old_name_is_listed_too(kept, instrument):
    ids = fill(kept, instrument)
    holding = kept.backup()
    kept.rename_party("Provbiblioteket", f"Parten {CANARY}", "Ett nytt namn")

    assert [each.path for each in kept.erase_party("Provbiblioteket", "Ett nytt namn").backups] == [holding]
    assert [each.path for each in kept.erase_assessment(ids["assessment"]).backups] == [holding]


def test_a_backup_that_cannot_be_looked_into_is_listed_as_holding_it(kept, begun, path):
    (path.parent / "backups").mkdir()
    noise = path.parent / "backups" / "assessor-20310501-120000.db"
    noise.write_bytes(os.urandom(4096))

    assert [each.path for each in kept.erase_assessment(begun).backups] == [noise]


def test_an_erasure_that_another_reader_holds_up_says_so_and_is_finished_by_a_second(path, instrument, monkeypatch):
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, "PRAGMA busy_timeout=100"))
    with Store.open(path, create=True) as store, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        ids = fill(store, instrument)
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM entry").fetchall()
        with pytest.raises(ErasureIncomplete, match="erase again"):
            ERASURES["party"](store, ids)
        reader.execute("ROLLBACK")

        assert ERASURES["party"](store, ids).count == 0
        assert canaries(path.parent) == []
