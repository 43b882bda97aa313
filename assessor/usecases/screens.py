"""Machines that show a workshop's board and cannot lead, each let in by a code. Nothing here asks or prints.

The code is short, as somebody types it at the room's own machine: so it opens the board alone, once, within an hour.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from assessor.core.workshop import Workshop
from assessor.store import Store
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import browser_id
from assessor.usecases.one_transaction import in_one_transaction
from assessor.usecases.workshop_secrets import hash_board_code, hash_secret, new_code, new_secret, normalize_code

#: How long a code opens a board.
CODE_OPENS_FOR: Final = timedelta(hours=1)


class Screens:
    """Lets machines show the boards of one store's workshops."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._workshop_store = store.workshops

    def new_code(self, workshop: str) -> str:
        """A code by which one more machine shows the board, once; an earlier one opens nothing."""
        code = new_code()
        self._workshop_store.record_act(workshop, "board_code", "", "", hash_board_code(code), key=new_key())
        return code

    def redeem_code(self, typed: str) -> tuple[Workshop, str] | None:
        """Spend a code: its workshop, and a token for the machine that may show the board now.

        None for a code that is unknown, spent or too old. Only digests of both are stored.
        """
        token, digest = new_secret(), hash_board_code(normalize_code(typed[:40]))

        def redeem() -> Workshop | None:
            found = self._workshop_store.find_by_board_code(digest)
            if found is None or self._is_too_old(found):
                return None
            self._workshop_store.record_act(found.id, "board_code", "", "", "", key=new_key())
            value, key = hash_secret(token), new_key()
            self._workshop_store.record_act(found.id, "screen", "", browser_id(token), value, key=key)
            return found

        workshop = self._store.run_in_transaction(redeem)
        return (workshop, token) if workshop else None

    def _is_too_old(self, workshop: Workshop) -> bool:
        made = self._workshop_store.latest_act(workshop.id, "board_code", "")
        return made is None or datetime.now(UTC) - made.at > CODE_OPENS_FOR

    @in_one_transaction
    def withdraw_all(self, workshop: str) -> None:
        """End the showing of every such machine, and a code that was not used."""
        self._workshop_store.hold(workshop)
        for screen in self._workshop_store.get(workshop).screens:
            self._workshop_store.record_act(workshop, "screen", "", screen, "", key=new_key())
        self._workshop_store.record_act(workshop, "board_code", "", "", "", key=new_key())
