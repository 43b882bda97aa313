"""A merged history written over the one that is kept: only from where they differ, in the caller's transaction."""

from collections.abc import Collection, Sequence
from typing import Literal

from assessor.core.responses import Entry
from assessor.safe_text import escape_controls
from assessor.store import row_values, statements
from assessor.store.database import Database
from assessor.store.errors import UnknownKind


def storable_history(history: Sequence[Entry], kinds: Collection[str]) -> tuple[Entry, ...]:
    """Entries from elsewhere as they would come back; raises `UnknownKind` or as `storable_text` does."""
    for entry in history:
        if entry.kind not in kinds:
            raise UnknownKind(kind=escape_controls(entry.kind), kinds=", ".join(kinds))
    return tuple(map(row_values.storable_entry, history))


def rewrite_history(
    database: Database, of: Literal["assessment", "library"], id_: str, here: Sequence[Entry], new: Sequence[Entry]
) -> None:
    """Make `new` of the history `here`; what both begin with stays untouched."""
    pairs = enumerate(zip(here, new, strict=False))
    alike = next((place for place, (kept, wanted) in pairs if kept != wanted), min(len(here), len(new)))
    if alike < len(here):
        database.execute(statements.DROP_ENTRIES_AFTER[of], id=id_, seq=alike)
    for entry in new[alike:]:
        database.execute(statements.ADD_ENTRY_OF[of], **{of: id_}, **row_values.entry_row(entry))
