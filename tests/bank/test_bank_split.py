"""The signals on which a second collaboration is offered."""

from pathlib import Path

from assessor import bank

FIVE = Path(__file__).parent / "banks" / "five_levels"


def test_a_split_on_what_is_no_signal_is_told_with_its_place(tmp_path):
    text = (FIVE / "instrument.yaml").read_text(encoding="utf-8")
    folder = tmp_path / "five_levels"
    folder.mkdir()
    for file in FIVE.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "instrument.yaml").write_text(text + "\nsplit: [nothing_of_the_kind]\n", encoding="utf-8")

    problems = [str(problem) for problem in bank.check_bank(folder)]

    line = len(text.splitlines()) + 2
    assert len(problems) == 1
    assert f"instrument.yaml:{line}:9: nothing_of_the_kind under `split` is no signal" in problems[0]


def test_dokk1_offers_to_split_what_is_bought_and_made_together_at_once():
    instrument = bank.open_bank("dokk1").instrument

    assert instrument.split_signals == ("both_ways",)
    assert set(instrument.split_signals) <= {signal.id for signal in instrument.signals}
