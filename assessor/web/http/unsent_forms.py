"""Forms that were filled in but not sent when the page's language was changed.

The page comes again in the new language with what was typed. In memory only: it is a draft, not an answer.
"""

from collections import OrderedDict
from threading import Lock
from typing import Final

from assessor.web.http.form_parsing import FormData

#: Browsers whose form is kept; the oldest form is dropped above this.
_MAX_FORMS: Final = 500


class UnsentForms:
    """One form per browser, by its key; safe to use from several threads."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, tuple[str, FormData]] = OrderedDict()
        self._lock = Lock()

    def save(self, owner: str, path: str, form: FormData) -> None:
        """Keep the form for the page at `path`, replacing the browser's earlier one.

        Does nothing for an unknown browser (empty `owner`): its draft could be shown to somebody else.
        """
        if not owner:
            return
        with self._lock:
            self._forms[owner] = path.partition("?")[0], form
            self._forms.move_to_end(owner)
            while len(self._forms) > _MAX_FORMS:
                self._forms.popitem(last=False)

    def pop(self, owner: str, path: str) -> FormData:
        """The form for the page at `path`, removed; an empty form where there is none."""
        with self._lock:
            if self._forms.get(owner, ("", None))[0] != path:
                return FormData({})
            return self._forms.pop(owner)[1]
