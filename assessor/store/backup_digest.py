"""The digest that ends a backup: made with the copy, so that one changed bit anywhere is found before it is used.

SQLite reads as many pages as a file's header says and passes over what follows, so the digest travels with the file and
is lost with no renaming. A file that is written to again is a store and no backup: its digest is cut off first. Backups
from before there were digests end where their pages do.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_MARK: Final = b"\nassessor backup sha256 "
_HEX_DIGITS: Final = 64
#: Bytes of the mark, the digest and a line's end.
_LENGTH: Final = len(_MARK) + _HEX_DIGITS + 1
_BLOCK: Final = 2**20


def append_digest(path: Path) -> None:
    """End a finished copy with the digest of all its bytes."""
    with path.open("r+b") as file:
        digest = _digest(file.read, path.stat().st_size)
        file.write(_ending(digest))


def page_size(header: bytes) -> int:
    """Bytes of a page by a file's first hundred bytes."""
    size = int.from_bytes(header[16:18])
    return 65536 if size == 1 else size


def has_digest(path: Path) -> bool:
    """Whether a digest, or what is left of one, ends this file: it ends within a page, or bears the mark."""
    with path.open("rb") as file:
        page, size = page_size(file.read(100)), path.stat().st_size
        file.seek(max(0, size - _LENGTH))
        return bool(page and size % page) or file.read(len(_MARK)) == _MARK


def is_unchanged(path: Path) -> bool:
    """Whether a file is, bit by bit, what its digest was made of."""
    with path.open("rb") as file:
        digest = _digest(file.read, max(0, path.stat().st_size - _LENGTH))
        return file.read() == _ending(digest)


def cut_off_digest(path: Path) -> None:
    """Leave the pages alone, on the disk."""
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - _LENGTH)
        os.fsync(file.fileno())


def _digest(read: Callable[[int], bytes], length: int) -> str:
    """The SHA-256 of the next `length` bytes."""
    digest = hashlib.sha256()
    while length > 0 and (block := read(min(length, _BLOCK))):
        digest.update(block)
        length -= len(block)
    return digest.hexdigest()


def _ending(digest: str) -> bytes:
    return _MARK + digest.encode() + b"\n"
