"""Whole processes of the command line, in a home of their own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def assessor(home: Path, tmp_path: Path) -> Run:
    def run(*arguments: str, given: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "ASSESSOR_HOME": str(home), "LANG": "C.UTF-8", "ASSESSOR_LANG": "en", **environment}
        return subprocess.run(
            (sys.executable, "-m", "assessor", *arguments),
            input=given,
            capture_output=True,
            encoding="utf-8",
            env=env,
            cwd=tmp_path,
            check=False,
        )

    return run
