"""Explanations of each key of a bank's files, for `assessor bank help KEY` and the page for authors in `questions/`.

All text comes from `file_format`; this module only finds a key and lays its description out in lines.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from assessor.bank.file_format import FILES
from assessor.bank.value_kinds import Key, ListOf, MapOf, Table, tables_in

#: How each kind of file is called, by its name.
FILE_NAMES = {
    "instrument": "instrument.yaml",
    "wording": "en.yaml, sv.yaml …",
    "cases": "cases.yaml",
    "migrations": "migrations.yaml",
    "sides": "party/sides.yaml",
    "party_wording": "party/en.yaml, party/sv.yaml …",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPlace:
    """A key at one of the places where it may stand; some names, such as `id`, stand in several tables."""

    file: str
    #: The keys above it, as `items › options`; empty at the top of the file.
    within: str
    table: Table
    key: Key


def key_places() -> Iterator[KeyPlace]:
    """Every key of every file, in the order an author meets them.

    A table that occurs at two places of a file is described at the first.
    """
    for name, table in FILES.items():
        seen: set[str] = set()
        yield from _places_in(FILE_NAMES[name], "", table, seen)


def _places_in(file: str, within: str, table: Table, seen: set[str]) -> Iterator[KeyPlace]:
    """The keys of a table, then those of the tables below it that were not seen yet."""
    seen.add(table.name)
    for key in table.keys:
        yield KeyPlace(file=file, within=within, table=table, key=key)
    for key in table.keys:
        for beneath in tables_in(key.kind):
            if beneath.name not in seen:
                yield from _places_in(file, " › ".join(filter(None, (within, _step(key)))), beneath, seen)


def _step(key: Key) -> str:
    """A key as part of a path; `› (id)` is added where an id stands beneath it."""
    return f"{key.name} › (id)" if isinstance(key.kind, MapOf) else key.name


def find_key(name: str) -> tuple[KeyPlace, ...]:
    """All places where a key of this name may stand; empty if there is no such key."""
    return tuple(place for place in key_places() if place.key.name == name)


def nearest_key(name: str) -> str:
    """The known key that looks most like a name; there always is one."""
    known = sorted({place.key.name for place in key_places()})
    return difflib.get_close_matches(name[:60], known, n=1, cutoff=0.0)[0]


def example_line(key: Key) -> str:
    """The key with its example, as one line of YAML."""
    return f"{key.name}: {key.example}"


def limits(key: Key) -> str:
    """How many parts a list may have, in words; empty where there is no limit."""
    if not isinstance(key.kind, ListOf):
        return ""
    least, most = key.kind.least, key.kind.most
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""


def explain(place: KeyPlace) -> Iterator[str]:
    """The description of a key, line by line."""
    where = f"{place.file} › {place.within}" if place.within else place.file
    yield f"{place.key.name}  ({where})"
    yield f"    {place.key.about}"
    if place.key.shows:
        yield f"    Shows {place.key.shows}."
    needed = "needed" if place.key.required else "may be left out"
    yield f"    {', '.join(filter(None, (needed, limits(place.key))))}; as in:  {example_line(place.key)}"
