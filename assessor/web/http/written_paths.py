"""Addresses as people copy them and programs send them: with a full stop behind, two slashes, or scheme and host.

A server has to understand the form with scheme and host (RFC 9112, 3.2.2), in which some proxies ask.
"""

import re
from typing import Final
from urllib.parse import urlsplit

_ABSOLUTE: Final = re.compile(r"https?://", re.IGNORECASE)
#: What follows an address in a sentence, and a slash more than it has; no page's path ends so.
_TRAILING: Final = "/.,;:!?)]}>»”\"'"


def split_written_path(path: str) -> tuple[str | None, str]:
    """The host that stands in the path, None where none does, and the path as the route table has it."""
    host = None
    if _ABSOLUTE.match(path):
        parts = urlsplit(path)
        host, path = parts.netloc, parts.path
    return host, re.sub("/{2,}", "/", f"/{path}").rstrip(_TRAILING) or "/"
