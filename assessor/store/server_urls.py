"""The address of a server: told apart from a path, refused where it cannot be meant, shown without its password."""

import re
from typing import Final

from assessor.safe_text import escape_controls
from assessor.store.errors import InvalidStoreUrl

#: What a file may be called by as well.
SQLITE_PREFIX: Final = "sqlite:///"

_SERVER_URL: Final = re.compile(
    r"postgres(?:ql)?(?:\+psycopg)?://([^\s/?#@]*@)?([^\s/?#@]*)(/[^\s/?#@]*)?(\?[^\s#@]*)?"
)


def is_url(where: str) -> bool:
    """Whether it is meant as an address and not as a path."""
    return "://" in where


def with_driver(url: str) -> str:
    """The address of a server with the driver that speaks to it; raises `NotAnAddress`."""
    if not _SERVER_URL.fullmatch(url):
        raise InvalidStoreUrl()  # not a letter of it is shown: what is written wrongly may be the password
    return "postgresql+psycopg" + url[url.index("://") :]


def location_to_type(where: object) -> str:
    """What to type to come to the same store: a path, or an address without its password."""
    found = _SERVER_URL.fullmatch(str(where))
    if not found:
        return display_url(str(where)) if is_url(str(where)) else str(where)
    user = (found[1] or "").removesuffix("@").partition(":")[0]
    options = [each for each in (found[4] or "")[1:].split("&") if each and not each.startswith("password=")]
    return f"postgresql://{user and user + '@'}{found[2]}{found[3] or ''}{'?' * bool(options)}{'&'.join(options)}"


def display_url(url: str) -> str:
    """An address as it may stand in a message: the host and the database, never who asks nor by which password."""
    found = _SERVER_URL.fullmatch(url)
    return (
        escape_controls(f"postgresql://{found[2]}{found[3] or ''}")
        if found
        else escape_controls(url.partition("://")[0] + "://…")
    )
