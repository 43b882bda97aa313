"""What was made known of many libraries together, as it is stored: texts under a name, kept as they were first kept.

Digests say which there were and whom each counted, also in a store into which an older backup was put: a text that is
lost is not made anew, as two of them tell more than one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import product

from assessor.store import row_values, statements
from assessor.store.database import Database
from assessor.store.erasures import ErasureMemory
from assessor.store.retry import retry_idempotent


class PublicationStore:
    """The texts of one store; `Store.publications` holds it. None is ever changed or removed."""

    def __init__(self, database: Database, clock: Callable[[], datetime], memory: ErasureMemory) -> None:
        self._database = database
        self._clock = clock
        self._memory = memory

    @retry_idempotent
    def add(self, id_: str, content: str, counted: Iterable[str]) -> None:
        """Keep a text under a name, and remember whom it counted; one that is kept under it stays as it is."""
        at = self._clock()
        with self._database.write_transaction():
            values = {"id": id_, "at": row_values.to_microseconds(at), "content": content}
            self._database.execute(statements.ADD_PUBLICATION, **values)
            self._memory.remember([id_, *(_counted_in(id_, each) for each in counted)], "counted", at)

    def was_added(self, id_: str) -> bool:
        """Whether there ever was a text of this name."""
        return bool(self._memory.erased_among([id_]))

    def counted_among(self, ids: Iterable[str], libraries: Iterable[str]) -> dict[str, set[str]]:
        """By name of a text, those of the libraries that it counted, also where the text is lost."""
        pairs = {_counted_in(id_, library): (id_, library) for id_, library in product(ids, libraries)}
        found: defaultdict[str, set[str]] = defaultdict(set)
        for each in self._memory.erased_among(pairs):
            id_, library = pairs[each]
            found[id_].add(library)
        return dict(found)

    def get(self, id_: str) -> str | None:
        """The text as it was kept; None where there is none."""
        rows = self._database.execute(statements.PUBLICATION, id=id_)
        return str(rows[0][0]) if rows else None

    def ids(self) -> tuple[str, ...]:
        """The names of all texts, sorted."""
        return tuple(str(id_) for (id_,) in self._database.execute(statements.PUBLICATIONS))


def _counted_in(id_: str, library: str) -> str:
    """What is remembered of a library that a text counted."""
    return f"{library} in {id_}"
