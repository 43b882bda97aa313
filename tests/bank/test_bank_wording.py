# ruff: noqa: E501 - a row is one claim
"""A wording is complete for its instrument, and nothing beyond it; worked cases are what the rules say."""

import pytest
from demo_bank import Demo

from assessor import bank


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        ("      high: {label: Much, short: Much, reason: Much is paid}\n", "", "▸options:", "30:5: the option high of price has no words; add it under its `options`"),
        ("      low:", "      lo:", "▸lo: {label: Little, short: Little, reason: Little is paid}", "31:7: the item price has no option lo; take it out, or write low"),
        ("  loose: {name", "  lose: {name", "▸lose: {name: Loose, plural: Loose ones, within: a loose one, line: Loose, about: It is loose., advice: Stay.}", "35:3: the instrument has no placement lose; take it out, or write loose"),
        ("marks:\n  on_paper: {name: On paper, about: It is written.}\n", "", "▸language: en", "1:1: the mark on_paper has no words; add it under `marks`"),
        ("  paid: {", "  payed: {", "▸signals:", "40:1: the signal paid has no words; add it under `signals`"),
        ("  reach: More", "  reech: More", "▸reech: More people", "43:3: the instrument has no gain reech; take it out, or write reach"),
        ("        step: {title: Write a letter, text: One page will do.}\n", "", "▸intent:", "10:7: the option intent of writing has an effort, so it is advised; add its `step` with title and text"),
        (
            "reason: Nothing is in writing}",
            "reason: Nothing is in writing, step: {title: a, text: b}}",
            "none: {label: Nothing, short: Nothing, reason: Nothing is in writing, ▸step: {title: a, text: b}}",
            "9:77: the option none of writing has no effort in the instrument, so it is never advised; "
            "take its `step` out, or give it an effort",
        ),
        ("        slip: If the agreement runs out\n", "", "▸agreement:", "15:7: writing may slip from the option agreement; add its `slip`, how that comes about"),
        (
            "reason: Nothing is in writing}",
            "reason: Nothing is in writing, slip: x}",
            "none: {label: Nothing, short: Nothing, reason: Nothing is in writing, ▸slip: x}",
            "9:77: nothing slips from the option none of writing in the instrument; "
            "take its `slip` out, or say there where it slips to",
        ),
        ("language: en", "language: sv", "language: ▸sv", "1:11: the file is named for en and says sv; make them the same"),
        ("ask: How much?", 'ask: ""', 'ask: ▸""', "29:10: a text is needed here; write one"),
        ("ask: How much?", "ask:", "ask:▸", "29:9: a text is needed here; write one"),
        ("ask: How much?", "ask: [a]", "ask: ▸[a]", "29:10: a text is needed here; write one"),
        ("ask: How much?", f"ask: {'x' * 4001}", f"ask: ▸{'x' * 4001}", "29:10: the text is 4001 characters long; shorten it to 4000"),
        ("ask: How much?", "aks: How much?", "▸aks: How much?", "29:5: the key aks is not known here; the nearest is ask, out of: short, ask, hint, options, story"),
        ("    ask: How much?\n", "    ask: How much?\n    story: {text: They pay., option: lots, why: It is much.}\n", "story: {text: They pay., option: ▸lots, why: It is much.}", "30:38: the item price has no option lots; the nearest is low, out of: low, high"),
        ("gains:\n", "headings: {giude: A guide}\ngains:\n", "headings: {▸giude: A guide}", "42:12: the instrument has no source giude; take it out, or write guide"),
    ],
)  # fmt: skip
def test_each_slip_in_a_wording_is_told(demo: Demo, old: str, new: str, marked: str, said: str) -> None:
    demo.change(old, new, "en.yaml")

    assert f"en.yaml:{said}" in demo.problems()
    assert demo.marked(f"en.yaml:{said}") == marked


def test_a_bank_without_words_says_so(demo: Demo) -> None:
    (demo.folder / "en.yaml").unlink()

    assert demo.problems() == ["en.yaml:1:1: the bank has no wording; add a file for each language, named as this one"]


def test_files_are_told_in_their_order_and_one_slip_only_once(demo: Demo) -> None:
    demo.change("id: writing", "id: Writing")
    demo.change("ask: How much?", "aks: How much?", "en.yaml")
    demo.change("keyed: close", "keyed: clse", "cases.yaml")

    files = [place.split(":")[0] for place in demo.places()]
    assert list(dict.fromkeys(files)) == ["instrument.yaml", "en.yaml", "cases.yaml"]
    assert (files.count("en.yaml"), files.count("cases.yaml")) == (1, 1)


def test_the_words_are_what_stands_there(demo: Demo) -> None:
    words = bank.open_bank(demo.folder).wording("en")

    assert words.items["writing"].options["agreement"].step == bank_step("Make an agreement", "Begin with the letter.")
    assert words.items["writing"].options["agreement"].slip == "If the agreement runs out"
    assert words.items["money"].options["no"].label == "no"
    assert words.placements["bought"].within == "a purchase"
    assert words.gains == {"reach": "More people"}


def bank_step(title: str, text: str) -> object:
    from assessor.core.wording import StepWords

    return StepWords(title=title, text=text)


def test_a_language_that_is_not_there_names_those_that_are(demo: Demo) -> None:
    with pytest.raises(bank.NoSuchWording, match="no wording in fi; it has: en"):
        bank.open_bank(demo.folder).wording("fi")


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        ("placements: [close]", "placements: [loose]", "placements: ▸[loose]", "5:17: the case signed says loose, but the rules give close to its responses; mend the case's placements or responses, or the rules"),
        ("writing: agreement", "writing: signed", 'responses: {writing: ▸signed, money: "no"}', "6:26: the item writing has no option signed; the nearest is intent, out of: none, intent, agreement"),
        ("writing: agreement", "wrting: agreement", 'responses: {▸wrting: agreement, money: "no"}', "6:17: there is no item wrting; the nearest is writing"),
        ("keyed: close", "keyed: near", "keyed: ▸near", "4:12: there is no placement near; the nearest is undetermined"),
        ("id: signed", "id: Signed", "- id: ▸Signed", "2:9: Signed cannot be an id; use small letters a-z, digits and _, beginning with a letter"),
    ],
)  # fmt: skip
def test_each_slip_in_a_case_is_told(demo: Demo, old: str, new: str, marked: str, said: str) -> None:
    demo.change(old, new, "cases.yaml")

    assert f"cases.yaml:{said}" in demo.problems()
    assert demo.marked(f"cases.yaml:{said}") == marked


def test_a_case_is_what_stands_there(demo: Demo) -> None:
    assert bank.open_bank(demo.folder).cases == (
        bank.Case(
            id="signed",
            text={"en": "They signed."},
            keyed="close",
            placements=("close",),
            responses={"writing": "agreement", "money": "no"},
        ),
    )


@pytest.mark.parametrize(
    ("calibration", "said"),
    [
        ("[signet]", "1:15: there is no case signet to calibrate with; the nearest is signed"),
        ("[signed, signed]", "1:23: the case signed is named already on line 1; take out one of them"),
        ("signed", "1:14: a list is needed here; write it as [one, two], or each part on a line of its own after a dash"),
    ],
)  # fmt: skip
def test_each_slip_in_the_calibration_round_is_told(demo: Demo, calibration: str, said: str) -> None:
    demo.change("cases:\n", f"calibration: {calibration}\ncases:\n", "cases.yaml")

    assert demo.problems() == [f"cases.yaml:{said}"]


def test_a_case_for_calibration_is_told_in_every_language_and_placed_for_certain(demo: Demo) -> None:
    demo.change("cases:\n", "calibration: [signed]\ncases:\n", "cases.yaml")
    demo.change("keyed: close", "keyed: undetermined", "cases.yaml")
    demo.write("sv.yaml", (demo.folder / "en.yaml").read_text("utf-8").replace("language: en", "language: sv"))

    assert demo.problems() == [
        "cases.yaml:4:5: the case signed is for calibration and lacks its text in sv; add it under `text`",
        "cases.yaml:5:12: the case signed is for calibration, so its `keyed` and its `placements` are one and the "
        "same placement; mend them, or take it out of `calibration`",
    ]
    with pytest.raises(bank.BankRefused):
        bank.open_bank(demo.folder).calibration_cases("en")


def test_the_calibration_round_is_told_in_the_language_asked_for(demo: Demo) -> None:
    assert bank.open_bank(demo.folder).calibration_cases("en") == ()
    demo.change("cases:\n", "calibration: [signed]\ncases:\n", "cases.yaml")

    first, again = (
        bank.open_bank(demo.folder).calibration_cases("en"),
        bank.open_bank(demo.folder).calibration_cases("en"),
    )

    [case] = first
    assert (case.id, case.text, case.placement) == ("signed", "They signed.", "close")
    assert [(reason.item, reason.option) for reason in case.verdict.reasons] == [
        ("writing", "agreement"),
        ("money", "no"),
    ]
    assert again == first
    with pytest.raises(bank.NoSuchWording):
        bank.open_bank(demo.folder).calibration_cases("fi")


def test_an_optional_text_in_one_language_only_is_told(demo: Demo) -> None:
    english = (demo.folder / "en.yaml").read_text("utf-8")
    demo.write("sv.yaml", english.replace("language: en", "language: sv") + "method: [Hur det gjordes.]\n")
    demo.change("ask: How much?", "ask: How much?\n    hint: A year.", "en.yaml")
    demo.change("text: {en: They signed.}", "text: {en: They signed., sv: De skrev under.}", "cases.yaml")

    assert demo.problems() == [
        "en.yaml:1:1: sv has method here, and this file has not; add it, or take it out there",
        "sv.yaml:27:3: en has hint here, and this file has not; add it, or take it out there",
    ]
