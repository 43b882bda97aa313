"""How deep JSON from outside is nested, measured on its bytes before anything decodes it.

Python's decoder answers deep nesting with a RecursionError at best: from 3.13 on, a thread with a small stack dies.
"""

import re
from collections.abc import Iterator
from typing import Final

_STRINGS: Final = re.compile(rb'"[^"]*(?:"|\Z)')
_BRACKET_TABLE: Final = bytes(ord("[" if byte in b"[{" else "]") for byte in range(256))
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")
_CHUNK: Final = 65_536


def is_nested_deeper(data: bytes, most: int) -> bool:
    """Whether values stand more than `most` deep in one another; brackets that are never closed count as deep.

    A rough count comes first, which is enough for nearly every text; only a suspicious one has its strings cut out.
    """
    if data.count(b"[") + data.count(b"{") <= most:
        return False
    brackets = b"".join(outside.translate(_BRACKET_TABLE, _NO_BRACKETS) for outside in outside_strings(data))
    for _ in range(most):
        brackets = brackets.replace(b"[]", b"")
    return b"[]" in brackets or brackets.count(b"[") > most


def outside_strings(data: bytes) -> Iterator[bytes]:
    """The bytes outside quotes, piece by piece, as one pass of a pattern over everything takes half a gigabyte."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    inside = b""
    for start in range(0, len(plain), _CHUNK):
        piece = plain[start : start + _CHUNK]
        yield _STRINGS.sub(b"", inside + piece)
        if piece.count(b'"') % 2:
            inside = b"" if inside else b'"'
