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
from assessor.exchange.collaboration_list import BESIDE, FACTS, NAMES

#: What a spreadsheet takes for the beginning of a formula, and the mark that tells it not to.
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MARK: Final = "'"

#: Rows of an empty template that have a check beside them.
_ROWS: Final = 300
#: Characters that a spreadsheet shows beside a cell.
_MOST_TOLD: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One collaboration with its latest assessment; None before the first."""

    collaboration: Collaboration
    assessment: Assessment | None
    #: Where it stands, in words; empty before anything was given.
    stands: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """The interface's words in a sheet: headings by column, and the rest by what it is."""

    headings: Mapping[str, str]
    read: str
    compute: str
    options: str
    stands: str
    check: str
    #: In the check's column.
    party_missing: str
    unanswered: str
    complete: str
    dont_know: str


def columns(instrument: Instrument) -> tuple[str, ...]:
    """The ids of the columns, in the order they are written."""
    items = tuple(instrument.by_id)
    return (*NAMES, *items, *BESIDE, *(f"{item}.note" for item in items), *FACTS)


def cells(line: Line, instrument: Instrument) -> dict[str, str]:
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


def csv_text(lines: Iterable[Line], instrument: Instrument) -> bytes:
    """CSV as a Nordic Excel opens it: semicolons, UTF-8 with its mark; what looks like a formula is marked as text."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    heads = columns(instrument)
    writer.writerow(heads)
    for line in lines:
        told = cells(line, instrument)
        writer.writerow([marked(told.get(column, "")) for column in heads])
    return written.getvalue().encode("utf-8-sig")


def marked(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return MARK + text if text.startswith((*FORMULAS, MARK)) else text


def unmarked(text: str) -> str:
    """The text that `marked` was given; text of others is left as it is."""
    return text[1:] if text.startswith(MARK) and text[1:].startswith((*FORMULAS, MARK)) else text


def workbook(lines: Sequence[Line], instrument: Instrument, wording: Wording, said: Said) -> bytes:
    """XLSX with a sheet to read, in words, and one to compute with, in ids."""
    written = io.BytesIO()
    book = _book(written)
    _reading(book, lines, instrument, wording, said)
    sheet = book.add_worksheet(said.compute[:31])
    heads = columns(instrument)
    _write_row(sheet, 0, heads)
    for at, line in enumerate(lines, start=1):
        told = cells(line, instrument)
        _write_row(sheet, at, [told.get(column, "") for column in heads])
    sheet.freeze_panes(1, 2)
    book.close()
    return written.getvalue()


def template(instrument: Instrument, wording: Wording, said: Said) -> bytes:
    """An empty XLSX to fill in: a drop-down of the options in each column, and a check beside every row."""
    written = io.BytesIO()
    book = _book(written)
    sheet = book.add_worksheet(said.read[:31])
    options = book.add_worksheet(said.options[:31])
    heads = tuple(each for each in (*NAMES, *instrument.by_id, *BESIDE) if each != "wanted" or instrument.levels)
    wrapped = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for at, column in enumerate(heads):
        sheet.write_string(0, at, _heading(column, wording, said), wrapped)
        _choices(sheet, options, at, list(_offered(column, instrument, wording, said)), said.options[:31])
    sheet.set_column(0, 1, 28, text)
    sheet.set_column(2, len(heads) - 1, 22, text)
    if instrument.gains:
        _several(sheet, heads.index("gains"), [wording.gains[gain] for gain in instrument.gains])
    always = [at for at, item in enumerate(instrument.items, start=len(NAMES)) if item.when is None]
    _check(sheet, book, len(heads), always, said)
    sheet.freeze_panes(1, 1)
    options.hide()
    book.close()
    return written.getvalue()


def _book(written: io.BytesIO) -> Any:
    import xlsxwriter  # slow to import

    told = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    return xlsxwriter.Workbook(written, told)


def _write_row(sheet: Any, at: int, texts: Iterable[str], shape: Any = None) -> None:
    for column, text in enumerate(texts):
        if text:
            sheet.write_string(at, column, text, shape)


def _reading(book: Any, lines: Iterable[Line], instrument: Instrument, wording: Wording, said: Said) -> None:
    sheet = book.add_worksheet(said.read[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    shape = book.add_format({"text_wrap": True, "valign": "top"})
    heads = (*NAMES, *instrument.by_id, *BESIDE)
    titles = [_heading(column, wording, said) for column in heads]
    _write_row(sheet, 0, [*titles[:2], said.stands, *titles[2:]], bold)
    for at, line in enumerate(lines, start=1):
        told = _in_words(cells(line, instrument), instrument, wording, said)
        row = [told.get(column, "") for column in heads]
        _write_row(sheet, at, [*row[:2], line.stands, *row[2:]], shape)
    sheet.set_column(0, 2, 28)
    sheet.set_column(3, len(heads), 20)
    sheet.freeze_panes(1, 1)


def _in_words(told: dict[str, str], instrument: Instrument, wording: Wording, said: Said) -> dict[str, str]:
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


def _heading(column: str, wording: Wording, said: Said) -> str:
    return wording.items[column].short if column in wording.items else said.headings[column]


def _offered(column: str, instrument: Instrument, wording: Wording, said: Said) -> Iterator[str]:
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


def _choices(sheet: Any, options: Any, at: int, offered: Sequence[str], name: str) -> None:
    """The words stand on a sheet of their own, for a list within a cell's rule may have 255 characters only."""
    for row, text in enumerate(offered):
        options.write_string(row, at, text)
    if offered:
        from xlsxwriter.utility import xl_col_to_name

        column = xl_col_to_name(at, col_abs=True)
        quoted = name.replace("'", "''")
        source = f"='{quoted}'!{column}$1:{column}${len(offered)}"
        sheet.data_validation(1, at, _ROWS, at, {"validate": "list", "source": source, "ignore_blank": True})


def _several(sheet: Any, at: int, offered: Sequence[str]) -> None:
    """Beside the cell that is chosen, what may be written there, several parted by semicolons."""
    told = "; ".join(offered)
    if len(told) <= _MOST_TOLD:
        sheet.data_validation(1, at, _ROWS, at, {"validate": "any", "input_message": told})


def _check(sheet: Any, book: Any, at: int, always: Sequence[int], said: Said) -> None:
    """Beside every row, what is lacking in it: the party, and the items that are always asked."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    soft = book.add_format({"font_color": "#5a6675", "valign": "top"})
    sheet.write_string(0, at, said.check, book.add_format({"bold": True, "valign": "top", "bottom": 1}))
    for row in range(1, _ROWS + 1):
        party = xl_rowcol_to_cell(row, 0)
        blank = "+".join(f"COUNTBLANK({xl_rowcol_to_cell(row, column)})" for column in always)
        lacking = f'IF({blank}=0,"{_in_formula(said.complete)}",{blank}&" {_in_formula(said.unanswered)}")'
        missing = f'IF({blank}={len(always)},"","{_in_formula(said.party_missing)}")'
        sheet.write_formula(row, at, f'=IF({party}="",{missing},{lacking})', soft, "")
    sheet.set_column(at, at, 24)


def _in_formula(text: str) -> str:
    return text.replace('"', '""')
