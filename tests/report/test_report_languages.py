"""A report in each language: the same verdicts, all of its words and letters, and none of them outside its place."""

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import combinations

import page as page_validation
import pypdf
import pytest

from assessor.bank import open_bank
from assessor.language import LANGUAGES, language_tag
from assessor.presentation.report import Report
from assessor.report.library.view import report_view
from assessor.report.pdf.layout import report_pdf
from assessor.usecases.reporting import example_report

#: Of Sámi and of all the others.
LETTERS = "ÅÄÖÆØŠŽĐŊŦ åäöæøšžđŋŧ"
#: The page's margin, in points.
MARGIN = 18 / 25.4 * 72


@dataclass(frozen=True)
class Word:
    """A word as it lies on a page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def a_demo(language: str) -> Report:
    return replace(example_report(open_bank("dokk1"), language), library=f"Biblioteket {LETTERS}")


def words(data: bytes) -> list[list[Word]]:
    """The words of each page."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    place = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
    return [
        [Word(found[4], *map(float, found[:4])) for found in place.findall(sheet)] for sheet in told.split("<page ")[1:]
    ]


def said(value: object) -> Iterator[str]:
    """Every text in a report's values."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            if each.name not in ("anchor", "language", "tone", "kind", "shape", "state", "alt_text", "item"):
                yield from said(getattr(value, each.name))
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from said(part)


def bare(text: str) -> str:
    return "".join(text.split()).replace("\N{SOFT HYPHEN}", "").casefold()


@pytest.fixture(scope="module", params=LANGUAGES)
def demo(request: pytest.FixtureRequest) -> tuple[Report, bytes]:
    report = a_demo(request.param)
    return report, report_pdf(report)


def test_it_conforms_and_says_its_language(demo: tuple[Report, bytes]) -> None:
    report, data = demo
    reader = pypdf.PdfReader(io.BytesIO(data))

    assert page_validation.validate_pdf_bytes(data, profile="ua1").failures == []
    assert reader.trailer["/Root"]["/Lang"] == language_tag(report.language)


def test_what_can_be_read_out_of_it_is_what_was_meant(demo: tuple[Report, bytes]) -> None:
    report, data = demo
    shown = report_view(report)
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    meant = [
        each
        for part in (shown.cover.title, shown.cover.steps, shown.table, shown.goals, shown.answers)
        for each in said(part)
    ]

    assert [each for each in meant if bare(each) not in bare(text)] == []
    assert bare(LETTERS) in bare(text)
    assert "�" not in text


def test_quotations_stand_in_the_marks_of_the_language(demo: tuple[Report, bytes]) -> None:
    report, data = demo
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    first, last = {"en": "“”", "nb": "«»"}.get(report.language, "””")
    quotation = report_view(report).quotation

    assert quotation is not None
    assert bare(f"{first}{quotation.text}{last}") in bare(text)
    assert {"“", "”", "«", "»"} & set(text) == {first, last}


def test_no_word_lies_outside_the_page_or_upon_another(demo: tuple[Report, bytes]) -> None:
    _report, data = demo
    pages = words(data)
    width, height = 595.28, 841.89
    outside = [
        word
        for sheet in pages
        for word in sheet
        if not (
            word.left >= MARGIN - 1 and word.right <= width - MARGIN + 1 and word.top >= 0 and word.bottom <= height
        )
    ]

    assert outside == []
    assert [pair for sheet in pages for pair in combinations(sheet, 2) if _upon(*pair)] == []


def _upon(one: Word, other: Word) -> bool:
    """They share a line and more than a point of it."""
    middle = (one.top + one.bottom) / 2
    shared = min(one.right, other.right) - max(one.left, other.left)
    return abs(middle - (other.top + other.bottom) / 2) < 2 and shared > 1


def test_the_check_for_words_upon_another_would_have_found_some() -> None:
    assert _upon(Word("a", 10, 10, 30, 20), Word("b", 28, 10.5, 40, 20.5))
    assert not _upon(Word("a", 10, 10, 30, 20), Word("b", 30.5, 10, 40, 20))


def test_the_same_responses_have_the_same_verdicts_in_every_language() -> None:
    told = {
        language: [
            (row.verdict, row.assessment.responses)
            for row in sorted(example_report(open_bank("dokk1"), language).rows, key=lambda row: row.assessment.id)
        ]
        for language in LANGUAGES
    }

    assert all(each == told["en"] for each in told.values())


def test_each_language_says_it_in_its_own_words() -> None:
    leads = {language: report_view(a_demo(language)).cover.lead for language in LANGUAGES if language != "sv_FI"}

    assert len(set(leads.values())) == len(leads)
