"""Two copies of a history that went apart: merged in any order they give the same, and nothing given is lost."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor.core.entries import current_state
from assessor.core.merging import (
    Conflict,
    EntriesDiffer,
    conflicts,
    extended_history,
    merged_history,
    unreplaced_keys,
    with_keys,
)
from assessor.core.responses import Entry

_START = datetime(2026, 3, 1, 9, tzinfo=UTC)
_SUBJECTS = [("response", "payment"), ("response", "creation"), ("note", "payment"), ("gut", ""), ("step", "s.what")]

History = tuple[Entry, ...]


def _entry(
    key: str, value: str, at: int, *replaces: str, kind: str = "response", item: str = "payment", seq: int = 1
) -> Entry:
    return Entry(
        seq=seq, kind=kind, item=item, value=value, at=_START + timedelta(seconds=at), key=key, replaces=replaces
    )


def _numbered(*entries: Entry) -> History:
    return tuple(replace(entry, seq=seq) for seq, entry in enumerate(entries, 1))


def _given(copy: History, key: str, value: str, at: int, kind: str = "response", item: str = "payment") -> History:
    """The copy with something given in it, by a clock that may go wrong; a withdrawn note leaves no text."""
    new = _entry(key, value, at, *unreplaced_keys(copy, kind, item), kind=kind, item=item)
    erases = kind == "note" and not value
    kept = (replace(each, value="") if erases and (each.kind, each.item) == (kind, item) else each for each in copy)
    return _numbered(*kept, new)


def _copies(chance: random.Random, number: int) -> list[History]:
    """Copies of one history, each of which went on alone, and took in another now and then."""
    keys = count()
    copies: list[History] = [()] * number
    for _ in range(chance.randrange(12)):
        copies = [_random_step(chance, copies[0], f"k{next(keys)}")] * number
    for _ in range(chance.randrange(25)):
        place = chance.randrange(number)
        if chance.random() < 0.15:
            copies[place] = merged_history(copies[place], chance.choice(copies))
        else:
            copies[place] = _random_step(chance, copies[place], f"k{next(keys)}")
    return copies


def _random_step(chance: random.Random, copy: History, key: str) -> History:
    kind, item = chance.choice(_SUBJECTS)
    return _given(copy, key, chance.choice(["a", "b", "c", ""]), chance.randrange(60), kind, item)


def _holds(seed: int) -> None:
    """Every law, on three copies by chance."""
    one, two, three = _copies(random.Random(seed), 3)
    both = merged_history(one, two)

    assert both == merged_history(two, one)
    assert merged_history(both, three) == merged_history(one, merged_history(two, three))
    assert merged_history(both, both) == merged_history(both, one) == merged_history(two, both) == both
    assert {each.key for each in both} == {each.key for each in one} | {each.key for each in two}
    said = {each.key: each.value for each in (*one, *two) if each.kind != "note"}
    assert {each.key: each.value for each in both if each.kind != "note"} == said
    assert current_state(extended_history(one, two)) == current_state(both)
    for conflict in conflicts(both):
        counts = [each for each in both if (each.kind, each.item) == (conflict.kind, conflict.item)][-1]
        assert conflict.entries[-1] == counts


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_merging_is_commutative_associative_and_idempotent_and_loses_nothing(seed):
    _holds(seed)


@pytest.mark.campaign
def test_no_response_is_lost_over_ten_thousand_pairs_of_histories():
    for seed in range(10_000):
        _holds(seed)


def test_what_was_given_in_two_copies_is_kept_and_the_later_counts_until_it_is_settled():
    base = _given((), "k1", "none", 0)
    here, there = _given(base, "k2", "shared", 9), _given(base, "k3", "we_pay", 5)

    merged = merged_history(here, there)
    settled = _given(merged, "k4", "we_pay", 20)

    assert [(each.seq, each.key) for each in merged] == [(1, "k1"), (2, "k3"), (3, "k2")]
    assert current_state(merged).responses == {"payment": "shared"}
    assert conflicts(merged) == (Conflict(kind="response", item="payment", entries=merged[1:]),)
    assert (settled[-1].replaces, conflicts(settled)) == (("k3", "k2"), ())
    assert conflicts(merged_history(settled, here, there)) == ()


def test_the_same_given_twice_is_nothing_to_settle():
    base = _given((), "k1", "none", 0)

    assert conflicts(merged_history(_given(base, "k2", "shared", 1), _given(base, "k3", "shared", 2))) == ()


def test_what_came_of_something_stands_after_it_whatever_its_clock_said():
    first = _given((), "k1", "none", 50)
    here, there = _given(first, "k2", "shared", 10), _given((), "k9", "we_pay", 30)

    assert [each.key for each in merged_history(here, there)] == ["k9", "k1", "k2"]


def test_a_copy_that_alone_went_on_keeps_its_own_order():
    here = _numbered(_entry("k1", "a", 5), _entry("k2", "b", 3, kind="note"))
    there = _numbered(*here, _entry("k3", "c", 1, "k1"))

    assert extended_history(here, there) == there
    assert extended_history(there, here) == there


def test_a_note_erased_in_one_copy_is_erased_and_another_wording_of_it_stands_beside():
    written = _given((), "k1", "A", 1, "note")
    erased, reworded = _given(written, "k2", "", 2, "note"), _given(written, "k3", "B", 3, "note")

    merged = merged_history(erased, reworded)

    assert [(each.key, each.value) for each in merged] == [("k1", ""), ("k2", ""), ("k3", "B")]
    assert [[each.key for each in conflict.entries] for conflict in conflicts(merged)] == [["k2", "k3"]]
    assert current_state(merged_history(written, _given(merged, "k4", "", 4, "note"))).notes == {}


def test_an_entry_that_says_something_else_in_the_other_copy_is_refused():
    with pytest.raises(EntriesDiffer) as refused:
        merged_history([_entry("k1", "a", 1)], [_entry("k1", "b", 1)])

    assert refused.value.facts == {"key": "k1"}


def test_causes_in_a_circle_lose_nothing():
    ring = [_entry("k1", "a", 1, "k2"), _entry("k2", "b", 2, "k1"), _entry("k3", "c", 3, "k3")]

    assert [each.key for each in merged_history(ring)] == ["k3", "k1", "k2"]


def test_entries_without_keys_find_their_own_or_get_one_that_is_always_the_same():
    bare = _numbered(_entry("", "a", 1), _entry("", "b", 2))
    known = [_entry("mine", "a", 1)]

    keyed = with_keys("a1", bare, known)

    assert keyed[0] == replace(bare[0], key="mine")
    assert keyed[1].replaces == ("mine",)
    assert [each.key for each in with_keys("a1", bare, ())][1] == keyed[1].key
    assert with_keys("a1", keyed, ()) == keyed
