"""A library's answers out of a store and into one, as JSON with their history.

This is the one form that loses nothing: it carries the text of every bank version, so the receiving side needs no bank
of that version. Merging is by the ids of assessments and entries (`exchange.plan_merge`); taking in the same file twice
adds nothing, and no file brings back what was erased.
"""

from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

from assessor.bank import instrument_from_snapshot
from assessor.errors import N_, AssessorError
from assessor.exchange import MergePlan, export_library, plan_merge, read_export
from assessor.exchange.library_document import MOST_EXPORT, LibraryDocument
from assessor.exchange.profile_document import NO_PROFILE, ProfileDocument
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import NotInStore


class OtherLibrarysFile(AssessorError):
    """A file of one library's, given to the pages of another."""

    template = N_(
        "{file} is of another library than {here} ({library}), so nothing was taken in; if it is the same library "
        "under another name, give it that name first and export again"
    )
    exit_code = 65


def export_assessments(store: Store, library: str) -> bytes:
    """Everything of a library as JSON, with the text of every bank version it was given under."""

    def export() -> bytes:
        assessments = store.assessments(library=library)
        snapshots = {each.id: store.snapshot_of(each.id) for each in assessments}
        collaborations, profile = store.collaborations(library), _stored_profile(store, library)
        return export_library(library, collaborations, assessments, snapshots, profile)

    return store.run_in_snapshot(export)


def _stored_profile(store: Store, library: str) -> ProfileDocument:
    """What a library says of itself in a store; nothing where the store does not have it."""
    return ProfileDocument(
        history=store.profiles.history(library),
        logo=store.profiles.logo(library),
        members=store.profiles.members(library),
    )


def read_document(stream: BinaryIO, name: str) -> LibraryDocument:
    """What a library exported; `name` is the file's, for messages. Raises what `exchange.read_export` does."""
    return read_export(stream.read(MOST_EXPORT + 1), instrument_from_snapshot, name)


def import_assessments(
    store: Store, stream: BinaryIO, name: str, *, other_library: bool = False, dry_run: bool = False
) -> MergePlan:
    """Take in an export, all of it or nothing; returns what was new. A dry run writes nothing.

    `name` is the file's, for messages. Raises what `exchange.read_export` and `exchange.plan_merge` raise.
    """
    new_document = read_document(stream, name)

    def merge() -> MergePlan:
        new = _plan_merge(store, new_document, other_library=other_library)
        store.import_assessments(new.collaborations, new.assessments, new.snapshots)
        _import_profile(store, new_document.library, new.profile)
        return new

    if dry_run:
        return _plan_merge(store, new_document, other_library=other_library)
    return store.run_in_transaction(merge)


def import_own_assessments(store: Store, library: str, stream: BinaryIO, name: str) -> MergePlan:
    """Take in what this very library exported, where other libraries are kept too; all of it or nothing.

    Nothing of theirs is read or touched, whatever ids the file has. Raises `OtherLibrarysFile`, and what
    `import_assessments` raises.
    """
    document = read_document(stream, name)
    if document.library != library:
        raise OtherLibrarysFile(file=name, library=escape_controls(document.library), here=escape_controls(library))

    def merge() -> MergePlan:
        _refuse_ids_of_others(store, document, name)
        wanted, here = _without_erased(store, document), _stored_profile(store, library)
        held = store.assessments(library=library)
        new = plan_merge(wanted, (library,), store.collaborations(library), held, here)
        store.import_assessments(new.collaborations, new.assessments, new.snapshots)
        _import_profile(store, library, new.profile)
        return new

    return store.run_in_transaction(merge)


def _refuse_ids_of_others(store: Store, document: LibraryDocument, name: str) -> None:
    """Raise `OtherLibrarysFile` where an id of the file's is that of something another library, or a room, has."""
    for collaboration in document.collaborations:
        with suppress(NotInStore):
            held = store.collaboration(collaboration.id)
            if held.library != document.library:
                raise OtherLibrarysFile(file=name, library="?", here=escape_controls(document.library))
    for assessment in document.assessments:
        with suppress(NotInStore):
            given = store.assessment(assessment.id, condensed=True)
            if given.collaboration.library != document.library or not store.is_own(given):
                raise OtherLibrarysFile(file=name, library="?", here=escape_controls(document.library))


def _plan_merge(store: Store, document: LibraryDocument, *, other_library: bool) -> MergePlan:
    libraries = store.libraries()
    held = [each for library in libraries for each in store.collaborations(library)]
    profile = _stored_profile(store, document.library)
    wanted = _without_erased(store, document)
    return replace(
        plan_merge(wanted, libraries, held, store.assessments(), profile, other_library=other_library),
        erased_collaborations=len(document.collaborations) - len(wanted.collaborations),
        erased_assessments=len(document.assessments) - len(wanted.assessments),
    )


def _import_profile(store: Store, library: str, new: ProfileDocument) -> None:
    """Add what a library says of itself; a library that says nothing and has no collaborations is not begun."""
    if new != NO_PROFILE:
        store.add_library(library)
        store.profiles.import_profile(library, new.history, new.logo, new.members)


def _without_erased(store: Store, document: LibraryDocument) -> LibraryDocument:
    """The document without what was erased in this store or has expired there."""
    ids = {each.id for each in document.collaborations} | {each.id for each in document.assessments}
    erased = store.erased_among(ids)
    if not erased:
        return document
    return replace(
        document,
        collaborations=tuple(each for each in document.collaborations if each.id not in erased),
        assessments=tuple(each for each in document.assessments if not {each.id, each.collaboration.id} & erased),
    )
