"""The store is away, or something raises that nobody foresaw: nothing freezes, is lost, or is mistaken for erased."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass

import pytest
from web_pages import sheet
from web_rooms import Opened

from assessor.bank import LatestBank, open_bank
from assessor.store import Store
from assessor.store.errors import NotInStore, StoreBusy, StoreDiskError
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.usecases.workshops import Workshops
from assessor.web.http.store_worker import StoreWorker
from assessor.web.workshop import live_updates
from assessor.web.workshop.live_updates import LiveUpdates, Subscriber

TYPED = "What <nobody> but us may read"
UNFORESEEN = (
    KeyError(TYPED),
    AssertionError(TYPED),
    RecursionError(),
    StopIteration(TYPED),
    UnicodeError(),
    OSError(5),
)


def by_type(problem: BaseException) -> str:
    return type(problem).__name__


@dataclass
class Hall:
    """The live updates of a process, over a store whose workshops cannot be read while there is a `problem`."""

    room: Opened
    worker: StoreWorker
    problem: Exception | None = None

    def stream(self, hall: LiveUpdates, *, immediate: bool = True) -> AsyncIterator[bytes]:
        ear = Subscriber(
            render=lambda found: f"{found.workshop.stage} {len(found.respondents)}",
            cache_key=("test",),
            immediate=immediate,
        )
        latest = LatestBank(open_bank("dokk1"))
        return hall.stream_events(self.worker, latest, self.room.workshop.id, person="a", max_streams=2, subscriber=ear)

    async def stage(self, stage: str) -> None:
        await self.worker.run(
            lambda store: Facilitation(store, open_bank("dokk1")).set_stage(self.room.workshop.id, stage, key=new_key())
        )


@pytest.fixture
def hall(room: Opened, monkeypatch: pytest.MonkeyPatch) -> Hall:
    seconds = {"POLL_SECONDS": 0.02, "_FAILURE_PAUSE": 0.02, "PHONE_SECONDS": 0.05}
    beats = {"BOARD_HEARTBEAT_SECONDS": 0.2, "PHONE_HEARTBEAT_SECONDS": 0.2}
    for name, value in {**seconds, **beats}.items():
        monkeypatch.setattr(live_updates, name, value)
    found, read = Hall(room, StoreWorker(Store.open, idle_seconds=None)), Workshops.progress

    def progress(workshops: Workshops, *arguments):
        if found.problem:
            raise found.problem
        return read(workshops, *arguments)

    monkeypatch.setattr(Workshops, "progress", progress)
    return found


async def _next(stream: AsyncIterator[bytes], name: bytes = b"") -> bytes:
    """The next event, or the next of a name, without the number that it may have."""
    async with asyncio.timeout(5):
        async for each in stream:
            if b"event: " + name in each:
                return b"event: " + each.split(b"event: ")[1].strip()
    raise AssertionError(f"no {name!r}")


@pytest.mark.parametrize("problem", [StoreBusy(path="x"), NotInStore(name="a party"), *UNFORESEEN], ids=by_type)
def test_what_cannot_be_read_ends_no_stream_and_grows_old_until_it_can(hall, caplog, problem):
    async def run() -> tuple[list[bytes], set[bytes], list[bytes]]:
        updates = LiveUpdates()
        stream = hall.stream(updates)
        first = [await _next(stream, b"shown"), await _next(stream)]
        hall.problem = problem
        await hall.stage("progress")
        away = {await _next(stream) for _ in range(9)}
        async with asyncio.timeout(20):  # a busy machine polls late
            while not caplog.messages:
                await asyncio.sleep(0.05)
        hall.problem = None
        back = [await _next(stream, b"shown"), await _next(stream)]
        await stream.aclose()
        await hall.worker.close()
        return first, away, back

    first, away, back = asyncio.run(run())

    assert first == [b"event: shown\ndata: join 0", b"event: fresh\ndata: 0"]
    assert away == {b"event: fresh\ndata: %d" % seconds for seconds in (0, 1, 2)}
    assert back == [b"event: shown\ndata: progress 0", b"event: fresh\ndata: 0"]
    assert len(caplog.messages) == 1
    assert TYPED not in caplog.text


def test_a_silent_phone_is_told_how_old_its_picture_is(hall):
    async def run() -> list[bytes]:
        stream = hall.stream(LiveUpdates(), immediate=False)
        seen = [await _next(stream, b"shown"), *[await _next(stream) for _ in range(3)]]
        await stream.aclose()
        await hall.worker.close()
        return seen

    assert asyncio.run(run()) == [b"event: shown\ndata: join 0", *[b"event: fresh\ndata: 0"] * 3]


@pytest.mark.parametrize("problem", UNFORESEEN, ids=by_type)
def test_what_was_typed_is_offered_again_after_what_nobody_foresaw(building, room, monkeypatch, caplog, problem):
    person = building.participant(room)
    of = building.answered(person, room.collaborations[0])
    with monkeypatch.context() as broken:

        def fail(*_arguments: object) -> None:
            raise problem

        broken.setattr(Participation, "record_note", fail)
        told = person.fill(f"{of}/verdict", ("note", TYPED), action=f"{of}/note")
    offered = [form for form in sheet(told.text).forms if form["action"] == f"{of}/note"]

    assert told.status_code == 500
    assert "<bdi>What &lt;nobody&gt; but us may read</bdi>" in told.text
    assert person.post(f"{of}/note", offered[0]["fields"]).status_code == 303
    assert "What &lt;nobody&gt; but us may read" in person.get(f"{of}/verdict").text
    assert TYPED not in caplog.text


@pytest.mark.parametrize("batchable", [False, True])
@pytest.mark.parametrize("problem", [*UNFORESEEN, StoreDiskError(path="x")], ids=by_type)
def test_whoever_waits_for_the_store_is_answered_even_where_closing_it_fails(home, problem, batchable):
    class Sticky:
        """A store that cannot be closed, as after an error of its disk."""

        path = home
        transaction = nullcontext

        def close(self) -> None:
            raise OSError(5, "Input/output error")

    def fail(_store: object) -> None:
        raise problem

    async def run() -> list[object]:
        worker = StoreWorker(Sticky, idle_seconds=None)
        async with asyncio.timeout(5):
            return await asyncio.gather(
                *(worker.run(fail, batchable=batchable) for _ in range(3)), return_exceptions=True
            )

    assert [isinstance(each, Exception) for each in asyncio.run(run())] == [True] * 3
