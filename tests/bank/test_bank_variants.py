"""A variant of a language lies over it: what it says stands, everything else shows through, and nothing twice."""

from dataclasses import replace

import pytest
from demo_bank import WORDING, Demo

from assessor import bank

SCOTS = """\
language: en_GB
items:
  price:
    ask: Hoo muckle?
method:
  2: The ither.
"""


@pytest.fixture
def scots(demo: Demo) -> Demo:
    demo.change("gains:", 'method: ["The first.", "The second."]\ngains:', "en.yaml")
    demo.write("en_GB.yaml", SCOTS)
    return demo


def test_only_what_a_variant_says_is_otherwise(scots: Demo) -> None:
    plain, mine = (bank.open_bank(scots.folder).wording(language) for language in ("en", "en_GB"))

    assert mine.items["price"].ask == "Hoo muckle?"
    assert mine.method == ("The first.", "The ither.")
    price = replace(mine.items["price"], ask=plain.items["price"].ask)
    assert replace(mine, language="en", items={**mine.items, "price": price}, method=plain.method) == plain


def test_a_bank_with_a_variant_holds_and_names_it(scots: Demo) -> None:
    assert scots.problems() == []
    assert bank.open_bank(scots.folder).languages == ("en", "en_GB")


def test_a_mended_base_is_heard_in_the_variant(scots: Demo) -> None:
    bank.open_bank(scots.folder).wording("en_GB")
    scots.change("ask: Does anyone pay?", "ask: Does anybody pay?", "en.yaml")

    assert bank.open_bank(scots.folder).wording("en_GB").items["money"].ask == "Does anybody pay?"


def test_a_variant_changes_nothing_that_a_verdict_rests_on(demo: Demo) -> None:
    before = bank.open_bank(demo.folder).instrument
    demo.write("en_GB.yaml", "language: en_GB\nitems: {price: {ask: Hoo muckle?}}\n")

    assert bank.open_bank(demo.folder).instrument == before


def test_a_snapshot_speaks_the_variant(scots: Demo) -> None:
    text = bank.open_bank(scots.folder).snapshot

    assert bank.open_snapshot(text).languages == ("en", "en_GB")
    assert bank.open_snapshot(text).wording("en_GB") == bank.open_bank(scots.folder).wording("en_GB")


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        ("items: {prise: {ask: Hoo muckle?}}", "en_GB.yaml:2:9: the instrument has no item prise"),
        ("items: {price: {aks: Hoo muckle?}}", "en_GB.yaml:2:17: the key aks is not known here"),
        ("items: {price: {ask: ''}}", "en_GB.yaml:2:22: a text is needed here"),
        ("items: {price: {options: {lo: {label: Wee}}}}", "en_GB.yaml:2:27: the item price has no option lo"),
        ("method: {9: The ninth.}", "en_GB.yaml:2:9: a list is needed here"),
        ("name: A demo", "en_GB.yaml:2:7: this says what en says; take it out"),
        ("gains: {reach: More people}", "en_GB.yaml:2:16: this says what en says; take it out"),
    ],
)
def test_what_does_not_lie_over_the_base_is_told_where_it_stands(demo: Demo, variant: str, told: str) -> None:
    demo.change(next(line for line in WORDING.splitlines() if line.startswith("name:")), "name: A demo", "en.yaml")
    demo.write("en_GB.yaml", f"language: en_GB\n{variant}\n")

    assert [problem for problem in demo.problems() if problem.startswith(told)] != []
    assert {problem.split(":")[0] for problem in demo.problems()} == {"en_GB.yaml"}


def test_a_variant_without_its_base_has_to_be_whole(demo: Demo) -> None:
    demo.write("fi_FI.yaml", "language: fi_FI\nname: Vain nimi\n")

    assert [problem for problem in demo.problems() if "something is missing here; add: about" in problem] != []
    with pytest.raises(bank.BankRefused):
        bank.open_bank(demo.folder).wording("fi_FI")


def test_a_variant_that_a_bank_has_nothing_of_is_its_base(demo: Demo) -> None:
    assert bank.open_bank(demo.folder).wording("en_GB") == bank.open_bank(demo.folder).wording("en")


@pytest.mark.parametrize(
    ("wish", "spoken", "nearest"),
    [
        ("fi", ("en", "fi", "sv"), "fi"),
        ("sv_FI", ("en", "sv", "sv_FI"), "sv_FI"),
        ("sv_FI", ("da", "sv"), "sv"),
        ("fi", ("da", "en"), "en"),
        ("fi", ("da", "sv"), "da"),
        ("fi", (), "fi"),
    ],
)
def test_a_bank_speaks_the_language_the_base_english_or_what_it_has(wish, spoken, nearest) -> None:
    assert bank.nearest_language(wish, spoken) == nearest
