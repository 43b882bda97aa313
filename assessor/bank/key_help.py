"""What each key of a bank's files is, for people: at the command line and on the page for authors of banks."""

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
    """A key where it stands."""

    file: str
    #: The keys above it, as `items › options`; empty at the top of the file.
    within: str
    table: Table
    key: Key


def key_places() -> Iterator[KeyPlace]:
    """Every key of every file, in the order an author meets them; a table that stands in two places, in the first."""
    for name, table in FILES.items():
        seen: set[str] = set()
        yield from _places_in(FILE_NAMES[name], "", table, seen)


def _places_in(file: str, within: str, table: Table, seen: set[str]) -> Iterator[KeyPlace]:
    seen.add(table.name)
    for key in table.keys:
        yield KeyPlace(file=file, within=within, table=table, key=key)
    for key in table.keys:
        for beneath in tables_in(key.kind):
            if beneath.name not in seen:
                yield from _places_in(file, " › ".join(filter(None, (within, _step(key)))), beneath, seen)


def _step(key: Key) -> str:
    """The key, and what stands for an id beneath it."""
    return f"{key.name} › (id)" if isinstance(key.kind, MapOf) else key.name


def find_key(name: str) -> tuple[KeyPlace, ...]:
    """Every place of a key of this name; none where there is no such key."""
    return tuple(place for place in key_places() if place.key.name == name)


def nearest_key(name: str) -> str:
    """The key that looks most like a name."""
    known = sorted({place.key.name for place in key_places()})
    return difflib.get_close_matches(name[:60], known, n=1, cutoff=0.0)[0]


def example_line(key: Key) -> str:
    """The key with an example of what stands after it."""
    return f"{key.name}: {key.example}"


def limits(key: Key) -> str:
    """How many parts a list may have; empty where any number will do."""
    if not isinstance(key.kind, ListOf):
        return ""
    least, most = key.kind.least, key.kind.most
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""


def explain(place: KeyPlace) -> Iterator[str]:
    """A key as lines of text."""
    where = f"{place.file} › {place.within}" if place.within else place.file
    yield f"{place.key.name}  ({where})"
    yield f"    {place.key.about}"
    if place.key.shows:
        yield f"    Shows {place.key.shows}."
    needed = "needed" if place.key.required else "may be left out"
    yield f"    {', '.join(filter(None, (needed, limits(place.key))))}; as in:  {example_line(place.key)}"
