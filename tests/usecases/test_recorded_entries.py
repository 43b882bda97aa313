"""What a use case returns after something was given is what the store has, whether or not it was read again."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor.bank import open_bank
from assessor.store import Store
from assessor.usecases.assessments import GUT, WANTED, Assessments

#: Something given by this person or, unseen by them, by somebody else; a few keys, so that some are sent again.
GIVEN = st.tuples(
    st.sampled_from(
        [
            ("creation", "joint"),
            ("creation", "parallel"),
            (GUT, "network"),
            (WANTED, "service"),
            ("", "a note"),
            ("", ""),
        ]
    ),
    st.booleans(),
    st.integers(0, 9),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GIVEN, max_size=8))
def test_what_was_given_stands_as_it_is_read(tmp_path_factory, given):
    bank = open_bank("dokk1")
    with Store.open(tmp_path_factory.mktemp("store") / "assessor.db", create=True) as store:
        store.add_library("Library")
        assessments = Assessments(store, "Library", bank)
        loaded = assessments.begin(store.add_collaboration("Library", "School"))
        for (step, value), unseen, number in given:
            key = f"{step}-{value}-{number}"
            if unseen:
                store.record_entry(loaded.assessment.id, "note", "creation", f"{number}", key=f"unseen-{number}")
            loaded = (
                assessments.respond(loaded, step, value, key)
                if step
                else assessments.record_note(loaded, "", value, key)
            )

            assert loaded.assessment == store.assessment(loaded.assessment.id)
