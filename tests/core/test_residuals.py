"""What is left of a diagram once responses are known says the same as the whole diagram walked with them."""

from banks import answered
from brute import Brute
from hypothesis import given

from assessor.core.residuals import information_gains, reduce_diagram
from assessor.core.routing import on_route


@given(answered())
def test_a_residual_keeps_the_chances_of_the_placements_that_are_possible_and_no_others(drawn):
    instrument, responses = drawn
    known = on_route(instrument, responses)
    rest = reduce_diagram(instrument.diagram, known)
    masses = rest.placement_masses[rest.root]
    placements = instrument.diagram.placements

    assert {placement for placement, mass in zip(placements, masses, strict=True) if mass} == set(
        Brute(instrument).possible(known)
    )


@given(answered())
def test_an_order_for_everybody_is_by_what_tells_most_before_anything_is_known(drawn):
    instrument, _responses = drawn
    gains = information_gains(reduce_diagram(instrument.diagram, {}))
    order = instrument.telling_order

    assert set(order) == set(gains)
    assert [gains[item] for item in order] == sorted(gains.values(), reverse=True)
