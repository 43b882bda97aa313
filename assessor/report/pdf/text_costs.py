"""What WeasyPrint works out again for each line of text, and what is kept here instead.

It forgets a line's glyphs between laying out and drawing, so that Pango shapes each line a second time; and it works
out the height of a line and Pango's font for each text, though all texts of one style have the same. Glyphs that are
kept take a third of a megabyte a page. No style of ours is changed for a first line or letter.
"""

from typing import Any

from weasyprint.layout import inline  # type: ignore[import-untyped]
from weasyprint.text import line_break  # type: ignore[import-untyped]

_shape_again = line_break.Layout.reactivate
_line_height = line_break.strut
_font = line_break.get_font_description


def spare_text_costs() -> None:
    """From now on glyphs stay with their lines, and heights and fonts with their styles."""
    line_break.Layout.deactivate, line_break.Layout.reactivate = _keep_glyphs, _reuse_glyphs
    inline.strut, line_break.get_font_description = _kept_line_height, _kept_font


def _keep_glyphs(layout: Any) -> None:
    """Stands for forgetting them."""


def _reuse_glyphs(layout: Any, style: Any) -> None:
    """A line whose words are spread is shaped for it; any other is drawn as it was laid out."""
    if layout.justification_spacing:
        _shape_again(layout, style)


def _kept_line_height(style: Any) -> tuple[float, float]:
    known = vars(style)
    if "line_height_and_baseline" not in known:
        known["line_height_and_baseline"] = _line_height(style)
    found: tuple[float, float] = known["line_height_and_baseline"]
    return found


def _kept_font(style: Any) -> Any:
    known = vars(style)
    if "pango_font" not in known:
        known["pango_font"] = _font(style)
    return known["pango_font"]
