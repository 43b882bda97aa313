"""A library's collaborations as a table: CSV, and an XLSX with one sheet to read and one to compute with.

The only home of XlsxWriter. Text is always text: nothing that somebody wrote becomes a formula, a number or a link.
The columns are those that `collaboration_list` reads, so that an export comes back as it was. The words of headings
and sheets come from the caller (`SheetTexts`), as languages are no concern of this package.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assessor.core.instrument import Instrument
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration
from assessor.core.wording import Wording
from assessor.exchange.grids import is_error_text
from assessor.exchange.list_vocabulary import EXPORT_COLUMNS, NAME_COLUMNS, OVERALL_COLUMNS, ends_columns

#: Beginnings of a cell that a spreadsheet takes for a formula, and the mark before a text that is to stay as it is.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TEXT_MARK: Final = "'"
#: Words beside digits in what a spreadsheet takes for a date, a time, money or a number, by their first letters.
_DATE_WORDS: Final = re.compile(
    "jan|feb|mar|apr|ma[jiy]|jun|jul|aug|sep|o[kc]t|nov|de[cs]|tam|hel|maa|huh|tou|kes|hei|elo|syy|lok|mar|jou|"
    "mon|tue|wed|thu|fri|sat|sun|am$|pm$|e$|t$|z$|kr$|eur$|usd$|sek$|dkk$|nok$|h$|min$"
)
_TRUTH_VALUES: Final = frozenset(("true", "false", "sant", "falskt", "tosi", "epätosi", "sand", "falsk", "usann"))

#: Rows of an empty template that have drop-downs and a check.
_TEMPLATE_ROWS: Final = 300
#: The row of a template's headings, below what is asked about and how to answer; columns and points that this takes.
_TEMPLATE_TOP, _INTRODUCTION_COLUMNS, _INTRODUCTION_HEIGHT = 1, 6, 66
#: Rows of it that are printed, and the number that Excel has for the paper.
_PRINTED_ROWS: Final = 25
_A4: Final = 9
#: How the question behind a heading is shown.
_COMMENT_LOOK: Final = {"x_scale": 2.5, "y_scale": 2, "font_size": 9}
#: Characters that Excel allows in a message beside a cell.
_MOST_MESSAGE: Final = 255


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryTableRow:
    """One collaboration with its latest assessment; None before the first."""

    collaboration: Collaboration
    assessment: Assessment | None
    #: The verdict in words; empty before anything was given.
    standing: str = ""
    #: The library's goal that it serves, in its own words.
    goal: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetTexts:
    """The interface's words in a workbook: headings by column, names of sheets, and what checks say."""

    headings: Mapping[str, str]
    #: Names of sheets; Excel takes 31 characters.
    reading_sheet: str
    computing_sheet: str
    options_sheet: str
    #: Headings of columns that are written and never read.
    standing: str
    check: str
    #: What the check of a row may say.
    party_missing: str
    unanswered: str
    complete: str
    dont_know: str
    until_further_notice: str
    #: With `{item}` for the item's heading.
    ends: str


def column_ids(instrument: Instrument) -> tuple[str, ...]:
    """The ids of all columns, in the order they are written."""
    items = tuple(instrument.by_id)
    notes = (f"{item}.note" for item in items)
    return (*NAME_COLUMNS, *items, *ends_columns(instrument), *OVERALL_COLUMNS, *notes, *EXPORT_COLUMNS)


def row_cells(line: LibraryTableRow, instrument: Instrument) -> dict[str, str]:
    """The cells of a collaboration's row by column; what was not given is empty or missing."""
    collaboration, assessment = line.collaboration, line.assessment
    cells = {"party": collaboration.party, "undertaking": collaboration.undertaking, "collaboration": collaboration.id}
    if assessment is None:
        return cells
    cells |= dict(assessment.responses)
    cells |= {f"{item}.note" if item else "note": text for item, text in assessment.notes.items()}
    cells |= {"gut": assessment.gut or "", "wanted": assessment.wanted or "", "gains": "; ".join(assessment.gains)}
    cells |= {f"{item}.ends": end for item, end in assessment.ends.items()} | {"goal": line.goal}
    quoted = chosen_quotation(assessment)
    cells |= {} if quoted is None else {"quoted": quoted or "note"}
    for step in assessment.steps[:1]:
        cells |= {"step": step.what, "step.who": step.who, "step.when": step.when}
    cells |= {
        "id": assessment.id,
        "instrument": assessment.instrument,
        "version": assessment.version,
        "digest": assessment.digest,
    }
    cells |= {"respondent": assessment.respondent}
    return cells | {"started": assessment.started.isoformat(), "changed": assessment.changed.isoformat()}


def chosen_quotation(assessment: Assessment) -> str | None:
    """The item whose note is to be quoted, empty for the note to the whole; None where none is chosen."""
    return next((item for item, chosen in assessment.quoted.items() if chosen), None)


def csv_bytes(lines: Iterable[LibraryTableRow], instrument: Instrument) -> bytes:
    """CSV as a Nordic Excel opens it: semicolons, UTF-8 with a byte order mark; it comes back unchanged from there."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    heads = column_ids(instrument)
    writer.writerow(heads)
    for line in lines:
        cells = row_cells(line, instrument)
        writer.writerow([escape_text(cells.get(column, "")) for column in heads])
    return stream.getvalue().encode("utf-8-sig")


def escape_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula, a number, a date or an error, in any container.

    `unescape_text` gives back the original.
    """
    return TEXT_MARK + text if _needs_mark(text) else text


def unescape_text(text: str) -> str:
    """The text before `escape_text`; one that was not escaped is returned as it is."""
    return text[1:] if text.startswith(TEXT_MARK) and _needs_mark(text[1:]) else text


def _escape_marked(text: str) -> str:
    """A text for a cell that is text in any case: only one that looks like a marked one needs a mark of its own."""
    return escape_text(text) if text.startswith(TEXT_MARK) else text


def _needs_mark(text: str) -> bool:
    """Whether a spreadsheet may read a text otherwise, or it looks like one that bears a mark."""
    bare = text.lstrip(TEXT_MARK)
    if bare.startswith(FORMULA_STARTS) or is_error_text(bare) or bare.strip().casefold() in _TRUTH_VALUES:
        return True
    words = re.findall(r"[^\W\d_]+", bare.casefold())
    return any(char.isdigit() for char in bare) and all(map(_DATE_WORDS.match, words))


def workbook_bytes(
    lines: Sequence[LibraryTableRow], instrument: Instrument, wording: Wording, texts: SheetTexts
) -> bytes:
    """An XLSX with one sheet in words, to read, and one in ids, to compute with."""
    stream = io.BytesIO()
    book = _new_workbook(stream)
    _write_reading_sheet(book, lines, instrument, wording, texts)
    sheet = book.add_worksheet(texts.computing_sheet[:31])
    heads = column_ids(instrument)
    _write_row(sheet, 0, heads)
    for number, line in enumerate(lines, start=1):
        cells = row_cells(line, instrument)
        _write_row(sheet, number, [_escape_marked(cells.get(column, "")) for column in heads])
    sheet.freeze_panes(1, 2)
    book.close()
    return stream.getvalue()


def template_bytes(instrument: Instrument, wording: Wording, texts: SheetTexts) -> bytes:
    """An empty XLSX to fill in: questions behind the headings, drop-downs in the columns, a check beside every row."""
    stream = io.BytesIO()
    book = _new_workbook(stream)
    sheet = book.add_worksheet(texts.reading_sheet[:31])
    options = book.add_worksheet(texts.options_sheet[:31])
    heads = tuple(each for each in _sheet_columns(instrument) if each != "wanted" or instrument.levels)
    _write_introduction(sheet, book, wording)
    wrapped = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for number, column in enumerate(heads):
        sheet.write_string(_TEMPLATE_TOP, number, _heading_text(column, wording, texts), wrapped)
        if column in wording.items:
            words = wording.items[column]
            sheet.write_comment(_TEMPLATE_TOP, number, "\n".join(filter(None, (words.ask, words.hint))), _COMMENT_LOOK)
        _add_dropdown(
            sheet, options, number, list(_dropdown_texts(column, instrument, wording, texts)), texts.options_sheet[:31]
        )
    sheet.set_column(0, 1, 28, text)
    sheet.set_column(2, len(heads) - 1, 22, text)
    if instrument.gains:
        _add_choices_message(sheet, heads.index("gains"), [wording.gains[gain] for gain in instrument.gains])
    always = [number for number, item in enumerate(instrument.items, start=len(NAME_COLUMNS)) if item.when is None]
    _add_row_checks(sheet, book, len(heads), always, texts)
    sheet.freeze_panes(_TEMPLATE_TOP + 1, 1)
    _set_up_printing(sheet, len(heads))
    options.hide()
    book.close()
    return stream.getvalue()


def _write_introduction(sheet: Any, book: Any, wording: Wording) -> None:
    """What is asked about and how to answer, above the headings; reading passes over a row with one text."""
    look = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#5a6675"})
    sheet.set_row(0, _INTRODUCTION_HEIGHT)
    sheet.merge_range(0, 0, 0, _INTRODUCTION_COLUMNS - 1, "", look)
    sheet.write_string(0, 0, wording.about, look)


def _sheet_columns(instrument: Instrument) -> tuple[str, ...]:
    """The columns of a sheet that people read or fill in."""
    return (*NAME_COLUMNS, *instrument.by_id, *ends_columns(instrument), *OVERALL_COLUMNS)


def _set_up_printing(sheet: Any, columns: int) -> None:
    """Two pages in A4, beside one another, with the names on both; a template printed as it is would take fourteen."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.print_area(0, 0, _PRINTED_ROWS, columns - 1)
    sheet.repeat_columns(0, 1)
    sheet.fit_to_pages(2, 1)


def _new_workbook(stream: io.BytesIO) -> Any:
    """A workbook in memory that takes every text as text."""
    import xlsxwriter  # slow to import

    options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    return xlsxwriter.Workbook(stream, options)


def _write_row(sheet: Any, number: int, texts: Iterable[str], cell_format: Any = None) -> None:
    for column, text in enumerate(texts):
        if text:
            sheet.write_string(number, column, text, cell_format)


def _write_reading_sheet(
    book: Any, lines: Iterable[LibraryTableRow], instrument: Instrument, wording: Wording, texts: SheetTexts
) -> None:
    sheet = book.add_worksheet(texts.reading_sheet[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heads = _sheet_columns(instrument)
    titles = [_heading_text(column, wording, texts) for column in heads]
    _write_row(sheet, 0, [*titles[:2], texts.standing, *titles[2:]], bold)
    for number, line in enumerate(lines, start=1):
        cells = _cells_in_words(row_cells(line, instrument), instrument, wording, texts)
        row = [cells.get(column, "") for column in heads]
        _write_row(sheet, number, [*row[:2], line.standing, *row[2:]], wrapped)
    sheet.set_column(0, 2, 28)
    sheet.set_column(3, len(heads), 20)
    sheet.freeze_panes(1, 1)


def _cells_in_words(
    cells: dict[str, str], instrument: Instrument, wording: Wording, texts: SheetTexts
) -> dict[str, str]:
    """A row with words for ids; an id that the bank does not have stays as it is."""
    words = dict(cells)
    for item in instrument.by_id:
        response = cells.get(item, "")
        if response:
            options = wording.items[item].options
            known = {option: words_of.short for option, words_of in options.items()} | {DONT_KNOW: texts.dont_know}
            words[item] = known.get(response, response)
    for column in ("gut", "wanted"):
        placed = wording.placements.get(cells.get(column, ""))
        words[column] = placed.name if placed else (texts.dont_know if cells.get(column) == DONT_KNOW else "")
    ends = {UNTIL_FURTHER_NOTICE: texts.until_further_notice, DONT_KNOW: texts.dont_know}
    words |= {column: ends.get(cells.get(column, ""), cells.get(column, "")) for column in ends_columns(instrument)}
    headings = {item: wording.items[item].short for item in instrument.by_id} | {"note": texts.headings["note"]}
    words["quoted"] = headings.get(cells.get("quoted", ""), "")
    words["gains"] = "; ".join(wording.gains.get(gain, gain) for gain in cells.get("gains", "").split("; ") if gain)
    return words


def _heading_text(column: str, wording: Wording, texts: SheetTexts) -> str:
    if column.endswith(".ends"):
        return texts.ends.format(item=wording.items[column.removesuffix(".ends")].short)
    return wording.items[column].short if column in wording.items else texts.headings[column]


def _dropdown_texts(column: str, instrument: Instrument, wording: Wording, texts: SheetTexts) -> Iterator[str]:
    """What a column's drop-down offers; nothing where any text may be written."""
    if column in instrument.by_id:
        for option in instrument.by_id[column].options:
            yield wording.items[column].options[option].short
        yield texts.dont_know
    elif column == "wanted" or column == "gut":
        yield from (wording.placements[placement].name for placement in instrument.placements)
        yield texts.dont_know
    elif column == "quoted":
        yield from (wording.items[item].short for item in instrument.by_id)
        yield texts.headings["note"]


def _add_dropdown(sheet: Any, options: Any, column_number: int, offered: Sequence[str], name: str) -> None:
    """The choices stand on a hidden sheet, as a list inside a cell's rule may have only 255 characters."""
    for row, text in enumerate(offered):
        options.write_string(row, column_number, text)
    if offered:
        from xlsxwriter.utility import xl_col_to_name

        column = xl_col_to_name(column_number, col_abs=True)
        quoted = name.replace("'", "''")
        source = f"='{quoted}'!{column}$1:{column}${len(offered)}"
        sheet.data_validation(
            _TEMPLATE_TOP + 1,
            column_number,
            _TEMPLATE_TOP + _TEMPLATE_ROWS,
            column_number,
            {"validate": "list", "source": source, "ignore_blank": True},
        )


def _add_choices_message(sheet: Any, column: int, offered: Sequence[str]) -> None:
    """A message beside the selected cell with what may be written there; none where it would be cut off."""
    message = "; ".join(offered)
    if len(message) <= _MOST_MESSAGE:
        first, last = _TEMPLATE_TOP + 1, _TEMPLATE_TOP + _TEMPLATE_ROWS
        sheet.data_validation(first, column, last, column, {"validate": "any", "input_message": message})


def _add_row_checks(sheet: Any, book: Any, check_column: int, always: Sequence[int], texts: SheetTexts) -> None:
    """A formula beside every row that says what is missing: the party, or items that are always asked."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    soft = book.add_format({"font_color": "#5a6675", "valign": "top"})
    look = book.add_format({"bold": True, "valign": "top", "bottom": 1})
    sheet.write_string(_TEMPLATE_TOP, check_column, texts.check, look)
    for row in range(_TEMPLATE_TOP + 1, _TEMPLATE_TOP + _TEMPLATE_ROWS + 1):
        party = xl_rowcol_to_cell(row, 0)
        blank = "+".join(f"COUNTBLANK({xl_rowcol_to_cell(row, column)})" for column in always)
        lacking = (
            f'IF({blank}=0,"{_quote_in_formula(texts.complete)}",{blank}&" {_quote_in_formula(texts.unanswered)}")'
        )
        missing = f'IF({blank}={len(always)},"","{_quote_in_formula(texts.party_missing)}")'
        sheet.write_formula(row, check_column, f'=IF({party}="",{missing},{lacking})', soft, "")
    sheet.set_column(check_column, check_column, 24)


def _quote_in_formula(text: str) -> str:
    return text.replace('"', '""')
