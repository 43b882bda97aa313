"""Writing the outputs that a person names: whole or not at all, private, and over another file only when asked to.

A name may come from a library's name (`safe_file_name`), which is data and never a path. Stores, caches and banks are
written by `private_files` directly; this adds what a person can do about a refusal.
"""

import contextlib
import errno
import itertools
import os
import re
import shlex
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from assessor.errors import N_, AssessorError
from assessor.private_files import belongs_to_store, new_private_file
from assessor.safe_text import escape_controls


class OutputExists(AssessorError):
    """The named output is there already."""

    template = N_("{path} exists already and was left as it is; choose another name, or add --overwrite")
    exit_code = 73


class OutputIsStore(AssessorError):
    """The named output is a store, a backup of one, or belongs to one: nothing else is ever written over those."""

    template = N_("{path} holds answers and was left as it is; choose another name")
    exit_code = 73


class WrongEnding(AssessorError):
    """A named output whose ending says another kind of file than what would be written into it, or none."""

    template = N_("{path} does not end in {endings}, which is what is written here; name it {better}")
    exit_code = 2


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


def write_new(path: Path, data: bytes, *, overwrite: bool = False) -> Path:
    """Write all of `data` as `path`, mode 0600, or leave everything as it was.

    Raises `OutputExists` or `CannotWrite`.
    """
    with new_file(path, overwrite=overwrite) as part:
        part.write_bytes(data)
    return path


def write_beside(data: bytes, name: str, ending: str, *, overwrite: bool = False) -> Path:
    """Write all of `data` where outputs without a name go, named after data; returns the whole path.

    Where there is such a file and `overwrite` is False, a number is added to the name. Raises `CannotWrite`.
    """
    path = default_folder() / safe_file_name(name, f".{ending}")
    return write_new(path if overwrite else _free_path(path), data, overwrite=overwrite).absolute()


def default_folder() -> Path:
    """The current folder; where that is the program's own, the person's folder of documents, or their home."""
    checkout = Path(__file__).resolve().parents[1]
    if Path.cwd() != checkout or not (checkout / "uv.lock").is_file():
        return Path()
    import platformdirs  # slow to import, and rarely needed

    documents = platformdirs.user_documents_path()
    return documents if documents.is_dir() else Path.home()


def require_ending(path: Path, endings: Sequence[str]) -> str:
    """The ending of a path, which must be one of these, in small letters and without its dot.

    Raises `WrongEnding`, or `OutputIsStore` where the answers themselves are named.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending in endings:
        return ending
    if belongs_to_store(path):
        raise OutputIsStore(path=escape_controls(str(path)))
    stem = path.stem if re.fullmatch(r"\w{1,5}", ending, re.ASCII) else path.name
    better = [f"{escape_controls(stem)}.{known}" for known in endings]
    raise WrongEnding(
        path=escape_controls(str(path)), endings=" / ".join(f".{known}" for known in endings), better=" / ".join(better)
    )


def opening_command(path: Path) -> str:
    """What opens a file on this machine: a command to type, or its address where no program for that is known."""
    whole = str(path.absolute())
    if sys.platform == "win32":
        return f'start "" "{whole}"'
    if sys.platform == "darwin":
        return f"open {shlex.quote(whole)}"
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return f"xdg-open {shlex.quote(whole)}" if desktop and shutil.which("xdg-open") else path.absolute().as_uri()


def _free_path(path: Path) -> Path:
    """The path, or the first with a number added that nothing has yet."""
    numbered = (path.with_stem(f"{path.stem} {number}") for number in itertools.count(2))
    return next(candidate for candidate in itertools.chain((path,), numbered) if not candidate.exists())


def make_folder(path: Path) -> None:
    """A folder that only its owner can enter, where there is none yet; raises `CannotWrite`."""
    with _translating_errors(path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


@contextlib.contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """An empty file, mode 0600, for another to fill; it becomes `path` when all went well, and is gone when not.

    Raises `OutputExists`, `OutputIsStore` or `CannotWrite`.
    """
    with _translating_errors(path):
        _refuse_special(path)
        if overwrite and belongs_to_store(path):
            raise OutputIsStore(path=escape_controls(str(path)))
        with new_private_file(path, replace=overwrite) as part:
            yield part


@contextlib.contextmanager
def _translating_errors(path: Path) -> Iterator[None]:
    """Turn what the system raises for a path into our own errors."""
    try:
        yield
    except FileExistsError:
        raise OutputExists(path=escape_controls(str(path))) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotWrite(path=escape_controls(str(path)), reason=escape_controls(reason)) from error


def _refuse_special(path: Path) -> None:
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "embedded null byte")
    if path.exists() and not path.is_file():
        raise OSError(errno.EISDIR, "not an ordinary file")  # a folder, or a device that must stay one


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
