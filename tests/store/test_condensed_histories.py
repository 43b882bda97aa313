"""An assessment read with the first and the latest entry of each kind and item: the same state, at a constant size."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment
from assessor.store import Store

KEPT = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["response", "note", "gut", "wanted", "gains"]),
        st.sampled_from(["", "a", "b", "Ö", "~", "ab"]),
        st.sampled_from(["", "x", "y"]),
    ),
    max_size=40,
)


def state(assessment: Assessment) -> Assessment:
    return replace(assessment, history=())


def ends(assessment: Assessment) -> tuple:
    """The first and the latest entry of each kind and item, in the order given."""
    of = [(entry.kind, entry.item) for entry in assessment.history]
    last = len(of) - 1
    kept = {of.index(each) for each in of} | {last - of[::-1].index(each) for each in of}
    return tuple(assessment.history[at] for at in sorted(kept))


@KEPT
@given(entries=ENTRIES, others=ENTRIES)
def test_it_is_in_the_same_state_and_keeps_both_ends_of_everything_given(
    store: Store, instrument: Instrument, entries, others
):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen").id
    mine, other = (store.begin_assessment(collaboration, instrument, "{}", respondent="A") for _each in range(2))
    with store.transaction():
        for id_, what in ((mine, entries), (other, others)):
            for kind, item, value in what:
                store.record_entry(id_, kind, item, value)
    full, condensed = store.assessment(mine), store.assessment(mine, condensed=True)
    both = store.assessments_by_respondent("A", condensed=True)
    store.erase_assessment(mine)
    store.erase_assessment(other)

    assert state(condensed) == state(full)
    assert condensed.history == ends(full)
    assert [each.history for each in both if each.id == mine] == [condensed.history]


def test_a_note_that_was_rewritten_a_thousand_times_is_read_as_two_entries(store: Store, instrument: Instrument):
    id_ = store.begin_assessment(store.add_collaboration("Provbiblioteket", "A").id, instrument, "{}")
    with store.transaction():
        for at in range(1_000):
            store.record_entry(id_, "note", "a", f"Thought {at}")
    condensed = store.assessment(id_, condensed=True)

    assert [entry.value for entry in condensed.history] == ["Thought 0", "Thought 999"]
    assert condensed.notes == {"a": "Thought 999"}
