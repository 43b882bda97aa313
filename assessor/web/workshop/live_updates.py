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

from assessor.errors import AssessorError
from assessor.store import Store
from assessor.usecases.workshops import Known, Room, Workshops
from assessor.web.http.store_worker import Keeper

#: Seconds between two looks at a room.
TICK: Final = 0.7
#: A look that takes long is taken more seldom: it has at most this share of the time.
_SHARE: Final = 0.08
#: Seconds after which a phone is told new numbers; a new stage it is told at once.
UNHURRIED: Final = 5.0
#: Seconds of silence after which a stream says that it is still there.
HEARTBEAT: Final = 15.0
#: Streams that are told of a change at the same moment; the rest follow shortly after.
_AT_ONCE: Final = 40
_SHORTLY: Final = 0.01
#: Seconds after which a browser tries again, drawn anew for each stream so that a room does not come back as one.
_RETRY: Final = (1.0, 6.0)
#: Streams of one person on phones, and of one browser's address that leads: a browser bears six connections to a host.
PHONE_STREAMS, LEADING_STREAMS = 2, 4

#: Shows a room to somebody in a language: what is sent when it differs from what was sent last.
Show = Callable[[Room], str]


@dataclass(eq=False)
class Ear:
    """One open stream."""

    show: Show
    #: Streams that show the same share what is made for them.
    kind: tuple[str, ...]
    #: Told new numbers as they come, not every few seconds.
    hurried: bool
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    #: Another stream of the same person took its place.
    gone: bool = False


@dataclass(eq=False)
class Hall:
    """One workshop and everybody who looks on."""

    keeper: Keeper
    workshop: str
    bank: str
    ears: list[Ear] = field(default_factory=list)
    room: Room | None = None
    known: Known = field(default_factory=Known)
    #: The numbers that rise with every change, at the last look.
    pulse: tuple[int, ...] = ()
    #: Whether the workshop is gone.
    erased: bool = False
    _texts: dict[tuple[str, ...], str] = field(default_factory=dict)
    _looking: asyncio.Task[None] | None = None

    def enter(self, ear: Ear) -> None:
        """One more looks on."""
        self.ears.append(ear)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def leave(self, ear: Ear) -> None:
        """One fewer; who is the last puts out the light."""
        with suppress(ValueError):
            self.ears.remove(ear)
        if not self.ears and self._looking:
            self._looking.cancel()
            self._looking = None

    def text(self, ear: Ear) -> str | None:
        """What a stream shows now, made once for all that show the same; None before the first look."""
        if self.room is None:
            return None
        if ear.kind not in self._texts:
            self._texts[ear.kind] = ear.show(self.room)
        return self._texts[ear.kind]

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        unhurried = 0.0
        while self.ears:
            began = loop.time()
            before = self.room
            try:
                changed = await self._looked()
            except AssessorError:  # erased, or the store cannot be read now: whoever looks on is told by the page
                self.erased, changed = True, True
            stage = before is None or self.room is None or _stage(before) != _stage(self.room)
            everybody = self.erased or stage or began - unhurried >= UNHURRIED
            if everybody:
                unhurried = began
            if changed or everybody:
                await self._wake(everybody)
            if self.erased:
                return
            await asyncio.sleep(max(TICK, (loop.time() - began) / _SHARE))

    async def _looked(self) -> bool:
        pulse = await self.keeper.run(lambda store: store.workshops.pulse(self.workshop), together=True)
        if pulse == self.pulse and self.room is not None:
            return False
        self.room = await self.keeper.run(self._read)
        self.pulse = pulse
        self._texts.clear()
        return True

    def _read(self, store: Store) -> Room:
        return Workshops(store, self.bank).room(self.workshop, self.known)

    async def _wake(self, everybody: bool) -> None:
        woken = 0
        for ear in tuple(self.ears):
            if everybody or ear.hurried:
                ear.woken.set()
                woken += 1
                if woken % _AT_ONCE == 0:
                    await asyncio.sleep(_SHORTLY)


def _stage(room: Room) -> tuple[str, str, bool]:
    return room.workshop.stage, room.workshop.subject, room.workshop.locked


@dataclass
class Live:
    """Every workshop that somebody looks on at."""

    _halls: dict[str, Hall] = field(default_factory=dict)
    #: By person, their streams, oldest first.
    _streams: dict[str, OrderedDict[Ear, None]] = field(default_factory=dict)

    @property
    def streams(self) -> int:
        """How many are open."""
        return sum(len(each) for each in self._streams.values())

    async def listened(
        self, keeper: Keeper, bank: str, workshop: str, *, person: str, most: int, ear: Ear
    ) -> AsyncIterator[bytes]:
        """What one stream sends: the whole at first, then again whenever it changed."""
        with self._listening(person, most, ear), self._within(keeper, bank, workshop, ear) as hall:
            yield f"retry: {uniform(*_RETRY) * 1000:.0f}\n\n".encode()  # noqa: S311 - spreads, guards nothing
            sent = None
            while not ear.gone and not hall.erased:
                text = hall.text(ear)
                if text is not None and text != sent:
                    sent = text
                    yield event("shown", text, id_=".".join(map(str, hall.pulse)))
                if not await _woken(ear):
                    yield b": still here\n\n"
            yield event("gone" if hall.erased else "elsewhere", "")

    @contextmanager
    def _listening(self, person: str, most: int, ear: Ear) -> Iterator[None]:
        mine = self._streams.setdefault(person, OrderedDict())
        mine[ear] = None
        while len(mine) > most:
            oldest, _none = mine.popitem(last=False)
            oldest.gone = True
            oldest.woken.set()
        try:
            yield
        finally:
            mine.pop(ear, None)
            if not mine and self._streams.get(person) is mine:
                del self._streams[person]

    @contextmanager
    def _within(self, keeper: Keeper, bank: str, workshop: str, ear: Ear) -> Iterator[Hall]:
        hall = self._halls.setdefault(workshop, Hall(keeper, workshop, bank))
        hall.enter(ear)
        try:
            yield hall
        finally:
            hall.leave(ear)
            if not hall.ears and self._halls.get(workshop) is hall:
                del self._halls[workshop]


async def _woken(ear: Ear) -> bool:
    """Whether there is something new; False when only time passed."""
    try:
        async with asyncio.timeout(HEARTBEAT):
            await ear.woken.wait()
    except TimeoutError:
        return False
    ear.woken.clear()
    return True


def event(name: str, text: str, id_: str = "") -> bytes:
    """An event as it is sent; a line of text begins a line of data."""
    lines = [f"id: {id_}"] if id_ else []
    lines += [f"event: {name}", *(f"data: {line}" for line in text.replace("\r", "").split("\n"))]
    return ("\n".join(lines) + "\n\n").encode()


def listening(
    person: str, most: int, workshop: str, kind: tuple[str, ...], show: Show, *, hurried: bool
) -> Callable[[object], AsyncIterator[bytes]]:
    """The events of one stream, once the house is known that it is in."""

    def events(house: object) -> AsyncIterator[bytes]:
        ear = Ear(show=show, kind=kind, hurried=hurried)
        live, keeper, bank = house.live, house.keeper, house.desk.bank  # type: ignore[attr-defined]
        found: AsyncIterator[bytes] = live.listened(keeper, bank, workshop, person=person, most=most, ear=ear)
        return found

    return events
