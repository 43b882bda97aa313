"""A library's answers out of a store and into one."""

from contextlib import nullcontext
from typing import BinaryIO

from assessor.bank import instrument_from_snapshot
from assessor.exchange import MergePlan, export_library, plan_merge, read_export
from assessor.exchange.library_document import MOST_EXPORT, LibraryDocument
from assessor.store import Store


def export_assessments(store: Store, library: str) -> bytes:
    """Everything of a library, with the text of every bank version it was given under."""
    kept = store.assessments(library=library)
    snapshots = {each.id: store.snapshot_of(each.id) for each in kept}
    return export_library(library, store.collaborations(library), kept, snapshots)


def read_document(stream: BinaryIO, name: str) -> LibraryDocument:
    """What a library exported; `name` is the file's, for messages. Raises what `exchange.read_export` raises."""
    return read_export(stream.read(MOST_EXPORT + 1), instrument_from_snapshot, name)


def import_assessments(
    store: Store, stream: BinaryIO, name: str, *, other_library: bool = False, dry_run: bool = False
) -> MergePlan:
    """Take in an export, all of it or nothing; what was there already adds nothing, and a dry run adds nothing at all.

    `name` is the file's, for messages. Raises what `exchange.read_export` and `exchange.news` raise.
    """
    new_document = read_document(stream, name)
    with nullcontext() if dry_run else store.transaction():
        libraries = store.libraries()
        held = [each for library in libraries for each in store.collaborations(library)]
        new = plan_merge(new_document, libraries, held, store.assessments(), other_library=other_library)
        if not dry_run:
            store.import_assessments(new.collaborations, new.assessments, new.snapshots)
    return new
