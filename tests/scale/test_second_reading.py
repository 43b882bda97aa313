"""The banks we ship, placed as a second reading of their rules places them: all complete answers, many incomplete.

The ordinary suite takes a sample; `-m campaign -s` goes through every combination, some minutes, and tells the count.
"""

import random
import sys
import time

import numpy as np
import pytest
from second_reading import Reading

from assessor import bank, resources
from assessor.core.routing import on_route
from assessor.core.scoring import assess
from assessor.scale.column_placement import PlacementTables

BANKS = ["dokk1", "winwin"]

#: Incomplete answers that lack the same items.
ROWS = 100

MOST_UNKNOWN = 8


def reading(name):
    return Reading(resources.questions_folder() / name / "instrument.yaml")


def ends_as_bits(tables, read):
    return np.array([read.bits(placements) for placements in tables.end_placements], np.uint8)


def compared(name, every=1):
    """How many combinations lead to each placement, all of them placed alike by columns and by the second reading."""
    read, tables = reading(name), PlacementTables.for_instrument(bank.open_bank(name).instrument)
    bits, counts = ends_as_bits(tables, read), np.zeros(256, np.int64)
    for columns, placed in read.complete(every):
        codes = {item: column + np.uint8(1) for item, column in columns.items()}
        assert np.array_equal(bits[tables.find_ends(codes)], placed), columns
        counts += np.bincount(placed, minlength=256)
    return {placement: int(counts[read.bits((placement,))]) for placement in read.placements}


@pytest.mark.parametrize("name", BANKS)
def test_a_sample_of_all_complete_answers_is_placed_alike(name):
    counts = compared(name, every=611)

    assert sum(counts.values()) > 0


@pytest.mark.campaign
@pytest.mark.parametrize("name", BANKS)
def test_all_complete_answers_are_placed_alike(name):
    started = time.perf_counter()
    counts = compared(name)
    taken = time.perf_counter() - started
    sys.stdout.write(
        f"\n{name}: {sum(counts.values()):,} complete combinations placed alike in {taken:.0f} s: {counts}"
    )

    assert sum(counts.values()) == reading(name).combinations()
    assert counts == bank.open_bank(name).instrument.diagram.counts_by_placement()


def incomplete_answers(read, chance, batches):
    """Batches of rows that lack the same items, half of them leaning to each item's last option: what is left out by
    chance alone is nearly never made together."""
    for _ in range(batches):
        unknown = tuple(chance.sample(list(read.options), chance.randint(0, min(MOST_UNKNOWN, len(read.options) - 1))))
        given = [item for item in read.options if item not in unknown]
        yield (
            unknown,
            [
                {item: read.options[item][chosen(read, item, chance, lean)] for item in given}
                for lean in (row % 2 * 0.7 for row in range(ROWS))
            ],
        )


def chosen(read, item, chance, lean):
    last = len(read.options[item]) - 1
    return last if chance.random() < lean else chance.randint(0, last)


def as_columns(read, rows):
    return {item: np.array([read.options[item].index(row[item]) for row in rows], np.uint8) for item in rows[0]}


def count_incomplete(name, batches, each_assessed):
    """How many incomplete answers are placed alike by the walk, by columns and by the second reading."""
    read, instrument, chance = reading(name), bank.open_bank(name).instrument, random.Random(11)
    tables = PlacementTables.for_instrument(instrument)
    bits = ends_as_bits(tables, read)
    for unknown, rows in incomplete_answers(read, chance, batches):
        columns = as_columns(read, rows)
        expected = read.possible(columns, unknown)
        walked = [read.bits(instrument.diagram.possible_placements(on_route(instrument, row))) for row in rows]
        assessed = [read.bits(assess(instrument, row).placements) for row in rows[::each_assessed]]
        assert walked == expected.tolist(), (unknown, rows)
        assert assessed == expected[::each_assessed].tolist()
        assert np.array_equal(
            bits[tables.find_ends({item: codes + np.uint8(1) for item, codes in columns.items()})], expected
        )
    return batches * ROWS


@pytest.mark.parametrize("name", BANKS)
def test_a_sample_of_incomplete_answers_may_be_placed_alike(name):
    assert count_incomplete(name, batches=20, each_assessed=10) == 2_000


@pytest.mark.campaign
@pytest.mark.parametrize("name", BANKS)
def test_a_million_incomplete_answers_may_be_placed_alike(name):
    started = time.perf_counter()
    count = count_incomplete(name, batches=10_000, each_assessed=10)
    taken = time.perf_counter() - started
    sys.stdout.write(
        f"\n{name}: {count:,} incomplete answers, at most {MOST_UNKNOWN} unknown, placed alike in {taken:.0f} s"
    )

    assert count == 1_000_000
