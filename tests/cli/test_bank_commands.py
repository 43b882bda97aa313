"""Writing a bank at the command line: begun, copied, explained, and described for editors."""

import json
import shutil
from pathlib import Path

import pytest
from conftest import Run

from assessor import bank, resources
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


def test_a_copy_begins_without_the_past_of_what_it_was_copied_from(assessor: Run, tmp_path: Path) -> None:
    assessor("bank", "new", "ladder", "--from", "dokk1")

    assert not (tmp_path / "ladder" / "migrations.yaml").exists()
    assert not (tmp_path / "ladder" / "versions").exists()


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


def test_without_a_folder_the_bank_is_checked_that_every_other_command_would_take(
    assessor: Run, tmp_path: Path
) -> None:
    assessor("bank", "new", "ladder")
    (tmp_path / "ladder" / "en.yaml").write_text("[", encoding="utf-8")

    shown, checked = assessor("--bank", "ladder", "bank", "show"), assessor("--bank", "ladder", "bank", "check")

    assert (shown.returncode, checked.returncode) == (65, 1)
    assert checked.stdout.startswith("ladder/en.yaml:1:")


def copy_of_dokk1(folder: Path, old: str = "", new: str = "") -> Path:
    """A copy of the questionnaire dokk1, one text of its rules replaced."""
    shutil.copytree(resources.questions_folder() / "dokk1", folder)
    rules = folder / "instrument.yaml"
    rules.write_text(rules.read_text("utf-8").replace(old, new), "utf-8")
    return folder


@pytest.mark.parametrize("typed", ["./dokk1", "../here/dokk1", "dokk1/"])
def test_a_path_is_a_path_also_where_one_of_ours_has_the_name(assessor: Run, tmp_path: Path, typed: str) -> None:
    copy_of_dokk1(tmp_path / "dokk1", "options:", "optoins:")
    (tmp_path.parent / "here").unlink(missing_ok=True)
    (tmp_path.parent / "here").symlink_to(tmp_path)

    for arguments in (("bank", "check", typed), ("--bank", typed, "bank", "check")):
        done = assessor(*arguments)
        assert done.returncode == 1
        assert "dokk1/instrument.yaml" in done.stdout.partition("\n")[0]
        assert done.stderr.endswith(" to correct in dokk1\n")


def test_a_name_that_means_two_banks_is_asked_about(assessor: Run, tmp_path: Path) -> None:
    copy_of_dokk1(tmp_path / "dokk1")

    for arguments in (("bank", "check", "dokk1"), ("--bank", "dokk1", "bank", "show"), ("--bank", "dokk1")):
        done = assessor(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "dokk1 may mean two banks, so nothing was done: write ./dokk1 for the one in this folder, or "
            f"{resources.questions_folder() / 'dokk1'} for the one that comes with the program\n"
        )


def test_where_nobody_names_a_bank_a_folder_of_that_name_is_none(assessor: Run, tmp_path: Path) -> None:
    copy_of_dokk1(tmp_path / "dokk1", "options:", "optoins:")

    assert assessor("bank", "show").returncode == 0


def test_a_check_in_a_banks_own_folder_is_of_that_bank(assessor: Run, tmp_path: Path) -> None:
    assessor("bank", "new", "ladder")
    for path in (tmp_path / "ladder").iterdir():
        path.rename(tmp_path / path.name)

    assert assessor("bank", "check").stderr.startswith(f"Checked: ladder 0.1 in {tmp_path}; ")


def test_a_check_says_what_it_checked_what_was_proved_and_what_not(assessor: Run) -> None:
    assessor("bank", "new", "ladder", "--languages", "en,sv")

    assert assessor("bank", "check", "ladder").stderr == (
        "Checked: ladder 0.1 in ladder; languages: en, sv; questions: 2; placements: 3; worked cases: 1\n"
        "The files are valid. Proved for every combination of answers: every placement can be reached, none is "
        "shadowed, and every question matters.\n"
        "Proved: no better answer gives a lower level, for contact, written.\n"
        "The bank does without: signals, gains, sources, method, limits, drafts, party/\n"
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("levels", "Nothing was proved about better answers: the bank names no `levels`."),
        (
            "    rising",
            "Nothing was proved about better answers: no question says with `rising` which answers are better.",
        ),
    ],
)
def test_a_check_says_where_nothing_was_proved(assessor: Run, tmp_path: Path, key: str, said: str) -> None:
    assessor("bank", "new", "ladder")
    rules = tmp_path / "ladder" / "instrument.yaml"
    text = rules.read_text("utf-8").replace("{at_least: step_1}", "[step_1, step_2]")
    text = text.replace("{at_least: step_2}", "step_2").splitlines()
    kept = [line for line in text if not line.startswith(f"{key}:")]
    rules.write_text("\n".join(kept), "utf-8")

    checked = assessor("bank", "check", "ladder")
    assert checked.returncode == 0, checked.stdout
    assert said in checked.stderr.splitlines()


def test_a_check_says_which_languages_the_program_does_not_speak(assessor: Run) -> None:
    assessor("bank", "new", "ladder", "--languages", "en,de")

    assert "The program itself does not speak de: nobody can choose these words with --lang." in (
        assessor("bank", "check", "ladder").stderr.splitlines()
    )
