"""Which characters are unfit."""

import pytest

from assessor.core.text_limits import unfit_characters


@pytest.mark.parametrize("harmful", ["\x00", "\x0b", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_a_file_cannot_hold_is_unfit(harmful):
    assert unfit_characters(f"a{harmful}b{harmful}") == harmful


def test_lines_tabs_emoji_and_right_to_left_are_fit():
    assert unfit_characters("\ta\r\nb 👩‍👩‍👧 \u202eשלום é e\u0301") == ""
