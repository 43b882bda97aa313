"""Keys to libraries on a service: given, opened, passed on and withdrawn. Nothing here reads answers, asks or prints.

Whoever hosts gives a library's first steward a one-time address. A steward invites colleagues and readers with
addresses of the same kind, and any member may take in another of their own devices. Secrets have 128 bits; the store
keeps digests, so that a secret that was lost is replaced and never looked up.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assessor.core.membership import (
    DEVICE_DAYS,
    HOST,
    LINK_DAYS,
    Credential,
    CredentialKind,
    Member,
    MemberRole,
)
from assessor.core.names import canonical_name
from assessor.errors import N_, AssessorError
from assessor.store import Erasure, Store
from assessor.store.errors import NotInStore
from assessor.usecases.one_transaction import in_one_transaction
from assessor.usecases.workshop_secrets import hash_secret, new_secret

#: Libraries that get keys at once.
MAX_AT_ONCE: Final = 400


class LastSteward(AssessorError):
    """The only steward of a library, to be withdrawn by a member."""

    template = N_("A library needs a steward; invite another one first, or ask whoever runs this service")
    exit_code = 65


class TooManyLibraries(AssessorError):
    """More names than are given keys at once."""

    template = N_("These are {count} names; give keys to at most {most} libraries at once")
    exit_code = 65


class NoLibraryNamed(AssessorError):
    """No name where keys are to be given."""

    template = N_("Write the names of the libraries, one on each line")
    exit_code = 65


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenKey:
    """An address that opens a library once; the secret is shown now and never again."""

    library: str
    library_name: str
    secret: str
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """What a one-time address opens; `member` is None for the host's pages."""

    member: Member | None
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryAccess:
    """A library as its host sees it: who has a key and when somebody was last here, and nothing of its answers."""

    id: str
    name: str
    #: Until when an address waits to be opened; None where none does.
    waits_until: datetime | None
    #: Members with a browser that is let in.
    members: int
    #: When somebody was last here; None while nobody was.
    last_seen: datetime | None


class Keys:
    """Who may enter which library of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._members = store.members

    def new_host_link(self) -> str:
        """The secret of the host's one-time address; one that was not opened yet opens nothing any more."""
        return self._new_link(HOST, HOST, "")

    def give_keys(self, names: Iterable[str]) -> tuple[GivenKey, ...]:
        """A key for each library named, which is added where it is new.

        Raises `NoLibraryNamed`, `TooManyLibraries`, or what the store refuses of a name; no key is then given.
        """
        wanted = tuple(dict.fromkeys(canonical_name(name) for name in names if name.strip()))
        if not wanted:
            raise NoLibraryNamed()
        if len(wanted) > MAX_AT_ONCE:
            raise TooManyLibraries(count=len(wanted), most=MAX_AT_ONCE)

        def give() -> tuple[GivenKey, ...]:
            for name in wanted:
                self._store.add_library(name)
            ids = {name: id_ for id_, name in self._members.libraries()}
            return tuple(self.give_key(ids[name]) for name in wanted)

        return self._store.run_in_transaction(give)

    @in_one_transaction
    def give_key(self, library: str) -> GivenKey:
        """A new key to the library with this id, for its first steward; an earlier one that waits opens nothing.

        Browsers that are let in stay so. Raises `NotInStore`.
        """
        self._members.hold_library(library)
        member = self._hosts_steward(library) or self._members.add(library, "", "steward")
        secret = self._new_link(member.id, HOST, "")
        link = self._members.credential(hash_secret(secret))
        if link is None:
            raise NotInStore(name=library)
        return GivenKey(library=library, library_name=member.library_name, secret=secret, expires=link.expires)

    def _hosts_steward(self, library: str) -> Member | None:
        """The steward that the host gave keys to; None before the first."""
        stewards = (each for each in self._members.all_of(library) if each.role == "steward" and not each.withdrawn)
        return next((each for each in stewards if self._keys_from_host(each)), None)

    def _keys_from_host(self, member: Member) -> tuple[Credential, ...]:
        return tuple(each for each in self._members.credentials(member.id) if _is_key_from_host(each))

    def keys_given(self, library: str) -> tuple[datetime, ...]:
        """When the host gave keys to a library, the first one first."""
        given = (key.made for member in self._members.all_of(library) for key in self._keys_from_host(member))
        return tuple(sorted(given))

    @in_one_transaction
    def invite(self, maker: Member, name: str, role: MemberRole) -> tuple[Member, str]:
        """A new member of the maker's library, and the secret of the one-time address for them."""
        member = self._members.add(maker.library, name, role)
        return member, self._new_link(member.id, maker.id, name)

    def take_in_device(self, member: Member) -> str:
        """The secret of a one-time address by which a member goes on in another browser too."""
        return self._new_link(member.id, member.id, "")

    @in_one_transaction
    def _new_link(self, subject: str, maker: str, label: str) -> str:
        """A link for this subject; those of the same maker that nobody opened are withdrawn."""
        secret = new_secret()
        for earlier in self._members.credentials(subject):
            if earlier.kind == "link" and earlier.maker == maker and earlier.admits_at(self._members.now()):
                self._members.withdraw_credential(earlier.digest)
        self._members.add_credential(hash_secret(secret), "link", subject, maker=maker, label=label, days=LINK_DAYS)
        return secret

    def find_opening(self, secret: str) -> Opening | None:
        """What a one-time address would open, without spending it; None for one that opens nothing."""
        link = self._members.admitted(hash_secret(secret))
        if link is None or link.kind != "link":
            return None
        member = self._member_of(link)
        return Opening(member=member, expires=link.expires) if member or link.subject == HOST else None

    def open(self, secret: str, key: str, label: str, identity: str = "") -> tuple[Opening, str] | None:
        """Spend a one-time address: what it opens, and the token of the browser that did; None for one that is spent.

        The token is made from both the secret and the form's `key`, so that the same form sent twice opens once and
        gives the same token, whichever answer reaches the browser. Where a proxy has signed somebody in, it is they who
        are let in from then on, in whichever browser, and the token opens nothing.
        """
        token, opening = _token(secret, key), self.find_opening(secret)
        kind: CredentialKind = "device"
        digest = hash_secret(token)
        if identity and opening and opening.member:
            kind, digest = "identity", identity_digest(identity, opening.member.library)
        device = self._members.spend_link(hash_secret(secret), digest, kind, label=label, days=DEVICE_DAYS)
        if device is None:
            return None
        member = self._member_of(device)
        opening = Opening(member=member, expires=device.expires)
        return (opening, token) if member or device.subject == HOST else None

    def member_with(self, token: str, library: str) -> tuple[Member, Credential] | None:
        """The member of this very library whose browser has the token, and its credential; None for anybody else."""
        return self._of_library(self._members.admitted_member(hash_secret(token)), "device", library) if token else None

    def member_known_as(self, identity: str, library: str) -> tuple[Member, Credential] | None:
        """The member of this library that a trusted proxy vouches for by a name; None for anybody else."""
        return self._of_library(self._members.admitted_member(identity_digest(identity, library)), "identity", library)

    @staticmethod
    def _of_library(
        found: tuple[Member, Credential] | None, kind: CredentialKind, library: str
    ) -> tuple[Member, Credential] | None:
        """What was found, where it is a credential of this kind and its member is of this library."""
        return found if found and found[1].kind == kind and found[0].library == library else None

    def memberships_of(self, identity: str) -> tuple[Member, ...]:
        """Whom a trusted proxy vouches for by a name, in every library that lets them in; by the libraries' names."""
        known = self._members.identities()
        of = (id_ for id_, _name in self._members.libraries() if known and identity_digest(identity, id_) in known)
        found = (self.member_known_as(identity, library) for library in of)
        return tuple(each[0] for each in found if each)

    def library_of(self, secret: str) -> str:
        """The id of the library whose one-time address this is or was; empty for any other."""
        link = self._members.credential(hash_secret(secret))
        member = self._member_of(link) if link and link.kind == "link" else None
        return member.library if member else ""

    def is_host(self, token: str) -> bool:
        """Whether a browser with this token is the host's."""
        device = self._admitted_device(token)
        return device is not None and device.subject == HOST

    def note_use(self, credential: Credential) -> None:
        """Begin the days of a credential that was used anew, unless that was done within the hour."""
        self._members.note_use(credential, DEVICE_DAYS)

    def leave(self, digest: str) -> None:
        """Let nobody in by the credential with this digest any more; what else its member holds stays."""
        self._members.withdraw_credential(digest)

    def members(self, library: str) -> tuple[tuple[Member, tuple[Credential, ...]], ...]:
        """Who may enter a library, each with what they hold that admits them."""
        now = self._members.now()
        return tuple(
            (member, tuple(each for each in self._members.credentials(member.id) if each.admits_at(now)))
            for member in self._members.all_of(library)
            if not member.withdrawn
        )

    @in_one_transaction
    def withdraw_member(self, library: str, member: str) -> Member:
        """Let a member of this library in no more; raises `NotInStore`, or `LastSteward` for the only one who is in."""
        self._members.hold_library(library)
        found = self._member_in(library, member)
        stewards = {each.id for each, held in self.members(library) if each.role == "steward" and held}
        if found.role == "steward" and stewards <= {found.id}:
            raise LastSteward()
        self._members.withdraw_member(found.id)
        return found

    @in_one_transaction
    def withdraw_credential(self, library: str, digest_start: str) -> None:
        """Let nobody in by a credential of this library, named by the start of its digest; raises `NotInStore`."""
        for _member, held in self.members(library):
            for each in held:
                if len(digest_start) >= SHOWN_DIGEST and each.digest.startswith(digest_start):
                    self._members.withdraw_credential(each.digest)
                    return
        raise NotInStore(name=digest_start)

    @in_one_transaction
    def withdraw_library(self, library: str) -> None:
        """Let nobody into a library any more, by address or browser, until the host gives a new key."""
        self._members.hold_library(library)
        for member in self._members.all_of(library):
            self._members.withdraw_member(member.id)

    def _member_in(self, library: str, member: str) -> Member:
        found = self._members.get(member)
        if found.library != library:
            raise NotInStore(name=member)
        return found

    def libraries(self) -> tuple[LibraryAccess, ...]:
        """All libraries with when somebody was last in them, for the host."""
        return tuple(self._access(id_, name) for id_, name in self._members.libraries())

    def _access(self, id_: str, name: str) -> LibraryAccess:
        now, members = self._members.now(), self._members.all_of(id_)
        held = [each for member in members for each in self._members.credentials(member.id)]
        waiting = [each.expires for each in held if _is_key_from_host(each) and each.admits_at(now)]
        inside = {each.subject for each in held if each.kind != "link" and each.admits_at(now)}
        seen = [each.seen for each in held if each.seen]
        return LibraryAccess(
            id=id_,
            name=name,
            waits_until=max(waiting, default=None),
            members=len(inside),
            last_seen=max(seen, default=None),
        )

    def library_name(self, library: str) -> str:
        """The name of the library with this id; raises `NotInStore`."""
        return self._members.library_name(library)

    def erase_library(self, library: str) -> Erasure:
        """Erase all of a library: answers, workshops, members and keys; raises `NotInStore`."""
        return self._store.erase_library(self._members.library_name(library))

    def _admitted_device(self, token: str) -> Credential | None:
        found = self._members.admitted(hash_secret(token)) if token else None
        return found if found and found.kind == "device" else None

    def _member_of(self, credential: Credential) -> Member | None:
        """The member whose credential it is, while they may enter; None for the host's."""
        try:
            member = self._members.get(credential.subject)
        except NotInStore:
            return None
        return None if member.withdrawn else member


#: How much of a digest stands in forms that name a credential: enough to tell two apart, and it opens nothing.
SHOWN_DIGEST: Final = 16


def identity_digest(identity: str, library: str) -> str:
    """The digest by which a name that a proxy vouches for is kept, in one library."""
    return hashlib.sha256(f"assessor identity\n{library}\n{identity.strip().casefold()}".encode()).hexdigest()


def _is_key_from_host(credential: Credential) -> bool:
    return credential.kind == "link" and credential.maker == HOST


def _token(secret: str, key: str) -> str:
    """The token of the browser that opens an address with a form; nobody has it who lacks either."""
    digest = hashlib.sha256(f"assessor device\n{secret}\n{key}".encode()).digest()
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")
