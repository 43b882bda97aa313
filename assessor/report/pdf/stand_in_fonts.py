"""Fonts whose every letter is drawn as the same empty box, for letters that no font here has.

What is drawn is a box; what is copied, searched and read aloud is the letter, because each letter has a glyph of its
own. A font covers a fixed range of characters whatever the text, so the same document is the same bytes whichever
documents came before it.

Why not all by fontTools: it takes two seconds to write four thousand glyphs that are alike. It writes a font of three,
whose tables of glyphs, widths and characters are then made as long as they must be.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import accumulate, groupby
from struct import pack

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.ttLib.tables._g_l_y_f import Glyph  # type: ignore[import-untyped]
from fontTools.ttLib.tables.DefaultTable import DefaultTable  # type: ignore[import-untyped]

from assessor.presentation.typeface import unknown_width

_UNITS_PER_EM, _ASCENT, _DESCENT = 1000, 969, 241
#: When the font was made, in its own reckoning (seconds since 1904): always the same.
_EPOCH = 2082844800
#: A blank between two letters is set in their font.
_BLANKS, _BLANK_WIDTH = (0x20, 0xA0), 280
_BEARING, _STROKE, _HEIGHT = 80, 60, 700


def stand_in_font(span: range, covered: frozenset[int]) -> bytes:
    """A TrueType font for the assigned characters of a span of code points, without those in `covered`."""
    letters = [
        code for code in span if code > 0xFF and code not in covered and unicodedata.category(chr(code))[0] in "LMNPS"
    ]
    codes, widths = [*_BLANKS, *letters], [_BLANK_WIDTH] * len(_BLANKS)
    widths += [round(unknown_width(chr(code)) * _UNITS_PER_EM) for code in letters]
    glyphs = [_box(1000), *(b"" for _ in _BLANKS), *map(_box, widths[len(_BLANKS) :])]
    font = TTFont(
        BytesIO(_skeleton(f"Box {span.start // len(span):02X} Sans")), recalcTimestamp=False, recalcBBoxes=False
    )
    offsets = accumulate(map(len, glyphs), initial=0)
    _replace_table(font, "glyf", b"".join(glyphs))
    _replace_table(font, "loca", b"".join(pack(">L", offset) for offset in offsets))
    _replace_table(font, "hmtx", b"".join(pack(">HH", width, _BEARING) for width in [1000, *widths]))
    _replace_table(font, "cmap", _character_map(codes))
    font["maxp"].numGlyphs = font["hhea"].numberOfHMetrics = len(glyphs)
    font["head"].indexToLocFormat = 1
    written = BytesIO()
    font.save(written)
    return written.getvalue()


@cache
def _skeleton(family: str) -> bytes:
    """A font of one glyph with everything that does not depend on how many there are."""
    builder = FontBuilder(_UNITS_PER_EM, isTTF=True)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": _outline(1000)})
    builder.setupHorizontalMetrics({".notdef": (1000, _BEARING)})
    builder.setupHorizontalHeader(ascent=_ASCENT, descent=-_DESCENT)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=_ASCENT, sTypoDescender=-_DESCENT, usWinAscent=_ASCENT, usWinDescent=_DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=_EPOCH, modified=_EPOCH)
    builder.font.recalcTimestamp = False
    written = BytesIO()
    builder.save(written)
    return written.getvalue()


def _replace_table(font: TTFont, tag: str, data: bytes) -> None:
    """Puts bytes in the place of a table that fontTools would otherwise write itself."""
    table = DefaultTable(tag)
    table.data = data
    font[tag] = table


def _character_map(codes: Sequence[int]) -> bytes:
    """A format 12 map of the characters to the glyphs 1, 2, 3 …, of full Unicode (platform 3, encoding 10)."""
    groups = b"".join(pack(">LLL", *group) for group in _runs(codes))
    head = pack(">HHHHL", 0, 1, 3, 10, 12)
    return head + pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(groups) // 12) + groups


def _runs(codes: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """First and last code point of each run without a gap, and the first's glyph."""
    numbered = enumerate(codes, start=1)
    for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0]):
        (glyph, first), *others = run
        yield first, others[-1][1] if others else first, glyph


@cache
def _box(width: int) -> bytes:
    """The outline of a box that wide, as it stands in a font; nothing for a mark, which has no width."""
    return _outline(width).compile(None) if width else b""


def _outline(width: int) -> Glyph:
    """Outer line clockwise, inner line the other way."""
    right, pen = width - _BEARING, TTGlyphPen(None)
    for inset, way in ((0, 1), (_STROKE, -1)):
        left, top, far = _BEARING + inset, _HEIGHT - inset, right - inset
        first, *others = ((left, inset), (left, top), (far, top), (far, inset))[::way]
        pen.moveTo(first)
        for corner in others:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()
