"""A verdict has a placement only when exactly one is possible."""

from dokk1_sheets import DOKK1, STRATEGIC

from assessor.core.scoring import assess


def test_a_verdict_has_a_placement_only_when_one_is_possible():
    certain = assess(DOKK1, STRATEGIC)
    between = assess(DOKK1, {item: option for item, option in STRATEGIC.items() if item != "ownership"})

    assert (certain.placement, certain.level) == ("strategic", 1)
    assert (between.placement, between.level) == (None, None)
    assert between.placements == ("strategic", "service")
