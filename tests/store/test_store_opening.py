"""Opening: what is not a store is refused as it lies, who comes second is told, and only its owner can read it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from crashing import killed

from assessor.store import Store, sqlite
from assessor.store.errors import (
    NotAStore,
    StoreBusy,
    StoreDamaged,
    StoreEmpty,
    StoreInUse,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    StoreTruncated,
)

SNAPSHOT = "the bank's text " * 400


def picture(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, byte by byte."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def populate(path: Path, instrument) -> None:
    with Store.open(path, create=True) as store:
        id_ = store.begin_assessment(store.add_collaboration("Provbiblioteket", "Parten").id, instrument, SNAPSHOT)
        for n in range(50):
            store.record_entry(id_, "note", "creation", f"{n} " + "å" * 300)


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def one_byte_less(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def fifty_bytes(path: Path) -> None:
    os.truncate(path, 50)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(4096))


def another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE recipe (id INTEGER); PRAGMA application_id=252006673;")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=DELETE; UPDATE alembic_version SET version_num = '9999';")


def unstamped(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA journal_mode=DELETE; DELETE FROM alembic_version;")


def acting(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "PRAGMA journal_mode=DELETE; CREATE TRIGGER t AFTER INSERT ON entry BEGIN DELETE FROM library; END;"
        )


def noise_in_the_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(os.urandom(4096))


@pytest.mark.parametrize("write", [True, False], ids=["to write", "to read"])
@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (half, StoreTruncated),
        (one_byte_less, StoreTruncated),
        (fifty_bytes, StoreTruncated),
        (empty, StoreEmpty),
        (noise, NotAStore),
        (another_program, NotAStore),
        (acting, NotAStore),
        (newer, StoreNewer),
        (unstamped, StoreDamaged),
        (noise_in_the_middle, StoreDamaged),
    ],
)
def test_what_cannot_be_trusted_is_refused_as_it_lies_and_its_last_backup_named(
    path, instrument, spoil, refusal, write
):
    populate(path, instrument)
    with Store.open(path) as store:
        backup = store.backup()
    spoil(path)
    before = picture(path.parent)

    with pytest.raises(refusal) as caught:
        Store.open(path, create=True, write=write)
    assert picture(path.parent) == before
    assert str(caught.value).endswith(f". The last backup: {backup}")


def test_a_refusal_says_so_when_there_is_no_backup(path, instrument):
    populate(path, instrument)
    empty(path)

    with pytest.raises(StoreEmpty, match=r"\. There is no backup beside it$"):
        Store.open(path)


@pytest.mark.parametrize("write", [True, False])
@pytest.mark.parametrize("name", ["asessor.db", "missing/assessor.db", "file.txt/assessor.db"])
def test_a_mistyped_path_makes_nothing(tmp_path, name, write):
    (tmp_path / "file.txt").write_text("")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(StoreMissing, match="none was made"):
        Store.open(tmp_path / name, write=write)
    assert sorted(tmp_path.rglob("*")) == before


def test_the_log_of_a_store_that_is_gone_is_not_written_over(path, instrument):
    populate(path, instrument)
    path.with_name("assessor.db-wal").write_bytes(b"the only copy of something")
    path.unlink()

    with pytest.raises(StoreDamaged):
        Store.open(path, create=True)
    assert path.with_name("assessor.db-wal").read_bytes() == b"the only copy of something"


def test_a_second_writer_is_told_within_five_seconds_who_writes_and_a_reader_is_welcome(kept, begun, path):
    started = time.monotonic()

    with pytest.raises(StoreInUse, match=rf"in use by pid {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:\d\d;"):
        Store.open(path)
    assert 1 < time.monotonic() - started < 5
    kept.record_entry(begun, "response", "creation", "joint")
    with Store.open(path, write=False) as reader:
        assert reader.assessment(begun).responses == {"creation": "joint"}
        kept.record_entry(begun, "response", "creation", "ready")
        assert reader.assessment(begun).responses == {"creation": "ready"}


def test_a_second_writer_gets_in_when_the_first_is_done(kept, path):
    code = "import sys; from assessor.store import Store; print('waits', flush=True); Store.open(sys.argv[1]).close()"
    other = subprocess.Popen(
        [sys.executable, "-c", code, path],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    other.stdout.readline()
    time.sleep(0.5)
    kept.close()

    other.communicate()
    assert other.returncode == 0


def test_a_reader_cannot_write(kept, begun, path):
    with Store.open(path, write=False) as reader, pytest.raises(StoreReadOnly):
        reader.record_entry(begun, "response", "creation", "joint")


def test_another_program_that_holds_the_file_is_told_of_within_five_seconds(kept, begun, path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()

        with pytest.raises(StoreBusy, match="Nothing was saved"):
            kept.record_entry(begun, "response", "creation", "joint")
        assert time.monotonic() - started < 5
        other.execute("ROLLBACK")
    kept.record_entry(begun, "response", "creation", "joint")


def test_a_url_names_the_same_file_as_its_path(kept, begun, path):
    with Store.open(f"sqlite:///{path}", write=False) as by_url:
        assert by_url.content_hash() == kept.content_hash()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_can_read_what_is_kept_whatever_the_umask(tmp_path, instrument, umask):
    before = os.umask(umask)
    try:
        with Store.open(tmp_path / "kept" / "assessor.db", create=True) as store:
            id_ = store.begin_assessment(store.add_collaboration("Provbiblioteket", "Parten").id, instrument, SNAPSHOT)
            store.record_entry(id_, "response", "creation", "joint")
            store.backup()
            store.backup(tmp_path / "kept" / "named.db")
            modes = {found.name: found.stat().st_mode & 0o777 for found in tmp_path.rglob("*")}
    finally:
        os.umask(before)

    assert {"assessor.db", "assessor.db-wal", "assessor.db-shm", "assessor.db.lock", "named.db"} <= set(modes)
    assert (modes.pop("kept"), modes.pop("backups")) == (0o700, 0o700)
    assert set(modes.values()) == {0o600}


def test_a_store_that_others_could_read_is_closed_to_them(path, instrument):
    populate(path, instrument)
    path.chmod(0o644)
    Store.open(path).close()

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_crashed_writers_log_is_read(path, instrument, tmp_path):
    populate(path, instrument)

    def work(say):
        store = Store.open(path)
        id_ = store.assessments()[0].id
        store.record_entry(id_, "response", "creation", "joint")
        say("kept")
        time.sleep(60)

    killed(work, 60, lines=1)
    crashed = tmp_path / "crashed"
    shutil.copytree(path.parent, crashed)

    assert (crashed / "assessor.db-wal").stat().st_size > 0
    for write in (False, True):
        with Store.open(crashed / "assessor.db", write=write) as store:
            assert store.assessments()[0].responses == {"creation": "joint"}
    assert [found.name for found in crashed.iterdir()] == ["assessor.db"]


@pytest.mark.parametrize(
    ("version", "may"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 54, 1), False),
    ],
)
def test_which_versions_of_sqlite_can_lose_a_commit_of_two_writers(version, may):
    assert sqlite.may_lose_commits(version) is may


def test_an_up_to_date_store_is_made_and_opened_by_the_standard_library_alone(tmp_path):
    code = (
        "import sys; from assessor.store import Store; Store.open(sys.argv[1], create=True).close(); "
        "Store.open(sys.argv[1]).close(); "
        "print([name for name in ('alembic', 'sqlalchemy', 'yaml', 'pydantic', 'babel') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "assessor.db"],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert done.stdout == "[]\n"
