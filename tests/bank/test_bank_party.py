# ruff: noqa: E501 - a row is one claim
"""What the other party is asked is complete, turns round cleanly, and changes no verdict."""

import pytest
from demo_bank import Demo

from assessor import bank

SIDES = """\
asked: [money, price]
library_only: [writing]
mirror:
  money: {"no": "yes"}
gain: {item: money, ours: ["yes"], theirs: ["no"]}
wishes: [price]
"""

WORDS = """\
language: en
about: From your side.
items:
  money:
    ask: Do they pay you?
    hint: Think.
    options:
      yes: {label: They do}
  price:
    ask: How much do they pay?
placements:
  bought: {line: They buy from us}
"""


@pytest.fixture
def sided(demo: Demo) -> Demo:
    (demo.folder / "party").mkdir()
    demo.write("party/sides.yaml", SIDES)
    demo.write("party/en.yaml", WORDS)
    return demo


def test_a_party_s_side_that_holds_is_read(sided: Demo) -> None:
    assert sided.problems() == []

    sides = bank.open_bank(sided.folder).sides
    assert sides.asked == bank.open_bank(sided.folder).sides.asked == ("money", "price")
    assert sides.mirrors == {"money": {"no": "yes", "yes": "no"}}
    assert sides == bank.open_bank(sided.folder).sides, "as kept"


def test_the_party_reads_its_own_words_and_the_librarys_where_it_has_none(sided: Demo) -> None:
    words, library = bank.open_bank(sided.folder).party_wording("en"), bank.open_bank(sided.folder).wording("en")

    assert words.about == "From your side."
    assert (words.items["money"].ask, words.items["money"].hint) == ("Do they pay you?", "Think.")
    assert (words.items["money"].options["yes"].label, words.items["money"].options["yes"].short) == ("They do", "Yes")
    assert words.items["money"].options["no"] == library.items["money"].options["no"]
    assert words.items["writing"] == library.items["writing"]
    assert (words.placements["bought"].line, words.placements["bought"].name) == ("They buy from us", "Bought")
    assert words == bank.open_bank(sided.folder).party_wording("en"), "as kept"


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        ("asked: [money, price]", "asked: [monney, price]", "asked: [▸monney, price]", "1:9: there is no item monney; the nearest is money"),
        ("library_only: [writing]\n", "", "▸asked: [money, price]", "1:1: it is not said whether the party is asked writing; add it under `asked`, or under `library_only` where only the library can tell"),
        ("library_only: [writing]", "library_only: [writing, price]", "library_only: [writing, ▸price]", "2:25: the item price stands already on line 1; take out one of them"),
        ("asked: [money, price]\nlibrary_only: [writing]", "asked: [price]\nlibrary_only: [writing, money]", "asked: [▸price]", "1:9: whether price applies hangs on money, which the party is not asked; ask both, or neither"),
        ("  money: {", "  writing: {", '▸writing: {"no": "yes"}', "4:3: the party is not asked writing; add it under `asked`, or take it out here"),
        ('"no": "yes"', '"no": "yess"', 'money: {"no": ▸"yess"}', "4:17: the item money has no option yess; the nearest is yes, out of: no, yes"),
        ('"no": "yes"}', '"no": "yes", "yes": "no"}', 'money: {"no": "yes", ▸"yes": "no"}', "4:24: the option yes changes places already on line 4; an option has one mirror, so take one out"),
        ('theirs: ["no"]', 'theirs: ["yes"]', 'gain: {item: ▸money, ours: ["yes"], theirs: ["yes"]}', "5:14: turned round, yes says no, but `theirs` has yes; what one side says of itself is what the other says of it, so mend `gain` or `mirror`"),
        ("wishes: [price]", "wishes: [writing]", "wishes: [▸writing]", "6:10: the party is not asked writing; add it under `asked`, or take it out here"),
        ("wishes:", "wishs:", "▸wishs: [price]", "6:1: the key wishs is not known here; the nearest is wishes, out of: asked, library_only, mirror, gain, wishes"),
        ("item: money, ", "", 'gain: {▸ours: ["yes"], theirs: ["no"]}', "5:8: something is missing here; add: item"),
    ],
)  # fmt: skip
def test_each_slip_in_the_sides_is_told(sided: Demo, old: str, new: str, marked: str, said: str) -> None:
    sided.change(old, new, "party/sides.yaml")

    assert f"party/sides.yaml:{said}" in sided.problems()
    assert sided.marked(f"party/sides.yaml:{said}") == marked


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        ("language: en", "language: sv", "language: ▸sv", "1:11: the file is named for en and says sv; make them the same"),
        ("  price:\n    ask: How much do they pay?\n", "", "▸items:", "3:1: the party is asked price, which has no words here; add it under `items` with its `ask`"),
        ("  price:\n", "  writing:\n", "▸writing:", "9:3: the party is not asked writing; take it out, or write price"),
        ("    ask: Do they pay you?\n", "", "▸hint: Think.", "5:5: something is missing here; add: ask"),
        ("      yes:", "      yess:", "▸yess: {label: They do}", "8:7: the item money has no option yess; the nearest is yes, out of: no, yes"),
        ("{label: They do}", '{label: ""}', 'yes: {label: ▸""}', "8:20: a text is needed here; write one"),
        ("  bought:", "  bougt:", "▸bougt: {line: They buy from us}", "12:3: there is no placement bougt; the nearest is bought"),
    ],
)  # fmt: skip
def test_each_slip_in_the_partys_words_is_told(sided: Demo, old: str, new: str, marked: str, said: str) -> None:
    sided.change(old, new, "party/en.yaml")

    assert f"party/en.yaml:{said}" in sided.problems()
    assert sided.marked(f"party/en.yaml:{said}") == marked
    with pytest.raises(bank.BankRefused):
        bank.open_bank(sided.folder).party_wording("en")


def test_every_problem_of_both_files_is_told_at_once(sided: Demo) -> None:
    sided.change('"no": "yes"', '"no": "yess"', "party/sides.yaml")
    sided.change("wishes: [price]", "wishes: [prise]", "party/sides.yaml")
    sided.change("ask: How much do they pay?", "aks: How much?", "party/en.yaml")

    assert sided.places() == [
        "party/sides.yaml:4:17",
        "party/sides.yaml:6:10",
        "party/en.yaml:10:5",
    ]


def test_every_language_of_the_bank_speaks_to_the_party_too_and_no_other(sided: Demo) -> None:
    sided.write("sv.yaml", (sided.folder / "en.yaml").read_text("utf-8").replace("language: en", "language: sv"))
    sided.write("party/fi.yaml", WORDS.replace("language: en", "language: fi"))

    [lacking, stray] = sided.problems()
    assert lacking.startswith("party/sv.yaml:1:1: there is no such file; a bank needs it")
    assert stray.startswith("party/fi.yaml:1:1: no file of a bank is called this;")


def test_a_slip_in_the_instrument_does_not_come_back_from_the_partys_files(sided: Demo) -> None:
    sided.change("  - id: money", "  - id: Money")

    assert {place.split(":")[0] for place in sided.places()} == {"instrument.yaml"}


def test_a_bank_without_a_partys_side_says_so(demo: Demo) -> None:
    assert not bank.open_bank(demo.folder).has_party_side
    with pytest.raises(bank.NoPartySide):
        bank.open_bank(demo.folder).party_wording("en")


def test_the_partys_side_is_no_part_of_the_rules(demo: Demo) -> None:
    before = bank.open_bank(demo.folder).instrument.digest
    (demo.folder / "party").mkdir()
    demo.write("party/sides.yaml", SIDES)
    demo.write("party/en.yaml", WORDS)

    assert bank.open_bank(demo.folder).instrument.digest == before


@pytest.mark.parametrize("language", ["sv", "en", "fi", "da", "nb"])
def test_dokk1_asks_the_party_in_words_of_its_own(language: str) -> None:
    library, party = bank.open_bank("dokk1").wording(language), bank.open_bank("dokk1").party_wording(language)
    ours = {"sv": "bibliotek", "en": "library", "fi": "kirjast", "da": "bibliotek", "nb": "bibliotek"}[language]

    asked = bank.open_bank("dokk1").sides.asked
    assert [item for item in asked if party.items[item].ask == library.items[item].ask] == []
    named = [item for item in asked if ours in party.items[item].ask.lower()]
    assert named == list(asked)
    for option in ("we_pay", "they_pay"):
        assert ours in party.items["payment"].options[option].label.lower()
