"""Banks by name or folder, from what is kept of them where that is possible."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assessor.bank import bank_files, cache
from assessor.bank.bank_files import File
from assessor.bank.case import CalibrationCase, Case
from assessor.bank.errors import BankRefused, NoPartySide, NoSuchWording, SnapshotUnreadable
from assessor.bank.problems import Problem, shown
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.scoring import assess
from assessor.core.sides import Sides
from assessor.core.wording import Wording

#: Instruments by their texts, in a process that remembers what it has read.
_recent: dict[str, Instrument] = {}
_most_recent = 0


@dataclass(frozen=True, slots=True)
class _Bank:
    name: str
    languages: tuple[str, ...]
    read: Callable[[str], File | Problem]

    def file(self, name: str) -> File:
        found = self.read(name)
        if isinstance(found, Problem):
            raise BankRefused((found,))
        return found


def remember(most: int = 16) -> None:
    """From now on this process takes an instrument from its texts once: a server needs it with every request."""
    global _most_recent
    _most_recent = most


def load(name_or_dir: str | Path) -> Instrument:
    """The instrument of a bank, its rules compiled; raises `NoSuchBank`, `BankRefused` or `TooLarge`."""
    return _instrument(_in_folder(name_or_dir))


def wording(name_or_dir: str | Path, language: str) -> Wording:
    """The wording of a bank in a language; raises `NoSuchBank`, `NoSuchWording` or `BankRefused`.

    A variant such as sv_FI is laid over its base, and is its base where the bank has nothing of it.
    """
    return _wording(_in_folder(name_or_dir), language)


def languages(name_or_dir: str | Path) -> tuple[str, ...]:
    """The languages a bank has wording in, sorted; raises `NoSuchBank`."""
    return _in_folder(name_or_dir).languages


def nearest(language: str, spoken: Sequence[str]) -> str:
    """What to speak where a bank may lack a language: that, its base, English, the first there is; else the wish."""
    return bank_files.nearest(language, spoken)


def available() -> tuple[str, ...]:
    """The names of our own banks."""
    return bank_files.available()


def cases(name_or_dir: str | Path) -> tuple[Case, ...]:
    """The worked cases of a bank, none when it has none; raises `NoSuchBank` or `BankRefused`."""
    folder = bank_files.folder(name_or_dir)
    return _worked_cases(folder)[0] if (folder / bank_files.CASES).exists() else ()


def calibration(name_or_dir: str | Path, language: str) -> tuple[CalibrationCase, ...]:
    """The cases that a room places first, none when the bank has none; raises as `wording` does."""
    bank = _in_folder(name_or_dir)
    if language not in bank.languages:
        raise NoSuchWording(bank=shown(bank.name), language=shown(language), languages=shown(bank.languages))
    folder = bank_files.folder(name_or_dir)
    if not (folder / bank_files.CASES).exists():
        return ()
    key = cache.key(
        f"calibration {' '.join(bank_files.whole(bank.languages))}",
        bank.file(bank_files.INSTRUMENT).content,
        bank.file(bank_files.CASES).content,
    )
    instrument = load(folder)
    return tuple(
        CalibrationCase(
            id=case.id,
            text=case.text[bank_files.base(language, bank.languages) or language],
            placement=case.keyed,
            verdict=assess(instrument, case.responses),
        )
        for case in cache.cases(key) or _made_calibration(folder, key)
    )


def _made_calibration(folder: Path, key: str) -> tuple[Case, ...]:
    made = _worked_cases(folder)[1]
    cache.keep(key, cache.plain_cases(made))
    return made


def _worked_cases(folder: Path) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """All, and those of the calibration round."""
    from assessor.bank import parsing

    bank = _in_folder(folder)
    return parsing.worked_cases(bank.file(bank_files.CASES), load(folder), bank_files.whole(bank.languages))


def has_party(name_or_dir: str | Path) -> bool:
    """Whether a bank says what the other party is asked; raises `NoSuchBank`."""
    return bank_files.has_party(bank_files.folder(name_or_dir))


def sides(name_or_dir: str | Path) -> Sides:
    """What the other party is asked, and how its responses turn round; raises `NoPartySide` or `BankRefused`."""
    folder = bank_files.folder(name_or_dir)
    bank = _in_folder(folder)
    if not bank_files.has_party(folder):
        raise NoPartySide(bank=shown(bank.name))
    file = bank.file(bank_files.SIDES)
    key = cache.key("sides", bank.file(bank_files.INSTRUMENT).content, file.content)
    return cache.sides(key) or _made_sides(file, load(folder), key)


def party_items(name_or_dir: str | Path) -> tuple[str, ...]:
    """The ids of the items that the other party is asked, in the instrument's order; raises as `sides` does."""
    return sides(name_or_dir).asked


def party_wording(name_or_dir: str | Path, language: str) -> Wording:
    """The whole wording as the other party reads it, "we" being the party; raises as `sides` and `wording` do."""
    asked, words = sides(name_or_dir), wording(name_or_dir, language)
    bank = _in_folder(name_or_dir)
    beneath = bank_files.base(language, bank.languages)  # a variant's party reads the language's own words
    file = bank.file(bank_files.party_wording_name(beneath or language))
    spoken = (each for each in (language, beneath) if each in bank.languages)
    names = (bank_files.INSTRUMENT, *map(bank_files.wording_name, spoken), bank_files.SIDES)
    key = cache.key(f"party {language}", *(bank.file(name).content for name in names), file.content)
    return cache.wording(key) or _made_party_wording(file, words, load(name_or_dir), asked, key)


def _made_sides(file: File, instrument: Instrument, key: str) -> Sides:
    from assessor.bank import parsing

    made = parsing.sides(file, instrument)
    cache.keep(key, cache.plain_sides(made))
    return made


def _made_party_wording(file: File, words: Wording, instrument: Instrument, asked: Sides, key: str) -> Wording:
    from assessor.bank import parsing

    made = parsing.party_wording(file, words, instrument, asked)
    cache.keep(key, cache.plain_wording(made))
    return made


def migrations(name_or_dir: str | Path) -> tuple[Migration, ...]:
    """How responses go from older versions of a bank to the newest; raises `NoSuchBank` or `BankRefused`."""
    folder = bank_files.folder(name_or_dir)
    if not (folder / bank_files.MIGRATIONS).exists():
        return ()
    from assessor.bank import parsing

    return parsing.migrations(_in_folder(folder).file(bank_files.MIGRATIONS), load(folder))


def check(directory: str | Path) -> tuple[Problem, ...]:
    """Everything that is wrong with a bank, in the order of its files; raises `NoSuchBank`."""
    from assessor.bank import parsing

    return parsing.check(bank_files.folder(directory))


def snapshot(name_or_dir: str | Path) -> str:
    """The whole text of a bank as JSON, for keeping beside what was responded to it; raises `BankRefused`."""
    bank = _in_folder(name_or_dir)
    names = (bank_files.INSTRUMENT, *map(bank_files.wording_name, bank.languages))
    texts = {name: _utf8(bank.file(name)) for name in names}
    return json.dumps({"format": cache.FORMAT, "name": bank.name, "files": texts}, ensure_ascii=False)


def from_snapshot(text: str) -> Instrument:
    """The instrument in a snapshot, as `load` gives it; raises `SnapshotUnreadable` or `BankRefused`."""
    return _instrument(_in_snapshot(text))


def wording_from_snapshot(text: str, language: str) -> Wording:
    """The wording in a snapshot; raises `SnapshotUnreadable`, `NoSuchWording` or `BankRefused`."""
    return _wording(_in_snapshot(text), language)


def languages_in_snapshot(text: str) -> tuple[str, ...]:
    """The languages that a snapshot has wording in, sorted; raises `SnapshotUnreadable`."""
    return _in_snapshot(text).languages


def _instrument(bank: _Bank) -> Instrument:
    file = bank.file(bank_files.INSTRUMENT)
    key = cache.key("instrument", file.content)
    found = _recent.get(key) or cache.instrument(key) or _made_instrument(file, key)
    if len(_recent) < _most_recent:
        _recent[key] = found
    return found


def _made_instrument(file: File, key: str) -> Instrument:
    from assessor.bank import parsing

    made = parsing.instrument(file)
    made = replace(made, kept=made.diagram)
    cache.keep(key, cache.plain_instrument(made))
    return made


def _wording(bank: _Bank, language: str) -> Wording:
    beneath = bank_files.base(language, bank.languages)
    if language not in bank.languages and beneath:  # a variant that says nothing otherwise
        language, beneath = beneath, ""
    if language not in bank.languages:
        known = shown(bank.languages)
        raise NoSuchWording(bank=shown(bank.name), language=shown(language), languages=known)
    instrument = bank.file(bank_files.INSTRUMENT)
    words = [bank.file(bank_files.wording_name(each)) for each in (language, beneath) if each]
    key = cache.key(f"wording {language}", instrument.content, *(file.content for file in words))
    return cache.wording(key) or _made_wording(words, language, instrument, key)


def _made_wording(words: list[File], language: str, instrument: File, key: str) -> Wording:
    from assessor.bank import parsing

    made = parsing.wording(words[0], language, instrument, *words[1:])
    cache.keep(key, cache.plain_wording(made))
    return made


def _in_folder(name_or_dir: str | Path) -> _Bank:
    folder = bank_files.folder(name_or_dir)
    return _Bank(folder.name, bank_files.languages(folder), lambda name: bank_files.read(folder, name))


def _in_snapshot(text: str) -> _Bank:
    try:
        plain = json.loads(text)
        name, texts = str(plain["name"]), dict(plain["files"])
        found = {str(each): str(content).encode() for each, content in texts.items()}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SnapshotUnreadable(why=type(error).__name__) from None
    return _Bank(name, bank_files.languages_among(found), _reading(name, found))


def _reading(name: str, contents: Mapping[str, bytes]) -> Callable[[str], File | Problem]:
    def read(file: str) -> File:
        if file not in contents:
            raise SnapshotUnreadable(why=file)
        return File(name=file, shown=f"{name}/{file}", content=contents[file])

    return read


def _utf8(file: File) -> str:
    """The text of a file; what is no UTF-8 is refused as it would be on loading."""
    try:
        return file.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        from assessor.bank import parsing

        parsing.instrument(file)
        raise
