"""A service that goes on: restarted while people answer, its database dumped and put back by PostgreSQL's own tools."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import cluster
import pytest
from web_proxy import Proxy, needs_nginx, proxy_in, running_proxy
from web_services import BASE, ProxiedBrowser, address_in, host_key, running_service

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.library_access import Keys
from assessor.usecases.workshop_secrets import hash_secret

pytestmark = [pytest.mark.full, needs_nginx]
PEOPLE = 4


@pytest.fixture
def server() -> Iterator[cluster.Cluster]:
    with cluster.running() as found:
        yield found


Start = Callable[[int], ExitStack]


@pytest.fixture
def behind(server: cluster.Cluster, home: Path, tmp_path: Path) -> Iterator[tuple[Proxy, str, Start]]:
    """The proxy, the store, and what starts a service at a port, to be closed again."""
    url = server.url(server.database())
    with running_proxy(proxy_in(tmp_path / "nginx")) as proxy:

        def start(port: int) -> ExitStack:
            folder = tmp_path / f"{port}-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            running = ExitStack()
            running.enter_context(running_service(folder, "--port", str(port), "--workers", "2", store=url))
            return running

        yield proxy, url, start


def test_a_restart_while_people_answer_loses_nothing_and_refuses_nobody(behind):
    proxy, url, start = behind
    address = host_key(ASSESSOR_STORE=url)
    first = start(proxy.service)
    https = f"https://127.0.0.1:{proxy.https}"
    host = ProxiedBrowser(https)
    host.press(address)
    people = []
    for number in range(PEOPLE):
        person = ProxiedBrowser(https)
        library = person.press(address_in(host.press("/host", names=f"Library {number}").text).removeprefix(BASE))
        people.append((person, person.press(f"{library.headers['location']}/new", party="Example").headers["location"]))
    ended = Event()

    def answer(person: ProxiedBrowser, of: str) -> list[int]:
        told = []
        while not ended.is_set() or len(told) % 2:
            response = ("joint", "ready")[len(told) % 2]
            told.append(person.press(f"{of}/q/creation", response=response).status_code)
        return told

    with ThreadPoolExecutor(PEOPLE) as at_once:
        answering = [at_once.submit(answer, *each) for each in people]
        spare = start(proxy.spare)
        first.close()
        again = start(proxy.service)
        spare.close()
        ended.set()
        told = [each.result() for each in answering]
    again.close()
    with Store.open(url, write=False) as store:
        kept = [len(store.assessments(library=f"Library {number}")[0].history) for number in range(PEOPLE)]

    assert {status for each in told for status in each} == {303}
    assert kept == [len(each) for each in told]
    assert min(kept) > 4


def test_a_dump_that_is_put_back_holds_every_answer_and_lets_in_whom_it_let_in(server, tmp_path):
    url = server.url(server.database())
    bank = open_bank("dokk1")
    with Store.open(url) as store:
        (key,) = Keys(store).give_keys(["Library A"])
        opened = Keys(store).open(key.secret, "k" * 20, "")
        collaboration = store.add_collaboration("Library A", "Example School")
        assessment = store.begin_assessment(collaboration.id, bank.instrument, bank.snapshot)
        store.record_entry(assessment, "response", "creation", "joint")
        before = store.content_hash()
    dump, other = tmp_path / "dump", server.url(server.database())
    environment = {**os.environ, "PATH": f"{cluster.programs()}:{os.environ['PATH']}"}
    for command in (("pg_dump", "-Fc", "-f", dump, url), ("pg_restore", "--no-owner", "-d", other, dump)):
        subprocess.run(command, check=True, capture_output=True, env=environment)
    with Store.open(other) as store:
        after, inside = store.content_hash(), Keys(store).member_with(opened[1], key.library)
    with Store.open(url) as store:
        store.erase_collaboration(collaboration.id)
        store.members.withdraw_credential(hash_secret(opened[1]))
    done = subprocess.run(
        (sys.executable, "-m", "assessor", "--lang", "en", "--store", other, "store", "erase-again", url),
        check=True,
        capture_output=True,
        text=True,
    )
    with Store.open(other) as store:
        left = store.collaborations("Library A"), Keys(store).member_with(opened[1], key.library)

    assert after == before
    assert inside is not None
    assert left == ((), None)
    assert "collaborations 1, assessments 1" in done.stderr
    assert "Withdrawn again, as they were before, or opened: 1" in done.stderr
