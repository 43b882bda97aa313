"""The store as the rest of the program sees it: collaborations, their assessments, and everything given in them.

An assessment is a history of numbered entries that are only ever added; what it amounts to is computed when it is
read. Each write is one transaction, durable when the method returns. Writes that a person may repeat, by pressing a
button twice or because a connection was lost, carry a key: the same key again returns what was stored the first time.
Workshops are a part of their own (`Store.workshops`); the database behind it all is any `Database`.
"""

import hashlib
import os
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from assessor.core.entries import ENTRY_KINDS
from assessor.core.instrument import Instrument
from assessor.core.merging import extended_history, with_keys
from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.core.workshop import Workshop
from assessor.errors import AssessorError
from assessor.safe_text import escape_controls
from assessor.store import (
    backups,
    content_digest,
    copying,
    erasures,
    row_values,
    server_urls,
    sqlite_file,
    statements,
    storable_text,
    store_files,
)
from assessor.store.backup_files import Backup
from assessor.store.database import Database, Row
from assessor.store.erasures import ErasureKind, ErasureMemory, LeftOut
from assessor.store.errors import KeyReused, NameTaken, NotInStore, ServerKeepsBackups, StoreNotEmpty, UnknownKind
from assessor.store.history_rows import rewrite_history, storable_history
from assessor.store.member_store import MemberStore
from assessor.store.profile_store import ProfileStore
from assessor.store.publication_store import PublicationStore
from assessor.store.retention import Erasure, Expiry, Retention
from assessor.store.retry import retry_idempotent, retry_unless_committed
from assessor.store.row_values import GivenEntry
from assessor.store.schema import SCHEMA, Schema
from assessor.store.verification import bears_digest
from assessor.store.workshop_store import WorkshopStore, own_library_name

Result = TypeVar("Result")

#: Crockford's base 32: no letter looks like a digit.
_ID_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Restoration:
    """What a restored backup replaced, and what of it was left out."""

    #: A copy of the store that was there; None if nothing was.
    replaced: Path | None
    #: False for a backup from before there were digests: only that it is a sound store could be checked.
    has_digest: bool
    #: What was erased or had expired after the backup was made.
    left_out: LeftOut
    #: What is past its days and waits for a yes; None where nothing does.
    waiting: Expiry | None
    #: Names in it that looked like another's and got a number.
    numbered_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LatestResponses:
    """What a library responded to one collaboration, in the assessment begun last of those that hold a response."""

    #: The library's id.
    library: str
    assessment: str
    #: The instrument's name, and the digest of its rules.
    instrument: str
    digest: str
    #: Item id to option id; withdrawn ones are empty.
    responses: dict[str, str]


def default_path() -> Path:
    """Where this person's store lies on this machine, whether or not it exists."""
    from assessor import paths

    return paths.data_folder() / "assessor.db"


def restore_backup(source: str | Path, store: str | Path | None = None) -> Restoration:
    """Put a verified backup in a store's place, the person's own by default, without what has been erased since.

    Raises `ServerKeepsBackups` for a server, and what `backups.restore_backup` raises.
    """
    if isinstance(store, str) and server_urls.is_url(store):
        raise ServerKeepsBackups(path=server_urls.display_url(store))
    path = Path(store) if store else default_path()
    left_out: list[tuple[LeftOut, Expiry | None]] = []
    numbered: list[str] = []

    def prepare(copy: Path) -> None:
        numbered.extend(sqlite_file.upgrade_copy(copy, SCHEMA))
        with Store.open(copy, expire=False) as restored:
            left_out.append(restored.leave_out(erasures.read_erasures(path)))

    done = backups.restore_backup(Path(source), path, prepare=prepare)
    ((counts, waiting),) = left_out
    return Restoration(
        replaced=done.replaced,
        has_digest=done.has_digest,
        left_out=counts,
        waiting=waiting,
        numbered_names=tuple(numbered),
    )


def copy_store(
    source: str | Path,
    target: str | Path,
    progress: copying.ProgressCallback = lambda done, total: None,
    on_expiry: Callable[[Expiry | None], None] = lambda expiry: None,
) -> copying.VerifiedCopy:
    """Copy all of one store into another that is empty or does not exist yet, verified.

    `progress` is called with the rows copied and all rows, `on_expiry` with what was past its days in the first. When
    it fails, a target that was made for it is removed.
    """
    file = None if isinstance(target, str) and server_urls.is_url(target) else Path(target)
    with Store.open(source, write=False) as store:
        on_expiry(store.expiry)
        new = file is not None and not os.path.lexists(file)
        try:
            with Store.open(target, create=True) as destination:
                return store.copy_to(destination, progress)
        except BaseException as problem:
            if file and new and not isinstance(problem, StoreNotEmpty):  # another process filled it meanwhile
                for leftover in (file, *store_files.wal_files(file)):
                    leftover.unlink(missing_ok=True)
            raise


def _utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """A new random id: 50 bits, in letters that are not mistaken for one another."""
    return "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in secrets.token_bytes(10))


@lru_cache(maxsize=8)
def _instrument_id(name: str, version: str, digest: str, snapshot: str) -> str:
    """The id of a bank's text, its digest; cached, as thousands of assessments begin with one long text."""
    return hashlib.sha256("\0".join((name, version, digest, snapshot)).encode()).hexdigest()


class Store:
    """Where assessments are kept; get one by `Store.open`, and use it as a context manager."""

    def __init__(
        self, database: Database, *, path: Path | None = None, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._clock = clock
        #: Who gives what is recorded, where it does not say so itself; see `recording_as`.
        self._who = ""
        #: What was past its days when this was opened; None where nothing was.
        self.expiry: Expiry | None = None
        #: Names that looked like another's and got a number when this was opened.
        self.numbered_names = database.numbered_names
        self._use(database, path)

    def _use(self, database: Database, path: Path | None) -> None:
        self._database = database
        #: Of the file; None on a server.
        self.path = path
        #: The service that syncs the file elsewhere while it is written, worth a warning; None where none is seen.
        self.cloud_folder = store_files.find_cloud_folder(path) if path else None
        self.workshops = WorkshopStore(database, self._clock, new_id)
        self.profiles = ProfileStore(database, self._clock, new_id)
        self._memory = ErasureMemory(database)
        self.publications = PublicationStore(database, self._clock, self._memory)
        self.members = MemberStore(database, self._clock, new_id, self._memory)
        self.retention = Retention(self.workshops, self._clock, self._expire)

    @classmethod
    def open(
        cls,
        where: str | Path | None = None,
        *,
        create: bool | None = None,
        write: bool = True,
        schema: Schema = SCHEMA,
        clock: Callable[[], datetime] = _utc_now,
        expire: bool = True,
    ) -> Self:
        """The store at a path or URL; by default the person's own, the only one that is created unasked.

        What is past its days is erased as it is opened, also for reading, and `expiry` says of what.

        Whatever would stop it later is raised now. One process at a time may write a file, any number a server; with
        `write=False` any number may read. A file is created at a named path only with `create=True`; an empty database
        of a server is made into a store unless `create` is False.
        """
        store = cls._open(where, create=create, write=write, schema=schema, clock=clock)
        if expire:
            try:
                store._expire_due(lambda: cls.open(where, create=False, schema=schema, clock=clock))
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def _open(
        cls,
        where: str | Path | None,
        *,
        create: bool | None,
        write: bool,
        schema: Schema,
        clock: Callable[[], datetime],
    ) -> Self:
        url = where if isinstance(where, str) and server_urls.is_url(where) else ""
        if url and not url.startswith(server_urls.SQLITE_PREFIX):
            from assessor.store.server_database import ServerDatabase

            return cls(ServerDatabase(url, schema, create=create, write=write), clock=clock)
        path = Path(url.removeprefix(server_urls.SQLITE_PREFIX) or where or default_path()).expanduser().absolute()
        make = where is None if create is None else create
        return cls(sqlite_file.open_file(path, create=make, write=write, schema=schema), path=path, clock=clock)

    def _expire_due(self, open_writer: "Callable[[], Store]") -> None:
        """Erase what is past its days, where this was opened for reading by somebody who writes; sets `expiry`."""
        if self._database.is_writable:
            self.expiry = self.retention.expire_due()
            return
        due = self.retention.due_for_erasure()
        if not due or (self.path and bears_digest(self.path)):  # a backup that is looked into is left as it is
            return
        if not self.retention.is_clock_plausible(due):
            self.expiry = Expiry(workshops=due, erasure=None)
            return
        with suppress(AssessorError), open_writer() as writer:  # who may not write now leaves it to another opening
            self.expiry = writer.expiry

    def close(self) -> None:
        """Release the store, so that another process may write."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def require_in_place(self) -> None:
        """Raise `StoreMoved` where the file at the store's path is not the one that is open."""
        self._database.require_in_place()

    def continue_in_new_file(self) -> Path:
        """Go on in a new file beside the old place, with everything that the open one holds; its path.

        For a store that was moved, removed or replaced: nothing else is written over.
        """
        path = self._database.copy_to_new_file()
        database = sqlite_file.open_file(path, create=False, write=True, schema=SCHEMA)
        self._database.close()
        self._use(database, path)
        return path

    @contextmanager
    def recording_as(self, who: str) -> Iterator[None]:
        """Everything that is recorded within was given by the member with this id, whatever records it."""
        before = self._who
        self._who = self.profiles.who = who
        try:
            yield
        finally:
            self._who = self.profiles.who = before

    def transaction(self) -> AbstractContextManager[None]:
        """Everything written within is kept, or nothing of it."""
        return self._database.write_transaction()

    def run_in_transaction(self, act: Callable[[], Result], *, harmless: bool = True) -> Result:
        """What `act` returns, in one transaction that is run again where a conflict or a lost connection undid it.

        `act` may have been kept before it runs again where doing it twice leaves the same as doing it once, by a key or
        because it looks first; without `harmless` nothing can have been. In another transaction it runs once.
        """

        def once() -> Result:
            with self._database.write_transaction():
                return act()

        return self._database.run_with_retries(once, harmless=harmless)

    def run_in_snapshot(self, read: Callable[[], Result]) -> Result:
        """What `read` returns, all of it from one moment, however many write meanwhile; it writes nothing."""

        def once() -> Result:
            with self._database.read_transaction():
                return read()

        return self._database.run_with_retries(once, harmless=True)

    def libraries(self) -> tuple[str, ...]:
        """The names of all libraries, sorted; a respondent's own library is not among them."""
        return tuple(name for (name,) in self._database.execute(statements.LIBRARIES))

    @retry_idempotent
    def add_library(self, name: str) -> str:
        """The name as stored, normalized; an existing library of this name stays as it is."""
        name = storable_text.normalize_name(name)
        with self._database.write_transaction():
            self._find_or_add(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=name)
        return name

    @retry_idempotent
    def add_collaboration(self, library: str, party: str, undertaking: str = "") -> Collaboration:
        """The collaboration, new or existing; its library and party are added where they are new."""
        undertaking = storable_text.normalize_optional_name(undertaking)
        library, party = storable_text.normalize_name(library), storable_text.normalize_name(party)
        with self._database.write_transaction():
            find_and_lock = statements.FIND_LIBRARY + self._database.row_lock  # or two could get the same `place`
            library_id = self._find_or_add(find_and_lock, statements.ADD_LIBRARY, name=library)
            party_id = self._find_or_add(statements.FIND_PARTY, statements.ADD_PARTY, library=library_id, name=party)
            id_ = self._find_or_add(
                statements.FIND_COLLABORATION,
                statements.ADD_COLLABORATION,
                party=party_id,
                undertaking=undertaking,
            )
        return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)

    def _find_or_add(self, find: str, add: str, **facts: str) -> str:
        """The id of the row that `find` finds; of a new one by `add` where there is none."""
        existing = self._find_id(find, **facts)
        if existing:
            return existing
        id_ = new_id()
        self._database.execute(add, id=id_, **facts)
        return id_

    def collaborations(self, library: str) -> tuple[Collaboration, ...]:
        """The collaborations of a library, in the order they were added."""
        rows = self._database.execute(statements.COLLABORATIONS, library=storable_text.normalize_name(library))
        return tuple(_collaboration_from_row(row) for row in rows)

    def collaboration(self, id_: str) -> Collaboration:
        """One collaboration; raises `NotInStore`."""
        return _collaboration_from_row(self._require_row(statements.COLLABORATION, id_))

    @retry_unless_committed
    def rename_party(self, library: str, party: str, name: str) -> None:
        """Rename a party in all its collaborations; raises `NotInStore` or `NameTaken`."""
        name = storable_text.normalize_name(name)
        with self._database.write_transaction():
            library_id = self._require_id(statements.FIND_LIBRARY, name=storable_text.normalize_name(library))
            id_ = self._require_id(statements.FIND_PARTY, library=library_id, name=storable_text.normalize_name(party))
            self._refuse_taken(id_, statements.FIND_PARTY, library=library_id, name=name)
            self._database.execute(statements.RENAME_PARTY, id=id_, name=name)

    @retry_unless_committed
    def rename_undertaking(self, collaboration: str, undertaking: str) -> None:
        """Rename a collaboration's undertaking; raises `NotInStore` or `NameTaken`."""
        undertaking = storable_text.normalize_optional_name(undertaking)
        with self._database.write_transaction():
            party = str(self._require_row(statements.PARTY_OF_COLLABORATION, collaboration)[0])
            self._refuse_taken(collaboration, statements.FIND_COLLABORATION, party=party, undertaking=undertaking)
            self._database.execute(statements.RENAME_COLLABORATION, id=collaboration, undertaking=undertaking)

    def begin_assessment(
        self,
        collaboration: str,
        instrument: Instrument,
        snapshot: str,
        *,
        respondent: str = "",
        started: datetime | None = None,
    ) -> str:
        """The id of a new assessment; `snapshot` is the bank's whole text, so that it can always be read as it was
        asked.

        Earlier assessments of the collaboration stay beside it. Raises `NotInStore`.
        """
        return self._begin_assessment(
            new_id(), collaboration, instrument, snapshot, respondent, started or self._clock()
        )

    @retry_idempotent
    def _begin_assessment(
        self, id_: str, collaboration: str, instrument: Instrument, snapshot: str, respondent: str, started: datetime
    ) -> str:
        """The id is chosen by the caller, so that a retry finds what the first attempt may have stored."""
        with self._database.write_transaction():
            if not self._database.execute(statements.LOCK_COLLABORATION + self._database.row_lock, id=collaboration):
                raise NotInStore(name=escape_controls(collaboration))
            if not self._database.execute(statements.LOCK_ASSESSMENT, id=id_):  # unless the first attempt stored it
                instrument_id = self._find_or_add_instrument(
                    instrument.id, instrument.version, instrument.digest, snapshot
                )
                self._add_assessment(id_, collaboration, instrument_id, respondent, started)
        return id_

    def _find_or_add_instrument(self, name: str, version: str, digest: str, snapshot: str) -> str:
        """The id of a bank's text; equal texts are stored once."""
        facts = {"name": name, "version": version, "digest": digest, "snapshot": snapshot}
        id_ = _instrument_id(**facts)
        if not self._database.execute(statements.FIND_INSTRUMENT, id=id_):
            self._database.execute(statements.ADD_INSTRUMENT, id=id_, **facts)
        return id_

    def _add_assessment(
        self, id_: str, collaboration: str, instrument: str, respondent: str, started: datetime
    ) -> None:
        self._database.execute(
            statements.ADD_ASSESSMENT,
            id=id_,
            collaboration=collaboration,
            instrument=instrument,
            respondent=storable_text.normalize_optional_name(respondent),
            started=row_values.to_microseconds(started),
        )

    def record_entry(
        self,
        assessment: str,
        kind: str,
        item: str,
        value: str,
        *,
        key: str | None = None,
        at: datetime | None = None,
        replaces: tuple[str, ...] | None = None,
        who: str = "",
    ) -> Entry:
        """The entry as stored, durable once this returns; the same key again returns what was first stored under it.

        It replaces the latest of its kind and item, unless `replaces` has the keys of others. Raises `NotInStore`,
        `UnknownKind`, `KeyReused` where the key is that of something else, or as `storable_text` does.
        """
        given = GivenEntry(
            kind=kind,
            item=storable_text.normalize_optional_name(item),
            value=storable_text.validate_text(value),
            key=storable_text.validate_key(key or new_id()),
            at=at,
            replaces=replaces,
            who=storable_text.normalize_optional_name(who or self._who),
        )
        return self._record_entry(assessment, given)

    @retry_idempotent
    def _record_entry(self, assessment: str, given: GivenEntry) -> Entry:
        """Number and append an entry under the assessment's lock, unless its key is known.

        A note that is withdrawn is erased in all its wordings: only that there was one stays in the history.
        """
        if given.kind not in ENTRY_KINDS:
            raise UnknownKind(kind=given.kind, kinds=", ".join(ENTRY_KINDS))
        with self._database.write_transaction():
            self._lock_assessment(assessment)
            position = {"assessment": assessment, "key": given.key, "kind": given.kind, "item": given.item}
            ((last, known, latest),) = self._database.execute(statements.ENTRY_POSITION, **position)
            if known:
                return self._known_entry(assessment, given)
            entry = given.as_entry(last + 1, latest, self._clock)
            self._database.execute(statements.ADD_ENTRY, assessment=assessment, **row_values.entry_row(entry))
            if entry.kind == "note" and not entry.value:
                self._database.execute(statements.ERASE_NOTE, assessment=assessment, item=entry.item)
            return entry

    def _known_entry(self, assessment: str, given: GivenEntry) -> Entry:
        """The entry under a known key; raises `KeyReused` where it is about something else."""
        rows = self._database.execute(statements.ENTRY_BY_KEY, assessment=assessment, key=given.key)
        known = row_values.entry_from_row(rows[0])
        if (known.kind, known.item) != (given.kind, given.item):
            raise KeyReused()
        return known

    def entry_by_key(self, assessment: str, key: str) -> Entry | None:
        """The entry stored under a key; None when there is none."""
        rows = self._database.execute(statements.ENTRY_BY_KEY, assessment=assessment, key=key) if key else []
        return row_values.entry_from_row(rows[0]) if rows else None

    def hold_library(self, name: str) -> None:
        """Until the transaction ends, nobody else holds the library or adds a collaboration; raises `NotInStore`."""
        if not self._database.execute(statements.FIND_LIBRARY + self._database.row_lock, name=name):
            raise NotInStore(name=escape_controls(name))

    def hold_assessment(self, assessment: str) -> int:
        """Until the transaction ends, nobody else gives anything to the assessment; the number of its last entry.

        Raises `NotInStore`.
        """
        self._lock_assessment(assessment)
        return int(self._database.execute(statements.LAST_ENTRY_SEQ, assessment=assessment)[0][0])

    def _lock_assessment(self, assessment: str) -> None:
        """Hold the assessment, so that entries get different numbers; raises `NotInStore`."""
        if not self._database.execute(statements.LOCK_ASSESSMENT + self._database.row_lock, id=assessment):
            raise NotInStore(name=escape_controls(assessment))

    def import_assessments(
        self,
        collaborations: Iterable[Collaboration],
        assessments: Iterable[Assessment],
        snapshots: Mapping[str, str],
    ) -> None:
        """Store collaborations and assessments from elsewhere with their ids, order and times; adds only what is
        missing here.

        Histories that went apart are merged (`core.merging`). `snapshots` are by assessment id.
        """
        self._import_all(tuple(collaborations), tuple(assessments), snapshots)

    @retry_idempotent
    def _import_all(
        self,
        collaborations: tuple[Collaboration, ...],
        assessments: tuple[Assessment, ...],
        snapshots: Mapping[str, str],
    ) -> None:
        with self._database.write_transaction():
            for collaboration in collaborations:
                self._import_collaboration(collaboration)
            for assessment in assessments:
                self._import_assessment(assessment, snapshots[assessment.id])

    def _import_collaboration(self, collaboration: Collaboration) -> None:
        """Add a collaboration under its own id; raises `NameTaken` where another id has its names here."""
        library, party = (
            storable_text.normalize_name(collaboration.library),
            storable_text.normalize_name(collaboration.party),
        )
        library_id = self._find_or_add(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=library)
        party_id = self._find_or_add(statements.FIND_PARTY, statements.ADD_PARTY, library=library_id, name=party)
        undertaking = storable_text.normalize_optional_name(collaboration.undertaking)
        if not self._database.execute(statements.PARTY_OF_COLLABORATION, id=collaboration.id):
            self._refuse_taken(collaboration.id, statements.FIND_COLLABORATION, party=party_id, undertaking=undertaking)
            self._database.execute(
                statements.ADD_COLLABORATION, id=collaboration.id, party=party_id, undertaking=undertaking
            )

    def _import_assessment(self, assessment: Assessment, snapshot: str) -> None:
        """Add an assessment where it is new, then what was given in it elsewhere to what was given here."""
        if not self._database.execute(statements.LOCK_ASSESSMENT + self._database.row_lock, id=assessment.id):
            instrument = self._find_or_add_instrument(
                assessment.instrument, assessment.version, assessment.digest, snapshot
            )
            self._add_assessment(
                assessment.id, assessment.collaboration.id, instrument, assessment.respondent, assessment.started
            )
        rows = self._database.execute(statements.ENTRIES_BY_SCOPE["assessment"], of=assessment.id)
        here = tuple(map(row_values.entry_from_row, rows))
        there = storable_history(with_keys(assessment.id, assessment.history, here), ENTRY_KINDS)
        rewrite_history(self._database, "assessment", assessment.id, here, extended_history(here, there))

    def assessment(self, id_: str, *, condensed: bool = False) -> Assessment:
        """One assessment as it stands; raises `NotInStore`.

        A `condensed` one has only the first and the latest entry of each kind and item in its history, which is all
        that its state, and the order in which it was answered, depend on. Reading it costs the same however long the
        history is.
        """
        assessments = self._load_assessments("assessment", id_, condensed=True) if condensed else self._load_whole(id_)
        if not assessments:
            raise NotInStore(name=escape_controls(id_))
        return assessments[0]

    def _load_whole(self, id_: str) -> tuple[Assessment, ...]:
        """One assessment with its history, in one statement; none where there is none."""
        rows = self._database.execute(statements.ASSESSMENT_WITH_ENTRIES, of=id_)
        history = [row_values.entry_from_row(row[10:]) for row in rows if row[10] is not None]
        return tuple(row_values.assessment_from_row(row[:10], history) for row in rows[:1])

    def assessments(self, collaboration: str | None = None, *, library: str | None = None) -> tuple[Assessment, ...]:
        """The assessments of a collaboration, of a library, or all: each collaboration's in the order they were begun.

        Only the library's own: what raters gave in a workshop comes from `assessments_in_workshop` and
        `assessments_by_respondent`.
        """
        if collaboration is not None:
            return self._load_assessments("collaboration", collaboration)
        if library is not None:
            return self._load_assessments("library", storable_text.normalize_name(library))
        return self._load_assessments("all")

    def is_own(self, assessment: Assessment) -> bool:
        """Whether it is the library's own, and not what a rater gave in a workshop."""
        return not assessment.respondent or not self._database.execute(statements.RESPONDENT, id=assessment.respondent)

    def assessments_in_workshop(self, workshop: str) -> tuple[Assessment, ...]:
        """What all respondents of a workshop gave, each collaboration's in the order they were begun."""
        return self._load_assessments("workshop", workshop)

    def assessments_by_respondent(self, respondent: str, *, condensed: bool = False) -> tuple[Assessment, ...]:
        """What one respondent of a workshop gave; `condensed` as in `assessment`."""
        return self._load_assessments("respondent", respondent, condensed=condensed)

    @retry_idempotent
    def _load_assessments(self, scope: str, which: str = "", *, condensed: bool = False) -> tuple[Assessment, ...]:
        """Assessments with their histories, in two statements and one snapshot, however many there are."""
        facts = {"of": which} if scope != "all" else {}
        entries = statements.CONDENSED_ENTRIES_BY_SCOPE if condensed else statements.ENTRIES_BY_SCOPE
        histories: dict[str, list[Entry]] = defaultdict(list)
        with self._database.read_transaction():
            rows = self._database.execute(statements.ASSESSMENTS_BY_SCOPE[scope], **facts)
            for row in self._database.execute(entries[scope], **facts):
                histories[row[0]].append(row_values.entry_from_row(row))
        return tuple(row_values.assessment_from_row(row, histories[row[0]]) for row in rows)

    @retry_idempotent
    def latest_responses(self) -> tuple[LatestResponses, ...]:
        """Of every library, the latest responses to each collaboration that has any, in one pass over all of them."""
        with self._database.read_transaction():
            rows = self._database.execute(statements.OWN_RESPONSES)
        latest: dict[str, LatestResponses] = {}
        for library, collaboration, assessment, name, digest, item, value in rows:
            if collaboration not in latest or latest[collaboration].assessment != assessment:
                latest[collaboration] = LatestResponses(
                    library=library, assessment=assessment, instrument=name, digest=digest, responses={}
                )
            latest[collaboration].responses[item] = value
        return tuple(latest.values())

    def collaboration_counts(self) -> Mapping[str, int]:
        """By the library's id, how many collaborations it has listed; libraries with none are left out."""
        return {str(id_): int(count) for id_, count in self._database.execute(statements.COLLABORATION_COUNTS)}

    def snapshot_of(self, assessment: str) -> str:
        """The whole text of the bank that an assessment was begun with; raises `NotInStore`."""
        return str(self._require_row(statements.INSTRUMENT_SNAPSHOT, assessment)[0])

    @retry_idempotent
    def keep_bank(self, instrument: Instrument, snapshot: str) -> str:
        """Keep a bank's whole text for a workshop that begins with it; the id under which `kept_bank` gives it back."""
        with self._database.write_transaction():
            return self._find_or_add_instrument(instrument.id, instrument.version, instrument.digest, snapshot)

    def kept_bank(self, id_: str) -> str:
        """The text of a bank that a workshop began with; raises `NotInStore`."""
        return str(self._require_row(statements.SNAPSHOT, id_)[0])

    @retry_unless_committed
    def erase_library(self, library: str) -> Erasure:
        """Erase all of a library, its workshops included, without a trace in this file.

        Harmless when it is gone already.
        """
        name = storable_text.normalize_name(library)
        id_ = self._find_id(statements.FIND_LIBRARY, name=name)
        with self._database.write_transaction():
            count = self._delete("library", id_)
        return self._finish_erasure("library", count, id=id_, name=name)

    @retry_unless_committed
    def erase_party(self, library: str, party: str) -> Erasure:
        """Erase a party and everything about it, without a trace in this file; harmless when it is gone already."""
        library, name = storable_text.normalize_name(library), storable_text.normalize_name(party)
        library_id = self._find_id(statements.FIND_LIBRARY, name=library)
        id_ = self._find_id(statements.FIND_PARTY, library=library_id, name=name)
        return self._erase_by_scope("party", id_, library=library, name=name)

    @retry_unless_committed
    def erase_collaboration(self, collaboration: str) -> Erasure:
        """Erase a collaboration and its assessments, without a trace in this file; harmless when it is gone already."""
        return self._erase_by_scope("collaboration", collaboration)

    @retry_unless_committed
    def erase_assessment(self, assessment: str) -> Erasure:
        """Erase one assessment, without a trace in this file; harmless when it is gone already."""
        return self._erase_by_scope("assessment", assessment)

    @retry_unless_committed
    def erase_workshop(self, workshop: str) -> Erasure:
        """Erase a workshop, all responses and what was agreed on in it; harmless when it is gone already."""
        return self._erase_by_scope("workshop", workshop)

    @retry_unless_committed
    def erase_all_respondents(self, workshop: str) -> Erasure:
        """Erase all respondents and their responses; what the room did and agreed on stays."""
        return self._erase_raw_responses((workshop,), "erased")

    @retry_unless_committed
    def _expire(self, workshops: Sequence[Workshop]) -> Erasure:
        return self._erase_raw_responses([each.id for each in workshops], "expired")

    def _erase_raw_responses(self, workshops: Sequence[str], kind: ErasureKind) -> Erasure:
        with self._database.write_transaction():
            for workshop in workshops:
                self._hold_if_there(workshop)
            count = sum(self._delete_respondents(workshop, kind) for workshop in workshops)
        self._database.purge_deleted()
        holding = (backup for workshop in workshops for backup in self._holding("raw responses", id=workshop))
        return Erasure(count=count, backups=tuple(dict.fromkeys(holding)), on_server=self.path is None)

    def _hold_if_there(self, workshop: str) -> None:
        """Hold a workshop that is to be erased, as those who post in it do first; nothing where it is gone already."""
        with suppress(NotInStore):
            self.workshops.hold(workshop)

    def _erase_by_scope(self, scope: str, id_: str, **names: str) -> Erasure:
        with self._database.write_transaction():
            count = self._delete(scope, id_)
        return self._finish_erasure(scope, count, id=id_, **names)

    def _delete(self, scope: str, id_: str) -> int:
        """Delete what is erased, and the workshops and respondents in it; returns how many assessments went."""
        count = 0
        if scope == "library":
            workshops = self._database.execute(statements.WORKSHOP_IDS_OF_LIBRARY, id=id_)
            count = sum(self._delete("workshop", str(workshop)) for (workshop,) in workshops)
        if scope == "workshop":
            self._hold_if_there(id_)
            count = self._delete_respondents(id_)
        if scope == "respondent":
            return self._delete_respondent(id_)
        return count + self._delete_rows(scope, id_)

    def _delete_respondents(self, workshop: str, kind: ErasureKind = "erased") -> int:
        return sum(self._delete_respondent(respondent.id, kind) for respondent in self.workshops.respondents(workshop))

    def _delete_respondent(self, respondent: str, kind: ErasureKind = "erased") -> int:
        """Delete a respondent with their own library; returns how many assessments went."""
        own = self._find_id(statements.FIND_LIBRARY, name=own_library_name(respondent))
        count = self._delete_rows("respondent", respondent, kind)
        return count + (self._delete_rows("library", own, kind) if own else 0)

    def _delete_rows(self, scope: str, id_: str, kind: ErasureKind = "erased") -> int:
        """Delete everything in a scope, and remember it; returns how many assessments went."""
        assessments = [str(row[0]) for row in self._database.execute(statements.ASSESSMENT_IDS_BY_SCOPE[scope], id=id_)]
        others = (
            str(row[0])
            for statement in statements.ERASED_IDS_BY_SCOPE.get(scope, ())
            for row in self._database.execute(statement, id=id_)
        )
        ids = [id_, *assessments, *others]
        for statement in statements.ERASE_BY_SCOPE[scope]:
            self._database.execute(statement, id=id_)
        self._database.execute(statements.DROP_UNUSED_INSTRUMENTS)
        self._memory.remember(ids, kind, self._clock())
        return len(assessments)

    def _finish_erasure(self, scope: str, count: int, **names: str) -> Erasure:
        """Purge the storage once the deletion is committed, and look for backups that still hold what is gone."""
        self._database.purge_deleted()
        return Erasure(count=count, backups=self._holding(scope, **names), on_server=self.path is None)

    def _holding(self, scope: str, **names: str) -> tuple[Backup, ...]:
        """The backups that still hold what was erased."""
        return backups.list_holding(self.path, statements.FIND_ERASED_BY_SCOPE[scope], names) if self.path else ()

    def erased_among(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that belong to something that was erased here, or has expired: no file brings it back."""
        return self._memory.erased_among(ids)

    def take_back(self, ids: Iterable[str]) -> None:
        """Remember no longer that these were erased: somebody who was asked wants them again."""
        self._memory.forget(ids)

    def remembered(self) -> tuple[Row, ...]:
        """What is remembered as erased, expired or withdrawn, as `leave_out` of another store takes it."""
        return tuple(self._database.execute(statements.ERASURES))

    def leave_out(self, remembered: Iterable[Row]) -> tuple[LeftOut, Expiry | None]:
        """Erase again what is remembered as erased, and what is past its days; how much, and what waits for a yes."""
        before = erasures.count_rows(self._database)
        with self._database.write_transaction():
            self._memory.merge(remembered)
            for scope, statement in statements.IDS_BY_SCOPE.items():
                ids = [str(row[0]) for row in self._database.execute(statement)]
                for id_ in self._memory.erased_among(ids):
                    self._delete(scope, id_)
            keys = self.members.withdraw_remembered()
        expiry = self.retention.expire_due()
        after = erasures.count_rows(self._database)
        self._database.purge_deleted()
        waiting = expiry if expiry and expiry.erasure is None else None
        return LeftOut(**{each: before[each] - after[each] for each in before}, keys=keys), waiting

    def backup(self, path: str | Path | None = None, *, replace: bool = False) -> Path:
        """The path of a verified copy: `path`, or a dated one; replaces a file only with `replace`."""
        return self._database.backup(Path(path).expanduser().absolute() if path else None, replace)

    def copy_to(
        self, target: "Store", progress: copying.ProgressCallback = lambda done, total: None
    ) -> copying.VerifiedCopy:
        """Copy everything into an empty store, in one transaction, verified.

        Raises `StoreNotEmpty` or `CopyDiffers`.
        """
        remembered = target._database.execute(statements.ERASURES)
        with target.transaction():
            copied = copying.copy_content(self._database, target._database, target.display_location, progress)
            target._memory.merge(remembered)
        return replace(copied, left_out=target.leave_out(())[0]) if remembered else copied

    @property
    def display_location(self) -> str:
        """The path, or a server's address without its password, as a message may show it."""
        return self._database.display_location

    @retry_idempotent
    def content_hash(self) -> str:
        """A digest of all content: equal content, equal digest, in a file as on a server."""
        with self._database.read_transaction():
            return content_digest.digest_rows(self._database.stream_rows)

    def _find_id(self, find: str, **facts: str) -> str:
        """The id in the first row that a statement finds; empty when there is none."""
        rows = self._database.execute(find, **facts)
        return str(rows[0][0]) if rows else ""

    def _require_id(self, find: str, **facts: str) -> str:
        id_ = self._find_id(find, **facts)
        if not id_:
            raise NotInStore(name=escape_controls(facts["name"]))
        return id_

    def _refuse_taken(self, id_: str, find: str, **facts: str) -> None:
        """Raise `NameTaken` where another row than `id_` has these names."""
        if self._find_id(find, **facts) not in ("", id_):
            raise NameTaken(name=escape_controls(facts.get("name", facts.get("undertaking", ""))))

    def _require_row(self, statement: str, id_: str) -> Row:
        rows = self._database.execute(statement, id=id_)
        if not rows:
            raise NotInStore(name=escape_controls(id_))
        return rows[0]


def _collaboration_from_row(row: Row) -> Collaboration:
    id_, library, party, undertaking = row
    return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)
