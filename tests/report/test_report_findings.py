"""What the report finds: its title, figures that add up, steps with who and when, goals, papers that end, notes."""

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from answers import MIXED, NETWORK, OPEN, OUTSIDE, SERVICE, STRATEGIC, SUPPLIER, UNKNOWN
from report_values import a_report, a_row

from assessor.bank import open_bank
from assessor.core.history import placement_shift
from assessor.core.instrument import Instrument
from assessor.core.library_profile import Logo
from assessor.core.responses import PlannedStep
from assessor.core.scoring import assess
from assessor.core.wording import FindingWords
from assessor.presentation.advice import next_steps, proposed_step
from assessor.presentation.overview import lead_paragraph
from assessor.presentation.paper_ends import ending_paper
from assessor.presentation.report import EarlierAssessment, Report, ReportRow
from assessor.presentation.response_table import number_ranges
from assessor.presentation.terms import Terms
from assessor.report.library.view import report_view
from assessor.report.pdf.layout import report_pdf
from assessor.report.render import report_html, report_sections
from assessor.usecases.calendar import library_calendar
from assessor.usecases.reporting import example_report

MADE = date(2026, 11, 12)
FRAGILE = STRATEGIC | {"track": "no", "vision": "no"}


def ending(row: ReportRow, instrument: Instrument, month: str) -> ReportRow:
    """The row with a paper that ends then."""
    assessment = replace(row.assessment, ends={"agreement": month})
    return replace(row, assessment=assessment, ending=ending_paper(instrument, assessment, assessment.responses, MADE))


def planned(row: ReportRow, *steps: PlannedStep) -> ReportRow:
    return replace(row, assessment=replace(row.assessment, steps=steps))


def title(instrument: Instrument, *rows: ReportRow, language: str = "en") -> str:
    return report_view(a_report(instrument, rows, language=language)).title


def test_the_sentences_of_the_wall_count_each_collaboration_once(dokk1: Instrument) -> None:
    rows = [a_row(dokk1, each, party=f"P{at}") for at, each in enumerate((NETWORK, SUPPLIER, OPEN))]
    report = a_report(dokk1, rows)

    said = lead_paragraph(report, Terms("en", dokk1, report.wording))

    assert assess(dokk1, OPEN).placements == ("service", "network")
    assert said == (
        "3 collaborations have been assessed. 1 stands on one of the model's levels. "
        "1 stands beside them. 1 is not settled yet."
    )


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ((), "No collaboration has been assessed yet"),
        ((STRATEGIC,), "P0: a strategic partnership"),
        ((STRATEGIC, NETWORK), "One of two collaborations carries the strategy"),
        ((STRATEGIC, STRATEGIC), "Two of two collaborations carry the strategy"),
        ((STRATEGIC, OPEN), "One of two collaborations carries the strategy; one is not settled yet"),
        (
            (SERVICE, SERVICE),
            "Two of two collaborations are partnerships in one field; two of them hang on letters of ",
        ),
        (
            (NETWORK, OUTSIDE),
            "One of two collaborations is a network where something happens; none of them carries the ",
        ),
        ((SUPPLIER, OUTSIDE), "None of two collaborations stands on a level of the model"),
        (
            (SUPPLIER, UNKNOWN, UNKNOWN),
            "None of three collaborations stands on a level of the model; two are not settled",
        ),
        (
            (FRAGILE, STRATEGIC, NETWORK),
            "Two of three collaborations carry the strategy; one of them hangs on both sides saying what they want",
        ),
        ((STRATEGIC, *[NETWORK] * 13), "One of 14 collaborations carries the strategy"),
    ],
)
def test_the_title_is_the_finding(dokk1: Instrument, responses: tuple[Mapping[str, str], ...], expected: str) -> None:
    rows = tuple(a_row(dokk1, each, party=f"P{at}", undertaking="") for at, each in enumerate(responses))

    assert title(dokk1, *rows).startswith(expected)


def test_a_paper_that_ends_is_the_finding_before_a_fragile_level(dokk1: Instrument) -> None:
    rows = (a_row(dokk1, FRAGILE, party="A"), ending(a_row(dokk1, STRATEGIC, party="B"), dokk1, "2027-06"))
    gone = (a_row(dokk1, FRAGILE, party="A"), ending(a_row(dokk1, STRATEGIC, party="B"), dokk1, "2026-10"))

    assert (
        title(dokk1, *rows)
        == "Two of two collaborations carry the strategy; the paper of one of them ends in June 2027"
    )
    assert title(dokk1, *gone).endswith("; the paper of one of them has ended")


def test_a_bank_without_such_words_has_the_programs(dokk1: Instrument) -> None:
    report = a_report(dokk1, (a_row(dokk1, FRAGILE, party="A"), a_row(dokk1, NETWORK, party="B")), language="en")
    bare = replace(report, wording=replace(report.wording, findings=FindingWords()))

    assert report_view(bare).title == (
        "One of 2 collaborations is a strategic partnership; one of them is one change away from losing its level"
    )


def test_the_figures_are_all_collaborations_each_counted_once(dokk1: Instrument) -> None:
    rows = tuple(a_row(dokk1, each, party=f"P{at}") for at, each in enumerate((*MIXED, {})))
    figures = report_view(a_report(dokk1, rows, language="en")).cover.figures

    assert [(each.number, each.text) for each in figures] == [
        (7, "stand on a level of the model"),
        (2, "stand beside the levels"),
        (4, "are not settled yet"),
    ]
    assert sum(each.number for each in figures) == len(rows)


def test_last_year_stands_beside_this_year_for_those_assessed_in_both(dokk1: Instrument) -> None:
    long_ago = EarlierAssessment(day=date(2025, 10, 3), verdict=a_row(dokk1, OPEN).verdict)
    lately = EarlierAssessment(day=date(2026, 9, 3), verdict=a_row(dokk1, OUTSIDE).verdict)
    rows = (a_row(dokk1, NETWORK, party="A", earlier=(long_ago, lately)), a_row(dokk1, NETWORK, party="B"))
    cover = report_view(a_report(dokk1, rows, language="en")).cover

    assert cover.last_year == (
        "One of them was assessed in 2025 too. On a level: 0 then, 1 now. Not settled: 1 then, 0 now."
    )


def test_what_the_library_has_agreed_on_comes_first_with_who_and_when(dokk1: Instrument) -> None:
    late = PlannedStep(id="agreement", what="Write it down", who="Ada", when="2027-05")
    soon = PlannedStep(id="next", what="Ring them", who="", when="2027-01")
    rows = (
        planned(a_row(dokk1, NETWORK, party="A", wanted="service"), late),
        planned(a_row(dokk1, UNKNOWN, party="B"), soon),
        a_row(dokk1, SERVICE, party="C"),
    )
    cover = report_view(a_report(dokk1, rows, language="en")).cover

    assert [(each.advice.title, each.who, each.when, each.effect) for each in cover.steps] == [
        ("Ring them", "", "January 2027", ""),
        ("Write it down", "Ada", "May 2027", "This one step makes it a service-based partnership."),
        ("Make it hold", "", "", "Today a single change is enough to lose the level."),
    ]


def test_nobody_is_pushed_to_lift_a_purchase(dokk1: Instrument) -> None:
    row = a_row(dokk1, SUPPLIER)
    terms = Terms("en", dokk1, a_report(dokk1, (row,), language="en").wording)
    (page,) = report_view(a_report(dokk1, (row,), language="en")).pages

    assert (next_steps(terms, (row,)), proposed_step(terms, row.verdict, None).what, page.ways) == ((), "", ())
    assert [step.kind for step in next_steps(terms, (a_row(dokk1, SUPPLIER, wanted="network"),))] == ["reach"]


def test_where_too_little_is_known_only_questions_and_the_note_are_told(dokk1: Instrument) -> None:
    row = a_row(dokk1, UNKNOWN, notes={"": "Ask them in January."})
    shown = report_view(a_report(dokk1, (row,), language="en"))

    assert (shown.pages[0].ways, shown.pages[0].share) == ((), "card")
    assert [(step.advice.title, step.note) for step in shown.cover.steps] == [("Find out more", "Ask them in January.")]


def test_the_end_of_a_paper_is_told_instead_of_fragile_or_sturdy(dokk1: Instrument) -> None:
    def told(month: str) -> tuple[str, str, str]:
        row = ending(a_row(dokk1, SERVICE, party="A"), dokk1, month)
        shown = report_view(a_report(dokk1, (row,), language="en"))
        return shown.pages[0].standing, shown.pages[0].sturdiness_note, shown.table[0].standing

    assert told("2027-11") == ("Ends in November 2027", "Ends in November 2027.", "Ends in November 2027")
    assert told("2026-10") == ("Ended in October 2026", "Ended in October 2026.", "Ended in October 2026")
    assert told("2027-12") == ("Fragile", "Fragile: a single change that may happen by itself is enough.", "Fragile")


def test_a_note_stands_beside_the_reason_or_step_that_it_touches(dokk1: Instrument) -> None:
    notes = {"agreement": "Ends in June.", "track": "We met in 2019.", "": "Nice people."}
    row = a_row(dokk1, NETWORK, wanted="service", notes=notes)
    shown = report_view(a_report(dokk1, (row,), language="en"))
    (page,) = shown.pages

    assert [reason.note for reason in page.why if reason.note] == ["Ends in June."]
    assert (page.general_note, [text for *_, text in shown.notes]) == ("Nice people.", ["We met in 2019."])
    assert [step.note for way in page.ways for step in way.steps] == [""]  # it stands beside the reason


def test_a_chosen_note_is_quoted_once(dokk1: Instrument) -> None:
    row = a_row(dokk1, NETWORK, party="Choir", undertaking="", notes={"": "I sing here."})
    report = a_report(dokk1, (replace(row, assessment=replace(row.assessment, quoted={"": True})),), language="en")
    shown = report_view(report)

    assert shown.quotation is not None
    assert (shown.quotation.text, shown.quotation.name) == ("I sing here.", "Choir")
    assert report_html(report).count("I sing here.") == 1


def test_which_goal_has_nobody_is_the_finding_above_the_goals(dokk1: Instrument) -> None:
    served = a_row(dokk1, STRATEGIC, party="A")
    served = replace(served, assessment=replace(served.assessment, goal="g1"))
    no_more = a_row(dokk1, SERVICE, party="B")
    no_more = replace(no_more, assessment=replace(no_more.assessment, goal="g2"))  # its response tells of none by now
    report = replace(
        a_report(dokk1, (served, no_more, a_row(dokk1, STRATEGIC, party="C")), language="en"),
        goals={"g1": "Learning", "g2": "Language"},
    )
    goals = report_view(report).goals

    assert goals is not None
    assert goals.finding == "One of the 2 goals has nobody that serves it"
    assert [(each.goal, [one.name for one in each.served_by]) for each in goals.goals] == [
        ("Learning", ["A"]),
        ("Language", []),
        ("A goal that has not been named", ["C"]),
    ]


def test_a_timeline_shows_a_level_only_where_one_was_settled(dokk1: Instrument) -> None:
    def stood(day: date, responses: Mapping[str, str]) -> EarlierAssessment:
        shift = placement_shift(dokk1, responses, dokk1, SERVICE, ())
        return EarlierAssessment(day=day, verdict=assess(dokk1, responses), shift=shift)

    unsettled = stood(date(2025, 3, 1), OPEN)
    settled = stood(date(2024, 3, 1), NETWORK)
    rows = (
        a_row(dokk1, SERVICE, party="A", earlier=(unsettled,)),
        a_row(dokk1, SERVICE, party="B", earlier=(settled, unsettled)),
    )
    only, both = (page.timeline for page in report_view(a_report(dokk1, rows, language="en")).pages)

    assert only is None
    assert both is not None
    assert len(both.signs) == 2  # then and now
    assert [each for each in both.segments if each.kind != "rule"] == []  # no line through what was not settled


def test_numbers_are_written_as_ranges() -> None:
    assert number_ranges([1, 2, 4, 5, 6, 9]) == "1, 2, 4–6, 9"


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><path d="M0 0H4V2Z"/></svg>'


def with_logo(instrument: Instrument, content: bytes) -> Report:
    report = a_report(instrument, (a_row(instrument, NETWORK),), language="en")
    return replace(report, logo=Logo(media="image/svg+xml", content=content, at=report.rows[0].assessment.changed))


def test_the_logo_is_shown_with_its_words_and_a_bad_one_is_left_out(dokk1: Instrument) -> None:
    def figures(content: bytes) -> int:
        reader = pypdf.PdfReader(io.BytesIO(report_pdf(with_logo(dokk1, content))))
        return repr([reader.get_object(at) for at in range(1, reader.trailer["/Size"] - 1)]).count("The library's logo")

    assert (figures(LOGO), figures(LOGO.replace(b"<path", b"<script/><path"))) == (1, 0)


def test_the_calendar_has_papers_steps_and_the_next_assessment(dokk1: Instrument) -> None:
    step = PlannedStep(id="next", what="Ring them", who="Ada", when="2027-01")
    words = PlannedStep(id="other", what="Talk", who="", when="when it suits")
    row = planned(ending(a_row(dokk1, SERVICE), dokk1, "2029-06"), step, words)
    report = a_report(dokk1, (row,), language="en")

    def days(report: Report) -> list[str]:
        lines = library_calendar(report).content.decode().replace("\r\n ", "").split("\r\n")
        begins = [line.rpartition(":")[2] for line in lines if line.startswith("DTSTART")]
        return [
            f"{day} {line[8:]}" for day, line in zip(begins, [x for x in lines if x[:8] == "SUMMARY:"], strict=True)
        ]

    assert days(report) == [
        "20270131 Ring them (Ada)",
        "20271110 Assess the collaborations of Exempelbiblioteket again",
        "20290630 The paper ends: Byalaget · Sommarbiblioteket",
    ]
    assert library_calendar(report).undated == 1
    assert days(replace(report, next_month="2028-03"))[1][:8] == "20280301"


@pytest.mark.parametrize("language", ["sv", "fi"])
def test_the_example_takes_six_pages_and_an_appendix_of_two(language: str) -> None:
    assert len(pypdf.PdfReader(io.BytesIO(report_pdf(example_report(open_bank("dokk1"), language)))).pages) <= 8


def test_a_few_collaborations_stand_on_the_page_of_their_table(dokk1: Instrument) -> None:
    def sections(count: int) -> list[tuple[str, int]]:
        rows = tuple(a_row(dokk1, NETWORK, party=f"P{at}") for at in range(count))
        report = a_report(dokk1, rows, language="en")
        return [(part.id, len(part.inner)) for part in report_sections("en", report_view(report))]

    assert sections(6) == [("cover", 0), ("all", 6), ("answers", 1)]
    assert sections(7) == [("cover", 0), ("all", 0), ("part1", 7), ("answers", 1)]
