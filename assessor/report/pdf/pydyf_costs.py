"""Two things that pydyf does at a price that grows: it lists all pages for each tag, and packs as tightly as can be."""

import zlib
from types import SimpleNamespace

import pydyf  # type: ignore[import-untyped]


def spare_pydyf_costs() -> None:
    """From now on pages are listed once, and streams are packed as is usual.

    The list for each of 230 tags a page was a third of what 400 pages took to write. The tightest packing takes two and
    a half times as long for two hundredths of the size.
    """
    pydyf.PDF.page_references = property(_page_references)
    pydyf.zlib = SimpleNamespace(compress=zlib.compress, compressobj=lambda level: zlib.compressobj())


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    """A reference to each page, from the last time as long as no page has been added."""
    known: tuple[bytes, ...] = vars(pdf).get("listed_pages", ())
    if len(known) != pdf.pages["Count"]:
        known = pdf.listed_pages = tuple(b"%d 0 R" % number for number in pdf.pages["Kids"][::3])
    return known
