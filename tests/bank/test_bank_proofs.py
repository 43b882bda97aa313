"""What is proved of a bank's rules; each proof that fails names responses that show it."""

import itertools
import random
import re

from demo_bank import Demo
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor import bank
from assessor.bank import proofs
from assessor.core.conditions import AllOf, AnyOf, Condition, ItemIs, Not
from assessor.core.instrument import Instrument, Item, Outcome


def test_a_placement_that_contradicts_itself_is_told(demo: Demo) -> None:
    demo.change("{price: high}", "{all: [{price: high}, {money: no}]}")

    assert demo.problems()[1] == (
        "instrument.yaml:22:10: no responses can ever lead to the placement bought: what its `when` asks for "
        "contradicts itself; mend the condition, or take the outcome out"
    )


def test_a_shadowed_outcome_is_told_with_responses_and_what_takes_them(demo: Demo) -> None:
    demo.change("close, when: {writing: agreement}", "close, when: {writing: [intent, agreement]}")

    assert demo.problems()[0] == (
        "instrument.yaml:24:10: no responses ever lead to the placement loose, because the outcomes before it take "
        "them all; with writing: intent its condition holds, but close comes first: move loose up, "
        "or narrow the conditions above it"
    )


def test_an_item_that_only_feeds_a_signal_is_not_idle(demo: Demo) -> None:
    demo.change("{price: high}", "{money: yes}")
    demo.change('paid, when: {money: "yes"}', "paid, when: {price: low}")

    assert demo.problems() == []


def test_an_idle_item_is_told(demo: Demo) -> None:
    demo.change("{price: high}", "{money: yes}")

    assert demo.problems() == [
        "instrument.yaml:16:9: the item price decides nothing: no placement, mark or signal depends on it (with "
        "writing: none, money: no it is outside whichever option of price is chosen); "
        "use it in a condition, or leave it out"
    ]


def test_a_better_response_that_leads_lower_is_told_with_responses(demo: Demo) -> None:
    demo.change("{writing: agreement}", "{writing: intent}")

    [problem] = demo.problems()[:1]
    assert problem == (
        "instrument.yaml:8:9: a better response gives a lower placement: with money: no, "
        "changing writing from intent to agreement moves the collaboration from close to loose; "
        "mend the conditions, or the order in `rising`"
    )


def test_levels_that_stand_the_wrong_way_round_are_told_once(demo: Demo) -> None:
    demo.change("levels: [close, loose]", "levels: [loose, close]")
    demo.change('options: ["no", "yes"]', 'options: ["no", "yes"]\n    rising: all')
    demo.change("{price: high}", "{all: [{price: high}, {writing: none}]}")
    demo.change("close, when: {writing: agreement}", 'close, when: {any: [{writing: agreement}, {money: "yes"}]}')

    assert demo.problems()[0] == (
        "instrument.yaml:3:9: better responses give lower placements, and none would if `levels` were turned round: "
        "the highest stands first; write [close, loose]"
    )


def test_a_level_that_is_left_out_is_told_once(demo: Demo) -> None:
    demo.change("levels: [close, loose]", "levels: [loose]")
    demo.change('options: ["no", "yes"]', 'options: ["no", "yes"]\n    rising: all')
    demo.change("{price: high}", "{all: [{price: high}, {writing: none}]}")
    demo.change("close, when: {writing: agreement}", 'close, when: {any: [{writing: agreement}, {money: "yes"}]}')

    assert demo.problems()[0] == (
        "instrument.yaml:3:9: better responses lead to close, which is no level, and none would lead lower if it were "
        "one; write [close, loose], or mend the conditions"
    )


def test_a_check_says_of_which_items_nothing_was_proved(demo: Demo) -> None:
    assert bank.check_scope(bank.open_bank(demo.folder)) == bank.CheckScope(
        rising=("writing",),
        not_rising=("money", "price"),
        unkept_versions=(),
        left_out=("method", "limits", "drafts", "party/"),
    )


def test_without_levels_nothing_is_proved_of_better_responses(demo: Demo) -> None:
    demo.change("levels: [close, loose]\n", "")

    assert demo.problems() == []
    assert bank.check_scope(bank.open_bank(demo.folder)).rising == ()


def test_placements_beside_the_levels_are_equally_low(demo: Demo) -> None:
    demo.change("{id: bought, when: {price: high}}", "{id: bought, when: {all: [{price: high}, {writing: none}]}}")

    assert demo.problems() == []


def test_a_mark_that_is_settled_beforehand_is_told(demo: Demo) -> None:
    demo.change("on_paper, when: {is: written}", "on_paper, when: {any: [{is: written}, {writing: none}]}")

    assert demo.problems() == [
        "instrument.yaml:27:10: the condition of on_paper always holds, whatever is responded "
        "(with writing: none, money: no, price: low it does); mend it, or take on_paper out"
    ]


def test_rules_that_grow_too_large_are_told_with_the_items_that_make_them_so(demo: Demo) -> None:
    chance = random.Random(1)
    items = "".join(f"  - {{id: i{n}, options: [a, b, c]}}\n" for n in range(60))
    demo.change("items:\n", f"items:\n{items}")
    for n in range(11):
        counted = ", ".join(f"{{i{m}: a}}" for m in chance.sample(range(60), 36))
        rule = f"{{at_least: 12, of: [{counted}]}}"
        demo.change("outcomes:\n", f"outcomes:\n  - {{id: p{n}, when: {rule}}}\n")

    assert re.fullmatch(
        r"instrument.yaml:8:3: the rules grow too large to hold every combination of responses "
        r"\(more than 20000 steps\); the items that make them large are (i\d+, ){4}i\d+: "
        r"tie them to fewer of the others, or leave one out",
        demo.problems()[-1],
    )


def test_proofs_and_what_is_wrong_with_words_are_told_in_one_run(demo: Demo) -> None:
    demo.change("{price: high}", "{money: yes}")
    demo.change("ask: How much?", "ask:", "en.yaml")

    assert [place.split(":")[0] for place in demo.places()] == ["en.yaml", "instrument.yaml"]


OPTIONS = ("a", "b", "c")
NAMES = ("one", "two", "three")
leaves = st.builds(ItemIs, st.sampled_from(NAMES), st.sets(st.sampled_from(OPTIONS), min_size=1).map(tuple))
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=5,
)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Three rising items, the last perhaps asked only sometimes; two levels and two placements beside them."""
    asked = draw(st.none() | leaves.filter(lambda leaf: leaf.item != "three"))
    whens = {"three": asked}
    return Instrument(
        id="small",
        version="1",
        items=tuple(Item(id=name, options=OPTIONS, rising=(OPTIONS,), when=whens.get(name)) for name in NAMES),
        outcomes=(
            *(Outcome(id=id, when=draw(conditions)) for id in ("low", "beside", "high")),
            Outcome(id="rest"),
        ),
        levels=("high", "low"),
    )


def rank(instrument: Instrument, responses: dict[str, str]) -> int:
    [placement] = instrument.diagram.possible_placements(responses)
    return instrument.level(placement) or 3


@given(instruments())
@settings(max_examples=scaled(150), deadline=None)
def test_a_fall_is_found_exactly_when_some_responses_show_one(instrument: Instrument) -> None:
    for item, (worse, better) in itertools.product(NAMES, itertools.pairwise(OPTIONS)):
        others = [name for name in NAMES if name != item]
        falls = [
            dict(zip(others, options, strict=True))
            for options in itertools.product(OPTIONS, repeat=2)
            if rank(instrument, {**dict(zip(others, options, strict=True)), item: worse})
            < rank(instrument, {**dict(zip(others, options, strict=True)), item: better})
        ]
        found = proofs.find_counterexample(instrument, item, worse, better)

        assert (found is not None) == bool(falls)
        if found:
            shown = {"one": "a", "two": "a", "three": "a"} | dict(found.responses)
            assert instrument.diagram.possible_placements({**shown, item: worse}) == (found.before,)
            assert instrument.diagram.possible_placements({**shown, item: better}) == (found.after,)
            assert rank(instrument, {**shown, item: worse}) < rank(instrument, {**shown, item: better})


@given(instruments())
@settings(max_examples=scaled(150), deadline=None)
def test_an_item_is_idle_exactly_when_no_response_to_it_moves_anything(instrument: Instrument) -> None:
    def placed(responses: dict[str, str]) -> str:
        return instrument.diagram.possible_placements(responses)[0]

    everything = [dict(zip(NAMES, given, strict=True)) for given in itertools.product(OPTIONS, repeat=3)]
    idle = tuple(
        item
        for item in NAMES
        if all(placed({**given, item: option}) == placed(given) for given in everything for option in OPTIONS)
    )

    assert proofs.idle_items(instrument) == idle


def test_dokk1_is_proved_without_a_sample() -> None:
    instrument = bank.open_bank("dokk1").instrument

    assert proofs.idle_items(instrument) == ()
    assert proofs.find_counterexample(instrument, "agreement", "intent", "agreement") is None
    assert proofs.find_counterexample(instrument, "agreement", "agreement", "intent") is not None
