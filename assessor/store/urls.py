"""The address of a server: told apart from a path, refused where it cannot be meant, shown without its password."""

import re
from typing import Final

from assessor.shown import safe
from assessor.store.errors import NotAnAddress

#: What a file may be called by as well.
FILE: Final = "sqlite:///"

_SERVER: Final = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://([^\s/?#@]*@)?([^\s/?#@]*)(/[^\s/?#@]*)?(\?[^\s#@]*)?")


def is_url(where: str) -> bool:
    """Whether it is meant as an address and not as a path."""
    return "://" in where


def driven(url: str) -> str:
    """The address of a server with the driver that speaks to it; raises `NotAnAddress`."""
    if not _SERVER.fullmatch(url):
        raise NotAnAddress()  # not a letter of it is shown: what is written wrongly may be the password
    return "postgresql+psycopg" + url[url.index("://") :]


def shown(url: str) -> str:
    """An address as it may stand in a message: the host and the database, never who asks nor by which password."""
    found = _SERVER.fullmatch(url)
    return safe(f"postgresql://{found[2]}{found[3] or ''}") if found else safe(url.partition("://")[0] + "://…")
