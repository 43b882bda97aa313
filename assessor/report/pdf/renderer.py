"""WeasyPrint, loaded with our own fonts and rules: HTML laid out as pages, and no address opened.

Importing this loads WeasyPrint and Pango, which takes a third of a second: import it where a PDF is wanted. Fonts are
found by fontconfig, a library with settings of its own, which are exchanged for ours while it starts, so that the
machine's fonts are not used; one is added for a letter that ours lack. Text that still came out in another face is an
error, in `CheckedFonts`.
"""

import logging
import os
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from assessor import paths
from assessor.garbage_collection import paused_garbage_collection
from assessor.presentation.typeface import (
    FACE_NAMES,
    covered_codes,
    fallback_face,
    font_face,
    font_folder,
    lacking_characters,
    remember_unshown,
)
from assessor.report.errors import UrlInReport, WrongTypeface
from assessor.report.pdf.deferred_imports import deferred_imports, without_browser_rules
from assessor.report.pdf.html_tree import html_tree
from assessor.report.pdf.machine_fonts import machine_font
from assessor.report.pdf.native_declarations import prepared_declarations
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


with (
    paused_garbage_collection(),
    own_fonts(),
    found_libraries(),
    prepared_declarations(),
    deferred_imports(),
    without_browser_rules(),
):
    import cssselect2  # type: ignore[import-untyped]
    import weasyprint  # type: ignore[import-untyped]
    from weasyprint import svg as weasyprint_svg
    from weasyprint.css.counters import CounterStyle  # type: ignore[import-untyped]
    from weasyprint.formatting_structure.boxes import TextBox  # type: ignore[import-untyped]
    from weasyprint.text.ffi import ffi, fontconfig, pangoft2  # type: ignore[import-untyped]
    from weasyprint.text.fonts import FontConfiguration  # type: ignore[import-untyped]
    from weasyprint.urls import URLFetcher  # type: ignore[import-untyped]

    from assessor.report.pdf.style_costs import spare_style_costs
    from assessor.report.pdf.text_costs import spare_text_costs

    FONT_CONFIG = FontConfiguration()

spare_style_costs()
spare_text_costs()
logging.getLogger("weasyprint").setLevel(logging.WARNING)

#: How many characters one made font covers, beginning at a multiple of this.
STAND_IN_RANGE = 4096

#: Fonts besides ours that documents are set in, by the digest of their files.
_further_fonts: dict[bytes, Literal["machine", "stand-in"]] = {}


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


class _OwnHtml(weasyprint.HTML):  # type: ignore[misc]
    """HTML of our templates, whose elements start from our own few rules instead of WeasyPrint's, a browser's."""

    def __init__(self, html: str, fetcher: URLFetcher) -> None:
        self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(html_tree(html), content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:
        return [_own_rules()[0]]

    def _ua_counter_style(self) -> list[Any]:
        return [_own_rules()[1].copy()]


@cache
def _own_rules() -> tuple[Any, CounterStyle]:
    """Our rules for elements, and how lists are counted."""
    counters = CounterStyle()
    rules = (templates_folder() / "shared" / "paper.css").read_text("utf-8")
    return weasyprint.CSS(string=rules, url_fetcher=RefusingFetcher(), counter_style=counters), counters


class CheckedFonts(dict[Any, Any]):
    """The fonts that a document is drawn with, checked when WeasyPrint is about to embed them.

    Raises `WrongTypeface` for any face but our own and those taken in for letters that ours lack. `more` are glyphs of
    the regular face, with the text of each, that are embedded besides those on the pages: values in a form's fields
    need them.
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
        if weight is None and not font.missing and (kind := _kind_of_further_font(font.file_content)):
            font.used_in_forms = False
            if kind != "fallback":  # where a letter and its mark are drawn together, each is read as itself
                font.to_unicode.update(_letters_of(font))
            return
        if weight is None or font.missing:
            raise WrongTypeface(font=font.family)
        font.used_in_forms = False  # people write in a viewer's own font: no need to embed every glyph
        if weight == 400:
            scale = 1000 / font.upem
            font.to_unicode.update(self._more)
            font.widths.update({glyph: font_face().advances[glyph] * scale for glyph in self._more})


def _kind_of_further_font(content: bytes) -> str | None:
    """What a font that is none of our three weights is; None where it was not meant to be used."""
    if content == fallback_face().data:
        return "fallback"
    return _further_fonts.get(sha256(content).digest())


def _letters_of(font: Any) -> dict[int, str]:
    """The letter of each glyph that is drawn, where the glyph is one letter's."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # slow, and rarely needed

    opened = TTFont(BytesIO(font.file_content), fontNumber=font.index, lazy=True)
    by_name = {name: chr(code) for code, name in sorted(opened.getBestCmap().items(), reverse=True)}
    names = {glyph: opened.getGlyphName(glyph) for glyph in font.to_unicode}
    return {glyph: by_name[name] for glyph, name in names.items() if name in by_name}


def add_fonts_for(text: str) -> None:
    """Lets documents use a font of the machine's for each letter that our faces lack, or a box where there is none."""
    lacking = {char: machine_font(char) for char in lacking_characters(text)}
    for path in dict.fromkeys(path for path in lacking.values() if path):
        _add_machine_font(path)
    unshown = [char for char, path in lacking.items() if not path]
    for start in dict.fromkeys(ord(char) // STAND_IN_RANGE * STAND_IN_RANGE for char in unshown):
        _add_stand_in(start)
    remember_unshown(char for char in unshown if not unicodedata.category(char).startswith("M"))


@cache
def _add_machine_font(path: Path) -> None:
    _add_font(path, path.read_bytes(), "machine")


@cache
def _add_stand_in(start: int) -> None:
    from assessor.report.pdf.stand_in_fonts import stand_in_font  # slow, and rarely needed

    span = range(start, start + STAND_IN_RANGE)
    covered = covered_codes() | {code for code in span if machine_font(chr(code))}
    path = Path(_stand_in_folder().name) / f"{start:x}.ttf"
    path.write_bytes(stand_in_font(span, covered))
    _add_font(path, path.read_bytes(), "stand-in")


@cache
def _stand_in_folder() -> TemporaryDirectory[str]:
    """Where made fonts lie until the process ends; they tell nothing of the text but its script."""
    return TemporaryDirectory(prefix="assessor-fonts-")


def _add_font(path: Path, content: bytes, kind: Literal["machine", "stand-in"]) -> None:
    _further_fonts[sha256(content).digest()] = kind
    fontconfig.FcConfigAppFontAddFile(FONT_CONFIG._config, os.fsencode(path))
    pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", FONT_CONFIG.font_map))


@paused_garbage_collection()
def lay_out(html: str, style: str, *, forms: bool = False) -> tuple[Any, ...]:
    """The pages of an HTML document; raises `UrlInReport` when it asks for anything from elsewhere.

    With `forms`, input elements become fields. Pages remember their fetcher, as pictures are asked for when drawn.
    """
    add_fonts_for(html)
    fetcher = RefusingFetcher()
    document = _OwnHtml(html, fetcher).render(
        stylesheets=[parsed_style(style)], font_config=FONT_CONFIG, pdf_variant="pdf/ua-1", pdf_forms=forms
    )
    for attachment in document.metadata.attachments:  # WeasyPrint fetches these when it writes
        with suppress(Exception), attachment.source:
            pass
    for page in document.pages:
        page.fetcher = fetcher
    refuse_addresses(document.pages)
    return tuple(document.pages)


def move_page_numbers(pages: Sequence[Any], by: int) -> None:
    """Adds to the numbers in cells of the class `page`, which stand at the right and whose digits are equally wide."""
    for text in chain.from_iterable(page._page_box.descendants() for page in pages) if by else ():
        if isinstance(text, TextBox) and text.element.get("class") == "number page":
            moved = str(int(text.text) + by)
            width = text.width * len(moved) / len(text.text)
            text.position_x += text.width - width
            text.text = moved
            text.pango_layout.set_text(moved)
            text.width = width


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
