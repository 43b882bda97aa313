"""WeasyPrint, loaded with our own fonts and rules: HTML laid out as pages, and no address opened.

Importing this loads WeasyPrint and Pango, which takes a third of a second: import it where a PDF is wanted. Fonts are
found by fontconfig, a library with settings of its own, which are exchanged for ours while it starts, so that the
machine's fonts are never used. Text that still came out in another face is an error, in `CheckedFonts`.
"""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from assessor import paths
from assessor.presentation.typeface import FACE_NAMES, fallback_face, font_face, font_folder
from assessor.report.errors import UrlInReport, WrongTypeface
from assessor.report.pdf.deferred_imports import deferred_imports
from assessor.report.pdf.native_libraries import found_libraries
from assessor.resources import templates_folder


@contextmanager
def own_fonts() -> Iterator[None]:
    """Points fontconfig at the package's fonts, and its cache at ours, for as long as it starts."""
    variables = {"FONTCONFIG_FILE": str(font_folder() / "fonts.conf"), "XDG_CACHE_HOME": str(paths.cache_folder())}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


with own_fonts(), found_libraries(), deferred_imports():
    import weasyprint  # type: ignore[import-untyped]
    from weasyprint import svg as weasyprint_svg
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]

    FONT_CONFIG = FontConfiguration()

logging.getLogger("weasyprint").setLevel(logging.WARNING)


class _OneRun(str):
    """A text that is gone through as one piece."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


_draw_letters = weasyprint_svg.text


def _draw_text(svg: Any, node: Any, font_size: float) -> None:
    """Draws a text of a picture at once: ours stand in one place, and WeasyPrint lays out letter by letter."""
    if node.text:
        node._etree_node.text = _OneRun(node.text)
    _draw_letters(svg, node, font_size)


# It knows a text by the function that draws it, so both are exchanged.
weasyprint_svg.text = _draw_text
weasyprint_svg.TAGS |= {tag: _draw_text for tag, draw in weasyprint_svg.TAGS.items() if draw is _draw_letters}


#: A picture that stands in the document itself; only templates can write one, after `safe_pictures` has cleaned it.
_OWN_PICTURES = ("data:image/png;base64,", "data:image/svg+xml;base64,")


class RefusingFetcher(URLFetcher):  # type: ignore[misc,unused-ignore]
    """Opens nothing, and remembers what was asked for: WeasyPrint swallows most refusals."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: object = None) -> Any:
        """A picture of our own that stands in the document; anything else raises `ValueError`.

        WeasyPrint turns that into a missing picture or style.
        """
        if url.startswith(_OWN_PICTURES):
            return super().fetch(url, headers)
        self.refused.append(url)
        raise ValueError(f"no URL is opened for a report: {url}")


class _OwnRulesHtml(weasyprint.HTML):  # type: ignore[misc]
    """HTML whose elements start from our own few rules instead of WeasyPrint's, which are a browser's."""

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [_own_rules()]


@cache
def _own_rules() -> Any:
    return parsed_style((templates_folder() / "shared" / "paper.css").read_text("utf-8"))


class CheckedFonts(dict[Any, Any]):
    """The fonts that a document is drawn with, checked when WeasyPrint is about to embed them.

    Raises `WrongTypeface` for any face but our own. `more` are glyphs of the regular face, with the text of each, that
    are embedded besides those on the pages: values in a form's fields need them.
    """

    def __init__(self, more: Mapping[int, str]) -> None:
        super().__init__()
        self._more = more
        self._looked_over = False

    def values(self) -> Any:
        """The fonts, as WeasyPrint asks for them when it embeds; they are checked the first time."""
        if not self._looked_over:
            self._looked_over = True
            for font in super().values():
                self._look_over(font)
        return super().values()

    def _look_over(self, font: Any) -> None:
        """Checks one font and adds the further glyphs to the regular face."""
        weight = next(
            (face_weight for face_weight in FACE_NAMES if font.file_content == font_face(face_weight).data), None
        )
        if weight is None and font.file_content == fallback_face().data and not font.missing:
            font.used_in_forms = False
            return
        if weight is None or font.missing:
            raise WrongTypeface(font=font.family)
        font.used_in_forms = False  # people write in a viewer's own font: no need to embed every glyph
        if weight == 400:
            scale = 1000 / font.upem
            font.to_unicode.update(self._more)
            font.widths.update({glyph: font_face().advances[glyph] * scale for glyph in self._more})


def lay_out(html: str, style: str, *, forms: bool = False) -> tuple[Any, ...]:
    """The pages of an HTML document; raises `UrlInReport` when it asks for anything from elsewhere.

    With `forms`, input elements become fields. Pages remember their fetcher, as pictures are asked for when drawn.
    """
    fetcher = RefusingFetcher()
    document = _OwnRulesHtml(string=html, url_fetcher=fetcher).render(
        stylesheets=[parsed_style(style)], font_config=FONT_CONFIG, pdf_variant="pdf/ua-1", pdf_forms=forms
    )
    for attachment in document.metadata.attachments:  # WeasyPrint fetches these when it writes
        with suppress(Exception), attachment.source:
            pass
    for page in document.pages:
        page.fetcher = fetcher
    refuse_addresses(document.pages)
    return tuple(document.pages)


def refuse_addresses(pages: Sequence[Any]) -> None:
    """Raises `UrlInReport` when pages asked for anything from elsewhere; pictures do so while they are drawn only."""
    for page in pages:
        links = [target for kind, target, *_ in page.links if kind != "internal"]
        if addresses := [*page.fetcher.refused, *links]:
            raise UrlInReport(url=addresses[0])


@cache
def parsed_style(text: str) -> Any:
    """A style sheet, parsed once for each text; it may ask for nothing either."""
    return weasyprint.CSS(string=text, url_fetcher=RefusingFetcher(), font_config=FONT_CONFIG)
