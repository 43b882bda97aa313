"""What no file of the project may hold."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
#: Folders of one person or one machine; written so that this file holds none of them.
MACHINES = re.compile("(?<![\\w.~])/(?:" + "|".join(("work", "root", "Users", "home/(?!lib)")) + ")/")


def files() -> list[Path]:
    """All but what tools leave behind; dot folders are theirs, save the checks' own."""
    found = (path for path in ROOT.rglob("*") if path.is_file())
    return [path for path in found if kept(path.relative_to(ROOT).parts)]


def kept(parts: tuple[str, ...]) -> bool:
    if parts[0] == ".git":  # a file in a worktree
        return False
    folders = [part for part in parts[:-1] if part not in (".ci", ".github")]
    return not any(part.startswith(".") or part in ("__pycache__", "dist") for part in folders)


def test_no_file_names_a_place_on_somebodys_machine():
    named = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in files()
        for found in [MACHINES.search(path.read_bytes().decode("latin-1"))]
        if found
    ]

    assert named == []


# A report is written where one stands, which the second command of README.md must outlive after the first.
def test_the_top_of_the_tree_shows_only_what_was_agreed():
    shown = {path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.suffix != ".pdf"}

    assert shown - {"dist"} - {"LICENSE", "CHANGELOG.md", "SECURITY.md", "uv.lock"} == {
        *("publiccode.yml", "REUSE.toml", "LICENSES"),
        *("pyproject.toml", "README.md"),
        *("assessor", "questions", "report_templates", "tests"),
    }


#: Modules of core that only name values, with nothing to claim of them.
ONLY_VALUES = {"wording", "workshop_findings"}


def test_what_tests_a_module_of_core_is_found_by_its_name():
    modules = {path.stem for path in (ROOT / "assessor" / "core").glob("*.py")} - {"__init__"}
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "core").glob("test_*.py")}

    assert modules - tested == ONLY_VALUES
