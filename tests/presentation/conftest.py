"""A compiled bank, and the words for it in English."""

from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.presentation.terms import Terms


@pytest.fixture
def terms(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Terms:
    monkeypatch.setenv("ASSESSOR_HOME", str(compiled))
    bank = open_bank("dokk1")
    return Terms("en", bank.instrument, bank.wording("en"))
