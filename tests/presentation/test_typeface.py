"""Letters in documents: ours, those of the fallback, and what neither has."""

import pytest

from assessor.presentation.typeface import displayable_text, font_face, unshown_characters


@pytest.mark.parametrize(
    "text",
    [
        "Nuõrttsää'm Ǩǩ Ǧǧ Ǥǥ Ʒʒ Ǯǯ ʹ ʼ",  # Skolt Sámi
        "Thư viện Việt ễ ị",
        "مرحبا",
        "שלום",
        "✔ ☑ ⅓ ⁶ ﬁ",
        "ĸalaallisut Þórður Łódź Ελλάδα Україна",
    ],
)
def test_letters_that_our_readers_write_are_shown(text):
    assert displayable_text(text) == text


def test_a_bullet_of_words_is_a_bullet():
    assert displayable_text("\uf0b7 one \uf0a7 two") == "• one ▪ two"


def test_what_no_face_has_stands_as_a_sign_and_is_remembered():
    assert displayable_text("中 A ไ") == "□ A □"
    assert {"中", "ไ"} <= set(unshown_characters())


def test_a_letter_of_the_other_face_is_as_wide_as_there():
    assert font_face().width("aǨ", 10) > font_face().width("a", 10) + 4
