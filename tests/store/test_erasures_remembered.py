"""What was erased or has expired stays so: no backup, no export and no copy brings it back, and each says so."""

import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.store import LeftOut, Store, copy_store, restore_backup, sqlite
from assessor.usecases import spreadsheets, transfer
from assessor.usecases.library_access import Keys, identity_digest
from assessor.usecases.workshop_secrets import hash_secret

LIBRARY = "Provbiblioteket"
NOTHING = LeftOut()


def fill(store: Store) -> tuple[str, str]:
    """Two collaborations with an assessment each; the ids of the first and of its assessment."""
    bank = open_bank("dokk1")
    first, second = store.add_collaboration(LIBRARY, "Kören", "Lucia"), store.add_collaboration(LIBRARY, "Skolan")
    ids = [store.begin_assessment(each.id, bank.instrument, bank.snapshot) for each in (first, second)]
    for id_ in ids:
        store.record_entry(id_, "response", "creation", "joint")
    return first.id, ids[0]


def parties(store: Store) -> list[tuple[str, int]]:
    return [(each.party, len(store.assessments(each.id))) for each in store.collaborations(LIBRARY)]


ERASURES = {
    "party": (
        lambda store, ids: store.erase_party(LIBRARY, "Kören"),
        [("Skolan", 1)],
        LeftOut(collaborations=1, assessments=1),
    ),
    "collaboration": (
        lambda store, ids: store.erase_collaboration(ids[0]),
        [("Skolan", 1)],
        LeftOut(collaborations=1, assessments=1),
    ),
    "assessment": (
        lambda store, ids: store.erase_assessment(ids[1]),
        [("Kören", 0), ("Skolan", 1)],
        LeftOut(assessments=1),
    ),
    "library": (lambda store, ids: store.erase_library(LIBRARY), [], LeftOut(collaborations=2, assessments=2)),
}


@pytest.mark.parametrize("of", ERASURES)
def test_a_restored_backup_leaves_out_what_was_erased_since_and_counts_it(path, of):
    erase, left, counted = ERASURES[of]
    with Store.open(path, create=True) as store:
        ids = fill(store)
        backup = store.backup()
        erase(store, ids)
    first, second = restore_backup(backup, path), restore_backup(backup, path)

    assert (first.left_out, second.left_out) == (counted, counted)
    with Store.open(path, write=False) as store:
        assert parties(store) == left
    assert b"Lucia" not in path.read_bytes() or of == "assessment"


@pytest.mark.parametrize("lost", ["removed", "damaged"])
def test_a_lost_store_is_restored_without_what_its_later_backups_remember_as_erased(path, lost):
    with Store.open(path, create=True) as store:
        fill(store)
        backup = store.backup()
        store.erase_party(LIBRARY, "Kören")
        store.backup()
    path.unlink() if lost == "removed" else path.write_bytes(b"noise")

    assert restore_backup(backup, path).left_out == LeftOut(collaborations=1, assessments=1)


def test_an_exact_backup_leaves_nothing_out(path):
    with Store.open(path, create=True) as store:
        fill(store)
        backup = store.backup()

    assert restore_backup(backup, path).left_out == NOTHING


@pytest.mark.parametrize("of", ERASURES)
def test_no_export_brings_back_what_was_erased(store, of):
    erase, left, counted = ERASURES[of]
    ids = fill(store)
    document = transfer.export_assessments(store, LIBRARY)
    erase(store, ids)
    for _again in range(2):
        merged = transfer.import_assessments(store, io.BytesIO(document), "a.json")
        assert (merged.count, merged.erased_collaborations, merged.erased_assessments) == (
            0,
            counted.collaborations,
            counted.assessments,
        )

    assert parties(store) == left


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("of", ERASURES)
def test_no_spreadsheet_of_ours_brings_back_what_was_erased(store, of, form):
    erase, left, counted = ERASURES[of]
    ids, bank = fill(store), open_bank("dokk1")
    sheet = spreadsheets.export_spreadsheet(store, LIBRARY, bank, "en", form)
    erase(store, ids)
    planned = spreadsheets.plan_import(store, LIBRARY, bank, sheet, f"a.{form}")
    spreadsheets.apply_plan(store, planned, bank)

    assert (planned.count, planned.left_out) == (0, counted)
    assert parties(store) == left


def test_the_same_names_may_be_given_anew(store):
    fill(store)
    store.erase_party(LIBRARY, "Kören")
    store.add_collaboration(LIBRARY, "Kören", "Lucia")

    assert [party for party, _ in parties(store)] == ["Skolan", "Kören"]


def test_a_restored_backup_lets_nobody_in_by_what_was_withdrawn_or_opened_since(path):
    with Store.open(path, create=True) as store:
        keys = Keys(store)
        (opened, left), host = keys.give_keys([LIBRARY, "Biblioteket i grannbyn"]), keys.new_host_link()
        waiting = keys.give_keys(["Biblioteket i dalen"])[0]
        steward, _token = keys.open(opened.secret, "k" * 20, "")
        phone = keys.take_in_device(steward.member)
        colleague, secret = keys.invite(steward.member, "En kollega", "colleague")
        backup = store.backup()
        _opening, laptop = keys.open(left.secret, "l" * 20, "")
        keys.open(host, "h" * 20, "")
        keys.withdraw_credential(opened.library, hash_secret(phone))
        keys.withdraw_member(opened.library, colleague.id)
    restored = restore_backup(backup, path)
    with Store.open(path) as store:
        keys = Keys(store)
        opens = [keys.find_opening(each) is not None for each in (left.secret, host, phone, secret, waiting.secret)]
        inside = keys.member_with(_token, opened.library), keys.member_with(laptop, left.library)

    assert opens == [False, False, False, False, True]
    assert [each is not None for each in inside] == [True, False]
    assert restored.left_out == LeftOut(keys=4)


def test_a_person_who_was_withdrawn_and_let_in_again_is_not_withdrawn_by_a_restored_backup(path):
    with Store.open(path, create=True) as store:
        keys = Keys(store)
        for number in range(2):
            (key,) = keys.give_keys([LIBRARY])
            keys.open(key.secret, f"{number}" * 20, "", "anna@library.example")
            if not number:
                keys.leave(identity_digest("anna@library.example", key.library))
        backup = store.backup()
    restore_backup(backup, path)
    with Store.open(path) as store:
        assert Keys(store).member_known_as("Anna@library.example", key.library) is not None


def test_what_is_remembered_holds_no_name_and_no_id(path):
    with Store.open(path, create=True) as store:
        ids = fill(store)
        store.erase_library(LIBRARY)
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT digest, kind FROM erasure").fetchall()

    assert {kind for _, kind in rows} == {"erased"}
    assert all(len(digest) == 64 and set(digest) <= set("0123456789abcdef") for digest, _ in rows)
    stored = path.read_bytes()
    assert not [text for text in (*ids, "Kören", "Skolan", LIBRARY) if text.encode() in stored]


def test_a_copy_into_an_emptied_store_leaves_out_what_was_erased_there(tmp_path, url):
    for target in (tmp_path / "to.db", url):
        source = tmp_path / f"from{len(str(target))}.db"
        with Store.open(source, create=True) as store:
            ids = fill(store)
        copy_store(source, target)
        with Store.open(target) as store:
            store.erase_library(LIBRARY)
        again = copy_store(source, target)

        assert again.left_out == LeftOut(collaborations=2, assessments=2)
        with Store.open(target, write=False) as store:
            assert parties(store) == []
            assert store.erased_among(ids) == set(ids)


def test_a_restored_workshop_stays_without_what_expired(path):
    opened = datetime(2027, 1, 1, tzinfo=UTC)
    now = [opened]
    with Store.open(path, create=True, clock=lambda: now[0]) as store:
        store.add_library(LIBRARY)
        room = store.workshops.add(LIBRARY, "Dagen", "ABC2345", "s").id
        store.workshops.record_act(room, "days", "", "", "7", key="d")
        person = store.workshops.join(room, name="Ett namn", side="us", language="sv", token="", key="j").id
        club = store.add_collaboration(LIBRARY, "Kören").id
        store.begin_assessment(club, open_bank("dokk1").instrument, open_bank("dokk1").snapshot, respondent=person)
        store.workshops.record_act(room, "closed", "", "", "yes", key="c")
        backup = store.backup()
        now[0] += timedelta(days=8)
        store.retention.expire(store.retention.due_for_erasure())
    restored = restore_backup(backup, path)

    assert restored.left_out == LeftOut(assessments=1, respondents=1)
    assert restored.waiting is None
    with Store.open(path, write=False) as store:
        assert store.workshops.respondents(room) == ()
        assert [each.id for each in store.workshops.all()] == [room]


def test_a_backup_of_an_earlier_schema_is_upgraded_before_anything_is_left_out(path, tmp_path):
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((Path(__file__).parent / "schema_0002.sql").read_text("utf-8"))
        connection.execute(f"PRAGMA application_id={sqlite.APPLICATION_ID}")
        (library,) = connection.execute("SELECT name FROM library ORDER BY name LIMIT 1").fetchone()
    restore_backup(old, path)
    with Store.open(path) as store:
        store.erase_library(library)
    restored = restore_backup(old, path)

    assert restored.left_out
    assert not restored.has_digest
    with Store.open(path, write=False) as store:
        assert library not in store.libraries()
