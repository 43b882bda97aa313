"""A library's answers out of a store and into one, as JSON with their history.

This is the one form that loses nothing: it carries the text of every bank version, so the receiving side needs no bank
of that version. Copies that went apart are merged by the ids of assessments and the keys of entries
(`exchange.plan_merge`, `core.merging`); taking in the same file twice adds nothing, and no file brings back what was
erased unless somebody who was asked wants it again.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import BinaryIO

from assessor.bank import instrument_from_snapshot
from assessor.exchange import MergePlan, export_library, plan_merge, read_export
from assessor.exchange.library_document import MOST_EXPORT, LibraryDocument
from assessor.exchange.profile_document import NO_PROFILE, ProfileDocument
from assessor.store import Store


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
) -> MergePlan:
    """As `import_assessments`, of a document that has been read."""

    def plan() -> MergePlan:
        return _plan_merge(store, document, other_library=other_library, take_back=take_back)

    def merge() -> MergePlan:
        new = plan()
        if take_back:
            store.take_back(_ids(document))
        store.import_assessments(new.collaborations, new.assessments, new.snapshots)
        _import_profile(store, document, new.profile)
        return new

    return plan() if dry_run else store.run_in_transaction(merge)


def _plan_merge(store: Store, document: LibraryDocument, *, other_library: bool, take_back: bool) -> MergePlan:
    libraries = store.libraries()
    held = [each for library in libraries for each in store.collaborations(library)]
    profile = _stored_profile(store, document.library)
    erased = frozenset() if take_back else store.erased_among(_ids(document))
    wanted = _without_erased(document, erased)
    return replace(
        plan_merge(wanted, libraries, held, store.assessments(), profile, other_library=other_library),
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
