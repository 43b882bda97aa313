"""A draft to sign as values: clauses that the responses support, and blanks where there is no response.

A level's placement gives a draft, the highest a partnership agreement, the others a letter of intent; where the
placement is a range of levels, the lower of both. Nothing beside the levels gives one. Nothing here lays out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.text_limits import unfit_characters
from assessor.core.wording import DraftClauses, DraftSection, DraftWords
from assessor.errors import N_, AssessorError
from assessor.presentation.placements import list_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms
from assessor.safe_text import escape_controls

INTENT, AGREEMENT = "intent", "agreement"
KINDS = (INTENT, AGREEMENT)

_PLACEHOLDER = re.compile(r"\[([^\[\]]+)\]|\{(\w+)\}")


class NoDraftWords(AssessorError):
    """A bank without drafts, or without them in a language."""

    template = N_("The questionnaire {bank} has no text for drafts in the language {language}")
    exit_code = 2


class NotSignable(AssessorError):
    """A placement that is no partnership."""

    template = N_(
        "No draft can be made for {name}: by the answers it is {placement}, and a letter of "
        "intent or an agreement of this kind is about what two parties create together. If you "
        "also create something together, assess that on its own"
    )


class NotSignableYet(AssessorError):
    """A range that reaches beside the levels."""

    template = N_(
        "No draft can be made for {name} yet: by the answers it may still be {placements}, and "
        "not all of those call for a signature. Answer this first: {item}"
    )


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to fill in."""

    #: What belongs there.
    what: str
    #: The same as the document says it.
    text: str


ClausePart = str | Blank


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence, with blanks where something is lacking."""

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

    name: str
    lines: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A letter of intent or an agreement, ready to be laid out."""

    kind: str
    title: str
    language: str
    library: str
    party: str
    undertaking: str
    #: To be struck out before signing.
    note: str
    opening: tuple[Clause, ...]
    sections: tuple[Chapter, ...]
    closing: tuple[Clause, ...]
    signing: str
    signatures: tuple[Signature, ...]
    made: date
    #: Version of the program.
    program: str


def draft_of(row: ReportRow, speech: Terms, made: date, program: str, kind: str | None = None) -> Draft:
    """The draft of one collaboration; raises `NoDraftWords`, `NotToSign` or `NotToSignYet`."""
    words = speech.wording.drafts
    if words is None:
        raise NoDraftWords(bank=speech.instrument.id, language=speech.language)
    chosen = kind or _draft_kind(row, speech)
    own = words.kinds[chosen]
    filled = _TextFiller(words, _placeholder_names(row))
    return Draft(
        kind=chosen,
        title=own.name,
        language=speech.wording.language,
        library=filled.names["library"],
        party=filled.names["party"],
        undertaking=filled.names["undertaking"],
        note=_draft_note(row, words, filled, speech),
        opening=tuple(map(filled.clause, own.opening)),
        sections=tuple(_chapters(row, chosen, words, filled, speech)),
        closing=tuple(map(filled.clause, own.closing)),
        signing=words.signing,
        signatures=tuple(
            Signature(name=filled.names[party], lines=tuple(map(filled.clause, words.signatures)))
            for party in ("library", "party")
        ),
        made=made,
        program=program,
    )


def _draft_kind(row: ReportRow, speech: Terms) -> str:
    """The kind that the placement asks for; of a range, the lower."""
    verdict, instrument = row.verdict, speech.instrument
    levels = [instrument.level(placement) for placement in verdict.placements]
    if all(levels):
        return AGREEMENT if levels == [1] else INTENT
    if verdict.placement:
        raise NotSignable(name=escape_controls(row.name), placement=speech.placement_in_sentence(verdict.placement))
    item = speech.wording.items[verdict.open_items[0].item].ask if verdict.open_items else "–"
    raise NotSignableYet(
        name=escape_controls(row.name), placements=list_placements(verdict.placements, speech, "sentence"), item=item
    )


def _placeholder_names(row: ReportRow) -> Mapping[str, str]:
    one = row.assessment.collaboration
    return {
        "library": _plain_name(one.library),
        "party": _plain_name(one.party),
        "undertaking": _plain_name(one.undertaking),
    }


def _plain_name(name: str) -> str:
    """A name on one line, without what no file can hold."""
    harmful = unfit_characters(name)
    return " ".join("".join(char for char in name if char not in harmful).split())


@dataclass(frozen=True, slots=True)
class _TextFiller:
    """Puts names and blanks into texts."""

    words: DraftWords
    names: Mapping[str, str]

    def clause(self, text: str, **more: str) -> Clause:
        """The text as a clause; what is put in is never read for names or blanks itself."""
        return Clause(tuple(_merge_texts(self.parts(text, {**self.names, **more}))))

    def parts(self, text: str, names: Mapping[str, str]) -> Iterator[ClausePart]:
        at = 0
        for match in _PLACEHOLDER.finditer(text):
            yield text[at : match.start()]
            at = match.end()
            if match[1]:
                yield self.blank(match[1])
            elif name := names.get(match[2], ""):
                yield name
            else:
                yield self.blank(self.words.undertaking.strip("[]"))
        yield text[at:]

    def blank(self, what: str) -> Blank:
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


def _draft_note(row: ReportRow, words: DraftWords, filled: _TextFiller, speech: Terms) -> str:
    said = [filled.clause(words.note, date=speech.long_date(row.assessment.changed.date())).text]
    if not row.verdict.placement:
        said.append(
            filled.clause(words.lower, placements=list_placements(row.verdict.placements, speech, "sentence")).text
        )
    return " ".join(said)


def _chapters(row: ReportRow, kind: str, words: DraftWords, filled: _TextFiller, speech: Terms) -> Iterator[Chapter]:
    on_route = {item.id for item in route(speech.instrument, row.assessment.responses)}
    for section in words.sections:
        texts = [*section.lines[kind], *_section_clauses(section, on_route, row.assessment.responses)]
        clauses = [filled.clause(text) for text in texts]
        gains = [speech.wording.gains[gain] for gain in row.assessment.gains if gain in speech.wording.gains]
        if section.gains and gains:
            clauses.append(filled.clause(section.gains, gains="; ".join(map(_lowercase_first, gains))))
        if clauses:
            yield Chapter(heading=section.heading, clauses=tuple(clauses))


def _lowercase_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _section_clauses(section: DraftSection, on_route: set[str], responses: Mapping[str, str]) -> Iterator[str]:
    """What the responses put into a section; an item off the route puts nothing."""
    for item, clauses in section.items.items():
        if item in on_route:
            yield from _item_clauses(clauses, responses.get(item, DONT_KNOW))


def _item_clauses(clauses: DraftClauses, response: str) -> Sequence[str]:
    if response == DONT_KNOW or response not in clauses.options:
        return clauses.unknown
    clause = clauses.options[response]
    return (clause,) if clause else ()


def blanks(draft: Draft) -> tuple[str, ...]:
    """What is to be filled in, in order."""
    signed = (line for signature in draft.signatures for line in signature.lines)
    inner = (clause for section in draft.sections for clause in section.clauses)
    clauses = (*draft.opening, *inner, *draft.closing, *signed)
    return tuple(part.what for clause in clauses for part in clause.parts if isinstance(part, Blank))
