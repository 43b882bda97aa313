"""Which tests the commands for testing start, and what they install for it."""

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: Packages of Debian that the ordinary suite needs.
ORDINARY = {
    "chromium",
    "default-jre-headless",
    "libjaxb-java",
    "poppler-utils",
    "postgresql",
    "qpdf",
    "gcc",
    "libc6-dev",
}


@pytest.fixture
def run(tmp_path):
    """What `tests/run.sh` starts: the profile of hypothesis, the arguments of pytest, the packages of Debian."""
    for folder in ("tests", "assessor"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "tests" / "run.sh", tmp_path / "tests")
    (tmp_path / "assessor" / "start.sh").write_text(
        'echo "${HYPOTHESIS_PROFILE-}"; echo "${ASSESSOR_NO_ROOT-}"; printf "%s\\n" "$@"'
    )

    def started(*arguments: str) -> tuple[str, str, list[str], set[str]]:
        done = subprocess.run(
            ["/bin/sh", tmp_path / "tests" / "run.sh", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        )
        profile, no_root, *rest = done.stdout.splitlines()
        at = rest.index("pytest")
        assert rest[:2] + rest[at - 2 : at] == ["--group", "test", "--python", "-m"]
        packages = {value for option, value in pairwise(rest[:at]) if option == "--debian"}
        return profile, no_root, rest[at + 1 :], packages

    return started


def test_without_arguments_the_suite_runs_on_two_processes(run):
    assert run() == ("", "", ["-n", "2"], ORDINARY)
    assert run("--no-root") == ("", "1", ["-n", "2"], ORDINARY)


def test_arguments_of_pytest_are_handed_on_as_they_are(run):
    assert run("-k", "a b", "tests/core") == ("", "", ["-k", "a b", "tests/core"], ORDINARY)


def test_the_quick_lane_reads_its_folders_only_and_installs_no_other_program(run):
    profile, no_root, arguments, packages = run("--no-root", "--quick", "-x")

    assert (profile, no_root, packages) == ("quick", "1", set())
    assert arguments[:4] + arguments[-1:] == ["-n", "2", "-m", "quick", "-x"]
    assert all((ROOT / folder).is_dir() for folder in arguments[4:-1])


def test_the_full_lane_takes_everything_but_campaigns_and_benchmarks(run):
    assert run("--full", "-x") == (
        "full",
        "",
        ["-n", "2", "-m", "not campaign and not benchmark", "-x"],
        ORDINARY | {"libreoffice-writer-nogui", "nginx", "firefox-esr"},
    )
