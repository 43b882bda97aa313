"""What a library's entries amount to."""

from datetime import UTC, datetime

from assessor.core.library_profile import LibraryProfile, library_profile
from assessor.core.responses import Entry

AT = datetime(2026, 1, 1, tzinfo=UTC)


def entry(seq: int, kind: str, item: str, value: str) -> Entry:
    return Entry(seq=seq, kind=kind, item=item, value=value, at=AT)


def test_the_latest_of_a_kind_and_item_counts_whatever_order_the_entries_come_in():
    history = (
        entry(5, "figures", "", "yes"),
        entry(3, "goal", "g1", "All children read"),
        entry(1, "goal", "g1", "All read"),
        entry(4, "next", "", "2027-05"),
        entry(2, "goal", "g2", "All meet"),
    )
    profile = library_profile(history)

    assert profile == LibraryProfile(
        goals={"g1": "All children read", "g2": "All meet"}, next_month="2027-05", shares_figures=True
    )
    assert list(profile.goals) == ["g1", "g2"]


def test_an_empty_value_withdraws_what_was_said():
    history = (entry(1, "goal", "g1", "All read"), entry(2, "figures", "", "yes"))
    withdrawn = (*history, entry(3, "goal", "g1", ""), entry(4, "figures", "", ""))

    assert library_profile(withdrawn) == LibraryProfile()
