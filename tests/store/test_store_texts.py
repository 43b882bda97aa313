"""Which text is refused before it is kept, and that all other text comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.store import storable_text
from assessor.store.errors import BadCharacter, NameEmpty, TextTooLong


@pytest.mark.parametrize("code", [0xD800, 0xDFFF, 0x00, 0x0B, 0x1B, 0xFFFE, 0xFFFF])
def test_a_character_that_no_export_holds_is_refused_by_name_and_place(code):
    for kept in (storable_text.validate_text, storable_text.normalize_name, storable_text.normalize_optional_name):
        with pytest.raises(BadCharacter) as caught:
            kept(f"ab{chr(code)}c")
        assert str(caught.value) == (
            f"The text has the character U+{code:04X} at position 3, which no export can hold; remove it"
        )


def test_a_note_keeps_its_lines_and_a_name_stands_on_one():
    assert storable_text.validate_text("ett\r\n\ttvå") == "ett\r\n\ttvå"
    assert storable_text.normalize_name("ett\r\n\ttvå") == "ett två"


def test_a_note_of_4000_characters_is_kept_and_one_more_is_refused():
    assert storable_text.validate_text("å" * 4000) == "å" * 4000
    with pytest.raises(TextTooLong, match="4001 characters and at most 4000"):
        storable_text.validate_text("å" * 4001)


def test_a_name_of_200_characters_is_kept_and_one_more_is_refused():
    assert storable_text.normalize_name("å" * 200) == "å" * 200
    with pytest.raises(TextTooLong):
        storable_text.normalize_name("å" * 201)


@pytest.mark.parametrize("empty", ["", "  ", "\u00a0", "\n", "\u00ad\u200b"])
def test_a_name_needs_a_visible_character(empty):
    with pytest.raises(NameEmpty):
        storable_text.normalize_name(empty)
    assert storable_text.normalize_optional_name(empty) == ""


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_every_text_is_given_back_as_it_was_or_refused(given_):
    try:
        kept = storable_text.validate_text(given_)
    except BadCharacter:
        assert any(char < " " or char in "\ufffe\uffff" for char in given_)
    else:
        assert kept == given_
        assert kept.encode().decode() == given_


@given(st.text(max_size=50))
def test_a_name_once_kept_is_kept_the_same_again(given_):
    try:
        kept = storable_text.normalize_name(given_)
    except (BadCharacter, NameEmpty):
        return
    assert storable_text.normalize_name(kept) == kept
