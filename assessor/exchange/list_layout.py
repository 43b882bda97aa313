"""Which sheet holds the list, where its headings are, and what each column is; nothing of it is guessed.

A row of headings is the first row with several texts, if one of them names the party, or a later one with several
headings that we know. What is not read is told: sheets, columns, text without a heading.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessor.errors import N_
from assessor.exchange.file_problems import FileProblems
from assessor.exchange.grids import Grid, column_letters
from assessor.exchange.list_vocabulary import (
    EXPORT_COLUMNS,
    IDENTIFYING_COLUMNS,
    NAME_COLUMNS,
    ListVocabulary,
    normalize_text,
)
from assessor.problems import Problem, SheetCell
from assessor.safe_text import safe_excerpt

#: Rows from the top among which the headings are looked for.
_HEADING_SEARCH_ROWS: Final = 20
#: Headings that a message lists at most.
_MOST_LISTED: Final = 12

_DUPLICATE_HEADING = N_("the heading {given} also appears in {first}; remove one of the columns")
_SIMILAR_HEADING = N_(
    "the heading {given} is not known; the nearest is {nearest}, so correct it or give the column another name"
)
_AMBIGUOUS_HEADING = N_("the heading {given} means different things in different languages; write one of: {known}")
_NO_HEADING = N_("there is text in a column without a heading; give it one, or empty the cell")
_UNREADABLE_HEADING = N_("the heading could not be computed; write it as text")
_HIDDEN_COLUMN = N_("the column {given} is hidden; show it if it is meant, or delete it")
_NO_HEADING_ROW = N_(
    "no row of headings was found; call the other party's column one of: {known}; or say which column it is: "
    "{command} import --party COLUMN FILE. The columns here: {found}"
)
_NO_SUCH_COLUMN = N_("there is no column {given}; the columns here: {found}")
_ALL_HIDDEN = N_("the list stands on a hidden sheet; show the sheet, or copy the list to one that is seen")
#: What a list says of what was not read.
_ABOVE_HEADINGS = N_("what stands above the headings is not read: {given}")
_NO_HEADING_UNREAD = N_("the column has no heading and is not read ({count} cells with text)")


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenColumns:
    """The columns that a person named, each by its heading or its letters; None where that is left to the headings."""

    party: str | None = None
    undertaking: str | None = None

    def items(self) -> Iterator[tuple[str, str]]:
        """Each column that was named, with what it was called."""
        chosen = ((column, getattr(self, column)) for column in NAME_COLUMNS)
        return ((column, name) for column, name in chosen if name)


NOTHING_CHOSEN: Final = ChosenColumns()


@dataclass(frozen=True, kw_only=True, slots=True)
class ListLayout:
    """Where a sheet's headings are and what its columns hold. Rows and columns are counted from 0."""

    top: int
    columns: Mapping[str, int]
    #: Headings of the columns that are not read.
    unread: tuple[str, ...]
    #: Whether a program of ours wrote the sheet, as its columns show.
    is_export: bool


def sheet_cell(grid: Grid, row: int, column: int) -> SheetCell:
    """A cell by its spreadsheet name, as Sheet1!B3; row and column are counted from 0."""
    cell = f"{column_letters(column + 1)}{row + 1}"
    return SheetCell(f"{grid.name}!{cell}" if grid.name else cell)


def find_heading_row(grid: Grid, known: ListVocabulary, chosen: ChosenColumns = NOTHING_CHOSEN) -> int | None:
    """The row with the headings; None where there is none, or it lacks a column that was chosen."""
    first = _first_full_row(grid)
    begins = next((number for number, row in enumerate(grid.rows) if any(cell.strip() for cell in row)), None)
    if any(True for _ in chosen.items()):
        tops = [number for number in range(len(grid.rows[:_HEADING_SEARCH_ROWS])) if _has_chosen(grid, number, chosen)]
        return first if first in tops else next(iter(tops), None)
    for number in (begins, first):
        if number is not None and _party_columns(grid.rows[number], known):
            return number
    for number, row in enumerate(grid.rows[:_HEADING_SEARCH_ROWS]):
        meant = {known.headings.get(normalize_text(cell)) for cell in row} - {None}
        if "party" in meant and len(meant) > 1:
            return number
    return None


def _first_full_row(grid: Grid) -> int | None:
    """The first row with several texts; in a sheet of one column, or where it stands first of all, with one."""
    filled = [(number, [cell for cell in row if cell.strip()]) for number, row in enumerate(grid.rows)]
    filled = [(number, texts) for number, texts in filled if texts]
    wide = max((len(texts) for _, texts in filled), default=0) > 1
    return next((number for number, texts in filled if len(texts) > 1 or not wide), None)


def _party_columns(headings: Sequence[str], known: ListVocabulary) -> list[int]:
    """The columns whose heading means the party; those with a weak word for it where there are no others."""
    words = [normalize_text(heading) for heading in headings]
    strong = [number for number, word in enumerate(words) if known.headings.get(word) == "party"]
    return strong or [number for number, word in enumerate(words) if known.weak_headings.get(word) == "party"]


def _has_chosen(grid: Grid, top: int, chosen: ChosenColumns) -> bool:
    """Whether each chosen column can be found by this row."""
    return all(_chosen_column(grid, top, name) is not None for _, name in chosen.items())


def _chosen_column(grid: Grid, top: int, name: str) -> int | None:
    """The column with this heading in a row; by its letters, the one of the first full row."""
    words = [normalize_text(cell) for cell in grid.rows[top]]
    if words.count(normalize_text(name)) == 1:
        return words.index(normalize_text(name))
    letters = [column_letters(number + 1) for number in range(len(words))]
    is_letter = name.strip().upper() in letters and top == _first_full_row(grid)
    return letters.index(name.strip().upper()) if is_letter else None


def choose_grid(grids: Sequence[Grid], known: ListVocabulary, chosen: ChosenColumns) -> Grid | None:
    """The visible sheet, or the reading of a CSV file, in which most headings are known; None where none has any."""
    scored = [
        (_known_count(grid.rows[top], known), grid)
        for grid in grids
        if grid.visible and (top := find_heading_row(grid, known, chosen)) is not None
    ]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _known_count(headings: Sequence[str], known: ListVocabulary) -> int:
    words = [normalize_text(cell) for cell in headings]
    return 100 * sum(word in known.headings for word in words) + sum(map(bool, words))


def why_no_grid(
    grids: Sequence[Grid], known: ListVocabulary, chosen: ChosenColumns, command: str
) -> Problem[SheetCell]:
    """What to do where no sheet has a row of headings: the words that would do, and those that are there."""
    hidden = [grid for grid in grids if not grid.visible and find_heading_row(grid, known, chosen) is not None]
    if hidden:
        return Problem(place=SheetCell(hidden[0].name), template=_ALL_HIDDEN)
    seen = [grid for grid in grids if grid.visible and grid.rows]
    widest = max(seen, key=lambda grid: len(grid.rows[0]), default=None)
    top = (_first_full_row(widest) if widest else None) or 0
    headings = [cell for cell in widest.rows[top] if cell.strip()] if widest and widest.rows else []
    found = ", ".join(safe_excerpt(heading) for heading in headings[:_MOST_LISTED]) or "-"
    place = sheet_cell(widest, top, 0) if widest else SheetCell("A1")
    names = ", ".join(name for _, name in chosen.items())
    if names:
        return Problem(place=place, template=_NO_SUCH_COLUMN, facts={"given": safe_excerpt(names), "found": found})
    known_words = ", ".join(known.choices.get("party", ()))
    return Problem(
        place=place, template=_NO_HEADING_ROW, facts={"known": known_words, "found": found, "command": command}
    )


def map_columns(
    grid: Grid, top: int, known: ListVocabulary, chosen: ChosenColumns, problems: FileProblems[SheetCell]
) -> ListLayout:
    """What each column holds; headings that stand twice, are misspelt or cannot be read are noted."""
    headings = grid.rows[top]
    columns = {
        column: number for column, name in chosen.items() if (number := _chosen_column(grid, top, name)) is not None
    }
    taken = set(columns.values())
    meant = [_identify_column(heading, headings, known) for heading in headings]
    unread = []
    for number, heading in enumerate(headings):
        column = meant[number]
        if grid.kinds.get((top, number)) in ("error", "formula"):
            problems.add(sheet_cell(grid, top, number), _UNREADABLE_HEADING)
        elif number in taken:
            continue
        elif column and column in columns and columns[column] not in taken:
            first = sheet_cell(grid, top, columns[column]).name
            problems.add(sheet_cell(grid, top, number), _DUPLICATE_HEADING, given=heading, first=first)
        elif column and column not in columns:
            columns[column] = number
        elif heading.strip() and normalize_text(heading) not in known.ignored_headings:
            unread.append(number)
    for column, number in _weak_columns(headings, columns, known):
        columns[column] = number
        unread.remove(number)
    for number in unread:
        _check_unknown_heading(grid, top, number, known, columns, problems)
    layout = ListLayout(
        top=top,
        columns=columns,
        unread=tuple(headings[number] for number in unread),
        is_export=columns.keys() >= IDENTIFYING_COLUMNS,
    )
    _check_hidden_columns(grid, layout, problems)
    return layout


def _weak_columns(
    headings: Sequence[str], columns: Mapping[str, int], known: ListVocabulary
) -> Iterator[tuple[str, int]]:
    """Columns that are still lacking, by weak words that one heading alone has."""
    for column in NAME_COLUMNS:
        words = [known.weak_headings.get(normalize_text(heading)) for heading in headings]
        free = [number for number, word in enumerate(words) if word == column and number not in columns.values()]
        if column not in columns and len(free) == 1:
            yield column, free[0]


def _identify_column(heading: str, headings: Sequence[str], known: ListVocabulary) -> str | None:
    """The id of what a column holds; None where it is not known.

    A list made by hand may have columns like "id" or "version": they count as ours only where all of an export's are
    there.
    """
    if heading.strip() in EXPORT_COLUMNS and {other.strip() for other in headings} >= IDENTIFYING_COLUMNS:
        return heading.strip()
    return known.headings.get(normalize_text(heading))


def _check_unknown_heading(
    grid: Grid,
    top: int,
    column: int,
    known: ListVocabulary,
    columns: Mapping[str, int],
    problems: FileProblems[SheetCell],
) -> None:
    """Note a heading that is ambiguous, or so near to that of a column that is lacking that it is probably misspelt."""
    heading = grid.rows[top][column]
    word = normalize_text(heading)
    meanings = known.ambiguous[""].get(word)
    lacking = [heading for heading, meant in known.headings.items() if meant not in columns]
    nearest = difflib.get_close_matches(word, lacking, n=1, cutoff=0.85)
    if meanings:
        problems.add(sheet_cell(grid, top, column), _AMBIGUOUS_HEADING, given=heading, known=", ".join(meanings))
    elif nearest and word not in EXPORT_COLUMNS and word not in known.weak_headings and word not in known.headings:
        problems.add(sheet_cell(grid, top, column), _SIMILAR_HEADING, given=heading, nearest=nearest[0])


def _check_hidden_columns(grid: Grid, layout: ListLayout, problems: FileProblems[SheetCell]) -> None:
    """Note columns that would be read though nobody sees them."""
    for number in layout.columns.values():
        if any(first <= number <= last for first, last in grid.hidden_columns):
            heading = grid.rows[layout.top][number]
            problems.add(sheet_cell(grid, layout.top, number), _HIDDEN_COLUMN, given=heading)


def unread_places(
    grid: Grid, layout: ListLayout, items: Sequence[str], problems: FileProblems[SheetCell]
) -> Iterator[Problem[SheetCell]]:
    """What stands above the headings or under none.

    In a list with answers, text without a heading is noted as a problem, as an answer may have slipped there.
    """
    above = [cell for row in grid.rows[: layout.top] for cell in row if cell.strip()]
    if above:
        given = safe_excerpt(" / ".join(above[:3]), 80)
        yield Problem(place=sheet_cell(grid, 0, 0), template=_ABOVE_HEADINGS, facts={"given": given})
    has_answers = any(item in layout.columns for item in items)
    for column, heading in enumerate(grid.rows[layout.top]):
        filled = [row for row in range(layout.top + 1, len(grid.rows)) if grid.rows[row][column].strip()]
        if heading.strip() or column in layout.columns.values() or not filled:
            continue
        place = sheet_cell(grid, filled[0], column)
        if has_answers:
            problems.add(place, _NO_HEADING)
        else:
            yield Problem(place=place, template=_NO_HEADING_UNREAD, facts={"count": len(filled)})
