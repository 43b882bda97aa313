"""What stood on a page, unsent, when its language was changed: kept in memory until the page comes again."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from assessor.web.http.form_parsing import FormData

#: Pages of so many people; the oldest is forgotten.
_MAX_FORMS: Final = 500


class UnsentForms:
    """By who typed it; each may have one page's."""

    def __init__(self) -> None:
        self._forms: OrderedDict[str, tuple[str, FormData]] = OrderedDict()
        self._lock = Lock()

    def save(self, owner: str, path: str, form: FormData) -> None:
        """For the page at a path, in place of any other; not of somebody unknown, who could not be told from others."""
        if not owner:
            return
        with self._lock:
            self._forms[owner] = path.partition("?")[0], form
            self._forms.move_to_end(owner)
            while len(self._forms) > _MAX_FORMS:
                self._forms.popitem(last=False)

    def pop(self, owner: str, path: str) -> FormData:
        """What stood on the page at a path; handed over once."""
        with self._lock:
            if self._forms.get(owner, ("", None))[0] != path:
                return FormData({})
            return self._forms.pop(owner)[1]
