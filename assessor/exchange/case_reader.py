"""Cases to be placed, from a file or a pipe: a JSON list of objects, one object, or JSON Lines (an object a line).

An object has an `id` (a text or a whole number, given back as it came) and `responses`: by item id an option id,
"dont_know", or null, which is as good as absent. Other keys are ignored.
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

#: Bytes of one line of JSON Lines.
MOST_LINE: Final = 1_000_000

_BOM: Final = b"\xef\xbb\xbf"
_NOT_A_RESPONSE = N_('this is not a response; give an option\'s id in quotes, "dont_know" or null')
_EMPTY = N_("there is nothing here; give a JSON list of objects, or one object per line")


@dataclass(frozen=True, kw_only=True, slots=True)
class InputCase:
    """The responses given for one collaboration, under whatever id the file gives it."""

    id: str | int
    responses: Mapping[str, str]


def read_cases(data: bytes | str, instrument: Instrument, name: str = "-") -> tuple[InputCase, ...]:
    """Every case of a document of at most ten megabytes; raises `TooBig` or `BadFile` with all problems."""
    data = data.encode(errors="surrogatepass") if isinstance(data, str) else data
    if len(data) > MOST_BYTES:
        raise TooBig(name=name, most=MOST_BYTES // 1_000_000)
    if _is_json_lines(data):
        return _collect_cases(_cases_by_line(data.split(b"\n"), instrument, name), name)
    return _cases_in_document(parse_json(data, name), instrument)


def stream_cases(stream: BinaryIO, instrument: Instrument, name: str = "-") -> Iterator[InputCase]:
    """Case by case. Up to ten megabytes are checked whole before the first; longer JSON Lines come a line at a time."""
    head = stream.read(MOST_BYTES + 1)
    if len(head) <= MOST_BYTES or not _is_json_lines(head):
        yield from read_cases(head, instrument, name)
        return
    whole, _, begun = head.rpartition(b"\n")
    rest = iter(lambda: stream.readline(MOST_LINE + 1), b"")
    del head
    for found in _cases_by_line(chain(whole.split(b"\n"), _rejoin_lines(begun, rest)), instrument, name):
        if isinstance(found, BadFile):
            raise found
        yield found


def _rejoin_lines(begun: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield begun + next(rest, b"")
    yield from rest


def _is_json_lines(data: bytes) -> bool:
    """Whether the first line that holds anything is a whole object."""
    start = data.removeprefix(_BOM).lstrip()
    first = start[: start.find(b"\n")] if b"\n" in start else start
    return first.startswith(b"{") and first.rstrip().endswith(b"}")


def _cases_by_line(lines: Iterable[bytes], instrument: Instrument, name: str) -> Iterator[InputCase | BadFile]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            parsed = parse_json(line.rstrip(b"\r\n"), name, most=MOST_LINE, first_line=number)
            yield from _cases_in_document(parsed, instrument)
        except BadFile as error:
            yield error


def _collect_cases(found: Iterator[InputCase | BadFile], name: str) -> tuple[InputCase, ...]:
    cases: list[InputCase] = []
    problems: list[Problem[Place]] = []
    for each in found:
        if isinstance(each, InputCase):
            cases.append(each)
        else:
            problems += each.problems
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise BadFile(name=name, problems=problems[:MOST_PROBLEMS])
    return tuple(cases)


def _cases_in_document(parsed: ParsedDocument, instrument: Instrument) -> tuple[InputCase, ...]:
    values = parsed.value if isinstance(parsed.value, list) else [parsed.value]
    quick = tuple(takewhile(bool, (_quick_case(value, instrument) for value in values)))
    if len(quick) == len(values):
        return tuple(case for case in quick if case)
    with parsed.collecting_problems() as problems:
        whole = LocatedValue(parsed.value, (), problems)
        parts = whole.elements() if isinstance(parsed.value, list) else iter([whole])
        cases = tuple(_read_case(part, instrument) for part in parts if part.is_object())
    return cases


def _quick_case(value: object, instrument: Instrument) -> InputCase | None:
    """The case of an object with nothing wrong in it, told in a fifth of the time; else None."""
    match value:
        case {"id": str(id_), "responses": dict(responses)} if 0 < len(id_) <= MAX_NAME_LENGTH:
            with suppress(AssessorError, TypeError):  # TypeError: a list as a response
                known = {item: response for item, response in responses.items() if response is not None}
                return InputCase(id=id_, responses=validated_responses(instrument, known))
    return None


def _read_case(at: LocatedValue, instrument: Instrument) -> InputCase:
    return InputCase(id=_read_id(at.member("id")), responses=_read_responses(at.member("responses"), instrument))


def _read_id(at: LocatedValue) -> str | int:
    return at.as_whole_number() if isinstance(at.value, int) else at.as_text(MAX_NAME_LENGTH)


def _read_responses(at: LocatedValue, instrument: Instrument) -> dict[str, str]:
    given = [(item, part) for item, part in at.members() if part.value is not None]
    return {item: part.value for item, part in given if _is_response(item, part, instrument)}


def _is_response(item: str, at: LocatedValue, instrument: Instrument) -> bool:
    """Whether it may be given to the item; noted if not."""
    if not isinstance(at.value, str):
        at.add_problem(_NOT_A_RESPONSE)
        return False
    try:
        validated_responses(instrument, {item: at.value})
    except AssessorError as error:
        at.add_problem(error.template, **error.facts)
        return False
    return True
