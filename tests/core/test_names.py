"""Names that look the same are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.core.names import canonical_name, distinct_names

#: Letters that compose, blanks of all kinds, and what nobody sees.
_ODD = st.text(
    st.sampled_from(
        "aeÅA\u030a\u0301\u0323 \t\n\u00a0\u2009\u3000\u00ad\u200b\u200c\u200d\u034f\ufe0f\ufeffبی👩ᄀ\u1161"
    )
)
_NAMES = st.one_of(_ODD, st.text())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("A\u030ama\u030als bibliotek", "Åmåls bibliotek"),
        ("  läsning  nu\t", "läsning nu"),
        ("Folkets\u00a0Hus\r\ni Råå", "Folkets Hus i Råå"),
        ("Kul\u00adtur\u200bskolan\ufeff", "Kulturskolan"),
        ("\u200eFolkets Hus\u200f", "Folkets Hus"),
        ("E\u200d\u0301va", "Éva"),
        ("\u3164\u2800 \u00ad", ""),
        ("انجمن ایرانی\u200cها", "انجمن ایرانی\u200cها"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("Łódź, Øst & Co.", "Łódź, Øst & Co."),
    ],
)
def test_a_name_is_composed_with_single_blanks_and_nothing_invisible(given, kept):
    assert canonical_name(given) == kept


@given(_NAMES)
def test_a_canonical_name_stays_as_it_is(name):
    once = canonical_name(name)

    assert canonical_name(once) == once


@given(_NAMES, st.sampled_from(("NFC", "NFD")))
def test_names_that_are_canonically_equivalent_become_equal(name, form):
    assert canonical_name(unicodedata.normalize(form, name)) == canonical_name(name)


@given(_NAMES)
def test_a_canonical_name_has_no_blank_or_control_beside_the_single_blank(name):
    kept = canonical_name(name)

    assert kept == " ".join(kept.split())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (("läsning  nu", "läsning nu"), ("läsning nu (2)", "läsning nu")),
        (("a ", "a\u00ad", " a"), ("a", "a (2)", "a (3)")),
        (("a ", "a (2)", "a"), ("a (3)", "a (2)", "a")),
        (("x" * 200, "x" * 200 + " "), ("x" * 200, "x" * 196 + " (2)")),
        (("", "\u200b"), ("", "(2)")),
    ],
)
def test_of_names_that_become_equal_all_but_one_get_a_number(given, kept):
    assert distinct_names(given) == kept


@given(st.lists(_NAMES, unique=True))
def test_names_that_differ_still_differ_and_stay_once_they_are_distinct(names):
    kept = distinct_names(names)

    assert len(set(kept)) == len(names)
    assert distinct_names(kept) == kept
