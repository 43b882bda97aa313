"""What the report says: in whole Swedish and English sentences, with the steps that give most."""

from dataclasses import replace
from datetime import date

import pytest
from report_values import NETWORK, OPEN, OUTSIDE, SERVICE, STRATEGIC, SUPPLIER, UNKNOWN, a_report, a_row

from assessor.core.history import PlacementShift
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW
from assessor.presentation.advice import next_steps
from assessor.presentation.report import EarlierAssessment
from assessor.presentation.terms import Terms
from assessor.presentation.verdict_text import Citation
from assessor.report.library.view import report_view


@pytest.mark.parametrize(
    ("responses", "title", "first"),
    [
        (
            STRATEGIC,
            "Strategic partnership",
            "Every question has been answered, so nothing open can change the placement.",
        ),
        (
            {**STRATEGIC, "track": DONT_KNOW},
            "Strategic partnership",
            "The answers are enough: nothing that is still open can change the placement.",
        ),
        (
            OPEN,
            "Service-based partnership or network cooperation",
            "One open question decides the placement: what is in writing.",
        ),
        (
            UNKNOWN,
            "Not settled yet: 6 placements are possible",
            "Too little has been answered to place it: 14 questions matter.",
        ),
    ],
)
def test_the_title_is_the_placement_and_the_first_sentence_says_whether_it_can_change(
    dokk1: Instrument, responses: dict[str, str], title: str, first: str
) -> None:
    page = report_view(a_report(dokk1, (a_row(dokk1, responses),), language="en")).pages[0]

    assert (page.title, _without_number(page.certainty_note)) == (title, _without_number(first))


def _without_number(text: str) -> str:
    return "".join(char for char in text if not char.isdigit())


def test_gut_feeling_and_wish_are_told_beside_the_placement(dokk1: Instrument) -> None:
    higher = report_view(a_report(dokk1, (a_row(dokk1, SERVICE, gut="strategic", wanted="network"),), language="en"))
    same = report_view(a_report(dokk1, (a_row(dokk1, SERVICE, gut="service", wanted="service"),), language="en"))

    assert higher.pages[0].beliefs == (
        "The gut feeling said a strategic partnership; talk about which of the reasons surprised you.",
        "The library wants a network cooperation: a lower level may be right.",
    )
    assert same.pages[0].beliefs == ("The gut feeling said the same.", "The library wants it exactly where it is.")


def test_the_three_steps_take_each_kind_in_turn_and_each_collaboration_once(dokk1: Instrument) -> None:
    rows = (
        a_row(dokk1, SERVICE, party="Far", wanted="strategic"),
        a_row(dokk1, NETWORK, party="Near", wanted="service"),
        a_row(dokk1, OPEN, party="Unsettled"),
        a_row(dokk1, SERVICE, party="Fragile"),
        a_row(dokk1, SUPPLIER, party="Bought"),
    )
    speech = Terms("en", dokk1, a_report(dokk1, rows, language="en").wording)

    assert [(step.kind, rows[step.row_index].assessment.collaboration.party) for step in next_steps(speech, rows)] == [
        ("reach", "Near"),
        ("settle", "Unsettled"),
        ("secure", "Far"),
    ]


def test_without_rows_there_is_no_step_and_no_division_by_nothing(dokk1: Instrument) -> None:
    shown = report_view(a_report(dokk1, (), language="en"))

    assert (shown.cover.lead, shown.cover.steps, shown.pages) == ("No collaboration has been assessed yet.", (), ())


def test_rows_stand_in_the_order_of_the_picture_whatever_their_order_was(dokk1: Instrument) -> None:
    rows = [
        a_row(dokk1, responses, party=party)
        for party, responses in (("D", UNKNOWN), ("C", SUPPLIER), ("B", NETWORK), ("A", STRATEGIC))
    ]

    assert [page.party for page in report_view(a_report(dokk1, tuple(rows))).pages] == ["A", "B", "C", "D"]
    assert report_view(a_report(dokk1, tuple(rows))) == report_view(a_report(dokk1, tuple(rows[::-1])))


def test_history_is_told_with_its_dates_where_there_is_any(dokk1: Instrument) -> None:
    before = EarlierAssessment(day=date(2025, 10, 3), verdict=a_row(dokk1, NETWORK).verdict)
    shown = report_view(a_report(dokk1, (a_row(dokk1, SERVICE, earlier=(before,)),), language="en"))

    assert shown.pages[0].history == (
        ("October 3, 2025", "3 Network cooperation"),
        ("November 10, 2026", "2 Service-based partnership"),
    )


def test_a_placement_that_is_no_more_is_not_told_as_something_unsettled(dokk1: Instrument) -> None:
    now = a_row(dokk1, SERVICE)
    verdict = replace(a_row(dokk1, NETWORK).verdict, placements=("formerly",))
    shift = PlacementShift(
        before=("formerly",), after=now.verdict.placements, cause="questions", changes=(), dropped={}
    )
    row = replace(now, earlier=(EarlierAssessment(day=date(2025, 10, 3), verdict=verdict, shift=shift),))
    (page,) = report_view(a_report(dokk1, (row,), language="en")).pages

    assert page.story == (
        "October 3, 2025 to November 10, 2026: A placement that today's questions no longer have became 2 "
        "Service-based "
        "partnership because the questions changed; the earlier answers would be placed so by the later questions.",
    )


def test_a_reason_cites_every_heading_that_it_leans_on(dokk1: Instrument) -> None:
    (shown,) = report_view(a_report(dokk1, (a_row(dokk1, SERVICE),), language="en")).pages
    cited = {
        reason.item: tuple(replace(one, text=one.text.replace("\N{NO-BREAK SPACE}", "~")) for one in why.sources)
        for reason, why in zip(a_row(dokk1, SERVICE).verdict.reasons, shown.why, strict=True)
    }

    assert {item: cited[item] for item in ("creation", "contribution", "agreement")} == {
        "creation": (
            Citation(text="Dokk1:s~definition~av~partnerskap", language="sv"),
            Citation(text="· Partnerskaber", language="da"),
        ),
        "contribution": (Citation(text="Partnerskaber", language="da"),),
        "agreement": (Citation(text="Nivå~1 · Nivå~2 · Nivå~3", language="sv"),),
    }


def test_each_collaboration_is_counted_once_and_a_range_stands_on_no_level(
    dokk1: Instrument,
) -> None:
    rows = tuple(
        a_row(dokk1, responses, party=party) for party, responses in (("A", STRATEGIC), ("B", OPEN), ("C", {}))
    )

    assert [report_view(a_report(dokk1, rows, language=language)).cover.lead for language in ("en", "sv")] == [
        "2 collaborations have been assessed. 1 stands on one of the model's levels. 1 is not settled yet. "
        "1 has not been started.",
        "2 samarbeten har bedömts. 1 står på någon av modellens nivåer. 1 är inte avgjort ännu. 1 är inte påbörjat.",
    ]
    assert report_view(a_report(dokk1, rows[2:], language="en")).cover.lead == (
        "No collaboration has been assessed yet. 1 has not been started."
    )


def test_an_open_item_that_settles_nothing_alone_says_so(dokk1: Instrument) -> None:
    page = report_view(a_report(dokk1, (a_row(dokk1, UNKNOWN),), language="en")).pages[0]

    assert all(one.branches for one in page.open_items)
    assert (("Whatever the answer", "settled only together with other answers"),) in [
        one.branches for one in page.open_items
    ]


def test_a_step_for_what_is_not_known_says_that_it_may_be_so_already(dokk1: Instrument) -> None:
    titles = {
        response: [
            step.title
            for going in report_view(
                a_report(dokk1, (a_row(dokk1, SERVICE | {"agreement": response}, wanted="service"),), language="sv")
            )
            .pages[0]
            .ways_up
            for step in going.steps
        ]
        for response in ("none", DONT_KNOW)
    }

    assert titles == {
        "none": ["Skriv en avsiktsförklaring"],
        DONT_KNOW: ["Skriv en avsiktsförklaring (om det inte redan är så)"],
    }


def test_the_first_of_many_steps_comes_after_everything_else(dokk1: Instrument) -> None:
    rows = (
        a_row(dokk1, OUTSIDE, party="Far", wanted="strategic"),
        a_row(dokk1, SERVICE, party="Near"),
    )
    speech = Terms("en", dokk1, a_report(dokk1, rows, language="en").wording)

    assert [(step.kind, step.row_index) for step in next_steps(speech, rows)] == [("secure", 1), ("far", 0)]


def test_finding_out_comes_before_doing_where_nothing_is_known_to_be_lacking(dokk1: Instrument) -> None:
    row = a_row(dokk1, SERVICE | {"agreement": DONT_KNOW}, wanted="service")
    speech = Terms("en", dokk1, a_report(dokk1, (row,), language="en").wording)
    (step,) = next_steps(speech, (row,))

    assert (step.kind, step.advice.title) == ("settle", "Find out: what is in writing")
