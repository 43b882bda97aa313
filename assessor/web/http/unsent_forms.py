"""Forms that were filled in but not sent when the page's language was changed.

The page comes again in the new language with what was typed. In memory only: it is a draft, not an answer. Only a
browser that the server knows has one, and what is kept in all is shared between addresses: when there is too much, the
address that has the most loses its oldest, so that nobody's many forms push out everybody else's.
"""

from collections import Counter, OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from assessor.web.http.form_parsing import FormData
from assessor.web.http.roles import Identity

#: Characters kept in all: a room of 1,000 phones with a full note each.
_MAX_CHARACTERS: Final = 8_000_000
#: Characters of one form; a longer one is not kept.
_MAX_FORM: Final = 24_000


@dataclass(frozen=True, slots=True)
class _Draft:
    address: str
    path: str
    form: FormData

    @property
    def size(self) -> int:
        """In characters, with something for the draft itself."""
        fields = self.form.fields.items()
        return 200 + len(self.path) + sum(len(name) + sum(map(len, values)) for name, values in fields)


class UnsentForms:
    """One form per browser, by who it is; safe to use from several threads."""

    def __init__(self, max_characters: int = _MAX_CHARACTERS) -> None:
        self._drafts: OrderedDict[Identity, _Draft] = OrderedDict()
        self._sizes: Counter[str] = Counter()
        self._max_characters = max_characters
        self._lock = Lock()

    def save(self, owner: Identity | None, address: str, path: str, form: FormData) -> None:
        """Keep the form for the page at `path`, replacing the browser's earlier one.

        Does nothing for an unknown browser (no `owner`): its draft could be shown to somebody else.
        """
        draft = _Draft(address, path.partition("?")[0], form)
        if owner is None or draft.size > _MAX_FORM:
            return
        with self._lock:
            self._drop(owner)
            self._drafts[owner] = draft
            self._sizes[address] += draft.size
            while self._sizes.total() > self._max_characters:
                self._drop_oldest(self._sizes.most_common(1)[0][0])

    def pop(self, owner: Identity | None, path: str) -> FormData:
        """The form for the page at `path`, removed; an empty form where there is none."""
        with self._lock:
            draft = self._drafts.get(owner) if owner else None
            if owner is None or draft is None or draft.path != path:
                return FormData({})
            self._drop(owner)
            return draft.form

    def forget(self, owner: Identity | None) -> None:
        """Drop the browser's form, as it leaves."""
        with self._lock:
            if owner:
                self._drop(owner)

    def _drop(self, owner: Identity) -> None:
        draft = self._drafts.pop(owner, None)
        if draft:
            self._sizes[draft.address] -= draft.size
            if not self._sizes[draft.address]:
                del self._sizes[draft.address]

    def _drop_oldest(self, address: str) -> None:
        self._drop(next(owner for owner, draft in self._drafts.items() if draft.address == address))
