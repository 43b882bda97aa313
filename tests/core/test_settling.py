"""What a room has to talk about: what decides comes first, what moves nothing is folded, and agreed means settled."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest
from banks import instruments
from brute import place
from hypothesis import given
from hypothesis import strategies as st

from assessor.bank import open_bank
from assessor.core.instrument import Instrument
from assessor.core.raters import RatingTally, disputed_items
from assessor.core.responses import DONT_KNOW
from assessor.core.settling import agreed_verdict, settle_room

DOKK1 = open_bank("dokk1").instrument

#: Five collaborations as rooms of 8 to 14 invented people answered them, in counts.
ROOMS = json.loads((Path(__file__).parent / "room_answers.json").read_text())


def told(room: dict) -> RatingTally:
    return RatingTally(raters=room["raters"], placements=room["placements"], items=room["given"])


def shared(room: dict) -> dict[str, str]:
    """What all who know gave alike, as it is filled in when a room begins to agree."""
    known = {item: [option for option in counts if option != DONT_KNOW] for item, counts in room["given"].items()}
    return {item: options[0] for item, options in known.items() if len(options) == 1}


@pytest.mark.parametrize(
    ("party", "deciding", "folded"),
    [
        (
            "Fyrens folkhögskola",
            {"agreement": 0.761, "ownership": 0.189, "vision": 0.033, "track": 0.016, "expectations": 0.016},
            {"payment", "control"},
        ),
        (
            "Pennan AB",
            {"creation": 0.375, "contribution": 0.375, "price": 0.125, "control": 0.125},
            {"expectations", "track", "vision"},
        ),
        ("Norrviks yrkesskola", {"agreement": 1.0}, {"track", "vision", "expectations"}),
        ("IT-pensionärerna", {"agreement": 1.0}, {"track", "vision", "citizens", "expectations"}),
        ("Grodden fröförening", {}, {"expectations", "creation", "vision", "track"}),
    ],
)
def test_what_decides_comes_first_and_what_moves_nothing_is_folded(party, deciding, folded):
    room = next(room for room in ROOMS if room["party"] == party)
    settlement = settle_room(DOKK1, told(room), None)

    assert {split.item: round(split.share, 3) for split in settlement.to_settle} == deciding
    assert [split.item for split in settlement.to_settle] == list(deciding)
    assert {split.item for split in settlement.folded} == folded


def test_it_is_said_where_each_option_leads():
    fyren, norrvik = (settle_room(DOKK1, told(ROOMS[at]), None).to_settle[0] for at in (0, 2))

    assert norrvik.leads == {"notes": ("network",), "intent": ("service",)}
    assert fyren.leads == {"none": ("network",), "intent": ("service",), "agreement": ("strategic", "service")}


def test_a_room_that_settles_as_most_gave_talks_about_a_third_of_its_splits_at_most():
    talks, splits = 0, 0
    for room in ROOMS:
        settled = shared(room)
        while to_settle := settle_room(DOKK1, told(room), settled).to_settle:
            item, talks = to_settle[0].item, talks + 1
            settled[item] = max(DOKK1.by_id[item].options, key=lambda option, of=item: room["given"][of].get(option, 0))
        splits += len(disputed_items(told(room)))

    assert (talks, splits) == (6, 27)


def test_a_room_that_has_not_begun_has_not_agreed_however_alike_it_is():
    grodden = ROOMS[4]
    before, after = (settle_room(DOKK1, told(grodden), settled) for settled in (None, shared(grodden)))

    assert (before.agreed, before.placements) == (False, ("network",))
    assert (after.agreed, after.placements) == (True, ("network",))


def test_what_is_left_open_by_name_is_agreed_on_as_open():
    norrvik = ROOMS[2]
    settlement = settle_room(DOKK1, told(norrvik), {**shared(norrvik), "agreement": DONT_KNOW})

    assert (settlement.agreed, settlement.left_open) == (True, ("agreement",))
    assert "service" in settlement.placements
    assert "network" in settlement.placements


def test_from_a_blank_sheet_a_gate_is_settled_before_what_it_opens_and_all_that_decides_is_to_be_settled():
    settlement = settle_room(DOKK1, None, {})
    order = [split.item for split in settlement.to_settle]

    assert not settlement.agreed
    assert order.index("payment") < order.index("price")
    assert set(order) == {item.id for item in DOKK1.items}


def test_only_what_the_room_settled_is_named_as_a_reason():
    grodden = ROOMS[4]
    settlement = settle_room(DOKK1, told(grodden), shared(grodden))
    verdict = agreed_verdict(DOKK1, told(grodden), settlement)

    assert verdict.placements == ("network",)
    assert {reason.item for reason in verdict.reasons} <= shared(grodden).keys()


@st.composite
def rooms(draw: st.DrawFn) -> tuple[Instrument, RatingTally, dict[str, str]]:
    instrument = draw(instruments())
    counts, settled = {}, {}
    for item in instrument.items:
        options = st.sampled_from((*item.options, DONT_KNOW))
        if said := draw(st.lists(options, max_size=3)):
            counts[item.id] = {option: said.count(option) for option in said}
        if draw(st.booleans()):
            settled[item.id] = draw(options)
    return instrument, RatingTally(raters=3, items=counts), settled


def _by_hand(instrument: Instrument, tally: RatingTally, settled: dict[str, str]) -> dict[str, float]:
    """The share of every item by going through all combinations."""
    domains = {}
    for item in instrument.items:
        response = settled.get(item.id)
        known = tuple(option for option in item.options if tally.items.get(item.id, {}).get(option))
        domains[item.id] = item.options if response == DONT_KNOW else (response,) if response else known or item.options
    ids, shares = list(domains), {}
    for item in ids:
        swaps = [
            place(instrument, dict(zip(ids, row, strict=True)) | {item: one})
            != place(instrument, dict(zip(ids, row, strict=True)) | {item: other})
            for row in product(*(domains[each] if each != item else ("",) for each in ids))
            for one, other in combinations(domains[item], 2)
        ]
        shares[item] = sum(swaps) / len(swaps) if swaps else 0.0
    return shares


@given(rooms())
def test_shares_and_agreement_are_those_of_going_through_all_combinations(room):
    instrument, tally, settled = room
    settlement = settle_room(instrument, tally, settled)
    by_hand = _by_hand(instrument, tally, settled)

    found = {split.item: split.share for split in settlement.to_settle}
    assert found == pytest.approx({item: share for item, share in by_hand.items() if share and item not in settled})
    assert settlement.agreed == (not found)
    assert set(settlement.left_open) == {item for item, share in by_hand.items() if share and item in settled}
    if settlement.agreed:
        assert agreed_verdict(instrument, tally, settlement).placements == settlement.placements
