"""Text that would act instead of show: nothing is opened or comes along, and it is shown letter by letter."""

import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import page
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from report_values import FORBIDDEN, NETWORK, OPEN, a_report, a_row, everything, in_halves

from assessor.core.instrument import Instrument, Source
from assessor.presentation.report import Report
from assessor.presentation.typeface import displayable_text
from assessor.report.errors import UrlInReport
from assessor.report.pdf.layout import document_pdf, report_pdf
from assessor.report.render import CONTENT_POLICY, PrintableDocument, Section, report_html

FILE, WEB = "file:///etc/hostname", "http://127.0.0.1:9/x"

PAYLOADS = [
    f'<img src="{FILE}">',
    f'<img src="{WEB}">',
    f'"><img src={FILE}>',
    f"'><img src='{WEB}'>",
    f'<link rel="attachment" href="{FILE}">',
    f'<a rel="attachment" href="{FILE}">x</a>',
    f'<link rel="stylesheet" href="{WEB}">',
    f"<style>@import url({FILE});</style>",
    f"<style>body{{background:url({WEB})}}</style>",
    f"<style>@font-face{{font-family:x;src:url({FILE})}}</style>",
    f'<p style="background:url({FILE})">x</p>',
    f'" style="background:url({FILE})',
    f"url({FILE})",
    f"</title><img src='{FILE}'>",
    f"</style><img src='{FILE}'>",
    f"</svg><image href='{FILE}'/>",
    f'<svg><image href="{FILE}"/></svg>',
    f'<svg><image xlink:href="{WEB}"/></svg>',
    f'<svg><use href="{FILE}#a"/></svg>',
    f'<svg><style>@import "{WEB}"</style></svg>',
    f'<object data="{FILE}"></object>',
    f'<embed src="{FILE}">',
    f'<iframe src="{FILE}"></iframe>',
    "<script>app.alert(1)</script>",
    f'<video src="{WEB}" poster="{FILE}"></video>',
    f'<meta http-equiv="refresh" content="0;url={WEB}">',
    f'<base href="{WEB}">',
    f'<input type="image" src="{FILE}">',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>&e;',
    "{{ cycler.__init__.__globals__.os.popen('touch PWNED').read() }}",
    "{0.__class__} %(x)s {% include '/etc/hostname' %}",
    "javascript:app.launchURL('http://127.0.0.1:9/')",
    "(/S /JavaScript /JS (app.alert\\(1\\))) 1 0 R endobj stream",
]

OPENED: list[tuple[str, str]] = []
WATCHING: list[bool] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and str(arguments[0]).endswith((".py", ".pyc")):
        return  # a module of Python's that is imported when first needed
    if WATCHING and event in ("open", "socket.connect", "subprocess.Popen", "os.system", "urllib.Request"):
        OPENED.append((event, repr(arguments[:2])))


sys.addaudithook(_watch)


@pytest.fixture
def opened() -> Iterator[list[tuple[str, str]]]:
    """What this process opens while the test runs."""
    OPENED.clear()
    yield OPENED
    WATCHING.clear()


@pytest.fixture
def alone() -> Iterator[None]:
    """No second process lays out pages, for its opening of files would not be seen here."""
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    yield
    over.set()
    thread.join()


def everywhere(instrument: Instrument, text: str, *, bank: bool = True) -> Report:
    """A report with the text in every field that takes text."""
    row = a_row(
        instrument,
        OPEN,
        party=f"{text} a",
        undertaking=f"{text} b",
        notes={"": f"{text} c", "agreement": f"{text} d"},
        wanted="service",
    )
    other = a_row(instrument, NETWORK, party=f"{text} e", undertaking="")
    report = a_report(instrument, (row, other), library=f"{text} f")
    return in_the_bank(report, text) if bank else report


def in_the_bank(report: Report, text: str) -> Report:
    """The report with the text in the instrument's sources and wording too."""
    instrument = report.instrument
    source = Source(id="strategy.definition", document=f"{text} g", heading=f"{text} h", language="sv", url=f"{text} i")
    wording = report.wording
    service = replace(wording.placements["service"], name=f"{text} j", plural=f"{text} k", line=f"{text} l")
    return replace(
        report,
        instrument=replace(instrument, sources={**instrument.sources, source.id: source}),
        wording=replace(
            wording,
            name=f"{text} m",
            placements={**wording.placements, "service": service},
            method=(f"{text} n",),
            limits=(f"{text} o",),
        ),
    )


def watched(report: Report) -> bytes:
    """The PDF of a report, made while what is opened is written down; what the package itself reads was read before."""
    short = everywhere(report.instrument, "x")
    for rows in (short.rows, short.rows * 4):  # a few stand on the page of their table, more in a section of their own
        report_pdf(replace(short, rows=rows))
    WATCHING.append(True)
    data = report_pdf(report)
    WATCHING.clear()
    return data


def shown(data: bytes) -> str:
    """The PDF's text without the blanks, which lines break at."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


def all_payloads(instrument: Instrument) -> Report:
    """Every payload in every field that takes text: each in a collaboration of its own, and in the bank's texts."""
    rows = tuple(
        a_row(
            instrument,
            OPEN,
            party=f"{payload} a{at}.",
            undertaking=f"{payload} b{at}.",
            notes={"": f"{payload} c{at}.", "agreement": f"{payload} d{at}."},
            wanted="service",
        )
        for at, payload in enumerate(PAYLOADS)
    )
    report = in_the_bank(a_report(instrument, rows, library=" ".join(PAYLOADS)), "z")
    told = tuple(f"{payload} e{at}." for at, payload in enumerate(PAYLOADS))
    sources = {
        f"s{at}": Source(id=f"s{at}", document=f"{payload} f{at}.", heading=f"{payload} g{at}.", language="sv")
        for at, payload in enumerate(PAYLOADS)
    }
    return replace(
        report,
        instrument=replace(report.instrument, sources={**instrument.sources, **sources}),
        wording=replace(report.wording, method=told, limits=tuple(text.replace(" e", " h") for text in told)),
    )


def test_no_payload_in_any_field_opens_anything_and_all_are_shown_letter_by_letter(
    dokk1: Instrument, opened: list[tuple[str, str]], alone: None
) -> None:
    data = watched(all_payloads(dokk1))

    assert opened == []
    assert [word for word in FORBIDDEN if f"'{word}'" in everything(data)] == []
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []
    said = shown(data)
    wanted = [f"{payload} {end}{at}." for at, payload in enumerate(PAYLOADS) for end in "abcdefgh"]
    assert [text for text in wanted if not in_halves(text, said)] == []


class Elements(HTMLParser):
    """The elements and attributes of an HTML page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for name, value in attrs if name in ("href", "src", "style", "xlink:href")]


def elements(html: str) -> Elements:
    parser = Elements()
    parser.feed(html)
    return parser


def test_payloads_add_no_element_and_no_attribute_to_the_page_for_a_browser(dokk1: Instrument) -> None:
    harmless = elements(report_html(everywhere(dokk1, "x")))
    html = report_html(all_payloads(dokk1))
    hostile = elements(html)

    assert set(hostile.found) - set(harmless.found) == set()
    assert [value for value in hostile.values if not value.startswith("#")] == []
    assert f'content="{CONTENT_POLICY.replace(chr(39), "&#39;")}"' in html


@pytest.mark.parametrize(
    "slot",
    [
        '<p style="background:url({})">x</p>',
        '<img alt="x" src="{}">',
        "<style>p{{background:url({})}}</style><p>x</p>",
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x.</title><image href="{}"/></svg>',
        '<link rel="attachment" href="{}"><p>x</p>',
        '<link rel="stylesheet" href="{}"><p>x</p>',
        '<style>@import "{}";</style><p>x</p>',
        "<style>@font-face{{font-family:x;src:url({})}}</style><p>x</p>",
    ],
)
@pytest.mark.parametrize("address", [FILE, WEB])
def test_even_a_template_that_asks_for_an_address_opens_nothing(
    opened: list[tuple[str, str]], caplog: pytest.LogCaptureFixture, slot: str, address: str
) -> None:
    _refused("<p>x</p>")  # reads what the package itself needs
    WATCHING.append(True)
    refused = _refused(slot.format(address))
    WATCHING.clear()
    caplog.clear()

    assert (opened, refused) == ([], [address])


def _refused(html: str) -> list[str]:
    """The address for which a document of this HTML is not made."""
    section = Section(id="only", title="Only", level=1, html=Markup(html))  # noqa: S704 - as a template would
    document = PrintableDocument(
        kind="wall",
        language="en",
        title="t",
        description="d",
        author="a",
        running="r",
        made=date(2026, 1, 1),
        program="1",
        sections=(section,),
    )
    try:
        document_pdf(document)
    except UrlInReport as error:
        return [str(error.facts["url"])]
    return []


ODD = [
    "\ud800 a lone surrogate",
    "a\x00b\uffffc",
    "z̴͉̈́a̷̺͌l̶̰̈́g̷͎̈o̸̙͊ " * 5,
    "שלום עולם abc",
    "‮evil‬ ‏x",
    "👨‍👩‍👧‍👦 familj",
    "ord" * 170,
    "中文" * 40,
    "č đ ŋ š ŧ ž Å Ö œ ß Ж Ω",
    "\u200b\u2028 \t\r\n x",
]


@pytest.mark.parametrize("text", ODD)
def test_odd_text_makes_a_conforming_pdf_with_what_can_be_read(dokk1: Instrument, text: str) -> None:
    data = report_pdf(everywhere(dokk1, text))

    assert page.validate_pdf_bytes(data, profile="ua1").failures == []
    # Lines from right to left come with marks of their own, and in the order in which they are drawn.
    found = re.sub("[\u202a-\u202e]", "", shown(data))
    assert [word for word in displayable_text(f"{text} c").split() if word not in found] == []


@pytest.mark.parametrize(("text", "bank"), [("ord" * 170, True), ("中文" * 40, True), ("a b " * 600, False)])
def test_no_word_stands_outside_the_pages_margins(dokk1: Instrument, text: str, bank: bool) -> None:
    assert outside(report_pdf(everywhere(dokk1, text, bank=bank))) == []


def outside(data: bytes) -> list[str]:
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    parser = Words()
    parser.feed(told)
    return parser.outside


class Words(HTMLParser):
    """Words outside 18 mm at the sides and 15 at the top, less what a face may rise above its line, and the foot."""

    def __init__(self) -> None:
        super().__init__()
        self.outside: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "word":
            box = {name: float(value or 0) for name, value in attrs}
            inside = box["xmin"] > 50.5 and box["xmax"] < 544.8 and box["ymin"] > 40 and box["ymax"] < 815
            self.count += 1
            if not inside:
                self.outside.append(repr(box))


def test_long_notes_are_laid_out_in_good_time(dokk1: Instrument) -> None:
    rows = tuple(
        a_row(dokk1, NETWORK, party=f"P{number}", notes={"": ("ett långt ord till " * 220)[:4000]})
        for number in range(20)
    )
    start = time.process_time()
    data = report_pdf(a_report(dokk1, rows))

    assert time.process_time() - start < 20
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("<>\"'&/:;{}%()[]\\#"),
        st.characters(codec=None),
    ),
    max_size=40,
) | st.sampled_from(PAYLOADS)


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=HOSTILE)
def test_any_text_gives_a_conforming_pdf_and_opens_nothing(
    dokk1: Instrument, opened: list[tuple[str, str]], alone: None, text: str
) -> None:
    data = watched(everywhere(dokk1, text))

    assert opened == []
    assert [word for word in FORBIDDEN if f"'{word}'" in everything(data)] == []
    assert page.validate_pdf_bytes(data, profile="ua1").failures == []


@given(text=st.text(st.characters(codec=None)))
def test_fitting_text_is_text_that_the_faces_can_show_and_stays_as_it_is(text: str) -> None:
    fitted = displayable_text(text)

    assert displayable_text(fitted) == fitted
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Cf") for char in fitted.replace("\n", ""))
