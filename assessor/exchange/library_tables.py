"""A library's collaborations as a table: CSV, and an XLSX with one sheet to read and one to compute with.

The only home of XlsxWriter. Text is always text: nothing that somebody wrote becomes a formula, a number or a link.
The columns are those that `exchange.listing` reads, so that what is written comes back as it was.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration
from assessor.core.wording import Wording
from assessor.exchange.collaboration_list import EXPORT_COLUMNS, NAME_COLUMNS, OVERALL_COLUMNS

#: What a spreadsheet takes for the beginning of a formula, and the mark that tells it not to.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TEXT_MARK: Final = "'"

#: Rows of an empty template that have a check beside them.
_TEMPLATE_ROWS: Final = 300
#: Characters that a spreadsheet shows beside a cell.
_MOST_MESSAGE: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryTableRow:
    """One collaboration with its latest assessment; None before the first."""

    collaboration: Collaboration
    assessment: Assessment | None
    #: Where it stands, in words; empty before anything was given.
    standing: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetTexts:
    """The interface's words in a sheet: headings by column, and the rest by what it is."""

    headings: Mapping[str, str]
    reading_sheet: str
    computing_sheet: str
    options_sheet: str
    standing: str
    check: str
    #: In the check's column.
    party_missing: str
    unanswered: str
    complete: str
    dont_know: str


def column_ids(instrument: Instrument) -> tuple[str, ...]:
    """The ids of the columns, in the order they are written."""
    items = tuple(instrument.by_id)
    return (*NAME_COLUMNS, *items, *OVERALL_COLUMNS, *(f"{item}.note" for item in items), *EXPORT_COLUMNS)


def row_cells(line: LibraryTableRow, instrument: Instrument) -> dict[str, str]:
    """What stands in a collaboration's row, by column; what was not given is empty."""
    of, found = line.collaboration, line.assessment
    told = {"party": of.party, "undertaking": of.undertaking, "collaboration": of.id}
    if found is None:
        return told
    told |= dict(found.responses)
    told |= {f"{item}.note" if item else "note": text for item, text in found.notes.items()}
    told |= {"gut": found.gut or "", "wanted": found.wanted or "", "gains": "; ".join(found.gains)}
    told |= {"id": found.id, "instrument": found.instrument, "version": found.version, "digest": found.digest}
    told |= {"respondent": found.respondent}
    return told | {"started": found.started.isoformat(), "changed": found.changed.isoformat()}


def csv_bytes(lines: Iterable[LibraryTableRow], instrument: Instrument) -> bytes:
    """CSV as a Nordic Excel opens it: semicolons, UTF-8 with its mark; what looks like a formula is marked as text."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    heads = column_ids(instrument)
    writer.writerow(heads)
    for line in lines:
        told = row_cells(line, instrument)
        writer.writerow([escape_formula(told.get(column, "")) for column in heads])
    return written.getvalue().encode("utf-8-sig")


def escape_formula(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return TEXT_MARK + text if text.startswith((*FORMULA_STARTS, TEXT_MARK)) else text


def unescape_formula(text: str) -> str:
    """The text that `marked` was given; text of others is left as it is."""
    return text[1:] if text.startswith(TEXT_MARK) and text[1:].startswith((*FORMULA_STARTS, TEXT_MARK)) else text


def workbook_bytes(
    lines: Sequence[LibraryTableRow], instrument: Instrument, wording: Wording, said: SheetTexts
) -> bytes:
    """XLSX with a sheet to read, in words, and one to compute with, in ids."""
    written = io.BytesIO()
    book = _new_workbook(written)
    _write_reading_sheet(book, lines, instrument, wording, said)
    sheet = book.add_worksheet(said.computing_sheet[:31])
    heads = column_ids(instrument)
    _write_row(sheet, 0, heads)
    for at, line in enumerate(lines, start=1):
        told = row_cells(line, instrument)
        _write_row(sheet, at, [told.get(column, "") for column in heads])
    sheet.freeze_panes(1, 2)
    book.close()
    return written.getvalue()


def template_bytes(instrument: Instrument, wording: Wording, said: SheetTexts) -> bytes:
    """An empty XLSX to fill in: a drop-down of the options in each column, and a check beside every row."""
    written = io.BytesIO()
    book = _new_workbook(written)
    sheet = book.add_worksheet(said.reading_sheet[:31])
    options = book.add_worksheet(said.options_sheet[:31])
    heads = tuple(
        each for each in (*NAME_COLUMNS, *instrument.by_id, *OVERALL_COLUMNS) if each != "wanted" or instrument.levels
    )
    wrapped = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for at, column in enumerate(heads):
        sheet.write_string(0, at, _heading_text(column, wording, said), wrapped)
        _add_dropdown(
            sheet, options, at, list(_dropdown_texts(column, instrument, wording, said)), said.options_sheet[:31]
        )
    sheet.set_column(0, 1, 28, text)
    sheet.set_column(2, len(heads) - 1, 22, text)
    if instrument.gains:
        _add_choices_message(sheet, heads.index("gains"), [wording.gains[gain] for gain in instrument.gains])
    always = [at for at, item in enumerate(instrument.items, start=len(NAME_COLUMNS)) if item.when is None]
    _add_row_checks(sheet, book, len(heads), always, said)
    sheet.freeze_panes(1, 1)
    options.hide()
    book.close()
    return written.getvalue()


def _new_workbook(written: io.BytesIO) -> Any:
    import xlsxwriter  # slow to import

    told = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    return xlsxwriter.Workbook(written, told)


def _write_row(sheet: Any, at: int, texts: Iterable[str], shape: Any = None) -> None:
    for column, text in enumerate(texts):
        if text:
            sheet.write_string(at, column, text, shape)


def _write_reading_sheet(
    book: Any, lines: Iterable[LibraryTableRow], instrument: Instrument, wording: Wording, said: SheetTexts
) -> None:
    sheet = book.add_worksheet(said.reading_sheet[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    shape = book.add_format({"text_wrap": True, "valign": "top"})
    heads = (*NAME_COLUMNS, *instrument.by_id, *OVERALL_COLUMNS)
    titles = [_heading_text(column, wording, said) for column in heads]
    _write_row(sheet, 0, [*titles[:2], said.standing, *titles[2:]], bold)
    for at, line in enumerate(lines, start=1):
        told = _cells_in_words(row_cells(line, instrument), instrument, wording, said)
        row = [told.get(column, "") for column in heads]
        _write_row(sheet, at, [*row[:2], line.standing, *row[2:]], shape)
    sheet.set_column(0, 2, 28)
    sheet.set_column(3, len(heads), 20)
    sheet.freeze_panes(1, 1)


def _cells_in_words(told: dict[str, str], instrument: Instrument, wording: Wording, said: SheetTexts) -> dict[str, str]:
    """A row's ids as words."""
    words = dict(told)
    for item in instrument.by_id:
        given = told.get(item, "")
        if given:
            options = wording.items[item].options
            words[item] = said.dont_know if given == DONT_KNOW else options[given].short if given in options else given
    for column in ("gut", "wanted"):
        placed = wording.placements.get(told.get(column, ""))
        words[column] = placed.name if placed else (said.dont_know if told.get(column) == DONT_KNOW else "")
    words["gains"] = "; ".join(wording.gains.get(gain, gain) for gain in told.get("gains", "").split("; ") if gain)
    return words


def _heading_text(column: str, wording: Wording, said: SheetTexts) -> str:
    return wording.items[column].short if column in wording.items else said.headings[column]


def _dropdown_texts(column: str, instrument: Instrument, wording: Wording, said: SheetTexts) -> Iterator[str]:
    """What a column's drop-down offers; nothing where anything may be written."""
    if column in instrument.by_id:
        for option in instrument.by_id[column].options:
            yield wording.items[column].options[option].short
        yield said.dont_know
    elif column == "wanted":
        yield from (wording.placements[level].name for level in instrument.levels)
    elif column == "gut":
        yield from (wording.placements[placement].name for placement in instrument.placements)
        yield said.dont_know


def _add_dropdown(sheet: Any, options: Any, at: int, offered: Sequence[str], name: str) -> None:
    """The words stand on a sheet of their own, for a list within a cell's rule may have 255 characters only."""
    for row, text in enumerate(offered):
        options.write_string(row, at, text)
    if offered:
        from xlsxwriter.utility import xl_col_to_name

        column = xl_col_to_name(at, col_abs=True)
        quoted = name.replace("'", "''")
        source = f"='{quoted}'!{column}$1:{column}${len(offered)}"
        sheet.data_validation(1, at, _TEMPLATE_ROWS, at, {"validate": "list", "source": source, "ignore_blank": True})


def _add_choices_message(sheet: Any, at: int, offered: Sequence[str]) -> None:
    """Beside the cell that is chosen, what may be written there, several parted by semicolons."""
    told = "; ".join(offered)
    if len(told) <= _MOST_MESSAGE:
        sheet.data_validation(1, at, _TEMPLATE_ROWS, at, {"validate": "any", "input_message": told})


def _add_row_checks(sheet: Any, book: Any, at: int, always: Sequence[int], said: SheetTexts) -> None:
    """Beside every row, what is lacking in it: the party, and the items that are always asked."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    soft = book.add_format({"font_color": "#5a6675", "valign": "top"})
    sheet.write_string(0, at, said.check, book.add_format({"bold": True, "valign": "top", "bottom": 1}))
    for row in range(1, _TEMPLATE_ROWS + 1):
        party = xl_rowcol_to_cell(row, 0)
        blank = "+".join(f"COUNTBLANK({xl_rowcol_to_cell(row, column)})" for column in always)
        lacking = f'IF({blank}=0,"{_quote_in_formula(said.complete)}",{blank}&" {_quote_in_formula(said.unanswered)}")'
        missing = f'IF({blank}={len(always)},"","{_quote_in_formula(said.party_missing)}")'
        sheet.write_formula(row, at, f'=IF({party}="",{missing},{lacking})', soft, "")
    sheet.set_column(at, at, 24)


def _quote_in_formula(text: str) -> str:
    return text.replace('"', '""')
