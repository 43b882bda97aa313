"""The portfolio wall: one sheet whatever stands on it, everything that was meant, nothing upon anything else."""

from dataclasses import replace

import pytest
from document_values import (
    LANGUAGES,
    LONG,
    LONGER,
    MIXED,
    NETWORK,
    OPEN,
    SERVICE,
    STRATEGIC,
    UNKNOWN,
    a_report,
    a_row,
    a_speech,
    close,
    failures,
    figures,
    many,
    outside,
    overlapping,
    said,
    sheets,
)
from markupsafe import Markup

from assessor import bank
from assessor.presentation.advice import next_steps
from assessor.presentation.overview import sorted_report
from assessor.presentation.report import Report
from assessor.report.pdf.layout import document_pdf
from assessor.report.wall import make_wall, wall_document
from assessor.usecases.reporting import example_report

A3 = (420, 297)


def printed(report: Report, managers: int | None = None) -> bytes:
    return document_pdf(wall_document(report, managers))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wall_conforms_in_every_language(language: str) -> None:
    data = printed(a_report(many(12), language), 2)

    assert failures(data) == []
    assert sheets(data) == [A3]


@pytest.mark.parametrize("count", [0, 1, 10, 80, 300])
@pytest.mark.parametrize(
    ("party", "undertaking"),
    [("Förening", "Sommarbiblioteket"), ("Föreningen för vuxnas lärande", "Sommarbiblioteket"), (LONG, LONGER)],
)
def test_all_stands_on_as_few_sheets_as_can_be_read_and_nothing_upon_anything_else(
    count: int, party: str, undertaking: str
) -> None:
    data = printed(a_report(many(count, party, undertaking), "fi"))
    too_long_for_one = count == 80 and party != "Förening"  # in letters that can be read: the names follow on a second

    assert sheets(data) == [A3] * (2 if too_long_for_one else 1)
    assert outside(data) == []
    assert overlapping(data) == []


def test_words_upon_each_other_or_off_the_sheet_would_be_found() -> None:
    amiss = '<p>Skolan</p><p style="margin-top: -14pt">Kören</p><p style="margin-left: -30pt">Byn</p>'
    document = wall_document(a_report(()))
    html = Markup(f"<section>{amiss}</section>")  # noqa: S704 - nobody's text is in it
    data = document_pdf(replace(document, sections=(replace(document.sections[0], html=html),)))

    assert overlapping(data) == [("Skolan", "Kören")]
    assert outside(data) == ["Byn"]


@pytest.mark.parametrize("count", [1, 10, 80])
def test_every_collaboration_is_named_on_the_sheet(count: int) -> None:
    rows = many(count, LONG, LONGER)
    text = said(printed(a_report(rows, "fi")))

    assert [row.name for row in rows if close(row.assessment.collaboration.party) not in text] == []


def test_names_that_no_sheet_holds_stand_on_the_next() -> None:
    rows = tuple(
        replace(row, assessment=replace(row.assessment, collaboration=replace(
            row.assessment.collaboration, party=f"{LONG} " * 3 + str(at), undertaking=f"{LONGER} " * 4
        )))
        for at, row in enumerate(many(80))
    )  # fmt: skip
    data = printed(a_report(rows, "fi"))

    assert sheets(data) == [A3, A3, A3]
    assert outside(data) == []
    assert [at for at in range(80) if close(f"{LONG} " * 3 + str(at)) not in said(data)] == []


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("sv", ["aabenraa", "Éva", "Wik", "zebra", "Zeta", "Åsa", "Ægir", "Ärla", "Øst", "Östersjön"]),
        ("da", ["Éva", "Wik", "zebra", "Zeta", "Ægir", "Ärla", "Øst", "Östersjön", "aabenraa", "Åsa"]),
    ],
)
def test_collaborations_in_one_placement_stand_in_the_alphabet_of_the_language(language: str, order: list[str]) -> None:
    rows = tuple(a_row(STRATEGIC, party=name, undertaking="") for name in sorted(order))

    assert [row.name for row in sorted_report(a_report(rows, language)).rows] == order


def test_a_service_stands_within_the_strategic_partnership_of_the_same_party() -> None:
    rows = (
        a_row(STRATEGIC, party="Skolan", undertaking="Läsåret"),
        a_row(SERVICE, party=" skolan", undertaking="Bokprat"),
        a_row(SERVICE, party="Kören", undertaking="Sången"),
    )
    report = sorted_report(a_report(rows, "en"))
    wall = make_wall(report, a_speech("en"), None)

    assert wall.alt_text == (
        "The model's levels as steps, the widest at the bottom, with every collaboration on its step. "
        "1 Strategic partnership: Skolan · Läsåret. "
        "2 Service-based partnership:  skolan · Bokprat; Kören · Sången. "
        "Drawn within Skolan · Läsåret:  skolan · Bokprat. "
        "One change from losing the level:  skolan · Bokprat; Kören · Sången."
    )
    outer, inner, other = (
        next(area for area in wall.picture.areas if _holds(area, wall.picture.lines, name))
        for name in ("Skolan", "Bokprat", "Kören")
    )
    assert (outer.tone, inner.tone, other.tone) == ("t1", "t3", "t3")
    assert _within(inner, outer)
    assert not _within(other, outer)


def _holds(area, lines, name):
    line = next(line for line in lines if line.text == name)
    step = area.kind == "step"
    return not step and area.x <= line.x <= area.x + area.width and 0 <= line.y - area.y <= 2.2 * line.size


def _within(inner, outer):
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and inner.x + inner.width <= outer.x + outer.width
        and inner.y + inner.height <= outer.y + outer.height
    )


def test_the_figure_tells_what_its_signs_mean_in_whole_sentences() -> None:
    rows = (
        a_row(STRATEGIC, party="Skolan", wanted="service"),
        a_row(NETWORK, party="Byn", wanted="service"),
        a_row(OPEN, party="Kaféet"),
    )
    [told] = figures(printed(a_report(rows, "en")))

    assert told.endswith(
        "Not settled yet: Kaféet · Sommarbiblioteket, a service-based partnership or a network cooperation. "
        "Wanted higher: Byn · Sommarbiblioteket. Wanted lower: Skolan · Sommarbiblioteket. "
        "Ready to grow: Byn · Sommarbiblioteket."
    )


def test_the_conversations_are_the_reports_next_steps() -> None:
    report = sorted_report(a_report(many(24), "en"))
    speech = a_speech("en")
    talks = make_wall(report, speech, None).side_panel.talks

    steps = next_steps(speech, report.rows)
    assert [(f"{talk.party} · {talk.undertaking}", talk.advice) for talk in talks] == [
        (report.rows[step.row_index].name, step.advice) for step in steps
    ]
    assert len(talks) == 3


@pytest.mark.parametrize(
    ("rows", "managers", "told"),
    [
        (
            (NETWORK,),
            None,
            "Nothing stands on level 1 for certain, so management has nothing to follow there yet.",
        ),
        (
            (STRATEGIC,),
            None,
            "1 collaboration stands on level 1. It needs someone in management who follows it regularly: who?",
        ),
        (
            (STRATEGIC, STRATEGIC),
            None,
            "2 collaborations stand on level 1. Each needs someone in management who follows it regularly: how "
            "many of you can?",
        ),
        (
            (STRATEGIC, STRATEGIC),
            2,
            "2 collaborations stand on level 1, and 2 of you can follow them: enough for one each.",
        ),
        (
            (STRATEGIC,) * 5,
            2,
            "5 collaborations stand on level 1, and 2 of you can follow them: up to 3 for each. "
            "Is there time for that?",
        ),
    ],
)
def test_level_1_is_counted_against_who_can_follow_it(rows, managers, told) -> None:
    report = a_report(tuple(a_row(given, party=f"P{at}") for at, given in enumerate(rows)), "en")

    assert make_wall(sorted_report(report), a_speech("en"), managers).side_panel.managers == told


def test_a_bank_that_asks_nothing_of_management_has_no_section_on_managers() -> None:
    instrument = replace(bank.open_bank("dokk1").instrument, followed={})
    report = a_report((a_row(STRATEGIC, instrument=instrument),), "en")

    assert make_wall(replace(report, instrument=instrument), a_speech("en"), 2).side_panel.managers == ""


def test_only_what_may_grow_in_few_steps_and_is_wanted_nowhere_lower_is_ready_to_grow() -> None:
    ready = ("Byn", "Hamnen", "Torget", "Åsen")
    rows = (
        *(a_row(NETWORK, party=party) for party in ready),
        a_row(NETWORK, party="Kören", wanted="network"),
        a_row(SERVICE, party="Kaféet"),
        a_row({**NETWORK, "citizens": "no", "scope": "event", "respect": "no"}, party="Klubben"),
        a_row(UNKNOWN, party="Okänd"),
    )
    panel = make_wall(sorted_report(a_report(rows, "en")), a_speech("en"), None).side_panel
    spoken_of = {talk.party for talk in panel.talks}

    assert [(one.party, one.advice.title) for one in panel.growing] == [
        (party, "Write a letter of intent") for party in ready if party not in spoken_of
    ]
    assert panel.growing


@pytest.mark.parametrize("language", LANGUAGES)
def test_twelve_names_are_read_from_two_metres_and_the_advice_from_one_and_a_half(language: str) -> None:
    report = sorted_report(example_report(bank.open_bank("dokk1"), language))
    wall = make_wall(report, a_speech(language), 2)
    on_steps = [row for row in report.rows if {*row.verdict.placements} <= {*report.instrument.levels}]
    text = " ".join(line.text for line in wall.picture.lines)

    about = [row.assessment.collaboration for row in on_steps]
    assert [each.name for each in about if f"{each.party} {each.undertaking}" not in text] == []
    largest = sorted((line.size * wall.scale for line in wall.picture.lines), reverse=True)
    assert largest[len(on_steps) - 1] >= 26
    assert wall.side_panel.size >= 19.5
    assert [len(group.names) for group in wall.side_panel.beside] == [1, 1, 1, 1]


def test_hostile_names_are_shown_letter_by_letter() -> None:
    name = "<img src=x onerror=alert(1)> & {{ 7*7 }} \"' </svg>"
    data = printed(a_report((a_row(STRATEGIC, party=name), a_row(SERVICE, party=name, undertaking="<b>")), "sv", name))

    assert close(name) in said(data)
    assert failures(data) == []


def test_the_same_wall_has_the_same_bytes() -> None:
    assert printed(a_report(many(24))) == printed(a_report(many(24)))


def test_a_bank_without_levels_has_a_wall() -> None:
    instrument = bank.open_bank("winwin").instrument
    rows = tuple(a_row(case.responses, party=case.id, instrument=instrument) for case in bank.open_bank("winwin").cases)
    report = replace(a_report(rows, "en"), instrument=instrument, wording=bank.open_bank("winwin").wording("en"))

    assert failures(printed(report)) == []


def test_there_are_as_many_kinds_here_as_the_model_has() -> None:
    placements = {a_row(given).verdict.placement for given in MIXED}

    assert placements >= {"strategic", "service", "network", "supplier", "outside", None}
