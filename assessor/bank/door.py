"""The door: from a bank's files to its values, or every problem at once. Imports pydantic and PyYAML."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assessor.bank import files, instruments, party, proofs, reader, ways, wordings, worked
from assessor.bank.case import Case
from assessor.bank.doubts import Doubts, doubts
from assessor.bank.errors import BankRefused
from assessor.bank.files import File
from assessor.bank.nodes import Node, get, laid_over, parts, said_alike, text
from assessor.bank.problems import Placed, Problem, Problems, in_order
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
    beneath = reader.read(over.content, told[1]) if over else None
    if over and beneath:
        wordings.read(beneath, text(get(beneath, "language")), read, doubted, told[1])
    words = None if told[1].found else _wording(file, language, read, doubted, told[2], beneath)
    if words is None or any(problems.found for problems in told):
        raise BankRefused(in_order(told))
    return words


def worked_cases(file: File, of: Instrument, languages: tuple[str, ...]) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The worked cases in a file, and those of the calibration round; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = reader.read(file.content, problems)
    read = () if root is None else worked.read(root, of, Doubts(), languages, problems)
    if root is None or problems.found:
        raise BankRefused(in_order([problems]))
    return read, worked.calibration(root, read)


def sides(file: File, of: Instrument) -> Sides:
    """What a file says of the other party's side; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = reader.read(file.content, problems)
    read = None if root is None else party.sides(root, of, Doubts(), problems)
    if read is None or problems.found:
        raise BankRefused(in_order([problems]))
    return read


def party_wording(file: File, words: Wording, of: Instrument, asked: Sides) -> Wording:
    """The other party's wording in a file, over the library's of the language or a variant; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = reader.read(file.content, problems)
    if root is not None:
        party.check_words(root, Path(file.name).stem, of, asked, Doubts(), problems)
    if root is None or problems.found:
        raise BankRefused(in_order([problems]))
    return party.worded(root, words)


def migrations(file: File, of: Instrument) -> tuple[Migration, ...]:
    """The migrations in a file; raises `BankRefused`."""
    problems = Problems(file.shown)
    root = reader.read(file.content, problems)
    read = () if root is None else ways.read(root, of, problems)
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
    root = reader.read(file.content, problems)
    if root is None:
        return None, None
    read = instruments.read(root, problems)
    return root, replace(read, digest=digest(file.content))


def _wording(
    file: File,
    language: str,
    instrument: Instrument | None,
    doubted: Doubts,
    problems: Problems,
    beneath: Node | None = None,
) -> Wording | None:
    root = reader.read(file.content, problems)
    if root is None:
        return None
    return wordings.read(laid_over(root, beneath) if beneath else root, language, instrument, doubted, problems)


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
        return (*in_order(self.files), *files.strays(self.folder))

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
            worked.compare(self.cases[0], self.cases[1], instrument, worked_out)
        return in_order([found, self._wordless(), worked_out])

    def _wordless(self) -> Problems:
        """A problem for a bank without any wording."""
        problems = Problems(files.for_people(self.folder / files.wording_name("en")))
        if not files.languages(self.folder):
            problems.add(None, _NO_WORDING)
        return problems

    def _open(self, name: str) -> tuple[File | None, Problems]:
        read = files.read(self.folder, name)
        problems = Problems(read.shown if isinstance(read, File) else read.file)
        self.files.append(problems)
        if isinstance(read, Problem):
            problems.found.append(read)
            return None, problems
        return read, problems

    def _read_instrument(self) -> None:
        file, problems = self._open(files.INSTRUMENT)
        if file:
            self.root, self.instrument = _instrument(file, problems)
            self._named(problems)
        if self.root:
            self.doubts = doubts(self.root, problems)

    def _named(self, problems: Problems) -> None:
        """One of our own banks is found by its id, so its folder has it for a name."""
        at = get(self.root, "id")
        if files.is_ours(self.folder) and text(at) != self.folder.name:
            problems.add(at, _FOLDER, given=text(at), folder=self.folder.name)

    def _read_wordings(self) -> None:
        spoken = files.languages(self.folder)
        bases = {language: self._read_wording(language) for language in files.whole(spoken)}
        for language in spoken:
            if language not in bases:
                self._read_variant(language, bases[files.base(language, spoken)])

    def _read_wording(self, language: str) -> Node | None:
        """What a file of words holds; None when anything is wrong with it."""
        file, problems = self._open(files.wording_name(language))
        root = reader.read(file.content, problems) if file else None
        if root:
            wordings.read(root, language, self.instrument, self.doubts, problems)
        return None if problems.found else root

    def _read_variant(self, language: str, beneath: Node | None) -> None:
        """What a variant says is looked at once its base holds, for only then is it known what it is laid over."""
        file, problems = self._open(files.wording_name(language))
        root = reader.read(file.content, problems) if file else None
        if root and beneath:
            wordings.read(laid_over(root, beneath), language, self.instrument, self.doubts, problems)
            for same in said_alike(root, beneath):
                problems.add(same, _SAME, base=text(get(beneath, "language")))

    def _read_party(self) -> None:
        if not files.has_party(self.folder):
            return
        file, problems = self._open(files.SIDES)
        root = file and reader.read(file.content, problems)
        asked = party.sides(root, self.instrument, self.doubts, problems) if root else None
        for language in files.whole(files.languages(self.folder)):
            file, told = self._open(files.party_wording_name(language))
            words = file and reader.read(file.content, told)
            if words:
                reliable = None if problems.found else asked
                party.check_words(words, language, self.instrument, reliable, self.doubts, told)

    def _read_cases(self) -> None:
        if not (self.folder / files.CASES).exists():
            return
        file, problems = self._open(files.CASES)
        root = file and reader.read(file.content, problems)
        if root:
            languages = files.whole(files.languages(self.folder))
            self.cases = root, worked.read(root, self.instrument, self.doubts, languages, problems), problems

    def _read_migrations(self) -> None:
        if not (self.folder / files.MIGRATIONS).exists():
            return
        file, problems = self._open(files.MIGRATIONS)
        root = file and reader.read(file.content, problems)
        if root:
            ways.read(root, self.instrument, problems)


def _places(root: Node | None) -> Mapping[tuple[str, str], Placed]:
    """Where the ids of each section stand."""
    found: dict[tuple[str, str], Placed] = {}
    for section in _SECTIONS:
        for node in parts(get(root, section)):
            at = get(node, "id")
            if at is not None:
                found[section, text(at)] = at
    return found
