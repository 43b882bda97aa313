"""What libraries say of themselves, as it is stored: entries that are only added, one logo, the names of members.

The state of it is computed by `core.library_profile`. A logo is kept in base 64, since texts are copied and compared
alike in both databases, and only the latest: a picture that was taken away is not to lie in a history.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from assessor.core.library_profile import (
    LOGO_MEDIA,
    MAX_LOGO_BYTES,
    PROFILE_KINDS,
    LibraryProfile,
    Logo,
    LogoMedia,
    library_profile,
)
from assessor.core.merging import extended_history, with_keys
from assessor.core.responses import Entry
from assessor.safe_text import escape_controls
from assessor.store import row_values, statements, storable_text
from assessor.store.database import Database
from assessor.store.errors import NotInStore, TextTooLong, UnknownKind
from assessor.store.history_rows import rewrite_history, storable_history
from assessor.store.retry import retry_idempotent
from assessor.store.row_values import GivenEntry


class ProfileStore:
    """The libraries' own facts in one store; `Store.profiles` holds it."""

    def __init__(self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        #: Who gives what is recorded, where it does not say so itself.
        self.who = ""

    @retry_idempotent
    def get(self, library: str) -> LibraryProfile:
        """The profile as it stands; an empty one of a library that is not there."""
        with self._database.read_transaction():
            return library_profile(self.history(library), self.logo(library))

    def history(self, library: str) -> tuple[Entry, ...]:
        """Everything that was given, in order."""
        name = storable_text.normalize_name(library)
        rows = self._database.execute(statements.LIBRARY_ENTRIES, name=name)
        return tuple(map(row_values.entry_from_row, rows))

    def logo(self, library: str) -> Logo | None:
        """The logo; None where there is none."""
        rows = self._database.execute(statements.LOGO, name=storable_text.normalize_name(library))
        if not rows:
            return None
        media, data, at = rows[0]
        known = next(kind for kind in LOGO_MEDIA if kind == media)
        return Logo(media=known, content=base64.b64decode(data), at=row_values.from_microseconds(at))

    def members(self, library: str) -> dict[str, str]:
        """The names of those who give entries here, by id."""
        rows = self._database.execute(statements.MEMBER_NAMES, name=storable_text.normalize_name(library))
        return {str(id_): str(name) for id_, name in rows}

    def sharing(self) -> tuple[tuple[str, str], ...]:
        """Id and name of each library that shares figures, by name."""
        asked = self._database.execute(statements.LIBRARIES_ASKED_FOR_FIGURES)
        shares = (library_profile(self.history(str(name))).shares_figures for _id, name in asked)
        return tuple((str(id_), str(name)) for (id_, name), does in zip(asked, shares, strict=True) if does)

    def record_entry(
        self, library: str, kind: str, item: str, value: str, *, key: str | None = None, who: str = ""
    ) -> Entry:
        """The entry as stored, durable once this returns; the same key again returns what was first stored under it.

        Raises `NotInStore`, `UnknownKind`, or as `storable_text` does.
        """
        given = GivenEntry(
            kind=kind,
            item=storable_text.normalize_optional_name(item),
            value=storable_text.validate_text(value),
            key=storable_text.validate_key(key or self._new_id()),
            who=storable_text.normalize_optional_name(who or self.who),
        )
        return self._record_entry(library, given)

    @retry_idempotent
    def _record_entry(self, library: str, given: GivenEntry) -> Entry:
        """Number and append an entry under the library's lock, unless its key is known."""
        if given.kind not in PROFILE_KINDS:
            raise UnknownKind(kind=escape_controls(given.kind), kinds=", ".join(PROFILE_KINDS))
        with self._database.write_transaction():
            library_id = self._lock_library(library)
            position = {"library": library_id, "key": given.key, "kind": given.kind, "item": given.item}
            ((last, known, latest),) = self._database.execute(statements.LIBRARY_ENTRY_POSITION, **position)
            if known:
                return next(entry for entry in self.history(library) if entry.key == given.key)
            entry = given.as_entry(last + 1, latest, self._clock)
            self._database.execute(statements.ADD_LIBRARY_ENTRY, library=library_id, **row_values.entry_row(entry))
            return entry

    @retry_idempotent
    def set_logo(self, library: str, media: LogoMedia, content: bytes, *, at: datetime | None = None) -> None:
        """Keep a logo in place of the one before; raises `NotInStore`, or `TextTooLong` beyond the bound."""
        if len(content) > MAX_LOGO_BYTES:
            raise TextTooLong(length=len(content), limit=MAX_LOGO_BYTES)
        with self._database.write_transaction():
            library_id = self._lock_library(library)
            self._database.execute(statements.DROP_LOGO, library=library_id)
            self._database.execute(
                statements.ADD_LOGO,
                library=library_id,
                media=media,
                data=base64.b64encode(content).decode(),
                at=row_values.to_microseconds(at or self._clock()),
            )

    @retry_idempotent
    def remove_logo(self, library: str) -> None:
        """Keep no logo any more; raises `NotInStore`."""
        with self._database.write_transaction():
            self._database.execute(statements.DROP_LOGO, library=self._lock_library(library))

    @retry_idempotent
    def import_profile(
        self, library: str, history: Iterable[Entry], logo: Logo | None, members: Mapping[str, str]
    ) -> None:
        """Add what is missing here: entries, merged with those here, members, and a logo newer than the one here."""
        with self._database.write_transaction():
            library_id = self._lock_library(library)
            here = self.history(library)
            there = storable_history(with_keys(library_id, tuple(history), here), PROFILE_KINDS)
            rewrite_history(self._database, "library", library_id, here, extended_history(here, there))
            for id_, name in members.items():
                if not self._database.execute(statements.FIND_MEMBER, id=id_):
                    self._add_member(library_id, id_, name)
            shown = self.logo(library)
            if logo and (shown is None or shown.at < logo.at):
                self.set_logo(library, logo.media, logo.content, at=logo.at)

    def _add_member(self, library_id: str, id_: str, name: str) -> None:
        """A member who is only named: nothing admits them here."""
        self._database.execute(
            statements.ADD_MEMBER,
            id=id_,
            library=library_id,
            name=storable_text.normalize_optional_name(name),
            role="",
            added=row_values.to_microseconds(self._clock()),
            expires=0,
        )

    def _lock_library(self, library: str) -> str:
        """The id of a library, held until the transaction ends; raises `NotInStore`."""
        name = storable_text.normalize_name(library)
        rows = self._database.execute(statements.FIND_LIBRARY + self._database.row_lock, name=name)
        if not rows:
            raise NotInStore(name=escape_controls(library))
        return str(rows[0][0])
