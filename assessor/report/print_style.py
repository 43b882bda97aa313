"""What a browser needs beside a document's own style to print it: typefaces, feet, and a width on the screen.

The templates and style sheets are those of the PDFs. What differs in a browser stands in the folder `print`: one sheet
for all documents, and one each for kinds whose sheets are no upright A4 or have places to write on.
"""

from base64 import b64encode
from functools import cache
from typing import Literal

from markupsafe import Markup

from assessor.presentation.typeface import FACE_NAMES, font_folder
from assessor.resources import templates_folder

#: How the feet of pages bear numbers: not at all, each its own, or also how many there are.
Numbering = Literal["none", "page", "of all"]
_COUNTERS = {"none": "none", "page": "counter(page)", "of all": 'counter(page) "/" counter(pages)'}


def print_style(own: str, kind: str, running: str, numbering: Numbering) -> Markup:
    """The whole style of a page to print: `own` is the document's style sheet, `running` the text at the left foot."""
    foot = (
        f"@page {{ @bottom-left {{ content: {_css_string(running)} }} "
        f"@bottom-right {{ content: {_COUNTERS[numbering]} }} }}\n"
    )
    return Markup(_font_faces() + own + _sheet("all") + _sheet(kind) + foot)  # noqa: S704 - texts are escaped for CSS


def _css_string(text: str) -> str:
    """A text as a string of CSS that also ends no element of HTML; `none` for an empty one."""
    written = "".join(each if each.isalnum() and each.isascii() else f"\\{ord(each):06x}" for each in text)
    return f'"{written}"' if text else "none"


@cache
def _sheet(kind: str) -> str:
    """What a browser's print of a kind needs; empty where it needs nothing more."""
    path = templates_folder() / "print" / f"{kind}.css"
    return path.read_text("utf-8") if path.is_file() else ""


@cache
def _font_faces() -> str:
    """The typefaces as data within CSS, so that a saved page looks the same on every machine."""
    return "".join(
        f"@font-face{{font-family:Inter;font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{b64encode((font_folder() / f'{name}.ttf').read_bytes()).decode('ascii')})}}\n"
        for weight, name in FACE_NAMES.items()
    )
