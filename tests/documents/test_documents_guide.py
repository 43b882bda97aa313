"""The facilitator's guide: three pages in each language it is written in, and an honest fallback."""

import re
from html import escape, unescape

import pytest
from document_values import a_guide, close, failures, figures, outside, overlapping, said, sheets

from assessor.bank import open_bank
from assessor.report.guide import guide_language, guide_languages
from assessor.report.pdf.layout import document_pdf


def test_it_is_written_in_every_language_of_the_interface_and_in_english_for_any_other() -> None:
    assert guide_languages() == ("da", "en", "fi", "nb", "sv")
    assert [guide_language(wish) for wish in ("sv", "sv-FI", "en", "fi", "xx")] == ["sv", "sv", "en", "fi", "en"]


@pytest.mark.parametrize("language", guide_languages())
def test_it_is_three_pages_that_conform_with_every_word_on_them(language: str) -> None:
    document = a_guide(language)
    data = document_pdf(document)

    assert failures(data) == []
    assert sheets(data) == [(210, 297)] * 3
    assert outside(data) == []
    assert overlapping(data) == []
    words = unescape(re.sub(r"<title>.*?</title>|<[^>]*>", " ", document.sections[0].html)).split()
    text = said(data)
    assert [word for word in words if word not in text and close(word.upper()) not in text] == []


@pytest.mark.parametrize("language", guide_languages())
def test_the_board_is_drawn_with_the_levels_of_the_bank_and_told_in_words(language: str) -> None:
    levels = [words.plural for words in open_bank("dokk1").wording(language).placements.values()][:3]
    html = str(a_guide(language).sections[0].html)
    drawn = unescape(re.sub(r"<[^>]*>", " ", html[html.index("</title>") : html.index("</svg>")]))

    assert [level for level in levels if level not in drawn] == []
    assert len(figures(document_pdf(a_guide(language)))) == 1


@pytest.mark.parametrize("language", guide_languages())
def test_every_language_has_the_same_parts_and_minutes(language: str) -> None:
    def parts(language: str) -> list[list[str]]:
        html = str(a_guide(language).sections[0].html)
        return [re.findall(r"<(h2|li|tr|p|td)\b", html), re.findall(r'<th scope="row">(.*?)</th>', html)]

    assert parts(language) == parts("en")
    minutes = [tuple(map(int, row.split("–"))) for row in parts("en")[1]]
    assert [end for _, end in minutes[:-1]] == [start for start, _ in minutes[1:]]
    assert (minutes[0][0], minutes[-1][1]) == (0, 90)


@pytest.mark.parametrize("language", guide_languages())
def test_its_placements_and_cases_are_those_of_the_bank(language: str) -> None:
    dokk1, winwin = (str(a_guide(language, bank).sections[0].html) for bank in ("dokk1", "winwin"))
    [names, others] = [
        [escape(words.name) for words in open_bank(bank).wording(language).placements.values()]
        for bank in ("dokk1", "winwin")
    ]

    assert [name for name in names if name not in dokk1 or name in winwin] == []
    assert [name for name in others if name not in winwin] == []
    assert len(re.findall(r"(Level|Nivå|Taso|Niveau) ?[123]", dokk1)) == 3
    assert re.findall(r"(Level|Nivå|Taso|Niveau) ?[123]", winwin) == []
    assert ("10–20" in dokk1, "10–45" in dokk1) == (True, False)
    assert ("10–20" in winwin, "10–45" in winwin) == (False, True)
    assert re.findall('<b>(assessor [^<"]+)', winwin + dokk1) == [
        *("assessor --bank winwin workshop ", "assessor --bank winwin form", "assessor workshop ", "assessor form")
    ]
