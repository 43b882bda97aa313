"""What can go wrong with many answers at once; every sentence ends in the cure.

Errors of the whole run stand first, then those of rows, which list up to `MOST_SHOWN` problems of one file.
"""

from collections.abc import Iterable

from assessor.errors import N_, AssessorError
from assessor.problems import InvalidInput, Problem
from assessor.safe_text import escape_controls

#: Problems shown of one file; the rest is announced as "and more", since counting them would mean reading on.
MOST_SHOWN = 20


class MissingExtra(AssessorError):
    """An extra (`scale`, `cluster`) that is not installed."""

    template = N_("This needs parts that are not installed here; install them with: {command}")
    exit_code = 69


class UnknownFileFormat(AssessorError):
    """A file whose name does not end in a known format."""

    template = N_("{file}: the name does not show the format; let it end in .parquet, .csv or .jsonl")
    exit_code = 2


class CannotRead(AssessorError):
    """A file that is not what its name says, or cannot be opened; `why` is the system's or DuckDB's own reason."""

    template = N_("{file} cannot be read: {why}")
    exit_code = 74


class BadHeading(AssessorError):
    """A file whose columns cannot be used."""

    template = N_("{file}: {why}")


class UnsupportedEncoding(AssessorError):
    """A CSV file that is not UTF-8; names the encoding it seems to have, so that the cure can be exact."""

    template = N_(
        "{file} is text in {encoding}, with {delimiter!r} between the columns; save it again as "
        "“CSV UTF-8” and give it again"
    )


class BadJsonLines(AssessorError):
    """JSON Lines with something wrong in them; `place`, slower and stricter, says what and in which line."""

    template = N_("{file}: a line is not an object with the keys id and responses as {command} place reads them")


class SchedulerUnreachable(AssessorError):
    """A Dask scheduler that does not answer."""

    template = N_("No Dask scheduler answers at {address}; start it (dask scheduler), or use --jobs on this machine")
    exit_code = 69


class TasksFailed(AssessorError):
    """Some tasks of a long run failed; the others are done and recorded in the ledger."""

    template = N_("{failed} of {count} could not be done; the others were. Give the same command again for the rest")
    exit_code = 1


class BadRows(InvalidInput):
    """Rows that cannot be used; nothing was written, because half a file of placements would pass for a whole one."""

    template = N_("Nothing in {file} was used; correct this and try again:")
    more_template = N_("… and more")

    def __init__(self, *, file: str, problems: Iterable[Problem[None]]) -> None:
        super().__init__(problems=problems, shown=MOST_SHOWN, file=escape_controls(file))


def invalid_response(row: int, item: str, given: str, offered: str) -> Problem[None]:
    """The problem of a text that is not an option; rows count from 1 and include the heading, as in a spreadsheet."""
    facts = {"row": row, "item": item, "given": given, "offered": offered}
    return Problem(place=None, template=N_("row {row}, {item}: {given!r} is not one of: {offered}"), facts=facts)


def torn_row(row: int, why: str) -> Problem[None]:
    """The problem of a row whose cells do not fit the heading; `why` is DuckDB's own message."""
    return Problem(place=None, template=N_("row {row}: {why}"), facts={"row": row, "why": why})
