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
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from assessor import __version__
from assessor.core.entries import Given, given
from assessor.core.instrument import Instrument
from assessor.core.responses import DONT_KNOW, Assessment, Collaboration, Entry
from assessor.core.text_limits import MOST_NAME, MOST_NOTE
from assessor.errors import N_, AssessorError
from assessor.exchange.json_reader import parse
from assessor.exchange.json_values import At

#: The number of this form of the document.
EXPORT: Final = 1

#: Bytes of a document; about twenty-five thousand assessments.
MOST_EXPORT: Final = 100_000_000

_Kept = TypeVar("_Kept")

_KINDS: Final = ("response", "note", "gut", "wanted", "gains")
_MOST_ID: Final = 100

_NOT_OURS = N_("this is no export of assessor; give a file that assessor export wrote")
_NEWER = N_("this export has form {given} and this assessor reads form {known}; update assessor")
_TWICE = N_("the id {given!r} stands twice; take one out")
_NO_BANK = N_("the bank {given!r} is not in the file; export again where its responses were given")
_NO_COLLABORATION = N_("the collaboration {given!r} is not in the file; export again where it is kept")
_BAD_BANK = N_("this bank cannot be used ({why}); export again where its responses were given")
_CHANGED_BANK = N_("this bank's text is not what its facts say; export again where its responses were given")
_KIND = N_("{given!r} is no kind of entry; choose one of: {known}")
_SEQ = N_("the entries are not numbered 1, 2, 3 …; export again")
_NOT_IN_BANK = N_("{given!r} is not known to the bank for this; export again where it was given")
_DISAGREES = N_("this is not what the history amounts to; export again rather than change the file by hand")


class HistoryDisagrees(AssessorError):
    """An assessment that holds something else than its history tells."""

    template = N_("The assessment {assessment} holds something else than its history; restore the last backup")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
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
    banks = {each.id: _digest(snapshots[each.id]) for each in assessments}
    texts = {banks[each.id]: _bank(each, snapshots[each.id]) for each in assessments}
    parts = [
        f'"assessor":{_compact({"export": EXPORT, "version": __version__})}',
        f'"library":{_compact(library)}',
        f'"banks":{_lines(_compact(texts[id_]) for id_ in sorted(texts))}',
        f'"collaborations":{_lines(map(_collaboration, collaborations))}',
        f'"assessments":{_lines(_assessment(each, banks[each.id]) for each in assessments)}',
    ]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _lines(parts: Iterable[str]) -> str:
    """A list with each part on a line of its own, so that a line number tells something."""
    return "[" + ",".join(f"\n{part}" for part in parts) + "]"


def _bank(assessment: Assessment, text: str) -> dict[str, str]:
    facts = {"instrument": assessment.instrument, "version": assessment.version, "digest": assessment.digest}
    return {"id": _digest(text), **facts, "text": text}


def _collaboration(each: Collaboration) -> str:
    return _compact({"id": each.id, "party": each.party, "undertaking": each.undertaking})


def _assessment(each: Assessment, bank: str) -> str:
    amount = given(each.history)
    if amount != _held(each):
        raise HistoryDisagrees(assessment=each.id)
    facts = {
        "id": each.id,
        "collaboration": each.collaboration.id,
        "bank": bank,
        "respondent": each.respondent,
        "started": _stamp(each.started),
        **_plain(amount),
    }
    return f'{_compact(facts)[:-1]},"history":{_lines(map(_entry, each.history))}}}'


def _held(each: Assessment) -> Given:
    return Given(responses=each.responses, notes=each.notes, gut=each.gut, wanted=each.wanted, gains=tuple(each.gains))


def _plain(amount: Given) -> dict[str, Any]:
    return {
        "responses": amount.responses,
        "notes": amount.notes,
        "gut": amount.gut,
        "wanted": amount.wanted,
        "gains": list(amount.gains),
    }


def _entry(each: Entry) -> str:
    facts = {"seq": each.seq, "kind": each.kind, "item": each.item, "value": each.value, "at": _stamp(each.at)}
    return _compact(facts)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_export(data: bytes, from_snapshot: Callable[[str], Instrument], name: str = "-") -> Document:
    """What an export holds; raises `TooBig`, or `BadFile` with every problem.

    `from_snapshot` makes the instrument of a bank's text, or raises an `AssessorError`.
    """
    parsed = parse(data, name, most=MOST_EXPORT)
    with parsed.problems() as problems:
        document = _document(At(parsed.value, (), problems), from_snapshot)
    return document


@dataclass(frozen=True, slots=True)
class _Bank:
    """A bank of the document; no instrument where there is a problem with it."""

    text: str
    instrument: Instrument | None


def _document(at: At, from_snapshot: Callable[[str], Instrument]) -> Document:
    known = _is_ours(at) and at.only("assessor", "library", "banks", "collaborations", "assessments")
    if not known:
        return Document(library="", collaborations=(), assessments=(), snapshots={})
    library = at.part("library").name(MOST_NAME)
    banks = {id_: bank for id_, bank in (_read_bank(part, from_snapshot) for part in _apart(at.part("banks")))}
    read = {each.id: each for each in (_read_collaboration(p, library) for p in _apart(at.part("collaborations")))}
    found = [_read_assessment(part, banks, read) for part in _apart(at.part("assessments"))]
    kept = [each for each in found if each]
    return Document(
        library=library,
        collaborations=tuple(read.values()),
        assessments=tuple(each for each, _ in kept),
        snapshots={each.id: text for each, text in kept},
    )


def _is_ours(at: At) -> bool:
    form = at.value.get("assessor") if isinstance(at.value, dict) else None
    number = form.get("export") if isinstance(form, dict) else None
    if not isinstance(number, int):
        at.refuse(_NOT_OURS)
    elif number != EXPORT:
        at.part("assessor").part("export").refuse(_NEWER, given=number, known=EXPORT)
    return number == EXPORT


def _apart(at: At) -> list[At]:
    """The objects of a list, of which no two have the same id."""
    seen: set[object] = set()
    found = [part for part in at.parts() if part.is_object()]
    for part in found:
        id_ = part.part("id").text(_MOST_ID)
        if id_ in seen:
            part.part("id").refuse(_TWICE, given=id_)
        seen.add(id_)
    return found


def _read_bank(at: At, from_snapshot: Callable[[str], Instrument]) -> tuple[str, _Bank]:
    if not at.only("id", "instrument", "version", "digest", "text"):
        return "", _Bank("", None)
    facts = {key: at.part(key).text() for key in ("id", "instrument", "version", "digest", "text")}
    try:
        instrument = from_snapshot(facts["text"])
    except AssessorError as error:
        at.refuse(_BAD_BANK, why=error)
        return facts["id"], _Bank(facts["text"], None)
    said = (facts["id"], facts["instrument"], facts["version"], facts["digest"])
    if said != (_digest(facts["text"]), instrument.id, instrument.version, instrument.digest):
        at.refuse(_CHANGED_BANK)
    return facts["id"], _Bank(facts["text"], instrument)


def _read_collaboration(at: At, library: str) -> Collaboration:
    at.only("id", "party", "undertaking")
    return Collaboration(
        id=at.part("id").text(_MOST_ID),
        library=library,
        party=at.part("party").name(MOST_NAME),
        undertaking=at.part("undertaking").name(MOST_NAME, empty=True),
    )


_FACTS: Final = ("id", "collaboration", "bank", "respondent", "started")
_AMOUNT: Final = ("responses", "notes", "gut", "wanted", "gains")


def _read_assessment(
    at: At, banks: Mapping[str, _Bank], of: Mapping[str, Collaboration]
) -> tuple[Assessment, str] | None:
    """The assessment and its bank's text."""
    if not at.only(*_FACTS, *_AMOUNT, "history"):
        return None
    bank = _named(at.part("bank"), banks, _NO_BANK)
    collaboration = _named(at.part("collaboration"), of, _NO_COLLABORATION)
    history = tuple(_read_entry(part, bank.instrument if bank else None) for part in _entries(at.part("history")))
    amount = given(history)
    _refuse_other(at, amount)
    started = at.part("started").moment()
    respondent = at.part("respondent").name(MOST_NAME, empty=True)
    if bank is None or bank.instrument is None or collaboration is None:
        return None
    assessment = Assessment(
        id=at.part("id").text(),
        collaboration=collaboration,
        instrument=bank.instrument.id,
        version=bank.instrument.version,
        digest=bank.instrument.digest,
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


def _named(at: At, known: Mapping[str, _Kept], template: str) -> _Kept | None:
    id_ = at.text(_MOST_ID)
    if id_ and id_ not in known:
        at.refuse(template, given=id_)
    return known.get(id_)


def _entries(at: At) -> list[At]:
    parts = [part for part in at.parts() if part.only("seq", "kind", "item", "value", "at")]
    if [part.part("seq").whole() for part in parts] != list(range(1, len(parts) + 1)):
        at.refuse(_SEQ)
    return parts


def _read_entry(at: At, instrument: Instrument | None) -> Entry:
    entry = Entry(
        seq=at.part("seq").whole(),
        kind=at.part("kind").text(),
        item=at.part("item").text(empty=True),
        value=at.part("value").text(MOST_NOTE, empty=True),
        at=at.part("at").moment(),
    )
    if entry.kind and entry.kind not in _KINDS:
        at.part("kind").refuse(_KIND, given=entry.kind, known=", ".join(_KINDS))
    elif instrument:
        _refuse_unknown(at, entry, instrument)
    return entry


def _refuse_unknown(at: At, entry: Entry, instrument: Instrument) -> None:
    """Note an item, option, placement or gain that the bank does not have."""
    about_whole = entry.kind != "response" and not entry.item
    if not about_whole and (entry.kind not in ("response", "note") or entry.item not in instrument.by_id):
        at.part("item").refuse(_NOT_IN_BANK, given=entry.item)
    elif entry.kind != "note" and not set(_values(entry)) <= {*_offered(entry, instrument), DONT_KNOW}:
        at.part("value").refuse(_NOT_IN_BANK, given=entry.value)


def _values(entry: Entry) -> list[str]:
    if entry.kind == "gains":
        return entry.value.split(" ") if entry.value else []
    return [entry.value] if entry.value else []


def _offered(entry: Entry, instrument: Instrument) -> tuple[str, ...]:
    if entry.kind == "response":
        return instrument.by_id[entry.item].options
    return instrument.gains if entry.kind == "gains" else instrument.placements


def _refuse_other(at: At, amount: Given) -> None:
    for key, value in _plain(amount).items():
        if at.value[key] != value:
            at.part(key).refuse(_DISAGREES)
