"""The typefaces that documents are set in: which characters they have, and how wide text is.

Documents use these faces, so that they look the same on every machine: Inter, and DejaVu Sans for the letters that
Inter lacks (Skolt Sámi, Vietnamese, Arabic, Hebrew). For those that neither has (`lacking_characters`) the PDF takes a
font of the machine's, or draws an empty box in their place, which is remembered, to be told.
Whether names fit is decided before anything is drawn, in `terraces`, the forms and the wall, so widths must be known
without a layout engine.

Why TrueType is read by hand and not by fontTools: a few tables of three files that we ship ourselves are all that is
needed: `head` (units per em), `maxp`, `hhea` and `hmtx` (advance widths) and `cmap` (character to glyph, formats 4
and 12). Kerning and ligatures are left out, so callers allow a text one per cent more than its width.
Nothing here draws, and nothing reads a typeface that is not ours.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from struct import unpack_from

from assessor.resources import templates_folder

#: The family of our faces, and its faces by CSS weight.
FAMILY_NAME = "Inter"
FACE_NAMES: Mapping[int, str] = {400: "Inter-Regular", 600: "Inter-SemiBold", 700: "Inter-Bold"}

#: The face for letters that those lack, in one weight.
FALLBACK_NAME = "DejaVuSans"

#: Bullets that Word sets in typefaces of its own, and what they look like.
_WORD_BULLETS: Mapping[str, str] = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "‣", "\uf0fc": "✓", "\uf06f": "○"}

#: Stands for a character that the faces lack.
REPLACEMENT_CHARACTER = "□"

_BULLETS = str.maketrans(dict(_WORD_BULLETS))

#: The most combining marks shown on one letter; more would run into other lines. Indic letters have three.
_MAX_COMBINING, _MAX_COMBINING_ELSEWHERE = 2, 3

#: The width in ems of a letter of which nothing is known.
_UNKNOWN_WIDTH = 0.77


@dataclass(frozen=True, kw_only=True, eq=False)
class FontFace:
    """One static TrueType face."""

    name: str
    data: bytes = field(repr=False)
    units_per_em: int
    #: Code point to glyph number.
    glyphs: Mapping[int, int] = field(repr=False)
    #: Advance width by glyph number, in font units.
    advances: tuple[int, ...] = field(repr=False)

    def width(self, text: str, size: float) -> float:
        """The width of one line of text, without kerning, in the unit of `size`; lacking letters in the other face."""
        units, lacking = _measure(self, text)
        own = units * size / self.units_per_em
        if not lacking:
            return own
        if self.name == FALLBACK_NAME:
            return own + sum(map(unknown_width, lacking)) * size
        return own + fallback_face().width(lacking, size)


@lru_cache(4096)
def _measure(face: FontFace, text: str) -> tuple[int, str]:
    """The width of the letters that a face has, in its units, and those that it lacks.

    Cached, since a picture tries the same names in many sizes.
    """
    glyphs, advances = face.glyphs, face.advances
    lacking = "".join(char for char in text if ord(char) not in glyphs)
    return sum(advances[glyphs[ord(char)]] for char in text if ord(char) in glyphs), lacking


def unknown_width(char: str) -> float:
    """How wide a letter that our faces lack is taken to be, in ems; ideographs and emoji take a whole one."""
    if unicodedata.category(char).startswith("M"):
        return 0
    return 1 if unicodedata.east_asian_width(char) in ("W", "F") else _UNKNOWN_WIDTH


def font_folder() -> Path:
    """The folder of the faces and of the fontconfig file that names them."""
    return templates_folder() / "shared" / "fonts"


@cache
def font_face(weight: int = 400) -> FontFace:
    """The face of a CSS weight, read once. Raises `KeyError` for a weight that is not shipped."""
    name = FACE_NAMES[weight]
    return parse_face(name, (font_folder() / f"{name}.ttf").read_bytes())


@cache
def fallback_face() -> FontFace:
    """The face for letters that ours lack, read when a text first needs it."""
    return parse_face(FALLBACK_NAME, (font_folder() / f"{FALLBACK_NAME}.ttf").read_bytes())


def parse_face(name: str, data: bytes) -> FontFace:
    """A face from the bytes of a TrueType file with a character map of format 4 or 12; no other is understood."""
    tables = dict(_table_directory(data))
    (units,) = unpack_from(">H", data, tables["head"] + 18)
    (long_metrics,) = unpack_from(">H", data, tables["hhea"] + 34)
    (count,) = unpack_from(">H", data, tables["maxp"] + 4)
    pairs = unpack_from(f">{2 * long_metrics}H", data, tables["hmtx"])
    advances = pairs[::2] + (pairs[-2],) * (count - long_metrics)
    glyphs = dict(_character_map(data, tables["cmap"]))
    return FontFace(name=name, data=data, units_per_em=units, glyphs=glyphs, advances=advances)


def _table_directory(data: bytes) -> Iterator[tuple[str, int]]:
    """Each table's tag and offset."""
    (count,) = unpack_from(">H", data, 4)
    for entry in range(12, 12 + 16 * count, 16):
        tag, _, offset = unpack_from(">4sII", data, entry)
        yield tag.decode("ascii"), offset


def _character_map(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    """Each code point with its glyph number: of all Unicode where the font has such a map, else of its first plane."""
    (count,) = unpack_from(">H", data, start + 2)
    offsets = [start + unpack_from(">I", data, start + 8 + 8 * index)[0] for index in range(count)]
    by_format = {unpack_from(">H", data, offset)[0]: offset for offset in offsets}
    return _all_planes(data, by_format[12]) if 12 in by_format else _first_plane(data, by_format[4])


def _all_planes(data: bytes, subtable: int) -> Iterator[tuple[int, int]]:
    """Of a format 12 subtable: groups of code points with the glyph of the first."""
    (count,) = unpack_from(">I", data, subtable + 12)
    for index in range(count):
        first, last, glyph = unpack_from(">III", data, subtable + 16 + 12 * index)
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _first_plane(data: bytes, subtable: int) -> Iterator[tuple[int, int]]:
    """Of a format 4 subtable.

    The format keeps segments of code points in four parallel arrays. A segment's glyphs are its code points plus a
    delta; where its range offset is not 0, the offset points, from its own position, into an array of glyph numbers.
    """
    (double,) = unpack_from(">H", data, subtable + 6)
    ends, starts, deltas, ranges = (
        unpack_from(f">{double // 2}H", data, subtable + position)
        for position in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    for index, (first, last, delta, range_offset) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        base = subtable + 16 + 3 * double + 2 * index + range_offset
        for char in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", data, base + 2 * (char - first))[0] if range_offset else char
            if glyph:
                yield char, (glyph + delta) & 0xFFFF


@cache
def _covered_characters() -> frozenset[str]:
    """The characters that all three faces have, and the line break."""
    return frozenset(map(chr, set.intersection(*(set(font_face(weight).glyphs) for weight in FACE_NAMES)))) | {"\n"}


@cache
def _fallback_characters() -> frozenset[str]:
    """The letters, numbers and signs of the fallback; blanks and marks upon letters are left to our own faces."""
    return frozenset(char for char in map(chr, fallback_face().glyphs) if unicodedata.category(char)[0] in "LNPS")


@cache
def _plain_characters() -> frozenset[str]:
    """Covered characters that stand alone. Text of these only, nearly all text, needs no further work."""
    return frozenset(char for char in _covered_characters() if not unicodedata.category(char).startswith("M"))


#: Characters that no font here has, in the order in which documents met them; a few are enough to tell.
_unshown: dict[str, None] = {}
_MOST_UNSHOWN = 50


def remember_unshown(chars: Iterable[str]) -> None:
    """Notes characters that a document could only show as an empty box."""
    for char in chars:
        if len(_unshown) < _MOST_UNSHOWN:
            _unshown.setdefault(char)


def unshown_characters() -> tuple[str, ...]:
    """The characters that documents of this process show as an empty box, the first of many."""
    return tuple(_unshown)


def covered_codes() -> frozenset[int]:
    """The code points that our own faces have."""
    return frozenset(map(ord, _covered_characters() | _fallback_characters()))


def lacking_characters(text: str) -> tuple[str, ...]:
    """The characters of a text that our own faces lack, in the order of their code points; no blanks or controls."""
    lacking = set(text) - _covered_characters() - _fallback_characters()
    return tuple(sorted(char for char in lacking if unicodedata.category(char)[0] in "LMNPS"))


def displayable_text(text: str) -> str:
    """The text without what cannot be shown: control and formatting characters go, private ones become `□`.

    Letters that our faces lack stay: a browser has fonts, and the PDF takes one of the machine's or draws a box that is
    read as the letter.
    """
    if _plain_characters().issuperset(text):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " ").translate(_BULLETS))
    return "".join(_displayable_characters(composed, _covered_characters() | _fallback_characters()))


def _displayable_characters(text: str, covered: frozenset[str]) -> Iterator[str]:
    """The characters to show, one by one; a letter has few combining marks, and those of its own font only."""
    marks, most, in_own_font = 0, 0, True
    for char in text:
        category = unicodedata.category(char)
        if category.startswith("M"):
            marks += 1
            if marks <= most and (char in covered) is in_own_font:
                yield char
        elif char in covered or category[0] in "LNPS":
            in_own_font = char in covered
            marks, most = 0, _MAX_COMBINING if in_own_font else _MAX_COMBINING_ELSEWHERE
            yield char
        elif category not in ("Cc", "Cf"):
            most = 0  # a mark upon what cannot be shown is not shown either
            yield " " if category in ("Zs", "Zl", "Zp") else REPLACEMENT_CHARACTER
