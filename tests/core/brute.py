"""The engine's questions answered by going through every combination: slow, short, nothing in common with it."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from math import log2

from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.core.ways import UNLISTED_SLIP_SIZE


def holds(instrument: Instrument, condition: Condition | None, full: Mapping[str, str]) -> bool:
    match condition:
        case None:
            return True
        case ItemIs():
            return applies(instrument, condition.item, full) and full[condition.item] in condition.options
        case Not():
            return not holds(instrument, condition.part, full)
        case AllOf():
            return all(holds(instrument, part, full) for part in condition.parts)
        case AnyOf():
            return any(holds(instrument, part, full) for part in condition.parts)
        case AtLeast():
            return sum(holds(instrument, part, full) for part in condition.parts) >= condition.count


def place(instrument: Instrument, full: Mapping[str, str]) -> str:
    return next(o.id for o in instrument.outcomes if holds(instrument, o.when, full))


def applies(instrument: Instrument, item: str, full: Mapping[str, str]) -> bool:
    return holds(instrument, instrument.by_id[item].when, full)


def completions(instrument: Instrument, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
    columns = [(known[item.id],) if item.id in known else item.options for item in instrument.items]
    ids = [item.id for item in instrument.items]
    return (dict(zip(ids, row, strict=True)) for row in product(*columns))


class Brute:
    """Answers for one small instrument, from the table of all its combinations."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.ids = tuple(item.id for item in instrument.items)
        table = {tuple(full.values()): place(instrument, full) for full in completions(instrument, {})}

        @cache
        def possible(row: tuple[str | None, ...]) -> frozenset[str]:
            if None not in row:
                return frozenset((table[row],))
            at = row.index(None)
            options = instrument.items[at].options
            return frozenset().union(*(possible((*row[:at], option, *row[at + 1 :])) for option in options))

        self._possible = possible
        placed = list(table.values())
        self._weights = {placement: len(placed) / placed.count(placement) for placement in set(placed)}

    def possible(self, known: Mapping[str, str]) -> tuple[str, ...]:
        found = self._possible(tuple(known.get(item) for item in self.ids))
        return tuple(sorted(found, key=self.instrument.placements.index))

    def route(self, responses: Mapping[str, str]) -> list[str]:
        """The items that apply in some completion."""
        known = {item: response for item, response in responses.items() if response != DONT_KNOW}
        return [item for item in self.ids if any(applies(self.instrument, item, c) for c in self._completions(known))]

    def on_route(self, responses: Mapping[str, str]) -> dict[str, str]:
        """The known responses that count in some completion."""
        route = self.route(responses)
        return {item: given for item, given in responses.items() if given != DONT_KNOW and item in route}

    def truths(self, condition: Condition, known: Mapping[str, str]) -> set[bool]:
        """Whether a condition holds, in each completion."""
        return {holds(self.instrument, condition, full) for full in self._completions(known)}

    def deciding(self, item: str, known: Mapping[str, str]) -> set[str]:
        """The items not known on which it turns, in some completion, whether an item applies."""
        return {
            other.id
            for other in self.instrument.items
            if other.id not in known
            and any(
                len({applies(self.instrument, item, {**full, other.id: option}) for option in other.options}) > 1
                for full in self._completions(known)
            )
        }

    def information_gain(self, item: str, known: Mapping[str, str]) -> float:
        """Bits of doubt that an item removes on average, every placement as likely as the others beforehand."""
        after = [self._masses({**known, item: option}) for option in self.instrument.by_id[item].options]
        total = sum(sum(masses) for masses in after)
        return _entropy(self._masses(known)) - sum(sum(masses) / total * _entropy(masses) for masses in after)

    def _masses(self, known: Mapping[str, str]) -> list[float]:
        placed = [self.possible(full)[0] for full in self._completions(known)]
        return [placed.count(placement) * self._weights[placement] for placement in set(placed)]

    def _completions(self, known: Mapping[str, str]) -> Iterator[dict[str, str]]:
        return completions(self.instrument, known)

    def open_ids(self, known: Mapping[str, str]) -> set[str]:
        return {item.id for item in self.instrument.items if item.id not in known and self._matters(item.id, known)}

    def _matters(self, item: str, known: Mapping[str, str]) -> bool:
        options = self.instrument.by_id[item].options
        return any(
            len({self.possible({**full, item: option}) for option in options}) > 1
            for full in completions(self.instrument, known)
        )

    def way_up(self, known: Mapping[str, str], goal: frozenset[str]) -> tuple[int, int, tuple] | None:
        """Effort, number and places of the cheapest advised changes."""
        choices = [(None, *item.efforts) for item in self.instrument.items]
        found = []
        for row in product(*choices):
            changes = [
                (at, option)
                for at, option in enumerate(row)
                if option is not None and known.get(self.ids[at]) != option
            ]
            after = {**known, **{self.ids[at]: option for at, option in changes}}
            if goal.issuperset(self.possible(after)):
                effort = sum(self.instrument.items[at].efforts[option] for at, option in changes)
                found.append((effort, len(changes), self._places(changes)))
        return min(found, default=None)

    def way_down(self, known: Mapping[str, str], lost: frozenset[str]) -> tuple[int, int, tuple] | None:
        """Number, sizes and places of the smallest changes to known responses."""
        found = []
        for full in completions(self.instrument, {}):
            if self.possible(full)[0] in lost:
                changes = [
                    (at, full[item]) for at, item in enumerate(self.ids) if item in known and known[item] != full[item]
                ]
                sizes = [
                    self.instrument.items[at].slips.get(known[self.ids[at]], {}).get(option, UNLISTED_SLIP_SIZE)
                    for at, option in changes
                ]
                found.append((len(changes), sum(sizes), self._places(changes)))
        return min(found, default=None)

    def _places(self, changes: list[tuple[int, str]]) -> tuple[tuple[int, int], ...]:
        return tuple(sorted((at, self.instrument.items[at].options.index(option)) for at, option in changes))


def _entropy(masses: list[float]) -> float:
    return -sum(mass / sum(masses) * log2(mass / sum(masses)) for mass in masses)
