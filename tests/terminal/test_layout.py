"""Lines fitted to a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.terminal.face import Paragraph
from assessor.terminal.text_layout import decode_typed, display_width, displayable_text, split_sections, wrap_paragraph


def test_words_wrap_beneath_the_lead():
    assert wrap_paragraph(Paragraph("one two three four", prefix="  • "), 15) == ["  • one two", "    three four"]


def test_a_word_longer_than_the_row_is_cut_where_the_row_ends():
    assert wrap_paragraph(Paragraph("abcdefghijklmnop"), 10) == ["abcdefghij", "klmnop"]


def test_wide_letters_take_two_columns_and_combining_ones_none():
    assert [display_width("ab"), display_width("図書"), display_width("e\u0301")] == [2, 4, 1]


def test_line_breaks_in_a_text_are_blanks():
    assert wrap_paragraph(Paragraph("a\n  b\tc\r\n"), 20) == ["a b c"]


def test_an_empty_line_is_one_empty_row():
    assert wrap_paragraph(Paragraph(), 20) == [""]


@given(st.text(), st.integers(12, 100))
def test_no_row_is_wider_than_the_window(text: str, width: int):
    rows = wrap_paragraph(Paragraph(text, prefix="  "), width)

    assert all(display_width(row) <= width for row in rows)


@given(st.text(alphabet="\x00\x07\x1b\x9b\x85\u202e\u2066\ud800ab å", max_size=30))
def test_nothing_that_acts_comes_through(text: str):
    screen = "\n".join(wrap_paragraph(Paragraph(text, prefix="› "), 40))

    assert not set(screen) & set("\x00\x07\x1b\x9b\x85\u202e\u2066\ud800")


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "Nivå ✓ → ●"),
        ("cp1252", "Nivå + -> *"),
        ("ascii", "Niva + -> *"),
    ],
)
def test_letters_that_a_terminal_lacks_are_written_otherwise(encoding: str, expected: str):
    assert displayable_text("Nivå ✓ → ●", encoding) == expected


@given(st.text(), st.sampled_from(["ascii", "cp1252", "cp437", "utf-8"]))
def test_what_is_shown_can_always_be_encoded(text: str, encoding: str):
    assert displayable_text(text, encoding).encode(encoding).decode(encoding) == displayable_text(text, encoding)


@pytest.mark.parametrize("raw", ["Blåbär".encode(), "Blåbär".encode("cp1252")])
def test_typed_bytes_that_the_locale_cannot_read_become_letters(raw: bytes):
    assert decode_typed(raw.decode("ascii", "surrogateescape")) == "Blåbär"


def test_an_empty_line_begins_a_part():
    a, b, c, empty = Paragraph("a"), Paragraph("b"), Paragraph("c"), Paragraph()

    assert list(split_sections([a, empty, b, c, empty])) == [[a], [empty, b, c], [empty]]
