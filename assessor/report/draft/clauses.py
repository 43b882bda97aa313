"""A draft to sign as values: clauses that the responses support, and blanks where there is no response.

A placement on a level gives a draft, and the kind follows what the two have: with an agreement in force it is amended,
or renewed where it ends within a year; without one the highest level, held or wished for, asks for an agreement, and
the others for a letter of intent. Where several levels are still possible, the lower kind is taken, and where a
placement beside the levels is, none. The bank's wording holds all clauses, by item and response. `[what]` in one is a
blank to fill in, `{party}` a name. Nothing here lays out: `pages` and `word` do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from assessor.core.follow_ups import end_within, items_of_goals, paper_ends
from assessor.core.instrument import Instrument
from assessor.core.months import is_month
from assessor.core.responses import DONT_KNOW, Assessment
from assessor.core.routing import on_route, route
from assessor.core.text_limits import unfit_characters
from assessor.core.wording import DraftClauses, DraftKind, DraftSection, DraftWords
from assessor.errors import N_, AssessorError
from assessor.local_time import local_day
from assessor.presentation.paper_ends import tell_paper_end
from assessor.presentation.placements import list_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms
from assessor.safe_text import escape_controls

INTENT, AGREEMENT, AMENDMENT, RENEWAL = KINDS = ("intent", "agreement", "amendment", "renewal")

_PLACEHOLDER = re.compile(r"\[([^\[\]]+)\]|\{(\w+)\}")


class NoDraftWords(AssessorError):
    """The bank has no drafts, or none in this language."""

    template = N_("The questionnaire {bank} has no text for drafts in the language {language}")
    exit_code = 2


class NotSignable(AssessorError):
    """The placement is beside the levels, so there is no partnership to sign."""

    template = N_(
        "No draft can be made for {name}: by the answers it is {placement}, and a letter of "
        "intent or an agreement of this kind is about what two parties create together. If you "
        "also create something together, assess that on its own"
    )


class NotSignableYet(AssessorError):
    """Several placements are possible, and one of them is beside the levels."""

    template = N_(
        "No draft can be made for {name} yet: by the answers it may still be {placements}, and "
        "not all of those call for a signature. Answer this first: {item}"
    )


class WeakerPaper(AssessorError):
    """A letter of intent was asked for where an agreement is in force."""

    template = N_(
        "No letter of intent can be made for {name}: by the answers you have an agreement in force, and a letter that "
        "binds nobody would weaken it. Leave the kind out, and the draft adds to the agreement or renews it"
    )
    exit_code = 2


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to fill in, where a response or a name is missing."""

    #: What belongs there.
    what: str
    #: The same with the words around it that the document shows.
    text: str


ClausePart = str | Blank


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence of the draft in parts: texts, and blanks between them."""

    parts: tuple[ClausePart, ...]

    @property
    def text(self) -> str:
        """The clause as plain text."""
        return "".join(part if isinstance(part, str) else f"[{part.text}]" for part in self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Clauses under a heading."""

    heading: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """Where a party signs."""

    #: The library's or the other party's.
    name: str
    lines: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A letter of intent or an agreement, ready to be laid out."""

    #: One of `KINDS`.
    kind: str
    title: str
    #: The wording's, in which all the text is.
    language: str
    library: str
    party: str
    undertaking: str
    #: On what the draft rests; to be struck out before signing.
    note: str
    #: Clauses before the sections; `closing` are those after.
    opening: tuple[Clause, ...]
    sections: tuple[Chapter, ...]
    closing: tuple[Clause, ...]
    #: What stands above the signatures.
    signing: str
    signatures: tuple[Signature, ...]
    made: date
    #: Version of the program.
    program: str


def draft_of(
    row: ReportRow,
    terms: Terms,
    made: date,
    program: str,
    kind: str | None = None,
    goals: Mapping[str, str] = MappingProxyType({}),
) -> Draft:
    """The draft of one collaboration; `kind` overrides the one that what they have asks for.

    `goals` are the library's, by id, of which the collaboration may name one.

    Raises `NoDraftWords`, and `WeakerPaper` for a letter where more is in force; without `kind` also `NotSignable` or
    `NotSignableYet`.
    """
    words = terms.wording.drafts
    if words is None:
        raise NoDraftWords(bank=terms.instrument.id, language=terms.language)
    chosen = _checked_kind(row, terms, kind) if kind else _draft_kind(row, terms, made)
    kind_words = _kind_words(words, chosen)
    filler = _TextFiller(words, _placeholder_names(row, terms, goals))
    return Draft(
        kind=chosen,
        title=kind_words.name,
        language=terms.wording.language,
        library=filler.names["library"],
        party=filler.names["party"],
        undertaking=filler.names["undertaking"],
        note=_draft_note(row, words, filler, terms),
        opening=tuple(map(filler.clause, kind_words.opening)),
        sections=tuple(_chapters(row, chosen if words.kinds.get(chosen) else AGREEMENT, words, filler, terms)),
        closing=tuple(map(filler.clause, kind_words.closing)),
        signing=words.signing,
        signatures=tuple(
            Signature(name=filler.names[party], lines=tuple(map(filler.clause, words.signatures)))
            for party in ("library", "party")
        ),
        made=made,
        program=program,
    )


def _checked_kind(row: ReportRow, terms: Terms, kind: str) -> str:
    """The kind asked for; raises `WeakerPaper`."""
    if kind == INTENT and _is_in_force(row.assessment, terms.instrument):
        raise WeakerPaper(name=escape_controls(row.name))
    return kind


def _kind_words(words: DraftWords, kind: str) -> DraftKind:
    """The bank's words for a kind; an agreement's where it has none for what amends or renews one."""
    found = words.kinds.get(kind) or words.kinds[AGREEMENT]
    assert found, "the bank's format asks for the words of an agreement"  # noqa: S101
    return found


def _draft_kind(row: ReportRow, terms: Terms, today: date) -> str:
    """The kind that goes on from what the two have; of several levels, the lower. Raises where one is beside them."""
    verdict, instrument = row.verdict, terms.instrument
    levels = [instrument.level(placement) for placement in verdict.placements]
    if not all(levels):
        raise _not_signable(row, terms)
    if _is_in_force(row.assessment, instrument):
        assessment = row.assessment
        return RENEWAL if end_within(instrument, assessment.responses, assessment.ends, today) else AMENDMENT
    wanted = bool(verdict.placement) and row.assessment.wanted == instrument.levels[0]
    return AGREEMENT if levels == [1] or wanted else INTENT


def _not_signable(row: ReportRow, terms: Terms) -> AssessorError:
    """Why there is no draft: the placement is beside the levels, or may still be."""
    verdict, name = row.verdict, escape_controls(row.name)
    if verdict.placement:
        return NotSignable(name=name, placement=terms.placement_in_sentence(verdict.placement))
    item = terms.wording.items[verdict.open_items[0].item].ask if verdict.open_items else "–"
    return NotSignableYet(name=name, placements=list_placements(verdict.placements, terms, "sentence"), item=item)


def _is_in_force(assessment: Assessment, instrument: Instrument) -> bool:
    """Whether the responses tell of an agreement that is in force."""
    heard = on_route(instrument, assessment.responses)
    return any(heard.get(item) in options for item, options in instrument.in_force.items())


def _placeholder_names(row: ReportRow, terms: Terms, goals: Mapping[str, str]) -> Mapping[str, str]:
    """What the bank's texts may name in braces, fit to be printed; empty where it is not known."""
    assessment = row.assessment
    collaboration = assessment.collaboration
    ends = paper_ends(terms.instrument, assessment.responses, assessment.ends)
    dated = sorted(end for end in ends.values() if is_month(end))
    serves = items_of_goals(terms.instrument, assessment.responses)
    return {
        "library": _plain_name(collaboration.library),
        "party": _plain_name(collaboration.party),
        "undertaking": _plain_name(collaboration.undertaking),
        "ends": tell_paper_end(dated[0], terms) if dated else "",
        "goal": _plain_name(goals.get(assessment.goal or "", "")) if serves else "",
    }


def _plain_name(name: str) -> str:
    """A name on one line, without characters that XML cannot hold."""
    harmful = unfit_characters(name)
    return " ".join("".join(char for char in name if char not in harmful).split())


@dataclass(frozen=True, slots=True)
class _TextFiller:
    """Puts names and blanks into the bank's texts."""

    words: DraftWords
    names: Mapping[str, str]

    def clause(self, text: str, **more: str) -> Clause:
        """The text as a clause; what is put in is never read for names or blanks itself."""
        return Clause(tuple(_merge_texts(self.parts(text, {**self.names, **more}))))

    def parts(self, text: str, names: Mapping[str, str]) -> Iterator[ClausePart]:
        """The text's parts in order, some of them empty; a name that is not known becomes a blank."""
        position = 0
        for match in _PLACEHOLDER.finditer(text):
            yield text[position : match.start()]
            position = match.end()
            if match[1]:
                yield self.blank(match[1])
            elif name := names.get(match[2], ""):
                yield name
            else:
                yield self.blank(getattr(self.words, match[2], "").strip("[]"))
        yield text[position:]

    def blank(self, what: str) -> Blank:
        """A blank for `what`, in the words of the bank."""
        return Blank(what=what, text=self.words.fill.replace("{what}", what))


def _merge_texts(parts: Iterator[ClausePart]) -> Iterator[ClausePart]:
    """The parts with neighbouring texts put together."""
    plain = ""
    for part in parts:
        if isinstance(part, str):
            plain += part
            continue
        if plain:
            yield plain
        yield part
        plain = ""
    if plain:
        yield plain


def _draft_note(row: ReportRow, words: DraftWords, filler: _TextFiller, terms: Terms) -> str:
    """On which answers the draft rests, and which placements are possible where it is not settled."""
    sentences = [filler.clause(words.note, date=terms.long_date(local_day(row.assessment.changed))).text]
    if not row.verdict.placement:
        sentences.append(
            filler.clause(words.lower, placements=list_placements(row.verdict.placements, terms, "sentence")).text
        )
    return " ".join(sentences)


def _chapters(row: ReportRow, kind: str, words: DraftWords, filler: _TextFiller, terms: Terms) -> Iterator[Chapter]:
    """The kind's sections that have anything in them: its own lines, what the responses add, and what both gain."""
    asked = {item.id for item in route(terms.instrument, row.assessment.responses)}
    for section in (section for section in words.sections if kind in (section.kinds or KINDS)):
        texts = [*section.lines[kind], *_section_clauses(section, asked, row.assessment.responses)]
        clauses = [filler.clause(text) for text in texts]
        gains = [terms.wording.gains[gain] for gain in row.assessment.gains if gain in terms.wording.gains]
        if section.gains and gains:
            clauses.append(filler.clause(section.gains, gains="; ".join(map(_lowercase_first, gains))))
        if clauses:
            yield Chapter(heading=section.heading, clauses=tuple(clauses))


def _lowercase_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _section_clauses(section: DraftSection, asked: set[str], responses: Mapping[str, str]) -> Iterator[str]:
    """What the responses put into a section; an item off the route puts nothing."""
    for item, clauses in section.items.items():
        if item in asked:
            yield from _item_clauses(clauses, responses.get(item, DONT_KNOW))


def _item_clauses(clauses: DraftClauses, response: str) -> Sequence[str]:
    """What an item's response adds: its clause, if the bank has one; where it is not known, the clauses for that."""
    if response == DONT_KNOW or response not in clauses.options:
        return clauses.unknown
    clause = clauses.options[response]
    return (clause,) if clause else ()
