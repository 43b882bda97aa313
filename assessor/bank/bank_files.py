"""The files of a bank, read as bytes within bounds, and where banks lie."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessor import resources
from assessor.bank.errors import NoSuchBank
from assessor.bank.problems import BankProblem, BankProblems, format_fact
from assessor.errors import N_
from assessor.problems import FilePosition, Problem

#: Bytes of one file; a bank of 60 items takes a tenth of it.
MAX_FILE_BYTES = 1_000_000

INSTRUMENT_FILE = "instrument.yaml"
CASES_FILE = "cases.yaml"
MIGRATIONS_FILE = "migrations.yaml"
#: The folder of what the other party is asked, and the file in it that holds no wording.
PARTY_FOLDER = "party"
SIDES_FILE = f"{PARTY_FOLDER}/sides.yaml"
#: The folder beside our banks with the JSON Schema of their files; it is no bank.
SCHEMA_FOLDER = "schema"

_BANK_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDING_FILE = re.compile(r"([a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.yaml")

_MISSING = N_("there is no such file; a bank needs it, so write it, or name the folder that has it")
_NOT_A_FILE = N_("this is not a file but a folder or a device; put the file with this name here")
_UNREADABLE = N_("the file cannot be read ({why}); mend its permissions or the disk")
_TOO_BIG = N_("the file is larger than {limit} bytes; a bank is text, so take out what does not belong in it")
_STRAY = N_(
    "no file of a bank is called this; a bank has instrument.yaml, cases.yaml, migrations.yaml and a wording "
    "for each language, named as in en.yaml, and beside them the folder party with sides.yaml and the same languages"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankFile:
    """One file of a bank with its bytes."""

    name: str
    #: As a person would open it.
    display_path: str
    content: bytes


def find_folder(name_or_dir: str | Path) -> Path:
    """The folder of a bank: one of ours by its name, else a folder; raises `NoSuchBank`."""
    named = str(name_or_dir)
    is_name = _BANK_NAME.fullmatch(named) and named != SCHEMA_FOLDER
    ours = [resources.questions_folder() / named] if is_name else []
    with contextlib.suppress(OSError, ValueError):  # too long for a path, or with a NUL in it
        for path in (*ours, Path(name_or_dir)):
            if named and path.is_dir():
                return path
    raise NoSuchBank(name=format_fact(str(name_or_dir)), available=format_fact(available_banks()))


def is_shipped(bank: Path) -> bool:
    """Whether a folder is one of our own banks, which go by name."""
    return bank.resolve().parent == resources.questions_folder().resolve()


def available_banks() -> tuple[str, ...]:
    """The names of our own banks."""
    found = resources.questions_folder().glob(f"*/{INSTRUMENT_FILE}")
    return tuple(sorted(each.parent.name for each in found if _BANK_NAME.fullmatch(each.parent.name)))


def languages_in_folder(bank: Path) -> tuple[str, ...]:
    """The languages a bank has wording in, sorted."""
    return languages_among(each.name for each in list_folder(bank))


def languages_among(names: Iterable[str]) -> tuple[str, ...]:
    """The languages that the names of files tell, sorted."""
    return tuple(sorted(match[1] for name in names if (match := _WORDING_FILE.fullmatch(name))))


def wording_file_name(language: str) -> str:
    """The name of the file with the wording in a language."""
    return f"{language}.yaml"


def base_language(language: str, spoken: Iterable[str]) -> str:
    """The language that a variant such as sv_FI is laid over, when it is among those spoken; empty otherwise."""
    first = re.split("[-_]", language, maxsplit=1)[0]
    return first if first != language and first in spoken else ""


def base_languages(spoken: Sequence[str]) -> tuple[str, ...]:
    """The languages that are no variant of another."""
    return tuple(each for each in spoken if not base_language(each, spoken))


def nearest_language(language: str, spoken: Sequence[str]) -> str:
    """What to speak where a bank may lack a language: that, its base, English, the first there is; else the wish."""
    wishes = (language, base_language(language, spoken), "en", *spoken)
    return next((each for each in wishes if each in spoken), language)


def party_wording_file_name(language: str) -> str:
    """The name of the file with the other party's wording in a language."""
    return f"{PARTY_FOLDER}/{wording_file_name(language)}"


def has_party_side(bank: Path) -> bool:
    """Whether a bank says what the other party is asked."""
    return (bank / PARTY_FOLDER).is_dir()


def read_file(bank: Path, name: str) -> BankFile | BankProblem:
    """One file of a bank, or why it is not read."""
    path = bank / name
    problems = BankProblems(display_path(path))
    try:
        if not path.is_file():
            problems.add(None, _NOT_A_FILE if path.exists() else _MISSING)
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
    """A problem for each YAML file that is none of a bank's."""
    ours = {bank / INSTRUMENT_FILE, bank / CASES_FILE, bank / MIGRATIONS_FILE, bank / SIDES_FILE}
    spoken = languages_in_folder(bank)
    for path in (*list_folder(bank), *list_folder(bank / PARTY_FOLDER)):
        match = _WORDING_FILE.fullmatch(path.name)
        known = path in ours or (match and (path.parent == bank or match[1] in spoken))
        if path.suffix.lower() in (".yaml", ".yml") and not known:
            yield Problem(place=FilePosition(file=display_path(path)), template=_STRAY)


def list_folder(bank: Path) -> list[Path]:
    """What lies in a folder; nothing where it may not be read, which reading its files will tell."""
    try:
        return sorted(bank.iterdir())
    except OSError:
        return []


def display_path(path: Path) -> str:
    """The path from where the person stands, when it is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)
