"""What can go wrong with many answers at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

#: Problems that are told of one file.
MOST_SHOWN = 20


class MissingExtra(AssessorError):
    """A part of the program that is not set up."""

    template = N_("This needs parts that are not set up here; fetch them with: {command}")
    exit_code = 69


class UnknownFileFormat(AssessorError):
    """A file whose name does not tell what it holds."""

    template = N_("{file}: the name does not tell the form; let it end in .parquet, .csv or .jsonl")
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
        "{file} is text in {encoding}, with {delimiter!r} between the columns; "
        "save it anew as “CSV UTF-8” and give it again"
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

    template = N_("{failed} of {count} could not be done; the others are. Give the same command again for the rest")
    exit_code = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class InvalidResponse:
    """A response that is none, with where it stands."""

    #: As a spreadsheet counts: from 1, the heading included where there is one.
    row: int
    item: str
    text: str


class BadRows(AssessorError):
    """Responses that the instrument does not offer; nothing was written."""

    template = N_("Nothing of {file} was used; mend this and give it again:")
    response_template: ClassVar[str] = N_("row {row}, {item}: {given!r} is not one of: {offered}")
    torn_template: ClassVar[str] = N_("row {row}: {why}")
    more_template: ClassVar[str] = N_("… and more")

    def __init__(
        self,
        *,
        file: str,
        wrong: Iterable[InvalidResponse] = (),
        torn: Iterable[tuple[int, str]] = (),
        offered: dict[str, str],
    ) -> None:
        super().__init__(file=escape_controls(file))
        self.invalid_responses, self.torn_rows, self.offered = tuple(wrong), tuple(torn), offered

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_bad_rows, (self.facts["file"], self.invalid_responses, self.torn_rows, self.offered)

    def message(self, translate: Callable[[str], str]) -> str:
        """The first problems, a line each."""
        lines = [translate(self.torn_template).format(row=row, why=why) for row, why in self.torn_rows]
        lines += [
            translate(self.response_template).format(
                row=each.row, item=each.item, given=each.text, offered=self.offered[each.item]
            )
            for each in self.invalid_responses
        ]
        more = [translate(self.more_template)] if len(lines) > MOST_SHOWN else []
        return "\n".join((translate(self.template).format(**self.facts), *lines[:MOST_SHOWN], *more))


def _rebuild_bad_rows(
    file: str, wrong: tuple[InvalidResponse, ...], torn: tuple[tuple[int, str], ...], offered: dict[str, str]
) -> BadRows:
    return BadRows(file=file, wrong=wrong, torn=torn, offered=offered)
