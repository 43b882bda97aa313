"""What was made known of many libraries together, as it is stored: texts under a name, kept as they were first kept."""

from collections.abc import Callable
from datetime import datetime

from assessor.store import row_values, statements
from assessor.store.database import Database
from assessor.store.retry import retry_idempotent


class PublicationStore:
    """The texts of one store; `Store.publications` holds it. None is ever changed or removed."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    @retry_idempotent
    def add(self, id_: str, content: str) -> None:
        """Keep a text under a name; one that is kept under it stays as it is."""
        at = row_values.to_microseconds(self._clock())
        with self._database.write_transaction():
            self._database.execute(statements.ADD_PUBLICATION, id=id_, at=at, content=content)

    def get(self, id_: str) -> str | None:
        """The text as it was kept; None where there is none."""
        rows = self._database.execute(statements.PUBLICATION, id=id_)
        return str(rows[0][0]) if rows else None

    def ids(self) -> tuple[str, ...]:
        """The names of all texts, sorted."""
        return tuple(str(id_) for (id_,) in self._database.execute(statements.PUBLICATIONS))
