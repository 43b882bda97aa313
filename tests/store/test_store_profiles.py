"""What a library says of itself: kept on every kind of store, gone with the library."""

from datetime import UTC, datetime

import pytest

from assessor.core.library_profile import MAX_LOGO_BYTES, LibraryProfile, Logo
from assessor.core.responses import Entry
from assessor.store.errors import NotInStore, TextTooLong, UnknownKind

LIBRARY = "Provbiblioteket"


@pytest.fixture
def profiles(store):
    store.add_library(LIBRARY)
    return store.profiles


def test_goals_keep_their_order_when_one_is_worded_anew_and_one_is_taken_out(profiles):
    for goal, text in [("g1", "Alla läser"), ("g2", "Alla möts"), ("g3", "Fel"), ("g1", "Alla barn läser"), ("g3", "")]:
        profiles.record_entry(LIBRARY, "goal", goal, text)

    assert profiles.get(LIBRARY).goals == {"g1": "Alla barn läser", "g2": "Alla möts"}
    assert list(profiles.get(LIBRARY).goals) == ["g1", "g2"]


def test_each_entry_names_the_one_that_it_replaces_and_who_gave_it(profiles):
    first = profiles.record_entry(LIBRARY, "goal", "g1", "a", key="k1")
    profiles.record_entry(LIBRARY, "goal", "g2", "b", key="k2")
    third = profiles.record_entry(LIBRARY, "goal", "g1", "c", key="k3", who="member0001")

    assert profiles.history(LIBRARY)[::2] == (first, third)
    assert (first.replaces, third.replaces, third.who) == ((), ("k1",), "member0001")


def test_the_same_key_again_is_the_same_entry(profiles):
    once = profiles.record_entry(LIBRARY, "next", "", "2027-05", key="k")

    assert profiles.record_entry(LIBRARY, "next", "", "2028-05", key="k") == once
    assert profiles.get(LIBRARY) == LibraryProfile(next_month="2027-05")


def test_a_logo_is_kept_byte_for_byte_in_place_of_the_one_before(profiles):
    at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    profiles.set_logo(LIBRARY, "image/svg+xml", b"<svg/>")
    profiles.set_logo(LIBRARY, "image/png", bytes(range(256)), at=at)

    assert profiles.get(LIBRARY).logo == Logo(media="image/png", content=bytes(range(256)), at=at)
    profiles.remove_logo(LIBRARY)
    assert profiles.logo(LIBRARY) is None


def test_what_cannot_be_kept_is_refused(profiles):
    with pytest.raises(TextTooLong):
        profiles.set_logo(LIBRARY, "image/png", b"x" * (MAX_LOGO_BYTES + 1))
    with pytest.raises(UnknownKind):
        profiles.record_entry(LIBRARY, "gaol", "g1", "x")
    with pytest.raises(NotInStore):
        profiles.record_entry("Another", "goal", "g1", "x")


def test_a_profile_from_elsewhere_adds_what_is_missing_and_nothing_twice(profiles):
    at = datetime(2026, 11, 27, 12, tzinfo=UTC)
    here = profiles.record_entry(LIBRARY, "goal", "g1", "a", key="k1")
    there = Entry(seq=2, kind="goal", item="g1", value="b", at=at, key="k9", replaces=("k1",), who="m1")
    logo = Logo(media="image/png", content=b"x", at=at)
    for _ in range(2):
        profiles.import_profile(LIBRARY, (here, there), logo, {"m1": "Åsa"})

    assert profiles.history(LIBRARY) == (here, there)
    assert (profiles.logo(LIBRARY), profiles.members(LIBRARY)) == (logo, {"m1": "Åsa"})
    profiles.import_profile(
        LIBRARY, (), Logo(media="image/png", content=b"older", at=datetime(2020, 1, 1, tzinfo=UTC)), {}
    )
    assert profiles.logo(LIBRARY) == logo


def test_it_goes_with_its_library_and_leaves_the_others(store, profiles):
    store.add_library("En annan")
    for library in (LIBRARY, "En annan"):
        profiles.import_profile(
            library, (), Logo(media="image/png", content=b"x", at=datetime.now(UTC)), {library: "A"}
        )
        profiles.record_entry(library, "goal", "g1", library)
    store.erase_library(LIBRARY)

    assert (profiles.get(LIBRARY), profiles.members(LIBRARY)) == (LibraryProfile(), {})
    assert profiles.get("En annan").goals == {"g1": "En annan"}
    assert profiles.members("En annan") == {"En annan": "A"}


def test_an_entry_of_an_assessment_names_what_it_replaces_unless_told(store, instrument):
    begun = store.begin_assessment(store.add_collaboration(LIBRARY, "Parten").id, instrument, "text")
    store.record_entry(begun, "ends", "creation", "2027-06", key="k1")
    store.record_entry(begun, "note", "creation", "x", key="k2")
    store.record_entry(begun, "ends", "creation", "open", key="k3", who="m1")
    settling = store.record_entry(begun, "ends", "creation", "2028-01", key="k4", replaces=("k1", "k3"))

    assert [entry.replaces for entry in store.assessment(begun).history] == [(), (), ("k1",), ("k1", "k3")]
    assert store.assessment(begun).history[-1] == settling
    assert store.assessment(begun).ends == {"creation": "2028-01"}
