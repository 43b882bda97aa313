"""What a page for a first try saves: one collaboration's responses, as a document with one assessment.

assessor      {"page": 1, "version": of the program that made the page}
bank          {"instrument", "version", "digest"}
id            of the assessment
party, undertaking, started
responses     [{"item", "value", "at"}], in the order given
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from assessor.core.entries import current_state
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.text_limits import MAX_ID_LENGTH, MAX_NAME_LENGTH
from assessor.errors import N_
from assessor.exchange.json_reader import parse_json
from assessor.exchange.json_values import LocatedValue
from assessor.exchange.library_document import LibraryDocument

#: The version of the form that is read.
PAGE_FORMAT: Final = 1
#: How such a file begins.
_BEGINNING: Final = b'{"assessor":{"page":'
#: Most bytes; a hundred answers with their moments.
_MOST_BYTES: Final = 100_000

_OTHER_FORMAT = N_("this file has format {given} and this assessor reads format {known}; update assessor")
_OTHER_BANK = N_(
    "these answers belong to {instrument} {version}, which is not the questionnaire in use; choose it with --bank"
)
_NOT_IN_BANK = N_("{given!r} is not known to the bank for this; save the page's answers again")
_TWICE = N_("{given!r} is answered twice; save the page's answers again")


def is_page_answers(data: bytes) -> bool:
    """Whether a file was saved by a page for a first try."""
    return data.lstrip().startswith(_BEGINNING)


def read_page_answers(data: bytes, instrument: Instrument, snapshot: str, name: str = "-") -> LibraryDocument:
    """The answers, of no library yet; raises `TooBig`, or `BadFile` with every problem."""
    parsed = parse_json(data, name, most=_MOST_BYTES)
    with parsed.collecting_problems() as problems:
        located = LocatedValue(parsed.value, (), problems)
        if located.has_exact_keys("assessor", "bank", "id", "party", "undertaking", "started", "responses"):
            _check_header(located, instrument)
            document = _document(located, instrument, snapshot)
    return document


def owned_by(document: LibraryDocument, library: str) -> LibraryDocument:
    """The answers as a library's; what is some library's already stays so."""
    if document.library:
        return document
    owned = {each.id: replace(each, library=library) for each in document.collaborations}
    assessments = (replace(each, collaboration=owned[each.collaboration.id]) for each in document.assessments)
    return replace(document, library=library, collaborations=tuple(owned.values()), assessments=tuple(assessments))


def _check_header(located: LocatedValue, instrument: Instrument) -> None:
    """Note another form, and another bank."""
    header, bank = located.member("assessor"), located.member("bank")
    if header.has_exact_keys("page", "version") and header.value["page"] != PAGE_FORMAT:
        header.member("page").add_problem(_OTHER_FORMAT, given=header.value["page"], known=PAGE_FORMAT)
    if bank.has_exact_keys("instrument", "version", "digest"):
        facts = {key: bank.member(key).as_text(MAX_NAME_LENGTH) for key in ("instrument", "version", "digest")}
        if facts["instrument"] != instrument.id or not instrument.is_known_by(facts["digest"]):
            bank.add_problem(_OTHER_BANK, instrument=facts["instrument"], version=facts["version"])


def _document(located: LocatedValue, instrument: Instrument, snapshot: str) -> LibraryDocument:
    id_ = located.member("id").as_text(MAX_ID_LENGTH)
    collaboration = Collaboration(
        id=f"c-{id_}",
        library="",
        party=located.member("party").as_name(MAX_NAME_LENGTH),
        undertaking=located.member("undertaking").as_name(MAX_NAME_LENGTH, empty=True),
    )
    history = tuple(_entries(located.member("responses"), id_, instrument))
    started = located.member("started").as_moment()
    assessment = Assessment(
        id=id_,
        collaboration=collaboration,
        instrument=instrument.id,
        version=instrument.version,
        digest=instrument.digest,
        responses=current_state(history).responses,
        started=started,
        changed=history[-1].at if history else started,
        history=history,
    )
    return LibraryDocument(
        library="", collaborations=(collaboration,), assessments=(assessment,), snapshots={id_: snapshot}
    )


def _entries(located: LocatedValue, id_: str, instrument: Instrument) -> Iterator[Entry]:
    """The responses as entries, each with a key that is the same wherever the file is taken in."""
    answered: set[str] = set()
    for seq, part in enumerate(located.elements(), 1):
        if not part.has_exact_keys("item", "value", "at"):
            continue
        item, value = part.member("item").as_text(MAX_NAME_LENGTH), part.member("value").as_text(MAX_NAME_LENGTH)
        if item not in instrument.by_id:
            part.member("item").add_problem(_NOT_IN_BANK, given=item)
        elif value not in (*instrument.by_id[item].options, DONT_KNOW):
            part.member("value").add_problem(_NOT_IN_BANK, given=value)
        elif item in answered:
            part.member("item").add_problem(_TWICE, given=item)
        answered.add(item)
        at = part.member("at").as_moment()
        yield Entry(seq=seq, kind="response", item=item, value=value, at=at, key=f"{id_}.{item}")
