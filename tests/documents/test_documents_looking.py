"""How documents look, measured on what is laid out: full pages, no heading alone, letters that can be read, contrast.

Every kind, language and size in the full lane; a diagonal of them in the ordinary suite.
"""

import io
import re
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import pypdf
import pytest
from document_values import (
    LANGUAGES,
    MADE,
    NETWORK,
    STRATEGIC,
    a_report,
    a_row,
    a_speech,
    many,
    outside,
    overlapping,
)

from assessor.bank import open_bank

sys.path.append(str(Path(__file__).parents[1] / "report"))  # its rooms, when these tests run alone
from room_values import a_room

from assessor.report.consortium import consortium_document
from assessor.report.draft.clauses import draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.guide import guide_document
from assessor.report.paper.posters import cards_pdf, poster_pdf
from assessor.report.paper.questionnaire import FormCopy, form_pdf
from assessor.report.pdf.layout import document_pdf, report_pdf
from assessor.report.wall import wall_document
from assessor.report.workshop.document import workshop_document
from assessor.resources import templates_folder
from assessor.usecases.paper import form_content, table_content
from assessor.usecases.reporting import consortium_report

SIZES = (1, 12, 60)

#: Points: the smallest letters that anything may have, and those that most of a document to be read is set in. The
#: wall's and the poster's are measured by the tests of their own; a form is filled in at arm's length.
LEAST, BODY = 8.0, 10.5
BODIES = {"report": BODY, "workshop": BODY, "consortium": BODY, "guide": BODY, "draft": BODY, "form": 9.1}


class Text(NamedTuple):
    """A piece of text on a page: its baseline from the foot, and the height of its type."""

    foot: float
    size: float
    text: str
    length: int = 1


def wall(language: str, size: int) -> bytes:
    return document_pdf(wall_document(a_report(many(size), language), 2))


def draft(responses: dict[str, str], language: str, size: int) -> bytes:
    row = a_row(responses, party="Kören " * min(size, 12), gains=("ideas", "groups"))
    speech = a_speech(language)
    return document_pdf(draft_document(draft_of(row, speech, MADE, "0"), speech))


def report(language: str, size: int) -> bytes:
    return report_pdf(a_report(many(size), language))


def workshop(language: str, size: int) -> bytes:
    return document_pdf(workshop_document(a_room(size, 8, language)))


def consortium(language: str, size: int) -> bytes:
    libraries = [a_report(many(max(size // 6, 1)), language, f"Bibliotek {number}") for number in range(6)]
    return document_pdf(consortium_document(consortium_report(libraries)))


def form(language: str, size: int) -> bytes:
    copies = [FormCopy(party=f"Sällskapet {at}", undertaking="Sommarbiblioteket") for at in range(min(size, 3))]
    return form_pdf(form_content(open_bank("dokk1"), language, library="Byn", copies=copies))


def poster(language: str, size: int) -> bytes:
    return poster_pdf(table_content(open_bank("dokk1"), language, library="Byn", names=[("Kören", "Sången")] * size))


def cards(language: str, size: int) -> bytes:
    names = [(f"Sällskapet för läsning {at}", "Sommarbiblioteket") for at in range(size)]
    return cards_pdf(table_content(open_bank("dokk1"), language, library="Byn", names=names))


def guide(language: str, size: int) -> bytes:
    bank = open_bank("dokk1")
    words = bank.wording(language)
    return document_pdf(guide_document(language, MADE, "0", bank.instrument, words, has_cases=size > 1))


KINDS: dict[str, Callable[[str, int], bytes]] = {
    "report": report,
    "workshop": workshop,
    "consortium": consortium,
    "form": form,
    "wall": wall,
    "draft": partial(draft, NETWORK),
    "draft in force": partial(draft, STRATEGIC),
    "draft of what is open": partial(draft, {**NETWORK, **{item: "dont_know" for item in ("vision", "scope")}}),
    "poster": poster,
    "cards": cards,
    "guide": guide,
}

#: One of each kind; the large ones of those that are quickly laid out.
DIAGONAL = [
    (kind, LANGUAGES[at % len(LANGUAGES)], 60 if kind in ("wall", "cards") else 1) for at, kind in enumerate(KINDS)
]
SQUARE = [
    pytest.param(*each, marks=[] if each in DIAGONAL else pytest.mark.full) for each in product(KINDS, LANGUAGES, SIZES)
]


@pytest.mark.parametrize(("kind", "language", "size"), SQUARE)
def test_a_document_looks_as_it_should(kind: str, language: str, size: int) -> None:
    assert amiss(kind, KINDS[kind](language, size)) == []


def amiss(kind: str, data: bytes) -> list[str]:
    """What a designer would send back."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages, height = [texts(page) for page in reader.pages], float(reader.pages[0].mediabox.height)
    starts = [*part_starts(reader), len(pages)]
    parts = [pages[first:end] for first, end in pairwise(starts)]
    return [
        *(f"outside: {word}" for word in outside(data, 26)),
        *(f"upon each other: {pair}" for pair in overlapping(data)),
        *small_letters(pages, BODIES.get(kind.split()[0], LEAST)),
        *(fault for part in parts if kind != "cards" for fault in page_ends(part, height)),
        *["the page that decides is more than one"] * (kind == "report" and starts[1] != 1),
    ]


def part_starts(reader: pypdf.PdfReader) -> list[int]:
    """The first page of each part, which are bookmarks of the highest level; a document without any is one part."""
    marks = [mark for mark in reader.outline if not isinstance(mark, list)]
    return sorted({0, *(reader.get_destination_page_number(mark) for mark in marks)})


def small_letters(pages: list[list[Text]], body: float) -> list[str]:
    """Letters that are too small, and a size that is too small for most of the words."""
    small = [
        f"page {number}: {each.size} pt: {each.text}"
        for number, page in enumerate(pages, start=1)
        for each in page
        if each.size < LEAST
    ]
    sizes = Counter[float]()
    for each in (each for page in pages for each in page):
        sizes[each.size] += each.length
    most = max(sizes, key=sizes.__getitem__)
    return small + [f"most is set in {most} pt"] * (most < body)


def page_ends(pages: list[list[Text]], height: float) -> list[str]:
    """Pages of a part, but the last, that end too early or in a heading; margins are no room to be filled."""
    lowest = [min((each for each in page if each.foot > 44), key=lambda each: each.foot) for page in pages[:-1]]
    early = [f"a page ends early, with {each.text}" for each in lowest if each.foot > 48 + 0.4 * (height - 90)]
    return early + [f"a page ends in a heading: {each.text}" for each in lowest if each.size > 11.9]


def texts(page: pypdf.PageObject) -> list[Text]:
    """The texts of a page with where they stand and how large they are."""
    found: list[Text] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append(Text(cm[5] + cm[3] * tm[5], round(abs(size * tm[3] * cm[3]), 1), text.strip()[:40], len(text)))

    page.extract_text(visitor_text=visit)
    return found


def test_what_a_designer_would_send_back_is_seen() -> None:
    last = [Text(700, 10, "end")]

    assert page_ends([[Text(100, 10, "full")], last], 842) == []
    assert page_ends([[Text(400, 10, "half")], last], 842) == ["a page ends early, with half"]
    assert page_ends([[Text(100, 12, "alone")], last], 842) == ["a page ends in a heading: alone"]
    assert small_letters([[Text(100, 7, "tiny")]], 7) == ["page 1: 7 pt: tiny"]
    assert small_letters([[Text(100, 9, "most", 50), Text(90, 12, "less", 40)]], 10) == ["most is set in 9 pt"]


#: The ink of each level, and its own ground: no other level's ink stands there.
LEVELS = {
    "#2f3e8f": "#e7e9f6",
    "#5b3a8c": "#efe8f6",
    "#0f7173": "#e0f1f0",
    "#4f611a": "#eef2dd",
    "#a85600": "#fcefdd",
}


def colours(kind: str) -> tuple[set[str], set[str]]:
    """The inks and the grounds of a kind's style sheets."""
    style = "".join(
        path.read_text("utf-8") for path in (templates_folder() / kind).glob("*.css") if path.name != "pages.css"
    )
    inks = set(re.findall(r"(?<![\w-])color: (#[0-9a-f]{6})", style))
    return inks, {"#ffffff", *re.findall(r"background: (#[0-9a-f]{6})", style)}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


#: Folders of style sheets; the browser's have tests of their own.
SHEETS = sorted({path.parent.name for path in templates_folder().glob("*/*.css")} - {"web"})


@pytest.mark.parametrize("kind", SHEETS)
def test_every_ink_can_be_read_on_every_ground_of_its_sheet(kind: str) -> None:
    inks, grounds = colours(kind)
    light = {ground for ground in grounds if luminance(ground) > 0.5}
    foreign = {(ink, ground) for ink, ground in product(LEVELS, LEVELS.values()) if LEVELS[ink] != ground}
    pairs = {*product(inks, light)} - foreign

    assert pairs
    assert [(ink, ground) for ink, ground in pairs if contrast(ink, ground) < 4.5] == []
