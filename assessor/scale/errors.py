"""What can go wrong with many answers at once."""

from collections.abc import Iterable

from assessor.errors import N_, AssessorError
from assessor.problems import InvalidInput, Problem
from assessor.safe_text import escape_controls

#: Problems that are told of one file.
MOST_SHOWN = 20


class MissingExtra(AssessorError):
    """A part of the program that is not set up."""

    template = N_("This needs parts that are not installed here; install them with: {command}")
    exit_code = 69


class UnknownFileFormat(AssessorError):
    """A file whose name does not tell what it holds."""

    template = N_("{file}: the name does not show the format; let it end in .parquet, .csv or .jsonl")
    exit_code = 2


class CannotRead(AssessorError):
    """A file that is not what its name says, or cannot be opened."""

    template = N_("{file} cannot be read: {why}")
    exit_code = 74


class BadHeading(AssessorError):
    """A file whose columns cannot be used."""

    template = N_("{file}: {why}")


class UnsupportedEncoding(AssessorError):
    """A CSV file in an encoding that is not read."""

    template = N_(
        "{file} is text in {encoding}, with {delimiter!r} between the columns; save it again as "
        "“CSV UTF-8” and give it again"
    )


class BadJsonLines(AssessorError):
    """JSON Lines with something wrong in them; a slower and stricter reader can tell what."""

    template = N_("{file}: a line is not an object with the keys id and responses as {command} place reads them")


class SchedulerUnreachable(AssessorError):
    """A Dask scheduler that does not answer."""

    template = N_("No Dask scheduler answers at {address}; start it (dask scheduler), or use --jobs on this machine")
    exit_code = 69


class TasksFailed(AssessorError):
    """Some of many tasks that could not be done."""

    template = N_("{failed} of {count} could not be done; the others were. Give the same command again for the rest")
    exit_code = 1


class BadRows(InvalidInput):
    """Rows that cannot be used; nothing was written."""

    template = N_("Nothing in {file} was used; correct this and try again:")
    more_template = N_("… and more")

    def __init__(self, *, file: str, problems: Iterable[Problem[None]]) -> None:
        super().__init__(problems=problems, shown=MOST_SHOWN, file=escape_controls(file))


def invalid_response(row: int, item: str, given: str, offered: str) -> Problem[None]:
    """A response that is none; rows are counted as a spreadsheet does, from 1 and with the heading."""
    facts = {"row": row, "item": item, "given": given, "offered": offered}
    return Problem(place=None, template=N_("row {row}, {item}: {given!r} is not one of: {offered}"), facts=facts)


def torn_row(row: int, why: str) -> Problem[None]:
    """A row whose cells do not fit the heading."""
    return Problem(place=None, template=N_("row {row}: {why}"), facts={"row": row, "why": why})
