"""Drafts to sign: what the answers support and no more, blanks exactly where an answer is lacking."""

import io
import re
from dataclasses import replace

import pypdf
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
from assessor.presentation.terms import Terms
from assessor.report.draft.clauses import (
    Draft,
    NoDraftWords,
    NotSignable,
    NotSignableYet,
    WeakerPaper,
    draft_of,
)
from assessor.report.draft.pages import draft_document
from assessor.report.pdf.layout import document_pdf
from assessor.usecases.reporting import example_report

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
    signed = [part for signature in draft.signatures for line in signature.lines for part in line.parts[1:]]
    inner = [clause for section in draft.sections for clause in section.clauses]
    parts = [*(part for clause in (*draft.opening, *inner, *draft.closing) for part in clause.parts), *signed]
    names = [signature.name for signature in draft.signatures]
    headings = [section.heading for section in draft.sections]
    return [
        *(part.strip() if isinstance(part, str) else part.what for part in parts),
        *(draft.title, draft.note, draft.signing, *headings, *names),
    ]


@pytest.mark.parametrize(
    ("responses", "wanted", "ends", "kind", "title"),
    [
        (STRATEGIC, None, "", "amendment", "Amendment to our agreement"),
        ({**SERVICE, "agreement": "agreement"}, "strategic", "2028-06", "amendment", "Amendment to our agreement"),
        (STRATEGIC, None, "2027-06", "renewal", "Renewal of our agreement"),
        (STRATEGIC, None, "2026-06", "renewal", "Renewal of our agreement"),
        (STRATEGIC, None, "open", "amendment", "Amendment to our agreement"),
        (SERVICE, None, "2027-06", "intent", "Letter of intent"),
        (SERVICE, "strategic", "", "agreement", "Partnership agreement"),
        (NETWORK, None, "", "intent", "Letter of intent"),
        (OPEN, "strategic", "", "intent", "Letter of intent"),
        ({**STRATEGIC, "agreement": DONT_KNOW}, None, "", "intent", "Letter of intent"),
    ],
)
def test_the_kind_goes_on_from_what_they_have_and_a_range_takes_the_lower(responses, wanted, ends, kind, title) -> None:
    row = a_row(responses, wanted=wanted)
    draft = drafted(with_answers(row, ends={"agreement": ends} if ends else {}))

    assert (draft.kind, draft.title) == (kind, title)


def with_answers(row: ReportRow, **answers) -> ReportRow:
    return replace(row, assessment=replace(row.assessment, **answers))


def test_no_letter_weakens_an_agreement_that_is_in_force() -> None:
    with pytest.raises(WeakerPaper, match="you have an agreement in force"):
        drafted(a_row(STRATEGIC), kind="intent")


def test_a_renewal_names_the_end_and_the_goal_that_were_said_and_leaves_lines_for_them_otherwise() -> None:
    row = with_answers(a_row(STRATEGIC), ends={"agreement": "2027-06"}, goal="g1")
    told = draft_of(row, a_speech("en"), MADE, "0", None, {"g1": "More readers"})
    without = drafted(with_answers(row, ends={}), kind="renewal")

    assert "It runs until: June 2027" in [clause.text for clause in told.opening]
    assert "For the library it serves this goal of its plan: More readers" in lines(told)
    assert "It runs until: [To fill in: date]" in [clause.text for clause in without.opening]
    assert "For the library it serves this goal of its plan: [To fill in: which goal]" in lines(without)


def test_a_bank_without_words_for_an_amendment_takes_those_of_an_agreement() -> None:
    speech = a_speech("en")
    words = speech.wording.drafts
    assert words
    fewer = replace(words, kinds={"intent": words.kinds["intent"], "agreement": words.kinds["agreement"]})
    terms = replace(speech, wording=replace(speech.wording, drafts=fewer))
    draft = draft_of(a_row(STRATEGIC), terms, MADE, "0")

    assert draft.title == "Partnership agreement"
    assert lines(draft) == lines(draft_of(a_row(STRATEGIC), speech, MADE, "0", "agreement"))


@pytest.mark.parametrize("language", [*LANGUAGES, "sv_FI"])
def test_nobody_is_asked_to_sign_an_or(language: str) -> None:
    words = open_bank("dokk1").wording(language).drafts
    assert words

    told = re.findall(r"[^']*\b(?:or|eller|tai|vai)\b[^']*", repr((words.kinds, words.sections, words.signatures)))
    assert told == []


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
        "This paper takes the place of what we have both accepted in writing before: [To fill in: name and date]",
        "It is about: Sommarbiblioteket",
        "We shape it together, and neither of us could have done it alone.",
        "What we want to achieve together is written down in: [To fill in: name and date of the text]",
        "It is under way. We do it: [To fill in: days, times and places]",
        "It is a continuing activity in one field: [To fill in: which]",
        "Exempelbiblioteket does this: [To fill in: what, when and with whom]",
        "Byalaget does this: [To fill in: what, when and with whom]",
        "We begin with: [To fill in: what, who does it, and by when]",
        "Each of us puts in something of its own. It need not be equal.",
        "Each of us bears its own costs.",
        "Exempelbiblioteket wants: [To fill in: what it wishes to get out of it]",
        "Byalaget wants: [To fill in: what it wishes to get out of it]",
        "Each of us gets something it wants out of it. It need not be the same thing.",
        "We have told each other what each of us wants.",
        "It fits the library's plan and goals in general.",
        "Exempelbiblioteket hopes that it brings: new target groups; new ideas.",
        "It is for: [To fill in: who, and about how many]",
        "What we tell others about it: [To fill in: who tells whom, and in whose name]",
        "We decide on the content together.",
        "We take up ideas from each other.",
        "What we make may be used by: [To fill in: who, and for what]",
        "When it ends, what we have made goes to: [To fill in: what to whom]",
        "From: [To fill in: date]",
        "Until: [To fill in: date]",
        "One of us who wants to stop tells the other: [To fill in: how, and how long before]",
        "For Exempelbiblioteket: [To fill in: name and role]",
        "For Byalaget: [To fill in: name and role]",
        "At the library it is followed regularly by this unit: [To fill in: which]",
        "We look at it together: [To fill in: when, and how often]",
        "The meeting is called by: [To fill in: name]",
        "We see that it works by: [To fill in: what we count, and whom we ask]",
    ]


def test_one_side_that_contributes_gives_no_clause_that_both_do() -> None:
    responses = {**NETWORK, "contribution": "us", "creation": "parallel", "benefit": "them"}
    told = lines(drafted(a_row(responses)))

    assert "Byalaget gets something it wants out of it." in told
    assert [line for line in told if line.startswith(("Each of us puts in", "Each of us gets"))] == []


def test_a_dont_know_and_no_answer_leave_the_same_line_to_fill_in() -> None:
    without = {item: given for item, given in SERVICE.items() if item != "citizens"}

    assert lines(drafted(a_row({**SERVICE, "citizens": DONT_KNOW}), kind="intent")) == lines(
        drafted(a_row(without), kind="intent")
    )
    assert "It is for: [To fill in: who, and about how many]" in lines(drafted(a_row(without), kind="intent"))


ANSWERS = st.fixed_dictionaries({item.id: st.sampled_from((*item.options, DONT_KNOW, "")) for item in DOKK1.items}).map(
    lambda given: {item: option for item, option in given.items() if option}
)


@given(ANSWERS, st.sampled_from(LANGUAGES))
def test_a_clause_stands_exactly_where_its_answer_supports_it(responses, language) -> None:
    words = open_bank("dokk1").wording(language).drafts
    assert words
    on_route = {item.id for item in route(DOKK1, responses)}
    told = lines(drafted(a_row(responses), language, "agreement"))

    for section in words.sections:
        for item, clauses in section.items.items():
            given_here = responses.get(item, DONT_KNOW) if item in on_route else None
            due = {clauses.options[given_here]} if given_here in clauses.options else set()
            due = set(clauses.unknown) if given_here == DONT_KNOW else due
            for clause in {*clauses.options.values(), *clauses.unknown} - {""}:
                assert (filled(clause, words) in told) == (clause in due), (item, clause)


def filled(clause: str, words) -> str:
    """A clause as a draft shows it, with nothing known but the names."""
    for name, value in {"library": "Exempelbiblioteket", "party": "Byalaget", "goal": words.goal}.items():
        clause = clause.replace(f"{{{name}}}", value)
    return re.sub(r"\[([^]]*)\]", lambda found: f"[{words.fill.replace('{what}', found[1])}]", clause)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_conforms_and_its_text_is_the_text_that_was_meant(language: str) -> None:
    rows = (a_row(STRATEGIC, gains=("ideas",)), a_row({"creation": "joint", "contribution": "both"}, undertaking=""))
    for row in rows:
        draft = drafted(row, language, "intent" if row is rows[1] else "renewal")
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
            section.kinds,
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


@pytest.mark.parametrize(("number", "language"), [(1, "fi"), (3, "sv"), (4, "da")])
def test_a_draft_of_the_examples_takes_two_pages_with_what_is_asked_of_both_side_by_side(number, language) -> None:
    report = example_report(open_bank("dokk1"), language)
    terms = Terms(report.language, report.instrument, report.wording)
    document = draft_document(draft_of(report.rows[number], terms, report.made, "0"), terms)

    assert len(pypdf.PdfReader(io.BytesIO(document_pdf(document))).pages) == 2
    assert document.sections[0].html.count('<div class="sides">') >= 2
