"""What the whole suite shares: how many examples hypothesis makes, and a bank compiled once.

A few examples in the ordinary suite, many with `HYPOTHESIS_PROFILE=long`.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assessor import bank

settings.register_profile("suite", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which dokk1 is compiled, as on a machine where the interview ran before."""
    home = tmp_path_factory.mktemp("compiled")
    before = os.environ.get("ASSESSOR_HOME")
    os.environ["ASSESSOR_HOME"] = str(home)
    try:
        bank.open_bank("dokk1").require_instrument()
        for language in ("sv", "en"):
            bank.open_bank("dokk1").wording(language)
    finally:
        os.environ.pop("ASSESSOR_HOME")
        if before is not None:
            os.environ["ASSESSOR_HOME"] = before
    return home
