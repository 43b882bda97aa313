"""A bank as a value: opened once, handed to whoever needs it, its parts made when first asked for.

Nothing is read after a bank was opened, so that its parts fit together whatever happens to the files meanwhile; who
wants the files as they are now opens it again (`Bank.reopened`, `LatestBank`). What was parsed once is kept between
runs, and PyYAML is imported only where it is not.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from assessor.bank import bank_files, cache
from assessor.bank.bank_files import CASES_FILE, INSTRUMENT_FILE, MIGRATIONS_FILE, SIDES_FILE, BankFile
from assessor.bank.case import CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchWording, SnapshotUnreadable
from assessor.bank.problems import BankProblem, format_fact
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.scoring import assess
from assessor.core.sides import Sides
from assessor.core.wording import Wording

_T = TypeVar("_T")

#: Name, size, time and number of each file: another when anything was changed.
_FolderState = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """A bank as its files stood when it was opened; each part raises `BankRefused` where its file does not hold."""

    #: As its folder is called.
    name: str
    #: Where its files lie; None for one that comes from a snapshot.
    folder: Path | None = None
    files: Mapping[str, BankFile | BankProblem] = field(repr=False)
    #: Whether it says what the other party is asked.
    has_party_side: bool = False
    #: How the folder stood just before it was read.
    folder_state: _FolderState = field(default=(), repr=False)
    _wordings: dict[tuple[str, str], Wording] = field(default_factory=dict, init=False, repr=False)

    @property
    def address(self) -> str:
        """What opens it in another process: the name of one of ours, else the whole path of its folder."""
        if self.folder is None or bank_files.is_shipped(self.folder):
            return self.name
        return str(self.folder.absolute())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it has wording in, sorted."""
        return bank_files.languages_among(self.files)

    def nearest_language(self, language: str) -> str:
        """That language where it is spoken, else its base, English, or the first there is."""
        return bank_files.nearest_language(language, self.languages)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument, its rules compiled; raises `RulesTooLarge` as well."""
        return self._kept("instrument", (INSTRUMENT_FILE,), Instrument, self._parse_instrument)

    def require_instrument(self) -> Instrument:
        """The instrument at once, where a bank that does not hold is to be told before anything is done."""
        return self.instrument

    def _parse_instrument(self) -> Instrument:
        from assessor.bank import parsing

        made = parsing.parse_instrument(self._require(INSTRUMENT_FILE))
        return replace(made, precompiled=made.diagram)

    def wording(self, language: str) -> Wording:
        """The wording in a language; raises `NoSuchWording`.

        A variant such as sv_FI is laid over its base, and is its base where the bank has nothing of it.
        """
        language, beneath = self._spoken(language)
        names = tuple(bank_files.wording_file_name(each) for each in (language, beneath) if each)

        def parse() -> Wording:
            from assessor.bank import parsing

            files = [self._require(name) for name in names]
            return parsing.parse_wording(files[0], language, self._require(INSTRUMENT_FILE), *files[1:])

        return self._remembered("library", language, (INSTRUMENT_FILE, *names), parse)

    def nearest_wording(self, language: str) -> Wording:
        """The wording in the nearest language there is."""
        return self.wording(self.nearest_language(language))

    @cached_property
    def sides(self) -> Sides:
        """What the other party is asked, and how its responses turn round; raises `NoPartySide`."""
        if not self.has_party_side:
            raise NoPartySide(bank=format_fact(self.name))
        return self._kept("sides", (INSTRUMENT_FILE, SIDES_FILE), Sides, self._parse_sides)

    def _parse_sides(self) -> Sides:
        from assessor.bank import parsing

        return parsing.parse_sides(self._require(SIDES_FILE), self.instrument)

    def party_wording(self, language: str) -> Wording:
        """The whole wording as the other party reads it, "we" being the party; raises as `sides` and `wording` do."""
        asked, words = self.sides, self.wording(language)
        language, beneath = self._spoken(language)  # a variant's party reads the language's own words
        spoken = tuple(bank_files.wording_file_name(each) for each in (language, beneath) if each)
        name = bank_files.party_wording_file_name(beneath or language)

        def parse() -> Wording:
            from assessor.bank import parsing

            return parsing.parse_party_wording(self._require(name), words, self.instrument, asked)

        return self._remembered("party", language, (INSTRUMENT_FILE, *spoken, SIDES_FILE, name), parse)

    @cached_property
    def migrations(self) -> tuple[Migration, ...]:
        """How responses go from older versions to this one; none where no file says so."""
        if MIGRATIONS_FILE not in self.files:
            return ()
        names = (INSTRUMENT_FILE, MIGRATIONS_FILE)
        return self._kept("migrations", names, tuple[Migration, ...], self._parse_migrations)

    def _parse_migrations(self) -> tuple[Migration, ...]:
        from assessor.bank import parsing

        return parsing.parse_migrations(self._require(MIGRATIONS_FILE), self.instrument)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The worked cases; none where no file holds any."""
        return self._worked_cases[0]

    def calibration_cases(self, language: str) -> tuple[CalibrationCase, ...]:
        """The cases that a room places first; none where no file holds any. Raises `NoSuchWording`."""
        self.require_language(language)
        return tuple(
            CalibrationCase(
                id=case.id,
                text=case.text[bank_files.base_language(language, self.languages) or language],
                placement=case.keyed,
                verdict=assess(self.instrument, case.responses),
            )
            for case in self._worked_cases[1]
        )

    @cached_property
    def _worked_cases(self) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        """All, and those of the calibration round."""
        if CASES_FILE not in self.files:
            return (), ()
        kind = f"cases {' '.join(bank_files.base_languages(self.languages))}"
        found = self._kept(kind, (INSTRUMENT_FILE, CASES_FILE), tuple[tuple[Case, ...], ...], self._parse_cases)
        return found[0], found[1]

    def _parse_cases(self) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        from assessor.bank import parsing

        spoken = bank_files.base_languages(self.languages)
        return parsing.parse_worked_cases(self._require(CASES_FILE), self.instrument, spoken)

    @cached_property
    def snapshot(self) -> str:
        """The whole text of instrument and wording as JSON, for keeping beside what was responded to them."""
        names = (INSTRUMENT_FILE, *map(bank_files.wording_file_name, self.languages))
        texts = {name: _decode_utf8(self._require(name)) for name in names}
        return json.dumps({"format": cache.FORMAT, "name": self.name, "files": texts}, ensure_ascii=False)

    def reopened(self) -> "Bank":
        """The bank as its files stand now: this very value while none was changed; raises `NoSuchBank`."""
        if self.folder is None or _folder_state(self.folder) == self.folder_state:
            return self
        return open_bank(self.folder)

    def _spoken(self, language: str) -> tuple[str, str]:
        """The language to read and the one beneath it, which is empty where it is no variant."""
        beneath = bank_files.base_language(language, self.languages)
        if language not in self.languages and beneath:  # a variant that says nothing otherwise
            language, beneath = beneath, ""
        self.require_language(language)
        return language, beneath

    def require_language(self, language: str) -> None:
        """Raise `NoSuchWording` unless there is wording in a language."""
        if language not in self.languages:
            known = format_fact(self.languages)
            raise NoSuchWording(bank=format_fact(self.name), language=format_fact(language), languages=known)

    def _require(self, name: str) -> BankFile:
        """A file that has to be there."""
        found = self.files.get(name)
        if found is None and self.folder is None:
            raise SnapshotUnreadable(why=name)
        if found is None and self.folder is not None:
            found = bank_files.read_file(self.folder, name)
        if not isinstance(found, BankFile):
            raise BankRefused((found,) if found else ())
        return found

    def _remembered(self, side: str, language: str, names: tuple[str, ...], parse: Callable[[], Wording]) -> Wording:
        if (side, language) not in self._wordings:
            self._wordings[side, language] = self._kept(f"wording {side} {language}", names, Wording, parse)
        return self._wordings[side, language]

    def _kept(self, kind: str, names: tuple[str, ...], hint: type[_T], parse: Callable[[], _T]) -> _T:
        """What was kept of the files' texts, else what they are parsed to."""
        key = cache.cache_key(kind, *(self._require(name).content for name in names))
        found = cache.load(key, hint)
        if found is None:
            found = parse()
            cache.save(key, found)
        return found


class LatestBank:
    """A bank as its files stand now: opened anew whenever they were changed, for a server that runs on."""

    def __init__(self, opened: Bank) -> None:
        self._opened = opened

    def get(self) -> Bank:
        """The bank as it is now; raises `NoSuchBank` where its folder is gone."""
        self._opened = self._opened.reopened()
        return self._opened


def open_bank(name_or_dir: str | Path) -> Bank:
    """A bank by its name or folder, its files read; raises `NoSuchBank`."""
    folder = bank_files.find_folder(name_or_dir)
    state = _folder_state(folder)
    files = {name: bank_files.read_file(folder, name) for name, *_ in state}
    return Bank(
        name=folder.name,
        folder=folder,
        files=MappingProxyType(files),
        has_party_side=bank_files.has_party_side(folder),
        folder_state=state,
    )


def open_snapshot(text: str) -> Bank:
    """The bank in a snapshot; raises `SnapshotUnreadable`."""
    try:
        plain: Any = json.loads(text)
        name, texts = str(plain["name"]), dict(plain["files"])
        files = {str(each): _snapshot_file(name, str(each), str(content)) for each, content in texts.items()}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotUnreadable(why=type(error).__name__) from None
    return Bank(name=name, files=MappingProxyType(files))


def instrument_from_snapshot(text: str) -> Instrument:
    """The instrument in a snapshot; raises `SnapshotUnreadable` or `BankRefused`."""
    return open_snapshot(text).instrument


def available_banks() -> tuple[str, ...]:
    """The names of our own banks."""
    return bank_files.available_banks()


def check_bank(directory: str | Path) -> tuple[BankProblem, ...]:
    """Everything that is wrong with a bank, in the order of its files; raises `NoSuchBank`."""
    from assessor.bank import parsing

    return parsing.check_bank(bank_files.find_folder(directory))


def _folder_state(folder: Path) -> _FolderState:
    """How the files of a bank stand; empty where the folder cannot be read, which reading a file will tell."""
    return tuple(sorted((*_file_states(folder, ""), *_file_states(folder / bank_files.PARTY_FOLDER, "party/"))))


def _file_states(folder: Path, prefix: str) -> Iterator[tuple[str, int, int, int]]:
    for path in bank_files.list_folder(folder):
        if path.suffix == ".yaml":
            size = time = number = 0
            with contextlib.suppress(OSError):
                stat = path.stat()
                size, time, number = stat.st_size, stat.st_mtime_ns, stat.st_ino
            yield f"{prefix}{path.name}", size, time, number


def _snapshot_file(bank: str, name: str, content: str) -> BankFile:
    return BankFile(name=name, display_path=f"{bank}/{name}", content=content.encode())


def _decode_utf8(file: BankFile) -> str:
    """The text of a file; what is no UTF-8 is refused as it would be on loading."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from assessor.bank import parsing

        parsing.parse_instrument(file)
        raise
