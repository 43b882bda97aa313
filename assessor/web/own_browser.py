"""The person's own browser, opened beside the server: it is never waited for, and none that fills the terminal."""

import webbrowser
from pathlib import PurePath
from threading import Thread
from typing import Final

#: Browsers that draw in the terminal. The server's own messages stand there, and Python waits until they end.
_TEXT_BROWSERS: Final = frozenset({"www-browser", "links", "links2", "elinks", "lynx", "w3m", "browsh", "carbonyl"})


def open_beside(address: str) -> None:
    """Have the address opened while the caller goes on; nothing where there is no browser with a window."""
    Thread(target=_open, args=(address,), daemon=True).start()


def _open(address: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    if PurePath(str(getattr(browser, "name", ""))).name not in _TEXT_BROWSERS:
        browser.open(address)
