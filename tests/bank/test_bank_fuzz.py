# ruff: noqa: E501 - a row is one claim
"""Whatever the files hold, a check gives problems and nothing else, each at a place that is there."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from demo_bank import CASES, INSTRUMENT, WORDING, Demo
from hypothesis import given, settings
from hypothesis import strategies as st
from profiles import scaled

from assessor import bank

DOKK1 = Path(__file__).parents[2] / "questions" / "dokk1"
REAL = {"instrument.yaml": (DOKK1 / "instrument.yaml").read_text("utf-8")}
SMALL = {"instrument.yaml": INSTRUMENT, "en.yaml": WORDING, "cases.yaml": CASES}

PIECES = [
    *("{", "}", "[", "]", ": ", ", ", "- ", "\n", "\n  ", "#", '"', "'", "|", ">", "&a", "*a", "<<: ", "!!int ", "---\n"),
    *("no", "~", "null", "", "all: ", "any: ", "not: ", "is: ", "at_least: ", "of: ", "when: ", "id: ", "1", '"1"'),
    *("writing", "money", "undetermined", "dont_know", "\t", "\x00", "\x85", "\u2028", "\ufeff", "é", "𝕏", "\ud800", "{0}"),
]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, files: dict[str, str]) -> dict[str, str]:
    """The files with some tokens replaced, dropped, doubled or moved."""
    name = draw(st.sampled_from(sorted(files)))
    tokens = re.findall(r"\w+|\s+|.", files[name])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(tokens) - 1))
        other = draw(st.integers(0, len(tokens) - 1))
        piece = draw(st.sampled_from([*PIECES, tokens[other]]))
        length = draw(st.sampled_from([0, 1, 1, 1, 5, 40]))
        tokens[at : at + length] = [piece]
    return {**files, name: "".join(tokens)}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def claims(folder: Path, files: dict[str, str | bytes]) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        demo = Demo(Path(name) / "demo")
        for file in SMALL:
            (demo.folder / file).unlink()
        for file, content in files.items():
            demo.write(file, content)
        problems = bank.check_bank(demo.folder)
        for problem in problems:
            told = str(problem)
            file = Path(problem.place.file).name
            lines = (
                re.split("\r\n|\r|\n", (demo.folder / file).read_bytes().decode("utf-8", "replace"))
                if file in files
                else [""]
            )
            assert told.isprintable()
            assert 1 <= problem.place.line <= len(lines)
            assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 2
        if not problems:
            assert (
                bank.open_bank(demo.folder).require_instrument()
                == bank.open_snapshot(bank.open_bank(demo.folder).snapshot).instrument
            )
            assert bank.open_bank(demo.folder).wording("en") == bank.open_bank(demo.folder).wording("en")


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
@settings(max_examples=scaled(150), deadline=None)
def test_random_bytes_give_problems_and_nothing_else(folder: Path, content: bytes) -> None:
    claims(folder, {**SMALL, "instrument.yaml": content})


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=scaled(150), deadline=None)
def test_random_yaml_gives_problems_and_nothing_else(folder: Path, pieces: list[str]) -> None:
    claims(folder, {**SMALL, "instrument.yaml": "".join(pieces)})


@given(mutated(SMALL))
@settings(max_examples=scaled(200), deadline=None)
def test_a_small_bank_with_slips_gives_problems_and_nothing_else(folder: Path, files: dict[str, str | bytes]) -> None:
    claims(folder, files)


@given(mutated(REAL))
@settings(max_examples=scaled(60), deadline=None)
def test_dokk1_with_slips_gives_problems_and_nothing_else(folder: Path, files: dict[str, str | bytes]) -> None:
    claims(folder, files)


@pytest.mark.full
@given(mutated(SMALL))
@settings(max_examples=20_000, deadline=None)
def test_many_slips_give_problems_and_nothing_else(folder: Path, files: dict[str, str | bytes]) -> None:
    claims(folder, files)
