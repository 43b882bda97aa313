"""Which language is spoken, told by flag, by the system or by a browser, and what stands in for one that is lacking."""

from datetime import time

import pytest

from assessor.bank import open_bank
from assessor.language import (
    LANGUAGE_NAMES,
    LANGUAGES,
    choose_language,
    format_integer,
    format_share,
    format_time,
    is_language_known,
    language_tag,
    load_translations,
    supported_language,
)
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.reporting import library_report

#: The kinds of blank that stand in numbers.
BLANKS = dict.fromkeys(map(ord, "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"), " ")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ASSESSOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("fi_FI.UTF-8", "fi"),
        ("nb_NO", "nb"),
        ("no_NO", "nb"),
        ("nn", "nb"),
        ("nn-NO", "nb"),
        ("da_DK", "da"),
        ("sv_FI", "sv_FI"),
        ("sv_FI@euro", "sv_FI"),
        ("SV-fi", "sv_FI"),
        ("sv-Latn-FI", "sv_FI"),
        ("sv_SE", "sv"),
        ("en_GB.UTF-8", "en"),
        ("de_DE", None),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("svenska", None),
        ("", None),
    ],
)
def test_a_name_of_a_language_is_understood(wish, language):
    assert supported_language(wish) == language


def test_the_flag_stands_over_the_variable_and_the_variable_over_the_system(monkeypatch):
    monkeypatch.setenv("LANG", "da_DK.UTF-8")
    system = choose_language()
    monkeypatch.setenv("ASSESSOR_LANG", "fi_FI")

    assert (system, choose_language(), choose_language("no")) == ("da", "fi", "nb")


def test_where_nobody_says_which_it_is_english_and_the_person_is_asked(monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")

    assert (choose_language(), is_language_known(), is_language_known("nn")) == ("en", False, True)


def test_every_language_goes_by_its_own_name_and_a_tag_that_html_and_pdf_know():
    assert LANGUAGE_NAMES == {
        "sv": "Svenska",
        "sv_FI": "Svenska (Finland)",
        "fi": "Suomi",
        "da": "Dansk",
        "nb": "Norsk bokmål",
        "en": "English",
    }
    assert [language_tag(language) for language in LANGUAGES] == ["sv", "sv-FI", "fi", "da", "nb", "en"]


def test_a_variant_says_the_rest_as_its_base_and_what_nobody_has_said_is_told_in_english():
    pages, base = load_translations("sv_FI"), load_translations("sv")
    statement, other = "Accessibility statement", "Our collaborations"

    assert pages.gettext(statement).replace("\N{SOFT HYPHEN}", "") == "Tillgänglighetsutlåtande"
    assert base.gettext(statement).replace("\N{SOFT HYPHEN}", "") == "Tillgänglighetsredogörelse"
    assert pages.gettext(other) == base.gettext(other) == "Våra samarbeten"
    assert pages.gettext("Never said") == "Never said"
    assert load_translations("de").gettext("Back") == "Back"


@pytest.mark.parametrize(
    ("language", "number", "share", "hour"),
    [
        ("sv", "573 000", "12,346 %", "14:05"),
        ("sv_FI", "573 000", "12,346 %", "14.05"),
        ("fi", "573 000", "12,346 %", "14.05"),
        ("da", "573.000", "12,346 %", "14.05"),
        ("nb", "573 000", "12,346 %", "14:05"),
        ("en", "573,000", "12.346%", "14:05"),
    ],
)
def test_numbers_and_hours_are_written_as_the_language_does(language, number, share, hour):
    assert format_integer(573_000, language).translate(BLANKS) == number
    assert format_share(0.1234567, language).translate(BLANKS) == share
    assert format_time(time(14, 5), language) == hour


@pytest.fixture
def swedish_only(tmp_path, monkeypatch):
    """A bank of which only Swedish was written."""
    from assessor import resources

    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path / "home"))
    for name in ("instrument.yaml", "sv.yaml"):
        folder = tmp_path / "winwin"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes((resources.questions_folder() / "winwin" / name).read_bytes())
    return folder


def test_a_bank_without_the_language_is_asked_and_reported_in_the_one_it_has(swedish_only):
    bank = open_bank(swedish_only)
    with Store.open() as store:
        assessments = Assessments(store, store.add_library("Biblioteket"), bank)
        opened = assessments.begin(assessments.add_collaboration("Skolan", ""))
        told = library_report(store, "Biblioteket", bank, "fi").report

    assert opened.wording_in("fi") == opened.wording_in("sv")
    assert assessments.wording_in("da").language == "sv"
    assert (told.language, told.wording.language) == ("sv", "sv")


@pytest.mark.parametrize(
    ("listed", "locale", "spoken"),
    [
        ("fi:sv", "en_US.UTF-8", "fi"),
        ("de:sv", "en_US.UTF-8", "sv"),
        ("fi", "C.UTF-8", "en"),
        ("", "da_DK.UTF-8", "da"),
    ],
)
def test_the_languages_that_a_desktop_lists_stand_over_its_locale(monkeypatch, listed, locale, spoken):
    for name in ("ASSESSOR_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANGUAGE", listed)
    monkeypatch.setenv("LANG", locale)

    assert choose_language() == spoken
