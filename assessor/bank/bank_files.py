"""The names of a bank's files, where banks lie, and their bytes, read within bounds.

Nothing here looks into a file: `yaml_reader` does. `loading` and `parsing` use this; the wheel and a checkout keep our
banks in different folders, which `assessor.resources` knows.
"""

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessor import resources
from assessor.bank.errors import NoSuchBank, TwoBanks
from assessor.bank.problems import BankProblem, BankProblems, format_fact
from assessor.errors import N_
from assessor.problems import FilePosition, Problem
from assessor.safe_text import escape_controls

#: Bytes of one file; a bank of 60 items takes a tenth of that.
MAX_FILE_BYTES = 1_000_000

INSTRUMENT_FILE = "instrument.yaml"
CASES_FILE = "cases.yaml"
MIGRATIONS_FILE = "migrations.yaml"
#: The folder of what the other party is asked, and the file in it that holds no wording.
PARTY_FOLDER = "party"
SIDES_FILE = f"{PARTY_FOLDER}/sides.yaml"
#: The folder of a bank's earlier versions, each a bank in a folder named by its version.
VERSIONS_FOLDER = "versions"
#: The folder beside our banks with the JSON Schema of their files; it is not a bank.
SCHEMA_FOLDER = "schema"

_BANK_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDING_FILE = re.compile(r"([a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.yaml")

_YAML_NAME = re.compile(r"\.ya?ml(?![a-z])", re.IGNORECASE)

_MISSING = N_("there is no such file; a bank needs it, so write it, or name the folder that has it")
_NOT_A_FILE = N_("this is not a file but a folder or a device; put the file with this name here")
_DANGLES = N_("this is a link that leads nowhere; mend the link, or put the file with this name here")
_UNREADABLE = N_("the file cannot be read ({why}); mend its permissions or the disk")
_TOO_BIG = N_("the file is larger than {limit} bytes; a bank is text, so take out what does not belong in it")
_STRAY = N_(
    "no file of a bank is called this; a bank has instrument.yaml, cases.yaml, migrations.yaml and a wording "
    "for each language, named as in en.yaml, and beside them the folder party with sides.yaml and the same languages"
)


_STRAY_FOLDER = N_(
    "no folder of a bank is called this, so its files are not read; a bank has party and versions, "
    "so move the files, or the folder out of the bank"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """One file of a bank with its bytes."""

    #: The path within the bank, such as `party/en.yaml`.
    name: str
    #: The path as a person would open it from the working directory.
    display_path: str
    content: bytes


def find_folder(name_or_dir: str | Path) -> Path:
    """The folder of a bank: one of ours by its name, else the path of a folder. Raises `NoSuchBank`.

    A `Path`, or a text with a separator, is a path. Of a bare name ours wins, so that an address that the program keeps
    means the same bank everywhere; what a person typed is asked about by `find_typed_folder`.
    """
    named = str(name_or_dir)
    ours = [] if isinstance(name_or_dir, Path) else [_shipped_folder(named)]
    with contextlib.suppress(OSError, ValueError):  # too long for a path, or with a NUL in it
        for path in (*ours, Path(name_or_dir)):
            if named and path and path.is_dir():
                return path
    raise NoSuchBank(name=format_fact(named), available=format_fact(available_banks()))


def is_bank(folder: Path) -> bool:
    """Whether a bank lies in the folder."""
    return (folder / INSTRUMENT_FILE).is_file()


def find_typed_folder(typed: str) -> Path:
    """The folder of the bank that a person named; raises `NoSuchBank`, or `TwoBanks` where a bare name means two."""
    folder, here = find_folder(typed), Path(typed)
    if _shipped_folder(typed) and is_bank(here) and not folder.samefile(here):
        raise TwoBanks(
            name=format_fact(typed), here=format_fact(f".{os.sep}{typed}"), ours=escape_controls(str(folder))
        )
    return folder


def _shipped_folder(name: str) -> Path | None:
    """Where one of our banks of this name would lie; None for what cannot be such a name."""
    is_name = _BANK_NAME.fullmatch(name) and name != SCHEMA_FOLDER
    return resources.questions_folder() / name if is_name else None


def is_shipped(bank: Path) -> bool:
    """Whether a folder is one of our own banks, which are opened by name."""
    return bank.resolve().parent == resources.questions_folder().resolve()


def available_banks() -> tuple[str, ...]:
    """The names of our own banks."""
    folders = resources.questions_folder().glob(f"*/{INSTRUMENT_FILE}")
    return tuple(sorted(path.parent.name for path in folders if _BANK_NAME.fullmatch(path.parent.name)))


def languages_in_folder(bank: Path) -> tuple[str, ...]:
    """The languages a bank has wording files for, sorted."""
    return languages_among(path.name for path in list_folder(bank))


def languages_among(names: Iterable[str]) -> tuple[str, ...]:
    """The languages in the names of wording files, sorted; other names are passed over."""
    return tuple(sorted(match[1] for name in names if (match := _WORDING_FILE.fullmatch(name))))


def wording_file_name(language: str) -> str:
    """The name of the file with the wording in a language."""
    return f"{language}.yaml"


def base_language(language: str, spoken: Iterable[str]) -> str:
    """The base that a variant is laid over: sv for sv_FI. Empty where it is no variant or `spoken` lacks the base."""
    first = re.split("[-_]", language, maxsplit=1)[0]
    return first if first != language and first in spoken else ""


def base_languages(spoken: Sequence[str]) -> tuple[str, ...]:
    """The languages that are not variants of another one."""
    return tuple(language for language in spoken if not base_language(language, spoken))


def nearest_language(language: str, spoken: Sequence[str]) -> str:
    """The language to use where a bank may lack the wished one.

    The first that the bank speaks of: that language, its base, English, any. The wish itself where it speaks none.
    """
    wishes = (language, base_language(language, spoken), "en", *spoken)
    return next((wish for wish in wishes if wish in spoken), language)


def party_wording_file_name(language: str) -> str:
    """The name of the file with the other party's wording in a language."""
    return f"{PARTY_FOLDER}/{wording_file_name(language)}"


def has_party_side(bank: Path) -> bool:
    """Whether a bank has a folder with what the other party is asked."""
    return (bank / PARTY_FOLDER).is_dir()


def earlier_folders(bank: Path) -> dict[str, Path]:
    """The folders of a bank's earlier versions, by the version that each is named by."""
    return {path.name: path for path in list_folder(bank / VERSIONS_FOLDER) if is_bank(path)}


def read_file(bank: Path, name: str) -> BankFile | BankProblem:
    """One file of a bank, or the problem that keeps it from being read: missing, a folder, no permission, too large."""
    path = bank / name
    problems = BankProblems(display_path(path))
    try:
        if not path.is_file():
            problems.add(None, _NOT_A_FILE if path.exists() else _DANGLES if path.is_symlink() else _MISSING)
            return problems.found[0]
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        problems.add(None, _UNREADABLE, why=error.strerror or type(error).__name__)
        return problems.found[0]
    if len(content) > MAX_FILE_BYTES:
        problems.add(None, _TOO_BIG, limit=f"{MAX_FILE_BYTES:_}".replace("_", " "))
        return problems.found[0]
    return BankFile(name=name, display_path=problems.file, content=content)


def find_strays(bank: Path) -> Iterator[BankProblem]:
    """A problem for each YAML file whose name no bank has, such as `cases.yml` or `sv.yaml.txt`, and for each folder
    with YAML files that no bank has: they would be silently ignored.
    """
    ours = {bank / INSTRUMENT_FILE, bank / CASES_FILE, bank / MIGRATIONS_FILE, bank / SIDES_FILE}
    spoken = languages_in_folder(bank)
    for path in (*list_folder(bank), *list_folder(bank / PARTY_FOLDER)):
        match = _WORDING_FILE.fullmatch(path.name)
        if path in ours or (match and (path.parent == bank or match[1] in spoken)):
            continue
        if _looks_like_yaml(path):
            yield Problem(place=FilePosition(file=display_path(path)), template=_STRAY)
        elif path.name not in (PARTY_FOLDER, VERSIONS_FOLDER) and any(map(_looks_like_yaml, list_folder(path))):
            yield Problem(place=FilePosition(file=display_path(path)), template=_STRAY_FOLDER)


def _looks_like_yaml(path: Path) -> bool:
    """Whether somebody may have meant a file as YAML; files that editors keep for themselves are passed over."""
    return bool(_YAML_NAME.search(path.name)) and not path.name.startswith(".") and not path.name.endswith("~")


def exists_or_dangles(path: Path) -> bool:
    """Whether something lies at a path, a link that leads nowhere included."""
    return path.is_symlink() or path.exists()


def list_folder(bank: Path) -> list[Path]:
    """The paths in a folder, sorted; empty where it cannot be listed, since reading its files will report that."""
    try:
        return sorted(bank.iterdir())
    except OSError:
        return []


def display_path(path: Path) -> str:
    """The path relative to the working directory where it lies below that, whole for that itself, else as it is."""
    try:
        whole = path.resolve()
        return str(whole if whole == Path.cwd() else whole.relative_to(Path.cwd()))
    except (OSError, ValueError, RuntimeError):  # a ring of links, up to Python 3.12
        return str(path)
