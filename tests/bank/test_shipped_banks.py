"""The banks that come with the program hold, and so does one that has nothing in common with them."""

import importlib
import re
import shutil
import string
from pathlib import Path

import pytest

from assessor import bank, resources
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import on_route
from assessor.language import LANGUAGES, base_language

FIVE_LEVELS = Path(__file__).parent / "banks" / "five_levels"
BANKS = [*bank.available_banks(), FIVE_LEVELS]
#: Where the sentences of a check stand.
_MODULES = (
    *("bank_files", "condition_parsing", "instrument_parsing", "parsing", "problems", "proofs", "value_kinds"),
    *("unreliable_ids", "yaml_reader"),
)


def test_dokk1_and_a_second_bank_are_shipped() -> None:
    assert "dokk1" in bank.available_banks()
    assert len(bank.available_banks()) >= 2


@pytest.mark.parametrize("name", BANKS, ids=str)
def test_a_shipped_bank_holds(name: str | Path) -> None:
    assert [str(problem) for problem in bank.check_bank(name)] == []


@pytest.mark.parametrize("name", BANKS, ids=str)
def test_a_shipped_bank_speaks_swedish_and_english(name: str | Path) -> None:
    assert {"en", "sv"} <= set(bank.open_bank(name).languages)
    for language in bank.open_bank(name).languages:
        assert bank.open_bank(name).wording(language).language == language


@pytest.mark.parametrize("name", bank.available_banks())
def test_our_own_banks_speak_every_language_of_the_interface(name: str) -> None:
    assert {"sv", "fi", "da", "nb", "en"} <= set(bank.open_bank(name).languages)
    assert [
        language
        for language in LANGUAGES
        if bank.open_bank(name).wording(language).language.split("_")[0] != base_language(language)
    ] == []


@pytest.mark.parametrize("name", bank.available_banks())
@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_a_language_of_which_one_word_is_lacking_is_refused(name: str, language: str, tmp_path: Path) -> None:
    shutil.copytree(resources.questions_folder() / name, tmp_path / name)
    path = tmp_path / name / f"{language}.yaml"
    text, lacking = re.subn("^ +short: .*\n", "", path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, "utf-8")

    assert lacking == 1
    assert [str(each) for each in bank.check_bank(tmp_path / name) if "add: short" in str(each)] != []
    with pytest.raises(bank.BankRefused):
        bank.open_bank(tmp_path / name).wording(language)


def test_the_table_of_terms_names_every_language_of_the_bank() -> None:
    table = (resources.questions_folder() / "dokk1" / "terms.md").read_text("utf-8")
    heads = [line for line in table.splitlines() if line.startswith("| thing")]
    rows = [line.count("|") for line in table.splitlines() if line.startswith("|")]

    assert set(heads) == {"| thing | sv | sv_FI | fi | da | nb | en | why |"}
    assert set(rows) == {9}


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_what_the_terms_call_a_placement_is_what_the_bank_calls_it(language: str) -> None:
    table = (resources.questions_folder() / "dokk1" / "terms.md").read_text("utf-8").casefold()
    placements = bank.open_bank("dokk1").wording(language).placements

    named = ("strategic", "service", "network", "supplier", "customer")
    assert [name for id in named if f"| {(name := placements[id].name.casefold())} |" not in table] == []


@pytest.mark.parametrize("name", BANKS, ids=str)
def test_every_worked_case_is_placed_as_it_says(name: str | Path) -> None:
    instrument = bank.open_bank(name).instrument
    said = {case.id: set(case.placements) for case in bank.open_bank(name).cases}

    assert said
    assert said == {
        case.id: set(instrument.diagram.possible_placements(on_route(instrument, case.responses)))
        for case in bank.open_bank(name).cases
    }


def test_dokk1_asks_what_the_method_asks() -> None:
    instrument = bank.open_bank("dokk1").instrument

    assert " ".join(instrument.by_id) == (
        "creation contribution benefit payment price control respect vision expectations citizens "
        "activity scope agreement ownership strategy track"
    )
    assert instrument.placements == ("strategic", "service", "network", "supplier", "customer", "outside")
    assert instrument.by_id["price"].when is not None
    assert instrument.by_id["respect"].options == ("no", "one_way", "both_ways")


@pytest.mark.parametrize("language", bank.open_bank("dokk1").languages)
def test_dokk1_names_the_two_questions_that_an_ended_collaboration_answers_with_nothing(language: str) -> None:
    words = bank.open_bank("dokk1").wording(language)

    assert all(words.items[each].ask in words.about for each in ("activity", "scope"))
    assert words.items["activity"].options["nothing"].label == words.items["scope"].options["nothing"].label


@pytest.mark.parametrize("name", bank.available_banks())
def test_an_example_leads_to_the_same_answer_in_every_language(name: str) -> None:
    wordings = [bank.open_bank(name).wording(language) for language in bank.open_bank(name).languages]
    leads = [{item: words.story and words.story.option for item, words in each.items.items()} for each in wordings]

    assert all(each == leads[0] for each in leads)
    assert name != "dokk1" or None not in leads[0].values()


def test_five_levels_place_by_their_own_rules() -> None:
    instrument = bank.open_bank(FIVE_LEVELS).instrument
    given = {"rhythm": "yearly", "planning": DONT_KNOW, "paper": "none"}

    assert instrument.levels == ("alliance", "programme", "series", "visit", "contact")
    assert instrument.diagram.possible_placements(given) == ("series", "contact")


def test_a_bank_is_described_in_figures() -> None:
    told = bank.describe(bank.open_bank(FIVE_LEVELS).instrument)

    assert (told.items, told.options, told.combinations) == (5, 14, 4 * 3 * 3 * 2 * 2)
    assert sum(told.shares.values()) == pytest.approx(1)
    assert told.shares["apart"] == 1 / 4


def test_a_shipped_bank_lies_in_a_folder_with_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FIVE_LEVELS, tmp_path / "five_levels")
    shutil.copytree(FIVE_LEVELS, tmp_path / "copied")
    monkeypatch.setattr(resources, "questions_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)

    assert bank.check_bank("five_levels") == ()
    assert [str(problem) for problem in bank.check_bank("copied")] == [
        "copied/instrument.yaml:3:5: the bank says five_levels and lies in the folder copied; "
        "make them the same, so that it is found"
    ]


def test_the_name_and_version_of_a_shipped_bank_with_other_rules_are_taken(tmp_path: Path) -> None:
    shutil.copytree(resources.questions_folder() / "winwin", tmp_path / "mine")
    rules = tmp_path / "mine" / "instrument.yaml"

    assert bank.check_bank(tmp_path / "mine") == ()
    rules.write_text(rules.read_text("utf-8").replace("        - at_least: 3", "        - at_least: 4"))
    assert str(bank.check_bank(tmp_path / "mine")[0]).endswith(
        "mine/instrument.yaml:8:5: winwin 1.0 comes with the program and has other rules; choose another id, "
        "so that answers to the two are never taken for one another"
    )


def test_every_sentence_of_a_check_can_be_filled_in() -> None:
    sentences = [
        (module, name, text)
        for module in _MODULES
        for name, text in vars(importlib.import_module(f"assessor.bank.{module}")).items()
        if name.isupper() and name.startswith("_") and isinstance(text, str) and not name.endswith("_PATTERN")
    ]

    assert len(sentences) > 60
    for module, name, text in sentences:
        fields = {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
        assert all(field.isidentifier() for field in fields), (module, name)


def test_dokk1_calibrates_with_a_level_a_purchase_and_one_in_between_in_every_language() -> None:
    rounds = {
        language: bank.open_bank("dokk1").calibration_cases(language) for language in bank.open_bank("dokk1").languages
    }

    assert set(rounds) == {"da", "en", "fi", "nb", "sv", "sv_FI"}
    assert rounds["sv_FI"] == rounds["sv"]
    assert len({case.text for cases in rounds.values() for case in cases}) == 15
    for cases in rounds.values():
        assert [(case.placement, case.verdict.placement) for case in cases] == [
            ("service", "service"),
            ("supplier", "supplier"),
            ("network", "network"),
        ]
        assert all(len(case.text) < 300 for case in cases)
