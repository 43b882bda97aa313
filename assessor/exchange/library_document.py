"""All of a library in one JSON document: its collaborations and assessments with their histories, and their banks.

The document, with every key always there:

    assessor        {"export": 2, "version": of the program that wrote it}
    library         its name
    goals           [{"id", "text"}]: the library's own, in its order
    logo            null, or {"media": "image/png" or "image/svg+xml", "data": in base 64, "at"}
    members         [{"id", "name"}]: who gave entries, where there are several
    profile         [{"seq", "kind", "item", "value", "at", "key", "replaces", "who"}]: what the library said of itself
    banks           [{"id", "instrument", "version", "digest", "text"}]: the whole text of every bank responded to
    collaborations  [{"id", "party", "undertaking"}], in the library's order
    assessments     [{"id", "collaboration", "bank", "respondent", "started", "responses", "notes", "gut", "wanted",
                      "gains", "ends", "goal", "steps": [{"id", "what", "who", "when"}], "quoted",
                      "history": [as in the profile]}], in the library's order

The history is complete; `responses` to `quoted` repeat its outcome for programs that need no more, and must agree with
it, as `goals` with the profile. An entry's key is its identity in every copy, and `replaces` has the keys of the
entries of its kind and item that it took the place of. Form 1, which is still read, has neither, no profile, goals,
logo and members, and nothing after `gains`. A bank's id is the SHA-256 of its text. Equal content gives equal bytes, so
that exports can be compared. Reading trusts nothing: every response is checked against the bank that the document
carries.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, TypeVar

from assessor import __version__
from assessor.core.entries import ENTRY_KINDS, STEP_PARTS, CurrentState, current_state
from assessor.core.instrument import Instrument
from assessor.core.months import is_paper_end
from assessor.core.names import distinct_names
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.text_limits import MAX_ID_LENGTH, MAX_NAME_LENGTH
from assessor.errors import N_, AssessorError
from assessor.exchange.entry_json import compact_json, entry_json, json_list, numbered_entries, read_entry, utc_stamp
from assessor.exchange.json_reader import parse_json
from assessor.exchange.json_values import LocatedValue
from assessor.exchange.profile_document import NO_PROFILE, PROFILE_KEYS, ProfileDocument, profile_parts, read_profile
from assessor.setup.commands import typed_command

#: The version of the document's form, and those that are read; a document of another one is refused.
FORMAT_VERSION: Final = 2
READ_VERSIONS: Final = (1, 2)

#: Most bytes of a document; about twenty-five thousand assessments.
MOST_EXPORT: Final = 100_000_000

_Kept = TypeVar("_Kept")


_NOT_OURS = N_("this is not an export from assessor; give a file that {command} export wrote")
_OTHER_FORMAT_VERSION = N_("this export has format {given} and this assessor reads format {known}; update assessor")
_DUPLICATE_ID = N_("the id {given!r} appears twice; remove one")
_NO_BANK = N_("the bank {given!r} is not in the file; export again where its responses were given")
_NO_COLLABORATION = N_("the collaboration {given!r} is not in the file; export again where it is kept")
_BAD_BANK = N_("this bank cannot be used ({why}); export again where its responses were given")
_CHANGED_BANK = N_("this bank's text does not match its facts; export again where its responses were given")
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
    profile: ProfileDocument = NO_PROFILE


def export_library(
    library: str,
    collaborations: Iterable[Collaboration],
    assessments: Iterable[Assessment],
    snapshots: Mapping[str, str],
    profile: ProfileDocument = NO_PROFILE,
) -> bytes:
    """The document; `snapshots` are the texts of the banks by assessment id. Raises `HistoryDisagrees`."""
    assessments = tuple(assessments)
    banks = _bank_ids(assessments, snapshots)
    texts = {
        banks[assessment.id]: _bank_facts(banks[assessment.id], assessment, snapshots[assessment.id])
        for assessment in assessments
    }
    parts = [
        f'"assessor":{compact_json({"export": FORMAT_VERSION, "version": __version__})}',
        f'"library":{compact_json(library)}',
        *profile_parts(profile),
        f'"banks":{json_list(compact_json(texts[id_]) for id_ in sorted(texts))}',
        f'"collaborations":{json_list(map(_collaboration_json, collaborations))}',
        f'"assessments":{json_list(_assessment_json(assessment, banks[assessment.id]) for assessment in assessments)}',
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


def _bank_facts(id_: str, assessment: Assessment, text: str) -> dict[str, str]:
    facts = {"instrument": assessment.instrument, "version": assessment.version, "digest": assessment.digest}
    return {"id": id_, **facts, "text": text}


def _collaboration_json(collaboration: Collaboration) -> str:
    return compact_json(
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
        "started": utc_stamp(assessment.started),
        **_plain_state(state),
    }
    return f'{compact_json(facts)[:-1]},"history":{json_list(map(entry_json, assessment.history))}}}'


def _stored_state(assessment: Assessment) -> CurrentState:
    """The state that an assessment holds, to be compared with the outcome of its history."""
    return CurrentState(**{each.name: getattr(assessment, each.name) for each in fields(CurrentState)})


#: What repeats the outcome of a history, in form 1 and beyond it.
_STATE_KEYS: Final = ("responses", "notes", "gut", "wanted", "gains")
_LATER_STATE_KEYS: Final = ("ends", "goal", "steps", "quoted")


def _plain_state(state: CurrentState) -> dict[str, Any]:
    return {
        "responses": state.responses,
        "notes": state.notes,
        "gut": state.gut,
        "wanted": state.wanted,
        "gains": list(state.gains),
        "ends": state.ends,
        "goal": state.goal,
        "steps": [{"id": step.id, "what": step.what, "who": step.who, "when": step.when} for step in state.steps],
        "quoted": state.quoted,
    }


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
    form = _form_of(located)
    keys = ("assessor", "library", *(PROFILE_KEYS if form > 1 else ()), "banks", "collaborations", "assessments")
    if not form or not located.has_exact_keys(*keys):
        return LibraryDocument(library="", collaborations=(), assessments=(), snapshots={})
    library = located.member("library").as_name(MAX_NAME_LENGTH)
    banks = {
        id_: bank
        for id_, bank in (_read_bank(part, from_snapshot) for part in _objects_with_ids(located.member("banks")))
    }
    collaborations_by_id = {
        each.id: each for each in _read_collaborations(_objects_with_ids(located.member("collaborations")), library)
    }
    assessments_read = [
        _read_assessment(part, form, banks, collaborations_by_id)
        for part in _objects_with_ids(located.member("assessments"))
    ]
    complete = [each for each in assessments_read if each]
    return LibraryDocument(
        library=library,
        collaborations=tuple(collaborations_by_id.values()),
        assessments=tuple(each for each, _ in complete),
        snapshots={each.id: text for each, text in complete},
        profile=read_profile(located) if form > 1 else NO_PROFILE,
    )


def _form_of(located: LocatedValue) -> int:
    """The version of the export's form; 0 where it is none that we read, and a problem is noted."""
    header = located.value.get("assessor") if isinstance(located.value, dict) else None
    number = header.get("export") if isinstance(header, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        located.add_problem(_NOT_OURS, command=typed_command())
    elif number not in READ_VERSIONS:
        located.member("assessor").member("export").add_problem(
            _OTHER_FORMAT_VERSION, given=number, known=FORMAT_VERSION
        )
    return number if isinstance(number, int) and number in READ_VERSIONS else 0


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


def _read_collaborations(parts: Sequence[LocatedValue], library: str) -> list[Collaboration]:
    """The collaborations; names of an earlier version that look the same get the numbers that a store gives them."""
    read = [_read_collaboration(part, library) for part in parts]
    written = [(part.value.get("party"), part.value.get("undertaking")) for part in parts]
    if not all(isinstance(name, str) for names in written for name in names):
        return read  # which is noted
    places: dict[str, list[int]] = defaultdict(list)
    for place, (party, _) in enumerate(written):
        places[party].append(place)
    for name, party in zip(sorted(places), distinct_names(sorted(places)), strict=True):
        undertakings = distinct_names([written[place][1] for place in places[name]])
        for place, undertaking in zip(places[name], undertakings, strict=True):
            read[place] = replace(read[place], party=party, undertaking=undertaking)
    return read


def _read_collaboration(located: LocatedValue, library: str) -> Collaboration:
    located.has_exact_keys("id", "party", "undertaking")
    return Collaboration(
        id=located.member("id").as_text(MAX_ID_LENGTH),
        library=library,
        party=located.member("party").as_name(MAX_NAME_LENGTH),
        undertaking=located.member("undertaking").as_name(MAX_NAME_LENGTH, empty=True),
    )


_ASSESSMENT_FACTS: Final = ("id", "collaboration", "bank", "respondent", "started")


def _read_assessment(
    located: LocatedValue, form: int, banks: Mapping[str, _DocumentBank], collaborations: Mapping[str, Collaboration]
) -> tuple[Assessment, str] | None:
    """The assessment and its bank's text; None where either cannot be read, which is noted."""
    state_keys = (*_STATE_KEYS, *(_LATER_STATE_KEYS if form > 1 else ()))
    if not located.has_exact_keys(*_ASSESSMENT_FACTS, *state_keys, "history"):
        return None
    bank = _look_up(located.member("bank"), banks, _NO_BANK)
    collaboration = _look_up(located.member("collaboration"), collaborations, _NO_COLLABORATION)
    history = tuple(
        _read_entry(part, bank.instrument if bank else None)
        for part in numbered_entries(located.member("history"), form)
    )
    state = current_state(history)
    _check_state_agrees(located, state, state_keys)
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
        **{each.name: getattr(state, each.name) for each in fields(CurrentState)},
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


def _read_entry(located: LocatedValue, instrument: Instrument | None) -> Entry:
    """An entry; its kind is checked always, its item and value where the bank could be read."""
    entry = read_entry(located, ENTRY_KINDS)
    if entry.kind in ENTRY_KINDS and instrument:
        _check_in_bank(located, entry, instrument)
    return entry


def _check_in_bank(located: LocatedValue, entry: Entry, instrument: Instrument) -> None:
    """Note an item, option, placement, gain or moment that the bank does not have, or that nobody can mean."""
    if entry.item not in _permitted_items(entry, instrument) and not _is_step_part(entry):
        located.member("item").add_problem(_NOT_IN_BANK, given=entry.item)
        return
    permitted = _permitted_values(entry, instrument)
    if permitted is not None and not set(_entry_values(entry)) <= permitted:
        located.member("value").add_problem(_NOT_IN_BANK, given=entry.value)


def _permitted_items(entry: Entry, instrument: Instrument) -> Collection[str]:
    """What an entry of this kind may stand under; a part of a step under any id."""
    match entry.kind:
        case "response":
            return instrument.by_id
        case "note" | "quoted":
            return {"", *instrument.by_id}
        case "ends":
            return instrument.by_id
        case _:
            return {""}


def _is_step_part(entry: Entry) -> bool:
    id_, _dot, part = entry.item.rpartition(".")
    return entry.kind == "step" and bool(id_) and part in STEP_PARTS


def _entry_values(entry: Entry) -> list[str]:
    """The ids in an entry's value; several for gains, none for an empty value."""
    if entry.kind == "gains":
        return entry.value.split(" ") if entry.value else []
    return [entry.value] if entry.value else []


def _permitted_values(entry: Entry, instrument: Instrument) -> set[str] | None:
    """What may be the value of an entry of this kind; None for what may be any text."""
    match entry.kind:
        case "response":
            return {*instrument.by_id[entry.item].options, DONT_KNOW}
        case "gut" | "wanted":
            return {*instrument.placements, DONT_KNOW}
        case "gains":
            return {*instrument.gains, DONT_KNOW}
        case "quoted":
            return {"yes", "no"}
        case "ends":
            return {entry.value} if is_paper_end(entry.value) else set()
        case _:
            return None


def _check_state_agrees(located: LocatedValue, state: CurrentState, keys: Iterable[str]) -> None:
    """Note where the repeated state differs from the outcome of the history."""
    plain = _plain_state(state)
    for key in keys:
        if located.value[key] != plain[key]:
            located.member(key).add_problem(_DISAGREES_WITH_HISTORY)
