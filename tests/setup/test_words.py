"""One word for one concept: the table of words in assessor/README.md holds of every public class and function."""

import re
from dataclasses import dataclass

import pytest
from house import ROOT, Module, read_modules, shared_class_names

#: Class names that several modules may share, each with the reason.
SHARED: dict[str, str] = {}

MODULES = read_modules(ROOT / "assessor")
PACKAGES = frozenset(module.package for module in MODULES)

ROW = re.compile(
    r"^\| (?P<word>[^|]+) \| (?P<means>[^|]+) \| (?P<avoided>[^|]+) \| (?P<held_in>[^|]+) \|$", re.MULTILINE
)


@dataclass(frozen=True)
class Word:
    """A row of the table."""

    word: str
    avoided: frozenset[str]
    packages: frozenset[str]


def table() -> list[Word]:
    text = (ROOT / "assessor" / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## Words\n")[2].partition("\n## ")[0]
    rows = [row.groupdict() for row in ROW.finditer(section)][2:]  # below the heads of the columns and their line
    return [Word(row["word"], frozenset(re.split(r"[,;] ", row["avoided"])), packages(row["held_in"])) for row in rows]


def packages(held_in: str) -> frozenset[str]:
    return PACKAGES if held_in == "all" else frozenset(held_in.split())


def words_in(name: str) -> set[str]:
    """The words of a name, each also as it is without an s at its end: `LostAnswers` has lost, answers, answer."""
    found = {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
    return found | {part.removesuffix("s") for part in found}


def public_names(module: Module) -> list[str]:
    names = [*module.classes, *(function.name for function in module.functions)]
    return [name for name in names if not name.startswith("_")]


def test_no_two_modules_have_a_class_of_the_same_name():
    shared = shared_class_names(MODULES)

    assert {name: where for name, where in shared.items() if name not in SHARED} == {}
    assert SHARED.keys() <= shared.keys()


@pytest.mark.parametrize("row", table(), ids=lambda row: row.word)
def test_what_a_word_means_is_not_called_otherwise_where_its_row_holds(row: Word):
    otherwise = [
        f"{module.name}.{name}: {', '.join(sorted(avoided))}"
        for module in MODULES
        if module.package in row.packages
        for name in public_names(module)
        if (avoided := words_in(name) & row.avoided)
    ]

    assert otherwise == []


def test_the_table_has_a_row_for_every_word_and_names_packages_that_there_are():
    rows = table()

    assert len(rows) > 20
    assert {row.word: sorted(row.packages - PACKAGES) for row in rows if row.packages - PACKAGES} == {}
    assert {row.word for row in rows if not row.avoided or not row.packages} == set()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LostAnswers", {"lost", "answer", "answers"}),
        ("PDFForm", {"pdf", "form"}),
        ("_write_new", {"write", "new"}),
        ("to_2_columns", {"to", "column", "columns"}),
    ],
)
def test_a_name_is_split_into_its_words(name, words):
    assert words_in(name) == words
