"""The HTML of our templates as a tree of elements, by the parser for XML that comes with Python.

A parser for any HTML, as WeasyPrint brings, is written in Python and takes a tenth of a render. Templates write whole
elements and quoted attributes, and values are escaped, so their HTML differs from XML in two things: elements without
an end, and attributes without a value.
"""

import re
from typing import Final
from xml.etree import ElementTree

#: Elements without content; a value holds no `>` of its own, since values are escaped.
_EMPTY: Final = re.compile(r"<(br|img|input|link|meta)\b([^>]*?)/?>")
#: The one named character of HTML's that templates use, and what XML forbids; texts have none of the latter.
_BLANK: Final = "&nbsp;", "\xa0"


def html_tree(html: str) -> ElementTree.Element:
    """The root of a page; raises `ElementTree.ParseError` for HTML that leaves an element open."""
    return ElementTree.fromstring(_EMPTY.sub(r"<\1\2/>", html).replace(*_BLANK))  # noqa: S314 - from our templates
