"""Several processes answer for one workshop, over a database that takes several writers: nothing of it is in memory."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import cluster
import httpx2
import pytest

from assessor.store import Store
from assessor.web.http.listening import PortTaken, listening_sockets

BASE = "https://workshops.example"
HEADERS = {"host": "workshops.example", "accept-language": "en", "x-forwarded-proto": "https"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with cluster.running() as server:
        yield server.url(server.database())


def free() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture
def serving(url: str, tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port, and the program that has four processes answer on it."""
    with Store.open(url) as store:
        for party in ("Example School", "Example Museum"):
            store.add_collaboration("Example Library", party)
    port = free()
    environment = {**os.environ, "ASSESSOR_HOME": str(tmp_path), "ASSESSOR_LANG": "en", "ASSESSOR_DEBUG": "1"}
    command = (sys.executable, "-m", "assessor", "--store", url, "serve", "--base-url", BASE)
    program = subprocess.Popen(
        (*command, "--port", str(port), "--workers", "4", "--open", "The example day", "--all"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=tmp_path,
        preexec_fn=with_core_files,
    )
    try:
        yield port, program
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=20)


def with_core_files() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class Browser:
    """One who keeps cookies and opens a new connection for everything, so that either process may answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **fields: str) -> httpx2.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**HEADERS, "origin": BASE, "sec-fetch-site": "same-origin", **({"cookie": cookie} if cookie else {})}
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20) as client:
            told = client.request(method, path, headers=headers, data=fields or None)
        for kept in told.headers.get_list("set-cookie"):
            name, _is, value = kept.partition(";")[0].partition("=")
            self.cookies[name] = value
        return told


def answering(port: int) -> bool:
    for _ in range(100):
        try:
            return Browser(port).ask("GET", "/accessibility").status_code == 200
        except httpx2.TransportError:
            time.sleep(0.1)
    return False


def workers(program: subprocess.Popen[str]) -> list[Path]:
    """The processes that answer, as /proc has them."""
    return [
        Path("/proc", each)
        for each in Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text(encoding="ascii").split()
    ]


def open_files(process: Path) -> int:
    return len(list((process / "fd").iterdir()))


def test_a_burst_of_connections_is_shared_by_all_processes(serving):
    port, program = serving
    assert answering(port)
    before = {each: open_files(each) for each in workers(program)}
    with ExitStack() as lines:
        for _ in range(100):
            lines.enter_context(socket.create_connection(("127.0.0.1", port)))
        time.sleep(1)
        taken = [open_files(each) - number for each, number in before.items()]

    assert len(taken) == 4
    assert sum(taken) >= 95
    assert min(taken) >= 5, taken


def test_who_was_dealt_to_a_process_that_died_is_answered_by_the_next_and_no_core_file_is_left(serving, tmp_path):
    port, program = serving
    assert answering(port)
    os.kill(int(workers(program)[0].name), signal.SIGABRT)
    answered = [Browser(port).ask("GET", "/accessibility").status_code for _ in range(20)]

    assert answered == [200] * 20
    assert list(tmp_path.glob("core*")) == []


def test_a_port_that_several_processes_share_is_taken_for_another_server(serving, url):
    port, _program = serving
    assert answering(port)
    for number in (1, 4):
        with pytest.raises(PortTaken), listening_sockets(port, "127.0.0.1", number):
            pass


def test_eight_people_answer_through_several_processes_and_all_of_it_is_kept_once(serving, url):
    port, _program = serving
    assert answering(port)
    with Store.open(url) as store:
        (workshop,) = store.workshops.all()
    people = [Browser(port) for _ in range(8)]
    for number, one in enumerate(people):
        assert one.ask("POST", f"/j/{workshop.code}", key=f"{number:020}", language="en").status_code == 303
        begun = one.ask("POST", f"/c/{workshop.listed[0]}/begin", key=f"b{number:019}")
        of = re.sub(r"/(gut|q/.*)$", "", begun.headers["location"].partition("?")[0])
        for _again in range(2):  # what is sent twice, to whichever process, counts once
            told = one.ask("POST", f"{of}/gut", key=f"g{number:019}", response="network", seen="0", turn="1")
            assert told.status_code == 303
        assert one.ask("GET", "/").status_code == 200

    with Store.open(url) as store:
        given = store.assessments_in_workshop(workshop.id)
        assert [each.gut for each in given] == ["network"] * 8
        assert [len(each.history) for each in given] == [1] * 8


def test_sockets_on_any_free_port_are_all_on_the_same():
    with listening_sockets(0, "127.0.0.1", 3) as sockets:
        ports = {each.getsockname()[1] for each in sockets}

    assert len(ports) == 1
