"""Banks by name or folder, from what is kept of them where that is possible."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessor.bank import bank_files, cache
from assessor.bank.bank_files import BankFile
from assessor.bank.case import CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchWording, SnapshotUnreadable
from assessor.bank.problems import BankProblem, format_fact
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.scoring import assess
from assessor.core.sides import Sides
from assessor.core.wording import Wording

#: Instruments by their texts, in a process that remembers what it has read.
_remembered_instruments: dict[str, Instrument] = {}
_max_remembered = 0


@dataclass(frozen=True, slots=True)
class _BankSource:
    name: str
    languages: tuple[str, ...]
    read_file: Callable[[str], BankFile | BankProblem]

    def require_file(self, name: str) -> BankFile:
        found = self.read_file(name)
        if not isinstance(found, BankFile):
            raise BankRefused((found,))
        return found


def remember_instruments(most: int = 16) -> None:
    """From now on this process takes an instrument from its texts once: a server needs it with every request."""
    global _most_recent
    _max_remembered = most


def load(name_or_dir: str | Path) -> Instrument:
    """The instrument of a bank, its rules compiled; raises `NoSuchBank`, `BankRefused` or `TooLarge`."""
    return _load_instrument(_source_in_folder(name_or_dir))


def load_wording(name_or_dir: str | Path, language: str) -> Wording:
    """The wording of a bank in a language; raises `NoSuchBank`, `NoSuchWording` or `BankRefused`.

    A variant such as sv_FI is laid over its base, and is its base where the bank has nothing of it.
    """
    return _load_wording(_source_in_folder(name_or_dir), language)


def languages(name_or_dir: str | Path) -> tuple[str, ...]:
    """The languages a bank has wording in, sorted; raises `NoSuchBank`."""
    return _source_in_folder(name_or_dir).languages


def nearest_language(language: str, spoken: Sequence[str]) -> str:
    """What to speak where a bank may lack a language: that, its base, English, the first there is; else the wish."""
    return bank_files.nearest_language(language, spoken)


def available_banks() -> tuple[str, ...]:
    """The names of our own banks."""
    return bank_files.available_banks()


def load_cases(name_or_dir: str | Path) -> tuple[Case, ...]:
    """The worked cases of a bank, none when it has none; raises `NoSuchBank` or `BankRefused`."""
    folder = bank_files.find_folder(name_or_dir)
    return _parse_cases(folder)[0] if (folder / bank_files.CASES_FILE).exists() else ()


def calibration_cases(name_or_dir: str | Path, language: str) -> tuple[CalibrationCase, ...]:
    """The cases that a room places first, none when the bank has none; raises as `wording` does."""
    bank = _source_in_folder(name_or_dir)
    if language not in bank.languages:
        raise NoSuchWording(
            bank=format_fact(bank.name), language=format_fact(language), languages=format_fact(bank.languages)
        )
    folder = bank_files.find_folder(name_or_dir)
    if not (folder / bank_files.CASES_FILE).exists():
        return ()
    key = cache.cache_key(
        f"calibration {' '.join(bank_files.base_languages(bank.languages))}",
        bank.require_file(bank_files.INSTRUMENT_FILE).content,
        bank.require_file(bank_files.CASES_FILE).content,
    )
    instrument = load(folder)
    return tuple(
        CalibrationCase(
            id=case.id,
            text=case.text[bank_files.base_language(language, bank.languages) or language],
            placement=case.keyed,
            verdict=assess(instrument, case.responses),
        )
        for case in cache.load_cases(key) or _parse_calibration(folder, key)
    )


def _parse_calibration(folder: Path, key: str) -> tuple[Case, ...]:
    made = _parse_cases(folder)[1]
    cache.save(key, cache.plain_cases(made))
    return made


def _parse_cases(folder: Path) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """All, and those of the calibration round."""
    from assessor.bank import parsing

    bank = _source_in_folder(folder)
    return parsing.parse_worked_cases(
        bank.require_file(bank_files.CASES_FILE), load(folder), bank_files.base_languages(bank.languages)
    )


def has_party_side(name_or_dir: str | Path) -> bool:
    """Whether a bank says what the other party is asked; raises `NoSuchBank`."""
    return bank_files.has_party_side(bank_files.find_folder(name_or_dir))


def load_sides(name_or_dir: str | Path) -> Sides:
    """What the other party is asked, and how its responses turn round; raises `NoPartySide` or `BankRefused`."""
    folder = bank_files.find_folder(name_or_dir)
    bank = _source_in_folder(folder)
    if not bank_files.has_party_side(folder):
        raise NoPartySide(bank=format_fact(bank.name))
    file = bank.require_file(bank_files.SIDES_FILE)
    key = cache.cache_key("sides", bank.require_file(bank_files.INSTRUMENT_FILE).content, file.content)
    return cache.load_sides(key) or _parse_sides(file, load(folder), key)


def party_items(name_or_dir: str | Path) -> tuple[str, ...]:
    """The ids of the items that the other party is asked, in the instrument's order; raises as `sides` does."""
    return load_sides(name_or_dir).asked


def load_party_wording(name_or_dir: str | Path, language: str) -> Wording:
    """The whole wording as the other party reads it, "we" being the party; raises as `sides` and `wording` do."""
    asked, words = load_sides(name_or_dir), load_wording(name_or_dir, language)
    bank = _source_in_folder(name_or_dir)
    beneath = bank_files.base_language(language, bank.languages)  # a variant's party reads the language's own words
    file = bank.require_file(bank_files.party_wording_file_name(beneath or language))
    spoken = (each for each in (language, beneath) if each in bank.languages)
    names = (bank_files.INSTRUMENT_FILE, *map(bank_files.wording_file_name, spoken), bank_files.SIDES_FILE)
    key = cache.cache_key(f"party {language}", *(bank.require_file(name).content for name in names), file.content)
    return cache.load_wording(key) or _parse_party_wording(file, words, load(name_or_dir), asked, key)


def _parse_sides(file: BankFile, instrument: Instrument, key: str) -> Sides:
    from assessor.bank import parsing

    made = parsing.parse_sides(file, instrument)
    cache.save(key, cache.plain_sides(made))
    return made


def _parse_party_wording(file: BankFile, words: Wording, instrument: Instrument, asked: Sides, key: str) -> Wording:
    from assessor.bank import parsing

    made = parsing.parse_party_wording(file, words, instrument, asked)
    cache.save(key, cache.plain_wording(made))
    return made


def load_migrations(name_or_dir: str | Path) -> tuple[Migration, ...]:
    """How responses go from older versions of a bank to the newest; raises `NoSuchBank` or `BankRefused`."""
    folder = bank_files.find_folder(name_or_dir)
    if not (folder / bank_files.MIGRATIONS_FILE).exists():
        return ()
    from assessor.bank import parsing

    return parsing.parse_migrations(_source_in_folder(folder).require_file(bank_files.MIGRATIONS_FILE), load(folder))


def check_bank(directory: str | Path) -> tuple[BankProblem, ...]:
    """Everything that is wrong with a bank, in the order of its files; raises `NoSuchBank`."""
    from assessor.bank import parsing

    return parsing.check_bank(bank_files.find_folder(directory))


def take_snapshot(name_or_dir: str | Path) -> str:
    """The whole text of a bank as JSON, for keeping beside what was responded to it; raises `BankRefused`."""
    bank = _source_in_folder(name_or_dir)
    names = (bank_files.INSTRUMENT_FILE, *map(bank_files.wording_file_name, bank.languages))
    texts = {name: _decode_utf8(bank.require_file(name)) for name in names}
    return json.dumps({"format": cache.FORMAT, "name": bank.name, "files": texts}, ensure_ascii=False)


def instrument_from_snapshot(text: str) -> Instrument:
    """The instrument in a snapshot, as `load` gives it; raises `SnapshotUnreadable` or `BankRefused`."""
    return _load_instrument(_source_in_snapshot(text))


def wording_from_snapshot(text: str, language: str) -> Wording:
    """The wording in a snapshot; raises `SnapshotUnreadable`, `NoSuchWording` or `BankRefused`."""
    return _load_wording(_source_in_snapshot(text), language)


def languages_in_snapshot(text: str) -> tuple[str, ...]:
    """The languages that a snapshot has wording in, sorted; raises `SnapshotUnreadable`."""
    return _source_in_snapshot(text).languages


def _load_instrument(bank: _BankSource) -> Instrument:
    file = bank.require_file(bank_files.INSTRUMENT_FILE)
    key = cache.cache_key("instrument", file.content)
    found = _remembered_instruments.get(key) or cache.load_instrument(key) or _parse_instrument(file, key)
    if len(_remembered_instruments) < _max_remembered:
        _remembered_instruments[key] = found
    return found


def _parse_instrument(file: BankFile, key: str) -> Instrument:
    from assessor.bank import parsing

    made = parsing.parse_instrument(file)
    made = replace(made, precompiled=made.diagram)
    cache.save(key, cache.plain_instrument(made))
    return made


def _load_wording(bank: _BankSource, language: str) -> Wording:
    beneath = bank_files.base_language(language, bank.languages)
    if language not in bank.languages and beneath:  # a variant that says nothing otherwise
        language, beneath = beneath, ""
    if language not in bank.languages:
        known = format_fact(bank.languages)
        raise NoSuchWording(bank=format_fact(bank.name), language=format_fact(language), languages=known)
    instrument = bank.require_file(bank_files.INSTRUMENT_FILE)
    words = [bank.require_file(bank_files.wording_file_name(each)) for each in (language, beneath) if each]
    key = cache.cache_key(f"wording {language}", instrument.content, *(file.content for file in words))
    return cache.load_wording(key) or _parse_wording(words, language, instrument, key)


def _parse_wording(words: list[BankFile], language: str, instrument: BankFile, key: str) -> Wording:
    from assessor.bank import parsing

    made = parsing.parse_wording(words[0], language, instrument, *words[1:])
    cache.save(key, cache.plain_wording(made))
    return made


def _source_in_folder(name_or_dir: str | Path) -> _BankSource:
    folder = bank_files.find_folder(name_or_dir)
    return _BankSource(
        folder.name, bank_files.languages_in_folder(folder), lambda name: bank_files.read_file(folder, name)
    )


def _source_in_snapshot(text: str) -> _BankSource:
    try:
        plain = json.loads(text)
        name, texts = str(plain["name"]), dict(plain["files"])
        found = {str(each): str(content).encode() for each, content in texts.items()}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotUnreadable(why=type(error).__name__) from None
    return _BankSource(name, bank_files.languages_among(found), _snapshot_reader(name, found))


def _snapshot_reader(name: str, contents: Mapping[str, bytes]) -> Callable[[str], BankFile | BankProblem]:
    def read(file: str) -> BankFile:
        if file not in contents:
            raise SnapshotUnreadable(why=file)
        return BankFile(name=file, display_path=f"{name}/{file}", content=contents[file])

    return read


def _decode_utf8(file: BankFile) -> str:
    """The text of a file; what is no UTF-8 is refused as it would be on loading."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from assessor.bank import parsing

        parsing.parse_instrument(file)
        raise
