"""Compiled banks, kept between runs under the hash of the text they were made from.

Nothing here imports pydantic or PyYAML: that is the point of it. A kept file is JSON under a checksum; whatever
is wrong with it, it is made again, and where it cannot be written nothing is lost but time.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from assessor import paths
from assessor.bank.case import Case
from assessor.core.conditions import AllOf, AnyOf, AtLeast, Condition, ItemIs, Not
from assessor.core.diagram import Diagram
from assessor.core.instrument import Instrument, Item, Mark, Outcome, Source
from assessor.core.sides import Gain, Sides
from assessor.core.wording import (
    DraftClauses,
    DraftKind,
    DraftSection,
    DraftWords,
    ItemWords,
    MarkWords,
    OptionWords,
    PlacementWords,
    StepWords,
    Wording,
)
from assessor.private_files import new_private_file

#: Rises with every change of what is written below.
FORMAT: Final = 1

#: Files in the folder; the oldest go.
_MOST = 60

_T = TypeVar("_T")

_BROKEN = (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def cache_key(kind: str, *contents: bytes) -> str:
    """What a kept thing is found by: its texts, this layout and the code that compiles."""
    told = hashlib.sha256(f"{kind} {FORMAT} {_code()}".encode())
    for content in contents:
        told.update(hashlib.sha256(content).digest())
    return told.hexdigest()


def load_instrument(key: str) -> Instrument | None:
    """The instrument kept under a key, its rules compiled; None when it has to be made."""
    return _read(key, from_plain_instrument)


def load_wording(key: str) -> Wording | None:
    """The wording kept under a key; None when it has to be made."""
    return _read(key, from_plain_wording)


def load_cases(key: str) -> tuple[Case, ...] | None:
    """The worked cases kept under a key; None when they have to be made."""
    return _read(key, from_plain_cases)


def load_sides(key: str) -> Sides | None:
    """The other party's side kept under a key; None when it has to be made."""
    return _read(key, from_plain_sides)


def save(key: str, plain: Mapping[str, Any]) -> None:
    """Write atomically and for the owner's eyes only; a folder that cannot be written is no error."""
    body = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    with contextlib.suppress(OSError, RuntimeError):
        _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_private_file(_file(key), replace=True) as part:
            part.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        _thin_out()


def plain_instrument(instrument: Instrument) -> dict[str, Any]:
    """Lists, texts and numbers only, the compiled rules among them."""
    return {
        "id": instrument.id,
        "version": instrument.version,
        "digest": instrument.digest,
        "items": [_plain_item(item) for item in instrument.items],
        "outcomes": [[outcome.id, _plain_condition(outcome.when)] for outcome in instrument.outcomes],
        "levels": instrument.levels,
        "marks": [_plain_mark(mark) for mark in instrument.marks],
        "signals": [_plain_mark(mark) for mark in instrument.signals],
        "sources": [asdict(source) for source in instrument.sources.values()],
        "split": instrument.split_signals,
        "gains": instrument.gains,
        "diagram": instrument.diagram.to_plain(),
    }


def from_plain_instrument(plain: Mapping[str, Any]) -> Instrument:
    """The instrument that `plain_instrument` told."""
    return Instrument(
        id=plain["id"],
        version=plain["version"],
        digest=plain["digest"],
        items=tuple(_item(*item) for item in plain["items"]),
        outcomes=tuple(Outcome(id=id, when=_condition(when)) for id, when in plain["outcomes"]),
        levels=tuple(plain["levels"]),
        marks=tuple(_mark(*mark) for mark in plain["marks"]),
        signals=tuple(_mark(*mark) for mark in plain["signals"]),
        sources={source["id"]: Source(**source) for source in plain["sources"]},
        split_signals=tuple(plain["split"]),
        gains=tuple(plain["gains"]),
        precompiled=Diagram.from_plain(plain["diagram"]),
    )


def plain_wording(wording: Wording) -> dict[str, Any]:
    """Lists and texts only."""
    return asdict(wording)


def from_plain_wording(plain: Mapping[str, Any]) -> Wording:
    """The wording that `plain_wording` told."""
    return Wording(
        language=plain["language"],
        name=plain["name"],
        about=plain["about"],
        items={id: _item_words(item) for id, item in plain["items"].items()},
        placements={id: PlacementWords(**words) for id, words in plain["placements"].items()},
        marks={id: MarkWords(**words) for id, words in plain["marks"].items()},
        signals={id: MarkWords(**words) for id, words in plain["signals"].items()},
        gains=plain["gains"],
        method=tuple(plain["method"]),
        limits=tuple(plain["limits"]),
        drafts=plain["drafts"] and _draft_words(plain["drafts"]),
    )


def plain_sides(sides: Sides) -> dict[str, Any]:
    """Lists and texts only."""
    return asdict(sides)


def from_plain_sides(plain: Mapping[str, Any]) -> Sides:
    """The sides that `plain_sides` told."""
    gain = plain["gain"]
    return Sides(
        asked=tuple(plain["asked"]),
        mirrors=plain["mirrors"],
        gain=gain and Gain(item=gain["item"], ours=tuple(gain["ours"]), theirs=tuple(gain["theirs"])),
        wishes=tuple(plain["wishes"]),
    )


def plain_cases(cases: tuple[Case, ...]) -> dict[str, Any]:
    """Lists and texts only."""
    return {"cases": [asdict(case) for case in cases]}


def from_plain_cases(plain: Mapping[str, Any]) -> tuple[Case, ...]:
    """The cases that `plain_cases` told."""
    return tuple(Case(**{**case, "placements": tuple(case["placements"])}) for case in plain["cases"])


@cache
def _code() -> str:
    """Changes when the code that reads and compiles banks does: what another code kept is never read."""
    here = Path(__file__).parent
    with contextlib.suppress(OSError):
        found = sorted([*os.scandir(here), *os.scandir(here.parent / "core")], key=lambda each: each.path)
        stats = ((each.name, each.stat()) for each in found if each.name.endswith(".py"))
        return " ".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats)
    return ""


def _folder() -> Path:
    return paths.cache_folder() / "banks"


def _file(key: str) -> Path:
    return _folder() / f"{key}.json"


def _read(key: str, made: Callable[[Mapping[str, Any]], _T]) -> _T | None:
    """What the kept file holds; None when there is none, or when anything is wrong with it."""
    try:
        told, _, body = _file(key).read_bytes().partition(b"\n")
        if told.decode() != hashlib.sha256(body).hexdigest():
            return None
        return made(json.loads(body))
    except (*_BROKEN, RuntimeError):
        return None


def _thin_out() -> None:
    """Leave the files written last."""
    found = sorted(_folder().glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
    for old in found[:-_MOST]:
        old.unlink(missing_ok=True)


def _plain_item(item: Item) -> list[Any]:
    slips = {option: dict(slips) for option, slips in item.slips.items()}
    when = _plain_condition(item.when)
    return [item.id, item.options, item.rising, when, item.sources, dict(item.efforts), slips]


def _item(
    id: str,
    options: list[str],
    rising: list[list[str]],
    when: list[Any] | None,
    sources: list[str],
    efforts: dict[str, int],
    slips: dict[str, dict[str, int]],
) -> Item:
    return Item(
        id=id,
        options=tuple(options),
        rising=tuple(map(tuple, rising)),
        when=_condition(when),
        sources=tuple(sources),
        efforts=efforts,
        slips=slips,
    )


def _plain_mark(mark: Mark) -> list[Any]:
    return [mark.id, _plain_condition(mark.when), mark.sources]


def _mark(id: str, when: list[Any], sources: list[str]) -> Mark:
    condition = _condition(when)
    if condition is None:
        raise ValueError(id)
    return Mark(id=id, when=condition, sources=tuple(sources))


def _plain_condition(condition: Condition | None) -> list[Any] | None:
    match condition:
        case ItemIs():
            return ["item", condition.item, *condition.options]
        case Not():
            return ["not", _plain_condition(condition.part)]
        case AllOf():
            return ["all", *map(_plain_condition, condition.parts)]
        case AnyOf():
            return ["any", *map(_plain_condition, condition.parts)]
        case AtLeast():
            return ["at_least", condition.count, *map(_plain_condition, condition.parts)]
    return None


def _condition(plain: list[Any] | None) -> Condition | None:
    return None if plain is None else _some_condition(plain)


def _some_condition(plain: list[Any]) -> Condition:
    kind, *rest = plain
    match kind:
        case "item":
            return ItemIs(rest[0], tuple(rest[1:]))
        case "not":
            return Not(_some_condition(rest[0]))
        case "all":
            return AllOf(tuple(map(_some_condition, rest)))
        case "any":
            return AnyOf(tuple(map(_some_condition, rest)))
        case "at_least":
            return AtLeast(rest[0], tuple(map(_some_condition, rest[1:])))
    raise ValueError(kind)


def _item_words(plain: Mapping[str, Any]) -> ItemWords:
    options = {id: _option_words(words) for id, words in plain["options"].items()}
    return ItemWords(short=plain["short"], ask=plain["ask"], hint=plain["hint"], options=options)


def _option_words(plain: Mapping[str, Any]) -> OptionWords:
    step = plain["step"]
    return OptionWords(**{**plain, "step": step and StepWords(**step)})


def _draft_words(plain: Mapping[str, Any]) -> DraftWords:
    kinds = {
        id: DraftKind(name=kind["name"], opening=tuple(kind["opening"]), closing=tuple(kind["closing"]))
        for id, kind in plain["kinds"].items()
    }
    sections = tuple(map(_draft_section, plain["sections"]))
    return DraftWords(
        **{**plain, "kinds": kinds, "sections": sections, "signatures": tuple(plain["signatures"])},
    )


def _draft_section(plain: Mapping[str, Any]) -> DraftSection:
    items = {
        id: DraftClauses(options=clauses["options"], unknown=tuple(clauses["unknown"]))
        for id, clauses in plain["items"].items()
    }
    lines = {kind: tuple(texts) for kind, texts in plain["lines"].items()}
    return DraftSection(heading=plain["heading"], lines=lines, items=items, gains=plain["gains"])
