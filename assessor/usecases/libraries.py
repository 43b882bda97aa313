"""Which library, party and collaboration is meant, by what a person wrote. Nothing here asks or prints.

A library and a party are meant by their whole name: with both, a wrong guess shows or erases too much. A part of the
name is enough for a collaboration, as long as it fits only one.
"""

import unicodedata
from collections.abc import Sequence

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls, format_names
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.usecases.assessments import ListedCollaboration


class NoSuchLibrary(AssessorError):
    """A library that nothing is kept of."""

    template = N_("No library is called {name!r} here; there is: {known}")
    exit_code = 2


class AmbiguousLibrary(AssessorError):
    """Several libraries and none named."""

    template = N_("Several libraries are kept here; put --library NAME before the command, one of: {known}")
    exit_code = 2


class NothingAnsweredYet(AssessorError):
    """An empty store."""

    template = N_("Nothing has been answered yet; begin with: {command}")
    exit_code = 2


class NoSuchParty(AssessorError):
    """A name that no party has."""

    template = N_("No party is called {name!r}; there is: {known}")
    exit_code = 2


class NoSuchCollaboration(AssessorError):
    """A name that no collaboration has."""

    template = N_("No collaboration is called {name!r}; there is: {known}")
    exit_code = 2


class AmbiguousCollaboration(AssessorError):
    """A name that several collaborations have in them."""

    template = N_("{name!r} may be several collaborations; write more of the name: {known}")
    exit_code = 2


class SameName(AssessorError):
    """A name that two collaborations have: one as its party's, the other as its party's and its undertaking's."""

    template = N_("Two collaborations are called {name!r}; rename one of them in your browser first: {command} open")
    exit_code = 2


def find_library(store: Store, name: str | None = None) -> str | None:
    """The library of that name, or the only one where none is named; None in a store that holds none.

    Raises `NoSuchLibrary` or `AmbiguousLibrary`.
    """
    libraries = store.libraries()
    if name:
        if name not in libraries:
            raise NoSuchLibrary(name=escape_controls(name), known=format_names(libraries))
        return name
    if len(libraries) > 1:
        raise AmbiguousLibrary(known=format_names(libraries))
    return libraries[0] if libraries else None


def find_party(store: Store, library: str, name: str) -> str:
    """The party of that very name in the library; raises `NoSuchParty`."""
    parties = list(dict.fromkeys(each.party for each in store.collaborations(library)))
    if name not in parties:
        raise NoSuchParty(name=escape_controls(name), known=format_names(parties))
    return name


def find_collaboration(
    listed: Sequence[ListedCollaboration], name: str, *, loosely: bool = False
) -> ListedCollaboration:
    """The collaboration of that name, else the only one with that text in its name.

    `loosely`, for what only shows: a letter's marks may be left out where nothing has the text as it is written.
    Raises `NoSuchCollaboration`, `AmbiguousCollaboration` or `SameName`.
    """
    names = [each.collaboration.name for each in listed]
    if names.count(name) > 1:
        raise SameName(name=escape_controls(name), command=typed_command())
    if name in names:
        return listed[names.index(name)]
    near = [each for each in listed if name.casefold() in each.collaboration.name.casefold()]
    if loosely and not near:
        near = [each for each in listed if _without_marks(name) in _without_marks(each.collaboration.name)]
    if not near:
        raise NoSuchCollaboration(name=escape_controls(name), known=format_names(names))
    if len(near) > 1:
        raise AmbiguousCollaboration(
            name=escape_controls(name), known=format_names([each.collaboration.name for each in near])
        )
    return near[0]


def _without_marks(text: str) -> str:
    """The text as somebody types it on another country's keyboard: `folkhogskola` for `Folkhögskola`."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
