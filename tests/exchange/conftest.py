"""The banks that the exchange is tried on, loaded once."""

from pathlib import Path

import pytest

from assessor import bank
from assessor.core.instrument import Instrument


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSESSOR_HOME", str(Path(tmp_path_factory.getbasetemp()) / "exchange-home"))


@pytest.fixture(scope="session")
def dokk1() -> Instrument:
    """The instrument that is shipped."""
    return bank.open_snapshot(bank.open_bank("dokk1").snapshot).instrument


@pytest.fixture(scope="session")
def snapshot() -> str:
    """Its bank's whole text."""
    return bank.open_bank("dokk1").snapshot
