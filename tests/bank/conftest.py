"""The demo bank and a home of its own for every test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from demo_bank import Demo


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path / "home"))


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(tmp_path / "demo")


@pytest.fixture
def problem_of(demo: Demo) -> Callable[..., str]:
    """What a check says after one change: exactly one thing."""

    def changed(old: str, new: str, name: str = "instrument.yaml") -> str:
        demo.change(old, new, name)
        [problem] = demo.problems()
        return problem

    return changed
