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
from assessor.safe_text import safe
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
from assessor.store.database import Database, Row
from assessor.store.errors import NameTaken, NotAKind, NotKept, ServerKeepsBackups, StoreNotEmpty
from assessor.store.retry import until_known, while_lost
from assessor.store.schema import SCHEMA, Schema
from assessor.store.workshop_store import KeptWorkshops, own_library

_LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Erased:
    """What an erasure took, and where copies of it still lie."""

    #: Of assessments; none when it was gone already.
    count: int
    #: Backups that still hold it, the oldest first; each tells when it expires.
    backups: tuple[backups.Backup, ...]
    #: Its rows are gone from a server, whose own log and backups hold them until its host lets those go.
    served: bool = False


def default_path() -> Path:
    """Where the store of this person on this machine lies."""
    from assessor import paths

    return paths.data() / "assessor.db"


def restore(source: str | Path, store: str | Path | None = None) -> Path | None:
    """Put a verified backup in a store's place; where the copy of what it replaced lies, None if nothing was there."""
    if isinstance(store, str) and server_urls.is_url(store):
        raise ServerKeepsBackups(path=server_urls.shown(store))
    return backups.restore(Path(source), Path(store) if store else default_path())


def copy(source: str | Path, target: str | Path, told: copying.Told = lambda done, total: None) -> copying.Copied:
    """All of one store into another that is empty or not there yet, verified; behind an error nothing is left."""
    file = None if isinstance(target, str) and server_urls.is_url(target) else Path(target)
    with Store.open(source, write=False) as held:
        new = file is not None and not os.path.lexists(file)
        try:
            with Store.open(target, create=True) as empty:
                return held.copy_to(empty, told)
        except BaseException as problem:
            if file and new and not isinstance(problem, StoreNotEmpty):  # which somebody else filled meanwhile
                for each in (file, *store_files.beside(file)):
                    each.unlink(missing_ok=True)
            raise


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in secrets.token_bytes(10))


@lru_cache(maxsize=8)
def _instrument_id(name: str, version: str, digest: str, snapshot: str) -> str:
    """Thousands of assessments are begun with one bank's text, which is long."""
    return hashlib.sha256("\0".join((name, version, digest, snapshot)).encode()).hexdigest()


class Store:
    """Where assessments are kept; `Store.open` finds it, `with` lets go of it."""

    def __init__(self, database: Database, *, path: Path | None = None, clock: Callable[[], datetime] = _now) -> None:
        self._database = database
        self._clock = clock
        #: Of the file; None on a server.
        self.path = path
        #: A service that copies the file elsewhere while it is written; to be told before the first question.
        self.cloud = store_files.cloud_folder(path) if path else None
        self.workshops = KeptWorkshops(database, clock, _new_id)

    @classmethod
    def open(
        cls,
        where: str | Path | None = None,
        *,
        create: bool | None = None,
        write: bool = True,
        schema: Schema = SCHEMA,
    ) -> Self:
        """The store at a path or URL, the person's own by default, which alone is made without being told to.

        Whatever would stop it later is raised now. One process writes a file at a time, any number a server; with
        `write=False` any number read. An empty database is made into a store unless `create` is False.
        """
        url = where if isinstance(where, str) and server_urls.is_url(where) else ""
        if url and not url.startswith(server_urls.FILE):
            from assessor.store.server_database import Served

            return cls(Served(url, schema, create=create, write=write))
        path = Path(url.removeprefix(server_urls.FILE) or where or default_path()).expanduser().absolute()
        make = where is None if create is None else create
        return cls(sqlite_file.open_file(path, create=make, write=write, schema=schema), path=path)

    def close(self) -> None:
        """Let go of the file, so that another may write."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def together(self) -> AbstractContextManager[None]:
        """All that is written within is kept, or none of it."""
        return self._database.writing()

    def libraries(self) -> tuple[str, ...]:
        """The names of all libraries."""
        return tuple(name for (name,) in self._database.run(statements.LIBRARIES))

    @until_known
    def add_library(self, name: str) -> str:
        """The name as kept; one that is there already stays."""
        name = storable_text.name(name)
        with self._database.writing():
            self._found_or_added(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=name)
        return name

    @until_known
    def add_collaboration(self, library: str, party: str, undertaking: str = "") -> Collaboration:
        """The collaboration, with its library and party where they are new; the one that is there already if it is."""
        undertaking = storable_text.optional_name(undertaking)
        library, party = storable_text.name(library), storable_text.name(party)
        with self._database.writing():
            held = statements.FIND_LIBRARY + self._database.hold  # or two could come at the same place
            of = self._found_or_added(held, statements.ADD_LIBRARY, name=library)
            with_ = self._found_or_added(statements.FIND_PARTY, statements.ADD_PARTY, library=of, name=party)
            id_ = self._found_or_added(
                statements.FIND_COLLABORATION,
                statements.ADD_COLLABORATION,
                party=with_,
                undertaking=undertaking,
            )
        return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)

    def _found_or_added(self, find: str, add: str, **facts: str) -> str:
        found = self._found(find, **facts)
        if found:
            return found
        id_ = _new_id()
        self._database.run(add, id=id_, **facts)
        return id_

    def collaborations(self, library: str) -> tuple[Collaboration, ...]:
        """The collaborations of a library, in the order they were added."""
        rows = self._database.run(statements.COLLABORATIONS, library=storable_text.name(library))
        return tuple(_collaboration(row) for row in rows)

    def collaboration(self, id_: str) -> Collaboration:
        """One collaboration; raises `NotKept`."""
        return _collaboration(self._one(statements.COLLABORATION, id_))

    @while_lost
    def rename_library(self, library: str, name: str) -> None:
        """Call a library something else; raises `NotKept` or `NameTaken`."""
        name = storable_text.name(name)
        with self._database.writing():
            id_ = self._id(statements.FIND_LIBRARY, name=storable_text.name(library))
            self._free(id_, statements.FIND_LIBRARY, name=name)
            self._database.run(statements.RENAME_LIBRARY, id=id_, name=name)

    @while_lost
    def rename_party(self, library: str, party: str, name: str) -> None:
        """Call a party something else in all its collaborations; raises `NotKept` or `NameTaken`."""
        name = storable_text.name(name)
        with self._database.writing():
            of = self._id(statements.FIND_LIBRARY, name=storable_text.name(library))
            id_ = self._id(statements.FIND_PARTY, library=of, name=storable_text.name(party))
            self._free(id_, statements.FIND_PARTY, library=of, name=name)
            self._database.run(statements.RENAME_PARTY, id=id_, name=name)

    @while_lost
    def rename_undertaking(self, collaboration: str, undertaking: str) -> None:
        """Call a collaboration's undertaking something else; raises `NotKept` or `NameTaken`."""
        undertaking = storable_text.optional_name(undertaking)
        with self._database.writing():
            party = str(self._one(statements.PARTY_OF, collaboration)[0])
            self._free(collaboration, statements.FIND_COLLABORATION, party=party, undertaking=undertaking)
            self._database.run(statements.RENAME_COLLABORATION, id=collaboration, undertaking=undertaking)

    def begin(
        self,
        collaboration: str,
        instrument: Instrument,
        snapshot: str,
        *,
        respondent: str = "",
        started: datetime | None = None,
    ) -> str:
        """The id of a new assessment, with the bank's whole text as it is now; earlier ones stay beside it."""
        return self._begun(_new_id(), collaboration, instrument, snapshot, respondent, started or self._clock())

    @until_known
    def _begun(
        self, id_: str, collaboration: str, instrument: Instrument, snapshot: str, respondent: str, started: datetime
    ) -> str:
        with self._database.writing():
            if not self._database.run(statements.HOLD_COLLABORATION + self._database.hold, id=collaboration):
                raise NotKept(name=safe(collaboration))
            if not self._database.run(statements.HOLD_ASSESSMENT, id=id_):  # unless it was kept at the first try
                kept = self._kept_instrument(instrument.id, instrument.version, instrument.digest, snapshot)
                self._add_assessment(id_, collaboration, kept, respondent, started)
        return id_

    def _kept_instrument(self, name: str, version: str, digest: str, snapshot: str) -> str:
        facts = {"name": name, "version": version, "digest": digest, "snapshot": snapshot}
        id_ = _instrument_id(**facts)
        if not self._database.run(statements.FIND_INSTRUMENT, id=id_):
            self._database.run(statements.ADD_INSTRUMENT, id=id_, **facts)
        return id_

    def _add_assessment(
        self, id_: str, collaboration: str, instrument: str, respondent: str, started: datetime
    ) -> None:
        self._database.run(
            statements.ADD_ASSESSMENT,
            id=id_,
            collaboration=collaboration,
            instrument=instrument,
            respondent=storable_text.optional_name(respondent),
            started=row_values.microseconds(started),
        )

    def record(
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
        if kind not in row_values.KINDS:
            raise NotAKind(kind=kind, kinds=", ".join(row_values.KINDS))
        item, value = storable_text.optional_name(item), storable_text.text(value)
        return self._recorded(assessment, kind, item, value, storable_text.key(key or _new_id()), at)

    @until_known
    def _recorded(self, assessment: str, kind: str, item: str, value: str, key: str, at: datetime | None) -> Entry:
        with self._database.writing():
            self._hold(assessment)
            ((last, known),) = self._database.run(statements.ENTRY_LAST_AND_KNOWN, assessment=assessment, key=key)
            if known:
                return row_values.entry(self._database.run(statements.ENTRY_BY_KEY, assessment=assessment, key=key)[0])
            return self._append(assessment, last + 1, kind, item, value, key, at)

    def given(self, assessment: str, key: str) -> Entry | None:
        """What was kept under a key; None when nothing was."""
        found = self._database.run(statements.ENTRY_BY_KEY, assessment=assessment, key=key) if key else []
        return row_values.entry(found[0]) if found else None

    def given_by(self, assessment: str, begins: str) -> tuple[tuple[Entry, str], ...]:
        """What was kept under keys that begin so, in the order given, each with its key."""
        rows = self._database.run(statements.ENTRIES_BY_KEYS, assessment=assessment, begins=begins, length=len(begins))
        return tuple((row_values.entry(row[:-1]), str(row[-1])) for row in rows)

    def _hold(self, assessment: str) -> None:
        if not self._database.run(statements.HOLD_ASSESSMENT + self._database.hold, id=assessment):
            raise NotKept(name=safe(assessment))

    def _append(
        self, assessment: str, seq: int, kind: str, item: str, value: str, key: str, at: datetime | None = None
    ) -> Entry:
        given = Entry(seq=seq, kind=kind, item=item, value=value, at=row_values.in_utc(at or self._clock()))
        self._database.run(
            statements.ADD_ENTRY,
            assessment=assessment,
            seq=seq,
            kind=kind,
            item=item,
            value=value,
            at=row_values.microseconds(given.at),
            key=key,
        )
        return given

    def adopt(
        self,
        collaborations: Iterable[Collaboration],
        assessments: Iterable[Assessment],
        snapshots: Mapping[str, str],
    ) -> None:
        """Keep what was kept elsewhere as it is there, ids, order and times included; adds what is lacking here.

        Whoever calls has seen to it that the two agree as far as both go; `snapshots` are by assessment id.
        """
        self._adopted(tuple(collaborations), tuple(assessments), snapshots)

    @until_known
    def _adopted(
        self,
        collaborations: tuple[Collaboration, ...],
        assessments: tuple[Assessment, ...],
        snapshots: Mapping[str, str],
    ) -> None:
        with self._database.writing():
            for collaboration in collaborations:
                self._adopt_collaboration(collaboration)
            for assessment in assessments:
                self._adopt_assessment(assessment, snapshots[assessment.id])

    def _adopt_collaboration(self, there: Collaboration) -> None:
        library, party = storable_text.name(there.library), storable_text.name(there.party)
        of = self._found_or_added(statements.FIND_LIBRARY, statements.ADD_LIBRARY, name=library)
        with_ = self._found_or_added(statements.FIND_PARTY, statements.ADD_PARTY, library=of, name=party)
        undertaking = storable_text.optional_name(there.undertaking)
        if not self._database.run(statements.PARTY_OF, id=there.id):
            self._free(there.id, statements.FIND_COLLABORATION, party=with_, undertaking=undertaking)
            self._database.run(statements.ADD_COLLABORATION, id=there.id, party=with_, undertaking=undertaking)

    def _adopt_assessment(self, there: Assessment, snapshot: str) -> None:
        if not self._database.run(statements.HOLD_ASSESSMENT + self._database.hold, id=there.id):
            instrument = self._kept_instrument(there.instrument, there.version, there.digest, snapshot)
            self._add_assessment(there.id, there.collaboration.id, instrument, there.respondent, there.started)
        here = self._database.run(statements.ENTRY_LAST, assessment=there.id)[0][0]
        for entry in there.history:
            if entry.seq > here:
                self.record(there.id, entry.kind, entry.item, entry.value, at=entry.at)

    @while_lost
    def undo_to(self, assessment: str, seq: int) -> tuple[Entry, ...]:
        """What had to be given again for the state after `seq` to hold; nothing is taken out of the history."""
        with self._database.writing():
            self._hold(assessment)
            history = self.assessment(assessment).history
            undoing = enumerate(row_values.undoing(history, seq), len(history) + 1)
            return tuple(self._append(assessment, n, *given, _new_id()) for n, given in undoing)

    def assessment(self, id_: str) -> Assessment:
        """One assessment as it stands; raises `NotKept`."""
        found = self._assessments("assessment", id_)
        if not found:
            raise NotKept(name=safe(id_))
        return found[0]

    def assessments(self, collaboration: str | None = None, *, library: str | None = None) -> tuple[Assessment, ...]:
        """Of a collaboration, a library, or all: each collaboration's in the order they were begun.

        The library's own: what the raters of a workshop gave is told by `assessments_in` and `assessments_by`.
        """
        if collaboration is not None:
            return self._assessments("collaboration", collaboration)
        if library is not None:
            return self._assessments("library", storable_text.name(library))
        return self._assessments("all")

    def assessments_in(self, workshop: str) -> tuple[Assessment, ...]:
        """What everybody gave who joined a workshop, each collaboration's in the order they were begun."""
        return self._assessments("workshop", workshop)

    def assessments_by(self, respondent: str) -> tuple[Assessment, ...]:
        """What one respondent of a workshop gave."""
        return self._assessments("respondent", respondent)

    @until_known
    def _assessments(self, of: str, which: str = "") -> tuple[Assessment, ...]:
        facts = {"of": which} if of != "all" else {}
        histories: dict[str, list[Entry]] = defaultdict(list)
        with self._database.reading():
            rows = self._database.run(statements.ASSESSMENTS[of], **facts)
            for row in self._database.run(statements.ENTRIES[of], **facts):
                histories[row[0]].append(row_values.entry(row))
        return tuple(row_values.assessment(row, histories[row[0]]) for row in rows)

    def snapshot_of(self, assessment: str) -> str:
        """The whole text of the bank that an assessment was begun with; raises `NotKept`."""
        return str(self._one(statements.SNAPSHOT, assessment)[0])

    @while_lost
    def erase_library(self, library: str) -> Erased:
        """Everything of a library, without a trace in this file; harmless when it is gone already."""
        name = storable_text.name(library)
        id_ = self._found(statements.FIND_LIBRARY, name=name)
        with self._database.writing():
            held = [str(row[0]) for row in self._database.run(statements.WORKSHOPS_OF, id=id_)]
            gone = [self._raters_gone(each) + self._gone("workshop", each) for each in held]
            gone.append(self._gone("library", id_))
        return self._erased("library", sum(gone), id=id_, name=name)

    @while_lost
    def erase_party(self, library: str, party: str) -> Erased:
        """A party and everything said of it, without a trace in this file; harmless when it is gone already."""
        library, name = storable_text.name(library), storable_text.name(party)
        of = self._found(statements.FIND_LIBRARY, name=library)
        id_ = self._found(statements.FIND_PARTY, library=of, name=name)
        return self._erase("party", id_, library=library, name=name)

    @while_lost
    def erase_collaboration(self, collaboration: str) -> Erased:
        """A collaboration and its assessments, without a trace in this file; harmless when it is gone already."""
        return self._erase("collaboration", collaboration)

    @while_lost
    def erase_assessment(self, assessment: str) -> Erased:
        """One assessment, without a trace in this file; harmless when it is gone already."""
        return self._erase("assessment", assessment)

    @while_lost
    def erase_workshop(self, workshop: str) -> Erased:
        """A workshop, everybody's responses and what was agreed on in it; harmless when it is gone already."""
        with self._database.writing():
            gone = self._raters_gone(workshop) + self._gone("workshop", workshop)
        return self._erased("workshop", gone, id=workshop)

    @while_lost
    def erase_raw(self, workshop: str) -> Erased:
        """Everybody who joined and their responses; what the room agreed on and did stays."""
        with self._database.writing():
            gone = self._raters_gone(workshop)
        return self._erased("workshop", gone, id=workshop)

    @while_lost
    def erase_respondent(self, respondent: str) -> Erased:
        """One who joined and everything of theirs; harmless when they are gone already."""
        with self._database.writing():
            gone = self._rater_gone(respondent)
        return self._erased("respondent", gone, id=respondent)

    def _raters_gone(self, workshop: str) -> int:
        return sum(self._rater_gone(each.id) for each in self.workshops.respondents(workshop))

    def _rater_gone(self, respondent: str) -> int:
        own = self._found(statements.FIND_LIBRARY, name=own_library(respondent))
        gone = self._gone("respondent", respondent)
        return gone + (self._gone("library", own) if own else 0)

    def _erase(self, of: str, id_: str, **names: str) -> Erased:
        with self._database.writing():
            count = self._gone(of, id_)
        return self._erased(of, count, id=id_, **names)

    def _gone(self, of: str, id_: str) -> int:
        """How many assessments went."""
        count = len(self._database.run(statements.ASSESSMENTS_OF[of], id=id_))
        for statement in statements.ERASE[of]:
            self._database.run(statement, id=id_)
        self._database.run(statements.DROP_UNUSED_INSTRUMENTS)
        return count

    def _erased(self, of: str, count: int, **names: str) -> Erased:
        self._database.scrub()
        still = backups.holding(self.path, statements.HELD[of], names) if self.path else ()
        return Erased(count=count, backups=still, served=self.path is None)

    def backup(self, path: str | Path | None = None, *, replace: bool = False) -> Path:
        """Where the verified copy lies: at the path, or dated in the folder of backups; over nothing unless told."""
        return self._database.backup(Path(path).expanduser().absolute() if path else None, replace)

    def copy_to(self, target: "Store", told: copying.Told = lambda done, total: None) -> copying.Copied:
        """Everything into an empty store, in one transaction and verified; raises `StoreNotEmpty` or `CopyDiffers`."""
        return copying.copied(self._database, target._database, target.shown, told)

    @property
    def shown(self) -> str:
        """The path, or a server's address without its password, as it may stand in a message."""
        return self._database.shown

    @until_known
    def content_hash(self) -> str:
        """A digest of everything kept: equal for equal content, in a file as on a server."""
        with self._database.reading():
            return content_digest.digest(self._database.each)

    def _found(self, find: str, **facts: str) -> str:
        found = self._database.run(find, **facts)
        return str(found[0][0]) if found else ""

    def _id(self, find: str, **facts: str) -> str:
        id_ = self._found(find, **facts)
        if not id_:
            raise NotKept(name=safe(facts["name"]))
        return id_

    def _free(self, id_: str, find: str, **facts: str) -> None:
        if self._found(find, **facts) not in ("", id_):
            raise NameTaken(name=safe(facts.get("name", facts.get("undertaking", ""))))

    def _one(self, statement: str, id_: str) -> Row:
        found = self._database.run(statement, id=id_)
        if not found:
            raise NotKept(name=safe(id_))
        return found[0]


def _collaboration(row: Row) -> Collaboration:
    id_, library, party, undertaking = row
    return Collaboration(id=id_, library=library, party=party, undertaking=undertaking)
