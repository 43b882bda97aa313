"""A server as a system runs it: what it prints is kept, and what it holds in memory is not, however it ends."""

import os
import re
import resource
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest

from assessor.store import Store
from assessor.usecases.workshop_secrets import hash_secret

BASE = "https://workshops.example"
ANSWER = "What the Example School must never read"


def free() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def with_core_files() -> None:
    """As on a machine that keeps a core file of every process that dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@pytest.fixture
def serve(home: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str]]]:
    """Starts the service; the process and what it said, which goes to a pipe, as to a journal."""
    with Store.open() as store:
        store.add_collaboration("The Example Library", ANSWER)
    command = (sys.executable, "-m", "assessor", "--lang", "en", "serve", "--base-url", BASE, "--port", str(free()))
    begun: list[subprocess.Popen[str]] = []

    def begin() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            (*command, "--open", "Spring day"),
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=with_core_files,
        )
        begun.append(process)
        assert process.stderr.readline().startswith("Serving ")
        return process, process.stderr.readline()

    yield begin
    for each in begun:
        if each.poll() is None:
            each.kill()
            each.communicate()


def all_said(process: subprocess.Popen[str], said: str) -> str:
    """All that a service printed until it was told to end."""
    process.send_signal(signal.SIGINT)
    return said + "".join(process.communicate(timeout=20)).strip()


def leads(address: str) -> bool:
    """Whether a workshop here is led by the one who opens this address."""
    with Store.open(write=False) as store:
        return store.workshops.find_by_secret(hash_secret(address.strip().rpartition("/lead/")[2])) is not None


def test_a_service_prints_no_address_that_leads_and_tells_who_runs_it_how_to_get_one(serve):
    first = all_said(*serve())
    told = re.fullmatch(
        r"What is shown here may be kept, so the address that leads Spring day is not; for one, type: (.*)\n", first
    )
    command = shlex.split(told[1])
    by_hand = [sys.executable, "-m", "assessor", *command[command.index("workshop") :]]
    address = subprocess.run(by_hand, capture_output=True, text=True, check=True).stdout
    second = all_said(*serve())

    assert second == first
    assert re.fullmatch(rf"{BASE}/lead/[\w-]{{22}}\n", address)
    assert leads(address), "a start of the service changes nothing for whoever has the address"


def test_at_a_terminal_the_address_is_shown_and_leads(home):
    with Store.open() as store:
        store.add_library("The Example Library")
    arguments = ["-m", "assessor", "--lang", "en", "serve", "--base-url", BASE, "--port", str(free())]
    program = pexpect.spawn(sys.executable, [*arguments, "--open", "Spring day"], encoding="utf-8", timeout=20)
    program.expect(rf"leads Spring day:\r\n({BASE}/lead/[\w-]+)")
    address = program.match[1]
    program.sendintr()
    program.expect(pexpect.EOF)
    program.close()

    assert leads(address)


def test_a_server_that_dies_leaves_no_core_file(serve, home):
    process, _said = serve()
    os.kill(process.pid, signal.SIGABRT)
    _pid, status = os.waitpid(process.pid, 0)
    process.returncode = -signal.SIGABRT
    for pipe in (process.stdout, process.stderr):
        pipe.close()

    assert (os.WTERMSIG(status), os.WCOREDUMP(status), list(home.glob("core*"))) == (signal.SIGABRT, False, [])


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
@pytest.mark.parametrize(("debug", "dumpable"), [("", "0"), ("1", "1")])
def test_nobody_reads_the_memory_of_a_server_but_programmers_who_ask_to(debug, dumpable):
    program = "import ctypes; from assessor import core_dumps as c; c.hide_memory(); print(ctypes.CDLL(None).prctl(3))"
    environment = {**os.environ, "ASSESSOR_DEBUG": debug}
    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == dumpable
