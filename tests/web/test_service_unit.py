"""The unit for systemd that is shipped: understood, shut in, and its command run word by word."""

import os
import pickle
import re
import shlex
import shutil
import signal
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import cluster
import pytest
from web_services import free_port, health

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.documents import PREPARED_BY_NAME, to_send

UNIT = Path(__file__).parents[2] / "assessor" / "web" / "deployment" / "assessor@.service"
needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")


def stated(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)


def environment_file() -> dict[str, str]:
    """What the unit's first lines say that the host's own file has."""
    lines = re.findall(r"^#   (ASSESSOR_\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(lines)


@needs_systemd
def test_the_unit_is_understood_and_lets_the_service_do_little(tmp_path: Path):
    unit = tmp_path / "assessor@.service"
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/usr/local/bin/assessor", sys.executable))
    told = subprocess.run(("systemd-analyze", "verify", unit), capture_output=True, text=True, check=False)
    exposed = subprocess.run(
        ("systemd-analyze", "security", "--offline=yes", "--threshold=20", unit),
        capture_output=True,
        text=True,
        check=False,
    )

    assert [line for line in told.stderr.splitlines() if "assessor@" in line] == []
    assert exposed.returncode == 0, exposed.stdout


def _calls(group: str) -> set[str]:
    """The system calls that a group has."""
    told = subprocess.run(("systemd-analyze", "syscall-filter", group), capture_output=True, text=True, check=True)
    named = [line.strip() for line in told.stdout.splitlines()[1:]]
    return set().union(*(_calls(name) if name[0] == "@" else {name} for name in named if name and name[0] != "#"))


def allowed_calls() -> set[str]:
    """The system calls that the unit's lines leave the service, as systemd reads them."""
    allowed = _calls("@default")
    for line in stated("SystemCallFilter"):
        named = set().union(*(_calls(name) if name[0] == "@" else {name} for name in line.lstrip("~").split()))
        allowed = allowed - named if line[0] == "~" else allowed | named
    return allowed


#: Runs a program as systemd does that filters its calls: `ALLOWED ... -- COMMAND ...`; any other call ends it.
SHUT_IN = """
import ctypes, os, sys
library = ctypes.CDLL("libseccomp.so.2")
library.seccomp_init.restype = ctypes.c_void_p
library.seccomp_init.argtypes = [ctypes.c_uint32]
library.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
library.seccomp_load.argtypes = [ctypes.c_void_p]
at, rules = sys.argv.index("--"), library.seccomp_init(0x80000000)
for name in sys.argv[1:at]:
    number = library.seccomp_syscall_resolve_name(name.encode())
    number < 0 or library.seccomp_rule_add(rules, 0x7FFF0000, number, 0)
assert library.seccomp_load(rules) == 0
os.execv(sys.argv[at + 1], sys.argv[at + 1:])
"""


@needs_systemd
@pytest.mark.skipif(find_library("seccomp") is None, reason="needs libseccomp")
def test_documents_are_made_within_what_the_unit_allows_and_their_process_ends_with_its_input(home):
    with Store.open(create=True) as store:
        poster = PREPARED_BY_NAME["poster"](store, "Library", open_bank("dokk1"), "en")
    packed = pickle.dumps((to_send(poster), None))
    wrapped = (sys.executable, "-c", SHUT_IN, *sorted(allowed_calls()), "--")
    child = subprocess.run(
        (*wrapped, sys.executable, "-m", "assessor.web.document_process"),
        input=len(packed).to_bytes(8, "big") + packed,
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert (child.returncode, child.stdout[8:12], child.stderr) == (0, b"%PDF", b"")


#: In a view of the files of its own: the command where the unit has it, and a folder for the service's state.
IN_PLACE = """
mount -t tmpfs none /usr/local/bin && mount -t tmpfs none /var/lib && mkdir /var/lib/assessor
printf '#!/bin/sh\\nexec {python} -m assessor "$@"\\n' > /usr/local/bin/assessor && chmod 755 /usr/local/bin/assessor
exec {command}
"""


@pytest.mark.full
@needs_systemd
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
def test_its_command_serves_until_it_is_told_to_end(tmp_path: Path):
    port, (command,) = free_port(), stated("ExecStart")
    host, (home,) = environment_file(), stated("Environment")
    words = shlex.split(command.replace("%i", str(port)).replace("$ASSESSOR_SERVE", host["ASSESSOR_SERVE"]))
    shut_in = (sys.executable, "-c", SHUT_IN, *sorted(allowed_calls()), "--", *words)
    script = IN_PLACE.format(python=sys.executable, command=shlex.join(shut_in))
    with cluster.running() as server, (tmp_path / "log").open("w+", encoding="utf-8") as log:
        given = dict([home.split("=", 1)]) | host | {"ASSESSOR_STORE": server.url(server.database())}
        wrapped = ("unshare", "--mount", "sh", "-c", script)
        process = subprocess.Popen(wrapped, env={**os.environ, **given}, cwd="/", stdout=log, stderr=log, text=True)
        told = health(process, port)
        process.send_signal(signal.SIGTERM)
        ended = process.wait(int(stated("TimeoutStopSec")[0]))
    said = (tmp_path / "log").read_text(encoding="utf-8")

    assert (told, ended) == (204, 0), said
    assert host["ASSESSOR_STORE"].startswith("postgresql://")
