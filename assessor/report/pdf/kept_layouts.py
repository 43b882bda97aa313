"""Lines of text keep their glyphs from being laid out until they are drawn.

WeasyPrint forgets them in between, and has Pango shape each line a second time when it is drawn. Kept, a page takes a
third of a megabyte more, and a document a twentieth of its time less.
"""

from typing import Any

from weasyprint.text.line_break import Layout  # type: ignore[import-untyped]

_set_up_again = Layout.reactivate


def keep_layouts() -> None:
    """From now on every line that is laid out keeps its glyphs."""
    Layout.deactivate, Layout.reactivate = _keep, _reuse


def _keep(layout: Any) -> None:
    """Stands for forgetting."""


def _reuse(layout: Any, style: Any) -> None:
    """A line whose words are spread is shaped for it; any other is drawn as it was laid out."""
    if layout.justification_spacing:
        _set_up_again(layout, style)
