"""What every store promises, whether it is a file or stands behind a URL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assessor.core.instrument import Instrument
from assessor.core.responses import Assessment, Collaboration
from assessor.store import Store
from assessor.store.errors import KeyReused, NameTaken, NotInStore, UnknownKind

SNAPSHOT = '{"items": []}'
NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)


def begin(store: Store, instrument: Instrument, undertaking: str = "Läsning ute") -> str:
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen", undertaking)
    return store.begin_assessment(collaboration.id, instrument, SNAPSHOT, started=NOON)


def test_what_was_given_comes_back_as_one_whole_value(store, instrument):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen", "Läsning ute")
    id_ = store.begin_assessment(collaboration.id, instrument, SNAPSHOT, respondent="A", started=NOON)
    given = [
        ("gut", "", "network"),
        ("response", "creation", "joint"),
        ("note", "creation", "Vi skrev\r\n manuset ihop 👩🏽‍🦽"),
        ("response", "payment", "dont_know"),
        ("wanted", "", "strategic"),
        ("gains", "", "ideas resources"),
    ]
    history = tuple(
        store.record_entry(id_, *entry, key=str(n), at=NOON + timedelta(minutes=n)) for n, entry in enumerate(given, 1)
    )

    assert store.assessment(id_) == Assessment(
        id=id_,
        collaboration=collaboration,
        instrument="demo",
        version="1",
        digest="abc",
        respondent="A",
        responses={"creation": "joint", "payment": "dont_know"},
        notes={"creation": "Vi skrev\r\n manuset ihop 👩🏽‍🦽"},
        gut="network",
        wanted="strategic",
        gains=("ideas", "resources"),
        started=NOON,
        changed=NOON + timedelta(minutes=6),
        history=history,
    )


def test_it_is_all_there_when_opened_again(open_store, instrument):
    first = open_store()
    id_ = begin(first, instrument)
    first.record_entry(id_, "response", "creation", "joint", key="1")
    before, digest = first.assessments(), first.content_hash()
    first.close()

    again = open_store()
    assert again.assessments() == before
    assert again.content_hash() == digest
    assert again.snapshot_of(id_) == SNAPSHOT


def test_the_same_key_again_gives_back_what_was_first_kept_under_it(store, instrument):
    id_ = begin(store, instrument)
    first = store.record_entry(id_, "response", "creation", "joint", key="tap")

    assert store.record_entry(id_, "response", "creation", "ready", key="tap") == first
    assert store.assessment(id_).history == (first,)


def test_a_key_serves_one_kind_of_entry_about_one_item_and_no_other(store, instrument):
    id_ = begin(store, instrument)
    first = store.record_entry(id_, "response", "creation", "joint", key="tap")

    for kind, item in (("note", "creation"), ("response", "payment")):
        with pytest.raises(KeyReused, match="so it was not saved"):
            store.record_entry(id_, kind, item, "none", key="tap")
    assert store.assessment(id_).history == (first,)


def test_one_key_serves_two_assessments_without_mixing_them(store, instrument):
    one, other = begin(store, instrument), begin(store, instrument)
    store.record_entry(one, "response", "creation", "joint", key="1")
    store.record_entry(other, "response", "creation", "ready", key="1")

    assert [store.assessment(id_).responses for id_ in (one, other)] == [{"creation": "joint"}, {"creation": "ready"}]


def test_the_latest_counts_and_stands_where_it_was_last_given(store, instrument):
    id_ = begin(store, instrument)
    for item, option in (("creation", "joint"), ("payment", "none"), ("creation", "ready")):
        store.record_entry(id_, "response", item, option)

    assert list(store.assessment(id_).responses.items()) == [("payment", "none"), ("creation", "ready")]


def test_a_withdrawn_response_is_unanswered_and_stays_in_the_history(store, instrument):
    id_ = begin(store, instrument)
    store.record_entry(id_, "response", "creation", "joint")
    store.record_entry(id_, "response", "creation", "")

    assert store.assessment(id_).responses == {}
    assert [entry.value for entry in store.assessment(id_).history] == ["joint", ""]


def test_order_follows_the_sequence_however_the_clock_jumps(store, instrument):
    id_ = begin(store, instrument)
    for option, hours in (("joint", 0), ("ready", -2), ("dont_know", 400 * 24)):
        store.record_entry(id_, "response", "creation", option, at=NOON + timedelta(hours=hours))
    store.record_entry(id_, "response", "payment", "none", at=NOON)

    assert [entry.seq for entry in store.assessment(id_).history] == [1, 2, 3, 4]
    assert store.assessment(id_).responses == {"creation": "dont_know", "payment": "none"}
    assert store.assessment(id_).changed == NOON


def test_assessments_of_one_collaboration_stand_side_by_side_in_the_order_begun(store, instrument):
    last_year, this_year = begin(store, instrument), begin(store, instrument)
    elsewhere = begin(store, instrument, "Annat")
    collaboration = store.assessment(last_year).collaboration.id

    assert [found.id for found in store.assessments(collaboration)] == [last_year, this_year]
    assert [found.id for found in store.assessments(library="Provbiblioteket")] == [last_year, this_year, elsewhere]
    assert store.assessments(library="Okänt") == ()


def test_an_assessment_keeps_the_bank_it_was_begun_with(store, instrument):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen")
    old = store.begin_assessment(collaboration.id, instrument, "den gamla texten")
    new = store.begin_assessment(collaboration.id, instrument, "den nya texten")

    assert (store.snapshot_of(old), store.snapshot_of(new)) == ("den gamla texten", "den nya texten")


def test_adding_what_is_there_gives_it_back(store):
    first = store.add_collaboration("Provbiblioteket", "Exempelföreningen", "Läsning ute")
    again = store.add_collaboration(" Provbiblioteket ", "Exempelfo\u0308reningen", "Läsning ute")

    assert again == first
    assert store.collaborations("Provbiblioteket") == (first,)
    assert store.libraries() == ("Provbiblioteket",)


def test_collaborations_come_in_the_order_they_were_added(store):
    added = [store.add_collaboration("Provbiblioteket", party) for party in ("Ö", "A", "M")]

    assert list(store.collaborations("Provbiblioteket")) == added


def test_a_new_name_reaches_everything_it_names(store, instrument):
    id_ = begin(store, instrument)
    store.rename_party("Provbiblioteket", "Exempelföreningen", "Exempelbolaget")
    store.rename_undertaking(store.assessment(id_).collaboration.id, "Läsning inne")

    found = store.assessment(id_).collaboration
    assert found == Collaboration(
        id=found.id, library="Provbiblioteket", party="Exempelbolaget", undertaking="Läsning inne"
    )


def test_a_name_that_another_has_is_refused_and_nothing_changes(store):
    one = store.add_collaboration("Provbiblioteket", "Ena", "Läsning")
    store.add_collaboration("Provbiblioteket", "Ena", "Skrivning")
    store.add_collaboration("Provbiblioteket", "Andra")
    store.add_library("Grannbiblioteket")
    before = store.content_hash()

    with pytest.raises(NameTaken):
        store.rename_party("Provbiblioteket", "Ena", "Andra")
    with pytest.raises(NameTaken):
        store.rename_undertaking(one.id, "Skrivning")
    store.rename_party("Provbiblioteket", "Ena", "Ena")
    assert store.content_hash() == before


def test_what_is_not_kept_is_told_by_name(store, instrument):
    for asked in (
        lambda: store.assessment("finnsinte"),
        lambda: store.collaboration("finnsinte"),
        lambda: store.snapshot_of("finnsinte"),
        lambda: store.record_entry("finnsinte", "response", "creation", "joint"),
        lambda: store.begin_assessment("finnsinte", instrument, SNAPSHOT),
        lambda: store.rename_party("finnsinte", "finnsinte", "annat"),
    ):
        with pytest.raises(NotInStore, match="finnsinte"):
            asked()


def test_a_kind_that_is_not_kept_is_refused(store, instrument):
    id_ = begin(store, instrument)

    with pytest.raises(UnknownKind, match="response, note, gut, wanted, gains"):
        store.record_entry(id_, "score", "", "9")
    assert store.assessment(id_).history == ()


def test_what_is_written_together_is_kept_together_or_not_at_all(store, instrument):
    id_ = begin(store, instrument)
    before = store.content_hash()

    def half_of_it():
        with store.transaction():
            store.record_entry(id_, "response", "creation", "joint")
            begin(store, instrument, "Nytt")
            store.record_entry(id_, "score", "", "9")

    with pytest.raises(UnknownKind):
        half_of_it()
    assert store.content_hash() == before

    with store.transaction():
        store.record_entry(id_, "response", "creation", "joint")
        store.record_entry(id_, "response", "payment", "none")
    assert store.assessment(id_).responses == {"creation": "joint", "payment": "none"}


def kept_elsewhere(tmp_path, instrument):
    """What another store keeps, and its snapshots."""
    with Store.open(tmp_path / "elsewhere.db", create=True) as other:
        id_ = begin(other, instrument)
        for option in ("joint", "ready", "joint"):
            other.record_entry(id_, "response", "creation", option, at=NOON)
        return other.collaborations("Provbiblioteket"), other.assessments(), {id_: other.snapshot_of(id_)}


def test_what_was_kept_elsewhere_is_adopted_as_it_is_there_and_once(store, instrument, tmp_path):
    collaborations, assessments, snapshots = kept_elsewhere(tmp_path, instrument)
    for _ in range(2):
        store.import_assessments(collaborations, assessments, snapshots)

        assert store.collaborations("Provbiblioteket") == collaborations
        assert store.assessments() == assessments
        assert store.snapshot_of(assessments[0].id) == SNAPSHOT


def test_of_a_longer_history_only_what_is_lacking_is_adopted(store, instrument, tmp_path):
    collaborations, (whole,), snapshots = kept_elsewhere(tmp_path, instrument)
    store.import_assessments(collaborations, [replace(whole, history=whole.history[:1])], snapshots)
    assert store.assessments()[0].history == whole.history[:1]

    store.import_assessments(collaborations, [whole], snapshots)
    assert store.assessments() == (whole,)


def test_what_cannot_be_adopted_whole_is_not_adopted_at_all(store, instrument, tmp_path):
    collaborations, (whole,), snapshots = kept_elsewhere(tmp_path, instrument)
    bad = replace(whole.history[-1], kind="score")

    with pytest.raises(UnknownKind):
        store.import_assessments(collaborations, [replace(whole, history=(*whole.history[:-1], bad))], snapshots)
    assert (store.libraries(), store.assessments()) == ((), ())


def test_erasing_takes_all_of_it_and_nothing_else(store, instrument):
    gone, stays = begin(store, instrument), begin(store, instrument, "Annat")
    store.record_entry(gone, "response", "creation", "joint")
    store.record_entry(stays, "response", "creation", "ready")
    before = store.assessment(stays)
    erased = store.erase_collaboration(store.assessment(gone).collaboration.id)

    assert (erased.count, erased.backups) == (1, ())
    assert store.assessments() == (before,)
    assert store.erase_party("Provbiblioteket", "Exempelföreningen").count == 1
    assert store.assessments() == store.collaborations("Provbiblioteket") == ()
    assert store.libraries() == ("Provbiblioteket",)


def test_erasing_twice_is_harmless(store, instrument):
    id_ = begin(store, instrument)

    assert [store.erase_assessment(id_).count for _ in range(2)] == [1, 0]
    assert [store.erase_library("Provbiblioteket").count for _ in range(2)] == [0, 0]
    assert store.libraries() == ()
    assert store.erase_party("Provbiblioteket", "Exempelföreningen").count == 0


def test_equal_content_gives_an_equal_digest_in_a_file_as_on_a_server(tmp_path, instrument, monkeypatch):
    from assessor.store import store as module
    from assessor.store.schema import SCHEMA
    from assessor.store.server_database import ServerDatabase

    digests = []
    for open_one in (
        lambda: Store.open(tmp_path / "a.db", create=True),
        lambda: Store(ServerDatabase("sqlite://", SCHEMA)),
    ):
        ids = iter(f"id{n}" for n in range(99))
        monkeypatch.setattr(module, "new_id", lambda ids=ids: next(ids))
        with open_one() as store:
            store.record_entry(begin(store, instrument), "note", "", "ett\n\ttvå", key="k", at=NOON)
            digests.append(store.content_hash())

    assert digests[0] == digests[1]
