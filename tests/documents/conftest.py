"""A watch on everything that WeasyPrint complains of."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever WeasyPrint warns of fails the test."""
    caplog.set_level(logging.WARNING, logger="weasyprint")
    yield
    assert [one.getMessage() for one in caplog.get_records("call") if one.name == "weasyprint"] == []
