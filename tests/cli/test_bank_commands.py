"""Writing a bank at the command line: begun, copied, explained, and described for editors."""

import json
from pathlib import Path

import pytest
from conftest import Run

from assessor import bank
from assessor.bank.json_schema import SCHEMA_NAMES, schema_text


@pytest.mark.parametrize(
    ("options", "levels", "languages"),
    [
        ((), ("close", "loose"), ("en",)),
        (("--levels", "one"), ("one",), ("en",)),
        (("--levels", "joint, own,visit", "--languages", "sv,en"), ("joint", "own", "visit"), ("en", "sv")),
        (("--from", "dokk1"), ("strategic", "service", "network"), ("da", "en", "fi", "nb", "sv", "sv_FI")),
        (("--from", "winwin", "--languages", "sv"), (), ("sv",)),
    ],
)  # fmt: skip
def test_a_new_bank_holds_as_it_is(
    assessor: Run, tmp_path: Path, options: tuple[str, ...], levels: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    begun, checked = assessor("bank", "new", "ladder", *options), assessor("bank", "check", "ladder")

    assert (begun.returncode, begun.stdout) == (0, "")
    assert begun.stderr.startswith("Written: ladder. It is already valid; change it, and check it with: ")
    assert (checked.returncode, checked.stdout) == (0, "")
    opened = bank.open_bank(tmp_path / "ladder")
    assert (opened.instrument.id, opened.instrument.levels, opened.languages) == ("ladder", levels, languages)


def test_a_new_bank_names_the_schemas_that_lie_in_it(assessor: Run, tmp_path: Path) -> None:
    assessor("bank", "new", "ladder", "--from", "dokk1")

    for path in (tmp_path / "ladder").rglob("*.yaml"):
        schema = path.read_text("utf-8").partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / schema).is_file()


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("Ladder",), 2, "Ladder cannot be an id here"),
        (("ladder", "--levels", "close,outside"), 2, "outside cannot be an id here"),
        (("ladder", "--from", "nosuch"), 2, "There is no bank nosuch"),
        (("ladder", "--from", "dokk1", "--levels", "a"), 2, "A copy keeps the levels of dokk1"),
        (("ladder", "--from", "winwin", "--languages", "xx"), 2, "The bank winwin has no wording in xx"),
        (("ladder", "--languages", "English"), 2, "English is no language tag"),
        (("taken",), 73, "taken exists already and was left as it is"),
    ],
)
def test_what_cannot_be_begun_leaves_nothing(
    assessor: Run, tmp_path: Path, options: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "taken").mkdir()
    done = assessor("bank", "new", *options)

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert not (tmp_path / "ladder").exists()


def test_a_key_is_explained_with_where_it_shows_and_an_example(assessor: Run) -> None:
    assert assessor("bank", "help", "within").stdout == (
        "within  (en.yaml, sv.yaml … › placements › (id))\n"
        "    The name inside a sentence, with its article where the language has one.\n"
        '    Shows in sentences such as "this is …" and "… or …".\n'
        '    needed; as in:  within: "a close cooperation"\n'
    )


def test_a_key_that_is_none_names_the_nearest(assessor: Run) -> None:
    done = assessor("bank", "help", "risng")

    assert (done.returncode, done.stdout) == (2, "")
    assert "No file of a questionnaire has a key risng; the nearest is rising" in done.stderr


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("instrument.yaml", "instrument"),
        ("sv.yaml", "wording"),
        ("questions/dokk1/sv_FI.yaml", "wording_variant"),
        ("cases.yaml", "cases"),
        ("migrations", "migrations"),
        ("party/sides.yaml", "sides"),
        ("party/en.yaml", "party_wording"),
    ],
)
def test_a_file_has_its_schema(assessor: Run, file: str, name: str) -> None:
    assert assessor("bank", "schema", file).stdout == schema_text(name)


def test_all_schemas_are_printed_by_their_names(assessor: Run) -> None:
    assert tuple(json.loads(assessor("bank", "schema").stdout)) == SCHEMA_NAMES


def test_a_file_that_no_bank_has_is_told(assessor: Run) -> None:
    done = assessor("bank", "schema", "items.yaml")

    assert (done.returncode, done.stdout) == (2, "")
    assert "No bank has a file items.yaml; name one of: instrument, wording, " in done.stderr
