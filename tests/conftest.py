"""What the whole suite shares: how many examples hypothesis makes, which tests are quick, and a bank compiled once."""

import os
import signal
from pathlib import Path

import pytest
from profiles import load_profile

from assessor import bank

load_profile()
# Tests press Ctrl-C in programs that they start, which ignore it where we do: a shell has us do so in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)

#: Folders of `tests` whose tests are quick, save those that bear one of the marks.
_QUICK_FOLDERS = {"core", "bank", "presentation", "exchange"}
_SLOW_MARKS = ("heavy", "full", "campaign", "benchmark", "java", "browser")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the quick tests, so that nobody has to remember it."""
    here = Path(__file__).parent
    for item in items:
        quick = item.path.relative_to(here).parts[0] in _QUICK_FOLDERS
        if quick and not any(map(item.get_closest_marker, _SLOW_MARKS)):
            item.add_marker("quick")


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
