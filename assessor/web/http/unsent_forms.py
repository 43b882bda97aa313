"""What stood on a page, unsent, when its language was changed: kept in memory until the page comes again."""

from collections import OrderedDict
from threading import Lock
from typing import Final

from assessor.web.http.form_parsing import Form

#: Pages of so many people; the oldest is forgotten.
_MOST: Final = 500


class Unsent:
    """By who typed it; each may have one page's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, Form]] = OrderedDict()
        self._lock = Lock()

    def keep(self, who: str, path: str, form: Form) -> None:
        """For the page at a path, in place of any other; not of somebody unknown, who could not be told from others."""
        if not who:
            return
        with self._lock:
            self._kept[who] = path.partition("?")[0], form
            self._kept.move_to_end(who)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)

    def take(self, who: str, path: str) -> Form:
        """What stood on the page at a path; handed over once."""
        with self._lock:
            if self._kept.get(who, ("", None))[0] != path:
                return Form({})
            return self._kept.pop(who)[1]
