"""What a history amounts to."""

from datetime import UTC, datetime

from assessor.core.entries import CurrentState, current_state
from assessor.core.responses import Entry

_AT = datetime(2026, 1, 1, tzinfo=UTC)


def _history(*rows: tuple[str, str, str]) -> tuple[Entry, ...]:
    return tuple(
        Entry(seq=seq, kind=kind, item=item, value=value, at=_AT) for seq, (kind, item, value) in enumerate(rows, 1)
    )


def test_the_latest_of_a_kind_and_item_counts():
    history = _history(
        ("response", "payment", "none"),
        ("note", "payment", "  ask Kim\r\n"),
        ("note", "", "to the whole"),
        ("gut", "", "network"),
        ("wanted", "", "service"),
        ("gains", "", "use ideas"),
        ("response", "payment", "we_pay"),
        ("response", "price", "dont_know"),
    )

    assert current_state(history) == CurrentState(
        responses={"payment": "we_pay", "price": "dont_know"},
        notes={"payment": "  ask Kim\r\n", "": "to the whole"},
        gut="network",
        wanted="service",
        gains=("use", "ideas"),
    )


def test_an_empty_value_withdraws_what_was_given():
    history = _history(
        ("response", "payment", "none"),
        ("gut", "", "network"),
        ("gains", "", "use"),
        ("response", "payment", ""),
        ("gut", "", ""),
        ("gains", "", ""),
    )

    assert current_state(history) == CurrentState(responses={}, notes={}, gut=None, wanted=None, gains=())


def test_order_is_by_number_and_never_by_the_order_of_arrival():
    first, second = _history(("response", "payment", "none"), ("response", "payment", "shared"))

    assert list(current_state(_history(*[("response", item, "no") for item in "aba"])).responses) == ["b", "a"]
    assert current_state((second, first)) == current_state((first, second))
    assert current_state((second, first)).responses == {"payment": "shared"}
