"""A library's answers out of a store and into one, as JSON with their history.

This is the one form that loses nothing: it carries the text of every bank version, so the receiving side needs no bank
of that version. Copies that went apart are merged by the ids of assessments and the keys of entries
(`exchange.plan_merge`, `core.merging`); taking in the same file twice adds nothing, and no file brings back what was
erased unless somebody who was asked wants it again.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from assessor.bank import Bank, instrument_from_snapshot
from assessor.errors import N_, AssessorError
from assessor.exchange import MergePlan, export_library, plan_merge, read_export
from assessor.exchange.library_document import MOST_EXPORT, LibraryDocument
from assessor.exchange.page_answers import is_page_answers, read_page_answers
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


def read_saved(data: bytes, name: str, bank: Callable[[], Bank]) -> LibraryDocument:
    """The same, or what a page for a first try saved: of the bank in use, and no library yet (`owned_by`)."""
    if is_page_answers(data):
        return read_page_answers(data, bank().instrument, bank().snapshot, name)
    return read_document(BytesIO(data), name)


def import_assessments(
    store: Store,
    stream: BinaryIO,
    name: str,
    *,
    other_library: bool = False,
    take_back: bool = False,
    dry_run: bool = False,
) -> MergePlan:
    """Take in an export, all of it or nothing; returns what was new. A dry run writes nothing.

    What was erased here stays out, unless `take_back` says that it is wanted again. `name` is the file's, for messages.
    Raises what `exchange.read_export` and `exchange.plan_merge` raise.
    """
    return merge_document(
        store, read_document(stream, name), other_library=other_library, take_back=take_back, dry_run=dry_run
    )


def merge_document(
    store: Store,
    document: LibraryDocument,
    *,
    other_library: bool = False,
    take_back: bool = False,
    dry_run: bool = False,
    only: str = "",
) -> MergePlan:
    """As `import_assessments`, of a document that has been read; with `only`, nothing is read of other libraries."""

    def plan() -> MergePlan:
        return _plan_merge(store, document, other_library=other_library, take_back=take_back, only=only)

    def merge() -> MergePlan:
        new = plan()
        if take_back:
            store.take_back(_ids(document))
        store.import_assessments(new.collaborations, new.assessments, new.snapshots)
        _import_profile(store, document, new.profile)
        return new

    return plan() if dry_run else store.run_in_transaction(merge)


def import_own_document(
    store: Store, library: str, document: LibraryDocument, name: str, *, take_back: bool = False
) -> MergePlan:
    """Take in what this very library exported, where other libraries are kept too; all of it or nothing.

    Nothing of theirs is read or touched, whatever ids the file has; `take_back` as above. Raises `OtherLibrarysFile`
    and what `import_assessments` raises.
    """
    document = _without_consent(document)
    if document.library != library:
        raise OtherLibrarysFile(file=name, library=escape_controls(document.library), here=escape_controls(library))

    def merge() -> MergePlan:
        _refuse_ids_of_others(store, document, name)
        return merge_document(store, document, take_back=take_back, only=library)

    return store.run_in_transaction(merge)


def _without_consent(document: LibraryDocument) -> LibraryDocument:
    """The document without what it says of sharing figures: a steward says that where it holds, and no file does."""
    history = tuple(each for each in document.profile.history if each.kind != "figures")
    return replace(document, profile=replace(document.profile, history=history))


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


def _plan_merge(
    store: Store, document: LibraryDocument, *, other_library: bool, take_back: bool, only: str
) -> MergePlan:
    libraries = (only,) if only else store.libraries()
    assessments = store.assessments(library=only) if only else store.assessments()
    held = [each for library in libraries for each in store.collaborations(library)]
    profile = _stored_profile(store, document.library)
    erased = frozenset() if take_back else store.erased_among(_ids(document))
    wanted = _without_erased(document, erased)
    return replace(
        plan_merge(wanted, libraries, held, assessments, profile, other_library=other_library),
        erased_collaborations=len(document.collaborations) - len(wanted.collaborations),
        erased_assessments=len(document.assessments) - len(wanted.assessments),
        erased_names=tuple(dict.fromkeys(_erased_names(document, erased))),
    )


def _erased_names(document: LibraryDocument, erased: Collection[str]) -> Iterator[str]:
    """The names of the collaborations that were erased here, or an assessment of theirs."""
    yield from (each.name for each in document.collaborations if each.id in erased)
    yield from (each.collaboration.name for each in document.assessments if each.id in erased)


def _import_profile(store: Store, document: LibraryDocument, new: ProfileDocument) -> None:
    """Add what a library says of itself; a library that says nothing and has no collaborations is not begun."""
    if new != NO_PROFILE:
        store.add_library(document.library)
        store.profiles.import_profile(document.library, document.profile.history, new.logo, new.members)


def _ids(document: LibraryDocument) -> frozenset[str]:
    """The ids of everything in a document that can be erased."""
    return frozenset((*(each.id for each in document.collaborations), *(each.id for each in document.assessments)))


def _without_erased(document: LibraryDocument, erased: Collection[str]) -> LibraryDocument:
    """The document without what was erased in this store or has expired there."""
    if not erased:
        return document
    return replace(
        document,
        collaborations=tuple(each for each in document.collaborations if each.id not in erased),
        assessments=tuple(each for each in document.assessments if not {each.id, each.collaboration.id} & set(erased)),
    )
