"""Papers made once for all tests, in every language."""

import logging
from collections.abc import Callable
from functools import cache

import pytest
from papers import a_form, a_table

from assessor.report.paper.posters import cards_pdf, poster_pdf
from assessor.report.paper.questionnaire import FormCopy, form_pdf

Made = Callable[[str, str, str], bytes]

_NAMES = (
    ("Exempelkören", "Sång på torget"),
    ("Ett sällskap med ett långt namn för främjande av läsning i kustbygden", "Något som tar sin tid att säga " * 3),
    ("Fråga", ""),
)


@pytest.fixture(scope="session")
def made() -> Made:
    """Each kind of paper of each bank in each language, made when first asked for."""

    @cache
    def make(kind: str, bank: str, language: str) -> bytes:
        match kind:
            case "form":
                return form_pdf(a_form(bank, language))
            case "forms":
                copies = tuple(FormCopy(party=party, undertaking=undertaking) for party, undertaking in _NAMES)
                return form_pdf(a_form(bank, language, library="Exempelbiblioteket", copies=copies))
            case "poster":
                return poster_pdf(a_table(bank, language))
        return cards_pdf(a_table(bank, language, names=_NAMES))

    return make


@pytest.fixture(scope="session")
def blank(made: Made) -> bytes:
    """A form that nothing is written in yet."""
    return made("form", "dokk1", "sv")


class Complaints(logging.Handler):
    """Whatever WeasyPrint warns of while a paper is laid out fails it."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(record.getMessage())


_COMPLAINTS = Complaints(logging.WARNING)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Listens to WeasyPrint from before the first fixture of a test here."""
    logging.getLogger("weasyprint").addHandler(_COMPLAINTS)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Tests elsewhere may make it complain."""
    logging.getLogger("weasyprint").removeHandler(_COMPLAINTS)
