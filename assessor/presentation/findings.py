"""The finding that is the title of a library's report: one sentence in two halves, made from the verdicts by rules.

The first half says how many stand on the highest level that any stands on. The second says the one thing about these
that a director would ask about next: a paper that ends, a level that one change loses, or else that none stands on the
highest level, or how many are not settled. The words are the bank's where it has some, else the program's.
"""

from collections.abc import Callable, Iterator, Sequence

from assessor.core.wording import CountedWords
from assessor.presentation.report import Report, ReportRow
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.typeface import displayable_text


def tell_finding(report: Report, terms: Terms) -> str:
    """The finding, without a full stop; what there is to say where nothing stands on a level."""
    rows = report.rows
    if not any(row.assessment.responses for row in rows):
        return terms.say("No collaboration has been assessed yet")
    if len(rows) == 1:
        return _finding_about_one(rows[0], terms)
    halves = _halves(rows, terms)
    return displayable_text("; ".join(half for half in (next(halves), next(filter(None, halves), "")) if half))


def _finding_about_one(row: ReportRow, terms: Terms) -> str:
    from assessor.presentation.placements import tell_placements

    placed = tell_placements(row.verdict.placements, terms, "sentence")
    return terms.say("{name}: {placement}", name=displayable_text(row.assessment.collaboration.party), placement=placed)


def _halves(rows: Sequence[ReportRow], terms: Terms) -> Iterator[str]:
    """The first half, then what may be the second, what matters most first; empty where there is nothing to say."""
    level, there = _highest_level(rows, terms)
    unsettled = sum(row.verdict.placement is None for row in rows)
    if not level:
        yield _none_on_a_level(len(rows), terms)
    else:
        yield _upper_first(_counted(terms, terms.wording.findings.placements.get(level), len(there), len(rows), level))
        yield _about_papers(there, terms)
        yield _about_slips(there, terms)
        if level != terms.instrument.levels[0]:
            yield terms.wording.findings.none
    if unsettled:
        message = terms.ngettext("one is not settled yet", "{number} are not settled yet", unsettled)
        yield _in_words(terms, message, unsettled, len(rows))


def _highest_level(rows: Sequence[ReportRow], terms: Terms) -> tuple[str, list[ReportRow]]:
    """The highest level that any stands on for certain, with those that do; an empty id where none does."""
    for level in terms.instrument.levels:
        if there := [row for row in rows if row.verdict.placement == level]:
            return level, there
    return "", []


def _none_on_a_level(total: int, terms: Terms) -> str:
    if not terms.instrument.levels:
        return terms.count("One collaboration has been assessed", "{number} collaborations have been assessed", total)
    words = _number_of_all(terms, total)
    return terms.say("None of {all} collaborations stands on a level of the model", all=words)


def _about_papers(rows: Sequence[ReportRow], terms: Terms) -> str:
    """That papers end within a year; of one, in which month."""
    ending = [row.ending for row in rows if row.ending]
    if not ending:
        return ""
    count = len(ending)
    message = (
        terms.ngettext(
            "the paper of one of them has ended",
            "the papers of {number} of them have ended or end within a year",
            count,
        )
        if any(each.over for each in ending)
        else terms.ngettext(
            "the paper of one of them ends in {month}", "the papers of {number} of them end within a year", count
        )
    )
    return _in_words(terms, message, len(ending), len(rows)).replace("{month}", terms.month_and_year(ending[0].month))


def _about_slips(rows: Sequence[ReportRow], terms: Terms) -> str:
    """That one change loses the level: by which item, where it is the same for all."""
    items = [row.verdict.way_down.changes[0].item for row in rows if row.verdict.fragile and row.verdict.way_down]
    if not items:
        return ""
    words = terms.wording.findings.slips.get(items[0]) if len(set(items)) == 1 else None
    return _counted(terms, words, len(items), len(rows))


def _counted(terms: Terms, words: CountedWords | None, number: int, total: int, level: str = "") -> str:
    """The bank's words for a count, or the program's where it has none."""
    if words:
        message = words.one if number == 1 else words.other
    elif level:
        message = terms.ngettext(
            "One of {all} collaborations is {placement}", "{number} of {all} collaborations are {plural}", number
        )
        message = message.replace("{placement}", terms.placement_in_sentence(level))
        message = message.replace("{plural}", lower_first(terms.wording.placements[level].plural))
    else:
        message = terms.ngettext(
            "one of them is one change away from losing its level",
            "{number} of them are one change away from losing their level",
            number,
        )
    return _in_words(terms, message, number, total)


def _in_words(terms: Terms, message: str, number: int, total: int) -> str:
    """The message with its numbers in words where the bank has them; a bank's text is never a format string."""
    filled: dict[str, Callable[[], str]] = {
        "{number}": lambda: _word_for(terms.wording.findings.numbers, number),
        "{all}": lambda: _number_of_all(terms, total),
    }
    for name, value in filled.items():
        message = message.replace(name, value()) if name in message else message
    return message


def _number_of_all(terms: Terms, total: int) -> str:
    words = terms.wording.findings
    return _word_for(words.numbers_of_all or words.numbers, total)


def _word_for(words: Sequence[str], number: int) -> str:
    return words[number] if number < len(words) else str(number)


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
