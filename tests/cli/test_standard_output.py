"""What is printed is written whole, or refused with an exit code of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRINTING = (["--help"], ["--version"], ["list", "--help"], ["bank", "list"], ["--lang", "sv", "bank", "schema"])


def run(arguments: list[str], stdout: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assessor", *arguments],
        stdout=stdout, stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT, env={**os.environ, **environment},
    )  # fmt: skip


@pytest.mark.parametrize("arguments", PRINTING, ids=" ".join)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_told_and_has_an_exit_code(arguments: list[str], unbuffered: str):
    with Path("/dev/full").open("wb") as full:
        done = run(arguments, full, PYTHONUNBUFFERED=unbuffered)

    assert done.returncode == 74
    assert len(done.stderr.splitlines()) == 1
    assert "No space left on device" in done.stderr


@pytest.mark.parametrize("arguments", PRINTING[:2], ids=" ".join)
def test_a_closed_output_is_told_and_has_an_exit_code(arguments: list[str]):
    done = subprocess.run(
        ["sh", "-c", '"$@" >&-', "sh", sys.executable, "-m", "assessor", *arguments],
        stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT,
    )  # fmt: skip

    assert done.returncode == 74
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_enough_is_no_error(unbuffered: str):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = run(["bank", "schema"], pipe, PYTHONUNBUFFERED=unbuffered)

    assert (done.returncode, done.stderr) == (0, "")
