# ruff: noqa: E501 - a row is one claim
"""What an instrument's ids and conditions must be, each slip told at its place."""

from collections.abc import Callable

import pytest
from demo_bank import Demo

from assessor import bank
from assessor.core.conditions import AllOf, AnyOf, AtLeast, ItemIs, Not


@pytest.mark.parametrize(
    ("old", "new", "marked", "said"),
    [
        (
            "id: demo",
            "id: all",
            "id: ▸all",
            "1:5: all is a word of the format itself and cannot be an id; choose another",
        ),
        (
            "options: [low, high]",
            "options: [low, dont_know]",
            "options: [low, ▸dont_know]",
            "17:20: dont_know is a word of the format itself and cannot be an id; choose another",
        ),
        (
            "options: [low, high]",
            "options: [low, high, low]",
            "options: [low, high, ▸low]",
            "17:26: the option low stands already on line 17; take one out",
        ),
        (
            "levels: [close, loose]",
            "levels: [close, lose]",
            "levels: [close, ▸lose]",
            "3:17: the level lose is no outcome; the nearest is loose",
        ),
        (
            "sources: [guide]\n    eff",
            "sources: [gide]\n    eff",
            "sources: [▸gide]",
            "11:15: there is no source gide under `sources`; the nearest is guide",
        ),
        (
            "slips: {agreement: {none: 2}}",
            "slips: {agreement: {agreement: 2}}",
            "slips: {agreement: {▸agreement: 2}}",
            "13:25: the option agreement cannot slip to itself; name the option it slips to",
        ),
        (
            "slips: {agreement: {none: 2}}",
            "slips: {agreement: {non: 2}}",
            "slips: {agreement: {▸non: 2}}",
            "13:25: the item writing has no option non; the nearest is none, out of: none, intent, agreement",
        ),
        (
            "rising: all",
            "rising: both",
            "rising: ▸both",
            "10:13: `rising` is `all`, or a list of lists of options from worse to better; write one of them",
        ),
        (
            'when: {money: "yes"}\ncond',
            "when: {price: low}\ncond",
            "when: ▸{price: low}",
            "18:11: the `when` of price asks for price itself; name an earlier item",
        ),
        (
            "price: high",
            "prise: high",
            "- {id: bought, when: {▸prise: high}}",
            "22:25: there is no item prise; the nearest is price",
        ),
        (
            "price: high",
            "price: hihg",
            "- {id: bought, when: {price: ▸hihg}}",
            "22:32: the item price has no option hihg; the nearest is high, out of: low, high",
        ),
        (
            "price: high",
            "price: [high, high]",
            "- {id: bought, when: {price: [high, ▸high]}}",
            "22:39: the option high stands twice in this list; take one out",
        ),
        (
            "{price: high}",
            "[{price: high}]",
            "- {id: bought, when: ▸[{price: high}]}",
            "22:24: a list of conditions is not a condition; write all: or any: before it",
        ),
        (
            "{price: high}",
            "{price: high, money: yes}",
            "- {id: bought, when: ▸{price: high, money: yes}}",
            "22:24: several things in one condition; write {all: [{price: ...}, {money: ...}]}, or any: for one of them",
        ),
        (
            "{price: high}",
            "{price: {at_least: high}}",
            "- {id: bought, when: {price: {at_least: ▸high}}}",
            "22:43: `at_least` needs an order of all options of price; give the item `rising: all`, "
            "or list the options that count: {price: [...]}",
        ),
        (
            "{price: high}",
            "{price: {not: low}}",
            "- {id: bought, when: {price: ▸{not: low}}}",
            "22:32: only `at_least` can stand here; for the other ways write {not: {price: option}} "
            "or list the options that count",
        ),
        (
            "{price: high}",
            "{at_least: 3, of: [{price: high}, {money: yes}]}",
            "- {id: bought, when: {at_least: ▸3, of: [{price: high}, {money: yes}]}}",
            "22:35: 3 is no whole number from 1 to 2, the conditions after `of`; write one, without quotes",
        ),
        (
            "{price: high}",
            "{all: []}",
            "- {id: bought, when: {all: ▸[]}}",
            "22:30: a list of conditions is needed after all; write it as [{item: option}, ...]",
        ),
        (
            "- {id: outside}",
            '- {id: outside, when: {money: "no"}}',
            '- {id: ▸outside, when: {money: "no"}}',
            "25:10: the last outcome, outside, has a `when`, so some responses would have no placement; "
            "add a last outcome without one",
        ),
        (
            "written: {writing: {at_least: intent}}",
            "written: {any: [{is: written}, {money: yes}]}",
            "written: {any: [{is: ▸written}, {money: yes}]}",
            "20:24: the condition written needs itself (written -> written); write out one of them without the others",
        ),
        (
            "id: paid",
            "id: on_paper",
            '- {id: ▸on_paper, when: {money: "yes"}}',
            "29:10: the id on_paper stands already on line 27; rename or take out one of them",
        ),
        (
            "efforts: {intent",
            "effort: {intent",
            "▸effort: {intent: 1, agreement: 3}",
            "12:5: the key effort is not known here; the nearest is efforts, out of: "
            "id, options, rising, when, sources, efforts, slips",
        ),
        (
            'document: "A guide", ',
            "",
            'guide: {▸heading: "One", language: en}',
            "6:11: something is missing here; add: document",
        ),
        (
            "options: [low, high]",
            "options: [low]",
            "options: ▸[low]",
            "17:14: too few parts in this list; it needs at least 2",
        ),
        (
            "options: [low, high]",
            "options: low",
            "options: ▸low",
            "17:14: a list is needed here; write it as [one, two], or each part on a line of its own after a dash",
        ),
        (
            "language: en}",
            "language: en, url: javascript:alert(1)}",
            'guide: {document: "A guide", heading: "One", language: en, url: ▸javascript:alert(1)}',
            "6:67: javascript:alert(1) is no web address; begin it with https://",
        ),
        (
            "id: demo",
            "format: 2\nid: demo",
            "format: ▸2",
            "1:9: format 2 is not read here; write format: 1, or use a newer version of this program",
        ),
    ],
)
def test_each_slip_is_told_at_its_place_with_its_cure(demo: Demo, old: str, new: str, marked: str, said: str) -> None:
    demo.change(old, new)

    assert f"instrument.yaml:{said}" in demo.problems()
    assert demo.marked(f"instrument.yaml:{said}") == marked


def test_items_that_ask_for_each_other_are_refused_naming_both(demo: Demo) -> None:
    demo.change('options: ["no", "yes"]\n', 'options: ["no", "yes"]\n    when: {price: low}\n')

    assert demo.problems() == [
        "instrument.yaml:16:11: money is asked before price, so its `when` cannot ask for it; move money below price"
    ]


def test_named_conditions_that_need_each_other_are_refused_naming_the_way(demo: Demo) -> None:
    demo.change("  written: {writing: {at_least: intent}}", "  written: {is: signed}\n  signed: {not: {is: written}}")

    assert demo.problems()[0] == (
        "instrument.yaml:21:22: the condition written needs itself (written -> signed -> written); "
        "write out one of them without the others"
    )


def test_twelve_mistakes_in_one_file_are_all_told_in_one_run_in_its_order(demo: Demo) -> None:
    for old, new in [
        ("id: demo", "id: Demo"),
        ("levels: [close, loose]", "levels: [close, lose]"),
        ("gains: [reach]", "gains: [reach, reach]"),
        ("heading: ", "headin: "),
        ("options: [none, intent, agreement]", "options: [none, intent, agreement, intent]"),
        ("sources: [guide]\n    eff", "sources: [guid]\n    eff"),
        ("intent: 1", 'intent: "1"'),
        ("slips: {agreement", "slips: {agrement"),
        ('when: {money: "yes"}\ncond', "when: {cash: yes}\ncond"),
        ("{is: written}}\n  - {id: outside}", "{is: writen}}\n  - {id: outside}"),
        ("{id: on_paper, when", "{id: On_paper, when"),
        ('signals:\n  - {id: paid, when: {money: "yes"}}', "signals:\n  - {id: paid, when: {money: maybe}}"),
    ]:
        demo.change(old, new)

    assert demo.places() == [
        f"instrument.yaml:{place}"
        for place in (
            "1:5", "3:17", "4:16", "6:32", "9:40", "11:15", "12:23", "13:13", "18:12", "24:28", "27:10", "29:30"
        )
    ]  # fmt: skip
    assert list(map(demo.marked, demo.places())) == [
        "id: ▸Demo",
        "levels: [close, ▸lose]",
        "gains: [reach, ▸reach]",
        'guide: {document: "A guide", ▸headin: "One", language: en}',
        "options: [none, intent, agreement, ▸intent]",
        "sources: [▸guid]",
        'efforts: {intent: ▸"1", agreement: 3}',
        "slips: {▸agrement: {none: 2}}",
        "when: {▸cash: yes}",
        "- {id: loose, when: {is: ▸writen}}",
        "- {id: ▸On_paper, when: {is: written}, sources: [guide]}",
        "- {id: paid, when: {money: ▸maybe}}",
    ]


def test_a_repeated_item_is_told_once_and_still_read_for_other_mistakes(demo: Demo) -> None:
    demo.change("id: price\n    options: [low, high]", "id: money\n    options: [low, high]\n    efforts: {hgh: 1}")

    assert demo.places() == ["instrument.yaml:16:9", "instrument.yaml:18:15", "instrument.yaml:23:25"]
    assert list(map(demo.marked, demo.places())) == [
        "- id: ▸money",
        "efforts: {▸hgh: 1}",
        "- {id: bought, when: {▸price: high}}",
    ]


def test_mistakes_within_a_condition_that_is_written_wrongly_are_told_with_it(demo: Demo) -> None:
    demo.change("{price: high}", "{all: [{price: hi}], money: maybe}")

    assert demo.places() == ["instrument.yaml:22:24", "instrument.yaml:22:39", "instrument.yaml:22:52"]
    assert list(map(demo.marked, demo.places())) == [
        "- {id: bought, when: ▸{all: [{price: hi}], money: maybe}}",
        "- {id: bought, when: {all: [{price: ▸hi}], money: maybe}}",
        "- {id: bought, when: {all: [{price: hi}], money: ▸maybe}}",
    ]


def test_a_bank_has_bounds(demo: Demo) -> None:
    demo.change("items:\n", "items:\n" + "".join(f"  - {{id: i{n}, options: [a, b]}}\n" for n in range(118)))

    assert demo.problems()[0] == (
        "instrument.yaml:8:3: too many parts in this list; it may have 120, so leave some out or divide the bank"
    )


def test_every_form_of_a_condition_is_read(demo: Demo) -> None:
    demo.change(
        "{price: high}",
        "{any: [{all: [{price: high}, {not: {writing: [none, intent]}}]}, "
        "{at_least: 2, of: [{is: written}, {money: no}]}]}",
    )

    written = ItemIs("writing", ("intent", "agreement"))
    [bought, *_] = bank.open_bank(demo.folder).instrument.outcomes
    assert bought.when == AnyOf(
        (
            AllOf((ItemIs("price", ("high",)), Not(ItemIs("writing", ("none", "intent"))))),
            AtLeast(2, (written, ItemIs("money", ("no",)))),
        )
    )


@pytest.mark.parametrize("part", ["{all: [{is: c%d}, {is: c%d}]}", "{not: {not: {is: c%d}}}"])
def test_conditions_that_unfold_without_end_are_refused(demo: Demo, part: str) -> None:
    names = [part.replace("%d", str(n)) for n in range(60)]
    chain = "".join(f"  c{n + 1}: {text}\n" for n, text in enumerate(names))
    demo.change("conditions:\n", f"conditions:\n  c0: {{money: yes}}\n{chain}")

    said = "the condition grows too large once the named ones are put in; ask for fewer things"
    assert demo.problems()
    assert {problem.split(": ", 1)[1] for problem in demo.problems()} == {said}


def test_named_conditions_in_any_order_are_read(demo: Demo) -> None:
    demo.change("  written: {writing", "  unused: {not: {is: written}}\n  written: {writing")
    demo.change('paid, when: {money: "yes"}', "paid, when: {is: unused}")

    assert demo.problems() == []


def test_a_flood_of_problems_is_cut_and_counted(demo: Demo) -> None:
    demo.write("instrument.yaml", "".join(f"k{n}: 1\n" for n in range(1000)))

    assert len(demo.problems()) == 201
    assert demo.problems()[-1].endswith("and 801 more problems in this bank; mend the ones above first")


def test_a_refused_bank_carries_all_its_problems(demo: Demo) -> None:
    demo.change("id: demo", "id: Demo")
    demo.change("price: high", "prise: high")

    with pytest.raises(bank.BankRefused) as refused:
        bank.open_bank(demo.folder).require_instrument()

    assert refused.value.exit_code == 65
    assert [problem.place.line for problem in refused.value.problems] == [1, 22]
    assert demo.bare(str(refused.value)).splitlines()[1:] == demo.problems()


def test_a_problem_is_told_in_another_language(problem_of: Callable[..., str], demo: Demo) -> None:
    problem_of("price: high", "prise: high")
    [problem] = bank.check_bank(demo.folder)

    assert demo.bare(problem.message(lambda _: "{given} finns inte")) == "instrument.yaml:22:25: prise finns inte"


def test_a_condition_that_is_used_nowhere_is_told(problem_of: Callable[..., str]) -> None:
    assert problem_of("conditions:\n", "conditions:\n  spare: {money: yes}\n").endswith(
        ": the condition spare is used nowhere; use it with {is: spare}, or take it out"
    )


@pytest.mark.parametrize(("word", "instead"), [("or", "any"), ("and", "all"), ("none_of", "not: any")])
def test_words_of_other_programs_are_answered_with_ours(demo: Demo, word: str, instead: str) -> None:
    demo.change("close, when: {writing: agreement}", f"close, when: {{{word}: [{{writing: agreement}}]}}")

    assert demo.problems()[0].endswith(f": {word} is not how conditions are joined here; write {instead}: [...]")
