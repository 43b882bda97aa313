"""A compiled bank, and the words for it in English."""

from pathlib import Path

import pytest

from assessor import bank
from assessor.presentation.terms import Terms


@pytest.fixture
def terms(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Terms:
    monkeypatch.setenv("ASSESSOR_HOME", str(compiled))
    return Terms("en", bank.load("dokk1"), bank.load_wording("dokk1", "en"))
