"""Which library, party and collaboration is meant, by what a person wrote. Nothing here asks or prints.

A library and a party are meant by their whole name: with both, a wrong guess shows or erases too much. A part of the
name is enough for a collaboration that is only shown, as long as it fits only one; what is written or erased is meant
by its whole name.
"""

from collections.abc import Callable, Sequence
from unicodedata import combining, normalize

from assessor.core.names import canonical_name
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls, format_names
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.usecases.assessments import ListedCollaboration

_NUMBERED = N_("These names looked the same as others here, so they have a number now: {names}")


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


class NotTheWholeName(AssessorError):
    """A part of a name, where something is to be written or erased."""

    template = N_("No collaboration is called {name!r}; write the whole name if you mean {known}")
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
        meant = canonical_name(name)
        if meant not in libraries:
            raise NoSuchLibrary(name=escape_controls(name), known=format_names(libraries))
        return meant
    if len(libraries) > 1:
        raise AmbiguousLibrary(known=format_names(libraries))
    return libraries[0] if libraries else None


def find_party(store: Store, library: str, name: str) -> str:
    """The party of that very name in the library; raises `NoSuchParty`."""
    parties = list(dict.fromkeys(each.party for each in store.collaborations(library)))
    meant = canonical_name(name)
    if meant not in parties:
        raise NoSuchParty(name=escape_controls(name), known=format_names(parties))
    return meant


def find_collaboration(listed: Sequence[ListedCollaboration], name: str) -> ListedCollaboration:
    """The collaboration of that name, else the only one with that text in its name; for what only shows it.

    Raises as `find_named_collaboration`.
    """
    near = similar_collaborations(listed, name)
    if len(near) == 1 and not _has_name(listed, name):
        return near[0]
    return find_named_collaboration(listed, name)


def find_named_collaboration(listed: Sequence[ListedCollaboration], name: str) -> ListedCollaboration:
    """The collaboration of that very name; for what writes or erases, so that a likeness is never taken for it.

    Raises `NoSuchCollaboration`, `AmbiguousCollaboration` or `SameName`.
    """
    meant, written = canonical_name(name), escape_controls(name)
    same = [each for each in listed if each.collaboration.name == meant]
    if len(same) > 1:
        raise SameName(name=written, command=typed_command())
    if same:
        return same[0]
    near = _names(similar_collaborations(listed, name))
    if not near:
        raise NoSuchCollaboration(name=written, known=format_names(_names(listed)))
    raise (AmbiguousCollaboration if len(near) > 1 else NotTheWholeName)(name=written, known=format_names(near))


def similar_collaborations(listed: Sequence[ListedCollaboration], name: str) -> tuple[ListedCollaboration, ...]:
    """Those with that text in their names, whatever the case; where there are none, whatever the accents."""
    for fold in (str.casefold, _without_accents):
        part = fold(canonical_name(name))
        near = tuple(each for each in listed if part in fold(each.collaboration.name))
        if near:
            return near
    return ()


def _without_accents(text: str) -> str:
    """The text as somebody writes it whose keyboard lacks the letters."""
    return "".join(char for char in normalize("NFD", text.casefold()) if not combining(char))


def _has_name(listed: Sequence[ListedCollaboration], name: str) -> bool:
    return canonical_name(name) in _names(listed)


def _names(listed: Sequence[ListedCollaboration]) -> list[str]:
    return [each.collaboration.name for each in listed]


def describe_numbered_names(names: Sequence[str], translate: Callable[[str], str]) -> tuple[str, ...]:
    """A sentence that tells which names got a number when the store was opened; nothing where none did."""
    return (translate(_NUMBERED).format(names=format_names(names)),) if names else ()
