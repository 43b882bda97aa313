"""Workshops as they are stored: their respondents, and every act done in them.

As with assessments, a workshop is a history of numbered acts; its state is computed from them by `core.workshop`.
Secrets, tokens and links arrive as digests, so that nobody who reads the store can use them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from assessor.core import workshop as core
from assessor.core.workshop import Act, Respondent, Side, Workshop
from assessor.safe_text import escape_controls
from assessor.store import row_values, statements, storable_text
from assessor.store.database import Database, Row
from assessor.store.errors import KeyReused, NotInStore, UnknownKind
from assessor.store.retry import retry_idempotent, retry_unless_committed

_SIDES: Final[tuple[Side, ...]] = ("us", "them")


class WorkshopStore:
    """The workshops of one store; `Store.workshops` holds it."""

    def __init__(self, database: Database, clock: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    @retry_unless_committed
    def add(self, library: str, name: str, code: str, secret: str) -> Workshop:
        """A new workshop of an existing library; `secret` is a digest. Raises `NotInStore`."""
        id_ = self._new_id()
        with self._database.write_transaction():
            library_rows = self._database.execute(statements.FIND_LIBRARY, name=storable_text.normalize_name(library))
            if not library_rows:
                raise NotInStore(name=escape_controls(library))
            self._database.execute(
                statements.ADD_WORKSHOP,
                id=id_,
                library=library_rows[0][0],
                name=storable_text.normalize_name(name),
                code=code,
                secret=secret,
                opened=row_values.to_microseconds(self._clock()),
            )
        return self.get(id_)

    @retry_idempotent
    def all(self) -> tuple[Workshop, ...]:
        """All workshops, in the order they were opened."""
        with self._database.read_transaction():
            return tuple(map(self._workshop_from_row, self._database.execute(statements.WORKSHOPS)))

    def get(self, id_: str) -> Workshop:
        """One workshop as it stands; raises `NotInStore`."""
        workshop = self._find_workshop(statements.WORKSHOP, id_)
        if workshop is None:
            raise NotInStore(name=escape_controls(id_))
        return workshop

    def find_by_code(self, code: str) -> Workshop | None:
        """The workshop with this code; None when there is none."""
        return self._find_workshop(statements.WORKSHOP_BY_CODE, code)

    def find_by_secret(self, secret: str) -> Workshop | None:
        """The workshop whose facilitator's secret has this digest; None for the empty one."""
        return self._find_workshop(statements.WORKSHOP_BY_SECRET, secret) if secret else None

    def find_invitation(self, value: str) -> tuple[Workshop, str] | None:
        """The workshop and the id of the collaboration whose other party was sent the link with this digest.

        Or None.
        """
        return self._find_in_force("invited", value)

    def find_by_facilitator_token(self, value: str) -> Workshop | None:
        """The workshop that the browser with this digest facilitates; None when there is none."""
        found = self._find_in_force("led", value)
        return found[0] if found else None

    def find_by_screen_token(self, value: str) -> Workshop | None:
        """The workshop whose board the machine with this digest shows; None when there is none."""
        found = self._find_in_force("screen", value)
        return found[0] if found else None

    def find_by_board_code(self, value: str) -> Workshop | None:
        """The workshop whose board the code with this digest opens; None once it was used or replaced."""
        found = self._find_in_force("board_code", value)
        return found[0] if found else None

    def _find_in_force(self, kind: str, value: str) -> tuple[Workshop, str] | None:
        """The workshop and the subject of the act with this digest, unless a later act replaced it."""
        rows = self._database.execute(statements.ACT_IN_FORCE, kind=kind, value=value) if value else []
        return (self.get(str(rows[0][0])), str(rows[0][1])) if rows else None

    @retry_idempotent
    def spend_secret(self, old: str, new: str) -> Workshop | None:
        """The workshop whose secret was `old` and is `new` now; None where somebody else was first, or for any other.

        Repeated with the same two it returns the same.
        """
        with self._database.write_transaction():
            if old:
                self._database.execute(statements.REPLACE_SECRET, old=old, new=new)
            return self.find_by_secret(new)

    @retry_idempotent
    def set_secret(self, workshop: str, secret: str) -> None:
        """Replace the facilitator's secret; the old one opens nothing from now on."""
        with self._database.write_transaction():
            self.hold(workshop)
            self._database.execute(statements.SET_SECRET, id=workshop, secret=secret)

    @retry_idempotent
    def record_act(self, workshop: str, kind: str, subject: str, item: str, value: str, *, key: str) -> Act:
        """The act as stored, durable once this returns; the same key again returns what was first stored under it.

        Raises `NotInStore`, `UnknownKind`, `KeyReused` where the key is that of something else, or as `storable_text`.
        """
        if kind not in core.ACT_KINDS:
            raise UnknownKind(kind=escape_controls(kind), kinds=", ".join(core.ACT_KINDS))
        value = value if kind in core.COMPUTED_KINDS else storable_text.validate_text(value)
        key = storable_text.validate_key(key)
        subject, item = storable_text.validate_text(subject), storable_text.validate_text(item)
        with self._database.write_transaction():
            self.hold(workshop)
            known = self.act_by_key(workshop, key, kind, subject, item)
            if known:
                return known
            seq = self._database.execute(statements.LAST_ACT_SEQ, workshop=workshop)[0][0] + 1
            act = Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.in_utc(self._clock()))
            self._database.execute(
                statements.ADD_ACT,
                workshop=workshop,
                seq=seq,
                kind=kind,
                subject=subject,
                item=item,
                value=value,
                at=row_values.to_microseconds(act.at),
                key=key,
            )
            if kind in core.WITHDRAWN_TEXTS and not value:
                self._database.execute(statements.ERASE_ACT, workshop=workshop, kind=kind, subject=subject, item=item)
        return act

    def act_by_key(self, workshop: str, key: str, kind: str, subject: str, item: str = "") -> Act | None:
        """The act of this kind and about this that is stored under a key; None when there is none.

        Raises `KeyReused` where it is another act: who sent it must not be told that this one was done.
        """
        rows = self._database.execute(statements.ACT_BY_KEY, workshop=workshop, key=key) if key else []
        known = _act_from_row(rows[0]) if rows else None
        if known and (known.kind, known.subject, known.item) != (kind, subject, item):
            raise KeyReused()
        return known

    def latest_act(self, workshop: str, kind: str, subject: str) -> Act | None:
        """The last act of a kind on a subject; None where there is none."""
        rows = self._database.execute(statements.LATEST_ACT, workshop=workshop, kind=kind, subject=subject)
        return _act_from_row(rows[0]) if rows else None

    def ending_acts(self, workshop: str, *, respondent: str = "", case: str = "") -> frozenset[str]:
        """Which of these holds now: `closed`, `removed` for the respondent, `revealed` for the written case.

        Costs the same however much was done in the workshop, as it is asked with everything that anybody sends.
        """
        rows = self._database.execute(statements.ENDING_ACTS, workshop=workshop, respondent=respondent, case=case)
        latest = {str(kind): value for kind, value in rows}
        return frozenset(kind for kind, value in latest.items() if value)

    def respondent_by_key(self, workshop: str, key: str) -> Respondent | None:
        """The respondent who joined with a key; None when there is none."""
        rows = self._database.execute(statements.RESPONDENT_BY_KEY, workshop=workshop, key=key)
        return _respondent_from_row(rows[0]) if rows else None

    @retry_idempotent
    def join(self, workshop: str, *, name: str, side: Side, language: str, token: str, key: str) -> Respondent:
        """A new respondent; with a known key, the existing one, whose token is now `token`.

        So a browser that sent its form twice, or lost the answer, joins once. Without `token` they answer on paper.
        Raises `KeyReused` where the key is that of somebody on the other side, or of a phone for paper.
        """
        key, language = storable_text.validate_key(key), storable_text.validate_text(language)
        with self._database.write_transaction():
            self.hold(workshop)
            known = self.respondent_by_key(workshop, key)
            if known:
                on_paper = known.id in self.paper_respondent_ids(workshop)
                if (known.side, on_paper) != (side, not token):
                    raise KeyReused()
                self.set_token(known.id, token)
                return known
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
        """The respondents of a workshop, in the order they joined."""
        return tuple(map(_respondent_from_row, self._database.execute(statements.RESPONDENTS, id=workshop)))

    def paper_respondent_ids(self, workshop: str) -> frozenset[str]:
        """The ids of respondents who answered on paper and have no browser."""
        rows = self._database.execute(statements.RESPONDENTS_ON_PAPER, id=workshop)
        return frozenset(str(row[0]) for row in rows)

    def respondent(self, id_: str) -> Respondent:
        """One respondent; raises `NotInStore`."""
        found = self._find_respondent(statements.RESPONDENT, id_)
        if found is None:
            raise NotInStore(name=escape_controls(id_))
        return found

    def respondent_by_token(self, token: str) -> Respondent | None:
        """The respondent whose token has this digest, on their first phone or another; None when there is none."""
        found = self._find_respondent(statements.RESPONDENT_BY_TOKEN, token) if token else None
        return found or self._respondent_in_force("device", token)

    def respondent_by_return_code(self, code: str) -> Respondent | None:
        """The respondent whose code for coming back has this digest; None when there is none."""
        return self._respondent_in_force("returning", code)

    def _respondent_in_force(self, kind: str, value: str) -> Respondent | None:
        """The respondent that the act with this digest is about; None also once they were erased."""
        rows = self._database.execute(statements.ACT_IN_FORCE, kind=kind, value=value) if value else []
        return self._find_respondent(statements.RESPONDENT, str(rows[0][1])) if rows else None

    def respondent_by_link(self, link: str) -> Respondent | None:
        """The respondent whose link to another phone has this digest; None when there is none."""
        return self._find_respondent(statements.RESPONDENT_BY_LINK, link) if link else None

    @retry_idempotent
    def set_token(self, respondent: str, token: str) -> None:
        """Replace a respondent's token; the old one opens nothing from now on, and neither does a link."""
        self._database.execute(statements.SET_TOKEN, id=respondent, token=token)

    @retry_idempotent
    def replace_token(self, old: str, new: str) -> None:
        """Replace the token `old`, whoever's it is, unless it was replaced already; no link opens anything either."""
        if old:
            self._database.execute(statements.REPLACE_TOKEN, old=old, new=new)

    @retry_idempotent
    def spend_link(self, link: str, token: str) -> Respondent | None:
        """The respondent of a link, whose token is now `token`; None where somebody else was first, or for any other.

        Repeated with the same two it returns the same.
        """
        with self._database.write_transaction():
            if link:
                self._database.execute(statements.SPEND_LINK, link=link, token=token)
            return self.respondent_by_token(token)

    @retry_idempotent
    def set_link(self, respondent: str, link: str) -> None:
        """Set the digest of a link by which a respondent may continue on another phone."""
        self._database.execute(statements.SET_LINK, id=respondent, link=link)

    @retry_idempotent
    def set_language(self, respondent: str, language: str) -> None:
        """Set the language of a respondent's pages."""
        self._database.execute(statements.SET_LANGUAGE, id=respondent, language=language)

    def entry_counts(self, workshop: str) -> tuple[tuple[str, str, str, int], ...]:
        """For each assessment begun in a workshop: its id, collaboration, respondent, and number of entries."""
        rows = self._database.execute(statements.ENTRY_COUNTS, id=workshop)
        return tuple((str(row[0]), str(row[1]), str(row[2]), int(row[3])) for row in rows)

    def answering_counts(self, workshop: str) -> dict[str, int]:
        """By collaboration, how many of the library's people have responded to an item on their own phones."""
        return {str(id_): int(count) for id_, count in self._database.execute(statements.ANSWERING_COUNTS, id=workshop)}

    def joined_before(self, respondent: str) -> int:
        """How many of the same side joined before a respondent."""
        return int(self._database.execute(statements.JOINED_BEFORE, id=respondent)[0][0])

    def change_counters(self, workshop: str) -> tuple[int, ...]:
        """Numbers of which one rises with every change of a workshop, by whichever process.

        Compare, do not interpret.
        """
        row = self._database.execute(statements.CHANGE_COUNTERS, id=workshop)[0]
        return tuple(int(number) for number in row)

    def closed_with_raw_responses(self) -> tuple[Workshop, ...]:
        """The closed workshops in which somebody's own responses are still kept."""
        ids = self._database.execute(statements.WORKSHOPS_WITH_RAW_RESPONSES)
        return tuple(self.get(str(id_)) for (id_,) in ids)

    def moments_since(self, since: datetime) -> tuple[datetime, ...]:
        """The moments since one at which anything was given or done in the store, by the clock of that time."""
        rows = self._database.execute(statements.MOMENTS_SINCE, since=row_values.to_microseconds(since))
        return tuple(row_values.from_microseconds(at) for (at,) in rows)

    @retry_idempotent
    def _find_workshop(self, statement: str, value: str) -> Workshop | None:
        """The workshop with its acts, in one snapshot; None when there is none."""
        with self._database.read_transaction():
            rows = self._database.execute(statement, id=value)
            return self._workshop_from_row(rows[0]) if rows else None

    def _workshop_from_row(self, row: Row) -> Workshop:
        id_, library, name, code, opened = row
        acts = map(_act_from_row, self._database.execute(statements.ACTS, id=id_))
        return core.workshop_from_acts(
            id=id_, library=library, name=name, code=code, opened=row_values.from_microseconds(opened), acts=acts
        )

    def _find_respondent(self, statement: str, value: str) -> Respondent | None:
        rows = self._database.execute(statement, id=value)
        return _respondent_from_row(rows[0]) if rows else None

    def hold(self, workshop: str) -> None:
        """Until the transaction ends, nobody else does anything in the workshop; raises `NotInStore`.

        Whoever holds a workshop does so before anything else that they hold, so that no two wait for each other.
        """
        self._lock_workshop(workshop, self._database.row_lock)

    def share(self, workshop: str) -> None:
        """Until the transaction ends, nobody holds the workshop, and others share it too; raises `NotInStore`."""
        self._lock_workshop(workshop, self._database.shared_row_lock)

    def _lock_workshop(self, workshop: str, lock: str) -> None:
        if not self._database.execute(statements.LOCK_WORKSHOP + lock, id=workshop):
            raise NotInStore(name=escape_controls(workshop))

    def hold_respondent(self, respondent: str) -> None:
        """Until the transaction ends, nobody else holds this respondent; raises `NotInStore`."""
        if not self._database.execute(statements.LOCK_RESPONDENT + self._database.row_lock, id=respondent):
            raise NotInStore(name=escape_controls(respondent))


def own_library_name(respondent: str) -> str:
    """The name of the library that holds a respondent's own collaborations; no list shows it."""
    return f"~{respondent}"


def _act_from_row(row: Row) -> Act:
    seq, kind, subject, item, value, at = row
    return Act(seq=seq, kind=kind, subject=subject, item=item, value=value, at=row_values.from_microseconds(at))


def _respondent_from_row(row: Row) -> Respondent:
    id_, workshop, name, side, language, joined = row
    known_side = next(known for known in _SIDES if known == side)
    return Respondent(
        id=id_,
        workshop=workshop,
        name=name,
        side=known_side,
        language=language,
        joined=row_values.from_microseconds(joined),
    )
