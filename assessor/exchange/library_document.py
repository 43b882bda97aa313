"""All of a library in one JSON document: its collaborations and assessments with their histories, and their banks.

The document, with every key always there:

    assessor        {"export": 1, "version": of the program that wrote it}
    library         its name
    banks           [{"id", "instrument", "version", "digest", "text"}]: the whole text of every bank responded to
    collaborations  [{"id", "party", "undertaking"}], in the library's order
    assessments     [{"id", "collaboration", "bank", "respondent", "started", "responses", "notes", "gut", "wanted",
                      "gains", "history": [{"seq", "kind", "item", "value", "at"}]}], in the library's order

The history is complete; `responses` to `gains` repeat its outcome for programs that need no more, and must agree with
it. A bank's id is the SHA-256 of its text. Equal content gives equal bytes, so that exports can be compared. Reading
trusts nothing: every response is checked against the bank that the document carries.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from assessor import __version__
from assessor.core.entries import CurrentState, current_state
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.text_limits import MAX_ID_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from assessor.errors import N_, AssessorError
from assessor.exchange.json_reader import parse_json
from assessor.exchange.json_values import LocatedValue
from assessor.setup.commands import typed_command

#: The version of the document's form; a document of another one is refused.
FORMAT_VERSION: Final = 1

#: Most bytes of a document; about twenty-five thousand assessments.
MOST_EXPORT: Final = 100_000_000

_Kept = TypeVar("_Kept")

_KINDS: Final = ("response", "note", "gut", "wanted", "gains")

_NOT_OURS = N_("this is not an export from assessor; give a file that {command} export wrote")
_OTHER_FORMAT_VERSION = N_("this export has format {given} and this assessor reads format {known}; update assessor")
_DUPLICATE_ID = N_("the id {given!r} appears twice; remove one")
_NO_BANK = N_("the bank {given!r} is not in the file; export again where its responses were given")
_NO_COLLABORATION = N_("the collaboration {given!r} is not in the file; export again where it is kept")
_BAD_BANK = N_("this bank cannot be used ({why}); export again where its responses were given")
_CHANGED_BANK = N_("this bank's text does not match its facts; export again where its responses were given")
_UNKNOWN_KIND = N_("{given!r} is not a kind of entry; choose one of: {known}")
_NOT_NUMBERED = N_("the entries are not numbered 1, 2, 3 …; export again")
_NOT_IN_BANK = N_("{given!r} is not known to the bank for this; export again where it was given")
_DISAGREES_WITH_HISTORY = N_("this does not match the history; export again rather than changing the file by hand")


class HistoryDisagrees(AssessorError):
    """An assessment in the store whose state is not what its history amounts to; it is not exported."""

    template = N_("The assessment {assessment} does not match its own history; restore the last backup")


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryDocument:
    """What an export holds, every response checked against the bank it was given under."""

    library: str
    collaborations: tuple[Collaboration, ...]
    assessments: tuple[Assessment, ...]
    #: By assessment id, the whole text of its bank.
    snapshots: Mapping[str, str]


def export_library(
    library: str,
    collaborations: Iterable[Collaboration],
    assessments: Iterable[Assessment],
    snapshots: Mapping[str, str],
) -> bytes:
    """The document; `snapshots` are the texts of the banks by assessment id. Raises `HistoryDisagrees`."""
    assessments = tuple(assessments)
    banks = _bank_ids(assessments, snapshots)
    texts = {
        banks[assessment.id]: _bank_facts(banks[assessment.id], assessment, snapshots[assessment.id])
        for assessment in assessments
    }
    parts = [
        f'"assessor":{_compact_json({"export": FORMAT_VERSION, "version": __version__})}',
        f'"library":{_compact_json(library)}',
        f'"banks":{_json_list(_compact_json(texts[id_]) for id_ in sorted(texts))}',
        f'"collaborations":{_json_list(map(_collaboration_json, collaborations))}',
        f'"assessments":{_json_list(_assessment_json(assessment, banks[assessment.id]) for assessment in assessments)}',
    ]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _bank_ids(assessments: Collection[Assessment], snapshots: Mapping[str, str]) -> dict[str, str]:
    """By assessment id, the id of its bank in the file: the digest of its text.

    Where one text was used under several digests of its rules, each pair of digest and text is a bank of its own.
    """
    digests_by_text: dict[str, set[str]] = {}
    for assessment in assessments:
        digests_by_text.setdefault(snapshots[assessment.id], set()).add(assessment.digest)
    return {
        assessment.id: _bank_id(
            snapshots[assessment.id], "" if len(digests_by_text[snapshots[assessment.id]]) == 1 else assessment.digest
        )
        for assessment in assessments
    }


def _bank_id(text: str, rules_digest: str = "") -> str:
    """The digest of a bank's text, or of its rules' digest and its text where that must be told apart."""
    return _text_digest(f"{rules_digest} {text}" if rules_digest else text)


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _json_list(parts: Iterable[str]) -> str:
    """A list with each element on a line of its own, so that a line number in an error is of use."""
    return "[" + ",".join(f"\n{part}" for part in parts) + "]"


def _bank_facts(id_: str, assessment: Assessment, text: str) -> dict[str, str]:
    facts = {"instrument": assessment.instrument, "version": assessment.version, "digest": assessment.digest}
    return {"id": id_, **facts, "text": text}


def _collaboration_json(collaboration: Collaboration) -> str:
    return _compact_json(
        {"id": collaboration.id, "party": collaboration.party, "undertaking": collaboration.undertaking}
    )


def _assessment_json(assessment: Assessment, bank: str) -> str:
    state = current_state(assessment.history)
    if state != _stored_state(assessment):
        raise HistoryDisagrees(assessment=assessment.id)
    facts = {
        "id": assessment.id,
        "collaboration": assessment.collaboration.id,
        "bank": bank,
        "respondent": assessment.respondent,
        "started": _utc_stamp(assessment.started),
        **_plain_state(state),
    }
    return f'{_compact_json(facts)[:-1]},"history":{_json_list(map(_entry_json, assessment.history))}}}'


def _stored_state(assessment: Assessment) -> CurrentState:
    """The state that an assessment holds, to be compared with the outcome of its history."""
    return CurrentState(
        responses=assessment.responses,
        notes=assessment.notes,
        gut=assessment.gut,
        wanted=assessment.wanted,
        gains=tuple(assessment.gains),
    )


def _plain_state(state: CurrentState) -> dict[str, Any]:
    return {
        "responses": state.responses,
        "notes": state.notes,
        "gut": state.gut,
        "wanted": state.wanted,
        "gains": list(state.gains),
    }


def _entry_json(entry: Entry) -> str:
    facts = {"seq": entry.seq, "kind": entry.kind, "item": entry.item, "value": entry.value, "at": _utc_stamp(entry.at)}
    return _compact_json(facts)


def _utc_stamp(moment: datetime) -> str:
    """A moment in UTC, always to the microsecond, so that equal moments are written alike."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_export(data: bytes, from_snapshot: Callable[[str], Instrument], name: str = "-") -> LibraryDocument:
    """What an export holds; raises `TooBig`, or `BadFile` with every problem.

    `from_snapshot` returns the instrument of a bank's text, or raises an `AssessorError`.
    """
    parsed = parse_json(data, name, most=MOST_EXPORT)
    with parsed.collecting_problems() as problems:
        document = _read_document(LocatedValue(parsed.value, (), problems), from_snapshot)
    return document


@dataclass(frozen=True, slots=True)
class _DocumentBank:
    """A bank of the document; `instrument` is None where the bank has a problem."""

    text: str
    instrument: Instrument | None
    #: Of its rules, as it was stored with the responses.
    digest: str = ""


def _read_document(located: LocatedValue, from_snapshot: Callable[[str], Instrument]) -> LibraryDocument:
    """The document, or as much of it as can be read; nothing where it is not an export of this form."""
    is_readable = _is_ours(located) and located.has_exact_keys(
        "assessor", "library", "banks", "collaborations", "assessments"
    )
    if not is_readable:
        return LibraryDocument(library="", collaborations=(), assessments=(), snapshots={})
    library = located.member("library").as_name(MAX_NAME_LENGTH)
    banks = {
        id_: bank
        for id_, bank in (_read_bank(part, from_snapshot) for part in _objects_with_ids(located.member("banks")))
    }
    collaborations_by_id = {
        each.id: each
        for each in (_read_collaboration(p, library) for p in _objects_with_ids(located.member("collaborations")))
    }
    assessments_read = [
        _read_assessment(part, banks, collaborations_by_id) for part in _objects_with_ids(located.member("assessments"))
    ]
    complete = [each for each in assessments_read if each]
    return LibraryDocument(
        library=library,
        collaborations=tuple(collaborations_by_id.values()),
        assessments=tuple(each for each, _ in complete),
        snapshots={each.id: text for each, text in complete},
    )


def _is_ours(located: LocatedValue) -> bool:
    """Whether it is an export of the form that we read; a problem is noted if not."""
    header = located.value.get("assessor") if isinstance(located.value, dict) else None
    number = header.get("export") if isinstance(header, dict) else None
    if not isinstance(number, int):
        located.add_problem(_NOT_OURS, command=typed_command())
    elif number != FORMAT_VERSION:
        located.member("assessor").member("export").add_problem(
            _OTHER_FORMAT_VERSION, given=number, known=FORMAT_VERSION
        )
    return number == FORMAT_VERSION


def _objects_with_ids(located: LocatedValue) -> list[LocatedValue]:
    """The objects in a list; an id that stands twice is noted."""
    seen: set[object] = set()
    objects = [part for part in located.elements() if part.is_object()]
    for part in objects:
        id_ = part.member("id").as_text(MAX_ID_LENGTH)
        if id_ in seen:
            part.member("id").add_problem(_DUPLICATE_ID, given=id_)
        seen.add(id_)
    return objects


def _read_bank(located: LocatedValue, from_snapshot: Callable[[str], Instrument]) -> tuple[str, _DocumentBank]:
    """The id and the bank; its facts must be those of its text, and its id the digest of it."""
    if not located.has_exact_keys("id", "instrument", "version", "digest", "text"):
        return "", _DocumentBank("", None)
    facts = {key: located.member(key).as_text() for key in ("id", "instrument", "version", "digest", "text")}
    try:
        instrument = from_snapshot(facts["text"])
    except AssessorError as error:
        located.add_problem(_BAD_BANK, why=error)
        return facts["id"], _DocumentBank(facts["text"], None)
    ids = (_bank_id(facts["text"]), _bank_id(facts["text"], facts["digest"]))
    is_as_stated = (instrument.id, instrument.version) == (facts["instrument"], facts["version"])
    if facts["id"] not in ids or not is_as_stated or not instrument.is_known_by(facts["digest"]):
        located.add_problem(_CHANGED_BANK)
    return facts["id"], _DocumentBank(facts["text"], instrument, facts["digest"])


def _read_collaboration(located: LocatedValue, library: str) -> Collaboration:
    located.has_exact_keys("id", "party", "undertaking")
    return Collaboration(
        id=located.member("id").as_text(MAX_ID_LENGTH),
        library=library,
        party=located.member("party").as_name(MAX_NAME_LENGTH),
        undertaking=located.member("undertaking").as_name(MAX_NAME_LENGTH, empty=True),
    )


_ASSESSMENT_FACTS: Final = ("id", "collaboration", "bank", "respondent", "started")
_STATE_KEYS: Final = ("responses", "notes", "gut", "wanted", "gains")


def _read_assessment(
    located: LocatedValue, banks: Mapping[str, _DocumentBank], collaborations: Mapping[str, Collaboration]
) -> tuple[Assessment, str] | None:
    """The assessment and its bank's text; None where either cannot be read, which is noted."""
    if not located.has_exact_keys(*_ASSESSMENT_FACTS, *_STATE_KEYS, "history"):
        return None
    bank = _look_up(located.member("bank"), banks, _NO_BANK)
    collaboration = _look_up(located.member("collaboration"), collaborations, _NO_COLLABORATION)
    history = tuple(
        _read_entry(part, bank.instrument if bank else None) for part in _numbered_entries(located.member("history"))
    )
    state = current_state(history)
    _check_state_agrees(located, state)
    started = located.member("started").as_moment()
    respondent = located.member("respondent").as_name(MAX_NAME_LENGTH, empty=True)
    if bank is None or bank.instrument is None or collaboration is None:
        return None
    assessment = Assessment(
        id=located.member("id").as_text(MAX_ID_LENGTH),
        collaboration=collaboration,
        instrument=bank.instrument.id,
        version=bank.instrument.version,
        digest=bank.digest,
        respondent=respondent,
        responses=state.responses,
        notes=state.notes,
        gut=state.gut,
        wanted=state.wanted,
        gains=state.gains,
        started=started,
        changed=history[-1].at if history else started,
        history=history,
    )
    return assessment, bank.text


def _look_up(located: LocatedValue, known: Mapping[str, _Kept], template: str) -> _Kept | None:
    """The object with the id that stands here; None where there is none, which is noted with `template`."""
    id_ = located.as_text(MAX_ID_LENGTH)
    if id_ and id_ not in known:
        located.add_problem(template, given=id_)
    return known.get(id_)


def _numbered_entries(located: LocatedValue) -> list[LocatedValue]:
    """The entries of a history; a gap or disorder in their numbers is noted."""
    parts = [part for part in located.elements() if part.has_exact_keys("seq", "kind", "item", "value", "at")]
    if [part.member("seq").as_whole_number() for part in parts] != list(range(1, len(parts) + 1)):
        located.add_problem(_NOT_NUMBERED)
    return parts


def _read_entry(located: LocatedValue, instrument: Instrument | None) -> Entry:
    """An entry; its kind is checked always, its item and value where the bank could be read."""
    entry = Entry(
        seq=located.member("seq").as_whole_number(),
        kind=located.member("kind").as_text(),
        item=located.member("item").as_text(empty=True),
        value=located.member("value").as_text(MAX_NOTE_LENGTH, empty=True),
        at=located.member("at").as_moment(),
    )
    if entry.kind and entry.kind not in _KINDS:
        located.member("kind").add_problem(_UNKNOWN_KIND, given=entry.kind, known=", ".join(_KINDS))
    elif instrument:
        _check_in_bank(located, entry, instrument)
    return entry


def _check_in_bank(located: LocatedValue, entry: Entry, instrument: Instrument) -> None:
    """Note an item, option, placement or gain that the bank does not have."""
    about_whole = entry.kind != "response" and not entry.item
    if not about_whole and (entry.kind not in ("response", "note") or entry.item not in instrument.by_id):
        located.member("item").add_problem(_NOT_IN_BANK, given=entry.item)
    elif entry.kind != "note" and not set(_entry_values(entry)) <= {*_permitted_values(entry, instrument), DONT_KNOW}:
        located.member("value").add_problem(_NOT_IN_BANK, given=entry.value)


def _entry_values(entry: Entry) -> list[str]:
    """The ids in an entry's value; several for gains, none for an empty value."""
    if entry.kind == "gains":
        return entry.value.split(" ") if entry.value else []
    return [entry.value] if entry.value else []


def _permitted_values(entry: Entry, instrument: Instrument) -> tuple[str, ...]:
    """What the bank allows as the value of an entry of this kind."""
    if entry.kind == "response":
        return instrument.by_id[entry.item].options
    return instrument.gains if entry.kind == "gains" else instrument.placements


def _check_state_agrees(located: LocatedValue, state: CurrentState) -> None:
    """Note where the repeated state differs from the outcome of the history."""
    for key, value in _plain_state(state).items():
        if located.value[key] != value:
            located.member(key).add_problem(_DISAGREES_WITH_HISTORY)
