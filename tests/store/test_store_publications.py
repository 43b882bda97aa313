"""What is told of many libraries together: kept as it was first kept, on every kind of store."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.nation import CountedThisQuarter, Nation


def test_a_text_is_kept_as_it_was_first_kept(store):
    store.publications.add("b", "long " * 20_000, ["library1", "library2"])
    store.publications.add("a", "å\n", ["library1"])
    store.publications.add("b", "another", [])

    assert store.publications.ids() == ("a", "b")
    assert [store.publications.get(each) for each in "abc"] == ["å\n", "long " * 20_000, None]
    assert [store.publications.was_added(each) for each in "abc"] == [True, True, False]
    assert store.publications.counted_among("abc", ["library1", "library2", "library3"]) == {
        "a": {"library1"},
        "b": {"library1", "library2"},
    }


def test_libraries_that_share_are_those_whose_last_word_is_yes(store):
    for name, words in [("A", ["yes"]), ("B", ["yes", ""]), ("C", ["", "yes"]), ("D", [])]:
        store.add_library(name)
        for number, word in enumerate(words):
            store.profiles.record_entry(name, "figures", "", word, key=f"k{number}")

    assert [name for _id, name in store.profiles.sharing()] == ["A", "C"]
    store.erase_library("C")
    assert [name for _id, name in store.profiles.sharing()] == ["A"]


def test_the_latest_responses_are_those_of_the_last_assessment_that_has_any(store, instrument):
    collaboration = store.add_collaboration("A", "Party").id
    store.add_collaboration("A", "Unanswered")
    first, second, _empty = (store.begin_assessment(collaboration, instrument, "{}") for _ in range(3))
    for assessment, option in [(second, "ready"), (second, "joint"), (first, "ready")]:
        store.record_entry(assessment, "response", "creation", option)
    (latest,) = store.latest_responses()
    ((library, _name),) = store.members.libraries()

    assert (latest.library, latest.assessment, latest.responses) == (library, second, {"creation": "joint"})
    assert (latest.instrument, latest.digest) == ("demo", "abc")
    assert store.collaboration_counts() == {library: 2}


def test_of_two_who_draw_at_once_on_a_server_one_does_and_the_other_is_told(cluster, database):
    bank, ready = open_bank("dokk1"), Barrier(2)
    with Store.open(cluster.url(database)) as store:
        for number in range(6):
            store.add_library(f"Library {number}")
            Nation(store, bank).choose_sharing(f"Library {number}", share=True, key="yes")

    def draw(_number: int) -> str:
        with Store.open(cluster.url(database)) as store:
            ready.wait()
            try:
                return Nation(store, bank).draw_snapshot().quarter
            except CountedThisQuarter:
                return "told"

    with ThreadPoolExecutor(2) as both:
        done = sorted(both.map(draw, range(2)))
    with Store.open(cluster.url(database)) as store:
        (quarter,) = Nation(store, bank).quarters()

    assert done == [quarter, "told"]
