"""Codes to scan: an address as squares, for a terminal and for a page. The only place that knows segno."""

import io
import re
from typing import Any


def terminal_text(address: str) -> str:
    """The code in half blocks, two squares a letter high."""
    drawn = io.StringIO()
    _make_code(address).terminal(drawn, border=2, compact=True)
    return drawn.getvalue().rstrip("\n")


def svg_path(address: str) -> tuple[int, str]:
    """The code's width in squares, a quiet edge of four on each side included, and the `d` of an SVG path."""
    svg = _make_code(address).svg_inline(border=4, scale=1, omitsize=True, svgclass=None, lineclass=None)
    path = re.search(r' d="([^"]+)"', svg)
    return _make_code(address).symbol_size(border=4)[0], path[1] if path else ""


def _make_code(address: str) -> Any:
    import segno

    return segno.make(address, error="m", micro=False)
