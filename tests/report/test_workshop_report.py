"""A workshop's report: conforming, saying what the room said and no more, whatever its size and whatever was typed."""

# ruff: noqa: E501 - a row is one claim

import io
import re
from dataclasses import replace
from functools import cache

import page
import pypdf
import pytest
import verapdf
from report_values import FORBIDDEN, everything
from room_values import (
    DOKK1,
    SIDES,
    a_collaboration,
    a_report,
    a_room,
    a_subject,
    a_workshop,
    agreed_on,
    ratings,
    responses_of,
    the_other_side,
)
from test_report_hostile import ODD, PAYLOADS, outside, shown
from test_report_pdf import words

from assessor import bank
from assessor.core.raters import Rating, RatingTally, tally_ratings
from assessor.core.responses import DONT_KNOW
from assessor.core.settling import settle_room
from assessor.core.sides import SharedGains
from assessor.core.workshop import AgreedStep
from assessor.core.workshop_findings import Note, PlacedCase, Subject
from assessor.presentation.room_sentences import (
    concordance_sentences,
    gut_feeling_direction,
    headline,
    subject_placements,
    win_win_sentences,
)
from assessor.presentation.terms import Terms
from assessor.presentation.typeface import displayable_text
from assessor.report.pdf.layout import clear_caches, document_pdf
from assessor.report.render import document_html
from assessor.report.workshop.cover import workshop_cover
from assessor.report.workshop.document import workshop_document
from assessor.report.workshop.pages import subject_page as page_of

SPEECH = Terms("en", DOKK1, bank.open_bank("dokk1").wording("en"))


def printed(report):
    return document_pdf(workshop_document(report))


@cache
def printed_room(collaborations, raters):
    return printed(a_room(collaborations, raters))


def failures(data):
    return [f"{one.rule_id} {one.message}" for one in page.validate_pdf_bytes(data, profile="ua1").failures]


def said(report):
    return " ".join(words(printed(report), "-raw").split())


def of(counts, *, unsettled=0, gut=None, items=None, as_felt=0):
    raters = sum(counts.values()) + unsettled
    return RatingTally(
        raters=raters, placements=counts, unsettled=unsettled, gut=gut or {}, items=items or {}, as_felt=as_felt
    )


def a_bare(counts, at_least=5, **more):
    """A subject with a picture of these counts and nothing else, as the report has it."""
    told = of(counts, **more)
    subject = Subject(collaboration=a_collaboration(0), begun=told.raters, tally=told)
    return a_report([subject], at_least=at_least).findings.subjects[0]


# Paper


@pytest.mark.parametrize(
    ("collaborations", "raters"),
    [(0, 0), (1, 8), (5, 8), (12, 40), (5, 2), pytest.param(30, 8, marks=pytest.mark.full)],
)
def test_a_room_of_any_size_conforms_and_no_word_leaves_the_page(collaborations, raters):
    data = printed_room(collaborations, raters)

    assert failures(data) == []
    assert outside(data) == []


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb"])
def test_in_every_other_language_too(language):
    data = printed(a_room(3, 8, language))

    assert failures(data) == []
    assert outside(data) == []


@pytest.mark.java
def test_verapdf_finds_nothing():
    assert verapdf.failures(printed_room(5, 8), "ua1") == []


def test_the_same_room_gives_the_same_bytes():
    first = printed(a_room(3, 8))
    clear_caches()

    assert printed(a_room(3, 8)) == first


def test_a_browser_prints_the_same_pages_and_loads_nothing():
    html = document_html(workshop_document(a_room(3, 8)))

    assert "default-src &#39;none&#39;" in html
    assert 'href="#c1"' in html
    assert not re.search(r"(src|href)=\"(?!#)|url\((?!data:)", html)


def test_the_first_page_names_three_things_to_do_and_holds_the_picture():
    for room in ((1, 8), (12, 40), (5, 2), (30, 8)):
        reader = pypdf.PdfReader(io.BytesIO(printed_room(*room)))
        first = " ".join((reader.pages[0].extract_text()).split())

        for thing in workshop_cover(a_room(*room), SPEECH).action_items:
            assert " ".join(thing.title.split()) in first
        assert "Strategic partnerships" in first
    assert len(workshop_cover(a_room(5, 8), SPEECH).action_items) == 3


@pytest.mark.parametrize("texts", [PAYLOADS[at::3] for at in range(3)], ids=["a", "b", "c"])
def test_what_anybody_typed_is_shown_and_does_nothing(texts):
    data = printed(everywhere(texts))
    all_shown, objects = shown(data), everything(data)

    assert [word for word in FORBIDDEN if f"'{word}'" in objects] == []
    for text in texts:
        lacking = [mark for mark in "abcdfh" if "".join(displayable_text(f"{text} {mark}").split()) not in all_shown]
        assert (text, lacking) == (text, [])


def test_odd_text_conforms_and_stays_within_the_page():
    data = printed(everywhere([*ODD, "a b " * 900]))

    assert failures(data) == []
    assert outside(data) == []


def everywhere(texts):
    """A room with a text wherever somebody may write, one for each collaboration."""
    workshop = replace(a_workshop(f"{texts[0][:150]} n"), library=f"{texts[0][:150]} l")
    return a_report([_full_of(text, number) for number, text in enumerate(texts)], workshop=workshop)


def _full_of(text, number):
    collaboration = replace(a_collaboration(number), party=f"{text[:150]} p", undertaking=f"{text[:150]} u")
    agreed = agreed_on(collaboration, responses_of()["service"])
    return a_subject(
        0,
        8,
        collaboration=collaboration,
        agreed=replace(agreed, assessment=replace(agreed.assessment, notes={"": f"{text} a"})),
        dissents=(f"{text} b",),
        steps=(
            AgreedStep(id="s", collaboration=collaboration.id, what=f"{text} c", who=f"{text} d", when=f"{text} e"),
        ),
        notes=(Note(item="vision", text=f"{text} f"), Note(item="", text=f"{text} h")),
    )


# What it says


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (a_bare({"service": 8}), "All 8 say: service-based partnership"),
        (a_bare({"service": 5, "network": 3}), "5 of 8 say: network cooperation".replace("network cooperation", "service-based partnership")),
        (a_bare({"service": 4, "network": 4}), "The room is divided"),
        (a_bare({}, unsettled=8), "Not enough answers to place it"),
        (a_bare({"service": 2}, unsettled=6), "Most answers leave it open"),
        (Subject(collaboration=a_collaboration(0), begun=0, tally=None), "Not enough answers to tell"),
        (replace(a_bare({"network": 8}), agreed=agreed_on(a_collaboration(0), responses_of()["service"])), "Agreed: service-based partnership"),
        (replace(a_bare({"network": 8}), agreed=agreed_on(a_collaboration(0), {})), "Talked through, and not settled yet: 6 placements are possible"),
    ],
)  # fmt: skip
def test_the_heading_tells_where_the_room_places_it(subject, title):
    assert headline(subject, SPEECH) == title


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        (Subject(collaboration=a_collaboration(0), begun=0, tally=None), ("Nobody in the room has answered for it.",)),
        (Subject(collaboration=a_collaboration(0), begun=1, tally=None), ("1 has answered. Answers are shown once 5 have answered, so that nobody's can be picked out.",)),
        (Subject(collaboration=a_collaboration(0), begun=4, tally=None), ("4 have answered. Answers are shown once 5 have answered, so that nobody's can be picked out.",)),
        (Subject(collaboration=a_collaboration(0), begun=7, tally=None), ("Answers are shown once 5 have answered themselves; paper that the workshop leader enters does not count towards it.",)),
        (a_bare({}, unsettled=8), ("Nobody's answers settle a placement, so there are not enough answers to compare.",)),
        (a_bare({"service": 1}, unsettled=7), ("No figure is given: only 1 person's answers settle a placement, and it takes 5.",)),
        (a_bare({"service": 4}, unsettled=4), ("Everyone whose answers settle a placement places it the same way.", "No figure is given: only 4 people's answers settle a placement, and it takes 5.")),
        (a_bare({"service": 8}), ("Everyone whose answers settle a placement places it the same way.", "Agreement beyond chance (AC1): 1.00.")),
        (a_bare({"service": 5, "network": 3}), ("The room is divided.", "Agreement beyond chance (AC1): 0.41.")),
    ],
)  # fmt: skip
def test_how_far_the_room_agrees_is_told_in_words_and_the_figure_or_why_there_is_none(subject, told):
    found = concordance_sentences(subject, 5, SPEECH)

    if subject.concordance and subject.concordance.ac1 is not None:
        assert found[-1] == told[-1]
    else:
        assert found == told


def test_never_a_figure_for_fewer_than_three_however_few_the_room_asks_for():
    subject = a_bare({"service": 2}, at_least=3, unsettled=1)

    assert subject.concordance.ac1 is None
    assert "AC1" not in " ".join(concordance_sentences(subject, 3, SPEECH))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], "Not enough answers to tell"),
        ([Rating(rater="a", responses={"creation": "joint"})], "Not enough answers to tell"),
        ([Rating(rater=str(n), responses=dict.fromkeys(DOKK1.by_id, DONT_KNOW)) for n in range(8)], "Not enough answers to place it"),
        ([Rating(rater=str(n), responses=responses_of()["service"]) for n in range(8)], "All 8 say: service-based partnership"),
    ],
    ids=["none", "one", "all don't know", "all equal"],
)  # fmt: skip
def test_none_one_all_unknown_and_all_equal_make_a_report_without_a_figure_that_is_none(given, expected):
    told = tally_ratings(DOKK1, given)
    subject = Subject(collaboration=a_collaboration(0), begun=len(given), tally=told if len(given) >= 5 else None)
    text = said(a_report([subject], raters=len(given)))

    assert expected in text
    assert "nan" not in text.lower().split()
    assert not re.search(r"\bNone\b(?! here)", text)


def test_all_equal_says_that_there_is_nothing_to_talk_about_and_all_unknown_that_there_is_too_little():
    equal = a_bare({"service": 8}, items={"creation": {"joint": 8}})
    unknown = a_bare({}, unsettled=8, items={"creation": {DONT_KNOW: 8}})

    assert (
        page_of(equal, "c1", 5, SPEECH).no_splits == "On the questions shown, everybody who knew gave the same answers."
    )
    assert "not enough answers" in page_of(unknown, "c1", 5, SPEECH).no_splits


def test_what_splits_the_room_is_told_widest_first_in_counts():
    items = {"vision": {"no": 1, "spoken": 7}, "creation": {"ready": 4, "joint": 3, DONT_KNOW: 1}, "track": {"no": 8}}
    [first, second] = page_of(a_bare({"service": 8}, items=items), "c1", 5, SPEECH).splits

    assert first.ask == "Who shapes what users meet through the collaboration?"
    assert first.counts == "4 say “comes ready-made”, 3 say “both shape it” and 1 does not know."
    assert second.counts == "7 say “yes, spoken of” and 1 says “no”."


def test_of_too_few_nothing_that_they_gave_is_in_the_report():
    few = a_subject(1, 4, tally=None, agreed=None, notes=(), dissents=(), steps=(), other=None)
    text = said(a_report([few], raters=4))

    assert "4 have answered. Answers are shown once 5 have answered" in text
    assert "say “" not in text
    assert "AC1" not in text.replace("Gwet's AC1", "")
    told = [a_bare({"service": 5, "network": 3}, items={"creation": {"ready": 4, "joint": 4}})]
    assert "say “" in said(a_report(told)), "with enough it would be"


def test_the_agreed_verdict_stands_with_the_dissent_its_reason_and_the_steps():
    subject = a_subject(0, 8, agreed=agreed_on(a_collaboration(0), responses_of()["service"], "strategic"))
    text = said(a_report([subject]))

    for part in (
        "Agreed: service-based partnership",
        "One person sees it differently, and says why below.",
        "Jag tror inte att de ser det så, för de frågade aldrig oss.",
        "We shape it together, and neither of us could have done it alone.",
        "Write an agreement about working together.",
        "Avtalet ligger hos chefen.",
    ):
        assert part in text
    for part in ("Ring dem och boka en timme", "Filialchefen", "före jul"):
        assert text.count(part) >= 3, "on the first page, in the list and beside the collaboration"


OURS = responses_of()["service"]


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("both", "both", ("Each side itself says that it gets something out of it: both win.", "We think that they get something out of it, and so do they.", "They think that we get something out of it, and so do we.")),
        ("both", "them", ("Not both win: one side itself says that it gets nothing out of it.", "We think that they get something out of it, but they say that they do not.", "They think that we get something out of it, and so do we.")),
        ("us", "both", ("Each side itself says that it gets something out of it: both win.", "They say that they get something out of it, which we did not expect or know.", "They think that we get something out of it, and so do we.")),
        ("both", DONT_KNOW, ("We do not know whether both win: one side has not said whether it gets something out of it.", "We think that they get something out of it; they have not said.", "We say that we get something out of it, which they did not expect or know.")),
        ("them", "them", ("Not both win: one side itself says that it gets nothing out of it.", "We think that they get something out of it, but they say that they do not.", "They think that we get something out of it, but we say that we do not.")),
        (DONT_KNOW, DONT_KNOW, ("We do not know whether both win: one side has not said whether it gets something out of it.", "We do not know whether they get something out of it.", "We do not know whether we get something out of it.")),
    ],
)  # fmt: skip
def test_win_win_is_measured_by_each_sides_own_word(ours, theirs, told):
    other = the_other_side({**OURS, "benefit": ours}, {**OURS, "benefit": theirs}, agreed=True)

    assert win_win_sentences(other, SPEECH) == told


def test_the_two_sides_stand_beside_one_another_in_the_librarys_terms():
    theirs = {**OURS, "contribution": "us", "vision": "no"}
    theirs.pop("track")
    other = replace(
        the_other_side(OURS, theirs, agreed=True),
        gains=SharedGains(both=("ideas",), ours=("groups",), theirs=("resources",)),
    )
    subject = a_subject(0, 8, agreed=agreed_on(a_collaboration(0), OURS), other=other)
    made = page_of(subject, "c1", 5, SPEECH).other

    assert made.different == (
        ("Who puts something in", "Both", "Only them"),
        ("A common aim", "Yes, spoken of", "No"),
    )
    assert made.alike == "The two sides agree on 9 of the 11 questions that both have answered."
    assert made.brings == (
        ("Both say it brings", "new ideas"),
        ("Only we say it brings", "new target groups"),
        ("Only they say it brings", "more resources"),
    )
    assert made.placed.startswith("Our answers make it a service-based partnership; theirs make it ")
    assert set(other.responses) <= set(SIDES.asked)


def test_without_an_agreement_the_librarys_side_is_what_most_of_the_room_answered():
    other = the_other_side(OURS, OURS, agreed=False)
    subject = a_subject(1, 8, agreed=None, other=other)

    assert page_of(subject, "c1", 5, SPEECH).other.our_side == (
        "Nothing was agreed on, so our view is what most of the room answered."
    )


def test_the_picture_shows_where_the_room_places_each_and_how_far_it_is_spread():
    subjects = (
        a_bare({"service": 5, "network": 3}, gut={"strategic": 8}),
        replace(a_bare({"service": 8}), collaboration=a_collaboration(1)),
        Subject(collaboration=a_collaboration(2), begun=2, tally=None),
    )
    made = workshop_cover(a_report(subjects), SPEECH)

    assert (
        "Byalaget · Sommarbiblioteket: 5 of 8 say: service-based partnership; level 2: 5 · level 3: 3." in made.alt_text
    )
    assert "Ungdomsgården · Poddstudion: All 8 say: service-based partnership; level 2: 8." in made.alt_text
    assert "Musikskolan · Kulturveckan: Not enough answers to tell." in made.alt_text
    lines = [line.text for line in made.picture.lines]
    assert "level 2: 5 · level 3: 3" in lines
    assert "most gut feelings were higher" in lines


def test_gut_feelings_stand_higher_lower_or_neither():
    placed = ("service",)

    assert gut_feeling_direction(of({"service": 3}, gut={"strategic": 2, "network": 1}), placed, DOKK1) == 1
    assert gut_feeling_direction(of({"service": 3}, gut={"network": 2, "strategic": 1}), placed, DOKK1) == -1
    assert gut_feeling_direction(of({"service": 3}, gut={"service": 3, DONT_KNOW: 5}), placed, DOKK1) == 0
    assert gut_feeling_direction(of({"service": 3}, gut={"strategic": 1, "network": 1}), placed, DOKK1) == 0
    assert gut_feeling_direction(None, placed, DOKK1) == 0


def test_where_the_room_stands_is_what_it_agreed_on_before_what_most_said():
    told = a_bare({"network": 8})

    assert subject_placements(DOKK1, told) == ("network",)
    assert subject_placements(DOKK1, replace(told, agreed=agreed_on(a_collaboration(0), OURS))) == ("service",)


def test_the_calibration_round_tells_how_many_placed_a_case_where_it_belongs():
    cases = (
        PlacedCase(id="service", placement="service", tally=of({"service": 5, "network": 2}, unsettled=1)),
        PlacedCase(id="v63", placement="supplier", tally=None),
    )
    text = said(a_report([], cases=cases))

    assert "5 of 8 placed it there. Network cooperation: 2, don't know: 1." in text
    assert "Fewer than 5 people placed it, so the placements are not shown." in text


def test_it_says_what_is_withheld_and_until_when_raw_answers_are_kept():
    text = said(a_report([]))
    after = said(a_report([], kept_until=None, joined=0))

    assert "only where at least 5 people answered" in text
    assert "are kept until February 8, 2027 and then erased" in text
    assert "8 people took part." in text
    assert "have been erased" in after
    assert "took part" not in after


def test_notes_come_with_what_they_are_about_and_no_name():
    text = said(a_report([a_subject(1, 8)]))

    assert "A common aim: Det har vi aldrig talat om. About the workshop as a whole: Åk dit och fråga." in text


def test_the_splits_of_a_drawn_room_are_what_its_responses_say():
    given = ratings(3, 8)
    told = tally_ratings(DOKK1, given)
    made = page_of(Subject(collaboration=a_collaboration(3), begun=8, tally=told), "c1", 5, SPEECH)
    told_of = [split.item for split in settle_room(DOKK1, told, None).to_settle if split.counts]

    assert [each.ask for each in made.splits] == [SPEECH.wording.items[item].ask for item in told_of[:6]]
