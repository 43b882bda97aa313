"""Values of fields that need more than the regular face: laid out as small pages and drawn beside the form's own.

A field's looks are a drawing of their own, which names the document's fonts. Those are embedded once all pages are
drawn, so what the looks need is drawn together with the first page, upon a copy of its stream kept for the field.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import weasyprint  # type: ignore[import-untyped]

from assessor.presentation.typeface import font_face
from assessor.report.pdf.form_fields import INK_COLOUR, LINE_HEIGHT, FormSpec, ValueDrawings, fit_value
from assessor.report.pdf.renderer import lay_out

_STYLE = """
@page {{ size: {width}pt {height}pt; margin: 0 }}
html {{ font: 400 {size}pt/{line_height} Inter; color: {colour} }}
body {{ margin: 0; padding: {top}pt 0 0 2pt }}
p {{ margin: 0; white-space: pre }}
"""


class PageWithValues(weasyprint.Page):  # type: ignore[misc]
    """A page as it was laid out, which draws the values of fields into `drawings` when it is drawn itself."""

    def __init__(self, page: Any, values: Mapping[tuple[str, str], Any], drawings: ValueDrawings) -> None:
        self.__dict__.update(vars(page))
        self._values, self._drawings = values, drawings

    def paint(self, stream: Any, scale: float = 1) -> None:
        """Draws the page; then each value by itself, outside the page and its tags."""
        super().paint(stream, scale)
        for key, page in self._values.items():
            look = stream.clone(tags=None)
            look.transform(d=-1, f=page.height * scale)
            page.paint(look, scale)
            self._drawings[key] = b"\n".join(part if isinstance(part, bytes) else part.encode() for part in look.stream)


def with_values(pages: Sequence[Any], form: FormSpec, drawings: ValueDrawings) -> list[Any]:
    """The pages of one copy, of which the first draws what the regular face cannot show; `drawings` then holds it."""
    sizes = {
        box.element.attrib["name"]: ((right - left) * 0.75, abs(bottom - top) * 0.75)
        for page in pages
        for box, (left, top, right, bottom) in page.forms[None]
    }
    values = {
        (spec.paper_field.name, spec.value): sizes[spec.paper_field.name]
        for specs in form.fields
        for spec in specs
        if any(ord(char) not in font_face().glyphs for char in spec.value)
    }
    laid_out = {(name, value): _value_page(value, *size) for (name, value), size in values.items()}
    return [PageWithValues(pages[0], laid_out, drawings), *pages[1:]] if laid_out else list(pages)


def _value_page(value: str, width: float, height: float) -> Any:
    """A page as large as the field, with the value as it would be drawn in the regular face."""
    lines, size = fit_value(value, width)
    top = (height - len(lines) * size * LINE_HEIGHT) / 2
    style = _STYLE.format(width=width, height=height, size=size, line_height=LINE_HEIGHT, top=top, colour=INK_COLOUR)
    shown = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return lay_out(f"<html><body>{shown}</body></html>", style)[0]
