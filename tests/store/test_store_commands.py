"""The commands with a server behind them: the same words and data as with a file, and never a password."""

import os
import subprocess
import sys

import pytest

from assessor import bank
from assessor.store import Store, copy_store
from assessor.store.server_urls import location_to_type


@pytest.fixture
def assessor(tmp_path):
    def run(*arguments, given="", **environment):
        env = {**os.environ, "ASSESSOR_HOME": str(tmp_path / "home"), "ASSESSOR_LANG": "en", "LANG": "C.UTF-8"}
        return subprocess.run(
            (sys.executable, "-m", "assessor", *map(str, arguments)),
            input=given,
            capture_output=True,
            encoding="utf-8",
            env={**env, **environment},
            cwd=tmp_path,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def file(tmp_path):
    """A store in a file: a library with one collaboration."""
    path = tmp_path / "from.db"
    with Store.open(path, create=True) as store:
        found = store.add_collaboration("Example Library", "Example School", "Evenings")
        id_ = store.begin_assessment(found.id, bank.open_bank("dokk1").instrument, bank.open_bank("dokk1").snapshot)
        store.record_entry(id_, "response", "creation", "joint")
    return path


def test_a_store_copied_to_a_server_is_listed_shown_exported_and_imported_as_from_the_file(assessor, file, url):
    copied = assessor("store", "copy", file, url)
    with Store.open(file) as store:
        digest = store.content_hash()

    assert (copied.returncode, copied.stdout) == (0, f"{digest}\n")
    assert copied.stderr.splitlines()[-1] == "Copied, and the copy was verified"
    for command in (("list", "--json"), ("export", "-o", "-")):
        from_file, from_server = assessor("--store", file, *command), assessor(*command, ASSESSOR_STORE=url)
        assert (from_server.returncode, from_server.stdout, from_server.stderr) == (0, from_file.stdout, "")
    answers = from_file.stdout
    assert assessor("--store", url, "import", "-", given=answers).stderr == "Nothing new in -; nothing was added\n"


def test_erasing_on_a_server_tells_what_its_host_still_holds(assessor, file, url):
    copy_store(file, url)
    done = assessor("--store", url, "erase", "--all", "--yes")

    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "Erased: 'Example Library' (assessments: 1)",
        "The server's own log and backups may hold it until they expire; the server's administrator knows when, "
        "and can clear its files at once with VACUUM FULL",
    ]


def test_restore_leaves_a_server_to_its_own_tools(assessor, file, url):
    done = assessor("--store", url, "restore", file, "--yes")

    assert (done.returncode, done.stdout) == (2, "")
    assert "use its own tools for backup and restore, such as pg_dump" in done.stderr


def test_an_empty_database_is_told_as_such(assessor, cluster):
    name = cluster.database()
    try:
        done = assessor("--store", cluster.url(name), "list")
    finally:
        cluster.drop(name)

    assert (done.returncode, done.stderr) == (
        74,
        f"There is no store in postgresql:///{name} yet; the first answers make one, and so does assessor store copy\n",
    )


@pytest.mark.parametrize(
    ("command", "address", "code"),
    [
        ((), "postgresql://me:canary@127.0.0.1:1/db", 69),
        (("open", "--no-browser"), "postgresql://me:canary@127.0.0.1:1/db", 69),
        (("list",), "postgresql://me:can/ary@127.0.0.1/db", 2),
    ],
)
def test_no_command_shows_a_password_or_a_traceback(assessor, command, address, code):
    done = assessor("--no-input", *command, ASSESSOR_STORE=address, ASSESSOR_LANG="en")

    assert done.returncode == code
    assert not [word for word in ("canary", "can/ary", "Traceback") if word in done.stdout + done.stderr]


def test_a_copy_to_a_server_that_is_not_there_says_so(assessor, file):
    done = assessor("store", "copy", file, "postgresql://me:canary@127.0.0.1:1/db")

    assert (done.returncode, done.stdout) == (69, "")
    assert done.stderr.startswith("postgresql://127.0.0.1:1/db cannot be reached (")
    assert "canary" not in done.stderr


def test_without_the_driver_the_one_command_that_installs_it_is_told(assessor, tmp_path):
    (tmp_path / "psycopg.py").write_text("raise ImportError('not here')")
    done = assessor("--store", "postgresql://localhost/db", "list", PYTHONPATH=str(tmp_path))

    assert done.returncode == 69
    assert done.stderr.endswith("elsewhere install it with: pip install 'assessor[postgresql]'\n")


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("/a/path.db", "/a/path.db"),
        ("postgresql://me:canary@host:5433/db", "postgresql://me@host:5433/db"),
        ("postgres://host/db?password=canary&sslmode=require", "postgresql://host/db?sslmode=require"),
        ("postgresql+psycopg://:canary@/db?host=/run", "postgresql:///db?host=/run"),
        ("postgresql://me:can@ary@host/db", "postgresql://…"),
    ],
)
def test_what_to_type_to_go_on_never_holds_the_password(where, shown):
    assert location_to_type(where) == shown


def test_restore_without_a_file_names_the_backups_there_are(assessor, tmp_path):
    none = assessor("restore")
    (tmp_path / "home").mkdir(exist_ok=True)
    with Store.open(tmp_path / "home" / "assessor.db", create=True) as store:
        made = store.backup()
    some = assessor("restore")

    assert (none.returncode, some.returncode) == (2, 2)
    assert none.stderr == "Name the backup to restore. There is: -\n"
    assert some.stderr == f"Name the backup to restore. There is:\n  {made}\n"
