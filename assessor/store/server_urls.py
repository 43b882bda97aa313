"""The address of a server: told apart from a path, validated, and shown without its password.

A pattern and not SQLAlchemy's parser: it must work where SQLAlchemy is not imported, and it must never quote a part of
an address that it cannot read, as that part may be the password.
"""

import re
from typing import Final

from assessor.safe_text import escape_controls
from assessor.store.errors import InvalidStoreUrl

#: A file may also be named by an address with this beginning.
SQLITE_PREFIX: Final = "sqlite:///"

_SERVER_URL: Final = re.compile(
    r"postgres(?:ql)?(?:\+psycopg)?://([^\s/?#@]*@)?([^\s/?#@]*)(/[^\s/?#@]*)?(\?[^\s#@]*)?"
)


def is_url(where: str) -> bool:
    """Whether a location is meant as an address and not as a path."""
    return "://" in where


def with_driver(url: str) -> str:
    """The address as SQLAlchemy takes it, with the driver; raises `InvalidStoreUrl`."""
    if not _SERVER_URL.fullmatch(url):
        raise InvalidStoreUrl()  # nothing of it is shown: the part that is wrong may be the password
    return "postgresql+psycopg" + url[url.index("://") :]


def location_to_type(where: object) -> str:
    """What to type in a command to open the same store: a path, or the address without its password."""
    match = _SERVER_URL.fullmatch(str(where))
    if not match:
        return display_url(str(where)) if is_url(str(where)) else str(where)
    user = (match[1] or "").removesuffix("@").partition(":")[0]
    options = [option for option in (match[4] or "")[1:].split("&") if option and not option.startswith("password=")]
    return f"postgresql://{user and user + '@'}{match[2]}{match[3] or ''}{'?' * bool(options)}{'&'.join(options)}"


def display_url(url: str) -> str:
    """An address as a message may show it: host and database, neither user nor password."""
    match = _SERVER_URL.fullmatch(url)
    return (
        escape_controls(f"postgresql://{match[2]}{match[3] or ''}")
        if match
        else escape_controls(url.partition("://")[0] + "://…")
    )
