"""The typefaces that documents are set in: which characters they have, and how wide text is.

Documents use these faces only, so that they look the same on every machine: Inter, and DejaVu Sans for the letters that
Inter lacks (Skolt Sámi, Vietnamese, Arabic, Hebrew). What neither has stands as □ and is remembered, to be told.
Whether names fit is decided before anything is drawn, in `terraces`, the forms and the wall, so widths must be known
without a layout engine.

Why TrueType is read by hand and not by fontTools: a few tables of three files that we ship ourselves are all that is
needed: `head` (units per em), `maxp`, `hhea` and `hmtx` (advance widths) and `cmap` (character to glyph, format 4
only). Kerning and ligatures are left out, so callers allow a text one per cent more than its width.
Nothing here draws, and nothing reads a typeface that is not ours.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
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

#: The most combining marks shown on one letter; more would run into the lines above and below.
_MAX_COMBINING = 2


@dataclass(frozen=True, kw_only=True)
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
        glyphs, advances = self.glyphs, self.advances
        lacking = [char for char in text if ord(char) not in glyphs]
        own = sum(advances[glyphs[ord(char)]] for char in text if ord(char) in glyphs) * size / self.units_per_em
        if not lacking:
            return own
        if self.name == FALLBACK_NAME:
            return own + advances[0] * len(lacking) * size / self.units_per_em
        return own + fallback_face().width("".join(lacking), size)


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
    """A face from the bytes of a TrueType file with a format 4 character map; no other is understood."""
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
    """Each code point with its glyph number, from a format 4 subtable.

    The format keeps segments of code points in four parallel arrays. A segment's glyphs are its code points plus a
    delta; where its range offset is not 0, the offset points, from its own position, into an array of glyph numbers.
    """
    (count,) = unpack_from(">H", data, start + 2)
    offsets = [unpack_from(">I", data, start + 8 + 8 * index)[0] for index in range(count)]
    subtable = next(start + offset for offset in offsets if unpack_from(">H", data, start + offset)[0] == 4)
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


#: Characters that no face has, in the order in which they were met; a few are enough to tell.
_unshown: dict[str, None] = {}
_MOST_UNSHOWN = 50


def unshown_characters() -> tuple[str, ...]:
    """The characters that this process has set as `□`, the first of many."""
    return tuple(_unshown)


def displayable_text(text: str, *, with_fallback: bool = True) -> str:
    """The text as the faces can show it: `□` for what they lack, nothing for control and formatting characters.

    What is drawn in the regular face alone leaves out the fallback.
    """
    if _plain_characters().issuperset(text):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " ").translate(_BULLETS))
    covered = _covered_characters() | (_fallback_characters() if with_fallback else frozenset())
    return "".join(_displayable_characters(composed, covered))


def _displayable_characters(text: str, covered: frozenset[str]) -> Iterator[str]:
    """The characters to show, one by one: at most two combining marks a letter, none upon a `□`."""
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category.startswith("M"):
            marks += 1
            if marks <= _MAX_COMBINING and char in covered:
                yield char
        elif char in covered:
            marks = 0
            yield char
        elif category not in ("Cc", "Cf"):
            marks = _MAX_COMBINING  # a mark upon what cannot be shown is not shown either
            if category not in ("Zs", "Zl", "Zp") and len(_unshown) < _MOST_UNSHOWN:
                _unshown.setdefault(char)
            yield " " if category in ("Zs", "Zl", "Zp") else REPLACEMENT_CHARACTER
