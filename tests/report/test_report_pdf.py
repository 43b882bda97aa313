"""The finished PDF: conforming, the same bytes for the same report, and nothing in it that was not meant."""

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import page
import pypdf
import pytest
from report_values import (
    FORBIDDEN,
    MIXED,
    NETWORK,
    OPEN,
    SERVICE,
    STRATEGIC,
    UNKNOWN,
    a_report,
    a_row,
    everything,
    in_halves,
)
from weasyprint import HTML

from assessor.core.instrument import Instrument
from assessor.presentation.report import Report
from assessor.report.library.view import report_view
from assessor.report.pdf.layout import clear_caches, report_pdf

Mixed = Callable[[str], Report]


def failures(data: bytes, profile: str = "ua1") -> list[str]:
    return [f"{one.rule_id} {one.message}" for one in page.validate_pdf_bytes(data, profile=profile).failures]


def words(data: bytes, *options: str) -> str:
    return subprocess.run(
        ["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_report_of_many_kinds_conforms_to_pdf_ua(mixed: Mixed, language: str) -> None:
    data = report_pdf(mixed(language))

    assert failures(data) == []
    assert pypdf.PdfReader(io.BytesIO(data)).trailer["/Root"]["/Lang"] == language


def test_a_report_of_none_one_and_nothing_known_conforms_too(dokk1: Instrument) -> None:
    none = report_pdf(a_report(dokk1, ()))
    one = report_pdf(a_report(dokk1, (a_row(dokk1, NETWORK),)))
    unknown = report_pdf(a_report(dokk1, (a_row(dokk1, UNKNOWN),)))
    empty = report_pdf(a_report(dokk1, (a_row(dokk1, {}),)))

    assert [failures(data) for data in (none, one, unknown, empty)] == [[], [], [], []]
    assert "Inget samarbete har bedömts ännu." in words(none, "-raw")
    assert "Nätverkssamarbete" in words(one, "-raw")
    assert " ".join(words(unknown, "-raw").split()).count("inte avgjort ännu: 6 placeringar är möjliga") == 1


def test_the_same_report_gives_the_same_bytes(dokk1: Instrument) -> None:
    report = a_report(dokk1, (a_row(dokk1, OPEN, party="Kaféet"), a_row(dokk1, SERVICE)))
    first = report_pdf(report)
    clear_caches()

    assert report_pdf(report) == first


def test_sections_laid_out_earlier_give_the_same_bytes_as_new_ones(dokk1: Instrument) -> None:
    rows = tuple(a_row(dokk1, NETWORK, party=f"P{number}") for number in range(3))
    clear_caches()
    report_pdf(a_report(dokk1, rows[:2]))
    later = report_pdf(a_report(dokk1, rows))
    clear_caches()

    assert report_pdf(a_report(dokk1, rows)) == later


def test_one_changed_response_lays_out_its_own_part_only(dokk1: Instrument, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tuple(a_row(dokk1, responses, party=f"P{number}") for number, responses in enumerate(MIXED[:6]))
    report_pdf(a_report(dokk1, rows))
    laid_out: list[HTML] = []
    render = HTML.render

    def counting(html: HTML, *arguments: Any, **options: Any) -> Any:
        laid_out.append(html)
        return render(html, *arguments, **options)

    monkeypatch.setattr(HTML, "render", counting)
    changed = (*rows[:3], a_row(dokk1, NETWORK | {"track": "no"}, party="P3"), *rows[4:])

    report_pdf(a_report(dokk1, changed))

    # The part that it stands in, and what tells of all: the first page, the table and the answers.
    assert 1 <= len(laid_out) <= 4


def test_it_says_who_made_what_when_and_in_which_language(mixed: Mixed) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(mixed("sv"))))

    assert dict(reader.metadata or {}) == {
        "/Title": "Ett av tolv samarbeten bär strategin; tre är inte avgjorda ännu",
        "/Author": "Exempelbiblioteket",
        "/Subject": "Självvärdering av samarbeten, 12 november 2026",
        "/Creator": "assessor 0.1.0",
        "/Producer": "WeasyPrint 70.0",
        "/CreationDate": "D:20261112120000Z",
        "/ModDate": "D:20261112120000Z",
    }
    assert reader.page_labels[:3] == ["1", "2", "3"]


def test_every_section_has_a_bookmark_and_every_collaboration_its_own(dokk1: Instrument) -> None:
    rows = tuple(a_row(dokk1, NETWORK, party=party) for party in ("Byn", "Kören", "Puben", "Sagan", "Teatern", "Åkern"))
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(a_report(dokk1, (*rows, a_row(dokk1, STRATEGIC, party="Skolan"))))))

    told = [
        [one["/Title"] for one in entry] if isinstance(entry, list) else entry["/Title"] for entry in reader.outline
    ]
    assert told == [
        "Ett av sju samarbeten bär strategin",
        "Alla samarbeten",
        "Ett i taget",
        [
            "Skolan · Sommarbiblioteket: Strategiskt partnerskap",
            *(f"{row.assessment.collaboration.party} · Sommarbiblioteket: Nätverkssamarbete" for row in rows),
        ],
        "Alla svar",
        ["Metod, källor och gränser"],
    ]


def test_the_table_links_to_the_page_whose_number_it_prints(mixed: Mixed) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(mixed("sv"))))
    table = next(sheet for sheet in reader.pages if "Alla samarbeten" in sheet.extract_text())
    goals = [
        reader.get_destination_page_number(reader.named_destinations[link.get_object()["/Dest"]]) + 1
        for link in table["/Annots"]
    ]

    printed = [int(number) for number in re.findall(r"^ *\d+ +Föreningen .* (\d+)$", words_of(table), re.MULTILINE)]
    assert sorted(set(goals)) == sorted(set(printed))
    assert (len(printed), printed) == (len(MIXED), sorted(printed))
    for number in printed:
        assert words_of(reader.pages[number - 1]).rstrip().endswith(f" {number}")


def test_a_link_says_in_words_where_it_leads(dokk1: Instrument) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(a_report(dokk1, (a_row(dokk1, NETWORK, party="Kören"),)))))
    links = [link.get_object() for sheet in reader.pages for link in sheet.get("/Annots", ())]

    assert {(link["/Contents"], link["/F"]) for link in links} == {
        ("Kören · Sommarbiblioteket: Nätverkssamarbete", 4)  # printed with the page
    }


def words_of(sheet: pypdf.PageObject) -> str:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_page(sheet)
    writer.write(out)
    return words(out.getvalue(), "-layout")


def test_foreign_words_bear_their_language(dokk1: Instrument) -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(a_report(dokk1, (a_row(dokk1, SERVICE),), language="en"))))
    languages = {one["/Lang"] for one in elements(reader) if "/Lang" in one}

    assert languages == {"da", "sv"}


def elements(reader: pypdf.PdfReader) -> list[pypdf.generic.DictionaryObject]:
    found: list[pypdf.generic.DictionaryObject] = []
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            found.append(one)
            waiting.extend([one["/K"]] if "/K" in one else [])
    return found


def test_the_picture_tells_itself_in_whole_sentences(dokk1: Instrument) -> None:
    rows = (a_row(dokk1, STRATEGIC, party="Skolan"), a_row(dokk1, OPEN, party="Kaféet"))
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(a_report(dokk1, rows))))
    told = [one["/Alt"] for one in elements(reader) if one.get("/S") == "/Figure"]

    assert told == [
        "Modellens nivåer som trappsteg, det bredaste underst, med varje samarbete på sitt steg. "
        "1 Strategiskt partnerskap: Skolan · Sommarbiblioteket. "
        "Inte avgjort ännu: Kaféet · Sommarbiblioteket, ett servicebaserat partnerskap eller ett nätverkssamarbete."
    ]


def test_header_cells_head_their_rows_and_columns(mixed: Mixed) -> None:
    cells = [one for one in elements(pypdf.PdfReader(io.BytesIO(report_pdf(mixed("sv"))))) if one.get("/S") == "/TD"]

    assert cells
    assert all(cell["/A"]["/Headers"] for cell in cells)


def test_an_archival_report_holds_the_answers_and_conforms_to_both(mixed: Mixed) -> None:
    answers = '[{"id": "å", "responses": {}}]'.encode()
    data = report_pdf(mixed("sv"), answers=answers)
    reader = pypdf.PdfReader(io.BytesIO(data))

    assert {name: list(found) for name, found in reader.attachments.items()} == {"answers.json": [answers]}
    assert (failures(data, "ua1"), failures(data, "3a")) == ([], [])


def test_an_ordinary_report_holds_no_file_and_no_script(mixed: Mixed) -> None:
    data = report_pdf(mixed("sv"))

    assert [word for word in FORBIDDEN if word in everything(data)] == []


def test_text_is_set_in_the_packages_own_faces_only(mixed: Mixed) -> None:
    fonts = set()
    for sheet in pypdf.PdfReader(io.BytesIO(report_pdf(mixed("sv")))).pages:
        fonts |= {str(font.get_object()["/BaseFont"])[8:] for font in sheet["/Resources"]["/Font"].values()}

    assert fonts == {"Inter", "Inter-Semi-Bold", "Inter-Bold"}


def test_a_report_in_another_language_has_other_bytes_from_the_same_verdicts(mixed: Mixed) -> None:
    assert report_pdf(mixed("sv")) != report_pdf(mixed("en"))
    assert report_pdf(replace(mixed("sv"), program="0.2.0")) != report_pdf(mixed("sv"))


def test_nothing_of_the_pages_is_lost_however_much_there_is(dokk1: Instrument) -> None:
    note = " ".join(f"ord{number}" for number in range(1500))
    report = a_report(dokk1, (a_row(dokk1, STRATEGIC, notes={"": note, "track": note}, wanted="service"),))
    shown = report_view(report)
    (page,) = shown.pages
    said = "".join(words(report_pdf(report), "-raw").split())

    answers = shown.answers
    wanted = [text for group in (*answers.items, *answers.marks) for pair in group.answers for text in pair]
    wanted += [f"{one.heading}: {one.brief}" for one in page.why] + [page.way_down, shown.parts[0][0].advice]
    wanted += [*report.wording.method, *report.wording.limits, *report.wording.figures]
    assert [text for text in wanted if not in_halves(text, said)] == []
    assert [word for word in note.split() if said.count(word) < 2] == []
