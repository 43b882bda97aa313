"""The files of a bank, read as bytes within bounds, and where banks lie."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessor import resources
from assessor.bank.errors import NoSuchBank
from assessor.bank.problems import Problem, Problems, shown
from assessor.errors import N_

#: Bytes of one file; a bank of 60 items takes a tenth of it.
LIMIT = 1_000_000

INSTRUMENT = "instrument.yaml"
CASES = "cases.yaml"
MIGRATIONS = "migrations.yaml"
#: The folder of what the other party is asked, and the file in it that holds no wording.
PARTY = "party"
SIDES = f"{PARTY}/sides.yaml"

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORDING = re.compile(r"([a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.yaml")

_MISSING = N_("there is no such file; a bank needs it, so write it, or name the folder that has it")
_NOT_A_FILE = N_("this is not a file but a folder or a device; put the file with this name here")
_UNREADABLE = N_("the file cannot be read ({why}); mend its permissions or the disk")
_TOO_BIG = N_("the file is larger than {limit} bytes; a bank is text, so take out what does not belong in it")
_STRAY = N_(
    "no file of a bank is called this; a bank has instrument.yaml, cases.yaml, migrations.yaml and a wording "
    "for each language, named as in en.yaml, and beside them the folder party with sides.yaml and the same languages"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a bank with its bytes."""

    name: str
    #: As a person would open it.
    shown: str
    content: bytes


def folder(name_or_dir: str | Path) -> Path:
    """The folder of a bank: one of ours by its name, else a folder; raises `NoSuchBank`."""
    named = str(name_or_dir)
    ours = [resources.questions() / named] if _NAME.fullmatch(named) else []
    with contextlib.suppress(OSError, ValueError):  # too long for a path, or with a NUL in it
        for path in (*ours, Path(name_or_dir)):
            if named and path.is_dir():
                return path
    raise NoSuchBank(name=shown(str(name_or_dir)), available=shown(available()))


def is_ours(bank: Path) -> bool:
    """Whether a folder is one of our own banks, which go by name."""
    return bank.resolve().parent == resources.questions().resolve()


def available() -> tuple[str, ...]:
    """The names of our own banks."""
    found = resources.questions().glob(f"*/{INSTRUMENT}")
    return tuple(sorted(each.parent.name for each in found if _NAME.fullmatch(each.parent.name)))


def languages(bank: Path) -> tuple[str, ...]:
    """The languages a bank has wording in, sorted."""
    return languages_among(each.name for each in _entries(bank))


def languages_among(names: Iterable[str]) -> tuple[str, ...]:
    """The languages that the names of files tell, sorted."""
    return tuple(sorted(match[1] for name in names if (match := _WORDING.fullmatch(name))))


def wording_name(language: str) -> str:
    """The name of the file with the wording in a language."""
    return f"{language}.yaml"


def base(language: str, spoken: Iterable[str]) -> str:
    """The language that a variant such as sv_FI is laid over, when it is among those spoken; empty otherwise."""
    first = re.split("[-_]", language, maxsplit=1)[0]
    return first if first != language and first in spoken else ""


def whole(spoken: Sequence[str]) -> tuple[str, ...]:
    """The languages that are no variant of another."""
    return tuple(each for each in spoken if not base(each, spoken))


def nearest(language: str, spoken: Sequence[str]) -> str:
    """What to speak where a bank may lack a language: that, its base, English, the first there is; else the wish."""
    wishes = (language, base(language, spoken), "en", *spoken)
    return next((each for each in wishes if each in spoken), language)


def party_wording_name(language: str) -> str:
    """The name of the file with the other party's wording in a language."""
    return f"{PARTY}/{wording_name(language)}"


def has_party(bank: Path) -> bool:
    """Whether a bank says what the other party is asked."""
    return (bank / PARTY).is_dir()


def read(bank: Path, name: str) -> File | Problem:
    """One file of a bank, or why it is not read."""
    path = bank / name
    problems = Problems(for_people(path))
    try:
        if not path.is_file():
            problems.add(None, _NOT_A_FILE if path.exists() else _MISSING)
            return problems.found[0]
        with path.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except OSError as error:
        problems.add(None, _UNREADABLE, why=error.strerror or type(error).__name__)
        return problems.found[0]
    if len(content) > LIMIT:
        problems.add(None, _TOO_BIG, limit=f"{LIMIT:_}".replace("_", " "))
        return problems.found[0]
    return File(name=name, shown=problems.file, content=content)


def strays(bank: Path) -> Iterator[Problem]:
    """A problem for each YAML file that is none of a bank's."""
    ours = {bank / INSTRUMENT, bank / CASES, bank / MIGRATIONS, bank / SIDES}
    spoken = languages(bank)
    for path in (*_entries(bank), *_entries(bank / PARTY)):
        match = _WORDING.fullmatch(path.name)
        known = path in ours or (match and (path.parent == bank or match[1] in spoken))
        if path.suffix.lower() in (".yaml", ".yml") and not known:
            yield Problem(file=for_people(path), template=_STRAY)


def _entries(bank: Path) -> list[Path]:
    """What lies in a folder; nothing where it may not be read, which reading its files will tell."""
    try:
        return sorted(bank.iterdir())
    except OSError:
        return []


def for_people(path: Path) -> str:
    """The path from where the person stands, when it is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (OSError, ValueError):
        return str(path)
