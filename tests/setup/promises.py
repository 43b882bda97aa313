"""SECURITY.md, sentence by sentence, and the tests that hold each: `promises.toml`, as a table."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TESTS = HERE.parent
#: The parts of SECURITY.md that promise something; the others say for whom it is, and what is not promised.
PARTS = (
    "Three ways to run it, three promises",
    "Pages that run in the reader's browser",
    "Who can do what",
    "How it is held",
)


def sentences(text: str) -> list[str]:
    """Every sentence of the parts that promise, and every row of their tables, with single spaces."""
    return [
        sentence for part in PARTS for sentence in _of_part(text.partition(f"\n## {part}\n")[2].partition("\n## ")[0])
    ]


def _of_part(part: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n|\n(?=- |\|)", part.strip()):
        whole = " ".join(paragraph.split()).removeprefix("- ")
        if whole.startswith("|"):
            if not re.match(r"\| (\||---)", whole):
                yield whole
        else:
            yield from filter(None, re.split(r"(?<=\.) (?=[A-Z*`\"])", whole))


def promises() -> dict[str, list[str]]:
    """The tests that hold each sentence that promises something."""
    return {each["says"]: each["tests"] for each in _table()["promise"]}


def advice() -> list[str]:
    """The sentences that only explain or advise."""
    return [each["says"] for each in _table()["advice"]]


def _table() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((HERE / "promises.toml").read_text(encoding="utf-8"))


def tests_in(path: str) -> set[str]:
    """The names of the tests in a file of `tests/`; none where there is no such file."""
    file = TESTS / path
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.is_file() else []
    return {each.name for each in body if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")}
