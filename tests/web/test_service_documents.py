"""Documents on a service: made in turns by a process of their own, so that nobody's page waits for another's report."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from time import monotonic, sleep

import cluster
import pytest
from markupsafe import Markup
from web_rooms import HOSTED, house
from web_services import Service

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.documents import PREPARED_BY_NAME, PreparedDocument
from assessor.web import printing
from assessor.web.errors import PrintersBusy, PrintingFailed
from assessor.web.http.metrics import Metrics
from assessor.web.http.store_worker import StoreWorker
from assessor.web.printing import DocumentProcess, PrintQueue


@pytest.fixture(params=[30.0])
def building(home, request) -> Iterator[Service]:
    """A service where so many seconds are waited for a document's turn."""
    metrics = Metrics()
    queue = PrintQueue(metrics=metrics, patience=request.param)
    found = Service(replace(house(HOSTED), metrics=metrics, print_queue=queue))
    with found.first:
        yield found


@pytest.fixture
def held(monkeypatch) -> Iterator[tuple[Event, list[bytes]]]:
    """What lets documents be made, and those that are being made or were."""
    go_on, begun = Event(), list[bytes]()

    def make(_process: DocumentProcess, packed: bytes) -> bytes:
        begun.append(packed)
        assert go_on.wait(30)
        return b"%PDF made"

    monkeypatch.setattr(DocumentProcess, "make", make)
    yield go_on, begun
    go_on.set()


def test_pages_of_another_library_are_answered_while_fifty_reports_are_asked_for(building, held):
    go_on, begun = held
    stewards = [(building.steward(name), building.ids[name]) for name in (f"Library {at}" for at in range(10))]
    other = building.steward("Another library")
    documents = ("report", "report.pdf", "report", "report.pdf", "documents/wall?as=page")
    with ThreadPoolExecutor(50) as many:
        asked = [
            many.submit(steward.get, f"/l/{library}/{document}")
            for steward, library in stewards
            for document in documents
        ]
        until = monotonic() + 20
        while _waiting(building) < 50 and monotonic() < until:
            sleep(0.05)
        meanwhile = other.get(f"/l/{building.ids['Another library']}").status_code
        now, being_made = _waiting(building), len(begun)
        go_on.set()

    assert (meanwhile, now, being_made) == (200, 50, printing.turns_here())
    assert {each.result().status_code for each in asked} == {200}


def _waiting(building: Service) -> int:
    told = building.browser("127.0.0.1").get("/metrics").text
    return next(int(line.split()[1]) for line in told.splitlines() if line.startswith("assessor_documents_waiting "))


@pytest.mark.full
def test_on_a_server_answers_are_kept_while_somebody_reads_long_for_a_report():
    with cluster.running() as server:
        url = server.url(server.database())
        Store.open(url, create=True).close()

        async def answer_meanwhile() -> tuple[list[str], list[str]]:
            worker, reading, go_on, done = StoreWorker(lambda: Store.open(url)), Event(), Event(), list[str]()

            def read(store: Store) -> list[str]:
                reading.set()
                assert go_on.wait(20)
                return list(store.libraries())

            await worker.run(lambda store: store.add_library("Before"))
            long = asyncio.create_task(worker.run_long(read))
            await asyncio.to_thread(reading.wait, 20)
            await worker.run(lambda store: done.append(store.add_library("Meanwhile")))
            go_on.set()
            try:
                return done, await long
            finally:
                await worker.close()

        told = asyncio.run(answer_meanwhile())

    assert told == (["Meanwhile"], ["Before", "Meanwhile"])


@pytest.mark.parametrize("building", [0.05], indirect=True)
def test_who_waits_too_long_for_a_report_is_told_so_and_asks_for_the_same_again(building, held):
    go_on, begun = held
    steward, base = building.steward("Library"), f"/l/{building.ids['Library']}"
    with ThreadPoolExecutor(printing.turns_here()) as others:
        first = [others.submit(steward.get, f"{base}/report") for _turn in range(printing.turns_here())]
        until = monotonic() + 20
        while len(begun) < len(first) and monotonic() < until:
            sleep(0.02)
        told = steward.get(f"{base}/documents/wall?as=page")
        go_on.set()

    assert (told.status_code, told.headers["retry-after"]) == (429, "60")
    assert "Very many reports are being made just now" in told.text
    assert f'href="{base}/documents/wall?as=page"' in told.text
    assert {each.result().status_code for each in first} == {200}


def test_one_person_cannot_take_every_place_in_the_queue():
    async def ask() -> list[str]:
        queue, told = PrintQueue(patience=10), list[str]()

        async def one(person: str) -> None:
            try:
                async with queue.turn(person):
                    await asyncio.sleep(0.01)
                    told.append(person)
            except PrintersBusy:
                told.append(f"{person} is refused")

        await asyncio.gather(*(one(person) for person in "aaaaaaab"))
        return sorted(told)

    assert asyncio.run(ask()) == ["a"] * printing.MAX_OF_ONE + ["a is refused"] * 2 + ["b"]


def test_a_document_that_ends_its_process_takes_no_other_along(home):
    with Store.open(create=True) as store:
        poster = PREPARED_BY_NAME["poster"](store, "Library", open_bank("dokk1"), "en")
    nothing = PreparedDocument(kind="nothing", content=(), name="nothing")

    async def make() -> tuple[str, bytes, object, bytes]:
        queue = PrintQueue()
        try:
            page, file = await queue.page(poster, Markup("<p>The bar</p>")), await queue.print(poster)
            (failed,) = await asyncio.gather(queue.print(nothing), return_exceptions=True)
            return page, file, type(failed), await queue.print(poster)
        finally:
            queue.close()

    page, file, failed, again = asyncio.run(make())

    assert ("<p>The bar</p>" in page, file[:4], failed, again == file) == (True, b"%PDF", PrintingFailed, True)
