"""A PostgreSQL of its own for a test run: on a socket in a temporary folder, with no port, and gone with the run."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest
from psycopg import sql

#: Where Debian puts them; elsewhere they are on the path.
_PROGRAMS: Final = "/usr/lib/postgresql/*/bin"
_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "fsync": "on",
    "synchronous_commit": "on",
    "logging_collector": "off",
}
#: Who asks for a password, and everybody else, whom the folder's rights let in.
_ENTRANCE: Final = "local all guarded scram-sha-256\nlocal all all trust\n"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest where there are several; None where there is none."""
    debian = sorted(Path("/").glob(_PROGRAMS.lstrip("/")), key=lambda folder: int(folder.parent.name))
    found = [folder for folder in debian if (folder / "postgres").exists()]
    on_path = shutil.which("postgres")
    return found[-1] if found else Path(on_path).parent if on_path else None


class Cluster:
    """One server and its databases; every opening of a database is a new one."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self._programs = programs
        self._databases = 0
        self._process: subprocess.Popen[bytes] | None = None
        root = os.geteuid() == 0
        owner = pwd.getpwnam("postgres") if root else pwd.getpwuid(os.geteuid())
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        self.user = owner.pw_name
        # The server refuses to run as root, and must not outlive a run that is killed.
        change = ("--reuid", owner.pw_name, "--regid", str(owner.pw_gid), "--clear-groups") if root else ()
        self._as_owner = ("setpriv", *change, "--pdeathsig", "INT")

    def make(self) -> None:
        """The files of the server; letters are sorted as in Swedish, which no claim may hang on."""
        command = (self._programs / "initdb", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        sorting = ("--locale-provider=icu", "--icu-locale=sv", "--auth=trust", "-D", self.folder / "data")
        subprocess.run((*self._as_owner, *command, *sorting), check=True, capture_output=True, cwd="/")
        (self.folder / "data" / "pg_hba.conf").write_text(_ENTRANCE)

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        command = (self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *settings)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen((*self._as_owner, *command), stdout=log, stderr=log, cwd="/")
        until = time.monotonic() + 30
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self.log.read_text("utf-8", "replace"))
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            self.admin().close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT ends every connection, SIGQUIT ends as if the power were cut."""
        if self._process:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def admin(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of the server's owner."""
        return psycopg.connect(host=str(self.folder), user=self.user, dbname=database, autocommit=True)

    def url(self, database: str, folder: Path | None = None) -> str:
        """A database as people write it; by another folder of sockets where one is named."""
        return f"postgresql://{self.user}@/{database}?host={folder or self.folder}"

    def database(self, template: str = "template1", **options: str) -> str:
        """The name of a new database; `options` as CREATE DATABASE has them."""
        self._databases += 1
        name = f"d{os.getpid()}_{self._databases}"
        more = "".join(f" {option} {value}" for option, value in options.items())
        with self.admin() as admin:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + more)  # type: ignore[arg-type]
            admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def end_connections(self, name: str) -> int:
        """Every connection to a database is ended by the server, and gone when this returns; how many there were."""
        statement = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
        with self.admin() as admin:
            return len(admin.execute(statement, (name,)).fetchall())

    def drop(self, name: str) -> None:
        """The database is gone, whoever is still in it."""
        with self.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def running(where: Path | None = None) -> Iterator[Cluster]:
    """A started server, stopped and removed afterwards; in memory unless a folder is named."""
    found = programs()
    if found is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    memory = Path("/dev/shm")  # noqa: S108
    place = where or (memory if os.access(memory, os.W_OK) else None)
    folder = Path(tempfile.mkdtemp(prefix="assessor-pg-", dir=place))
    try:
        cluster = Cluster(folder, found)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
