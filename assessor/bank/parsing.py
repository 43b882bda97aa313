"""The door: from a bank's files to its values, or every problem at once. Imports pydantic and PyYAML."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assessor.bank import (
    bank_files,
    case_parsing,
    instrument_parsing,
    migration_parsing,
    party,
    proofs,
    wording_parsing,
    yaml_reader,
)
from assessor.bank.bank_files import File
from assessor.bank.case import Case
from assessor.bank.errors import BankRefused
from assessor.bank.problems import Placed, Problem, Problems, in_order
from assessor.bank.unreliable_ids import Doubts, doubts
from assessor.bank.yaml_nodes import Node, get, laid_over, parts, said_alike, text
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.sides import Sides
from assessor.core.wording import Wording
from assessor.errors import N_, TooLarge

_NO_WORDING = N_("the bank has no wording; add a file for each language, named as this one")
_FOLDER = N_("the bank says {given} and lies in the folder {folder}; make them the same, so that it is found")
_TOO_LARGE = N_(
    "the rules grow too large to hold every combination of responses (more than {limit} steps); "
    "the items that make them large are {items}: tie them to fewer of the others, or leave one out"
)
_SAME = N_("this says what {base} says; take it out, for a variant holds only the words that differ")
_SECTIONS = ("items", "outcomes", "marks", "signals")


def instrument(file: File) -> Instrument:
    """The instrument in a file; raises `BankRefused`."""
    problems = Problems(file.shown)
    _, read = _instrument(file, problems)
    if read is None or problems.found:
        raise BankRefused(in_order([problems]))
    return read


def wording(file: File, language: str, of: File, over: File | None = None) -> Wording:
    """The wording in a file, laid over another where it is a variant's, for an instrument; raises `BankRefused`."""
    told = Problems(of.shown), Problems(over.shown if over else ""), Problems(file.shown)
    root, read = _instrument(of, told[0])
    doubted = doubts(root, told[0]) if root else Doubts()
    beneath = yaml_reader.read(over.content, told[1]) if over else None
    if over and beneath:
        wording_parsing.read(beneath, text(get(beneath, "language")), read, doubted, told[1])
    words = None if told[1].found else _wording(file, language, read, doubted, told[2], beneath)
    if words is None or any(problems.found for problems in told):
        raise BankRefused(in_order(told))
    return words


def worked_cases(file: File, of: Instrument, languages: tuple[str, ...]) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The worked cases in a file, and those of the calibration round; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = yaml_reader.read(file.content, problems)
    read = () if root is None else case_parsing.read(root, of, Doubts(), languages, problems)
    if root is None or problems.found:
        raise BankRefused(in_order([problems]))
    return read, case_parsing.calibration(root, read)


def sides(file: File, of: Instrument) -> Sides:
    """What a file says of the other party's side; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = yaml_reader.read(file.content, problems)
    read = None if root is None else party.sides(root, of, Doubts(), problems)
    if read is None or problems.found:
        raise BankRefused(in_order([problems]))
    return read


def party_wording(file: File, words: Wording, of: Instrument, asked: Sides) -> Wording:
    """The other party's wording in a file, over the library's of the language or a variant; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = yaml_reader.read(file.content, problems)
    if root is not None:
        party.check_words(root, Path(file.name).stem, of, asked, Doubts(), problems)
    if root is None or problems.found:
        raise BankRefused(in_order([problems]))
    return party.worded(root, words)


def migrations(file: File, of: Instrument) -> tuple[Migration, ...]:
    """The migrations in a file; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = yaml_reader.read(file.content, problems)
    read = () if root is None else migration_parsing.read(root, of, problems)
    if problems.found:
        raise BankRefused(in_order([problems]))
    return read


def check(folder: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with the bank in a folder; what can be proved only of a bank that holds comes last."""
    checked = _Check(folder)
    problems, instrument = checked.problems(), checked.instrument
    if instrument is None or checked.files[0].found:
        return problems
    return (*problems, *checked.proofs(instrument))


def _instrument(file: File, problems: Problems) -> tuple[Node | None, Instrument | None]:
    root = yaml_reader.read(file.content, problems)
    if root is None:
        return None, None
    read = instrument_parsing.read(root, problems)
    return root, replace(read, digest=digest(file.content))


def _wording(
    file: File,
    language: str,
    instrument: Instrument | None,
    doubted: Doubts,
    problems: Problems,
    beneath: Node | None = None,
) -> Wording | None:
    root = yaml_reader.read(file.content, problems)
    if root is None:
        return None
    return wording_parsing.read(laid_over(root, beneath) if beneath else root, language, instrument, doubted, problems)


def digest(content: bytes) -> str:
    """SHA-256 of a text, whatever its byte order mark and line ends."""
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(text).hexdigest()


class _Check:
    """One reading of all files of a bank."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Problems] = []
        self.root: Node | None = None
        self.instrument: Instrument | None = None
        self.doubts = Doubts()
        self.cases: tuple[Node, tuple[Case, ...], Problems] | None = None
        self._read_instrument()
        self._read_wordings()
        self._read_party()
        self._read_cases()
        self._read_migrations()

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the files as they stand."""
        return (*in_order(self.files), *bank_files.strays(self.folder))

    def proofs(self, instrument: Instrument) -> tuple[Problem, ...]:
        """What is wrong with the rules, and the worked cases that they place otherwise."""
        found, worked_out = Problems(self.files[0].file), Problems("")
        try:
            proofs.prove(instrument, _places(self.root), found)
        except TooLarge as error:
            found.add(get(self.root, "items"), _TOO_LARGE, **{**error.facts, "items": (error.facts["items"],)})
            return in_order([found])
        if self.cases and not self.cases[2].found:
            worked_out = Problems(self.cases[2].file)
            case_parsing.compare(self.cases[0], self.cases[1], instrument, worked_out)
        return in_order([found, self._wordless(), worked_out])

    def _wordless(self) -> Problems:
        """A problem for a bank without any wording."""
        problems = Problems(bank_files.for_people(self.folder / bank_files.wording_name("en")))
        if not bank_files.languages(self.folder):
            problems.add(None, _NO_WORDING)
        return problems

    def _open(self, name: str) -> tuple[File | None, Problems]:
        read = bank_files.read(self.folder, name)
        problems = Problems(read.shown if isinstance(read, File) else read.file)
        self.files.append(problems)
        if isinstance(read, Problem):
            problems.found.append(read)
            return None, problems
        return read, problems

    def _read_instrument(self) -> None:
        file, problems = self._open(bank_files.INSTRUMENT)
        if file:
            self.root, self.instrument = _instrument(file, problems)
            self._named(problems)
        if self.root:
            self.doubts = doubts(self.root, problems)

    def _named(self, problems: Problems) -> None:
        """One of our own banks is found by its id, so its folder has it for a name."""
        at = get(self.root, "id")
        if bank_files.is_ours(self.folder) and text(at) != self.folder.name:
            problems.add(at, _FOLDER, given=text(at), folder=self.folder.name)

    def _read_wordings(self) -> None:
        spoken = bank_files.languages(self.folder)
        bases = {language: self._read_wording(language) for language in bank_files.whole(spoken)}
        for language in spoken:
            if language not in bases:
                self._read_variant(language, bases[bank_files.base(language, spoken)])

    def _read_wording(self, language: str) -> Node | None:
        """What a file of words holds; None when anything is wrong with it."""
        file, problems = self._open(bank_files.wording_name(language))
        root = yaml_reader.read(file.content, problems) if file else None
        if root:
            wording_parsing.read(root, language, self.instrument, self.doubts, problems)
        return None if problems.found else root

    def _read_variant(self, language: str, beneath: Node | None) -> None:
        """What a variant says is looked at once its base holds, for only then is it known what it is laid over."""
        file, problems = self._open(bank_files.wording_name(language))
        root = yaml_reader.read(file.content, problems) if file else None
        if root and beneath:
            wording_parsing.read(laid_over(root, beneath), language, self.instrument, self.doubts, problems)
            for same in said_alike(root, beneath):
                problems.add(same, _SAME, base=text(get(beneath, "language")))

    def _read_party(self) -> None:
        if not bank_files.has_party(self.folder):
            return
        file, problems = self._open(bank_files.SIDES)
        root = file and yaml_reader.read(file.content, problems)
        asked = party.sides(root, self.instrument, self.doubts, problems) if root else None
        for language in bank_files.whole(bank_files.languages(self.folder)):
            file, told = self._open(bank_files.party_wording_name(language))
            words = file and yaml_reader.read(file.content, told)
            if words:
                reliable = None if problems.found else asked
                party.check_words(words, language, self.instrument, reliable, self.doubts, told)

    def _read_cases(self) -> None:
        if not (self.folder / bank_files.CASES).exists():
            return
        file, problems = self._open(bank_files.CASES)
        root = file and yaml_reader.read(file.content, problems)
        if root:
            languages = bank_files.whole(bank_files.languages(self.folder))
            self.cases = root, case_parsing.read(root, self.instrument, self.doubts, languages, problems), problems

    def _read_migrations(self) -> None:
        if not (self.folder / bank_files.MIGRATIONS).exists():
            return
        file, problems = self._open(bank_files.MIGRATIONS)
        root = file and yaml_reader.read(file.content, problems)
        if root:
            migration_parsing.read(root, self.instrument, problems)


def _places(root: Node | None) -> Mapping[tuple[str, str], Placed]:
    """Where the ids of each section stand."""
    found: dict[tuple[str, str], Placed] = {}
    for section in _SECTIONS:
        for node in parts(get(root, section)):
            at = get(node, "id")
            if at is not None:
                found[section, text(at)] = at
    return found
