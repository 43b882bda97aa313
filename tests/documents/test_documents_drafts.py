"""Drafts to sign: what the answers support and no more, blanks exactly where an answer is lacking."""

import re
from dataclasses import replace

import pytest
from document_values import (
    LANGUAGES,
    LONG,
    LONGER,
    MADE,
    NETWORK,
    OPEN,
    OUTSIDE,
    SERVICE,
    STRATEGIC,
    SUPPLIER,
    UNKNOWN,
    a_row,
    a_speech,
    close,
    failures,
    outside,
    overlapping,
    said,
    sheets,
)
from hypothesis import given
from hypothesis import strategies as st

from assessor.bank import open_bank
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.presentation.report import ReportRow
from assessor.report.draft.clauses import Draft, NoDraftWords, NotSignable, NotSignableYet, blanks, draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.pdf.layout import document_pdf

DOKK1 = open_bank("dokk1").instrument


def drafted(row: ReportRow, language: str = "en", kind: str | None = None) -> Draft:
    return draft_of(row, a_speech(language), MADE, "0.1.0", kind)


def printed(row: ReportRow, language: str = "en", kind: str | None = None) -> bytes:
    return document_pdf(draft_document(drafted(row, language, kind), a_speech(language)))


def lines(draft: Draft) -> list[str]:
    """The clauses of all sections."""
    return [clause.text for section in draft.sections for clause in section.clauses]


def whole(draft: Draft) -> list[str]:
    """Every text of the draft, a blank as what stands beneath its line."""
    signed = [clause for signature in draft.signatures for clause in signature.lines]
    inner = [clause for section in draft.sections for clause in section.clauses]
    parts = [part for clause in (*draft.opening, *inner, *draft.closing, *signed) for part in clause.parts]
    names = [signature.name for signature in draft.signatures]
    headings = [section.heading for section in draft.sections]
    return [
        *(part if isinstance(part, str) else part.text for part in parts),
        *(draft.title, draft.note, draft.signing, *headings, *names),
    ]


@pytest.mark.parametrize(
    ("responses", "kind", "title"),
    [
        (STRATEGIC, "agreement", "Partnership agreement"),
        (SERVICE, "intent", "Letter of intent"),
        (NETWORK, "intent", "Letter of intent"),
        (OPEN, "intent", "Letter of intent"),
        ({**STRATEGIC, "agreement": DONT_KNOW}, "intent", "Letter of intent"),
    ],
)
def test_the_placement_says_which_kind_and_a_range_the_lower(responses, kind, title) -> None:
    draft = drafted(a_row(responses))

    assert (draft.kind, draft.title) == (kind, title)


def test_a_range_says_that_it_is_the_lower_kind() -> None:
    assert drafted(a_row(OPEN)).note == (
        "This is a draft, made from the library's own answers of November 10, 2026. Byalaget has not been asked. Read "
        "it line by line together, fill in the lines, change whatever is wrong, and strike out this paragraph before "
        "anybody signs. It is not legal advice. The answers still leave open whether this is a service-based "
        "partnership or a network cooperation. The draft therefore promises the less."
    )


@pytest.mark.parametrize(
    ("responses", "placement"), [(SUPPLIER, "a supplier relation"), (OUTSIDE, "something outside the model")]
)
def test_what_is_no_partnership_gets_no_draft_and_is_told_why(responses, placement) -> None:
    with pytest.raises(NotSignable) as refused:
        drafted(a_row(responses))

    assert str(refused.value) == (
        f"No draft can be made for Byalaget · Sommarbiblioteket: by the answers it is {placement}, and a letter of "
        "intent or an agreement of this kind is about what two parties create together. If you also create "
        "something together, assess that on its own"
    )


def test_what_may_still_be_no_partnership_gets_none_yet() -> None:
    with pytest.raises(NotSignableYet, match="Answer this first: "):
        drafted(a_row({**UNKNOWN, "activity": "recurring"}))


def test_a_bank_without_drafts_says_so() -> None:
    speech = a_speech("en")
    without = replace(speech, wording=replace(speech.wording, drafts=None))

    with pytest.raises(NoDraftWords, match="has no text for drafts in the language en"):
        draft_of(a_row(STRATEGIC), without, MADE, "0")


def test_a_whole_letter_says_what_was_answered_and_nothing_else() -> None:
    row = a_row(SERVICE, gains=("groups", "ideas"))

    assert lines(drafted(row)) == [
        "Exempelbiblioteket: [To fill in: address and contact person]",
        "Byalaget: [To fill in: address and contact person]",
        "We have done something else together before, and it went well.",
        "We already have a letter of intent, or a text about working together that we have both accepted.",
        "It is about: Sommarbiblioteket",
        "We shape it together, and neither of us could have done it alone.",
        "What we want to achieve together is written down, and that text goes with this one.",
        "It recurs, is always on, or is a project under way.",
        "It is one continuing activity, or several for the same people or on the same subject.",
        "Each of us puts in work, knowledge, contacts or material of its own. It need not be equal.",
        "Each of us bears its own costs.",
        "Each of us gets something it wants out of it. It need not be the same thing.",
        "We have told each other what each of us wants out of it.",
        "It fits the library's plan and goals in general.",
        "Exempelbiblioteket hopes that it brings: new target groups; new ideas.",
        "It is for people other than our own staff, who take part in it or use it themselves.",
        "We decide on the content together.",
        "We have taken up ideas from each other.",
        "From: [To fill in: date]",
        "Until: [To fill in: date]",
        "For Exempelbiblioteket: [To fill in: name and role]",
        "For Byalaget: [To fill in: name and role]",
        "At the library, a branch, department or team follows it regularly.",
        "We look at it together: [To fill in: when, and how often]",
        "The meeting is called by: [To fill in: name]",
    ]


def test_one_side_that_contributes_gives_no_clause_that_both_do() -> None:
    responses = {**NETWORK, "contribution": "us", "creation": "parallel", "benefit": "them"}
    told = lines(drafted(a_row(responses)))

    assert "Exempelbiblioteket puts in work, knowledge, contacts or material of its own." in told
    assert "Byalaget gets something it wants out of it." in told
    assert [line for line in told if line.startswith("Each of us puts in") or line.startswith("Byalaget puts")] == []
    assert [line for line in told if line.startswith("Each of us gets")] == []


def item_of(what: str, language: str) -> set[str]:
    """The items whose don't know leaves this to fill in."""
    words = open_bank("dokk1").wording(language).drafts
    assert words
    return {
        item
        for section in words.sections
        for item, clauses in section.items.items()
        if any(f"[{what}]" in line for line in clauses.unknown)
    }


def test_a_dont_know_and_no_answer_leave_the_same_line_to_fill_in() -> None:
    without = {item: given for item, given in SERVICE.items() if item != "citizens"}

    assert lines(drafted(a_row({**SERVICE, "citizens": DONT_KNOW}), kind="intent")) == lines(
        drafted(a_row(without), kind="intent")
    )
    assert "It is for: [To fill in: who takes part in it or uses it]" in lines(drafted(a_row(without), kind="intent"))


ANSWERS = st.fixed_dictionaries({item.id: st.sampled_from((*item.options, DONT_KNOW, "")) for item in DOKK1.items}).map(
    lambda given: {item: option for item, option in given.items() if option}
)


@given(ANSWERS, st.sampled_from(LANGUAGES))
def test_blanks_stand_exactly_where_an_answer_is_lacking(responses, language) -> None:
    row = a_row(responses)
    lacking = {item.id for item in route(DOKK1, responses) if responses.get(item.id, DONT_KNOW) == DONT_KNOW}
    draft = drafted(row, language, "intent")

    asked = [item for what in blanks(draft) for item in item_of(what, language)]
    assert set(asked) == lacking


@given(ANSWERS, st.sampled_from(LANGUAGES))
def test_no_clause_stands_there_that_an_answer_does_not_support(responses, language) -> None:
    words = open_bank("dokk1").wording(language).drafts
    assert words
    on_route = {item.id for item in route(DOKK1, responses)}
    told = lines(drafted(a_row(responses), language, "agreement"))
    names = {"{library}": "Exempelbiblioteket", "{party}": "Byalaget", "{undertaking}": "Sommarbiblioteket"}

    for section in words.sections:
        for item, clauses in section.items.items():
            for option, clause in clauses.options.items():
                for name, value in names.items():
                    clause = clause.replace(name, value)
                given_here = item in on_route and responses.get(item) == option
                assert not clause or (clause in told) == given_here, (item, option)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_conforms_and_its_text_is_the_text_that_was_meant(language: str) -> None:
    rows = (a_row(STRATEGIC, gains=("ideas",)), a_row({"creation": "joint", "contribution": "both"}, undertaking=""))
    for row in rows:
        draft = drafted(row, language, "intent" if row is rows[1] else None)
        data = document_pdf(draft_document(draft, a_speech(language)))

        assert failures(data) == []
        assert set(sheets(data)) == {(210, 297)}
        assert [text for text in whole(draft) if close(text) not in said(data)] == []


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
def test_nothing_is_cut_or_upon_anything_else_with_the_longest_names(language: str) -> None:
    row = a_row(UNKNOWN, party=f"{LONG} {LONG}", undertaking=f"{LONGER} {LONGER}", library=f"{LONG} {LONGER}")
    data = printed(row, language, "agreement")

    assert outside(data) == []
    assert overlapping(data) == []


def test_names_are_never_read_for_blanks_or_names() -> None:
    party = "[date] {library} {what} <b>&amp;</b>"
    draft = drafted(a_row(SERVICE, party=party, undertaking="{party}"))

    assert draft.party == party
    assert f"For {party}: [To fill in: name and role]" in lines(draft)
    assert "It is about: {party}" in lines(draft)
    assert close(party) in said(document_pdf(draft_document(draft, a_speech("en"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_as_much_as_the_others(language: str) -> None:
    ours, english = open_bank("dokk1").wording(language).drafts, open_bank("dokk1").wording("en").drafts
    assert ours
    assert english

    assert shape(ours) == shape(english)


def shape(words) -> list[object]:
    """Where clauses, names and blanks stand, without their words."""
    return [
        (
            {kind: list(map(marks, told)) for kind, told in section.lines.items()},
            marks(section.gains),
            {item: list(map(marks, clauses.unknown)) for item, clauses in section.items.items()},
            {
                (item, option): marks(text)
                for item, clauses in section.items.items()
                for option, text in clauses.options.items()
            },
        )
        for section in words.sections
    ]


def marks(text: str) -> tuple[bool, list[str], int]:
    return bool(text), sorted(re.findall(r"\{\w+\}", text)), text.count("[")
