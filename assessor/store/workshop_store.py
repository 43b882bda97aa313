"""Workshops as they are kept: who joined, and everything done, once and for good.

Secrets, tokens and links come as digests: what is kept opens nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from assessor.core import workshop as core
from assessor.core.workshop import Act, Respondent, Side, Workshop
from assessor.safe_text import escape_controls
from assessor.store import row_values, statements, storable_text
from assessor.store.database import Database, Row
from assessor.store.errors import NotInStore, UnknownKind
from assessor.store.retry import retry_idempotent, retry_unless_committed

_SIDES: Final[tuple[Side, ...]] = ("us", "them")


class WorkshopStore:
    """The workshops of one store."""

    def __init__(self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    @retry_unless_committed
    def add(self, library: str, name: str, code: str, secret: str) -> Workshop:
        """A new one of a library that is kept; `secret` is a digest. Raises `NotKept`."""
        id_ = self._new_id()
        with self._database.write_transaction():
            of = self._database.execute(statements.FIND_LIBRARY, name=storable_text.normalize_name(library))
            if not of:
                raise NotInStore(name=escape_controls(library))
            self._database.execute(
                statements.ADD_WORKSHOP,
                id=id_,
                library=of[0][0],
                name=storable_text.normalize_name(name),
                code=code,
                secret=secret,
                opened=row_values.to_microseconds(self._clock()),
            )
        return self.get(id_)

    @retry_idempotent
    def all(self) -> tuple[Workshop, ...]:
        """In the order they were opened."""
        with self._database.read_transaction():
            return tuple(map(self._workshop_from_row, self._database.execute(statements.WORKSHOPS)))

    def get(self, id_: str) -> Workshop:
        """One as it stands; raises `NotKept`."""
        found = self._find_workshop(statements.WORKSHOP, id_)
        if found is None:
            raise NotInStore(name=escape_controls(id_))
        return found

    def find_by_code(self, code: str) -> Workshop | None:
        """The one with this code."""
        return self._find_workshop(statements.WORKSHOP_BY_CODE, code)

    def find_by_secret(self, secret: str) -> Workshop | None:
        """The one whose facilitator's secret has this digest."""
        return self._find_workshop(statements.WORKSHOP_BY_SECRET, secret) if secret else None

    def find_invitation(self, value: str) -> tuple[Workshop, str] | None:
        """The workshop, and the collaboration to which a link with this digest invites its other party."""
        return self._find_in_force("invited", value)

    def find_by_facilitator_token(self, value: str) -> Workshop | None:
        """The workshop that a browser with this digest leads."""
        found = self._find_in_force("led", value)
        return found[0] if found else None

    def _find_in_force(self, kind: str, value: str) -> tuple[Workshop, str] | None:
        rows = self._database.execute(statements.ACT_IN_FORCE, kind=kind, value=value) if value else []
        return (self.get(str(rows[0][0])), str(rows[0][1])) if rows else None

    @retry_idempotent
    def set_secret(self, workshop: str, secret: str) -> None:
        """Another secret opens it from now on."""
        with self._database.write_transaction():
            self._lock_workshop(workshop)
            self._database.execute(statements.SET_SECRET, id=workshop, secret=secret)

    @retry_idempotent
    def record_act(self, workshop: str, kind: str, subject: str, item: str, value: str, *, key: str) -> Act:
        """What was done, durable once this returns; the same key again gives back what was first kept under it."""
        if kind not in core.ACT_KINDS:
            raise UnknownKind(kind=escape_controls(kind), kinds=", ".join(core.ACT_KINDS))
        value, key = storable_text.validate_text(value), storable_text.validate_key(key)
        with self._database.write_transaction():
            self._lock_workshop(workshop)
            found = self._database.execute(statements.ACT_BY_KEY, workshop=workshop, key=key)
            if found:
                return _act_from_row(found[0])
            seq = self._database.execute(statements.LAST_ACT_SEQ, workshop=workshop)[0][0] + 1
            done = Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.in_utc(self._clock()))
            self._database.execute(
                statements.ADD_ACT,
                workshop=workshop,
                seq=seq,
                kind=kind,
                subject=subject,
                item=item,
                value=value,
                at=row_values.to_microseconds(done.at),
                key=key,
            )
        return done

    def act_by_key(self, workshop: str, key: str) -> Act | None:
        """What was kept under a key; None when nothing was."""
        found = self._database.execute(statements.ACT_BY_KEY, workshop=workshop, key=key) if key else []
        return _act_from_row(found[0]) if found else None

    def respondent_id_by_key(self, workshop: str, key: str) -> str | None:
        """The id of who joined with a key; None when nobody did."""
        found = self._database.execute(statements.RESPONDENT_BY_KEY, workshop=workshop, key=key)
        return str(found[0][0]) if found else None

    @retry_idempotent
    def join(self, workshop: str, *, name: str, side: Side, language: str, token: str, key: str) -> Respondent:
        """A new respondent; with a key that is known, the same one, whose token is now this."""
        key = storable_text.validate_key(key)
        with self._database.write_transaction():
            self._lock_workshop(workshop)
            known = self._database.execute(statements.RESPONDENT_BY_KEY, workshop=workshop, key=key)
            if known:
                self.set_token(str(known[0][0]), token)
                return self.respondent(str(known[0][0]))
            id_ = self._new_id()
            self._database.execute(
                statements.ADD_RESPONDENT,
                id=id_,
                workshop=workshop,
                name=storable_text.normalize_optional_name(name),
                side=side,
                language=language,
                token=token,
                joined=row_values.to_microseconds(self._clock()),
                key=key,
            )
        return self.respondent(id_)

    def respondents(self, workshop: str) -> tuple[Respondent, ...]:
        """In the order they joined."""
        return tuple(map(_respondent_from_row, self._database.execute(statements.RESPONDENTS, id=workshop)))

    def paper_respondent_ids(self, workshop: str) -> frozenset[str]:
        """The ids of those whom no browser is."""
        rows = self._database.execute(statements.RESPONDENTS_ON_PAPER, id=workshop)
        return frozenset(str(row[0]) for row in rows)

    def respondent(self, id_: str) -> Respondent:
        """One of them; raises `NotKept`."""
        found = self._find_respondent(statements.RESPONDENT, id_)
        if found is None:
            raise NotInStore(name=escape_controls(id_))
        return found

    def respondent_by_token(self, token: str) -> Respondent | None:
        """The one whose token has this digest."""
        return self._find_respondent(statements.RESPONDENT_BY_TOKEN, token) if token else None

    def respondent_by_link(self, link: str) -> Respondent | None:
        """The one whose link to another phone has this digest."""
        return self._find_respondent(statements.RESPONDENT_BY_LINK, link) if link else None

    @retry_idempotent
    def set_token(self, respondent: str, token: str) -> None:
        """Another token is theirs from now on; the one before opens nothing, and neither does a link."""
        self._database.execute(statements.SET_TOKEN, id=respondent, token=token)

    @retry_idempotent
    def set_link(self, respondent: str, link: str) -> None:
        """A link by which they may go on with another phone."""
        self._database.execute(statements.SET_LINK, id=respondent, link=link)

    @retry_idempotent
    def set_language(self, respondent: str, language: str) -> None:
        """The language of their pages."""
        self._database.execute(statements.SET_LANGUAGE, id=respondent, language=language)

    def entry_counts(self, workshop: str) -> tuple[tuple[str, str, str, int], ...]:
        """Assessment, collaboration, respondent, and how many things were given in it, for each begun."""
        rows = self._database.execute(statements.ENTRY_COUNTS, id=workshop)
        return tuple((str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in rows)

    def change_counters(self, workshop: str) -> tuple[int, ...]:
        """Numbers of which one rises whenever something in it changes, whichever process changed it."""
        row = self._database.execute(statements.CHANGE_COUNTERS, id=workshop)[0]
        return tuple(int(each) for each in row)

    def latest_activity(self) -> datetime | None:
        """When something was last given or done in any, by the clock of then; None before anything was."""
        found = self._database.execute(statements.LATEST_ACTIVITY)[0][0]
        return row_values.from_microseconds(found) if found else None

    @retry_idempotent
    def _find_workshop(self, statement: str, of: str) -> Workshop | None:
        with self._database.read_transaction():
            rows = self._database.execute(statement, id=of)
            return self._workshop_from_row(rows[0]) if rows else None

    def _workshop_from_row(self, row: Row) -> Workshop:
        id_, library, name, code, opened = row
        acts = map(_act_from_row, self._database.execute(statements.ACTS, id=id_))
        return core.workshop_from_acts(
            id=id_, library=library, name=name, code=code, opened=row_values.from_microseconds(opened), acts=acts
        )

    def _find_respondent(self, statement: str, of: str) -> Respondent | None:
        rows = self._database.execute(statement, id=of)
        return _respondent_from_row(rows[0]) if rows else None

    def _lock_workshop(self, workshop: str) -> None:
        if not self._database.execute(statements.LOCK_WORKSHOP + self._database.row_lock, id=workshop):
            raise NotInStore(name=escape_controls(workshop))


def own_library_name(respondent: str) -> str:
    """The name of the library that a respondent's own collaborations belong to; no list shows it."""
    return f"~{respondent}"


def _act_from_row(row: Row) -> Act:
    seq, kind, subject, item, value, at = row
    return Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.from_microseconds(at))


def _respondent_from_row(row: Row) -> Respondent:
    id_, workshop, name, side, language, joined = row
    sided = next(each for each in _SIDES if each == side)
    return Respondent(
        id=id_, workshop=workshop, name=name, side=sided, language=language, joined=row_values.from_microseconds(joined)
    )
