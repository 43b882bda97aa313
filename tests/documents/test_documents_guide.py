"""The facilitator's guide: two pages in each language it is written in, and an honest fallback."""

import re
from html import unescape

import pytest
from document_values import MADE, close, failures, outside, overlapping, said, sheets

from assessor.report.guide import guide_document, guide_language, guide_languages
from assessor.report.pdf.layout import document_pdf


def test_it_is_written_in_every_language_of_the_interface_and_in_english_for_any_other() -> None:
    assert guide_languages() == ("da", "en", "fi", "nb", "sv")
    assert [guide_language(wish) for wish in ("sv", "sv-FI", "en", "fi", "xx")] == ["sv", "sv", "en", "fi", "en"]


@pytest.mark.parametrize("language", guide_languages())
def test_it_is_two_pages_that_conform_with_every_word_on_them(language: str) -> None:
    document = guide_document(language, MADE, "0.1.0")
    data = document_pdf(document)

    assert failures(data) == []
    assert sheets(data) == [(210, 297), (210, 297)]
    assert outside(data) == []
    assert overlapping(data) == []
    words = unescape(re.sub(r"<[^>]*>", " ", document.sections[0].html)).split()
    text = said(data)
    assert [word for word in words if word not in text and close(word.upper()) not in text] == []


@pytest.mark.parametrize("language", guide_languages())
def test_every_language_has_the_same_parts_and_minutes(language: str) -> None:
    def parts(language: str) -> list[list[str]]:
        html = str(guide_document(language, MADE, "0").sections[0].html)
        return [re.findall(r"<(h2|li|tr|p|td)\b", html), re.findall(r'<th scope="row">(.*?)</th>', html)]

    assert parts(language) == parts("en")
    minutes = [tuple(map(int, row.split("–"))) for row in parts("en")[1]]
    assert [end for _, end in minutes[:-1]] == [start for start, _ in minutes[1:]]
    assert (minutes[0][0], minutes[-1][1]) == (0, 90)
