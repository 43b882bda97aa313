"""How documents look, measured on what is laid out: full pages, no heading alone, letters that can be read, contrast.

Every kind, language and size in a Latin square; a few of them in the ordinary suite.
"""

import io
import re
from collections.abc import Callable
from functools import partial
from itertools import product
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
from assessor.report.draft.clauses import draft_of
from assessor.report.draft.pages import draft_document
from assessor.report.guide import guide_document
from assessor.report.paper.posters import cards_pdf, poster_pdf
from assessor.report.pdf.layout import document_pdf
from assessor.report.wall import wall_document
from assessor.resources import templates_folder
from assessor.usecases.paper import table_content

SIZES = (1, 12, 60)

#: Points: the smallest letters that a document may have, and those of a sheet that is looked at from a chair.
LEAST = {"wall": 7.9, "draft": 7.9, "cards": 7.9, "poster": 7.9, "guide": 7.4}


class Text(NamedTuple):
    """A piece of text on a page: its baseline from the foot, and the height of its type."""

    foot: float
    size: float
    text: str


def wall(language: str, size: int) -> bytes:
    return document_pdf(wall_document(a_report(many(size), language), 2))


def draft(responses: dict[str, str], language: str, size: int) -> bytes:
    row = a_row(responses, party="Kören " * min(size, 12), gains=("ideas", "groups"))
    speech = a_speech(language)
    return document_pdf(draft_document(draft_of(row, speech, MADE, "0"), speech))


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
    "wall": wall,
    "draft": partial(draft, NETWORK),
    "draft in force": partial(draft, STRATEGIC),
    "draft of what is open": partial(draft, {**NETWORK, **{item: "dont_know" for item in ("vision", "scope")}}),
    "poster": poster,
    "cards": cards,
    "guide": guide,
}

SQUARE = [
    (kind, LANGUAGES[(at + size_at) % len(LANGUAGES)], size)
    for (at, kind), (size_at, size) in product(enumerate(KINDS), enumerate(SIZES))
]
SAMPLE = [SQUARE[1], SQUARE[5], SQUARE[16]]


@pytest.mark.parametrize(("kind", "language", "size"), SAMPLE)
def test_a_document_looks_as_it_should(kind: str, language: str, size: int) -> None:
    assert amiss(kind, KINDS[kind](language, size)) == []


@pytest.mark.full
@pytest.mark.parametrize(("kind", "language", "size"), [each for each in SQUARE if each not in SAMPLE])
def test_every_document_looks_as_it_should(kind: str, language: str, size: int) -> None:
    assert amiss(kind, KINDS[kind](language, size)) == []


def amiss(kind: str, data: bytes) -> list[str]:
    """What a designer would send back."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages = [texts(page) for page in reader.pages]
    return [
        *(f"outside: {word}" for word in outside(data, 26)),
        *(f"upon each other: {pair}" for pair in overlapping(data)),
        *faults(pages, float(reader.pages[0].mediabox.height), LEAST[kind.split()[0]], flows=kind != "cards"),
    ]


def faults(pages: list[list[Text]], height: float, least: float, *, flows: bool) -> list[str]:
    """Letters that are too small, and of what flows over pages, those that end too early or in a heading."""
    small = [
        f"page {number}: {each.size} pt: {each.text}"
        for number, page in enumerate(pages, start=1)
        for each in page
        if each.size < least
    ]
    lowest = [min((each for each in page if each.foot > 60), key=lambda each: each.foot) for page in pages[:-1]]
    ends = list(enumerate(lowest, start=1)) if flows else []
    early = [f"page {number} ends early, with {each.text}" for number, each in ends if each.foot > 0.4 * height]
    return (
        small + early + [f"page {number} ends in a heading: {each.text}" for number, each in ends if each.size > 11.5]
    )


def texts(page: pypdf.PageObject) -> list[Text]:
    """The texts of a page with where they stand and how large they are."""
    found: list[Text] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            found.append(Text(cm[5] + cm[3] * tm[5], round(abs(size * tm[3] * cm[3]), 1), text.strip()[:40]))

    page.extract_text(visitor_text=visit)
    return found


def test_what_a_designer_would_send_back_is_seen() -> None:
    last = [Text(700, 10, "end")]

    assert faults([[Text(100, 10, "full")], last], 842, 8, flows=True) == []
    assert faults([[Text(400, 10, "half")], last], 842, 8, flows=True) == ["page 1 ends early, with half"]
    assert faults([[Text(100, 12, "alone")], last], 842, 8, flows=True) == ["page 1 ends in a heading: alone"]
    assert faults([[Text(100, 7, "tiny")]], 842, 8, flows=True) == ["page 1: 7 pt: tiny"]


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


@pytest.mark.parametrize("kind", ["cards", "consortium", "draft", "form", "guide", "index", "poster", "shared", "wall"])
def test_every_ink_can_be_read_on_every_ground_of_its_sheet(kind: str) -> None:
    inks, grounds = colours(kind)
    light = {ground for ground in grounds if luminance(ground) > 0.5}
    foreign = {(ink, ground) for ink, ground in product(LEVELS, LEVELS.values()) if LEVELS[ink] != ground}
    pairs = {*product(inks, light)} - foreign

    assert pairs
    assert [(ink, ground) for ink, ground in pairs if contrast(ink, ground) < 4.5] == []
