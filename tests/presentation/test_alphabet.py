"""Names stand in the alphabet of the reader's language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.language import LANGUAGES
from assessor.presentation.alphabet import alphabetical_key, in_alphabetical_order

NAMES = ("Östersjön", "Éva", "aabenraa", "Zeta", "Ärla", "zebra", "Øst", "Åsa", "Ægir", "Wik", "Esbo", "Ülla", "7 sal")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", "7 sal, aabenraa, Esbo, Éva, Wik, Ülla, zebra, Zeta, Åsa, Ægir, Ärla, Øst, Östersjön"),
        ("sv_FI", "7 sal, aabenraa, Esbo, Éva, Wik, Ülla, zebra, Zeta, Åsa, Ægir, Ärla, Øst, Östersjön"),
        ("fi", "7 sal, aabenraa, Esbo, Éva, Wik, Ülla, zebra, Zeta, Åsa, Ægir, Ärla, Øst, Östersjön"),
        ("da", "7 sal, Esbo, Éva, Wik, Ülla, zebra, Zeta, Ægir, Ärla, Øst, Östersjön, aabenraa, Åsa"),
        ("nb", "7 sal, Esbo, Éva, Wik, Ülla, zebra, Zeta, Ægir, Ärla, Øst, Östersjön, aabenraa, Åsa"),
        ("en", "7 sal, aabenraa, Ægir, Ärla, Åsa, Esbo, Éva, Øst, Östersjön, Ülla, Wik, zebra, Zeta"),
    ],
)
def test_names_are_in_the_alphabet_of_the_language(language, told):
    assert ", ".join(in_alphabetical_order(NAMES, language, str)) == told


def test_a_shorter_name_and_the_plain_letter_come_first():
    names = ("Skolans vänner", "skola", "Skola", "Skola-bio", "Skola 10", "Skóla", "Skola bio")

    assert in_alphabetical_order(names, "sv", str) == (
        "Skola",
        "skola",
        "Skóla",
        "Skola 10",
        "Skola bio",
        "Skola-bio",
        "Skolans vänner",
    )


@given(st.lists(st.text(max_size=8)), st.sampled_from(LANGUAGES))
def test_the_order_is_the_same_whatever_order_names_come_in(names, language):
    assert in_alphabetical_order(names, language, str) == in_alphabetical_order(reversed(names), language, str)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_parted_letters_stand_where_composed_ones_do(name, language):
    parted, composed = (unicodedata.normalize(form, name) for form in ("NFD", "NFC"))

    assert alphabetical_key(parted, language)[:2] == alphabetical_key(composed, language)[:2]
