"""The report's own typefaces: what they can show, how wide it is, and the few glyphs a PDF needs of them.

Nothing here draws. A report is set in these faces only, so that it looks the same on every machine.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from struct import pack, unpack_from

from assessor.resources import templates_folder

#: The faces by CSS weight.
FACE_NAMES: Mapping[int, str] = {400: "Inter-Regular", 600: "Inter-SemiBold", 700: "Inter-Bold"}

#: Stands for a character that the faces lack.
REPLACEMENT_CHARACTER = "□"

#: The most marks shown above or below one letter; more would run into the lines around it.
_MAX_COMBINING = 2

#: The tables that a reader of PDF uses.
_EMBEDDED_TABLES = ("glyf", "head", "hhea", "hmtx", "loca", "maxp")


@dataclass(frozen=True, kw_only=True)
class FontFace:
    """One static TrueType face."""

    name: str
    data: bytes = field(repr=False)
    #: Tag to (offset, length) in `data`.
    tables: Mapping[str, tuple[int, int]] = field(repr=False)
    units_per_em: int
    #: Code point to glyph number.
    glyphs: Mapping[int, int] = field(repr=False)
    #: Advance width by glyph number, in font units.
    advances: tuple[int, ...] = field(repr=False)

    def width(self, text: str, size: float) -> float:
        """How wide a line of text is, kerning left out, in the unit of `size`."""
        glyphs, advances = self.glyphs, self.advances
        return sum(advances[glyphs.get(ord(char), 0)] for char in text) * size / self.units_per_em


def font_folder() -> Path:
    """Where the faces and their fontconfig file lie."""
    return templates_folder() / "shared" / "fonts"


@cache
def font_face(weight: int = 400) -> FontFace:
    """The face of a CSS weight."""
    name = FACE_NAMES[weight]
    return parse_face(name, (font_folder() / f"{name}.ttf").read_bytes())


def parse_face(name: str, data: bytes) -> FontFace:
    """A face from the bytes of a TrueType file with a format 4 character map."""
    tables = dict(_table_directory(data))
    (units,) = unpack_from(">H", data, tables["head"][0] + 18)
    (long_metrics,) = unpack_from(">H", data, tables["hhea"][0] + 34)
    (count,) = unpack_from(">H", data, tables["maxp"][0] + 4)
    pairs = unpack_from(f">{2 * long_metrics}H", data, tables["hmtx"][0])
    advances = pairs[::2] + (pairs[-2],) * (count - long_metrics)
    glyphs = dict(_character_map(data, tables["cmap"][0]))
    return FontFace(name=name, data=data, tables=tables, units_per_em=units, glyphs=glyphs, advances=advances)


def _table_directory(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    (count,) = unpack_from(">H", data, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = unpack_from(">4sIII", data, at)
        yield tag.decode("ascii"), (offset, length)


def _character_map(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    (count,) = unpack_from(">H", data, start + 2)
    offsets = [unpack_from(">I", data, start + 8 + 8 * index)[0] for index in range(count)]
    at = next(start + offset for offset in offsets if unpack_from(">H", data, start + offset)[0] == 4)
    (double,) = unpack_from(">H", data, at + 6)
    ends, starts, deltas, ranges = (
        unpack_from(f">{double // 2}H", data, at + place)
        for place in (14, 16 + double, 16 + 2 * double, 16 + 3 * double)
    )
    for index, (first, last, delta, shift) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        base = at + 16 + 3 * double + 2 * index + shift
        for char in range(first, min(last, 0xFFFE) + 1):
            glyph = unpack_from(">H", data, base + 2 * (char - first))[0] if shift else char
            if glyph:
                yield char, (glyph + delta) & 0xFFFF


@cache
def _covered_characters() -> frozenset[str]:
    return frozenset(map(chr, set.intersection(*(set(font_face(weight).glyphs) for weight in FACE_NAMES)))) | {"\n"}


@cache
def _plain_characters() -> frozenset[str]:
    return frozenset(char for char in _covered_characters() if not unicodedata.category(char).startswith("M"))


def displayable_text(text: str) -> str:
    """The text with what the faces cannot show as `□`, and without what acts instead of showing."""
    if _plain_characters().issuperset(text):
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(_displayable_characters(composed))


def _displayable_characters(text: str) -> Iterator[str]:
    covered, marks = _covered_characters(), 0
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
            yield " " if category in ("Zs", "Zl", "Zp") else REPLACEMENT_CHARACTER


def subset(full: FontFace, used: Iterable[int]) -> bytes:
    """A TrueType file with the outlines of the used glyphs only, numbered as before."""
    places = _glyph_offsets(full)
    start, _ = full.tables["glyf"]
    kept = _with_components(full.data, start, places, {0, *used})
    outlines, offsets = bytearray(), [0]
    for glyph, (begin, end) in enumerate(pairwise(places)):
        if glyph in kept:
            outlines += full.data[start + begin : start + end]
            outlines += bytes(-len(outlines) % 4)
        offsets.append(len(outlines))
    tables = {tag: full.data[at : at + length] for tag, (at, length) in full.tables.items() if tag in _EMBEDDED_TABLES}
    head = tables["head"]
    tables["head"] = head[:50] + pack(">h", 1) + head[52:]  # long offsets
    return _assemble_file(tables | {"glyf": bytes(outlines), "loca": pack(f">{len(offsets)}I", *offsets)})


def _glyph_offsets(full: FontFace) -> tuple[int, ...]:
    at, length = full.tables["loca"]
    (long,) = unpack_from(">h", full.data, full.tables["head"][0] + 50)
    if long:
        return unpack_from(f">{length // 4}I", full.data, at)
    return tuple(2 * place for place in unpack_from(f">{length // 2}H", full.data, at))


def _with_components(data: bytes, start: int, places: tuple[int, ...], glyphs: set[int]) -> set[int]:
    """The glyphs and those that they are put together from."""
    kept: set[int] = set()
    waiting = list(glyphs)
    while waiting:
        glyph = waiting.pop()
        if glyph not in kept:
            kept.add(glyph)
            waiting.extend(_glyph_components(data, start + places[glyph], start + places[glyph + 1]))
    return kept


def _glyph_components(data: bytes, begin: int, end: int) -> Iterator[int]:
    if begin == end or unpack_from(">h", data, begin)[0] >= 0:
        return
    at, more = begin + 10, True
    while more:
        flags, glyph = unpack_from(">HH", data, at)
        yield glyph
        at += 4 + (4 if flags & 1 else 2) + (2 if flags & 8 else 4 if flags & 64 else 8 if flags & 128 else 0)
        more = bool(flags & 32)


def _assemble_file(tables: Mapping[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    header = pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    offset, records, bodies = 12 + 16 * count, [], []
    for tag, body in sorted(tables.items()):
        padded = body + bytes(-len(body) % 4)
        total = sum(unpack_from(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        records.append(pack(">4sIII", tag.encode("ascii"), total, offset, len(body)))
        bodies.append(padded)
        offset += len(padded)
    return header + b"".join(records) + b"".join(bodies)
