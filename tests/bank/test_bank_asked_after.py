"""The options after which more is asked: when a paper ends, which goal is served. No rule reads either."""

from pathlib import Path

import pytest

from assessor import bank

FIVE = Path(__file__).parent / "banks" / "five_levels"


def folder_with(tmp_path: Path, added: str) -> Path:
    """The bank of five levels with a line more in its instrument."""
    folder = tmp_path / "five_levels"
    folder.mkdir()
    for file in FIVE.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    instrument = folder / "instrument.yaml"
    instrument.write_text(f"{instrument.read_text('utf-8')}\n{added}\n", "utf-8")
    return folder


@pytest.mark.parametrize("key", ["ends", "serves", "followed", "in_force"])
def test_items_and_options_that_the_bank_does_not_have_are_told_with_their_place(tmp_path, key):
    item = bank.open_bank(FIVE).instrument.items[0]
    folder = folder_with(tmp_path, f"{key}: {{{item.id}: [nothing], nowhere: [yes_it_is]}}")
    line = len((folder / "instrument.yaml").read_text("utf-8").splitlines())

    no_option, no_item = (str(problem) for problem in bank.check_bank(folder))
    assert f"instrument.yaml:{line}:" in no_option
    assert f"the item {item.id} has no option nothing" in no_option
    assert f"instrument.yaml:{line}:" in no_item
    assert "there is no item nowhere" in no_item


def test_what_is_asked_after_an_option_leaves_the_rules_what_they_were(tmp_path):
    item = bank.open_bank(FIVE).instrument.items[0]
    more = bank.open_bank(folder_with(tmp_path, f"ends: {{{item.id}: [{item.options[1]}]}}")).instrument

    assert more.ends == {item.id: (item.options[1],)}
    assert more.digest == bank.open_bank(FIVE).instrument.digest


def test_dokk1_asks_when_a_letter_of_intent_or_an_agreement_ends_and_which_goal_is_served():
    instrument = bank.open_bank("dokk1").instrument

    assert instrument.ends == {"agreement": ("intent", "agreement")}
    assert instrument.serves == {"strategy": ("goal",)}
