"""The door: from a bank's files to its values, or every problem at once. Imports PyYAML."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from assessor.bank import (
    bank_files,
    case_parsing,
    digests,
    instrument_parsing,
    migration_parsing,
    party,
    proofs,
    wording_parsing,
    yaml_reader,
)
from assessor.bank.bank_files import BankFile
from assessor.bank.case import Case
from assessor.bank.errors import BankRefused
from assessor.bank.problems import BankProblem, BankProblems, Located, merge_in_order
from assessor.bank.unreliable_ids import UnreliableIds, find_unreliable_ids
from assessor.bank.yaml_nodes import Node, get_node, list_parts, overlay, redundant_texts, scalar_text
from assessor.core.history import Migration
from assessor.core.instrument import Instrument
from assessor.core.sides import Sides
from assessor.core.wording import Wording
from assessor.errors import N_, RulesTooLarge

_NO_WORDING = N_("the bank has no wording; add a file for each language, named as this one")
_FOLDER = N_("the bank says {given} and lies in the folder {folder}; make them the same, so that it is found")
_TOO_LARGE = N_(
    "the rules grow too large to hold every combination of responses (more than {limit} steps); "
    "the items that make them large are {items}: tie them to fewer of the others, or leave one out"
)
_SAME = N_("this says what {base} says; take it out, for a variant holds only the words that differ")
_SECTIONS = ("items", "outcomes", "marks", "signals")


def parse_instrument(file: BankFile) -> Instrument:
    """The instrument in a file; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    _, read = _parse_instrument(file, problems)
    if read is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return read


def parse_wording(file: BankFile, language: str, of: BankFile, over: BankFile | None = None) -> Wording:
    """The wording in a file, laid over another where it is a variant's, for an instrument; raises `BankRefused`."""
    told = (
        BankProblems(of.display_path),
        BankProblems(over.display_path if over else ""),
        BankProblems(file.display_path),
    )
    root, read = _parse_instrument(of, told[0])
    doubted = find_unreliable_ids(root, told[0]) if root else UnreliableIds()
    beneath = yaml_reader.read_yaml(over.content, told[1]) if over else None
    if over and beneath:
        wording_parsing.parse_wording(beneath, scalar_text(get_node(beneath, "language")), read, doubted, told[1])
    words = None if told[1].found else _parse_wording(file, language, read, doubted, told[2], beneath)
    if words is None or any(problems.found for problems in told):
        raise BankRefused(merge_in_order(told))
    return words


def parse_worked_cases(
    file: BankFile, of: Instrument, languages: tuple[str, ...]
) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The worked cases in a file, and those of the calibration round; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    read = () if root is None else case_parsing.parse_cases(root, of, UnreliableIds(), languages, problems)
    if root is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return read, case_parsing.calibration_cases(root, read)


def parse_sides(file: BankFile, of: Instrument) -> Sides:
    """What a file says of the other party's side; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    read = None if root is None else party.parse_sides(root, of, UnreliableIds(), problems)
    if read is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return read


def parse_party_wording(file: BankFile, words: Wording, of: Instrument, asked: Sides) -> Wording:
    """The other party's wording in a file, over the library's of the language or a variant; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    if root is not None:
        party.check_party_wording(root, Path(file.name).stem, of, asked, UnreliableIds(), problems)
    if root is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return party.party_wording(root, words)


def parse_migrations(file: BankFile, of: Instrument) -> tuple[Migration, ...]:
    """The migrations in a file; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    read = () if root is None else migration_parsing.parse_migrations(root, of, problems)
    if problems.found:
        raise BankRefused(merge_in_order([problems]))
    return read


def check_bank(folder: Path) -> tuple[BankProblem, ...]:
    """Everything that is wrong with the bank in a folder; what can be proved only of a bank that holds comes last."""
    checked = _BankCheck(folder)
    problems, instrument = checked.file_problems(), checked.instrument
    if instrument is None or checked.files[0].found:
        return problems
    return (*problems, *checked.rule_problems(instrument))


def _parse_instrument(file: BankFile, problems: BankProblems) -> tuple[Node | None, Instrument | None]:
    root = yaml_reader.read_yaml(file.content, problems)
    if root is None:
        return None, None
    read = instrument_parsing.parse_instrument(root, problems)
    digest = digests.rules_digest(read)
    return root, replace(read, digest=digest, text_digests=digests.text_digests(file.content, digest))


def _parse_wording(
    file: BankFile,
    language: str,
    instrument: Instrument | None,
    doubted: UnreliableIds,
    problems: BankProblems,
    beneath: Node | None = None,
) -> Wording | None:
    root = yaml_reader.read_yaml(file.content, problems)
    if root is None:
        return None
    return wording_parsing.parse_wording(
        overlay(root, beneath) if beneath else root, language, instrument, doubted, problems
    )


class _BankCheck:
    """One reading of all files of a bank."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[BankProblems] = []
        self.root: Node | None = None
        self.instrument: Instrument | None = None
        self.unreliable_ids = UnreliableIds()
        self.cases: tuple[Node, tuple[Case, ...], BankProblems] | None = None
        self._read_instrument()
        self._read_wordings()
        self._read_party()
        self._read_cases()
        self._read_migrations()

    def file_problems(self) -> tuple[BankProblem, ...]:
        """What is wrong with the files as they stand."""
        return (*merge_in_order(self.files), *bank_files.find_strays(self.folder))

    def rule_problems(self, instrument: Instrument) -> tuple[BankProblem, ...]:
        """What is wrong with the rules, and the worked cases that they place otherwise."""
        found, worked_out = BankProblems(self.files[0].file), BankProblems("")
        try:
            proofs.prove_rules(instrument, _positions_of_ids(self.root), found)
        except RulesTooLarge as error:
            found.add(get_node(self.root, "items"), _TOO_LARGE, **{**error.facts, "items": (error.facts["items"],)})
            return merge_in_order([found])
        if self.cases and not self.cases[2].found:
            worked_out = BankProblems(self.cases[2].file)
            case_parsing.compare_with_rules(self.cases[0], self.cases[1], instrument, worked_out)
        return merge_in_order([found, self._missing_wording(), worked_out])

    def _missing_wording(self) -> BankProblems:
        """A problem for a bank without any wording."""
        problems = BankProblems(bank_files.display_path(self.folder / bank_files.wording_file_name("en")))
        if not bank_files.languages_in_folder(self.folder):
            problems.add(None, _NO_WORDING)
        return problems

    def _open_file(self, name: str) -> tuple[BankFile | None, BankProblems]:
        read = bank_files.read_file(self.folder, name)
        problems = BankProblems(read.display_path if isinstance(read, BankFile) else read.place.file)
        self.files.append(problems)
        if not isinstance(read, BankFile):
            problems.found.append(read)
            return None, problems
        return read, problems

    def _read_instrument(self) -> None:
        file, problems = self._open_file(bank_files.INSTRUMENT_FILE)
        if file:
            self.root, self.instrument = _parse_instrument(file, problems)
            self._check_folder_name(problems)
        if self.root:
            self.unreliable_ids = find_unreliable_ids(self.root, problems)

    def _check_folder_name(self, problems: BankProblems) -> None:
        """One of our own banks is found by its id, so its folder has it for a name."""
        at = get_node(self.root, "id")
        if bank_files.is_shipped(self.folder) and scalar_text(at) != self.folder.name:
            problems.add(at, _FOLDER, given=scalar_text(at), folder=self.folder.name)

    def _read_wordings(self) -> None:
        spoken = bank_files.languages_in_folder(self.folder)
        bases = {language: self._read_wording(language) for language in bank_files.base_languages(spoken)}
        for language in spoken:
            if language not in bases:
                self._read_variant(language, bases[bank_files.base_language(language, spoken)])

    def _read_wording(self, language: str) -> Node | None:
        """What a file of words holds; None when anything is wrong with it."""
        file, problems = self._open_file(bank_files.wording_file_name(language))
        root = yaml_reader.read_yaml(file.content, problems) if file else None
        if root:
            wording_parsing.parse_wording(root, language, self.instrument, self.unreliable_ids, problems)
        return None if problems.found else root

    def _read_variant(self, language: str, beneath: Node | None) -> None:
        """What a variant says is looked at once its base holds, for only then is it known what it is laid over."""
        file, problems = self._open_file(bank_files.wording_file_name(language))
        root = yaml_reader.read_yaml(file.content, problems) if file else None
        if root and beneath:
            wording_parsing.parse_wording(
                overlay(root, beneath), language, self.instrument, self.unreliable_ids, problems
            )
            for same in redundant_texts(root, beneath):
                problems.add(same, _SAME, base=scalar_text(get_node(beneath, "language")))

    def _read_party(self) -> None:
        if not bank_files.has_party_side(self.folder):
            return
        file, problems = self._open_file(bank_files.SIDES_FILE)
        root = file and yaml_reader.read_yaml(file.content, problems)
        asked = party.parse_sides(root, self.instrument, self.unreliable_ids, problems) if root else None
        for language in bank_files.base_languages(bank_files.languages_in_folder(self.folder)):
            file, told = self._open_file(bank_files.party_wording_file_name(language))
            words = file and yaml_reader.read_yaml(file.content, told)
            if words:
                reliable = None if problems.found else asked
                party.check_party_wording(words, language, self.instrument, reliable, self.unreliable_ids, told)

    def _read_cases(self) -> None:
        if not (self.folder / bank_files.CASES_FILE).exists():
            return
        file, problems = self._open_file(bank_files.CASES_FILE)
        root = file and yaml_reader.read_yaml(file.content, problems)
        if root:
            languages = bank_files.base_languages(bank_files.languages_in_folder(self.folder))
            self.cases = (
                root,
                case_parsing.parse_cases(root, self.instrument, self.unreliable_ids, languages, problems),
                problems,
            )

    def _read_migrations(self) -> None:
        if not (self.folder / bank_files.MIGRATIONS_FILE).exists():
            return
        file, problems = self._open_file(bank_files.MIGRATIONS_FILE)
        root = file and yaml_reader.read_yaml(file.content, problems)
        if root:
            migration_parsing.parse_migrations(root, self.instrument, problems)


def _positions_of_ids(root: Node | None) -> Mapping[tuple[str, str], Located]:
    """Where the ids of each section stand."""
    found: dict[tuple[str, str], Located] = {}
    for section in _SECTIONS:
        for node in list_parts(get_node(root, section)):
            at = get_node(node, "id")
            if at is not None:
                found[section, scalar_text(at)] = at
    return found
