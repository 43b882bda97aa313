"""What every store keeps of a workshop, and what it forgets."""

# ruff: noqa: S106 - these tokens open nothing but the test's own rooms

import pytest
from store_values import canaries

from assessor.store import Store
from assessor.store.errors import KeyReused, NotInStore, UnknownKind
from assessor.store.workshop_store import own_library_name

SNAPSHOT = '{"items": ["creation", "payment"]}'
CANARY = "KANARIEFAGEL"


@pytest.fixture
def workshops(store):
    store.add_library("Provbiblioteket")
    return store.workshops


@pytest.fixture
def opened(workshops):
    return workshops.add("Provbiblioteket", "Höstdagen", "ABC2345", "digest-of-the-secret")


def joined(workshops, opened, name="", *, side="us", token="", key="k"):
    return workshops.join(opened.id, name=name, side=side, language="sv", token=token, key=key)


def test_a_workshop_is_found_by_its_id_its_code_and_its_secrets_digest(workshops, opened):
    assert (opened.library, opened.name, opened.code, opened.closed) == (
        "Provbiblioteket",
        "Höstdagen",
        "ABC2345",
        None,
    )
    assert (
        workshops.get(opened.id)
        == workshops.find_by_code("ABC2345")
        == workshops.find_by_secret("digest-of-the-secret")
    )
    assert (workshops.find_by_code("OTHER23"), workshops.find_by_secret("other"), workshops.find_by_secret("")) == (
        None,
        None,
        None,
    )


def test_workshops_come_in_the_order_they_were_opened(workshops, opened):
    second = workshops.add("Provbiblioteket", "Vårdagen", "XYZ2345", "other")

    assert workshops.all() == (opened, second)


def test_a_workshop_of_no_library_and_one_that_is_not_kept_are_told_by_name(workshops):
    with pytest.raises(NotInStore) as refused:
        workshops.add("Ett annat", "Dagen", "ABC2345", "x")
    assert refused.value.facts == {"name": "Ett annat"}
    for ask in (workshops.get, workshops.respondent):
        with pytest.raises(NotInStore):
            ask("nothing")
    with pytest.raises(NotInStore):
        workshops.record_act("nothing", "locked", "", "", "yes", key="k")


def test_everything_done_is_there_when_opened_again(open_store):
    first = open_store()
    first.add_library("Provbiblioteket")
    opened = first.workshops.add("Provbiblioteket", "Höstdagen", "ABC2345", "s")
    first.workshops.record_act(opened.id, "listed", "c1", "", "yes", key="a")
    person = joined(first.workshops, opened, "Ett namn")
    first.close()

    again = open_store().workshops
    assert again.get(opened.id).listed == ("c1",)
    assert again.respondents(opened.id) == (person,)


def test_an_act_with_a_known_key_gives_back_what_was_first_kept_under_it(workshops, opened):
    first = workshops.record_act(opened.id, "stage", "", "a", "talk", key="k")

    assert workshops.record_act(opened.id, "stage", "", "a", "steps", key="k") == first
    assert workshops.get(opened.id).stage == "talk"
    assert workshops.record_act(opened.id, "stage", "", "a", "steps", key="l").seq == first.seq + 1


def test_a_key_serves_one_act_about_one_thing_and_no_other(workshops, opened):
    workshops.record_act(opened.id, "case", "person", "club", "network", key="k")

    for kind, subject, item in (("stage", "person", "club"), ("case", "other", "club"), ("case", "person", "choir")):
        with pytest.raises(KeyReused, match="so it was not saved"):
            workshops.record_act(opened.id, kind, subject, item, "network", key="k")
    assert workshops.get(opened.id).cases == {"club": {"person": "network"}}


def test_a_key_lets_in_one_person_on_one_side_with_or_without_a_phone(workshops, opened):
    phone = joined(workshops, opened, token="t", key="k")
    paper = joined(workshops, opened, key="p")

    for side, token, key in (("them", "u", "k"), ("us", "", "k"), ("us", "u", "p")):
        with pytest.raises(KeyReused):
            joined(workshops, opened, side=side, token=token, key=key)
    assert workshops.respondent_by_token("t") == phone
    assert workshops.paper_respondent_ids(opened.id) == {paper.id}


def test_what_may_end_a_respondents_part_is_told_by_its_latest_act(workshops, opened):
    asked = {"respondent": "a", "case": "club"}
    assert workshops.ending_acts(opened.id, **asked) == frozenset()
    for number, (kind, subject, value) in enumerate(
        (("removed", "b", "yes"), ("revealed", "choir", "x"), ("removed", "a", "yes"), ("closed", "", "yes"))
    ):
        workshops.record_act(opened.id, kind, subject, "", value, key=f"{number}")

    assert workshops.ending_acts(opened.id, **asked) == {"removed", "closed"}
    workshops.record_act(opened.id, "closed", "", "", "", key="again")
    workshops.record_act(opened.id, "revealed", "club", "", "x", key="shown")
    assert workshops.ending_acts(opened.id, **asked) == {"removed", "revealed"}
    assert workshops.ending_acts(opened.id) == frozenset()


def test_a_secret_and_a_link_are_spent_by_whoever_is_first(workshops, opened):
    person = joined(workshops, opened, token="t1")
    workshops.set_link(person.id, "link")

    assert workshops.spend_secret("digest-of-the-secret", "new") == opened
    assert workshops.spend_secret("digest-of-the-secret", "other") is None
    assert workshops.spend_secret("digest-of-the-secret", "new") == opened, "the same once more"
    assert (workshops.spend_secret("", "empty"), workshops.find_by_secret("new")) == (None, opened)
    assert workshops.spend_link("link", "t2") == person
    assert workshops.spend_link("link", "t3") is None
    assert workshops.spend_link("link", "t2") == person
    assert (workshops.spend_link("", "t4"), workshops.respondent_by_token("t1")) == (None, None)


def test_one_key_serves_two_workshops_without_mixing_them(workshops, opened):
    other = workshops.add("Provbiblioteket", "Vårdagen", "XYZ2345", "t")
    workshops.record_act(opened.id, "locked", "", "", "yes", key="k")
    workshops.record_act(other.id, "stage", "", "", "steps", key="k")

    assert (workshops.get(opened.id).locked, workshops.get(other.id).locked) == (True, False)


def test_an_act_of_no_kind_is_refused(workshops, opened):
    with pytest.raises(UnknownKind):
        workshops.record_act(opened.id, "shouted", "", "", "yes", key="k")


def test_acts_number_from_one_without_a_gap(workshops, opened):
    numbers = [workshops.record_act(opened.id, "stage", "", "", "talk", key=str(n)).seq for n in range(4)]

    assert numbers == [1, 2, 3, 4]


def test_joining_twice_with_one_key_is_joining_once_and_the_token_before_is_dead(workshops, opened):
    first = joined(workshops, opened, "Ett namn", token="t1")
    second = joined(workshops, opened, "Ett namn", token="t2")

    assert first == second
    assert workshops.respondents(opened.id) == (first,)
    assert (workshops.respondent_by_token("t1"), workshops.respondent_by_token("t2")) == (None, first)


def test_no_token_and_no_link_open_nothing(workshops, opened):
    person = joined(workshops, opened, token="")
    workshops.set_link(person.id, "")

    assert (workshops.respondent_by_token(""), workshops.respondent_by_link("")) == (None, None)


def test_a_link_gives_a_new_token_and_neither_it_nor_the_old_token_opens_again(workshops, opened):
    person = joined(workshops, opened, token="t1")
    workshops.set_link(person.id, "l")
    assert workshops.respondent_by_link("l") == person
    workshops.set_token(person.id, "t2")

    assert (
        workshops.respondent_by_link("l"),
        workshops.respondent_by_token("t1"),
        workshops.respondent_by_token("t2"),
    ) == (None, None, person)


def test_a_language_changes_and_the_order_of_joining_stays(workshops, opened):
    first, second = joined(workshops, opened, "A", key="1"), joined(workshops, opened, "B", side="them", key="2")
    workshops.set_language(first.id, "fi")

    told = [(each.name, each.language, each.side) for each in workshops.respondents(opened.id)]
    assert told == [("A", "fi", "us"), ("B", "sv", "them")]
    assert workshops.respondents(opened.id)[1] == second


def test_only_the_last_link_to_the_other_party_opens(workshops, opened):
    workshops.record_act(opened.id, "invited", "c1", "", "one", key="1")
    workshops.record_act(opened.id, "invited", "c1", "", "two", key="2")

    assert workshops.find_invitation("one") is None, "an earlier link opens nothing any more"
    assert workshops.find_invitation("two") == (workshops.get(opened.id), "c1")
    workshops.record_act(opened.id, "invited", "c1", "", "", key="3")
    assert workshops.find_invitation("two") is None, "withdrawn"
    assert workshops.find_invitation("") is None


def gave(store, instrument, respondent, collaboration, note="ord"):
    id_ = store.begin_assessment(collaboration.id, instrument, SNAPSHOT, respondent=respondent.id)
    store.record_entry(id_, "response", "creation", "joint")
    store.record_entry(id_, "note", "creation", note)
    return id_


@pytest.fixture
def room(store, opened, instrument):
    """A room of two, one collaboration of the library's, one brought along, and the library's own assessment."""
    listed = store.add_collaboration("Provbiblioteket", "Parten", "Läsning")
    people = [joined(store.workshops, opened, f"P{n}", key=str(n)) for n in range(2)]
    theirs = [gave(store, instrument, person, listed) for person in people]
    brought = store.add_collaboration(own_library_name(people[0].id), "Kören", "")
    own = gave(store, instrument, people[0], brought)
    agreed = store.begin_assessment(listed.id, instrument, SNAPSHOT)
    store.record_entry(agreed, "response", "creation", "parallel")
    store.workshops.record_act(opened.id, "agreed", listed.id, "", agreed, key="agreed")
    return {"workshop": opened, "people": people, "listed": listed, "theirs": theirs, "own": own, "agreed": agreed}


def test_what_raters_gave_is_in_none_of_the_librarys_lists(store, room):
    assert store.libraries() == ("Provbiblioteket",)
    assert [each.id for each in store.assessments()] == [room["agreed"]]
    assert [each.id for each in store.assessments(library="Provbiblioteket")] == [room["agreed"]]
    assert [each.id for each in store.assessments(room["listed"].id)] == [room["agreed"]]
    assert {each.id for each in store.assessments_in_workshop(room["workshop"].id)} == {*room["theirs"], room["own"]}
    assert [each.id for each in store.assessments_by_respondent(room["people"][1].id)] == [room["theirs"][1]]


def test_progress_counts_what_was_given_without_reading_it(store, room):
    told = store.workshops.entry_counts(room["workshop"].id)

    assert [(who, count) for _id, _of, who, count in told] == [
        (room["people"][0].id, 2),
        (room["people"][1].id, 2),
        (room["people"][0].id, 2),
    ]


def test_raw_responses_go_and_what_the_room_agreed_on_stays(store, room):
    assert store.erase_all_respondents(room["workshop"].id).count == 3

    assert store.workshops.respondents(room["workshop"].id) == ()
    assert store.assessments_in_workshop(room["workshop"].id) == ()
    assert store.assessment(room["agreed"]).responses == {"creation": "parallel"}
    assert store.workshops.get(room["workshop"].id).agreed == {room["listed"].id: room["agreed"]}
    assert store.erase_all_respondents(room["workshop"].id).count == 0


def test_an_erased_workshop_takes_what_was_agreed_on_in_it_and_leaves_the_collaborations(store, room):
    assert store.erase_workshop(room["workshop"].id).count == 4

    assert store.workshops.all() == ()
    assert store.assessments() == ()
    assert store.collaborations("Provbiblioteket") == (room["listed"],)
    assert store.erase_workshop(room["workshop"].id).count == 0


def test_a_library_that_is_erased_takes_its_workshops_along(store, room):
    store.erase_library("Provbiblioteket")

    assert (store.workshops.all(), store.libraries(), store.assessments_in_workshop(room["workshop"].id)) == (
        (),
        (),
        (),
    )


def test_an_erased_collaboration_is_listed_and_agreed_on_no_more(store, room):
    store.workshops.record_act(room["workshop"].id, "listed", room["listed"].id, "", "yes", key="listed")
    store.erase_collaboration(room["listed"].id)

    now = store.workshops.get(room["workshop"].id)
    assert (now.listed, now.agreed) == ((), {})


def fill(store, instrument):
    """A room with the canary in everything that anybody said."""
    store.add_library("Provbiblioteket")
    kept = store.workshops
    opened = kept.add("Provbiblioteket", f"Dagen {CANARY}", "ABC2345", f"secret-{CANARY}")
    listed = store.add_collaboration("Provbiblioteket", "Parten", "Läsning")
    for n in range(30):
        person = joined(kept, opened, f"{CANARY} {n}", token=f"token-{CANARY}{n}", key=f"{CANARY}{n}")
        kept.set_link(person.id, f"link-{CANARY}{n}")
        gave(store, instrument, person, listed, f"{n} {CANARY} " + "ord " * (n * 20))
        brought = store.add_collaboration(own_library_name(person.id), f"{CANARY} {n}", f"{CANARY}")
        gave(store, instrument, person, brought, CANARY)
        kept.record_act(opened.id, "case", person.id, "club", f"network-{CANARY}", key=f"case{CANARY}{n}")
    kept.record_act(opened.id, "dissent", listed.id, "d", f"Nej, {CANARY}", key=f"d{CANARY}")
    kept.record_act(opened.id, "step", listed.id, "s.what", f"Ring {CANARY}", key=f"s{CANARY}")
    return opened


@pytest.mark.parametrize("how", ["workshop", "library"])
def test_nothing_of_an_erased_workshop_is_left_in_any_file(kept, path, instrument, tmp_path, how):
    opened = fill(kept, instrument)
    assert canaries(path.parent, CANARY)
    kept.erase_workshop(opened.id) if how == "workshop" else kept.erase_library("Provbiblioteket")

    assert canaries(tmp_path, CANARY) == []


def test_nothing_that_anybody_gave_is_left_when_raw_responses_expire(kept, path, instrument, tmp_path):
    opened = fill(kept, instrument)
    kept.erase_all_respondents(opened.id)
    left = kept.workshops.get(opened.id)

    assert (left.dissents, left.cases) == ({left.steps[0].collaboration: (f"Nej, {CANARY}",)}, {})
    kept.erase_workshop(opened.id)
    assert canaries(tmp_path, CANARY) == []


def test_a_backup_that_still_holds_an_erased_workshop_is_listed(kept, path, instrument):
    opened = fill(kept, instrument)
    holding = kept.backup()

    assert [each.path for each in kept.erase_workshop(opened.id).backups] == [holding]


def test_equal_rooms_have_equal_content(open_store, store, room):
    before = store.content_hash()
    store.workshops.record_act(room["workshop"].id, "locked", "", "", "yes", key="once")
    changed = store.content_hash()
    store.workshops.record_act(room["workshop"].id, "locked", "", "", "yes", key="once")

    assert before != changed
    assert store.content_hash() == changed
    assert isinstance(store, Store)
