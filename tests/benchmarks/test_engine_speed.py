"""How fast the engine is: `pytest -m benchmark -s tests/benchmarks/test_engine_speed.py`."""

import random
import statistics
import sys

import pytest
from measure import cpu_here, ratio, tell

from assessor import bank
from assessor.core.conditions import AllOf, AnyOf, AtLeast, ItemIs, Not
from assessor.core.diagram import compile_rules
from assessor.core.responses import DONT_KNOW
from assessor.core.scoring import assess

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="module")
def instrument():
    return bank.open_bank("dokk1").instrument


def compiled(instrument):
    return compile_rules(
        instrument.id,
        {item.id: item.options for item in instrument.items},
        {item.id: item.when for item in instrument.items if item.when},
        tuple((outcome.id, outcome.when) for outcome in instrument.outcomes),
        {mark.id: mark.when for mark in (*instrument.marks, *instrument.signals)},
        instrument.placements,
    )


def rule_by_rule(instrument, full):
    """The rules as they stand, read one by one: what one would write without a diagram."""

    def holds(condition):
        match condition:
            case None:
                return True
            case ItemIs():
                return full[condition.item] in condition.options
            case Not():
                return not holds(condition.part)
            case AllOf():
                return all(holds(part) for part in condition.parts)
            case AnyOf():
                return any(holds(part) for part in condition.parts)
            case AtLeast():
                return sum(holds(part) for part in condition.parts) >= condition.count

    return next(outcome.id for outcome in instrument.outcomes if holds(outcome.when))


def sheets(instrument, unknown=0.0, count=500):
    chance = random.Random(7)
    return [
        {item.id: DONT_KNOW if chance.random() < unknown else chance.choice(item.options) for item in instrument.items}
        for _ in range(count)
    ]


def test_compiling(instrument):
    taken = statistics.median(cpu_here(lambda: compiled(instrument)) for _ in range(7))
    sys.stdout.write(f"\ncompile dokk1: {taken * 1e3:.1f} ms (aim: at most 150), {len(instrument.diagram.nodes)} nodes")

    assert compiled(instrument).possible_placements({}) == instrument.diagram.possible_placements({})


def test_one_placement_against_the_rules_one_by_one(instrument):
    full = sheets(instrument)

    def by_rules():
        return [rule_by_rule(instrument, sheet) for sheet in full]

    def by_diagram():
        return [instrument.diagram.possible_placements(sheet)[0] for sheet in full]

    def gated(sheet):
        return {**sheet, "price": sheet["price"] if sheet["payment"] in ("we_pay", "they_pay") else ""}

    tell(
        "500 placements, rules one by one / diagram",
        ratio(lambda: cpu_here(by_rules, 3), lambda: cpu_here(by_diagram, 3)),
        "at least 5",
    )

    assert by_diagram() == [rule_by_rule(instrument, gated(sheet)) for sheet in full]


@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.5])
def test_one_full_verdict(instrument, unknown):
    full = sheets(instrument, unknown)
    for sheet in full:
        assess(instrument, sheet, "strategic")
    taken = [cpu_here(lambda sheet=sheet: assess(instrument, sheet, "strategic")) for sheet in full]
    sys.stdout.write(
        f"\none verdict, {unknown:.0%} not known: median {statistics.median(taken) * 1e3:.3f} ms, "
        f"mean {statistics.mean(taken) * 1e3:.3f}, worst {max(taken) * 1e3:.2f} (aim: at most 1)"
    )

    assert len(taken) == len(full)
