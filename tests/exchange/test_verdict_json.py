"""A verdict as plain JSON: every key, always in the same order, in ASCII."""

import json

from assessor import bank
from assessor.core.scoring import assess
from assessor.exchange import InputCase, json_line, read_cases, verdict_json

_KEYS = [
    "id",
    "instrument",
    "placements",
    "level",
    "certain_level",
    "reasons",
    "open_items",
    "way_up",
    "way_wanted",
    "way_down",
    "fragile",
    "marks",
    "signals",
]


def test_a_certain_verdict_in_plain_values(dokk1):
    told = verdict_json(dokk1, "å", assess(dokk1, {"payment": "we_pay", "price": "delivery", "creation": "ready"}))

    assert list(told) == _KEYS
    assert told["id"] == "å"
    assert told["instrument"] == {"name": "dokk1", "version": dokk1.version}
    assert (told["placements"], told["level"], told["open_items"]) == (["supplier"], None, [])
    assert {reason["item"]: reason["option"] for reason in told["reasons"]} == {
        "creation": "ready",
        "payment": "we_pay",
    }
    assert {tuple(reason) for reason in told["reasons"]} == {("item", "option", "sources")}
    assert set(told["marks"].values()) <= {"met", "unmet", "unknown"}


def test_nothing_known_leaves_everything_open(dokk1):
    told = verdict_json(dokk1, 7, assess(dokk1, {"vision": "dont_know"}))

    assert told["placements"] == list(dokk1.placements)
    assert told["level"] is None
    assert told["reasons"] == []
    assert {item["item"] for item in told["open_items"]} <= set(dokk1.by_id)
    assert list(told["open_items"][0]) == ["item", "tells", "leads"]
    assert set(told["marks"].values()) == {"unknown"}


def test_a_way_tells_its_changes_where_it_leads_and_its_cost(dokk1):
    ways = [
        verdict_json(dokk1, "a", assess(dokk1, case.responses))["way_down"] for case in bank.open_bank("dokk1").cases
    ]
    way = next(way for way in ways if way)

    assert list(way) == ["changes", "leads", "cost"]
    assert list(way["changes"][0]) == ["item", "before", "after"]


def test_a_verdict_is_one_line_of_ascii_that_any_console_carries(dokk1):
    line = json_line(verdict_json(dokk1, "å\u2028\u202e", assess(dokk1, {})))

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line) == verdict_json(dokk1, "å\u2028\u202e", assess(dokk1, {}))


def test_every_worked_case_comes_through_the_file_with_its_placements(dokk1):
    worked = bank.open_bank("dokk1").cases
    text = json.dumps([{"id": case.id, "responses": dict(case.responses), "keyed": case.keyed} for case in worked])

    cases = read_cases(text, dokk1)

    assert cases == tuple(InputCase(id=case.id, responses=case.responses) for case in worked)
    assert [verdict_json(dokk1, each.id, assess(dokk1, each.responses))["placements"] for each in cases] == [
        list(case.placements) for case in worked
    ]


def test_the_order_of_responses_changes_no_byte(dokk1):
    case = bank.open_bank("dokk1").cases[0]
    turned = dict(reversed(case.responses.items()))

    assert json_line(verdict_json(dokk1, "a", assess(dokk1, turned))) == json_line(
        verdict_json(dokk1, "a", assess(dokk1, case.responses))
    )
