"""Lines fitted to a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.terminal.face import Line
from assessor.terminal.text_layout import columns, heard, parted, shown, wrapped


def test_words_wrap_beneath_the_lead():
    assert wrapped(Line("one two three four", lead="  • "), 15) == ["  • one two", "    three four"]


def test_a_word_longer_than_the_row_is_cut_where_the_row_ends():
    assert wrapped(Line("abcdefghijklmnop"), 10) == ["abcdefghij", "klmnop"]


def test_wide_letters_take_two_columns_and_combining_ones_none():
    assert [columns("ab"), columns("図書"), columns("e\u0301")] == [2, 4, 1]


def test_line_breaks_in_a_text_are_blanks():
    assert wrapped(Line("a\n  b\tc\r\n"), 20) == ["a b c"]


def test_an_empty_line_is_one_empty_row():
    assert wrapped(Line(), 20) == [""]


@given(st.text(), st.integers(12, 100))
def test_no_row_is_wider_than_the_window(text: str, width: int):
    rows = wrapped(Line(text, lead="  "), width)

    assert all(columns(row) <= width for row in rows)


@given(st.text(alphabet="\x00\x07\x1b\x9b\x85\u202e\u2066\ud800ab å", max_size=30))
def test_nothing_that_acts_comes_through(text: str):
    screen = "\n".join(wrapped(Line(text, lead="› "), 40))

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
    assert shown("Nivå ✓ → ●", encoding) == expected


@given(st.text(), st.sampled_from(["ascii", "cp1252", "cp437", "utf-8"]))
def test_what_is_shown_can_always_be_encoded(text: str, encoding: str):
    assert shown(text, encoding).encode(encoding).decode(encoding) == shown(text, encoding)


@pytest.mark.parametrize("raw", ["Blåbär".encode(), "Blåbär".encode("cp1252")])
def test_typed_bytes_that_the_locale_cannot_read_become_letters(raw: bytes):
    assert heard(raw.decode("ascii", "surrogateescape")) == "Blåbär"


def test_an_empty_line_begins_a_part():
    a, b, c, empty = Line("a"), Line("b"), Line("c"), Line()

    assert list(parted([a, empty, b, c, empty])) == [[a], [empty, b, c], [empty]]
