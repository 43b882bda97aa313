"""Somebody who works out, from everything told of a room and everything they know, what single people answered.

The inference is exact: whatever each person may have given at each time is tried against all that the others may have,
and what no combination explains is ruled out. People of whom the same is known have the same left possible, so one of
them is tried; the others are summed up as the counts that they can make together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from hypothesis import strategies as st

from assessor.core.disclosure import Disclosure
from assessor.core.raters import Ballot

#: Bits of one counter in a packed sum, with one to spare that shows an overflow.
WIDTH = 6


@dataclass(frozen=True)
class Person:
    """Somebody in the room, and what they gave one time after another."""

    given: tuple[Ballot, ...]

    def counted(self, versions: Sequence[int]) -> tuple[Ballot, ...]:
        """Those of what they gave that were counted."""
        return tuple(self.given[version - 1] for version in sorted(set(versions) - {0}))


@dataclass
class Told:
    """Everything that was told of one subject, whatever rule told it."""

    #: By person, the number from 1 of what each telling counted of them; 0 for nothing.
    counted: dict[str, tuple[int, ...]] = field(default_factory=dict)
    #: By telling and question, how many gave each category.
    counts: dict[tuple[int, str], Mapping[str, int]] = field(default_factory=dict)
    #: Tellings and questions withheld because fewer answered than this.
    withheld: list[tuple[int, str, int]] = field(default_factory=list)
    #: Question and two tellings between which fewer than this, or as many, changed.
    few_changed: list[tuple[str, int, int, int]] = field(default_factory=list)
    many_changed: list[tuple[str, int, int, int]] = field(default_factory=list)

    def note(self, before: Disclosure, now: Disclosure, enough: int, possible: Sequence[Ballot]) -> None:
        """Take in what a telling adds; `enough` is how many have to answer or change for a question to be told."""
        self.counted = {name: tuple(versions) for name, versions in now.counted.items()}
        telling = max(map(len, self.counted.values())) - 1
        present = sum(bool(versions[-1]) for versions in self.counted.values())
        for question in {question for ballot in possible for question in ballot}:
            base, at = before.told_at.get(question), now.told_at.get(question)
            if at == telling:
                self.counts[telling, question] = now.counts[question]
                self.many_changed += [(question, base, telling, enough)] if base is not None else []
            elif at is None:
                self.withheld.append((telling, question, enough))
            elif present >= enough and all(question in ballot for ballot in possible):  # so that few have changed it
                self.few_changed.append((question, at, telling, enough))


@dataclass(frozen=True)
class Certain:
    """What an attacker knows of one person without having been told."""

    person: str
    #: The telling that counted it.
    telling: int
    question: str
    #: None where they gave nothing to it.
    category: str | None


def worked_out(
    told: Told, people: Mapping[str, Person], known: Iterable[str], possible: Sequence[Ballot]
) -> list[Certain]:
    """All that is certain of those who are not `known`, each of whom may have given anything that is `possible`."""
    questions = sorted({question for ballot in possible for question in ballot})
    counters = _Counters(told, possible)
    classes: dict[tuple[int, ...], list[str]] = {}
    for name in told.counted.keys() - set(known):
        classes.setdefault(pattern_of(told.counted[name]), []).append(name)
    start = sum(
        counters.of(pattern_of(told.counted[name]), people[name].counted(told.counted[name]))
        for name in known
        if name in told.counted
    )
    found = []
    for pattern, members in classes.items():
        sums = {start}
        for other, others in classes.items():
            for _ in others[1:] if others is members else others:
                sums = counters.added(sums, counters.options(other))
        left = counters.left(sums, pattern)
        assert left, "what really happened is always possible"
        for telling in range(len(pattern)):
            for question in questions if pattern[telling] else ():
                categories = {given[pattern[telling] - 1].get(question) for given in left}
                if len(categories) == 1:
                    found += [Certain(name, telling, question, *categories) for name in members]
    return found


def pattern_of(versions: Sequence[int]) -> tuple[int, ...]:
    """The versions that were counted, numbered from 1 without those that never were."""
    numbers = {version: number for number, version in enumerate(sorted(set(versions) - {0}), 1)}
    return tuple(numbers.get(version, 0) for version in versions)


class _Counters:
    """Everything told as counters packed into one number, with the least and the most that each may come to."""

    def __init__(self, told: Told, possible: Sequence[Ballot]) -> None:
        self.possible = possible
        self.equal, self.least, self.most = [], [], []
        for (telling, question), counts in told.counts.items():
            for category in sorted({ballot[question] for ballot in possible if question in ballot}):
                self.equal.append(("count", telling, question, category))
                self.least.append(counts.get(category, 0))
                self.most.append(counts.get(category, 0))
        for telling, question, enough in told.withheld:
            self._bounded(("all", telling, question, ""), 0, enough - 1)
        for question, before, after, enough in told.few_changed:
            self._bounded(("changed", (before, after), question, ""), 0, enough - 1)
        for question, before, after, enough in told.many_changed:
            self._bounded(("changed", (before, after), question, ""), enough, 31)
        self.guards = sum(1 << (WIDTH * at + WIDTH - 1) for at in range(len(self.equal)))
        self.low, self.high = self._packed(self.least), self._packed(self.most)

    def _bounded(self, what: tuple[object, ...], least: int, most: int) -> None:
        self.equal.append(what)
        self.least.append(least)
        self.most.append(most)

    @staticmethod
    def _packed(numbers: Iterable[int]) -> int:
        return sum(number << (WIDTH * at) for at, number in enumerate(numbers))

    def of(self, counted: Sequence[int], given: Sequence[Ballot]) -> int:
        """What one person who gave this adds to all counters."""
        return self._packed(self._adds(what, counted, given) for what in self.equal)

    def _adds(self, what: tuple[object, ...], counted: Sequence[int], given: Sequence[Ballot]) -> bool:
        kind, telling, question, category = what

        def at(number: int) -> str | None:
            return given[counted[number] - 1].get(question) if counted[number] else None

        if kind == "changed":
            return at(telling[0]) != at(telling[1])
        return at(telling) == category if kind == "count" else at(telling) is not None

    def options(self, pattern: Sequence[int]) -> set[int]:
        """What a person may add, over everything that they may have given."""
        return {self.of(pattern, given) for given in product(self.possible, repeat=max(pattern))}

    def added(self, sums: set[int], options: set[int]) -> set[int]:
        """All sums with one more person, without those that are too much already."""
        roof = self.high | self.guards
        return {
            both for one in sums for more in options if ((roof - (both := one + more)) & self.guards) == self.guards
        }

    def left(self, sums: set[int], pattern: Sequence[int]) -> list[tuple[Ballot, ...]]:
        """What a person may have given, when the others come to one of the sums."""
        every = product(self.possible, repeat=max(pattern))
        return [given for given in every if self._explains(sums, self.of(pattern, given))]

    def _explains(self, sums: set[int], more: int) -> bool:
        roof, guards = self.high | self.guards, self.guards
        return any(
            (roof - (one + more)) & guards == guards and ((one + more | guards) - self.low) & guards == guards
            for one in sums
        )


# What happens in a room

WAVE = st.tuples(
    st.just("some give"),
    st.sampled_from(range(12)),
    st.sampled_from(range(3, 9)),
    st.lists(st.integers(0, 2), min_size=12, max_size=12),
)


EVENTS = st.one_of(
    st.tuples(WAVE, st.just(("tell",))),
    st.tuples(st.tuples(st.just("give"), st.integers(0, 11), st.integers(0, 2))),
    st.tuples(st.tuples(st.just("remove"), st.integers(0, 11))),
    st.tuples(st.tuples(st.just("some are removed"), st.integers(0, 11), st.integers(3, 8)), st.just(("tell",))),
    st.just((("tell",),)),
)


@st.composite
def rooms(draw):
    """Size, threshold, how many are papers and phones of the leader, and what happens."""
    size = draw(st.sampled_from((12, 11, 10, 9, 8, 7, 6, 5, 4, 3)))
    threshold = draw(st.integers(3, 5))
    papers = draw(st.integers(0, max(0, min(4, size - threshold))))
    phones = draw(st.integers(0, threshold - 1))
    first = ("some give", 0, draw(st.integers(min(size, papers + threshold), size)), draw(WAVE)[3])
    more = draw(st.lists(EVENTS, min_size=2, max_size=9))
    return (
        size,
        threshold,
        papers,
        phones,
        [first, ("tell",), *(event for events in more for event in events), ("tell",)],
    )


def happened(room, drawn, possible):
    """The room after everything that was drawn; nobody gives more than twice."""
    size, _threshold, papers, _phones, events = drawn

    def give(at, which):
        name = f"r{at % size}"
        if name not in room.removed and len(room.people.get(name, ())) < 2:
            room.give(name, possible[which % len(possible)], own=at % size >= papers)

    for event in events:
        match event:
            case ("give", at, which):
                give(at, which)
            case ("some give", start, count, which):
                for n in range(min(count, size)):
                    give(start + n, which[n])
            case ("remove", at):
                room.removed |= {f"r{at % size}"} & room.people.keys()
            case ("some are removed", start, count):
                room.removed |= {f"r{(start + n) % size}" for n in range(count)} & room.people.keys()
            case ("tell",):
                room.tell()
    return room


def leader_of(drawn):
    size, _threshold, papers, phones, _events = drawn
    return {f"r{n}" for n in range(min(size, papers + phones))}
