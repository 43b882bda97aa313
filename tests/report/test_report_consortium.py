"""Several libraries in one report: conforming, nobody shown alone, nobody ranked."""

import re
from dataclasses import replace

import page
import pytest
from report_values import MIXED, NETWORK, OPEN, SERVICE, STRATEGIC, SUPPLIER, a_report, a_row

from assessor.core.instrument import Instrument
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.report.consortium import consortium_document, consortium_view
from assessor.report.pdf.layout import document_pdf
from assessor.usecases.reporting import LibraryTwice, TooFewLibraries, consortium_report


def libraries(dokk1: Instrument, *each: tuple[dict[str, str], ...], language: str = "en") -> list[Report]:
    """One library for each tuple of responses."""
    return [
        a_report(
            dokk1,
            tuple(a_row(dokk1, given, party=f"Party {at}") for at, given in enumerate(rows)),
            library=f"Library {number}",
            language=language,
        )
        for number, rows in enumerate(each, start=1)
    ]


@pytest.mark.parametrize("language", ["sv", "fi", "da", "nb", "en"])
def test_a_consortium_conforms_to_pdf_ua(dokk1: Instrument, language: str) -> None:
    data = document_pdf(consortium_document(consortium_report(libraries(dokk1, *[MIXED] * 6, language=language))))

    assert [one.message for one in page.validate_pdf_bytes(data, profile="ua1").failures] == []


def test_what_all_have_is_told_in_counts(dokk1: Instrument) -> None:
    together = consortium_report(libraries(dokk1, *[(STRATEGIC, NETWORK, NETWORK)] * 5))
    shown = consortium_view(together, Terms("en", together.instrument, together.wording))

    assert (shown.title, shown.placed.alt_text.split("; ")[:3], shown.placed.withheld) == (
        "5 libraries together",
        [
            "1 Strategic partnership: 5 (33 %)",
            "2 Service-based partnership: 0 (0 %)",
            "3 Network cooperation: 10 (67 %)",
        ],
        "",
    )


def test_what_one_library_has_alone_stands_nowhere(dokk1: Instrument) -> None:
    together = consortium_report(libraries(dokk1, (SUPPLIER, NETWORK), *[(SERVICE, NETWORK)] * 5))
    shown = consortium_view(together, Terms("en", together.instrument, together.wording))

    assert shown.placed.withheld == (
        "6 more, shown only together because too few libraries have each of them: 2 Service-based partnership and "
        "supplier "
        "relation."
    )
    assert "Supplier" not in repr(shown)
    assert not any(re.search(r"\b1 collaborations", each.text) for each in (*shown.steps, *shown.opens))


def test_no_librarys_name_stands_in_it(dokk1: Instrument) -> None:
    together = consortium_report(libraries(dokk1, *[(OPEN, NETWORK)] * 7))

    assert "Library" not in repr(consortium_document(together))
    assert "Party" not in repr(consortium_document(together))


def test_fewer_than_five_are_refused_and_those_without_answers_do_not_count(dokk1: Instrument) -> None:
    four = libraries(dokk1, *[(NETWORK,)] * 4)
    with pytest.raises(TooFewLibraries, match=r"at least 5 of them .* here are 4: Library 1"):
        consortium_report([*four, replace(four[0], library="Empty", rows=())])


def test_a_library_that_is_named_twice_is_refused(dokk1: Instrument) -> None:
    five = libraries(dokk1, *[(NETWORK,)] * 5)
    with pytest.raises(LibraryTwice, match="Library 3 is named twice"):
        consortium_report([*five, five[2]])
