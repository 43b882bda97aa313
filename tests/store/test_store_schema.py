"""From one schema to the next: a backup first, all or nothing, and every row and its content kept."""

import dataclasses
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from crashing import killed

from assessor.store import Store, backup_files, restore_backup, sqlite, sqlite_file
from assessor.store.copying import selected_columns
from assessor.store.errors import StoreOlder, StoreUsedByOlder, UpgradeFailed
from assessor.store.schema import SCHEMA, Schema
from assessor.store.server_database import ServerDatabase
from assessor.store.statements import CONTENT_BY_TABLE

HERE = Path(__file__).parent
LATER = Schema(revisions=(*SCHEMA.revisions, "0005"), migration_folders=(HERE / "later",))
BROKEN = Schema(revisions=(*SCHEMA.revisions, "0005"), migration_folders=(HERE / "broken",))
#: Every released schema with every table populated, as SQL; each stays here for good.
RELEASED = sorted(HERE.glob("schema_*.sql"))


def poured(dump: Path, path: Path) -> Path:
    """A store file from a dump."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(dump.read_text("utf-8"))
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        connection.execute(sqlite.ENABLE_WAL)
    return path


Rows = list[dict[str, object]]


def content(path: Path) -> dict[str, Rows]:
    """Every row that is kept, table by table, of the tables and columns that there are."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        there = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
        return {
            table: _rows(connection, table, statement, there[table])
            for table, statement in CONTENT_BY_TABLE.items()
            if table in there
        }


def _rows(connection, table: str, statement: str, there: set[str]) -> Rows:
    names = [name for name in selected_columns(statement) if name in there]
    order = statement.partition(" ORDER BY ")[2]
    rows = connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}")  # noqa: S608
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def none_new(before: dict[str, Rows]) -> dict[str, Rows]:
    """The content once the tables that came later are there, with nothing in them, and each entry's cause is filled."""
    entries = [{**row, "replaces": _replaced(row, before["entry"]), "who": ""} for row in before["entry"]]
    return {table: before.get(table, []) for table in CONTENT_BY_TABLE} | {
        "entry": before["entry"] if "who" in before["entry"][0] else entries
    }


def _replaced(row: dict[str, object], entries: Rows) -> str:
    """The key of the entry before it of its kind and item."""
    same = [other for other in entries if all(other[name] == row[name] for name in ("assessment", "kind", "item"))]
    earlier = [other for other in same if other["seq"] < row["seq"]]
    return max(earlier, key=lambda other: other["seq"])["key"] if earlier else ""


def revision(path: Path) -> str:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


def test_there_is_a_populated_dump_of_every_released_schema():
    assert [dump.stem for dump in RELEASED] == [f"schema_{revision}" for revision in SCHEMA.revisions]


@pytest.mark.parametrize("schema", [SCHEMA, LATER], ids=["now", "later"])
@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_every_row_of_every_released_schema_outlives_the_upgrade(dump, schema, path):
    before = content(poured(dump, path))
    Store.open(path, schema=schema).close()

    assert all(before.values())
    assert content(path) == none_new(before)
    assert revision(path) == schema.newest_revision


def test_a_backup_of_the_old_schema_is_there_after_the_upgrade(path):
    before = content(poured(RELEASED[-1], path))
    Store.open(path, schema=LATER).close()

    (backup,) = backup_files.list_backups(path)
    assert (revision(backup.path), content(backup.path)) == (SCHEMA.newest_revision, before)


def test_an_upgrade_that_fails_changes_nothing(path):
    before = content(poured(RELEASED[-1], path))

    with pytest.raises(UpgradeFailed, match=r"a reference was broken\) and was left as it was"):
        Store.open(path, schema=BROKEN)
    assert (revision(path), content(path)) == (SCHEMA.newest_revision, before)
    Store.open(path).close()


def test_an_upgrade_whose_statement_fails_changes_nothing(path):
    before = content(poured(RELEASED[-1], path))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE _alembic_tmp_party (already TEXT)")

    with pytest.raises(UpgradeFailed, match="already exists"):
        Store.open(path, schema=LATER)
    assert (revision(path), content(path)) == (SCHEMA.newest_revision, before)


#: Names as the third schema could keep them, and what becomes of them.
OLD_NAMES = """
INSERT INTO library VALUES ('l1', 'Åmåls bibliotek'), ('l2', 'Åmåls  bibliotek'), ('l3', 'Ensamma biblioteket');
INSERT INTO party VALUES ('p1', 'l1', 'Skolan'), ('p2', 'l1', 'Sko­lan'), ('p3', 'l1', 'Skolan (2)'),
    ('p4', 'l2', 'Sko­lan'), ('p5', 'l2', '​');
INSERT INTO collaboration VALUES ('c1', 'p1', 'läsning  nu', 91), ('c2', 'p1', 'läsning nu', 92),
    ('c3', 'p1', 'läsning nu', 93), ('c4', 'p2', '', 94), ('c5', 'p2', '​', 95);
"""


def names_kept(store: Store) -> list[tuple[str, list[str]]]:
    known = [name for name in store.libraries() if "bibliotek" in name]
    return [(name, [each.name for each in store.collaborations(name)]) for name in known]


def test_names_that_looked_the_same_get_a_number_after_a_backup_and_are_told_once(path):
    poured(HERE / "schema_0003.sql", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD_NAMES)
    before = content(path)
    with Store.open(path) as store:
        told, kept = store.numbered_names, names_kept(store)
    with Store.open(path) as store:
        told_again, kept_again = store.numbered_names, names_kept(store)

    assert told == (
        "Åmåls bibliotek (2)",
        "Skolan (3)",
        "Skolan · läsning nu (2)",
        "Skolan · läsning nu (3)",
        "Skolan (3) · (2)",
    )
    assert (
        "Åmåls bibliotek",
        ["Skolan · läsning nu (2)", "Skolan · läsning nu", "Skolan · läsning nu (3)", "Skolan (3)", "Skolan (3) · (2)"],
    ) in kept
    assert "Ensamma biblioteket" in [name for name, _ in kept]
    assert (told_again, kept_again) == ((), kept)
    (backup,) = backup_files.list_backups(path)
    assert content(backup.path) == before


def test_the_command_line_tells_once_which_names_got_a_number(path):
    with closing(sqlite3.connect(poured(HERE / "schema_0003.sql", path))) as connection:
        connection.executescript(OLD_NAMES)
    command = (sys.executable, "-m", "assessor", "--store", str(path), "--library", "Ensamma biblioteket", "renew")
    environment = {**os.environ, "ASSESSOR_LANG": "en", "LANG": "C.UTF-8"}
    first, again = (
        subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False) for _ in range(2)
    )

    assert first.stderr.splitlines()[0] == (
        "These names looked the same as others here, so they have a number now: 'Åmåls bibliotek (2)', 'Skolan (3)', "
        "'Skolan · läsning nu (2)', 'Skolan · läsning nu (3)', 'Skolan (3) · (2)'"
    )
    assert "a number now" not in again.stderr
    assert (first.returncode, again.returncode) == (0, 0)


def test_a_backup_with_names_that_looked_the_same_is_restored_with_numbers_that_are_told(path, tmp_path):
    old = poured(HERE / "schema_0003.sql", tmp_path / "old.db")
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(OLD_NAMES)
        connection.execute("PRAGMA journal_mode=DELETE")

    assert restore_backup(old, path).numbered_names[:2] == ("Åmåls bibliotek (2)", "Skolan (3)")


def test_names_on_a_server_that_looked_the_same_get_the_same_numbers(served, tmp_path):
    url, _ = served(HERE / "schema_0003.sql", tmp_path)
    with psycopg.connect(url) as connection:
        connection.execute(OLD_NAMES)
    poured(HERE / "schema_0003.sql", tmp_path / "file.db")
    with closing(sqlite3.connect(tmp_path / "file.db")) as connection:
        connection.executescript(OLD_NAMES)

    with Store.open(url) as there, Store.open(tmp_path / "file.db") as here:
        assert there.numbered_names == here.numbered_names
        assert names_kept(there) == names_kept(here)


def upgrades_killed(folder: Path, count: int) -> dict[str, int]:
    """How many kills found the old schema, the new one, or something else."""
    found = {"old": 0, "new": 0, "other": 0}
    for number in range(count):
        path = poured(RELEASED[-1], folder / str(number) / "assessor.db")
        before = content(path)

        def work(say, path=path):
            say("begun")
            Store.open(path, schema=LATER).close()

        killed(work, number / count * 0.12)
        with closing(sqlite.connect(path, write=False)) as connection:
            whole = sqlite.is_intact(connection, thorough=True) and content(path) == before
        kind = {SCHEMA.newest_revision: "old", LATER.newest_revision: "new"}[revision(path)] if whole else "other"
        found[kind] += 1
        Store.open(path, schema=LATER).close()
        assert content(path) == before
    return found


def test_an_upgrade_that_is_killed_leaves_the_old_or_the_new(tmp_path):
    Store.open(poured(RELEASED[-1], tmp_path / "warm.db"), schema=LATER).close()  # imports before the fork
    found = upgrades_killed(tmp_path, 20)

    assert (found["other"], found["old"] + found["new"]) == (0, 20)
    assert found["old"]


@pytest.mark.campaign
def test_an_upgrade_killed_at_two_hundred_moments_leaves_the_old_or_the_new(tmp_path, capsys):
    Store.open(poured(RELEASED[-1], tmp_path / "warm.db"), schema=LATER).close()
    found = upgrades_killed(tmp_path, 200)
    with capsys.disabled():
        print(f"\n200 kills of an upgrade: {found}")

    assert found["other"] == 0
    assert min(found["old"], found["new"]) > 10


def test_a_reader_does_not_upgrade(path):
    poured(RELEASED[-1], path)

    with pytest.raises(StoreOlder, match="open it once for writing"):
        Store.open(path, write=False, schema=LATER)
    assert revision(path) == SCHEMA.newest_revision


def test_the_script_makes_what_alembic_makes(tmp_path):
    by_alembic = tmp_path / "alembic.db"
    sqlite_file.create_store_file(by_alembic, dataclasses.replace(SCHEMA, creation_script=None))
    with closing(sqlite3.connect(by_alembic)) as connection:
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
        statements = [f"{sql};" for (sql,) in rows]
    stamp = f"INSERT INTO alembic_version VALUES ('{revision(by_alembic)}');"  # noqa: S608

    assert SCHEMA.creation_script.read_text("utf-8") == "\n".join([*statements, stamp, ""])


def test_the_known_revisions_are_those_of_the_migrations(tmp_path):
    found = sorted((Path(sqlite_file.__file__).parent / "migrations" / "versions").glob("r*.py"))

    assert tuple(path.stem[1:5] for path in found) == SCHEMA.revisions


def test_a_database_behind_a_url_is_upgraded_too(tmp_path):
    path = poured(RELEASED[-1], tmp_path / "assessor.db")
    before = content(path)
    ServerDatabase(f"sqlite:///{path}", LATER).close()

    assert (revision(path), content(path)) == (LATER.newest_revision, before)


def test_what_an_older_schema_kept_is_still_the_librarys_own_after_the_upgrade(path):
    poured(RELEASED[0], path)

    with Store.open(path) as store:
        assert len(store.assessments()) == len(content(path)["assessment"])
        assert store.workshops.all() == ()


def test_everything_that_is_kept_is_in_what_is_counted_copied_and_compared(tmp_path):
    path = poured(RELEASED[-1], tmp_path / "assessor.db")
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} for table in tables}
    kept.pop("alembic_version")

    assert {table: set(selected_columns(statement)) for table, statement in CONTENT_BY_TABLE.items()} == kept


# --- on a server ----------------------------------------------------------------------------------


@pytest.fixture
def served(cluster):
    """Pours a dump into a database of a server; its URL and its content."""
    names = []

    def pour(dump, folder):
        names.append(name := cluster.database())
        before = content(poured(dump, folder / f"{dump.stem}.db"))
        until = SCHEMA.revisions.index(dump.stem.removeprefix("schema_")) + 1
        ServerDatabase(cluster.url(name), Schema(revisions=SCHEMA.revisions[:until])).close()
        with psycopg.connect(cluster.url(name)) as connection, connection.cursor() as cursor:
            for table, rows in before.items():
                names_of = list(rows[0])
                values = ", ".join(f"%({name})s" for name in names_of)
                cursor.executemany(f"INSERT INTO {table} ({', '.join(names_of)}) VALUES ({values})", rows)  # noqa: S608
        return cluster.url(name), before

    yield pour
    for name in names:
        cluster.drop(name)


def content_there(url: str) -> dict[str, Rows]:
    with psycopg.connect(url) as connection:
        there: dict[str, set[str]] = {}
        for table, column in connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ):
            there.setdefault(table, set()).add(column)
        return {
            table: _rows(connection, table, statement, there[table])
            for table, statement in CONTENT_BY_TABLE.items()
            if table in there
        }


def revision_there(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]


@pytest.mark.parametrize("schema", [SCHEMA, LATER], ids=["now", "later"])
@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_every_row_on_a_server_outlives_the_upgrade(dump, schema, served, tmp_path):
    url, before = served(dump, tmp_path)
    Store.open(url, schema=schema).close()

    assert all(before.values())
    assert content_there(url) == none_new(before)
    assert revision_there(url) == schema.newest_revision


def test_tables_on_a_server_are_not_changed_beneath_a_program_that_runs(served, tmp_path):
    url, before = served(RELEASED[-1], tmp_path)
    with Store.open(url) as running:
        with pytest.raises(StoreUsedByOlder, match=r"in use by an older assessor .* make a dump"):
            Store.open(url, schema=LATER)
        there = content_there(url), revision_there(url)
        running.add_library("Biblioteket i dalen")
    Store.open(url, schema=LATER).close()

    assert there == (before, SCHEMA.newest_revision)
    assert revision_there(url) == LATER.newest_revision


def test_an_upgrade_that_fails_on_a_server_changes_nothing(served, tmp_path):
    url, before = served(RELEASED[-1], tmp_path)

    with pytest.raises(UpgradeFailed, match=r"violates foreign key .* and was left as it was"):
        Store.open(url, schema=BROKEN)
    assert (revision_there(url), content_there(url)) == (SCHEMA.newest_revision, before)
    Store.open(url).close()


def test_an_upgrade_on_a_server_that_is_killed_leaves_the_old_or_the_new(served, tmp_path):
    found = set()
    Store.open(served(RELEASED[0], tmp_path / "warm")[0]).close()  # imports before the fork
    for number in range(5):
        url, before = served(RELEASED[0], tmp_path / str(number))

        def work(say, url=url):
            say("begun")
            Store.open(url, schema=LATER).close()

        killed(work, number / 5 * 0.25)
        found.add(revision_there(url))
        Store.open(url, schema=LATER).close()
        assert content_there(url) == none_new(before)
    assert found <= {"0001", LATER.newest_revision}
    assert "0001" in found
