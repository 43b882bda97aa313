"""Members of libraries and their credentials, as they are stored; a service alone has them.

Secrets and tokens arrive as digests, so that nobody who reads the store can use them. Nothing is removed while the
library is kept: that a key was given, opened or withdrawn is told to the library's steward.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, get_args

from assessor.core.membership import Credential, CredentialKind, Member, MemberRole
from assessor.safe_text import escape_controls
from assessor.store import row_values, statements, storable_text
from assessor.store.database import Database, Row
from assessor.store.erasures import ErasureMemory
from assessor.store.errors import NotInStore
from assessor.store.retry import retry_idempotent, retry_unless_committed

#: How long after one use of a device the next is noted: a visit of twenty pages writes once.
_NOTED_AGAIN: Final = timedelta(hours=1)


class MemberStore:
    """Who may enter which library of one store; `Store.members` holds it."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str], memory: ErasureMemory
    ) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id
        #: Where what lets nobody in any more is remembered, so that no backup lets it in again.
        self._memory = memory

    def now(self) -> datetime:
        """The moment by the store's clock."""
        return row_values.in_utc(self._clock())

    def libraries(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every library, by name."""
        return tuple((str(id_), str(name)) for id_, name in self._database.execute(statements.LIBRARIES_WITH_IDS))

    def library_name(self, library: str) -> str:
        """The name of the library with an id; raises `NotInStore`."""
        rows = self._database.execute(statements.LIBRARY_NAME, id=library)
        if not rows:
            raise NotInStore(name=escape_controls(library))
        return str(rows[0][0])

    def hold_library(self, library: str) -> None:
        """Until the transaction ends, nobody else changes who may enter the library; raises `NotInStore`."""
        if not self._database.execute(statements.LIBRARY_NAME + self._database.row_lock, id=library):
            raise NotInStore(name=escape_controls(library))

    @retry_unless_committed
    def add(self, library: str, name: str, role: MemberRole) -> Member:
        """A new member of the library with this id; raises `NotInStore`."""
        id_ = self._new_id()
        with self._database.write_transaction():
            self.hold_library(library)
            self._database.execute(
                statements.ADD_MEMBER,
                id=id_,
                library=library,
                name=storable_text.normalize_optional_name(name),
                role=role,
                added=row_values.to_microseconds(self._clock()),
                expires=0,
            )
        return self.get(id_)

    def get(self, id_: str) -> Member:
        """One member; raises `NotInStore`, also for somebody who is only named in the library's history."""
        rows = self._database.execute(statements.MEMBER, id=id_)
        if not rows:
            raise NotInStore(name=escape_controls(id_))
        return _member_from_row(rows[0])

    def all_of(self, library: str) -> tuple[Member, ...]:
        """The members of the library with this id, in the order they were added, withdrawn ones too."""
        return tuple(map(_member_from_row, self._database.execute(statements.MEMBERS, library=library)))

    @retry_idempotent
    def withdraw_member(self, member: str) -> None:
        """Let a member in no more, whatever they hold."""
        with self._database.write_transaction():
            self._withdraw_member(member)

    def _withdraw_member(self, member: str) -> None:
        at, held = self._clock(), [each.digest for each in self.credentials(member)]
        for statement in (statements.WITHDRAW_MEMBER, statements.WITHDRAW_CREDENTIALS):
            self._database.execute(statement, id=member, at=row_values.to_microseconds(at))
        self._memory.remember([member, *held], "withdrawn", at)

    @retry_idempotent
    def add_credential(
        self, digest: str, kind: CredentialKind, subject: str, *, maker: str, label: str = "", days: int
    ) -> None:
        """Keep a credential; one with this digest stays as it is."""
        made = self._clock()
        with self._database.write_transaction():
            if self.credential(digest) is None:
                self._database.execute(
                    statements.ADD_CREDENTIAL,
                    digest=digest,
                    kind=kind,
                    subject=subject,
                    label=storable_text.normalize_optional_name(label),
                    maker=maker,
                    made=row_values.to_microseconds(made),
                    seen=0 if kind == "link" else row_values.to_microseconds(made),
                    expires=row_values.to_microseconds(made + timedelta(days=days)),
                )

    def credential(self, digest: str) -> Credential | None:
        """The credential with this digest, whether or not it admits anybody; None where there is none."""
        rows = self._database.execute(statements.CREDENTIAL, digest=digest)
        return _credential_from_row(rows[0]) if rows else None

    def credentials(self, subject: str) -> tuple[Credential, ...]:
        """All that a member, or the host, ever held, in the order it was made."""
        return tuple(map(_credential_from_row, self._database.execute(statements.CREDENTIALS, subject=subject)))

    @retry_idempotent
    def spend_link(self, digest: str, device: str, kind: CredentialKind, *, label: str, days: int) -> Credential | None:
        """The device, or the identity, that a link became; None for a link that admits nobody.

        Of two who open it, one is first. Repeated with the same two it returns the same.
        """
        with self._database.write_transaction():
            rows = self._database.execute(statements.CREDENTIAL + self._database.row_lock, digest=digest)
            link = _credential_from_row(rows[0]) if rows else None
            if link is None or link.kind != "link":
                return None
            if link.admits_at(self.now()):
                self._database.execute(
                    statements.OPEN_CREDENTIAL, digest=digest, at=row_values.to_microseconds(self._clock())
                )
                self._memory.remember([digest], "withdrawn", self._clock())
                if kind == "identity":  # somebody who was let in before, perhaps as another member
                    self._database.execute(statements.DROP_CREDENTIAL, digest=device)
                    self._memory.forget([device])
                self.add_credential(device, kind, link.subject, maker=link.maker, label=label, days=days)
            return self.admitted(device)

    def admitted(self, digest: str) -> Credential | None:
        """The credential with this digest where it lets somebody in; None otherwise."""
        found = self.credential(digest)
        return found if found and found.admits_at(self.now()) else None

    def admitted_member(self, digest: str) -> tuple[Member, Credential] | None:
        """The credential with this digest, and whose it is, where it lets a member in; None otherwise."""
        rows = self._database.execute(statements.CREDENTIAL_OF_MEMBER, digest=digest)
        if not rows:
            return None
        held, member = _credential_from_row(rows[0][:10]), _member_from_row(rows[0][10:])
        return (member, held) if held.admits_at(self.now()) and not member.withdrawn else None

    @retry_idempotent
    def note_use(self, credential: Credential, days: int) -> None:
        """Begin the days of a credential anew; nothing is written where that was done within the hour already."""
        now = self.now()
        if credential.seen and now - credential.seen < _NOTED_AGAIN:
            return
        expires = now + timedelta(days=days)
        with self._database.write_transaction():
            self._database.execute(
                statements.USE_CREDENTIAL,
                digest=credential.digest,
                seen=row_values.to_microseconds(now),
                expires=row_values.to_microseconds(expires),
            )

    @retry_idempotent
    def withdraw_credential(self, digest: str) -> None:
        """Let nobody in by a credential from now on."""
        with self._database.write_transaction():
            self._withdraw_credential(digest)

    def _withdraw_credential(self, digest: str) -> None:
        at = self._clock()
        self._database.execute(statements.WITHDRAW_CREDENTIAL, digest=digest, at=row_values.to_microseconds(at))
        self._memory.remember([digest], "withdrawn", at)

    def withdraw_remembered(self) -> int:
        """Withdraw, in the caller's transaction, what is remembered as such; how many would have let somebody in."""
        before = self._admitting()
        ids = [str(row[0]) for row in self._database.execute(statements.MEMBER_IDS)]
        for member in self._memory.erased_among(ids):
            self._withdraw_member(member)
        for digest in self._memory.erased_among(before):
            self._withdraw_credential(digest)
        return len(before - self._admitting())

    def _admitting(self) -> frozenset[str]:
        """Digests of all credentials that let somebody in."""
        now = row_values.to_microseconds(self._clock())
        return frozenset(str(row[0]) for row in self._database.execute(statements.ADMITTING_CREDENTIALS, now=now))

    def identities(self) -> frozenset[str]:
        """Digests of all names that a proxy vouches for and that let somebody in."""
        now = row_values.to_microseconds(self._clock())
        found = self._database.execute(f"{statements.ADMITTING_CREDENTIALS} AND kind = 'identity'", now=now)
        return frozenset(str(row[0]) for row in found)


def _member_from_row(row: Row) -> Member:
    id_, library, library_name, name, role, added, withdrawn = row
    return Member(
        id=id_,
        library=library,
        library_name=library_name,
        name=name,
        role=next(known for known in get_args(MemberRole) if known == role),
        added=row_values.from_microseconds(added),
        withdrawn=_moment_or_none(withdrawn),
    )


def _credential_from_row(row: Row) -> Credential:
    digest, kind, subject, label, maker, made, opened, seen, expires, withdrawn = row
    return Credential(
        digest=digest,
        kind=next(known for known in get_args(CredentialKind) if known == kind),
        subject=subject,
        label=label,
        maker=maker,
        made=row_values.from_microseconds(made),
        opened=_moment_or_none(opened),
        seen=_moment_or_none(seen),
        expires=row_values.from_microseconds(expires),
        withdrawn=_moment_or_none(withdrawn),
    )


def _moment_or_none(number: int) -> datetime | None:
    return row_values.from_microseconds(number) if number else None
