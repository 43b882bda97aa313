"""Lists taken in by whole processes: known by what they hold, dry runs that leave no trace, and kills in the middle."""

import os
import random
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from assessor.store import Store

LIST = "Party;Undertaking\r\nExample Club;Chess\r\nExample School;Reading\r\n"


def test_a_list_is_known_by_what_it_holds_where_its_name_does_not_tell(assessor, home, tmp_path):
    (tmp_path / "list").write_text(LIST, encoding="utf-8")
    taken = assessor("--library", "Example Library", "import", "list")
    again = assessor("import", "-", given=LIST)

    assert (taken.stderr, taken.returncode) == (
        "Added: collaborations 2, assessments 0; changed: answers 0\n",
        0,
    )
    assert again.stderr == "Nothing new in -; nothing was added\n"


def test_a_dry_run_makes_no_store(assessor, home, tmp_path):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    done = assessor("--library", "Example Library", "import", "--dry-run", "list.csv")

    assert done.stderr.splitlines() == [
        "  new, row 2: Example Club · Chess",
        "  new, row 3: Example School · Reading",
        "Would add: collaborations 2, assessments 0; would change: answers 0",
    ]
    assert not list(home.rglob("*.db*"))


def test_a_dry_run_names_the_rows_that_fill_in_and_the_import_says_what_was_done(assessor, tmp_path):
    (tmp_path / "one.csv").write_text("Party;creation\nA;joint\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("titel,agreement,art\nA,agreement,x\nTotal,,3\n", encoding="utf-8")
    assessor("--library", "Example Library", "import", "one.csv")

    assert assessor("import", "--party", "titel", "--dry-run", "two.csv").stderr.splitlines() == [
        "Column not read: art",
        "A3: the row holds sums and is not read: Total",
        "  filled in or changed, row 2: A (answers 1)",
        "Would add: collaborations 0, assessments 0; would change: answers 1",
    ]
    done = assessor("import", "--party", "titel", "two.csv").stderr
    assert done.splitlines()[-1] == "Added: collaborations 0, assessments 0; changed: answers 1"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_dry_run_leaves_the_store_as_it_is(assessor, home, tmp_path, form):
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    assessor("--library", "Example Library", "import", "list.csv")
    (tmp_path / "more.csv").write_text(LIST + "Example Choir;\r\n", encoding="utf-8")
    assessor("export", "-o", "more.json")
    before = sha256((home / "assessor.db").read_bytes()).hexdigest()
    done = assessor("import", "--dry-run", f"more.{form}")

    assert done.returncode == 0, done.stderr
    assert sha256((home / "assessor.db").read_bytes()).hexdigest() == before


def test_an_import_that_is_killed_took_in_everything_or_nothing(home, tmp_path):
    rows = [f"Party {number};joint;both" for number in range(1_500)]
    (tmp_path / "list.csv").write_text("\r\n".join(["Party;creation;benefit", *rows]), encoding="utf-8")
    env = {**os.environ, "ASSESSOR_HOME": str(home)}
    chance, found = random.Random(4), []
    for _ in range(5):
        with subprocess.Popen(
            (sys.executable, "-m", "assessor", "--library", "Example Library", "import", "list.csv"),
            env=env,
            cwd=tmp_path,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(chance.uniform(0.5, 2.5))
            process.kill()
        found.append(counted(home / "assessor.db"))

    assert set(found) <= {(0, 0), (1_500, 1_500)}


def counted(path: Path) -> tuple[int, int]:
    if not path.exists():
        return 0, 0
    with Store.open(path) as store:
        library = "Example Library"
        kept = store.collaborations(library) if library in store.libraries() else ()
        return len(kept), len(store.assessments())
