"""Writing the outputs that a person names: whole or not at all, private, over another file only when told.

The name may come from a library's name (`safe_name`), which is data and never a path.
"""

import contextlib
import errno
import itertools
import os
import re
import secrets
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls


class OutputExists(AssessorError):
    """The named output is there already."""

    template = N_("{path} exists already and was left as it is; choose another name, or add --overwrite")
    exit_code = 73


class CannotWrite(AssessorError):
    """The named output cannot be made where it was asked for."""

    template = N_("{path} cannot be written ({reason}); choose a folder where you may write, and a plain name")
    exit_code = 73


#: Characters of a file's name, its ending included; every file system takes as many.
MOST_CHARACTERS: Final = 80
_MOST_BYTES: Final = 240

# What some file system, shell or archive reads as more than a letter.
_SPECIAL_CHARACTERS: Final = re.compile(r'[/\\<>:"|?*]+')
_RESERVED_NAMES: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE
)
_NO_HARDLINK_ERRORS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def write_new(path: Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write all of `data` as `path`, mode 0600, or leave everything as it was.

    Raises `OutputExists` or `CannotWrite`.
    """
    with _translating_errors(path):
        _refuse_taken(path, overwrite)
        _write_whole(path, data, overwrite)
    return path


def write_beside(data: bytes, name: str, ending: str, *, overwrite: bool = False) -> Path:
    """Write all of `data` into the current folder, called by a name from data; the whole path of what was written.

    Where there is such a file and `overwrite` was not told, a number is added to the name.
    """
    path = Path(safe_file_name(name, f".{ending}"))
    return write_new(path if overwrite else _free_path(path), data, overwrite=overwrite).absolute()


def _free_path(path: Path) -> Path:
    """The path, or the first with a number behind it that nothing has yet."""
    numbered = (path.with_stem(f"{path.stem} {number}") for number in itertools.count(2))
    return next(each for each in itertools.chain((path,), numbered) if not each.exists())


@contextlib.contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """An empty file, mode 0600, for another to fill; it becomes `path` when all went well, and is gone when not.

    Raises `OutputExists` or `CannotWrite`.
    """
    temporary = path.with_name(f".assessor-{secrets.token_hex(8)}.tmp")
    try:
        with _translating_errors(path):
            _refuse_taken(path, overwrite)
            _create_file(temporary, b"")
        yield temporary
        with _translating_errors(path):
            _sync_file(temporary)
            _move_into_place(temporary, path, overwrite)
            _sync_folder(path.parent)
    finally:
        with contextlib.suppress(OSError, ValueError):
            temporary.unlink()


def _sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _translating_errors(path: Path) -> Iterator[None]:
    """What the system says of a path as one of our own errors."""
    try:
        yield
    except FileExistsError:
        raise OutputExists(path=escape_controls(str(path))) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CannotWrite(path=escape_controls(str(path)), reason=escape_controls(reason)) from error


def _refuse_taken(path: Path, overwrite: bool) -> None:
    if not os.path.lexists(path):
        return
    if path.exists() and not path.is_file():
        raise OSError(errno.EISDIR, "not an ordinary file")  # a folder, or a device that must stay one
    if not overwrite:
        raise FileExistsError


def _write_whole(path: Path, data: bytes, overwrite: bool) -> None:
    temporary = path.with_name(f".assessor-{secrets.token_hex(8)}.tmp")
    try:
        _create_file(temporary, data)
        _move_into_place(temporary, path, overwrite)
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
    _sync_folder(path.parent)


def _create_file(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(handle)


def _move_into_place(temporary: Path, path: Path, overwrite: bool) -> None:
    if overwrite:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)  # unlike a rename, it fails when somebody was quicker
    except OSError as error:
        if error.errno not in _NO_HARDLINK_ERRORS:
            raise
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    # Until the folder is on disk, a power cut may still take the name away.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def safe_file_name(text: str, ending: str) -> str:
    """A plain file name made from `text`, with `ending` (".pdf"): never a path, empty, hidden or a device."""
    plain = "".join(_plain_char(char) for char in unicodedata.normalize("NFC", text))
    stem = " ".join(_SPECIAL_CHARACTERS.sub("-", plain).split()).lstrip(".- ~")
    if _RESERVED_NAMES.match(stem):
        stem = f"_{stem}"
    return (_cut_stem(stem, ending).rstrip(".- ") or "assessor") + ending


def _plain_char(char: str) -> str:
    kind = unicodedata.category(char)
    if kind in {"Cc", "Zs", "Zl", "Zp"}:
        return " "
    return "" if kind.startswith("C") else char


def _cut_stem(stem: str, ending: str) -> str:
    room = _MOST_BYTES - len(ending.encode())
    return stem[: MOST_CHARACTERS - len(ending)].encode()[:room].decode(errors="ignore")
