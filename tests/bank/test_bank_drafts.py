# ruff: noqa: E501 - a row is one claim
"""Drafts are complete where a wording has them: every answer spoken for, every name and blank where it belongs."""

import pytest
from demo_bank import WORDING, Demo

from assessor import bank
from assessor.core.wording import DraftClauses, DraftKind, DraftSection, DraftWords

DRAFTS = """\
drafts:
  fill: "Fill in: {what}"
  note: "By {library} on {date}."
  lower: "It may be {placements}."
  undertaking: "[what you do]"
  kinds:
    intent: {name: Letter, opening: ["{library} and {party}"], closing: [It binds nobody.]}
    agreement: {name: Agreement, opening: ["{library} and {party}"], closing: [It binds us.]}
  sections:
    - heading: Papers
      lines: {agreement: ["From: [date]"]}
      items:
        writing:
          options: {none: "", intent: We have a letter., agreement: We have an agreement.}
          unknown: ["In writing: [what]"]
    - heading: Money
      gains: "Hoped for: {gains}"
      items:
        money:
          options: {"no": Nobody pays., "yes": Somebody pays.}
          unknown: ["Paid by: [who]"]
        price:
          options: {low: "{party} takes little.", high: ""}
          unknown: ["Price: [how much]"]
  signing: Signatures
  signatures: ["Signed: [name]"]
"""
FIRST = len(WORDING.splitlines()) + 1


@pytest.fixture
def with_drafts(demo: Demo) -> Demo:
    demo.write("en.yaml", WORDING + DRAFTS)
    return demo


def test_a_bank_without_drafts_holds(demo: Demo) -> None:
    assert demo.problems() == []
    assert bank.open_bank(demo.folder).wording("en").drafts is None


def test_drafts_are_read_and_kept_as_they_are_written(with_drafts: Demo) -> None:
    first, again = (
        bank.open_bank(with_drafts.folder).wording("en").drafts,
        bank.open_bank(with_drafts.folder).wording("en").drafts,
    )

    assert with_drafts.problems() == []
    assert first == again
    assert first == DraftWords(
        fill="Fill in: {what}",
        note="By {library} on {date}.",
        lower="It may be {placements}.",
        undertaking="[what you do]",
        kinds={
            "intent": DraftKind(name="Letter", opening=("{library} and {party}",), closing=("It binds nobody.",)),
            "agreement": DraftKind(name="Agreement", opening=("{library} and {party}",), closing=("It binds us.",)),
            "amendment": None,
            "renewal": None,
        },
        sections=(
            DraftSection(
                heading="Papers",
                lines={"intent": (), "agreement": ("From: [date]",), "amendment": (), "renewal": ()},
                items={
                    "writing": DraftClauses(
                        options={"none": "", "intent": "We have a letter.", "agreement": "We have an agreement."},
                        unknown=("In writing: [what]",),
                    )
                },
            ),
            DraftSection(
                heading="Money",
                lines={"intent": (), "agreement": (), "amendment": (), "renewal": ()},
                items={
                    "money": DraftClauses(
                        options={"no": "Nobody pays.", "yes": "Somebody pays."}, unknown=("Paid by: [who]",)
                    ),
                    "price": DraftClauses(
                        options={"low": "{party} takes little.", "high": ""}, unknown=("Price: [how much]",)
                    ),
                },
                gains="Hoped for: {gains}",
            ),
        ),
        signing="Signatures",
        signatures=("Signed: [name]",),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "marked", "said"),
    [
        ('        price:\n          options: {low: "{party} takes little.", high: ""}\n          unknown: ["Price: [how much]"]\n', "", 9, "▸sections:", "3: the drafts say nothing about the item price; add it under the `items` of a section"),
        (', high: ""', "", 22, "▸price:", "9: the drafts say nothing about the option high of price; add a clause, or an empty text for none"),
        ("{low: ", "{little: X., low: ", 23, 'options: {▸little: X., low: "{party} takes little.", high: ""}', "21: the item price has no option little; take it out, or write low"),
        ("        price:", "        prices: {options: {low: x}, unknown: [\"[x]\"]}\n        price:", 22, '▸prices: {options: {low: x}, unknown: ["[x]"]}', "9: the instrument has no item prices; take it out, or write price"),
        ("        price:", "        writing: {options: {none: '', intent: '', agreement: ''}, unknown: [\"[x]\"]}\n        price:", 22, "▸writing: {options: {none: '', intent: '', agreement: ''}, unknown: [\"[x]\"]}", "9: the item writing stands in two sections of the drafts; take one of them out"),
        ("Price: [how much]", "Price", 24, 'unknown: [▸"Price"]', "21: what was not answered is to be filled in; add a blank, as [who puts in what]"),
        ("Price: [how much]", "Price: [how much] ]", 24, 'unknown: [▸"Price: [how much] ]"]', "21: a square bracket is not closed here; write a blank as [who puts in what]"),
        ("By {library}", "By {libary}", 3, 'note: ▸"By {libary} on {date}."', "9: {libary} cannot stand here; in this text a name is one of: library, party, undertaking, ends, goal, date"),
        ("{party} takes", "{party.__class__} takes", 23, 'options: {low: ▸"{party.__class__} takes little.", high: ""}', "26: {party.__class__} cannot stand here; in this text a name is one of: library, party, undertaking, ends, goal"),
        ("Hoped for: {gains}", "Hoped for: {", 17, 'gains: ▸"Hoped for: {"', "14: { cannot stand here; in this text a name is one of: library, party, undertaking, ends, goal, gains"),
        ("  signing: Signatures\n", "", 2, '▸fill: "Fill in: {what}"', "3: something is missing here; add: signing"),
    ],
)  # fmt: skip
def test_what_is_amiss_is_told_at_its_place(
    with_drafts: Demo, old: str, new: str, line: int, marked: str, said: str
) -> None:
    with_drafts.change(old, new, "en.yaml")

    assert with_drafts.problems() == [f"en.yaml:{FIRST + line - 1}:{said}"]
    assert with_drafts.marked(f"en.yaml:{FIRST + line - 1}:{said}") == marked


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_the_shipped_bank_has_drafts_in_every_language(language: str) -> None:
    words = bank.open_bank("dokk1").wording(language).drafts

    assert words
    assert {item for section in words.sections for item in section.items} == set(
        bank.open_bank("dokk1").instrument.by_id
    )
