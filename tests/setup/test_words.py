"""One word for one concept: the table in assessor/README.md, held to what the code names."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent.parent / "assessor"
PACKAGES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py") if path.parent.name != "setup")


def rows() -> Iterator[tuple[str, list[str], list[str]]]:
    """Each word with those it must not be called and the packages where that is held."""
    section = PACKAGE.joinpath("README.md").read_text("utf-8").partition("\n## Words\n")[2].partition("\n## ")[0]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and cells[0] != "word" and not cells[0].startswith("-"):
            word, _, avoided, held = cells
            yield word, re.findall(r"\w+", avoided), PACKAGES if held == "all" else held.split()


@cache
def public_names(package: str) -> frozenset[str]:
    """What its classes and functions are called."""
    nodes = (
        node
        for path in PACKAGE.joinpath(package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    defined = (node.name for node in nodes if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(name for name in defined if not name.startswith("_"))


def words_of(name: str) -> set[str]:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return words | {word.removesuffix("s") for word in words}


@pytest.mark.parametrize(
    ("word", "avoided", "held"), list(rows()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_no_public_name_uses_a_word_that_the_table_avoids(word, avoided, held):
    named = [f"{package}: {name}" for package in held for name in public_names(package) if words_of(name) & {*avoided}]

    assert (named, [package for package in held if package not in PACKAGES]) == ([], [])


def test_the_table_holds_the_words_of_the_engine():
    assert {"bank", "instrument", "item", "response", "placement", "verdict"} <= {word for word, _, _ in rows()}
