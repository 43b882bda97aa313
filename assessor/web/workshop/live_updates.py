"""Pushes a workshop's current state to every open page: read once, sent to all, only when it changed.

The problem: a board, a few facilitators' pages and hundreds of phones show the same workshop, and several server
processes may record answers in it. So no process can simply notify its own streams, and a query per stream would load
the store with hundreds of identical reads.

- One `WorkshopFeed` per workshop and process polls the store. A poll reads a few counters that rise with every change;
  only when they differ is the workshop itself read, and only items that changed are counted again (`RatingCache`).
- Streams that show the same (same page, same language) share one rendering.
- Boards and facilitators get every change at once. Phones show little and get a new stage at once, but new numbers
  every `PHONE_SECONDS` only, and are woken in small batches, so that a room does not load the server as one.
- Streams per person are limited; a new one replaces the oldest, so reloading a page never locks anybody out.

Invariant: a stream begins with the whole of what it shows, and every event replaces it whole, so a browser that missed
events or reconnects is right again with the next one. Polling stops with the last stream.

Only a workshop that the store says is not there counts as erased. Whatever else stops a poll, the next one follows, the
streams stay open, and each says in its `fresh` events how many seconds old its picture is: an open connection proves
nothing about what is shown.

Server-sent events are written here directly: the format is four lines, and a package would bring its own pings and
tasks per stream. What is shown is decided in `board`, `facilitating` and `calibration`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import uniform
from time import monotonic
from typing import Final

from assessor.bank import LatestBank
from assessor.store import Store
from assessor.store.errors import NotInStore
from assessor.usecases.workshop_banks import bank_of_workshop
from assessor.usecases.workshops import RatingCache, WorkshopProgress, Workshops
from assessor.web.http.operator_faults import log_fault
from assessor.web.http.request_context import EventStream
from assessor.web.http.store_worker import StoreWorker

#: Seconds between two polls of a workshop, at least.
POLL_SECONDS: Final = 0.7
#: Polling takes at most this share of the time: after a slow poll the pause is longer.
_MAX_POLL_SHARE: Final = 0.08
#: Seconds between two polls at most, however slow they are, and after a poll that failed.
_LONGEST_PAUSE: Final = 8.0
_FAILURE_PAUSE: Final = 2.0
#: Seconds between updates of numbers on phones; a new stage is sent at once.
PHONE_SECONDS: Final = 5.0
#: Seconds between two `fresh` events of a board or a facilitator's page, and of a phone. Proxies, too, close what is
#: silent for longer; `room.js` calls a picture old after 15 s.
BOARD_HEARTBEAT_SECONDS: Final = 5.0
PHONE_HEARTBEAT_SECONDS: Final = 8.0
#: Streams woken at the same moment; the next batch follows after a pause (in seconds).
_WAKE_BATCH: Final = 40
_WAKE_PAUSE: Final = 0.01
#: Range of seconds after which a browser reconnects; drawn per stream, so a room does not come back all at once.
_RETRY_SECONDS: Final = (1.0, 6.0)
#: Most streams of a participant, and of a browser that leads: browsers open six connections to a host.
PHONE_STREAMS, FACILITATOR_STREAMS = 2, 4
#: Most streams of one client address: a room of 1,000 phones behind it, each with two. Above, the oldest pages ask now
#: and then instead.
ADDRESS_STREAMS: Final = 2_000

#: Renders a workshop for one kind of page in one language.
Renderer = Callable[[WorkshopProgress], str]


@dataclass(eq=False)
class Subscriber:
    """One open stream of one page."""

    render: Renderer
    #: Streams with the same key show the same and share one rendering.
    cache_key: tuple[str, ...]
    #: Whether it gets new numbers at once, instead of every few seconds.
    immediate: bool
    wake_event: asyncio.Event = field(default_factory=asyncio.Event)
    #: Whether its person may still see the workshop.
    may_listen: Callable[[WorkshopProgress], bool] = lambda _room: True
    #: Whether a newer stream of the same person or address took its place.
    replaced: bool = False
    #: The person and the address that it counts for.
    counted_for: tuple[Hashable, ...] = ()

    @property
    def heartbeat_seconds(self) -> float:
        """Seconds between two of its `fresh` events."""
        return BOARD_HEARTBEAT_SECONDS if self.immediate else PHONE_HEARTBEAT_SECONDS


@dataclass(eq=False)
class WorkshopFeed:
    """The streams of one workshop in this process, and the task that polls for them."""

    store_worker: StoreWorker
    workshop_id: str
    bank: LatestBank
    #: Rises with what all pages show and no store keeps.
    outside_changes: Callable[[], int] = lambda: 0
    subscribers: list[Subscriber] = field(default_factory=list)
    progress: WorkshopProgress | None = None
    rating_cache: RatingCache = field(default_factory=RatingCache)
    #: Numbers in the store that rise with every change, as of the last poll.
    change_counters: tuple[int, ...] = ()
    #: Whether the workshop was erased; all streams end.
    erased: bool = False
    #: When the store was last seen to hold what is shown, by `monotonic`.
    read_at: float = field(default_factory=monotonic)
    _rendered: dict[tuple[str, ...], str] = field(default_factory=dict)
    _poll_task: asyncio.Task[None] | None = None
    #: When phones last got new numbers.
    _woken_all_at: float = 0.0
    _failing: bool = False

    @property
    def age_seconds(self) -> float:
        """How old is what the streams show."""
        return monotonic() - self.read_at

    def subscribe(self, subscriber: Subscriber) -> None:
        """Add a stream; the first one starts the polling task."""
        self.subscribers.append(subscriber)
        if self._poll_task is None or self._poll_task.done():
            self._poll_task = asyncio.get_running_loop().create_task(self._poll())

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Remove a stream; the last one stops the polling task."""
        with suppress(ValueError):
            self.subscribers.remove(subscriber)
        if not self.subscribers and self._poll_task:
            self._poll_task.cancel()
            self._poll_task = None

    def has_ended_for(self, subscriber: Subscriber) -> bool:
        """Whether the workshop is gone for a stream: erased, or its person was withdrawn from it."""
        return self.erased or (self.progress is not None and not subscriber.may_listen(self.progress))

    def rendered_for(self, subscriber: Subscriber) -> str | None:
        """What a stream should show now, shared with streams of the same key; None before the first poll."""
        if self.progress is None:
            return None
        if subscriber.cache_key not in self._rendered:
            self._rendered[subscriber.cache_key] = subscriber.render(self.progress)
        return self._rendered[subscriber.cache_key]

    async def _poll(self) -> None:
        """Poll until no stream is left or the workshop is gone, whatever a poll raises.

        A slow poll is followed by a longer pause, so that polling takes a small share of the time only.
        """
        while self.subscribers and not self.erased:
            began = monotonic()
            try:
                await self._update(began)
                self._failing = False
                pause = min(_LONGEST_PAUSE, max(POLL_SECONDS, (monotonic() - began) / _MAX_POLL_SHARE))
            except Exception as problem:
                if not self._failing:
                    log_fault("A workshop cannot be read; what its pages show grows old", problem)
                self._failing, pause = True, _FAILURE_PAUSE
            await asyncio.sleep(pause)

    async def _update(self, began: float) -> None:
        """Read what has changed and wake the streams that are to show it; finds out whether the workshop was erased."""
        before = self.progress
        try:
            changed = await self._refresh()
        except NotInStore:
            self.erased = changed = not await self.store_worker.run(self._is_in_store)
            if not self.erased:
                raise
        self.read_at = began
        stage = before is None or self.progress is None or _stage_key(before) != _stage_key(self.progress)
        everybody = self.erased or stage or began - self._woken_all_at >= PHONE_SECONDS
        if everybody:
            self._woken_all_at = began
        if changed or everybody:
            await self._wake_subscribers(everybody)

    async def _refresh(self) -> bool:
        """Read the workshop if its counters have changed; whether it was read."""
        stored = await self.store_worker.run(
            lambda store: store.workshops.change_counters(self.workshop_id), batchable=True
        )
        counters = (*stored, self.outside_changes())
        if counters == self.change_counters and self.progress is not None:
            return False
        self.progress = await self.store_worker.run(self._read_workshop)
        self.change_counters = counters
        self._rendered.clear()
        return True

    def _is_in_store(self, store: Store) -> bool:
        """Whether the workshop is still there; another thing that is not, such as a collaboration, proves nothing."""
        with suppress(NotInStore):
            store.workshops.get(self.workshop_id)
            return True
        return False

    def _read_workshop(self, store: Store) -> WorkshopProgress:
        """The workshop as it is now, counting again only what changed."""
        bank = bank_of_workshop(store, store.workshops.get(self.workshop_id), self.bank.get)
        return Workshops(store, bank).progress(self.workshop_id, self.rating_cache)

    async def _wake_subscribers(self, everybody: bool) -> None:
        """Wake all streams, or only the immediate ones, with a pause after each batch."""
        woken = 0
        for subscriber in tuple(self.subscribers):
            if everybody or subscriber.immediate:
                subscriber.wake_event.set()
                woken += 1
                if woken % _WAKE_BATCH == 0:
                    await asyncio.sleep(_WAKE_PAUSE)


def _stage_key(room: WorkshopProgress) -> tuple[str, str, bool]:
    """What phones must learn of at once when it changes."""
    return room.workshop.stage, room.workshop.subject, room.workshop.locked


@dataclass
class LiveUpdates:
    """All feeds and streams of this process."""

    #: Rises with what all pages show and no store keeps.
    outside_changes: Callable[[], int] = lambda: 0
    _feeds: dict[str, WorkshopFeed] = field(default_factory=dict)
    #: Open streams by person and by address, oldest first.
    _streams: dict[Hashable, OrderedDict[Subscriber, None]] = field(default_factory=dict)

    @property
    def stream_count(self) -> int:
        """How many streams are open."""
        return len({subscriber for streams in self._streams.values() for subscriber in streams})

    def events(self, stream: EventStream, store_worker: StoreWorker, bank: LatestBank) -> AsyncIterator[bytes]:
        """The events of a handler's `EventStream`, encoded; iterating it subscribes, closing it unsubscribes."""
        subscriber = Subscriber(
            render=stream.render,
            cache_key=stream.cache_key,
            immediate=stream.immediate,
            may_listen=stream.may_listen,
        )
        return self.stream_events(
            store_worker,
            bank,
            stream.workshop_id,
            person=stream.person,
            address=stream.address,
            max_streams=stream.max_streams,
            subscriber=subscriber,
        )

    async def stream_events(
        self,
        store_worker: StoreWorker,
        bank: LatestBank,
        workshop: str,
        *,
        person: Hashable,
        max_streams: int,
        subscriber: Subscriber,
        address: str = "",
    ) -> AsyncIterator[bytes]:
        """The encoded events of one stream: everything at first, then everything again on each change.

        `fresh` events in between tell the picture's age in seconds. Ends with `gone` when the workshop was erased or
        its person may not see it any more, with `elsewhere` when a newer stream replaced it.
        """
        with (
            self._registered_stream({person: max_streams, ("address", address): ADDRESS_STREAMS}, subscriber),
            self._subscribed_feed(store_worker, bank, workshop, subscriber) as feed,
        ):
            yield f"retry: {uniform(*_RETRY_SECONDS) * 1000:.0f}\n\n".encode()  # noqa: S311 - spreads, guards nothing
            sent, next_heartbeat = None, 0.0
            while not subscriber.replaced and not feed.has_ended_for(subscriber):
                text = feed.rendered_for(subscriber)
                if text is not None and text != sent:
                    sent, next_heartbeat = text, 0.0
                    yield format_event("shown", text, id_=".".join(map(str, feed.change_counters)))
                if monotonic() >= next_heartbeat:
                    next_heartbeat = monotonic() + subscriber.heartbeat_seconds
                    yield format_event("fresh", f"{feed.age_seconds:.0f}")
                await _wait_for_change(subscriber, next_heartbeat - monotonic())
            yield format_event("gone" if feed.has_ended_for(subscriber) else "elsewhere", "")

    @contextmanager
    def _registered_stream(self, limits: Mapping[Hashable, int], subscriber: Subscriber) -> Iterator[None]:
        """Count the stream for its person and its address within the block; above a limit the oldest is told to end."""
        subscriber.counted_for = tuple(limits)
        for whom, limit in limits.items():
            streams = self._streams.setdefault(whom, OrderedDict())
            streams[subscriber] = None
            if len(streams) > limit:
                self._replace(next(iter(streams)))
        try:
            yield
        finally:
            self._forget(subscriber)

    def _replace(self, oldest: Subscriber) -> None:
        self._forget(oldest)
        oldest.replaced = True
        oldest.wake_event.set()

    def _forget(self, subscriber: Subscriber) -> None:
        for whom in subscriber.counted_for:
            streams = self._streams.get(whom, OrderedDict())
            streams.pop(subscriber, None)
            if not streams:
                self._streams.pop(whom, None)

    @contextmanager
    def _subscribed_feed(
        self, store_worker: StoreWorker, bank: LatestBank, workshop: str, subscriber: Subscriber
    ) -> Iterator[WorkshopFeed]:
        """The workshop's feed, subscribed within the block; removed with its last stream."""
        feed = self._feeds.setdefault(workshop, WorkshopFeed(store_worker, workshop, bank, self.outside_changes))
        feed.subscribe(subscriber)
        try:
            yield feed
        finally:
            feed.unsubscribe(subscriber)
            if not feed.subscribers and self._feeds.get(workshop) is feed:
                del self._feeds[workshop]


async def _wait_for_change(subscriber: Subscriber, seconds: float) -> None:
    """Return when the stream is woken, or after some seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await subscriber.wake_event.wait()
    subscriber.wake_event.clear()


def format_event(name: str, text: str, id_: str = "") -> bytes:
    """A server-sent event; each line of `text` becomes a `data:` line."""
    lines = [f"id: {id_}"] if id_ else []
    lines += [f"event: {name}", *(f"data: {line}" for line in text.replace("\r", "").split("\n"))]
    return ("\n".join(lines) + "\n\n").encode()
