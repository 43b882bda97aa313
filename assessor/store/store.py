"""The store's face: collaborations, their assessments, and everything given in them, once and for good."""

import hashlib
import os
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment, Collaboration, Entry
from assessor.safe_text import escape_controls
from assessor.store import (
    backups,
    content_digest,
    copying,
    row_values,
    server_urls,
    sqlite_file,
    statements,
    storable_text,
    store_files,
)
from assessor.store.backup_files import Backup
from assessor.store.database import Database, Row
from assessor.store.errors import NameTaken, NotInStore, ServerKeepsBackups, StoreNotEmpty, UnknownKind
from assessor.store.retry import retry_idempotent, retry_unless_committed
from assessor.store.schema import SCHEMA, Schema
from assessor.store.workshop_store import WorkshopStore, own_library_name

_ID_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What an erasure took, and where copies of it still lie."""

    #: Of assessments; none when it was gone already.
    count: int
    #: Backups that still hold it, the oldest first; each tells when it expires.
    backups: tuple[Backup, ...]
    #: Its rows are gone from a server, whose own log and backups hold them until its host lets those go.
    on_server: bool = False


def default_path() -> Path:
    """Where the store of this person on this machine lies."""
    from assessor import paths

    return paths.data_folder() / "assessor.db"


def restore_backup(source: str | Path, store: str | Path | None = None) -> Path | None:
    """Put a verified backup in a store's place; where the copy of what it replaced lies, None if nothing was there."""
    if isinstance(store, str) and server_urls.is_url(store):
        raise ServerKeepsBackups(path=server_urls.display_url(store))
    return backups.restore_backup(Path(source), Path(store) if store else default_path())


def copy_store(
    source: str | Path, target: str | Path, told: copying.ProgressCallback = lambda done, total: None
) -> copying.VerifiedCopy:
    """All of one store into another that is empty or not there yet, verified; behind an error nothing is left."""
    file = None if isinstance(target, str) and server_urls.is_url(target) else Path(target)
    with Store.open(source, write=False) as held:
        new = file is not None and not os.path.lexists(file)
        try:
            with Store.open(target, create=True) as empty:
                return held.copy_to(empty, told)
        except BaseException as problem:
            if file and new and not isinstance(problem, StoreNotEmpty):  # which somebody else filled meanwhile
                for each in (file, *store_files.wal_files(file)):
                    each.unlink(missing_ok=True)
            raise


def _utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """An id that nothing has yet: 50 bits, in letters that are not mistaken for one another."""
    return "".join(_ID_LETTERS[byte % len(_ID_LETTERS)] for byte in secrets.token_bytes(10))


@lru_cache(maxsize=8)
def _instrument_id(name: str, version: str, digest: str, snapshot: str) -> str:
    """Thousands of assessments are begun with one bank's text, which is long."""
    return hashlib.sha256("\0".join((name, version, digest, snapshot)).encode()).hexdigest()


class Store:
    """Where assessments are kept; `Store.open` finds it, `with` lets go of it."""

    def __init__(
        self, database: Database, *, path: Path | None = None, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._database = database
        self._clock = clock
        #: Of the file; None on a server.
        self.path = path
        #: A service that copies the file elsewhere while it is written; to be told before the first question.
        self.cloud_folder = store_files.find_cloud_folder(path) if path else None
        self.workshops = WorkshopStore(database, clock, new_id)

    @classmethod
    def open(
        cls,
        where: str | Path | None = None,
        *,
        create: bool | None = None,
        write: bool = True,
        schema: Schema = SCHEMA,
        clock: Callable[[], datetime] = _utc_now,
    ) -> Self:
        """The store at a path or URL, the person's own by default, which alone is made without being told to.

        Whatever would stop it later is raised now. One process writes a file at a time, any number a server; with
        `write=False` any number read. An empty database is made into a store unless `create` is False.
        """
        url = where if isinstance(where, str) and server_urls.is_url(where) else ""
        if url and not url.startswith(server_urls.SQLITE_PREFIX):
            from assessor.store.server_database import ServerDatabase

            return cls(ServerDatabase(url, schema, create=create, write=write), clock=clock)
        path = Path(url.removeprefix(server_urls.SQLITE_PREFIX) or where or default_path()).expanduser().absolute()
        make = where is None if create is None else create
        return cls(sqlite_file.open_file(path, create=make, write=write, schema=schema), path=path, clock=clock)

    def close(self) -> None:
        """Let go of the file, so that another may write."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written within is kept, or none of it."""
        return self._database.write_transaction()

    def libraries(self) -> tuple[str, ...]:
        """The names of all libraries."""
        return tuple(name for (name,) in self._database.execute(statements.LIBRARIES))

    @retry_idempotent
    def add_library(self, name: str) -> str:
        """The name as kept; one that is there already stays."""
        name = storable_text.normalize_name(name)
        with self._database.write_transaction():
            self._find_or_add(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=name)
        return name

    @retry_idempotent
    def add_collaboration(self, library: str, party: str, undertaking: str = "") -> Collaboration:
        """The collaboration, with its library and party where they are new; the one that is there already if it is."""
        undertaking = storable_text.normalize_optional_name(undertaking)
        library, party = storable_text.normalize_name(library), storable_text.normalize_name(party)
        with self._database.write_transaction():
            held = statements.FIND_LIBRARY + self._database.row_lock  # or two could come at the same place
            of = self._find_or_add(held, statements.ADD_LIBRARY, name=library)
            with_ = self._find_or_add(statements.FIND_PARTY, statements.ADD_PARTY, library=of, name=party)
            id_ = self._find_or_add(
                statements.FIND_COLLABORATION,
                statements.ADD_COLLABORATION,
                party=with_,
                undertaking=undertaking,
            )
        return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)

    def _find_or_add(self, find: str, add: str, **facts: str) -> str:
        found = self._find_id(find, **facts)
        if found:
            return found
        id_ = new_id()
        self._database.execute(add, id=id_, **facts)
        return id_

    def collaborations(self, library: str) -> tuple[Collaboration, ...]:
        """The collaborations of a library, in the order they were added."""
        rows = self._database.execute(statements.COLLABORATIONS, library=storable_text.normalize_name(library))
        return tuple(_collaboration_from_row(row) for row in rows)

    def collaboration(self, id_: str) -> Collaboration:
        """One collaboration; raises `NotKept`."""
        return _collaboration_from_row(self._require_row(statements.COLLABORATION, id_))

    @retry_unless_committed
    def rename_party(self, library: str, party: str, name: str) -> None:
        """Call a party something else in all its collaborations; raises `NotKept` or `NameTaken`."""
        name = storable_text.normalize_name(name)
        with self._database.write_transaction():
            of = self._require_id(statements.FIND_LIBRARY, name=storable_text.normalize_name(library))
            id_ = self._require_id(statements.FIND_PARTY, library=of, name=storable_text.normalize_name(party))
            self._refuse_taken(id_, statements.FIND_PARTY, library=of, name=name)
            self._database.execute(statements.RENAME_PARTY, id=id_, name=name)

    @retry_unless_committed
    def rename_undertaking(self, collaboration: str, undertaking: str) -> None:
        """Call a collaboration's undertaking something else; raises `NotKept` or `NameTaken`."""
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
        """The id of a new assessment, with the bank's whole text as it is now; earlier ones stay beside it."""
        return self._begin_assessment(
            new_id(), collaboration, instrument, snapshot, respondent, started or self._clock()
        )

    @retry_idempotent
    def _begin_assessment(
        self, id_: str, collaboration: str, instrument: Instrument, snapshot: str, respondent: str, started: datetime
    ) -> str:
        with self._database.write_transaction():
            if not self._database.execute(statements.LOCK_COLLABORATION + self._database.row_lock, id=collaboration):
                raise NotInStore(name=escape_controls(collaboration))
            if not self._database.execute(statements.LOCK_ASSESSMENT, id=id_):  # unless it was kept at the first try
                kept = self._find_or_add_instrument(instrument.id, instrument.version, instrument.digest, snapshot)
                self._add_assessment(id_, collaboration, kept, respondent, started)
        return id_

    def _find_or_add_instrument(self, name: str, version: str, digest: str, snapshot: str) -> str:
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
    ) -> Entry:
        """What was given, durable once this returns; the same key again gives back what was first kept under it."""
        if kind not in row_values.ENTRY_KINDS:
            raise UnknownKind(kind=kind, kinds=", ".join(row_values.ENTRY_KINDS))
        item, value = storable_text.normalize_optional_name(item), storable_text.validate_text(value)
        return self._record_entry(assessment, kind, item, value, storable_text.validate_key(key or new_id()), at)

    @retry_idempotent
    def _record_entry(self, assessment: str, kind: str, item: str, value: str, key: str, at: datetime | None) -> Entry:
        with self._database.write_transaction():
            self._lock_assessment(assessment)
            ((last, known),) = self._database.execute(
                statements.LAST_AND_KNOWN_ENTRY_SEQ, assessment=assessment, key=key
            )
            if known:
                return row_values.entry_from_row(
                    self._database.execute(statements.ENTRY_BY_KEY, assessment=assessment, key=key)[0]
                )
            return self._append_entry(assessment, last + 1, kind, item, value, key, at)

    def entry_by_key(self, assessment: str, key: str) -> Entry | None:
        """What was kept under a key; None when nothing was."""
        found = self._database.execute(statements.ENTRY_BY_KEY, assessment=assessment, key=key) if key else []
        return row_values.entry_from_row(found[0]) if found else None

    def entries_by_key_prefix(self, assessment: str, begins: str) -> tuple[tuple[Entry, str], ...]:
        """What was kept under keys that begin so, in the order given, each with its key."""
        rows = self._database.execute(
            statements.ENTRIES_BY_KEY_PREFIX, assessment=assessment, begins=begins, length=len(begins)
        )
        return tuple((row_values.entry_from_row(row[:-1]), str(row[-1])) for row in rows)

    def _lock_assessment(self, assessment: str) -> None:
        if not self._database.execute(statements.LOCK_ASSESSMENT + self._database.row_lock, id=assessment):
            raise NotInStore(name=escape_controls(assessment))

    def _append_entry(
        self, assessment: str, seq: int, kind: str, item: str, value: str, key: str, at: datetime | None = None
    ) -> Entry:
        given = Entry(seq=seq, kind=kind, item=item, value=value, at=row_values.in_utc(at or self._clock()))
        self._database.execute(
            statements.ADD_ENTRY,
            assessment=assessment,
            seq=seq,
            kind=kind,
            item=item,
            value=value,
            at=row_values.to_microseconds(given.at),
            key=key,
        )
        return given

    def import_assessments(
        self,
        collaborations: Iterable[Collaboration],
        assessments: Iterable[Assessment],
        snapshots: Mapping[str, str],
    ) -> None:
        """Keep what was kept elsewhere as it is there, ids, order and times included; adds what is lacking here.

        Whoever calls has seen to it that the two agree as far as both go; `snapshots` are by assessment id.
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

    def _import_collaboration(self, there: Collaboration) -> None:
        library, party = storable_text.normalize_name(there.library), storable_text.normalize_name(there.party)
        of = self._find_or_add(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=library)
        with_ = self._find_or_add(statements.FIND_PARTY, statements.ADD_PARTY, library=of, name=party)
        undertaking = storable_text.normalize_optional_name(there.undertaking)
        if not self._database.execute(statements.PARTY_OF_COLLABORATION, id=there.id):
            self._refuse_taken(there.id, statements.FIND_COLLABORATION, party=with_, undertaking=undertaking)
            self._database.execute(statements.ADD_COLLABORATION, id=there.id, party=with_, undertaking=undertaking)

    def _import_assessment(self, there: Assessment, snapshot: str) -> None:
        if not self._database.execute(statements.LOCK_ASSESSMENT + self._database.row_lock, id=there.id):
            instrument = self._find_or_add_instrument(there.instrument, there.version, there.digest, snapshot)
            self._add_assessment(there.id, there.collaboration.id, instrument, there.respondent, there.started)
        here = self._database.execute(statements.LAST_ENTRY_SEQ, assessment=there.id)[0][0]
        for entry in there.history:
            if entry.seq > here:
                self.record_entry(there.id, entry.kind, entry.item, entry.value, at=entry.at)

    def assessment(self, id_: str) -> Assessment:
        """One assessment as it stands; raises `NotKept`."""
        found = self._load_assessments("assessment", id_)
        if not found:
            raise NotInStore(name=escape_controls(id_))
        return found[0]

    def assessments(self, collaboration: str | None = None, *, library: str | None = None) -> tuple[Assessment, ...]:
        """Of a collaboration, a library, or all: each collaboration's in the order they were begun.

        The library's own: what the raters of a workshop gave is told by `assessments_in` and `assessments_by`.
        """
        if collaboration is not None:
            return self._load_assessments("collaboration", collaboration)
        if library is not None:
            return self._load_assessments("library", storable_text.normalize_name(library))
        return self._load_assessments("all")

    def assessments_in_workshop(self, workshop: str) -> tuple[Assessment, ...]:
        """What everybody gave who joined a workshop, each collaboration's in the order they were begun."""
        return self._load_assessments("workshop", workshop)

    def assessments_by_respondent(self, respondent: str) -> tuple[Assessment, ...]:
        """What one respondent of a workshop gave."""
        return self._load_assessments("respondent", respondent)

    @retry_idempotent
    def _load_assessments(self, of: str, which: str = "") -> tuple[Assessment, ...]:
        facts = {"of": which} if of != "all" else {}
        histories: dict[str, list[Entry]] = defaultdict(list)
        with self._database.read_transaction():
            rows = self._database.execute(statements.ASSESSMENTS_BY_SCOPE[of], **facts)
            for row in self._database.execute(statements.ENTRIES_BY_SCOPE[of], **facts):
                histories[row[0]].append(row_values.entry_from_row(row))
        return tuple(row_values.assessment_from_row(row, histories[row[0]]) for row in rows)

    def snapshot_of(self, assessment: str) -> str:
        """The whole text of the bank that an assessment was begun with; raises `NotKept`."""
        return str(self._require_row(statements.INSTRUMENT_SNAPSHOT, assessment)[0])

    @retry_unless_committed
    def erase_library(self, library: str) -> Erasure:
        """Everything of a library, without a trace in this file; harmless when it is gone already."""
        name = storable_text.normalize_name(library)
        id_ = self._find_id(statements.FIND_LIBRARY, name=name)
        with self._database.write_transaction():
            held = [str(row[0]) for row in self._database.execute(statements.WORKSHOP_IDS_OF_LIBRARY, id=id_)]
            gone = [self._delete_respondents(each) + self._delete_rows("workshop", each) for each in held]
            gone.append(self._delete_rows("library", id_))
        return self._finish_erasure("library", sum(gone), id=id_, name=name)

    @retry_unless_committed
    def erase_party(self, library: str, party: str) -> Erasure:
        """A party and everything said of it, without a trace in this file; harmless when it is gone already."""
        library, name = storable_text.normalize_name(library), storable_text.normalize_name(party)
        of = self._find_id(statements.FIND_LIBRARY, name=library)
        id_ = self._find_id(statements.FIND_PARTY, library=of, name=name)
        return self._erase_by_scope("party", id_, library=library, name=name)

    @retry_unless_committed
    def erase_collaboration(self, collaboration: str) -> Erasure:
        """A collaboration and its assessments, without a trace in this file; harmless when it is gone already."""
        return self._erase_by_scope("collaboration", collaboration)

    @retry_unless_committed
    def erase_assessment(self, assessment: str) -> Erasure:
        """One assessment, without a trace in this file; harmless when it is gone already."""
        return self._erase_by_scope("assessment", assessment)

    @retry_unless_committed
    def erase_workshop(self, workshop: str) -> Erasure:
        """A workshop, everybody's responses and what was agreed on in it; harmless when it is gone already."""
        with self._database.write_transaction():
            gone = self._delete_respondents(workshop) + self._delete_rows("workshop", workshop)
        return self._finish_erasure("workshop", gone, id=workshop)

    @retry_unless_committed
    def erase_all_respondents(self, workshop: str) -> Erasure:
        """Everybody who joined and their responses; what the room agreed on and did stays."""
        with self._database.write_transaction():
            gone = self._delete_respondents(workshop)
        return self._finish_erasure("workshop", gone, id=workshop)

    def _delete_respondents(self, workshop: str) -> int:
        return sum(self._delete_respondent(each.id) for each in self.workshops.respondents(workshop))

    def _delete_respondent(self, respondent: str) -> int:
        own = self._find_id(statements.FIND_LIBRARY, name=own_library_name(respondent))
        gone = self._delete_rows("respondent", respondent)
        return gone + (self._delete_rows("library", own) if own else 0)

    def _erase_by_scope(self, of: str, id_: str, **names: str) -> Erasure:
        with self._database.write_transaction():
            count = self._delete_rows(of, id_)
        return self._finish_erasure(of, count, id=id_, **names)

    def _delete_rows(self, of: str, id_: str) -> int:
        """How many assessments went."""
        count = len(self._database.execute(statements.ASSESSMENT_IDS_BY_SCOPE[of], id=id_))
        for statement in statements.ERASE_BY_SCOPE[of]:
            self._database.execute(statement, id=id_)
        self._database.execute(statements.DROP_UNUSED_INSTRUMENTS)
        return count

    def _finish_erasure(self, of: str, count: int, **names: str) -> Erasure:
        self._database.purge_deleted()
        still = backups.list_holding(self.path, statements.FIND_ERASED_BY_SCOPE[of], names) if self.path else ()
        return Erasure(count=count, backups=still, on_server=self.path is None)

    def backup(self, path: str | Path | None = None, *, replace: bool = False) -> Path:
        """Where the verified copy lies: at the path, or dated in the folder of backups; over nothing unless told."""
        return self._database.backup(Path(path).expanduser().absolute() if path else None, replace)

    def copy_to(
        self, target: "Store", told: copying.ProgressCallback = lambda done, total: None
    ) -> copying.VerifiedCopy:
        """Everything into an empty store, in one transaction and verified; raises `StoreNotEmpty` or `CopyDiffers`."""
        return copying.copy_content(self._database, target._database, target.display_location, told)

    @property
    def display_location(self) -> str:
        """The path, or a server's address without its password, as it may stand in a message."""
        return self._database.display_location

    @retry_idempotent
    def content_hash(self) -> str:
        """A digest of everything kept: equal for equal content, in a file as on a server."""
        with self._database.read_transaction():
            return content_digest.digest_rows(self._database.stream_rows)

    def _find_id(self, find: str, **facts: str) -> str:
        found = self._database.execute(find, **facts)
        return str(found[0][0]) if found else ""

    def _require_id(self, find: str, **facts: str) -> str:
        id_ = self._find_id(find, **facts)
        if not id_:
            raise NotInStore(name=escape_controls(facts["name"]))
        return id_

    def _refuse_taken(self, id_: str, find: str, **facts: str) -> None:
        if self._find_id(find, **facts) not in ("", id_):
            raise NameTaken(name=escape_controls(facts.get("name", facts.get("undertaking", ""))))

    def _require_row(self, statement: str, id_: str) -> Row:
        found = self._database.execute(statement, id=id_)
        if not found:
            raise NotInStore(name=escape_controls(id_))
        return found[0]


def _collaboration_from_row(row: Row) -> Collaboration:
    id_, library, party, undertaking = row
    return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)
