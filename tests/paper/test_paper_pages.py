"""Every kind of paper in every language: conforming, whole, and nothing over anything else."""

import io
import itertools
import re
import subprocess
from collections.abc import Iterator
from gettext import NullTranslations
from html import unescape
from typing import NamedTuple

import page
import pypdf
import pytest
import verapdf_on_paper
from papers import LANGUAGES, PAPERS, a_form, a_table

from assessor import bank
from assessor.report.paper.posters import cards_pdf
from assessor.report.paper.questionnaire import FormCopy, form_pdf

FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/URI", "/SubmitForm", "/AA", "/OpenAction", "/XFA")


class Word(NamedTuple):
    """A word as it stands on a page, in points from the top left."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def sheets(data: bytes) -> list[list[Word]]:
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    pattern = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    return [
        [Word(*map(float, found.groups()[:4]), unescape(found[5])) for found in pattern.finditer(part)]
        for part in told.split("<page ")[1:]
    ]


def said(data: bytes) -> str:
    """Everything that can be read, without blanks."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


def overlapping(words: list[Word]) -> list[tuple[str, str]]:
    """Words that cover one another by more than their letters' own air."""
    ordered = sorted(words, key=lambda word: word.top)
    near = ((one, other) for at, one in enumerate(ordered) for other in _below(one, ordered[at + 1 :]))
    return [
        (one.text, other.text)
        for one, other in near
        if min(one.right, other.right) - max(one.left, other.left) > 0.8
        and min(one.bottom, other.bottom) - other.top > 0.35 * min(one.bottom - one.top, 12)
    ]


def _below(one: Word, words: list[Word]) -> Iterator[Word]:
    return itertools.takewhile(lambda other: other.top < one.bottom, words)


@pytest.mark.parametrize(("kind", "name", "language"), PAPERS)
def test_every_paper_conforms_to_pdf_ua(made, kind, name, language):
    data = made(kind, name, language)

    failures = page.validate_pdf_bytes(data, profile="ua1").failures
    assert [f"{one.rule_id} {one.message}" for one in failures] == []
    assert pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]["/Lang"] == language


@pytest.mark.java
@pytest.mark.parametrize("kind", ["form", "forms", "poster", "cards"])
def test_verapdf_says_so_too(made, kind):
    assert verapdf_on_paper.failures(made(kind, "dokk1", "fi"), "ua1") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_collaboration_takes_exactly_three_pages_of_a4(made, language):
    pages = pypdf.PdfReader(io.BytesIO(made("form", "dokk1", language))).pages

    assert [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in pages] == [(595, 842)] * 3


def test_three_collaborations_take_three_pages_each_with_their_names(made):
    pages = pypdf.PdfReader(io.BytesIO(made("forms", "dokk1", "fi"))).pages
    firsts = [pages[at].extract_text() for at in (0, 3, 6)]

    assert len(pages) == 9
    assert [one["/Title"] for one in pypdf.PdfReader(io.BytesIO(made("forms", "dokk1", "fi"))).outline][2] == "Fråga"
    assert len(set(firsts)) == 1  # the names stand in the fields


class Longer(NullTranslations):
    """Words as another language may have them: half as long again."""

    def gettext(self, message):
        return f"{message} {'sanojakin ' * (len(message) // 20 + 1)}".rstrip()


def test_interface_words_half_as_long_again_cover_nothing(monkeypatch):
    monkeypatch.setattr("assessor.presentation.messages.load_translations", lambda language: Longer())
    data = form_pdf(a_form("dokk1", "fi"))

    assert [overlapping(words) for words in sheets(data)] == [[]] * len(sheets(data))
    assert "sanojakin" in said(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_questionnaire_takes_fewer_pages(made, language):
    assert len(pypdf.PdfReader(io.BytesIO(made("form", "winwin", language))).pages) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_poster_is_one_page_of_a3_and_cards_fill_three_of_a4(made, language):
    poster, cards = (pypdf.PdfReader(io.BytesIO(made(kind, "dokk1", language))).pages for kind in ("poster", "cards"))

    assert [(round(each.mediabox.width), round(each.mediabox.height)) for each in poster] == [(1191, 842)]
    assert [(round(each.mediabox.width), round(each.mediabox.height)) for each in cards] == [(595, 842)] * 3


@pytest.mark.parametrize(("kind", "name", "language"), PAPERS)
def test_no_word_covers_another_or_leaves_the_page(made, kind, name, language):
    wide = 1191 if kind == "poster" else 595

    for words in sheets(made(kind, name, language)):
        assert overlapping(words) == []
        assert [word for word in words if word.left < 28 or word.right > wide - 28] == []
        assert [word for word in words if word.top < 18 or word.bottom > 842 - 10] == []


def test_the_check_for_overlap_sees_one():
    one, other = Word(10, 10, 50, 20, "one"), Word(40, 12, 80, 22, "other")

    assert overlapping([one, other]) == [("one", "other")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_card_crosses_a_line_to_cut_along(made, language):
    millimetre = 72 / 25.4
    across = [(18 + 58 * at) * millimetre for at in range(4)]
    low, high = ([(14 + height * at) * millimetre for at in range(count)] for height, count in ((34, 9), (45.2, 7)))
    for words, down in zip(sheets(made("cards", "dokk1", language)), (low, low, high), strict=True):
        on_cards = [word for word in words if word.top > 13 * millimetre]
        assert len(on_cards) > 50
        assert [word for word in on_cards if any(word.left < line < word.right for line in across)] == []
        assert [word for word in on_cards if any(word.top + 2 < line < word.bottom - 2 for line in down)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_says_every_word_of_the_bank_that_is_asked(made, language):
    words, told = bank.open_bank("dokk1").wording(language), said(made("form", "dokk1", language))
    intended = [words.about, *words.gains.values(), *(words.placements[each].name for each in words.placements)]
    for item in words.items.values():
        intended += [item.ask, item.hint]
        intended += [text for option in item.options.values() for text in (option.label, option.example)]

    assert [text for text in intended if "".join(text.split()) not in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_poster_and_cards_say_the_bank_s_words(made, language):
    words = bank.open_bank("dokk1").wording(language)
    poster, cards = said(made("poster", "dokk1", language)), said(made("cards", "dokk1", language))
    levels = [words.placements[each] for each in bank.open_bank("dokk1").instrument.levels]
    on_poster = [text for each in levels for text in (each.name, each.line, each.about)]
    on_cards = [text for item in words.items.values() for text in (item.short, item.ask)]

    assert [text for text in on_poster if "".join(text.split()) not in poster] == []
    assert [text for text in on_cards if "".join(text.split()) not in cards] == []


def test_a_condition_is_told_in_words_with_the_number_of_its_question():
    said_in_english = said(form_pdf(a_form(language="en")))

    assert "Onlyifyouticked“Wepay”or“Theypay”inquestion4,ordonotknow;otherwiseleaveitempty." in said_in_english


def test_letters_of_all_the_languages_come_out_as_they_were_given():
    letters = "Å ä ö Æ ø Š ž Đ ŋ Ŧ č"
    data = form_pdf(a_form(copies=(FormCopy(party=letters),)))

    assert "".join(letters.split()) in said(data)
    assert "".join(letters.split()) in said(cards_pdf(a_table(names=((letters, letters),))))


def test_a_name_of_any_length_stays_in_its_place():
    longest = ("Bokstavsförbundet " * 12)[:200]
    form = form_pdf(a_form(copies=(FormCopy(party=longest, undertaking=longest),), library=longest))
    cards = cards_pdf(a_table(names=((longest, longest), ("X" * 200, "y" * 200))))

    for data in (form, cards):
        for words in sheets(data):
            assert overlapping(words) == []
            assert [word for word in words if word.right > 595 - 28] == []


def test_the_same_form_gives_the_same_bytes(made):
    assert form_pdf(a_form()) == made("form", "dokk1", "sv")


@pytest.mark.parametrize("kind", ["forms", "poster", "cards"])
def test_papers_hold_no_script_and_nothing_that_acts(made, kind):
    reader = pypdf.PdfReader(io.BytesIO(made(kind, "dokk1", "sv")))
    everything = "".join(repr(reader.get_object(number)) for number in range(1, reader.trailer["/Size"] - 1))

    assert [word for word in FORBIDDEN if word in everything] == []


def test_a_name_in_other_letters_is_shown_and_can_be_searched_for():
    names = (("Sää'mǨiõll", "Viëŧ Nguyễn"), ("مكتبة", "ספרייה"))
    data = cards_pdf(a_table(names=names))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)

    assert "□" not in text
    assert [name for name in ("Sää'mǨiõll", "Viëŧ Nguyễn") if name not in text] == []
    assert "ספרייה" in text or "ספרייה"[::-1] in text
