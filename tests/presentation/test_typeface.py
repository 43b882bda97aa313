"""Letters in documents: ours, those of the fallback, and what neither has."""

import pytest

from assessor.presentation.typeface import displayable_text, font_face, lacking_characters


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


def test_letters_that_no_face_of_ours_has_stay_for_other_fonts_and_a_private_one_is_a_box():
    assert displayable_text("中 ก็ 🦕 \ue000\u0301") == "中 ก็ 🦕 □"
    assert lacking_characters("中 A ก็ 😀 Ǩ \u200b") == ("ก", "็", "中")


def test_a_letter_that_no_face_of_ours_has_is_as_wide_as_its_script():
    assert [round(font_face().width(text, 10), 1) for text in ("中", "ก", "ก็")] == [10, 7.7, 7.7]


def test_a_letter_of_the_other_face_is_as_wide_as_there():
    assert font_face().width("aǨ", 10) > font_face().width("a", 10) + 4
