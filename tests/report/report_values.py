"""Reports made of responses, and a watch on everything that WeasyPrint complains of."""

import io
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime

import pypdf
import pytest
from answers import MIXED, NETWORK, OPEN, OUTSIDE, SERVICE, STRATEGIC, SUPPLIER, UNKNOWN  # noqa: F401 - for those who take their values from here

from assessor.bank import open_bank
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration
from assessor.core.scoring import assess
from assessor.presentation.report import EarlierAssessment, Report, ReportRow

#: What makes a PDF act, or carry something along.
FORBIDDEN = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/Filespec", "/URI", "/SubmitForm", "/AA", "/OpenAction")

AT = datetime(2026, 11, 10, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def dokk1() -> Instrument:
    return open_bank("dokk1").instrument


def a_row(
    instrument: Instrument,
    responses: Mapping[str, str],
    *,
    party: str = "Byalaget",
    undertaking: str = "Sommarbiblioteket",
    wanted: str | None = None,
    gut: str | None = None,
    notes: Mapping[str, str] | None = None,
    gains: tuple[str, ...] = (),
    earlier: tuple[EarlierAssessment, ...] = (),
) -> ReportRow:
    """One collaboration assessed with the responses."""
    collaboration = Collaboration(id=f"{party}/{undertaking}", library="L", party=party, undertaking=undertaking)
    assessment = Assessment(
        id=party,
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        responses=responses,
        notes=notes or {},
        gut=gut,
        wanted=wanted,
        gains=gains,
        started=AT,
        changed=AT,
    )
    return ReportRow(assessment=assessment, verdict=assess(instrument, responses, wanted), earlier=earlier)


def a_report(
    instrument: Instrument, rows: tuple[ReportRow, ...], *, library: str = "Exempelbiblioteket", language: str = "sv"
) -> Report:
    """A report of the rows."""
    return Report(
        library=library,
        rows=rows,
        instrument=instrument,
        wording=open_bank(instrument.id).wording(language),
        language=language,
        made=date(2026, 11, 12),
        program="0.1.0",
    )


@pytest.fixture(scope="session")
def mixed(dokk1: Instrument) -> Callable[[str], Report]:
    """Twelve collaborations in most placements, some as a range, one not known at all."""

    def made(language: str) -> Report:
        wishes = ("strategic", None, "strategic", "service", "network")
        guts = ("service", "network", DONT_KNOW, None)
        rows = tuple(
            a_row(
                dokk1,
                responses,
                party=f"Föreningen {number}",
                wanted=wishes[number % 5],
                gut=guts[number % 4],
                notes={"": "Möte i februari.", "agreement": "Löper ut i juni."} if number % 3 == 0 else {},
                gains=("groups", "ideas") if number % 2 else (),
            )
            for number, responses in enumerate(MIXED, start=1)
        )
        return a_report(dokk1, rows, language=language)

    return made


def in_halves(text: str, said: str) -> bool:
    """The text stands in what a PDF says without blanks, whole or parted once by a page's end."""
    close = "".join(text.split())
    return any(close[:at] in said and close[at:] in said for at in range(len(close)))


def everything(data: bytes) -> str:
    """Every object of a PDF, written out."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    return "".join(repr(reader.get_object(number)) for number in range(1, reader.trailer["/Size"] - 1))


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever WeasyPrint warns of fails the test."""
    caplog.set_level(logging.WARNING, logger="weasyprint")
    yield
    complaints = [record.getMessage() for record in caplog.get_records("call") if record.name == "weasyprint"]
    assert complaints == []
