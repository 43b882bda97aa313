"""All answers of a library as one table: by item and by mark, which collaborations gave or have what.

A row names collaborations by their numbers, so that the table is as long for sixty as for six and each answer is
written once. Responses that are not on the route do not count and are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.presentation.marks import MARK_STATES, mark_states, mark_words
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseGroup:
    """An item or a mark, with what was given to it and the numbers of the collaborations, as text."""

    heading: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ResponseTable:
    """The whole table."""

    #: Number and name of each collaboration.
    names: tuple[tuple[int, str], ...]
    items: tuple[ResponseGroup, ...]
    marks: tuple[ResponseGroup, ...]


def build_response_table(report: Report, terms: Terms) -> ResponseTable:
    """The table of a report whose rows are in the order of its numbers."""
    numbered = list(enumerate(report.rows, start=1))
    return ResponseTable(
        names=tuple((number, row.name) for number, row in numbered),
        items=tuple(_item_groups(numbered, terms)),
        marks=tuple(_mark_groups(numbered, terms)),
    )


def _item_groups(numbered: Sequence[tuple[int, ReportRow]], terms: Terms) -> Iterator[ResponseGroup]:
    given: dict[str, dict[str, list[int]]] = {item: {} for item in terms.instrument.by_id}
    for number, row in numbered:
        for item in route(terms.instrument, row.assessment.responses):
            response = row.assessment.responses.get(item.id, "")
            given[item.id].setdefault(response, []).append(number)
    for item in terms.instrument.items:
        order = (*item.options, DONT_KNOW, "")
        responses = [response for response in order if response in given[item.id]]
        if responses:
            yield ResponseGroup(
                heading=terms.item_heading(item.id),
                answers=tuple(
                    (terms.response_or_not_asked(item.id, each), number_ranges(given[item.id][each]))
                    for each in responses
                ),
            )


def _mark_groups(numbered: Sequence[tuple[int, ReportRow]], terms: Terms) -> Iterator[ResponseGroup]:
    words = mark_words(terms)
    standing: dict[str, dict[str, list[int]]] = {mark.id: {} for mark in terms.instrument.marks}
    for number, row in numbered:
        for mark, state in mark_states(row.verdict, row.assessment.responses, terms.instrument).items():
            standing[mark].setdefault(state, []).append(number)
    for mark, by_state in standing.items():
        states: Mapping[str, list[int]] = by_state
        answers = tuple((words[state], number_ranges(states[state])) for state in MARK_STATES if state in states)
        if answers:
            yield ResponseGroup(heading=terms.wording.marks[mark].name, answers=answers)


def number_ranges(numbers: Iterable[int]) -> str:
    """Rising numbers as a reader writes them: "1–4, 6, 8, 9"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)
