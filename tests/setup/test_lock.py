"""The lock as pip reads it."""

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assessor.setup.requirements import requirements_text

ROOT = Path(__file__).parent.parent.parent

LOCK = """
version = 1

[[package]]
name = "app"
source = { editable = "." }
dependencies = [
    { name = "draw", extra = ["fast"] },
    { name = "paint", marker = "sys_platform == 'win32'" },
]

[package.dev-dependencies]
test = [{ name = "try" }]

[[package]]
name = "draw"
version = "2.1"
source = { registry = "https://index.example/simple" }
sdist = { url = "https://files.example/draw.tar.gz", hash = "sha256:aa" }
wheels = [{ url = "https://files.example/draw.whl", hash = "sha256:bb" }]

[package.optional-dependencies]
fast = [{ name = "zip", marker = "python_full_version < '3.13'" }]

[[package]]
name = "paint"
version = "3"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "brush", marker = "os_name == 'nt'" }]
wheels = [{ url = "https://files.example/paint.whl", hash = "sha256:cc" }]

[[package]]
name = "brush"
version = "4"
source = { registry = "https://index.example/simple" }
wheels = [{ url = "https://files.example/brush.whl", hash = "sha256:dd" }]

[[package]]
name = "zip"
version = "5"
source = { registry = "https://index.example/simple" }
wheels = [{ url = "https://files.example/zip.whl", hash = "sha256:ee" }]

[[package]]
name = "try"
version = "6"
source = { registry = "https://index.example/simple" }
dependencies = [{ name = "brush" }]
wheels = [{ url = "https://files.example/try.whl", hash = "sha256:ff" }]
"""


def test_what_runs_is_pinned_hashed_and_tied_to_the_markers_on_the_way_to_it():
    assert requirements_text(LOCK) == (
        "draw==2.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "paint==3 ; (sys_platform == 'win32') \\\n    --hash=sha256:cc\n"
        "brush==4 ; (os_name == 'nt') and (sys_platform == 'win32') \\\n    --hash=sha256:dd\n"
        "zip==5 ; (python_full_version < '3.13') \\\n    --hash=sha256:ee\n"
    )


def test_a_group_adds_its_packages_and_frees_what_it_needs_everywhere():
    assert requirements_text(LOCK, ["test"]) == (
        "draw==2.1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "paint==3 ; (sys_platform == 'win32') \\\n    --hash=sha256:cc\n"
        "brush==4 \\\n    --hash=sha256:dd\n"
        "zip==5 ; (python_full_version < '3.13') \\\n    --hash=sha256:ee\n"
        "try==6 \\\n    --hash=sha256:ff\n"
    )


def test_a_group_that_the_lock_lacks_is_refused():
    with pytest.raises(KeyError, match="paper"):
        requirements_text(LOCK, ["paper"])


def test_the_projects_lock_names_no_address_and_hashes_every_package():
    lines = requirements_text((ROOT / "uv.lock").read_text("utf-8"), ["test", "lint"]).splitlines()
    pinned = [line for line in lines if not line.startswith("    --hash=sha256:")]
    bare = [line for line in pinned if not line.endswith("\\")]

    assert (len(pinned) > 50, bare, [line for line in lines if "://" in line]) == (True, [], [])


@pytest.mark.full  # as it is told by the day: run before a release
def test_the_lock_was_renewed_within_the_days_that_are_promised():
    (days,) = re.findall(r"The lock is renewed at least every\s+(\d+) days", (ROOT / "SECURITY.md").read_text("utf-8"))
    packages = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    made = [str(file["upload-time"]) for package in packages for file in package.get("wheels", ())]
    newest = max(map(date.fromisoformat, (each[:10] for each in made)))

    assert 0 <= (datetime.now(UTC).date() - newest).days <= int(days)
