"""Cases to be placed, from a file or a pipe: a JSON list of objects, one object, or JSON Lines (an object a line).

An object has an `id` (a text or a whole number, returned unchanged) and `responses`: by item id an option id,
"dont_know", or null, which counts as absent. Other keys are ignored.

Two speeds: an object without mistakes is recognised by its shape alone (`_quick_case`); only when one is not, all are
read again by the reader that reports each mistake with its path and line.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, takewhile
from typing import BinaryIO, Final

from assessor.core.instrument import Instrument
from assessor.core.routing import validated_responses
from assessor.core.text_limits import MAX_NAME_LENGTH
from assessor.errors import N_, AssessorError
from assessor.exchange.file_problems import MOST_PROBLEMS, BadFile, TooBig
from assessor.exchange.json_reader import MOST_BYTES, ParsedDocument, parse_json
from assessor.exchange.json_values import LocatedValue
from assessor.problems import Place, Problem

#: Most bytes of one line of JSON Lines.
MOST_LINE: Final = 1_000_000

_BOM: Final = b"\xef\xbb\xbf"
_NOT_A_RESPONSE = N_('this is not a response; give an option\'s id in quotes, "dont_know" or null')
_EMPTY = N_("there is nothing here; give a JSON list of objects, or one object per line")


@dataclass(frozen=True, kw_only=True, slots=True)
class InputCase:
    """The responses given for one collaboration, under the id that the file gives it."""

    id: str | int
    responses: Mapping[str, str]


def read_cases(data: bytes | str, instrument: Instrument, name: str = "-") -> tuple[InputCase, ...]:
    """All cases of a document of at most ten megabytes; raises `TooBig`, or `BadFile` with all problems."""
    data = data.encode(errors="surrogatepass") if isinstance(data, str) else data
    if len(data) > MOST_BYTES:
        raise TooBig(name=name, most=MOST_BYTES // 1_000_000)
    if _is_json_lines(data):
        return _collect_cases(_cases_by_line(data.split(b"\n"), instrument, name), name)
    return _cases_in_document(parse_json(data, name), instrument)


def stream_cases(stream: BinaryIO, instrument: Instrument, name: str = "-") -> Iterator[InputCase]:
    """The cases, one at a time; raises `TooBig` or `BadFile`.

    Up to ten megabytes are checked whole before the first case is returned. JSON Lines may be longer: they are read
    line by line, and a mistake then comes after the cases before it.
    """
    head = stream.read(MOST_BYTES + 1)
    if len(head) <= MOST_BYTES or not _is_json_lines(head):
        yield from read_cases(head, instrument, name)
        return
    complete_lines, _, cut_line = head.rpartition(b"\n")
    further_lines = iter(lambda: stream.readline(MOST_LINE + 1), b"")
    del head
    for case in _cases_by_line(
        chain(complete_lines.split(b"\n"), _rejoin_lines(cut_line, further_lines)), instrument, name
    ):
        if isinstance(case, BadFile):
            raise case
        yield case


def _rejoin_lines(cut_line: bytes, further_lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines after the first block, of which the first was cut where the block ended."""
    yield cut_line + next(further_lines, b"")
    yield from further_lines


def _is_json_lines(data: bytes) -> bool:
    """Whether the first line that is not blank is a complete object."""
    start = data.removeprefix(_BOM).lstrip()
    first = start[: start.find(b"\n")] if b"\n" in start else start
    return first.startswith(b"{") and first.rstrip().endswith(b"}")


def _cases_by_line(lines: Iterable[bytes], instrument: Instrument, name: str) -> Iterator[InputCase | BadFile]:
    """The case of each line, or the problems of that line; blank lines are skipped but counted."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            parsed = parse_json(line.rstrip(b"\r\n"), name, most=MOST_LINE, first_line=number)
            yield from _cases_in_document(parsed, instrument)
        except BadFile as error:
            yield error


def _collect_cases(results: Iterator[InputCase | BadFile], name: str) -> tuple[InputCase, ...]:
    """All cases, or `BadFile` with the problems of all lines, up to a hundred."""
    cases: list[InputCase] = []
    problems: list[Problem[Place]] = []
    for result in results:
        if isinstance(result, InputCase):
            cases.append(result)
        else:
            problems += result.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise BadFile(name=name, problems=problems[:MOST_PROBLEMS])
    return tuple(cases)


def _cases_in_document(parsed: ParsedDocument, instrument: Instrument) -> tuple[InputCase, ...]:
    """All cases of one JSON value; raises `BadFile` with every problem in it."""
    values = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    quick_cases = tuple(takewhile(bool, (_quick_case(value, instrument) for value in values)))
    if len(quick_cases) == len(values):
        return tuple(case for case in quick_cases if case)
    with parsed.collecting_problems() as problems:
        document = LocatedValue(parsed.value, (), problems)
        parts = document.elements() if isinstance(parsed.value, list) else iter([document])
        cases = tuple(_read_case(part, instrument) for part in parts if part.is_object())
    return cases


def _quick_case(value: object, instrument: Instrument) -> InputCase | None:
    """The case of an object without mistakes, in a fifth of the careful reader's time; None where something is odd."""
    match value:
        case {"id": str(id_), "responses": dict(responses)} if 0 < len(id_) <= MAX_NAME_LENGTH:
            with suppress(AssessorError, TypeError):  # TypeError: a list as a response
                known = {item: response for item, response in responses.items() if response is not None}
                return InputCase(id=id_, responses=validated_responses(instrument, known))
    return None


def _read_case(located: LocatedValue, instrument: Instrument) -> InputCase:
    return InputCase(
        id=_read_id(located.member("id")), responses=_read_responses(located.member("responses"), instrument)
    )


def _read_id(located: LocatedValue) -> str | int:
    return located.as_whole_number() if isinstance(located.value, int) else located.as_text(MAX_NAME_LENGTH)


def _read_responses(located: LocatedValue, instrument: Instrument) -> dict[str, str]:
    answered = [(item, part) for item, part in located.members() if part.value is not None]
    return {item: part.value for item, part in answered if _is_response(item, part, instrument)}


def _is_response(item: str, located: LocatedValue, instrument: Instrument) -> bool:
    """Whether an item may have this response; a problem is noted if not."""
    if not isinstance(located.value, str):
        located.add_problem(_NOT_A_RESPONSE)
        return False
    try:
        validated_responses(instrument, {item: located.value})
    except AssessorError as error:
        located.add_problem(error.template, **error.facts)
        return False
    return True
