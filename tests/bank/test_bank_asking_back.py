"""`asks_back`: a signal on which the interview asks whether responses fit together."""

import pytest
from demo_bank import Demo

from assessor import bank

PAID = '  - {id: paid, when: {money: "yes"}}\n'
ASKING = '  - {id: odd, when: {all: [{writing: none}, {money: "yes"}]}, asks_back: true}\n'
WORDS = "  paid: {name: Paid, about: Money changes hands.}\n"


@pytest.fixture
def asking(demo: Demo) -> Demo:
    """The small bank, which asks back where money changes hands with nothing in writing."""
    demo.change(PAID, PAID + ASKING)
    demo.change(WORDS, f"{WORDS}  odd: {{name: Odd, about: Paid and not written.}}\n", "en.yaml")
    return demo


def test_a_signal_asks_back_where_it_says_so(asking: Demo) -> None:
    assert asking.problems() == []
    signals = bank.open_bank(asking.folder).instrument.signals
    assert [(signal.id, signal.asks_back) for signal in signals] == [("paid", False), ("odd", True)]


def test_answers_stay_answers_to_the_same_rules_where_a_bank_begins_to_ask_back(demo: Demo, asking: Demo) -> None:
    asking.change(ASKING, "")
    before = bank.open_bank(demo.folder).instrument
    asking.change(PAID, PAID + ASKING)

    assert bank.open_bank(asking.folder).instrument.digest == before.digest


@pytest.mark.parametrize("given", ["yes", '"true"', "True", "[true]"])
def test_anything_but_true_or_false_is_told_with_its_place(asking: Demo, given: str) -> None:
    asking.change("asks_back: true", f"asks_back: {given}")
    [problem] = asking.problems()

    assert "instrument.yaml:" in problem
    assert "neither true nor false" in problem or "a text is needed" in problem


def test_one_that_can_never_ask_is_told_with_its_place(asking: Demo) -> None:
    asking.change('{all: [{writing: none}, {money: "yes"}]}', "{all: [{writing: none}, {writing: intent}]}")
    [problem] = asking.problems()

    assert "odd" in problem


def test_one_without_words_is_told(asking: Demo) -> None:
    asking.change("  odd: {name: Odd, about: Paid and not written.}\n", "", "en.yaml")
    [problem] = asking.problems()

    assert "the signal odd has no words; add it under `signals`" in problem
