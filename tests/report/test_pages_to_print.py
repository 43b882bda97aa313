"""Documents as pages that a browser prints: whole, loading nothing, and nothing of anybody's text in their styles."""

import re
from collections.abc import Callable
from dataclasses import replace

from assessor.presentation.report import Report
from assessor.report.print_style import print_style
from assessor.report.render import document_html, report_html
from assessor.report.wall import wall_document


def test_a_foot_bears_the_running_text_and_ends_neither_its_string_nor_its_style() -> None:
    style = print_style("", "wall", 'Öst "A" </style>{}', "page")

    written = r"\0000d6st\000020\000022A\000022\000020\00003c\00002fstyle\00003e\00007b\00007d"
    assert f'@bottom-left {{ content: "{written}" }}' in style
    assert "</style>" not in style


def test_numbers_stand_in_the_feet_that_the_pdf_numbers() -> None:
    feet = {numbering: print_style("", "", "", numbering)[-90:] for numbering in ("none", "page", "of all")}

    assert "@bottom-right { content: none }" in feet["none"]
    assert "@bottom-right { content: counter(page) }" in feet["page"]
    assert '@bottom-right { content: counter(page) "/" counter(pages) }' in feet["of all"]


def test_a_page_to_print_loads_nothing_whatever_a_library_is_called(mixed: Callable[[str], Report]) -> None:
    report = replace(mixed("en"), library='</style><img src="https://example.org">')
    for html in (report_html(report), document_html(wall_document(report))):
        style = html[html.index("<style>") : html.index("</style>")]
        assert set(re.findall(r"url\((.{9})", style)) == {"data:font"}
        assert (html.count("</style>"), html.count("<img")) == (1, 0)
        assert "default-src &#39;none&#39;" in html
