"""What is on show in a room, kept up to date for everybody who looks on: read once, sent to all, only when it changed.

Whoever listens has a few streams at most, and the oldest gives way to a new one, so that nobody can take the places of
others. Every stream begins with the whole of what it shows.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import uniform
from typing import Final

from assessor.bank import LatestBank
from assessor.errors import AssessorError
from assessor.store import Store
from assessor.usecases.workshops import RatingCache, WorkshopProgress, Workshops
from assessor.web.http.request_context import EventStream
from assessor.web.http.store_worker import StoreWorker

#: Seconds between two looks at a room.
POLL_SECONDS: Final = 0.7
#: A look that takes long is taken more seldom: it has at most this share of the time.
_MAX_POLL_SHARE: Final = 0.08
#: Seconds after which a phone is told new numbers; a new stage it is told at once.
PHONE_SECONDS: Final = 5.0
#: Seconds of silence after which a stream says that it is still there.
HEARTBEAT_SECONDS: Final = 15.0
#: Streams that are told of a change at the same moment; the rest follow shortly after.
_WAKE_BATCH: Final = 40
_WAKE_PAUSE: Final = 0.01
#: Seconds after which a browser tries again, drawn anew for each stream so that a room does not come back as one.
_RETRY_SECONDS: Final = (1.0, 6.0)
#: Streams of one person on phones, and of one browser's address that leads: a browser bears six connections to a host.
PHONE_STREAMS, FACILITATOR_STREAMS = 2, 4

#: Shows a room to somebody in a language: what is sent when it differs from what was sent last.
Renderer = Callable[[WorkshopProgress], str]


@dataclass(eq=False)
class Subscriber:
    """One open stream."""

    render: Renderer
    #: Streams that show the same share what is made for them.
    cache_key: tuple[str, ...]
    #: Told new numbers as they come, not every few seconds.
    immediate: bool
    wake_event: asyncio.Event = field(default_factory=asyncio.Event)
    #: Another stream of the same person took its place.
    replaced: bool = False


@dataclass(eq=False)
class WorkshopFeed:
    """One workshop and everybody who looks on."""

    store_worker: StoreWorker
    workshop_id: str
    bank: LatestBank
    subscribers: list[Subscriber] = field(default_factory=list)
    progress: WorkshopProgress | None = None
    rating_cache: RatingCache = field(default_factory=RatingCache)
    #: The numbers that rise with every change, at the last look.
    change_counters: tuple[int, ...] = ()
    #: Whether the workshop is gone.
    erased: bool = False
    _rendered: dict[tuple[str, ...], str] = field(default_factory=dict)
    _poll_task: asyncio.Task[None] | None = None

    def subscribe(self, subscriber: Subscriber) -> None:
        """One more looks on."""
        self.subscribers.append(subscriber)
        if self._poll_task is None or self._poll_task.done():
            self._poll_task = asyncio.get_running_loop().create_task(self._poll())

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """One fewer; who is the last puts out the light."""
        with suppress(ValueError):
            self.subscribers.remove(subscriber)
        if not self.subscribers and self._poll_task:
            self._poll_task.cancel()
            self._poll_task = None

    def rendered_for(self, subscriber: Subscriber) -> str | None:
        """What a stream shows now, made once for all that show the same; None before the first look."""
        if self.progress is None:
            return None
        if subscriber.cache_key not in self._rendered:
            self._rendered[subscriber.cache_key] = subscriber.render(self.progress)
        return self._rendered[subscriber.cache_key]

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        unhurried = 0.0
        while self.subscribers:
            began = loop.time()
            before = self.progress
            try:
                changed = await self._refresh()
            except AssessorError:  # erased, or the store cannot be read now: whoever looks on is told by the page
                self.erased, changed = True, True
            stage = before is None or self.progress is None or _stage_key(before) != _stage_key(self.progress)
            everybody = self.erased or stage or began - unhurried >= PHONE_SECONDS
            if everybody:
                unhurried = began
            if changed or everybody:
                await self._wake_subscribers(everybody)
            if self.erased:
                return
            await asyncio.sleep(max(POLL_SECONDS, (loop.time() - began) / _MAX_POLL_SHARE))

    async def _refresh(self) -> bool:
        counters = await self.store_worker.run(
            lambda store: store.workshops.change_counters(self.workshop_id), together=True
        )
        if counters == self.change_counters and self.progress is not None:
            return False
        self.progress = await self.store_worker.run(self._read_workshop)
        self.change_counters = counters
        self._rendered.clear()
        return True

    def _read_workshop(self, store: Store) -> WorkshopProgress:
        return Workshops(store, self.bank.get()).progress(self.workshop_id, self.rating_cache)

    async def _wake_subscribers(self, everybody: bool) -> None:
        woken = 0
        for subscriber in tuple(self.subscribers):
            if everybody or subscriber.immediate:
                subscriber.wake_event.set()
                woken += 1
                if woken % _WAKE_BATCH == 0:
                    await asyncio.sleep(_WAKE_PAUSE)


def _stage_key(room: WorkshopProgress) -> tuple[str, str, bool]:
    return room.workshop.stage, room.workshop.subject, room.workshop.locked


@dataclass
class LiveUpdates:
    """Every workshop that somebody looks on at."""

    _feeds: dict[str, WorkshopFeed] = field(default_factory=dict)
    #: By person, their streams, oldest first.
    _streams: dict[str, OrderedDict[Subscriber, None]] = field(default_factory=dict)

    @property
    def stream_count(self) -> int:
        """How many are open."""
        return sum(len(each) for each in self._streams.values())

    def events(self, stream: EventStream, store_worker: StoreWorker, bank: LatestBank) -> AsyncIterator[bytes]:
        """What one stream sends, already in the form of events."""
        subscriber = Subscriber(render=stream.render, cache_key=stream.cache_key, immediate=stream.immediate)
        return self.stream_events(
            store_worker, bank, stream.workshop_id, person=stream.person, most=stream.max_streams, subscriber=subscriber
        )

    async def stream_events(
        self,
        store_worker: StoreWorker,
        bank: LatestBank,
        workshop: str,
        *,
        person: str,
        most: int,
        subscriber: Subscriber,
    ) -> AsyncIterator[bytes]:
        """What one stream sends: the whole at first, then again whenever it changed."""
        with (
            self._registered_stream(person, most, subscriber),
            self._subscribed_feed(store_worker, bank, workshop, subscriber) as feed,
        ):
            yield f"retry: {uniform(*_RETRY_SECONDS) * 1000:.0f}\n\n".encode()  # noqa: S311 - spreads, guards nothing
            sent = None
            while not subscriber.replaced and not feed.erased:
                text = feed.rendered_for(subscriber)
                if text is not None and text != sent:
                    sent = text
                    yield format_event("shown", text, id_=".".join(map(str, feed.change_counters)))
                if not await _wait_for_change(subscriber):
                    yield b": still here\n\n"
            yield format_event("gone" if feed.erased else "elsewhere", "")

    @contextmanager
    def _registered_stream(self, person: str, most: int, subscriber: Subscriber) -> Iterator[None]:
        mine = self._streams.setdefault(person, OrderedDict())
        mine[subscriber] = None
        while len(mine) > most:
            oldest, _none = mine.popitem(last=False)
            oldest.replaced = True
            oldest.wake_event.set()
        try:
            yield
        finally:
            mine.pop(subscriber, None)
            if not mine and self._streams.get(person) is mine:
                del self._streams[person]

    @contextmanager
    def _subscribed_feed(
        self, store_worker: StoreWorker, bank: LatestBank, workshop: str, subscriber: Subscriber
    ) -> Iterator[WorkshopFeed]:
        feed = self._feeds.setdefault(workshop, WorkshopFeed(store_worker, workshop, bank))
        feed.subscribe(subscriber)
        try:
            yield feed
        finally:
            feed.unsubscribe(subscriber)
            if not feed.subscribers and self._feeds.get(workshop) is feed:
                del self._feeds[workshop]


async def _wait_for_change(subscriber: Subscriber) -> bool:
    """Whether there is something new; False when only time passed."""
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await subscriber.wake_event.wait()
    except TimeoutError:
        return False
    subscriber.wake_event.clear()
    return True


def format_event(name: str, text: str, id_: str = "") -> bytes:
    """An event as it is sent; a line of text begins a line of data."""
    lines = [f"id: {id_}"] if id_ else []
    lines += [f"event: {name}", *(f"data: {line}" for line in text.replace("\r", "").split("\n"))]
    return ("\n".join(lines) + "\n\n").encode()
