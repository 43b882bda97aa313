"""All of a library in one JSON document: its collaborations and assessments with their histories, and their banks.

The document, with every key always there:

    assessor        {"export": 1, "version": of the program that wrote it}
    library         its name
    banks           [{"id", "instrument", "version", "digest", "text"}]: the whole text of every bank responded to
    collaborations  [{"id", "party", "undertaking"}], in the library's order
    assessments     [{"id", "collaboration", "bank", "respondent", "started", "responses", "notes", "gut", "wanted",
                      "gains", "history": [{"seq", "kind", "item", "value", "at"}]}], in the library's order

The history says it all; `responses` to `gains` repeat what it amounts to, for programs that want no more, and must
agree with it. A bank's id is the SHA-256 of its text. Equal content gives equal bytes.
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
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from assessor.errors import N_, AssessorError
from assessor.exchange.json_reader import parse_json
from assessor.exchange.json_values import LocatedValue
from assessor.setup.commands import typed_command

#: The number of this form of the document.
FORMAT_VERSION: Final = 1

#: Bytes of a document; about twenty-five thousand assessments.
MOST_EXPORT: Final = 100_000_000

_Kept = TypeVar("_Kept")

_KINDS: Final = ("response", "note", "gut", "wanted", "gains")
_MOST_ID: Final = 100

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
    """An assessment that holds something else than its history tells."""

    template = N_("The assessment {assessment} does not match its own history; restore the last backup")


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryDocument:
    """What an export holds, every response checked against the bank it was given under."""

    library: str
    collaborations: tuple[Collaboration, ...]
    assessments: tuple[Assessment, ...]
    #: The whole text of its bank, by assessment id.
    snapshots: Mapping[str, str]


def export_library(
    library: str,
    collaborations: Iterable[Collaboration],
    assessments: Iterable[Assessment],
    snapshots: Mapping[str, str],
) -> bytes:
    """The document; `snapshots` holds, by assessment id, the text of the bank that it was begun with."""
    assessments = tuple(assessments)
    banks = _bank_ids(assessments, snapshots)
    texts = {banks[each.id]: _bank_facts(banks[each.id], each, snapshots[each.id]) for each in assessments}
    parts = [
        f'"assessor":{_compact_json({"export": FORMAT_VERSION, "version": __version__})}',
        f'"library":{_compact_json(library)}',
        f'"banks":{_json_list(_compact_json(texts[id_]) for id_ in sorted(texts))}',
        f'"collaborations":{_json_list(map(_collaboration_json, collaborations))}',
        f'"assessments":{_json_list(_assessment_json(each, banks[each.id]) for each in assessments)}',
    ]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _bank_ids(assessments: Collection[Assessment], snapshots: Mapping[str, str]) -> dict[str, str]:
    """By assessment id, what its bank is called in the file: the digest of its text.

    Where one text is known by several digests of its rules, each with its text is a bank of its own.
    """
    known: dict[str, set[str]] = {}
    for each in assessments:
        known.setdefault(snapshots[each.id], set()).add(each.digest)
    return {
        each.id: _bank_id(snapshots[each.id], "" if len(known[snapshots[each.id]]) == 1 else each.digest)
        for each in assessments
    }


def _bank_id(text: str, rules_digest: str = "") -> str:
    return _text_digest(f"{rules_digest} {text}" if rules_digest else text)


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _json_list(parts: Iterable[str]) -> str:
    """A list with each part on a line of its own, so that a line number tells something."""
    return "[" + ",".join(f"\n{part}" for part in parts) + "]"


def _bank_facts(id_: str, assessment: Assessment, text: str) -> dict[str, str]:
    facts = {"instrument": assessment.instrument, "version": assessment.version, "digest": assessment.digest}
    return {"id": id_, **facts, "text": text}


def _collaboration_json(each: Collaboration) -> str:
    return _compact_json({"id": each.id, "party": each.party, "undertaking": each.undertaking})


def _assessment_json(each: Assessment, bank: str) -> str:
    amount = current_state(each.history)
    if amount != _stored_state(each):
        raise HistoryDisagrees(assessment=each.id)
    facts = {
        "id": each.id,
        "collaboration": each.collaboration.id,
        "bank": bank,
        "respondent": each.respondent,
        "started": _utc_stamp(each.started),
        **_plain_state(amount),
    }
    return f'{_compact_json(facts)[:-1]},"history":{_json_list(map(_entry_json, each.history))}}}'


def _stored_state(each: Assessment) -> CurrentState:
    return CurrentState(
        responses=each.responses, notes=each.notes, gut=each.gut, wanted=each.wanted, gains=tuple(each.gains)
    )


def _plain_state(amount: CurrentState) -> dict[str, Any]:
    return {
        "responses": amount.responses,
        "notes": amount.notes,
        "gut": amount.gut,
        "wanted": amount.wanted,
        "gains": list(amount.gains),
    }


def _entry_json(each: Entry) -> str:
    facts = {"seq": each.seq, "kind": each.kind, "item": each.item, "value": each.value, "at": _utc_stamp(each.at)}
    return _compact_json(facts)


def _utc_stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_export(data: bytes, from_snapshot: Callable[[str], Instrument], name: str = "-") -> LibraryDocument:
    """What an export holds; raises `TooBig`, or `BadFile` with every problem.

    `from_snapshot` makes the instrument of a bank's text, or raises an `AssessorError`.
    """
    parsed = parse_json(data, name, most=MOST_EXPORT)
    with parsed.collecting_problems() as problems:
        document = _read_document(LocatedValue(parsed.value, (), problems), from_snapshot)
    return document


@dataclass(frozen=True, slots=True)
class _DocumentBank:
    """A bank of the document; no instrument where there is a problem with it."""

    text: str
    instrument: Instrument | None
    #: As it was kept with the responses.
    digest: str = ""


def _read_document(at: LocatedValue, from_snapshot: Callable[[str], Instrument]) -> LibraryDocument:
    known = _is_ours(at) and at.has_exact_keys("assessor", "library", "banks", "collaborations", "assessments")
    if not known:
        return LibraryDocument(library="", collaborations=(), assessments=(), snapshots={})
    library = at.member("library").as_name(MAX_NAME_LENGTH)
    banks = {
        id_: bank for id_, bank in (_read_bank(part, from_snapshot) for part in _objects_with_ids(at.member("banks")))
    }
    read = {
        each.id: each
        for each in (_read_collaboration(p, library) for p in _objects_with_ids(at.member("collaborations")))
    }
    found = [_read_assessment(part, banks, read) for part in _objects_with_ids(at.member("assessments"))]
    kept = [each for each in found if each]
    return LibraryDocument(
        library=library,
        collaborations=tuple(read.values()),
        assessments=tuple(each for each, _ in kept),
        snapshots={each.id: text for each, text in kept},
    )


def _is_ours(at: LocatedValue) -> bool:
    form = at.value.get("assessor") if isinstance(at.value, dict) else None
    number = form.get("export") if isinstance(form, dict) else None
    if not isinstance(number, int):
        at.add_problem(_NOT_OURS, command=typed_command())
    elif number != FORMAT_VERSION:
        at.member("assessor").member("export").add_problem(_OTHER_FORMAT_VERSION, given=number, known=FORMAT_VERSION)
    return number == FORMAT_VERSION


def _objects_with_ids(at: LocatedValue) -> list[LocatedValue]:
    """The objects of a list, of which no two have the same id."""
    seen: set[object] = set()
    found = [part for part in at.elements() if part.is_object()]
    for part in found:
        id_ = part.member("id").as_text(_MOST_ID)
        if id_ in seen:
            part.member("id").add_problem(_DUPLICATE_ID, given=id_)
        seen.add(id_)
    return found


def _read_bank(at: LocatedValue, from_snapshot: Callable[[str], Instrument]) -> tuple[str, _DocumentBank]:
    if not at.has_exact_keys("id", "instrument", "version", "digest", "text"):
        return "", _DocumentBank("", None)
    facts = {key: at.member(key).as_text() for key in ("id", "instrument", "version", "digest", "text")}
    try:
        instrument = from_snapshot(facts["text"])
    except AssessorError as error:
        at.add_problem(_BAD_BANK, why=error)
        return facts["id"], _DocumentBank(facts["text"], None)
    ids = (_bank_id(facts["text"]), _bank_id(facts["text"], facts["digest"]))
    of_text = (instrument.id, instrument.version) == (facts["instrument"], facts["version"])
    if facts["id"] not in ids or not of_text or not instrument.is_known_by(facts["digest"]):
        at.add_problem(_CHANGED_BANK)
    return facts["id"], _DocumentBank(facts["text"], instrument, facts["digest"])


def _read_collaboration(at: LocatedValue, library: str) -> Collaboration:
    at.has_exact_keys("id", "party", "undertaking")
    return Collaboration(
        id=at.member("id").as_text(_MOST_ID),
        library=library,
        party=at.member("party").as_name(MAX_NAME_LENGTH),
        undertaking=at.member("undertaking").as_name(MAX_NAME_LENGTH, empty=True),
    )


_ASSESSMENT_FACTS: Final = ("id", "collaboration", "bank", "respondent", "started")
_STATE_KEYS: Final = ("responses", "notes", "gut", "wanted", "gains")


def _read_assessment(
    at: LocatedValue, banks: Mapping[str, _DocumentBank], of: Mapping[str, Collaboration]
) -> tuple[Assessment, str] | None:
    """The assessment and its bank's text."""
    if not at.has_exact_keys(*_ASSESSMENT_FACTS, *_STATE_KEYS, "history"):
        return None
    bank = _look_up(at.member("bank"), banks, _NO_BANK)
    collaboration = _look_up(at.member("collaboration"), of, _NO_COLLABORATION)
    history = tuple(
        _read_entry(part, bank.instrument if bank else None) for part in _numbered_entries(at.member("history"))
    )
    amount = current_state(history)
    _check_state_agrees(at, amount)
    started = at.member("started").as_moment()
    respondent = at.member("respondent").as_name(MAX_NAME_LENGTH, empty=True)
    if bank is None or bank.instrument is None or collaboration is None:
        return None
    assessment = Assessment(
        id=at.member("id").as_text(),
        collaboration=collaboration,
        instrument=bank.instrument.id,
        version=bank.instrument.version,
        digest=bank.digest,
        respondent=respondent,
        responses=amount.responses,
        notes=amount.notes,
        gut=amount.gut,
        wanted=amount.wanted,
        gains=amount.gains,
        started=started,
        changed=history[-1].at if history else started,
        history=history,
    )
    return assessment, bank.text


def _look_up(at: LocatedValue, known: Mapping[str, _Kept], template: str) -> _Kept | None:
    id_ = at.as_text(_MOST_ID)
    if id_ and id_ not in known:
        at.add_problem(template, given=id_)
    return known.get(id_)


def _numbered_entries(at: LocatedValue) -> list[LocatedValue]:
    parts = [part for part in at.elements() if part.has_exact_keys("seq", "kind", "item", "value", "at")]
    if [part.member("seq").as_whole_number() for part in parts] != list(range(1, len(parts) + 1)):
        at.add_problem(_NOT_NUMBERED)
    return parts


def _read_entry(at: LocatedValue, instrument: Instrument | None) -> Entry:
    entry = Entry(
        seq=at.member("seq").as_whole_number(),
        kind=at.member("kind").as_text(),
        item=at.member("item").as_text(empty=True),
        value=at.member("value").as_text(MAX_NOTE_LENGTH, empty=True),
        at=at.member("at").as_moment(),
    )
    if entry.kind and entry.kind not in _KINDS:
        at.member("kind").add_problem(_UNKNOWN_KIND, given=entry.kind, known=", ".join(_KINDS))
    elif instrument:
        _check_in_bank(at, entry, instrument)
    return entry


def _check_in_bank(at: LocatedValue, entry: Entry, instrument: Instrument) -> None:
    """Note an item, option, placement or gain that the bank does not have."""
    about_whole = entry.kind != "response" and not entry.item
    if not about_whole and (entry.kind not in ("response", "note") or entry.item not in instrument.by_id):
        at.member("item").add_problem(_NOT_IN_BANK, given=entry.item)
    elif entry.kind != "note" and not set(_entry_values(entry)) <= {*_permitted_values(entry, instrument), DONT_KNOW}:
        at.member("value").add_problem(_NOT_IN_BANK, given=entry.value)


def _entry_values(entry: Entry) -> list[str]:
    if entry.kind == "gains":
        return entry.value.split(" ") if entry.value else []
    return [entry.value] if entry.value else []


def _permitted_values(entry: Entry, instrument: Instrument) -> tuple[str, ...]:
    if entry.kind == "response":
        return instrument.by_id[entry.item].options
    return instrument.gains if entry.kind == "gains" else instrument.placements


def _check_state_agrees(at: LocatedValue, amount: CurrentState) -> None:
    for key, value in _plain_state(amount).items():
        if at.value[key] != value:
            at.member(key).add_problem(_DISAGREES_WITH_HISTORY)
