"""Workshops as they are kept: who joined, and everything done, once and for good.

Secrets, tokens and links come as digests: what is kept opens nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from assessor.core import workshop as core
from assessor.core.workshop import Act, Respondent, Side, Workshop
from assessor.safe_text import safe
from assessor.store import row_values, statements, storable_text
from assessor.store.database import Database, Row
from assessor.store.errors import NotAKind, NotKept
from assessor.store.retry import until_known, while_lost

_SIDES: Final[tuple[Side, ...]] = ("us", "them")


class KeptWorkshops:
    """The workshops of one store."""

    def __init__(self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    @while_lost
    def add(self, library: str, name: str, code: str, secret: str) -> Workshop:
        """A new one of a library that is kept; `secret` is a digest. Raises `NotKept`."""
        id_ = self._new_id()
        with self._database.writing():
            of = self._database.run(statements.FIND_LIBRARY, name=storable_text.name(library))
            if not of:
                raise NotKept(name=safe(library))
            self._database.run(
                statements.ADD_WORKSHOP,
                id=id_,
                library=of[0][0],
                name=storable_text.name(name),
                code=code,
                secret=secret,
                opened=row_values.microseconds(self._clock()),
            )
        return self.get(id_)

    @until_known
    def all(self) -> tuple[Workshop, ...]:
        """In the order they were opened."""
        with self._database.reading():
            return tuple(map(self._standing, self._database.run(statements.WORKSHOPS)))

    def get(self, id_: str) -> Workshop:
        """One as it stands; raises `NotKept`."""
        found = self._found(statements.WORKSHOP, id_)
        if found is None:
            raise NotKept(name=safe(id_))
        return found

    def by_code(self, code: str) -> Workshop | None:
        """The one with this code."""
        return self._found(statements.WORKSHOP_BY_CODE, code)

    def by_secret(self, secret: str) -> Workshop | None:
        """The one whose facilitator's secret has this digest."""
        return self._found(statements.WORKSHOP_BY_SECRET, secret) if secret else None

    def invited(self, value: str) -> tuple[Workshop, str] | None:
        """The workshop, and the collaboration to which a link with this digest invites its other party."""
        return self._standing_at("invited", value)

    def led(self, value: str) -> Workshop | None:
        """The workshop that a browser with this digest leads."""
        found = self._standing_at("led", value)
        return found[0] if found else None

    def _standing_at(self, kind: str, value: str) -> tuple[Workshop, str] | None:
        rows = self._database.run(statements.STANDING, kind=kind, value=value) if value else []
        return (self.get(str(rows[0][0])), str(rows[0][1])) if rows else None

    @until_known
    def set_secret(self, workshop: str, secret: str) -> None:
        """Another secret opens it from now on."""
        with self._database.writing():
            self._hold(workshop)
            self._database.run(statements.SET_SECRET, id=workshop, secret=secret)

    @until_known
    def act(self, workshop: str, kind: str, subject: str, item: str, value: str, *, key: str) -> Act:
        """What was done, durable once this returns; the same key again gives back what was first kept under it."""
        if kind not in core.KINDS:
            raise NotAKind(kind=safe(kind), kinds=", ".join(core.KINDS))
        value, key = storable_text.text(value), storable_text.key(key)
        with self._database.writing():
            self._hold(workshop)
            found = self._database.run(statements.ACT_BY_KEY, workshop=workshop, key=key)
            if found:
                return _act(found[0])
            seq = self._database.run(statements.ACT_LAST, workshop=workshop)[0][0] + 1
            done = Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.in_utc(self._clock()))
            self._database.run(
                statements.ADD_ACT,
                workshop=workshop,
                seq=seq,
                kind=kind,
                subject=subject,
                item=item,
                value=value,
                at=row_values.microseconds(done.at),
                key=key,
            )
        return done

    def done(self, workshop: str, key: str) -> Act | None:
        """What was kept under a key; None when nothing was."""
        found = self._database.run(statements.ACT_BY_KEY, workshop=workshop, key=key) if key else []
        return _act(found[0]) if found else None

    def joined(self, workshop: str, key: str) -> str | None:
        """The id of who joined with a key; None when nobody did."""
        found = self._database.run(statements.RESPONDENT_BY_KEY, workshop=workshop, key=key)
        return str(found[0][0]) if found else None

    @until_known
    def join(self, workshop: str, *, name: str, side: Side, language: str, token: str, key: str) -> Respondent:
        """A new respondent; with a key that is known, the same one, whose token is now this."""
        key = storable_text.key(key)
        with self._database.writing():
            self._hold(workshop)
            known = self._database.run(statements.RESPONDENT_BY_KEY, workshop=workshop, key=key)
            if known:
                self.set_token(str(known[0][0]), token)
                return self.respondent(str(known[0][0]))
            id_ = self._new_id()
            self._database.run(
                statements.ADD_RESPONDENT,
                id=id_,
                workshop=workshop,
                name=storable_text.optional_name(name),
                side=side,
                language=language,
                token=token,
                joined=row_values.microseconds(self._clock()),
                key=key,
            )
        return self.respondent(id_)

    def respondents(self, workshop: str) -> tuple[Respondent, ...]:
        """In the order they joined."""
        return tuple(map(_respondent, self._database.run(statements.RESPONDENTS, id=workshop)))

    def on_paper(self, workshop: str) -> frozenset[str]:
        """The ids of those whom no browser is."""
        rows = self._database.run(statements.RESPONDENTS_ON_PAPER, id=workshop)
        return frozenset(str(row[0]) for row in rows)

    def respondent(self, id_: str) -> Respondent:
        """One of them; raises `NotKept`."""
        found = self._respondent(statements.RESPONDENT, id_)
        if found is None:
            raise NotKept(name=safe(id_))
        return found

    def by_token(self, token: str) -> Respondent | None:
        """The one whose token has this digest."""
        return self._respondent(statements.RESPONDENT_BY_TOKEN, token) if token else None

    def by_link(self, link: str) -> Respondent | None:
        """The one whose link to another phone has this digest."""
        return self._respondent(statements.RESPONDENT_BY_LINK, link) if link else None

    @until_known
    def set_token(self, respondent: str, token: str) -> None:
        """Another token is theirs from now on; the one before opens nothing, and neither does a link."""
        self._database.run(statements.SET_TOKEN, id=respondent, token=token)

    @until_known
    def set_link(self, respondent: str, link: str) -> None:
        """A link by which they may go on with another phone."""
        self._database.run(statements.SET_LINK, id=respondent, link=link)

    @until_known
    def set_language(self, respondent: str, language: str) -> None:
        """The language of their pages."""
        self._database.run(statements.SET_LANGUAGE, id=respondent, language=language)

    @until_known
    def set_name(self, respondent: str, name: str) -> None:
        """How they wish to be called."""
        self._database.run(statements.SET_NAME, id=respondent, name=storable_text.optional_name(name))

    def progress(self, workshop: str) -> tuple[tuple[str, str, str, int], ...]:
        """Assessment, collaboration, respondent, and how many things were given in it, for each begun."""
        rows = self._database.run(statements.PROGRESS, id=workshop)
        return tuple((str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in rows)

    def pulse(self, workshop: str) -> tuple[int, ...]:
        """Numbers of which one rises whenever something in it changes, whichever process changed it."""
        row = self._database.run(statements.PULSE, id=workshop)[0]
        return tuple(int(each) for each in row)

    def newest(self) -> datetime | None:
        """When something was last given or done in any, by the clock of then; None before anything was."""
        found = self._database.run(statements.NEWEST)[0][0]
        return row_values.moment(found) if found else None

    @until_known
    def _found(self, statement: str, of: str) -> Workshop | None:
        with self._database.reading():
            rows = self._database.run(statement, id=of)
            return self._standing(rows[0]) if rows else None

    def _standing(self, row: Row) -> Workshop:
        id_, library, name, code, opened = row
        acts = map(_act, self._database.run(statements.ACTS, id=id_))
        return core.workshop(id=id_, library=library, name=name, code=code, opened=row_values.moment(opened), acts=acts)

    def _respondent(self, statement: str, of: str) -> Respondent | None:
        rows = self._database.run(statement, id=of)
        return _respondent(rows[0]) if rows else None

    def _hold(self, workshop: str) -> None:
        if not self._database.run(statements.HOLD_WORKSHOP + self._database.hold, id=workshop):
            raise NotKept(name=safe(workshop))


def own_library(respondent: str) -> str:
    """The name of the library that a respondent's own collaborations belong to; no list shows it."""
    return f"~{respondent}"


def _act(row: Row) -> Act:
    seq, kind, subject, item, value, at = row
    return Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.moment(at))


def _respondent(row: Row) -> Respondent:
    id_, workshop, name, side, language, joined = row
    sided = next(each for each in _SIDES if each == side)
    return Respondent(
        id=id_, workshop=workshop, name=name, side=sided, language=language, joined=row_values.moment(joined)
    )
