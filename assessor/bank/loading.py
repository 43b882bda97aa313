"""`Bank`: a bank's files as they stood when it was opened, its parts made when first asked for.

All files are read at once and never again, so the parts fit together even while an author saves new versions; a server
that runs for weeks asks `LatestBank`, which opens the bank anew after a change. A part comes from `cache` where its
texts were parsed before; otherwise `parsing` is imported at that moment, and PyYAML with it (hence the imports inside
functions).

A `Bank` may also come from a snapshot: the text of instrument and wording that a store keeps beside responses, so that
they can be read when the files have changed or are gone.
"""

import contextlib
import json
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any, Final, TypeVar

from assessor.bank import bank_files, cache
from assessor.bank.bank_files import CASES_FILE, INSTRUMENT_FILE, MIGRATIONS_FILE, SIDES_FILE, BankFile
from assessor.bank.case import CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchBank, NoSuchWording, SnapshotUnreadable
from assessor.bank.problems import BankProblem, format_fact
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.json_nesting import is_nested_deeper
from assessor.core.scoring import assess
from assessor.core.sides import Sides
from assessor.core.wording import Wording
from assessor.errors import AssessorError

_T = TypeVar("_T")

#: The bank where nobody names one.
DEFAULT_BANK: Final = "dokk1"

#: Name, size, time and inode of each file.
_FolderState = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """A bank as its files stood when it was opened.

    Each part raises `BankRefused` where one of the files it is made from has problems; the other parts can still be
    used.
    """

    #: The name of its folder.
    name: str
    #: Where its files lie; None for one that comes from a snapshot.
    folder: Path | None = None
    #: By path within the bank, the file or why it could not be read.
    files: Mapping[str, BankFile | BankProblem] = field(repr=False)
    #: Whether it has a folder party/.
    has_party_side: bool = False
    #: The state of the folder just before it was read, for `reopened`.
    folder_state: _FolderState = field(default=(), repr=False)
    #: By version; filled by `earlier`.
    _earlier: dict[str, "Bank | None"] = field(default_factory=dict, init=False, repr=False)
    #: By side and language; filled by `_remembered`.
    _wordings: dict[tuple[str, str], Wording] = field(default_factory=dict, init=False, repr=False)

    @property
    def address(self) -> str:
        """What `open_bank` needs in another process: the name of one of our banks, else the absolute path of the
        folder.
        """
        if self.folder is None or bank_files.is_shipped(self.folder):
            return self.name
        return str(self.folder.absolute())

    @property
    def command(self) -> str:
        """The program's name with what chooses this bank, to be typed at the machine where it lies."""
        return "assessor" if self.name == DEFAULT_BANK else f"assessor --bank {shlex.quote(self.name)}"

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages it has wording in, variants included, sorted."""
        return bank_files.languages_among(self.files)

    def speaks(self, language: str) -> bool:
        """Whether it has wording in this language, or in the one that this is a variant of."""
        return bool(language in self.languages or bank_files.base_language(language, self.languages))

    def nearest_language(self, language: str) -> str:
        """This language if the bank speaks it, else its base, English, or the first there is."""
        return bank_files.nearest_language(language, self.languages)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument with its rules compiled; raises `BankRefused` or `RulesTooLarge`."""
        return self._kept("instrument", (INSTRUMENT_FILE,), Instrument, self._parse_instrument)

    def require_instrument(self) -> Instrument:
        """The instrument, as a call: for callers that only want a bank with problems refused early."""
        return self.instrument

    def parse_all(self) -> None:
        """Have rules and wording ready, so that nobody waits for them; raises `BankRefused` or `RulesTooLarge`."""
        for language in self.languages:
            self.require_instrument()
            self.wording(language)

    def _parse_instrument(self) -> Instrument:
        """The instrument with its diagram made, so that the cache keeps the compiled rules as well."""
        from assessor.bank import parsing

        instrument = parsing.parse_instrument(self._require(INSTRUMENT_FILE))
        return replace(instrument, precompiled=instrument.diagram)

    def wording(self, language: str) -> Wording:
        """The wording in a language; raises `NoSuchWording` where the bank lacks it.

        A variant such as sv_FI is laid over its base; where the bank has no file for the variant, it is the base.
        """
        language, base = self._spoken(language)
        names = tuple(bank_files.wording_file_name(spoken) for spoken in (language, base) if spoken)

        def parse() -> Wording:
            from assessor.bank import parsing

            files = [self._require(name) for name in names]
            return parsing.parse_wording(files[0], language, self._require(INSTRUMENT_FILE), *files[1:])

        return self._remembered("library", language, (INSTRUMENT_FILE, *names), parse)

    def nearest_wording(self, language: str) -> Wording:
        """The wording in the nearest language that the bank speaks."""
        return self.wording(self.nearest_language(language))

    @cached_property
    def sides(self) -> Sides:
        """What the other party is asked, and how its responses are turned round; raises `NoPartySide`."""
        if not self.has_party_side:
            raise NoPartySide(bank=format_fact(self.name))
        return self._kept("sides", (INSTRUMENT_FILE, SIDES_FILE), Sides, self._parse_sides)

    def _parse_sides(self) -> Sides:
        from assessor.bank import parsing

        return parsing.parse_sides(self._require(SIDES_FILE), self.instrument)

    def party_wording(self, language: str) -> Wording:
        """The wording as the other party reads it, in which "we" is the party; raises as `sides` and `wording` do."""
        sides, words = self.sides, self.wording(language)
        language, base = self._spoken(language)  # a variant's party reads the language's own words
        wording_names = tuple(bank_files.wording_file_name(spoken) for spoken in (language, base) if spoken)
        name = bank_files.party_wording_file_name(base or language)

        def parse() -> Wording:
            from assessor.bank import parsing

            return parsing.parse_party_wording(self._require(name), words, self.instrument, sides)

        return self._remembered("party", language, (INSTRUMENT_FILE, *wording_names, SIDES_FILE, name), parse)

    @cached_property
    def migrations(self) -> tuple[Migration, ...]:
        """How responses go from older versions to this one; empty where the bank has no such file."""
        if MIGRATIONS_FILE not in self.files:
            return ()
        names = (INSTRUMENT_FILE, MIGRATIONS_FILE)
        return self._kept("migrations", names, tuple[Migration, ...], self._parse_migrations)

    def _parse_migrations(self) -> tuple[Migration, ...]:
        from assessor.bank import parsing

        return parsing.parse_migrations(self._require(MIGRATIONS_FILE), self.instrument)

    @property
    def earlier_versions(self) -> tuple[str, ...]:
        """The earlier versions that the bank keeps, sorted."""
        return tuple(sorted(bank_files.earlier_folders(self.folder))) if self.folder else ()

    def earlier(self, version: str) -> "Bank | None":
        """An earlier version that the bank keeps in its folder, as data; None where it keeps no such version."""
        if version not in self._earlier:
            folder = bank_files.earlier_folders(self.folder).get(version) if self.folder else None
            self._earlier[version] = open_bank(folder) if folder else None
        return self._earlier[version]

    @property
    def cases(self) -> tuple[Case, ...]:
        """The worked cases; empty where the bank has no such file."""
        return self._worked_cases[0]

    def calibration_cases(self, language: str) -> tuple[CalibrationCase, ...]:
        """The cases that a room places before its own collaborations, in this language, with their verdicts.

        Empty where the bank has none. Raises `NoSuchWording`.
        """
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
        """All worked cases, and those of the calibration round."""
        if CASES_FILE not in self.files:
            return (), ()
        kind = f"cases {' '.join(bank_files.base_languages(self.languages))}"
        groups = self._kept(kind, (INSTRUMENT_FILE, CASES_FILE), tuple[tuple[Case, ...], ...], self._parse_cases)
        return groups[0], groups[1]

    def _parse_cases(self) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
        from assessor.bank import parsing

        spoken = bank_files.base_languages(self.languages)
        return parsing.parse_worked_cases(self._require(CASES_FILE), self.instrument, spoken)

    @cached_property
    def snapshot(self) -> str:
        """The text of instrument and wording as JSON, kept by stores beside the responses; `open_snapshot` reads it."""
        return self._snapshot_of((INSTRUMENT_FILE, *map(bank_files.wording_file_name, self.languages)))

    @property
    def whole_snapshot(self) -> str:
        """The same with the cases and the other party's files: all that a workshop asks and shows."""
        party = (name for name in self.files if name.startswith(f"{bank_files.PARTY_FOLDER}/"))
        cases = (name for name in self.files if name == CASES_FILE)
        return self._snapshot_of((INSTRUMENT_FILE, *map(bank_files.wording_file_name, self.languages), *cases, *party))

    def _snapshot_of(self, names: Iterable[str]) -> str:
        texts = {name: _decode_utf8(self._require(name)) for name in names}
        return json.dumps({"format": cache.FORMAT, "name": self.name, "files": texts}, ensure_ascii=False)

    def reopened(self) -> "Bank":
        """The bank as its files stand now: this same value if no file has changed. Raises `NoSuchBank`."""
        if self.folder is None or _folder_state(self.folder) == self.folder_state:
            return self
        return open_bank(self.folder)

    def _spoken(self, language: str) -> tuple[str, str]:
        """The language whose file is read, and its base; the base is empty where the language is no variant."""
        base = bank_files.base_language(language, self.languages)
        if language not in self.languages and base:  # a variant without a file of its own
            language, base = base, ""
        self.require_language(language)
        return language, base

    def require_language(self, language: str) -> None:
        """Raise `NoSuchWording` unless there is wording in a language."""
        if language not in self.languages:
            known = format_fact(self.languages)
            raise NoSuchWording(bank=format_fact(self.name), language=format_fact(language), languages=known)

    def _require(self, name: str) -> BankFile:
        """A file that has to exist; raises `BankRefused`, or `SnapshotUnreadable` where a snapshot lacks it."""
        file = self.files.get(name)
        if file is None and self.folder is None:
            raise SnapshotUnreadable(why=name)
        if file is None and self.folder is not None:
            file = bank_files.read_file(self.folder, name)
        if not isinstance(file, BankFile):
            raise BankRefused((file,) if file else ())
        return file

    def _remembered(self, side: str, language: str, names: tuple[str, ...], parse: Callable[[], Wording]) -> Wording:
        """The wording of a side in a language: from this value, else from the cache, else parsed."""
        if (side, language) not in self._wordings:
            self._wordings[side, language] = self._kept(f"wording {side} {language}", names, Wording, parse)
        return self._wordings[side, language]

    def _kept(self, kind: str, names: tuple[str, ...], hint: type[_T], parse: Callable[[], _T]) -> _T:
        """The value that the cache has for the texts of these files, else what `parse` makes of them."""
        key = cache.cache_key(kind, *(self._require(name).content for name in names))
        value = cache.load(key, hint)
        if value is None:
            value = parse()
            cache.save(key, value)
        return value


class LatestBank:
    """A bank that is opened anew after its files changed, for a server that keeps running.

    `look` is called where nobody's row is held, as parsing takes a while; whatever handles a request then asks `get`.
    """

    def __init__(self, bank: Bank, clock: Callable[[], float] = monotonic) -> None:
        self._opened = bank
        self._gone: NoSuchBank | None = None
        self._clock = clock
        self._looked = -_LOOKED_AT_AGAIN

    @property
    def is_due(self) -> bool:
        """Whether its files were not looked at for a moment."""
        return self._clock() - self._looked >= _LOOKED_AT_AGAIN

    def look(self) -> None:
        """Open and parse the bank anew if its files have changed; whoever asks meanwhile gets it as it was."""
        self._looked = self._clock()
        try:
            opened, self._gone = self._opened.reopened(), None
        except NoSuchBank as error:
            self._gone = error
            return
        if opened is not self._opened:
            with contextlib.suppress(AssessorError):  # which it raises again where it is asked
                opened.parse_all()
            self._opened = opened

    def get(self) -> Bank:
        """The bank as it was last looked at; raises `NoSuchBank` if its folder was gone."""
        if self._gone:
            raise self._gone
        return self._opened


#: Seconds in which the files of a bank are not looked at again.
_LOOKED_AT_AGAIN: Final = 0.5


def open_bank(name_or_dir: str | Path) -> Bank:
    """A bank by name or folder, with its files read but not parsed yet; raises `NoSuchBank`."""
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


def find_typed_bank(typed: str | None) -> Path:
    """The folder of the bank that a person named, or of `DEFAULT_BANK`; raises `NoSuchBank` or `TwoBanks`."""
    return bank_files.find_folder(DEFAULT_BANK) if typed is None else bank_files.find_typed_folder(typed)


def open_snapshot(text: str) -> Bank:
    """The bank in a snapshot, not parsed yet; raises `SnapshotUnreadable` where the text is none."""
    try:
        if is_nested_deeper(text.encode("utf-8", "replace"), 2):
            raise ValueError("nested too deep")
        plain: Any = json.loads(text)
        name, texts = str(plain["name"]), dict(plain["files"])
        files = {
            str(file_name): _snapshot_file(name, str(file_name), str(content)) for file_name, content in texts.items()
        }
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotUnreadable(why=type(error).__name__) from None
    return Bank(name=name, files=MappingProxyType(files), has_party_side=SIDES_FILE in files)


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
    """Name, size, time and inode of each file of a bank: unequal as soon as one has changed.

    Empty where the folder cannot be read; reading a file will report that.
    """
    return tuple(sorted((*_file_states(folder, ""), *_file_states(folder / bank_files.PARTY_FOLDER, "party/"))))


def _file_states(folder: Path, prefix: str) -> Iterator[tuple[str, int, int, int]]:
    """The state of each YAML file in a folder; `prefix` is the folder's path in the bank."""
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
    """The text of a file. Raises `BankRefused` for anything but UTF-8, through the parser, which names the place."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from assessor.bank import parsing

        parsing.parse_instrument(file)
        raise
