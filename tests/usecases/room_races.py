"""Rounds of a room in which phones answer while it is led, in one process on a file or in several on a server.

Each process has a `StoreWorker`, as a server has; what everybody was told is compared with what is kept and shown.
"""

import asyncio
import multiprocessing
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from typing import Any

from workshop_uses import WorkshopUses

from assessor.bank import open_bank
from assessor.core.disclosure import next_disclosure, revealed_tally
from assessor.store import Store
from assessor.usecases.assessments import GUT, new_key
from assessor.usecases.facilitating import TooFewChanged, TooFewRaters
from assessor.usecases.participating import CaseAlreadyRevealed, WorkshopLocked
from assessor.usecases.workshop_reporting import workshop_report
from assessor.usecases.workshops import RemovedFromWorkshop, WorkshopOver
from assessor.web.http.store_worker import StoreWorker

CASE = "service"
#: What a late phone, or a leader of too few, may be told.
REFUSALS = (WorkshopOver, RemovedFromWorkshop, CaseAlreadyRevealed, WorkshopLocked, TooFewRaters, TooFewChanged)
CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Sending:
    """One thing that somebody sends, and how long they wait before they do."""

    wait: float
    what: str
    #: The respondent, where it is somebody's.
    who: str = ""
    assessment: str = ""
    key: str = field(default_factory=new_key)


@dataclass(frozen=True)
class Told:
    """What somebody was told about something that they sent: the answer, or the name of the refusal."""

    sending: Sending
    began: float
    ended: float
    answer: Any
    refusal: str = ""


@dataclass(frozen=True)
class Room:
    """A round's workshop; sendings in lists of those that wait for one another."""

    workshop: str
    collaboration: str
    phones: tuple[tuple[str, str], ...]
    sendings: tuple[tuple[Sending, ...], ...]


@cache
def _uses(store: Store) -> WorkshopUses:
    """Over the one store of a process."""
    return WorkshopUses.of(store)


def make_room(store: Store, seed: int, phones: int) -> Room:
    """A new workshop in which nobody has answered anything, and what everybody will send."""
    uses, chance = _uses(store), random.Random(seed)
    with store.transaction():
        collaboration = store.add_collaboration("Library", "School")
        workshop, _secret = uses.facilitation.open("Library", f"Round {seed}", [collaboration.id])
        people = []
        bank = open_bank("dokk1")
        for number in range(phones):
            person = store.workshops.join(
                workshop.id, name="", side="us", language="en", token=f"token{seed}.{number}", key=f"join{number}"
            ).id
            begun = store.begin_assessment(collaboration.id, bank.instrument, bank.snapshot, respondent=person)
            people.append((person, begun))
    return Room(workshop.id, collaboration.id, tuple(people), tuple(_sendings(chance, people)))


def _sendings(chance: random.Random, people: list[tuple[str, str]]) -> Iterator[tuple[Sending, ...]]:
    """Every phone gives two things, some of them twice; whoever leads reveals, removes, locks, unlocks and closes."""
    length = 0.004 * len(people)  # so that about half has been given when the workshop is closed
    for who, assessment in people:
        both = ("creation", chance.choice(("gut", "case")))
        given = [Sending(chance.uniform(0, length), what, who, assessment) for what in both]
        chance.shuffle(given)
        twice = [each for each in given if chance.random() < 0.2]
        yield (*given, *twice)
    yield tuple(Sending(chance.uniform(0, length), "join", key=f"late{number}") for number in range(6))
    for who, _assessment in chance.sample(people, 3):
        yield (Sending(chance.uniform(0, 3 * length), "remove", who),)
    if chance.random() < 0.7:
        yield tuple(Sending(chance.uniform(0, length), what) for what in ("reveal", "reveal_case", "reveal"))
    yield tuple(Sending(chance.uniform(0, length), what) for what in ("lock", "unlock", "lock"))
    yield (Sending(chance.uniform(length, 3 * length), "close"),)


def _act(uses: WorkshopUses, store: Store, room: Room, sending: Sending) -> Any:
    """What one sending asks for, by the workshop as it was read before."""
    workshop, key = uses.workshops.get(room.workshop), sending.key
    facilitation, participation = uses.facilitation, uses.participation
    if sending.what in ("gut", "creation"):
        opened = uses.participation.load_own(store.workshops.respondent(sending.who), sending.assessment)
        step, value = (GUT, "network") if sending.what == "gut" else ("creation", "joint")
        return len(participation.respond(workshop, opened, step, value, key).assessment.history)
    acts = {
        "case": lambda: participation.place_case(workshop, sending.who, CASE, "network", key),
        "join": lambda: participation.join(workshop, name="", language="en", key=key)[0].id,
        "remove": lambda: facilitation.remove_respondent(workshop.id, sending.who, key),
        "reveal": lambda: facilitation.reveal(workshop, room.collaboration, key=key),
        "reveal_case": lambda: facilitation.reveal_case(workshop, CASE, "Case", key=key),
        "lock": lambda: facilitation.set_locked(workshop.id, True, key),
        "unlock": lambda: facilitation.set_locked(workshop.id, False, key),
        "close": lambda: facilitation.close(workshop.id, key),
    }
    return acts[sending.what]()


async def send_all(worker: StoreWorker, room: Room, shares: tuple[tuple[Sending, ...], ...]) -> list[Told]:
    """All of these at once, each list in its order; what was told."""
    found: list[Told] = []

    async def send(sending: Sending) -> None:
        await asyncio.sleep(sending.wait)
        began = time.monotonic()
        answer, refusal = None, ""
        try:
            answer = await worker.run(
                lambda store: _act(_uses(store), store, room, sending),
                batchable=sending.what in ("gut", "creation", "case", "join"),
            )
        except REFUSALS as problem:
            refusal = type(problem).__name__
        found.append(Told(sending, began, time.monotonic(), answer, refusal))

    async def one_after_another(share: tuple[Sending, ...]) -> None:
        for sending in share:
            await send(sending)

    await asyncio.gather(*map(one_after_another, shares))
    return found


def differences(store: Store, room: Room, told: list[Told]) -> list[str]:
    """Where what was told, what is kept, what was shown and the report differ; none where all is well."""
    uses = _uses(store)
    now = uses.workshops.get(room.workshop)
    done = [each for each in told if not each.refusal]
    removed = {each.sending.who for each in done if each.sending.what == "remove"}
    saved = {each.sending for each in done}
    kept = {
        (assessment, entry.key) for _who, assessment in room.phones for entry in store.assessment(assessment).history
    }
    said = {(each.assessment, each.key) for each in saved if each.what in ("gut", "creation")}
    placed = {each.who for each in saved if each.what == "case"}
    raters = {each.who for each in saved if each.what == "creation"} - removed
    joined = {each.answer for each in done if each.sending.what == "join"} | {who for who, _ in room.phones}
    disclosed = uses.workshops.disclosure(now, room.collaboration)
    ballots = uses.workshops.collaboration_ballots(now, room.collaboration, disclosed)
    counted = {who for who, standing in ballots.standings.items() if ballots.ballots.get((who, standing.version))}
    stored = revealed_tally(now, room.collaboration)
    report = workshop_report(store, room.workshop, open_bank("dokk1"), "en")
    checks = {
        f"told {len(said)}, kept {len(kept)} answers": said == kept,
        "cases told and kept": placed == set(now.cases.get(CASE, {})),
        "people told and kept": joined == {each.id for each in store.workshops.respondents(now.id)},
        "removed told and kept": removed == now.removed,
        f"told {len(raters)}, counted {len(counted)}": len(raters) == len(counted),
        "all that may be told is stored": next_disclosure(disclosed, ballots, now.at_least) == disclosed,
        "stored and in the report": report.findings.subjects[0].tally == stored,
        "closed": now.closed is not None,
        "shown what was saved before it": all(_has_all_before(each, told, removed, now.at_least) for each in done),
        "nobody came in behind a lock": _kept_out(told),
    }
    return [name for name, holds in checks.items() if not holds]


def _has_all_before(shown: Told, told: list[Told], removed: set[str], at_least: int) -> bool:
    """Whether a reveal counts those who were told "saved" before it was asked for, and nobody who sent later.

    Fewer than the threshold may wait for company.
    """
    if shown.sending.what != "reveal":
        return True
    given = [each for each in told if each.sending.what == "creation" and not each.refusal]
    before = {each.sending.who for each in given if each.ended < shown.began} - removed
    until = {each.sending.who for each in given if each.began < shown.ended}
    return len(before) - at_least < shown.answer.raters <= len(until)


def _kept_out(told: list[Told]) -> bool:
    """Whether whoever came in did so outside of every time that was surely locked."""
    bolts = sorted(
        (each for each in told if each.sending.what in ("lock", "unlock") and not each.refusal), key=lambda at: at.began
    )
    locked = [
        (bolt.ended, following.began if following else float("inf"))
        for bolt, following in zip(bolts, (*bolts[1:], None), strict=True)
        if bolt.sending.what == "lock"
    ]
    came_in = [each for each in told if each.sending.what == "join" and not each.refusal]
    return not any(begin < each.began and each.ended < end for each in came_in for begin, end in locked)


def _serve(where: str, home: str, together: Any, asked: Connection) -> None:
    """One of the processes: does what it is asked for, round after round, until it is asked for nothing."""
    os.environ["ASSESSOR_HOME"] = home
    worker = StoreWorker(lambda: Store.open(where, create=True), idle_seconds=None)
    try:
        while task := asked.recv():
            name, *given = task
            together.wait(60)
            asked.send(asyncio.run(_TASKS[name](worker, *given)))
    finally:
        worker.shut_down()


async def _make(worker: StoreWorker, seed: int, phones: int) -> Room:
    return await worker.run(lambda store: make_room(store, seed, phones))


async def _compare(worker: StoreWorker, room: Room, told: list[Told]) -> list[str]:
    found = await worker.run(lambda store: differences(store, room, told))
    await worker.run(lambda store: store.erase_workshop(room.workshop))
    return found


async def _nothing(_worker: StoreWorker) -> None:
    return None


_TASKS = {"make": _make, "send": send_all, "compare": _compare, "nothing": _nothing}


@dataclass
class Processes:
    """Processes that answer for one store."""

    ends: list[Connection]

    def first(self, *task: Any) -> Any:
        """What the first of them returns; the others wait with it."""
        return self.all(task, *[("nothing",)] * (len(self.ends) - 1))[0]

    def all(self, *tasks: tuple[Any, ...]) -> list[Any]:
        """What each returns for its task; all begin together."""
        for end, task in zip(self.ends, tasks, strict=True):
            end.send(task)
        return [end.recv() for end in self.ends]

    def race(self, seed: int, phones: int) -> list[str]:
        """One round; the differences that were found."""
        room = self.first("make", seed, phones)
        sendings = list(room.sendings)
        random.Random(seed).shuffle(sendings)
        number = len(self.ends)
        told = self.all(*[("send", room, tuple(sendings[at::number])) for at in range(number)])
        return self.first("compare", room, [each for share in told for each in share])


@contextmanager
def processes(where: str, number: int, home: str) -> Iterator[Processes]:
    """So many processes on one store, ended with the block; in `home` the bank is compiled already."""
    CONTEXT.set_forkserver_preload([__name__])
    together, running, ends = CONTEXT.Barrier(number), [], []
    for _each in range(number):
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=_serve, args=(where, home, together, theirs), daemon=True)
        process.start()
        theirs.close()  # so that a process that dies is an end of file here
        running.append(process)
        ends.append(ours)
    try:
        yield Processes(ends)
    finally:
        for end, process in zip(ends, running, strict=True):
            end.send(None) if process.is_alive() else None
            process.join(20)
