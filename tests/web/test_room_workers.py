"""Several processes answer for one workshop, over a database that takes several writers: nothing of it is in memory."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cluster
import httpx2
import pytest

from assessor.store import Store

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
def serving(url: str, tmp_path: Path) -> Iterator[tuple[int, str]]:
    """The port, and the address that leads the workshop."""
    with Store.open(url) as store:
        for party in ("Example School", "Example Museum"):
            store.add_collaboration("Example Library", party)
    port = free()
    environment = {**os.environ, "ASSESSOR_HOME": str(tmp_path), "ASSESSOR_LANG": "en"}
    command = (sys.executable, "-m", "assessor", "--store", url, "serve", "--base-url", BASE)
    program = subprocess.Popen(
        (*command, "--port", str(port), "--workers", "2", "--open", "The example day", "--all"),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert program.stdout is not None
        yield port, program.stdout.readline().strip()
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=20)


class Browser:
    """One who keeps cookies and opens a new connection for everything, so that either process may answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, **fields: str) -> httpx2.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**HEADERS, "origin": BASE, "sec-fetch-site": "same-origin", **({"cookie": cookie} if cookie else {})}
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}") as client:
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


def test_eight_people_answer_through_two_processes_and_all_of_it_is_kept_once(serving, url):
    port, address = serving
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
    assert address.startswith(f"{BASE}/lead/")
