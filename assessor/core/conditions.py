"""What a rule may ask of responses: five small values, which `diagram` compiles and nothing evaluates directly.

A bank's named conditions are resolved by `bank.condition_parsing`; the core never sees a name.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemIs:
    """The response to `item` is one of `options`."""

    item: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds; holds when there is none."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds; never when there is none."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` of the parts hold."""

    count: int
    parts: tuple["Condition", ...]


Condition = ItemIs | AllOf | AnyOf | Not | AtLeast


def items_in(condition: Condition | None) -> Iterator[str]:
    """The items a condition depends on, in the order it mentions them, with repeats; none for None."""
    match condition:
        case ItemIs():
            yield condition.item
        case Not():
            yield from items_in(condition.part)
        case AllOf() | AnyOf() | AtLeast():
            for part in condition.parts:
                yield from items_in(part)
