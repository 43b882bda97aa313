"""Names of files: whose, what in the document's language, and the day, which stays whole in the longest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor.output_files import MOST_CHARACTERS, safe_file_name
from assessor.usecases.document_names import document_name, document_word

DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    ("what", "names", "expected"),
    [
        ("form", ("Example Library",), "Example Library form 2026-11-12"),
        ("poster", ("",), "poster 2026-11-12"),
        ("Letter of intent", ("Example Library", "Choir"), "Example Library Choir Letter of intent 2026-11-12"),
        ("report", ("L" * 90, "Choir"), "L" * 46 + " Choir report 2026-11-12"),
    ],
)
def test_a_name_says_whose_what_and_when(what: str, names: tuple[str, ...], expected: str) -> None:
    assert document_name(what, DAY, *names) == expected


@given(st.lists(st.text(max_size=120), max_size=3))
def test_the_day_is_never_cut_off(names: list[str]) -> None:
    name = document_name("report", DAY, *names)

    assert name.endswith("report 2026-11-12")
    assert len(name) + len(" 99.docx") <= MOST_CHARACTERS
    assert "2026-11-12.pdf" in safe_file_name(name, ".pdf")


def test_every_kind_has_a_word_in_english() -> None:
    assert document_word("wall", "en") == "wall sheet"
