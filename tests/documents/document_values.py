"""Reports of many sizes, and what a finished PDF says, for the documents beside the report."""

import io
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, date, datetime

import page
import pypdf
from answers import MIXED, NETWORK, OPEN, OUTSIDE, SERVICE, STRATEGIC, SUPPLIER, UNKNOWN  # noqa: F401 - for those who take their values from here

from assessor.bank import open_bank
from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment, Collaboration
from assessor.core.scoring import assess
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms
from assessor.report.guide import guide_document
from assessor.report.render import PrintableDocument

LANGUAGES = ("sv", "fi", "da", "nb", "en")

#: As long as Finnish names come.
LONG = "Kansalaisopistojen ja aikuiskoulutuskeskusten yhteistyöverkosto"
LONGER = "Maahanmuuttajataustaisten lukupiiritoiminta"

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
MADE = date(2026, 11, 12)


def a_row(
    responses: Mapping[str, str],
    *,
    party: str = "Byalaget",
    undertaking: str = "Sommarbiblioteket",
    library: str = "Exempelbiblioteket",
    wanted: str | None = None,
    gains: tuple[str, ...] = (),
    instrument: Instrument | None = None,
) -> ReportRow:
    """One collaboration assessed with the responses."""
    asked = instrument or open_bank("dokk1").instrument
    assessment = Assessment(
        id=party,
        collaboration=Collaboration(id=f"{party}/{undertaking}", library=library, party=party, undertaking=undertaking),
        instrument=asked.id,
        version=asked.version,
        digest=asked.digest,
        responses=responses,
        wanted=wanted,
        gains=gains,
        started=AT,
        changed=AT,
    )
    return ReportRow(assessment=assessment, verdict=assess(asked, responses, wanted))


def a_report(rows: tuple[ReportRow, ...], language: str = "sv", library: str = "Exempelbiblioteket") -> Report:
    """A report of the rows."""
    return Report(
        library=library,
        rows=rows,
        instrument=open_bank("dokk1").instrument,
        wording=open_bank("dokk1").wording(language),
        language=language,
        made=MADE,
        program="0.1.0",
    )


def many(count: int, party: str = "Förening", undertaking: str = "Sommarbiblioteket") -> tuple[ReportRow, ...]:
    """Collaborations in most placements, two in twelve with the party of a strategic one; all kinds of wishes."""
    wishes = ("strategic", None, "strategic", "service", "network")
    return tuple(
        a_row(
            MIXED[at % len(MIXED)],
            party=f"{party} {at - at % 12 + 1 if at % 12 < 3 else at + 1}",
            undertaking=f"{undertaking} {at}",
            wanted=wishes[at % 5],
        )
        for at in range(count)
    )


def a_speech(language: str) -> Terms:
    """What is said about dokk1 in a language."""
    return Terms(language, open_bank("dokk1").instrument, open_bank("dokk1").wording(language))


def failures(data: bytes) -> list[str]:
    """What a validator finds against PDF/UA-1."""
    return [f"{one.rule_id} {one.message}" for one in page.validate_pdf_bytes(data, profile="ua1").failures]


def said(data: bytes) -> str:
    """A PDF's text without its blanks, which lines break at."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


def close(text: str) -> str:
    """A text as `said` would say it."""
    return "".join(text.split())


def boxes(data: bytes) -> list[tuple[int, float, float, float, float, str]]:
    """Every word of a PDF with its page and where it stands: left, top, right, bottom."""
    told = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()
    found, sheet = [], 0
    for line in told.splitlines():
        sheet += "<page " in line
        match = re.search(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*)</word>', line)
        if match:
            left, top, right, bottom = map(float, match.groups()[:4])
            found.append((sheet, left, top, right, bottom, match[5]))
    return found


def outside(data: bytes, margin: float = 34.0) -> list[str]:
    """Words that stand outside the sheet's margins."""
    sizes = {at: sheet.mediabox for at, sheet in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages, start=1)}
    return [
        word
        for sheet, left, top, right, bottom, word in boxes(data)
        if left < margin
        or top < margin * 0.8
        or right > float(sizes[sheet].width) - margin
        or bottom > float(sizes[sheet].height) - 20
    ]


def overlapping(data: bytes) -> list[tuple[str, str]]:
    """Words whose boxes lie upon one another; a line's box may touch the next."""
    found = []
    words = sorted(boxes(data))
    for at, (sheet, left, top, right, bottom, word) in enumerate(words):
        for other_sheet, x, y, x2, y2, other in words[at + 1 :]:
            if other_sheet != sheet or x > right:
                break
            wide = min(right, x2) - max(left, x)
            high = min(bottom, y2) - max(top, y)
            if wide > 0.6 and high > 0.45 * min(bottom - top, y2 - y):
                found.append((word, other))
    return found


def sheets(data: bytes) -> list[tuple[int, int]]:
    """The sizes of a PDF's pages in millimetres."""
    return [
        (round(float(one.mediabox.width) / 72 * 25.4), round(float(one.mediabox.height) / 72 * 25.4))
        for one in pypdf.PdfReader(io.BytesIO(data)).pages
    ]


def figures(data: bytes) -> list[str]:
    """The alternative texts of a PDF's figures."""
    waiting = [pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]["/StructTreeRoot"]["/K"]]
    found = []
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            waiting.extend([one["/K"]] if "/K" in one else [])
            found += [one["/Alt"]] if one.get("/S") == "/Figure" else []
    return found


def a_guide(language: str, bank: str = "dokk1") -> PrintableDocument:
    """The guide for one of our banks."""
    used = open_bank(bank)
    has_cases = bool(used.calibration_cases(language))
    return guide_document(
        language,
        MADE,
        "0",
        used.instrument,
        used.wording(language),
        has_cases=has_cases,
        command=used.command,
    )
