"""What a service counts of itself, and documents laid out in turns that several processes share."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_services import Service, service

from assessor.platform_calls import try_lock
from assessor.usecases.documents import PreparedDocument
from assessor.web.errors import PrintingFailed
from assessor.web.http.metrics import Metrics, shared_rows
from assessor.web.printing import PrintQueue

#: The child that is to lay this out ends with an error, which is as long a turn as any.
NOT_PRINTABLE = PreparedDocument(kind="nothing", name="nothing", ending="pdf", content=())


@pytest.fixture
def building(home) -> Iterator[Service]:
    found = service()
    with found.first:
        yield found


def numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, _space, value in (line.rpartition(" ") for line in lines(text))}


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


def test_what_is_counted_is_told_on_this_machine_alone_and_names_nobody(building):
    steward = building.steward("Library A")
    steward.get("/l/nothing")
    here, elsewhere = building.browser("127.0.0.1"), building.browser("198.51.100.7")
    told = here.get("/metrics")
    forwarded = here.client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1"})
    counted = numbers(told.text)

    assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert (elsewhere.get("/metrics").status_code, forwarded.status_code) == (404, 404)
    assert counted['assessor_requests_total{status="4xx"}'] == 1
    assert counted["assessor_request_seconds_count"] == sum(
        counted[f'assessor_requests_total{{status="{each}xx"}}'] for each in "2345"
    )
    assert [word for word in ("Library A", building.ids["Library A"], "/l/") if word in told.text] == []


def test_processes_add_up_what_they_counted_and_one_that_replaces_another_goes_on():
    rows = shared_rows(2)
    first, second = Metrics(rows, 0), Metrics(rows, 1)
    first.count_request(200, 0.003)
    second.count_request(503, 7.0)
    second.document_waits()
    replaced = Metrics(rows, 1)
    replaced.count_request(303, 0.2)
    told = numbers(first.text())

    assert told == numbers(replaced.text())
    assert [told[f'assessor_requests_total{{status="{each}xx"}}'] for each in "2345"] == [1, 1, 0, 1]
    assert told['assessor_request_seconds_bucket{le="0.005"}'] == 1
    assert told['assessor_request_seconds_bucket{le="0.25"}'] == 2
    assert told['assessor_request_seconds_bucket{le="+Inf"}'] == 3
    assert (told["assessor_documents_waiting"], told["assessor_processes"]) == (0, 2)


def test_documents_of_all_processes_wait_for_one_turn_and_a_dead_process_gives_its_turn_back(tmp_path: Path):
    turn = tmp_path / "turn"
    queues = [PrintQueue([turn], Metrics()) for _process in range(2)]
    held = try_lock(turn)

    async def print_in_turn(queue: PrintQueue) -> bytes:
        async with queue.turn():
            return await queue.print(NOT_PRINTABLE)

    async def print_all() -> list[object]:
        asked = [asyncio.create_task(print_in_turn(each)) for each in queues]
        await asyncio.sleep(0.3)
        waiting = [each.done() for each in asked]
        os.close(held)  # as the end of a process does
        return [waiting, *(type(each) for each in await asyncio.gather(*asked, return_exceptions=True))]

    assert asyncio.run(print_all()) == [[False, False], PrintingFailed, PrintingFailed]
