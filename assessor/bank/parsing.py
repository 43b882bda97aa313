"""From a bank's files to its values, or to every problem in them; importing this imports PyYAML.

Two uses. `loading` asks for one part at a time (`parse_instrument`, `parse_wording` ...) and gets it, or a
`BankRefused` with the problems of the files it is made from. `check_bank` reads all files and returns the problems of
all of them.

Both read on after a mistake, so that an author sees everything at once. The price is that one mistake in
instrument.yaml could be reported again by every file that refers to it; `unreliable_ids` says which ids to leave alone
for that reason. A part that is loaded passes an empty one: its instrument has no problems.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

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
_KEPT = N_("an earlier version is kept here, so {due} is needed and not {given}; name the folder by its version")
_SAME = N_("this says what {base} says; take it out, for a variant holds only the words that differ")
_TAKEN = N_(
    "{given} {version} comes with the program and has other rules; choose another id, so that answers to the two are "
    "never taken for one another"
)
_SECTIONS = ("items", "outcomes", "marks", "signals")


def parse_instrument(file: BankFile) -> Instrument:
    """The instrument in a file, its digest set, its rules not compiled; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    _, instrument = _parse_instrument(file, problems)
    if instrument is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return instrument


def parse_wording(
    file: BankFile, language: str, instrument_file: BankFile, base_file: BankFile | None = None
) -> Wording:
    """The wording in a file, for the instrument in another; raises `BankRefused`.

    `base_file` is the file that a variant is laid over, None for a language of its own.
    """
    in_instrument = BankProblems(instrument_file.display_path)
    in_base = BankProblems(base_file.display_path if base_file else "")
    in_file = BankProblems(file.display_path)
    root, instrument = _parse_instrument(instrument_file, in_instrument)
    unreliable = find_unreliable_ids(root, in_instrument) if root else UnreliableIds()
    base = yaml_reader.read_yaml(base_file.content, in_base) if base_file else None
    if base:
        base_language = scalar_text(get_node(base, "language"))
        wording_parsing.parse_wording(base, base_language, instrument, unreliable, in_base)
    words = None if in_base.found else _parse_wording(file, language, instrument, unreliable, in_file, base)
    problems = (in_instrument, in_base, in_file)
    if words is None or any(in_one.found for in_one in problems):
        raise BankRefused(merge_in_order(problems))
    return words


def parse_worked_cases(
    file: BankFile, instrument: Instrument, languages: tuple[str, ...]
) -> tuple[tuple[Case, ...], tuple[Case, ...]]:
    """The worked cases in a file, and those of the calibration round; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    cases = () if root is None else case_parsing.parse_cases(root, instrument, UnreliableIds(), languages, problems)
    if root is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return cases, case_parsing.calibration_cases(root, cases)


def parse_sides(file: BankFile, instrument: Instrument) -> Sides:
    """What the other party is asked, from its file; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    sides = None if root is None else party.parse_sides(root, instrument, UnreliableIds(), problems)
    if sides is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return sides


def parse_party_wording(file: BankFile, words: Wording, instrument: Instrument, sides: Sides) -> Wording:
    """The other party's wording: what its file says, over `words`, the library's wording. Raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    if root is not None:
        party.check_party_wording(root, Path(file.name).stem, instrument, sides, UnreliableIds(), problems)
    if root is None or problems.found:
        raise BankRefused(merge_in_order([problems]))
    return party.party_wording(root, words)


def parse_migrations(file: BankFile, instrument: Instrument) -> tuple[Migration, ...]:
    """The migrations in a file; raises `BankRefused`."""
    problems = BankProblems(file.display_path)
    root = yaml_reader.read_yaml(file.content, problems)
    migrations = () if root is None else migration_parsing.parse_migrations(root, instrument, problems)
    if problems.found:
        raise BankRefused(merge_in_order([problems]))
    return migrations


def check_bank(folder: Path) -> tuple[BankProblem, ...]:
    """Everything wrong with the bank in a folder, in the order of its files, those of its earlier versions last.

    The proofs about the rules come last, and only if instrument.yaml has no problem.
    """
    return _BankCheck(folder, bank_files.earlier_folders(folder)).all_problems()


def _parse_instrument(file: BankFile, problems: BankProblems) -> tuple[Node | None, Instrument | None]:
    """The file's nodes and its instrument, digest included; both None where YAML cannot be read."""
    root = yaml_reader.read_yaml(file.content, problems)
    if root is None:
        return None, None
    instrument = instrument_parsing.parse_instrument(root, problems)
    digest = digests.rules_digest(instrument)
    return root, replace(instrument, digest=digest, text_digests=digests.text_digests(file.content, digest))


def _parse_wording(
    file: BankFile,
    language: str,
    instrument: Instrument | None,
    unreliable: UnreliableIds,
    problems: BankProblems,
    base: Node | None = None,
) -> Wording | None:
    """The wording in a file, laid over the nodes of its base; None where YAML cannot be read."""
    root = yaml_reader.read_yaml(file.content, problems)
    if root is None:
        return None
    return wording_parsing.parse_wording(
        overlay(root, base) if base else root, language, instrument, unreliable, problems
    )


class _BankCheck:
    """One reading of all files of a bank, each with its own `BankProblems`.

    Files are read in this order because each needs what the one before it gave: ids, their reliability, base wordings.
    """

    def __init__(self, folder: Path, earlier: Mapping[str, Path] = MappingProxyType({})) -> None:
        self.folder = folder
        #: The versions that the bank keeps, by the name of their folder.
        self.earlier = {version: _BankCheck(path) for version, path in earlier.items()}
        #: One for each file, in the order in which they were opened; instrument.yaml's is the first.
        self.files: list[BankProblems] = []
        #: Of instrument.yaml; None where YAML cannot be read.
        self.root: Node | None = None
        self.instrument: Instrument | None = None
        self.unreliable_ids = UnreliableIds()
        #: The nodes of cases.yaml, the cases and that file's problems.
        self.cases: tuple[Node, tuple[Case, ...], BankProblems] | None = None
        self._read_instrument()
        self._read_wordings()
        self._read_party()
        self._read_cases()
        self._check_earlier()
        self._read_migrations()

    def all_problems(self) -> tuple[BankProblem, ...]:
        """The problems in the files, then the proofs that fail where instrument.yaml has none; so for each version."""
        problems = self.file_problems()
        if self.instrument is not None and not self.files[0].found:
            problems = (*problems, *self.rule_problems(self.instrument))
        return (*problems, *(problem for kept in self.earlier.values() for problem in kept.all_problems()))

    def file_problems(self) -> tuple[BankProblem, ...]:
        """The problems in the files as they stand, and the files whose names no bank has."""
        strays = BankProblems("")
        strays.found.extend(bank_files.find_strays(self.folder))
        return merge_in_order([*self.files, strays])

    def rule_problems(self, instrument: Instrument) -> tuple[BankProblem, ...]:
        """The proofs that fail, and the worked cases that the rules place otherwise."""
        in_rules, in_cases = BankProblems(self.files[0].file), BankProblems("")
        try:
            proofs.prove_rules(instrument, _positions_of_ids(self.root), in_rules)
        except RulesTooLarge as error:
            in_rules.add(get_node(self.root, "items"), _TOO_LARGE, **{**error.facts, "items": (error.facts["items"],)})
            return merge_in_order([in_rules])
        if self.cases and not self.cases[2].found:
            in_cases = BankProblems(self.cases[2].file)
            case_parsing.compare_with_rules(self.cases[0], self.cases[1], instrument, in_cases)
        return merge_in_order([in_rules, self._missing_wording(), in_cases])

    def _missing_wording(self) -> BankProblems:
        """A problem if the bank has no wording at all."""
        problems = BankProblems(bank_files.display_path(self.folder / bank_files.wording_file_name("en")))
        if not bank_files.languages_in_folder(self.folder):
            problems.add(None, _NO_WORDING)
        return problems

    def _open_file(self, name: str) -> tuple[BankFile | None, BankProblems]:
        """A file and the list its problems go to; None, and the reason in that list, where it cannot be read."""
        file = bank_files.read_file(self.folder, name)
        problems = BankProblems(file.display_path if isinstance(file, BankFile) else file.place.file)
        self.files.append(problems)
        if not isinstance(file, BankFile):
            problems.found.append(file)
            return None, problems
        return file, problems

    def _read_instrument(self) -> None:
        file, problems = self._open_file(bank_files.INSTRUMENT_FILE)
        if file:
            self.root, self.instrument = _parse_instrument(file, problems)
            self._check_folder_name(problems)
            self._check_id_is_free(problems)
        if self.root:
            self.unreliable_ids = find_unreliable_ids(self.root, problems)

    def _check_folder_name(self, problems: BankProblems) -> None:
        """Add a problem where one of our own banks lies in a folder that is not named by its id."""
        id_node = get_node(self.root, "id")
        if bank_files.is_shipped(self.folder) and scalar_text(id_node) != self.folder.name:
            problems.add(id_node, _FOLDER, given=scalar_text(id_node), folder=self.folder.name)

    def _check_id_is_free(self, problems: BankProblems) -> None:
        """Add a problem where a bank says that it is one of ours in the same version, and has other rules."""
        own = self.instrument
        if own is None or bank_files.is_shipped(self.folder) or own.id not in bank_files.available_banks():
            return
        ours = bank_files.find_folder(own.id)
        for folder in (ours, bank_files.earlier_folders(ours).get(own.version)):
            file = folder and bank_files.read_file(folder, bank_files.INSTRUMENT_FILE)
            if isinstance(file, BankFile):
                shipped = parse_instrument(file)
                if shipped.version == own.version and shipped.digest != own.digest:
                    problems.add(get_node(self.root, "id"), _TAKEN, given=own.id, version=own.version)

    def _check_earlier(self) -> None:
        """Add a problem where a kept version is another questionnaire, or another version than its folder is named."""
        for version, kept in self.earlier.items():
            for key, due in (("id", self.instrument.id if self.instrument else ""), ("version", version)):
                node = get_node(kept.root, key)
                if due and scalar_text(node) and scalar_text(node) != due:
                    kept.files[0].add(node, _KEPT, given=scalar_text(node), due=due)

    def _read_wordings(self) -> None:
        spoken = bank_files.languages_in_folder(self.folder)
        bases = {language: self._read_wording(language) for language in bank_files.base_languages(spoken)}
        for language in spoken:
            if language not in bases:
                self._read_variant(language, bases[bank_files.base_language(language, spoken)])
        wording_parsing.check_same_keys(
            {language: (root, self._problems_of(language)) for language, root in bases.items() if root}
        )

    def _problems_of(self, language: str) -> BankProblems:
        """The problems of a wording file that was opened."""
        name = bank_files.display_path(self.folder / bank_files.wording_file_name(language))
        return next(problems for problems in self.files if problems.file == name)

    def _read_wording(self, language: str) -> Node | None:
        """The nodes of a wording file; None if anything is wrong with it."""
        file, problems = self._open_file(bank_files.wording_file_name(language))
        root = yaml_reader.read_yaml(file.content, problems) if file else None
        if root:
            wording_parsing.parse_wording(root, language, self.instrument, self.unreliable_ids, problems)
        return None if problems.found else root

    def _read_variant(self, language: str, base: Node | None) -> None:
        """Check a variant over its base. Skipped where the base has problems: they would be reported a second time."""
        file, problems = self._open_file(bank_files.wording_file_name(language))
        root = yaml_reader.read_yaml(file.content, problems) if file else None
        if root and base:
            wording_parsing.parse_wording(overlay(root, base), language, self.instrument, self.unreliable_ids, problems)
            for redundant in redundant_texts(root, base):
                problems.add(redundant, _SAME, base=scalar_text(get_node(base, "language")))

    def _read_party(self) -> None:
        """Check party/sides.yaml, then the party's wording in each language that is no variant."""
        if not bank_files.has_party_side(self.folder):
            return
        file, problems = self._open_file(bank_files.SIDES_FILE)
        root = file and yaml_reader.read_yaml(file.content, problems)
        sides = party.parse_sides(root, self.instrument, self.unreliable_ids, problems) if root else None
        for language in bank_files.base_languages(bank_files.languages_in_folder(self.folder)):
            file, word_problems = self._open_file(bank_files.party_wording_file_name(language))
            words_root = file and yaml_reader.read_yaml(file.content, word_problems)
            if words_root:
                reliable_sides = None if problems.found else sides
                party.check_party_wording(
                    words_root, language, self.instrument, reliable_sides, self.unreliable_ids, word_problems
                )

    def _read_cases(self) -> None:
        """Check the worked cases, and keep them for the comparison with the rules."""
        if not bank_files.exists_or_dangles(self.folder / bank_files.CASES_FILE):
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
        if not bank_files.exists_or_dangles(self.folder / bank_files.MIGRATIONS_FILE):
            return
        file, problems = self._open_file(bank_files.MIGRATIONS_FILE)
        root = file and yaml_reader.read_yaml(file.content, problems)
        if root:
            earlier = {version: kept.instrument for version, kept in self.earlier.items() if kept.instrument}
            migration_parsing.parse_migrations(root, self.instrument, problems, earlier)


def _positions_of_ids(root: Node | None) -> Mapping[tuple[str, str], Located]:
    """By section and id, where the id stands, for problems that are found on the compiled rules."""
    positions: dict[tuple[str, str], Located] = {}
    if (levels := get_node(root, "levels")) is not None:
        positions["levels", ""] = levels
    for section in _SECTIONS:
        for node in list_parts(get_node(root, section)):
            id_node = get_node(node, "id")
            if id_node is not None:
                positions[section, scalar_text(id_node)] = id_node
    return positions
