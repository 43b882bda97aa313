"""A database behind a URL: opened by it, checked like a file, written by many at once, and its backups left to it."""

import multiprocessing
import re
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, suppress

import psycopg
import pytest

from assessor.core.instrument import Instrument
from assessor.errors import AssessorError
from assessor.store import Store
from assessor.store.errors import (
    BadCharacter,
    InvalidStoreUrl,
    NotAStore,
    NotInStore,
    ServerBusy,
    ServerEmpty,
    ServerKeepsBackups,
    ServerUnreachable,
    ServerUnwritable,
    StoreNewer,
    StoreOlder,
    StoreReadOnly,
    TextTooLong,
    UnsupportedServerEncoding,
)
from assessor.store.schema import SCHEMA, Schema
from assessor.store.server_database import ServerDatabase
from assessor.store.statements import CONTENT_BY_TABLE

INSTRUMENT = Instrument(id="demo", version="1", digest="abc", items=(), outcomes=())
PROCESSES = 4
CONTEXT = multiprocessing.get_context("forkserver")


def begin(store, undertaking="Läsning ute"):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen", undertaking)
    return store.begin_assessment(collaboration.id, INSTRUMENT, "{}")


def test_a_url_opens_what_an_earlier_opening_kept(url):
    with Store.open(url) as store:
        store.record_entry(begin(store), "response", "creation", "joint", key="1")
        digest = store.content_hash()

    with Store.open(url, write=False) as store:
        assert (store.content_hash(), store.path, store.cloud_folder) == (digest, None, None)
        with pytest.raises(StoreReadOnly, match="was opened for reading"):
            store.add_library("Provbiblioteket")


def test_a_servers_backups_are_its_own_business(url):
    with Store.open(url) as store, pytest.raises(ServerKeepsBackups, match="use its own tools"):
        store.backup()


def test_what_was_erased_is_told_to_be_in_the_servers_own_log_and_backups(url, tmp_path):
    with Store.open(url) as store, Store.open(tmp_path / "assessor.db", create=True) as file:
        erased = [each.erase_assessment(begin(each)) for each in (store, file)]

    assert [(each.count, each.on_server) for each in erased] == [(1, True), (1, False)]


def number_of(admin, table):
    return admin.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608


def files_holding(word, folder):
    return [path for path in folder.rglob("*") if path.is_file() and word in path.read_bytes()]


def test_what_was_erased_leaves_a_servers_files_when_its_host_clears_them_as_told(url, cluster, database):
    with Store.open(url) as store, cluster.admin(database) as admin:
        gone, stays = begin(store), begin(store, "Annat")
        store.record_entry(gone, "note", "x", "CANARY" * 9)
        store.record_entry(stays, "note", "x", "other")
        store.erase_assessment(gone)
        folder = cluster.folder / "data" / "base"
        admin.execute("CHECKPOINT")
        before = files_holding(b"CANARY", folder)
        admin.execute("VACUUM FULL")
        admin.execute("CHECKPOINT")

        assert (bool(before), files_holding(b"CANARY", folder)) == (True, [])
        assert [entry.value for entry in store.assessment(stays).history] == ["other"]


# --- many at once ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_once():
    """What each of several processes gave that began together."""
    CONTEXT.set_forkserver_preload(["assessor.store.server_database", __name__])
    with ProcessPoolExecutor(
        PROCESSES, mp_context=CONTEXT, initializer=_meet, initargs=(CONTEXT.Barrier(PROCESSES),)
    ) as pool:
        yield lambda work, *given: [
            each.result(60) for each in [pool.submit(work, n, *given) for n in range(PROCESSES)]
        ]


def _meet(barrier):
    global together
    together = barrier.wait


def record_the_same_keys(number, url, id_):
    with Store.open(url) as store:
        together()
        keys = range(60) if number % 2 else reversed(range(60))
        given = {key: store.record_entry(id_, "note", "creation", f"{number}:{key}", key=str(key)) for key in keys}
        return [(given[key].seq, given[key].value) for key in range(60)]


def test_keys_that_several_processes_send_at_once_count_once_each(at_once, url):
    with Store.open(url) as store:
        id_ = begin(store)
        given = at_once(record_the_same_keys, url, id_)
        history = store.assessment(id_).history

    assert all(each == given[0] for each in given)
    assert sorted(given[0]) == [(entry.seq, entry.value) for entry in history]
    assert [entry.seq for entry in history] == list(range(1, 61))
    assert len({entry.value.partition(":")[0] for entry in history}) > 1  # more than one was first with something


def add_the_same(number, url):
    with Store.open(url) as store:
        together()
        added = [store.add_collaboration("Provbiblioteket", f"Part {n % 3}", f"{n}").id for n in range(12)]
        begun = [store.begin_assessment(id_, INSTRUMENT, "{}") for id_ in added]
        return added, begun


def test_what_several_processes_add_at_once_is_there_once_and_in_one_order(at_once, url, cluster, database):
    found = at_once(add_the_same, url)
    with cluster.admin(database) as admin:
        tables = ("library", "party", "collaboration", "instrument", "assessment")
        counts = [number_of(admin, table) for table in tables]
        places = admin.execute("SELECT COUNT(DISTINCT place) FROM collaboration").fetchone()[0]
        begun = admin.execute("SELECT COUNT(DISTINCT place) FROM assessment GROUP BY collaboration").fetchall()

        assert all(added == found[0][0] for added, _ in found)
        assert counts == [1, 3, 12, 1, 12 * PROCESSES]
        assert places == 12
        assert begun == [(PROCESSES,)] * 12


def open_it(number, url):
    together()
    with Store.open(url) as store:
        return store.libraries()


def test_an_empty_database_that_several_processes_open_at_once_is_made_a_store_once(at_once, cluster):
    name = cluster.database()
    try:
        assert at_once(open_it, cluster.url(name)) == [()] * PROCESSES
    finally:
        cluster.drop(name)


def record_or_erase(number, url):
    with Store.open(url) as store:
        together()
        for n in range(25):
            if number:
                try:
                    id_ = begin(store)
                    store.record_entry(id_, "note", "creation", str(n))
                    store.record_entry(id_, "note", "creation", "")
                except NotInStore:  # erased a moment ago
                    pass
            else:
                store.erase_library("Provbiblioteket")
    return number


def test_erasing_while_others_write_leaves_nothing_behind_and_nobody_stuck(at_once, url, cluster, database):
    assert at_once(record_or_erase, url) == list(range(PROCESSES))
    with Store.open(url) as store:
        store.erase_library("Provbiblioteket")
    with cluster.admin(database) as admin:
        left = {table: number_of(admin, table) for table in CONTENT_BY_TABLE if table != "erasure"}

    assert set(left.values()) == {0}


def test_one_store_serves_many_threads(url):
    with Store.open(url) as store:
        id_ = begin(store)
        with ThreadPoolExecutor(8) as pool:
            given = list(pool.map(lambda n: store.record_entry(id_, "note", "x", str(n), key=str(n % 40)), range(120)))

        assert sorted({entry.seq for entry in given}) == list(range(1, 41))
        assert len(store.assessment(id_).history) == 40


def test_a_reader_sees_one_picture_while_others_write(url):
    database = ServerDatabase(url, SCHEMA, create=True, write=True)
    with Store(database) as store:
        id_ = begin(store)
        stop = threading.Event()

        def write():
            n = 0
            while not stop.is_set():
                with store.transaction():
                    for _ in range(2):
                        store.record_entry(id_, "note", "x", str(n := n + 1))

        writing = threading.Thread(target=write)
        writing.start()
        count = "SELECT COUNT(*) FROM entry"
        pictures = []
        for _ in range(40):
            with database.read_transaction():
                pictures.append([database.execute(count)[0][0] for _ in range(4)])
        stop.set()
        writing.join()

    assert all(len(set(picture)) == 1 and picture[0] % 2 == 0 for picture in pictures)
    assert pictures[-1] > pictures[0]


def test_who_waits_too_long_for_another_is_told(url, cluster, database, monkeypatch):
    from assessor.store import postgresql, server_database

    monkeypatch.setattr(server_database, "RETRY_SECONDS", 0.1)
    with Store.open(url) as store:
        id_ = begin(store)
        with closing(psycopg.connect(cluster.url(database))) as other:
            other.execute("SELECT * FROM assessment FOR UPDATE")
            monkeypatch.setattr(postgresql, "SESSION_SETTINGS", "SET lock_timeout = '50ms'")
            with (
                Store.open(url) as impatient,
                pytest.raises(ServerBusy, match="is busy, so this was not saved"),
            ):
                impatient.record_entry(id_, "note", "x", "1")


# --- what a server does otherwise than a file -----------------------------------------------------


def test_every_text_is_compared_and_sorted_by_its_bytes(cluster, database):
    query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    with cluster.admin(database) as admin:
        assert admin.execute(query).fetchall() == []
        assert admin.execute("SELECT COUNT(*) FROM information_schema.columns WHERE collation_name = 'C'").fetchone()[0]


def test_libraries_come_in_the_same_order_from_a_file_and_from_a_server(url, tmp_path):
    found = []
    for where in (url, tmp_path / "assessor.db"):
        with Store.open(where, create=True) as store:
            for name in ("ö", "Z", "a", "å", "z", "A", "é", "ä"):
                store.add_library(name)
            found.append(store.libraries())

    assert found[0] == found[1] == ("A", "Z", "a", "z", "ä", "å", "é", "ö")


def test_the_longest_texts_are_kept(store):
    name = "".join(chr(0x10000 + 7919 * n % 0x8000) for n in range(200))
    note = "".join(chr(0x10000 + 104729 * n % 0x8000) for n in range(4_000))
    collaboration = store.add_collaboration(name, name[::-1], name)
    id_ = store.begin_assessment(collaboration.id, INSTRUMENT, note * 50, respondent=name)
    store.record_entry(id_, "note", name, note, key=name)
    workshop = store.workshops.add(name, name, "code", "secret")
    store.workshops.record_act(workshop.id, "dissent", collaboration.id, "creation", note, key=name)

    assert store.assessment(id_).notes[name] == note
    assert store.collaborations(name) == (collaboration,)
    assert store.snapshot_of(id_) == note * 50


def test_a_key_that_no_server_could_find_again_is_refused(store):
    id_ = begin(store)

    with pytest.raises(TextTooLong):
        store.record_entry(id_, "note", "x", "1", key="k" * 201)
    with pytest.raises(BadCharacter):
        store.record_entry(id_, "note", "x", "1", key="a\0b")
    assert store.assessment(id_).history == ()


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"], ids=["NUL", "half a character"])
def test_what_is_looked_for_by_a_text_that_cannot_be_kept_is_not_there(store, text):
    for asked in (
        lambda: store.assessment(text),
        lambda: store.collaboration(text),
        lambda: store.record_entry(text, "note", "x", "1"),
        lambda: store.begin_assessment(text, INSTRUMENT, "{}"),
        lambda: store.workshops.get(text),
        lambda: store.workshops.record_act(text, "locked", "", "", "yes", key="k"),
    ):
        with pytest.raises(NotInStore):
            asked()
    assert store.workshops.respondent_by_token(text) is None
    assert store.erase_assessment(text).count == 0


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"], ids=["NUL", "half a character"])
def test_a_text_that_cannot_be_kept_is_refused_by_every_write_and_never_called_done(store, text):
    id_ = begin(store)
    store.add_library("Provbiblioteket")
    workshop = store.workshops.add("Provbiblioteket", "Dagen", "ABC2345", "secret")
    person = store.workshops.join(workshop.id, name="", side="us", language="sv", token="t", key="k")  # noqa: S106
    before = store.content_hash()
    for write in (
        lambda: store.record_entry(id_, "note", text, "1"),
        lambda: store.begin_assessment(store.assessment(id_).collaboration.id, INSTRUMENT, "{}", respondent=text),
        lambda: store.workshops.add("Provbiblioteket", "Dagen", text, "s"),
        lambda: store.workshops.record_act(workshop.id, "dissent", text, "", "x", key="a"),
        lambda: store.workshops.record_act(workshop.id, "dissent", "", text, "x", key="a"),
        lambda: store.workshops.join(workshop.id, name="", side="us", language=text, token="u", key="b"),  # noqa: S106
        lambda: store.workshops.join(workshop.id, name="", side="us", language="sv", token=text, key="b"),
        lambda: store.workshops.set_language(person.id, text),
        lambda: store.workshops.set_link(person.id, text),
        lambda: store.workshops.set_secret(workshop.id, text),
        lambda: store.rename_undertaking(store.assessment(id_).collaboration.id, text),
    ):
        with pytest.raises(BadCharacter, match="at position 2, which no export can hold"):
            write()
    assert store.content_hash() == before


def test_the_largest_times_and_places_are_kept(store):
    from datetime import UTC, datetime

    id_ = begin(store)
    last = datetime.max.replace(tzinfo=UTC)
    store.record_entry(id_, "note", "x", "1", at=last)

    assert store.assessment(id_).changed == last


def test_a_transaction_in_which_something_failed_is_not_called_kept(url):
    database = ServerDatabase(url, SCHEMA, create=True, write=True)
    with Store(database) as store:
        id_ = begin(store)

        def swallowing():
            with store.transaction():
                store.record_entry(id_, "note", "x", "1")
                with suppress(Exception):  # which is what nobody should do
                    database.execute("SELECT 1 / 0")

        with pytest.raises(Exception, match="something failed in this transaction"):
            swallowing()
        assert store.assessment(id_).history == ()
        assert store.record_entry(id_, "note", "x", "1").seq == 1


# --- what is refused ------------------------------------------------------------------------------


def test_a_newer_schema_behind_a_url_is_refused_and_left_as_it_was(url, cluster, database):
    with cluster.admin(database) as admin:
        admin.execute("UPDATE alembic_version SET version_num = '9999'")

        with pytest.raises(StoreNewer, match=r"update assessor$"):
            Store.open(url)
        assert admin.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


def test_an_older_schema_is_not_upgraded_by_a_reader(cluster, url):
    later = Schema(revisions=(*SCHEMA.revisions, "9998"))

    with pytest.raises(StoreOlder, match="open it once for writing"):
        Store.open(url, write=False, schema=later)


@pytest.fixture
def bare(cluster):
    """A database with nothing in it."""
    name = cluster.database()
    yield name
    cluster.drop(name)


def test_somebody_elses_database_is_refused_and_left_as_it_was(cluster, bare):
    with cluster.admin(bare) as admin:
        admin.execute("CREATE TABLE library (id integer)")

        with pytest.raises(NotAStore, match="is not a store of assessor and was left as it is"):
            Store.open(cluster.url(bare))
        assert admin.execute("SELECT relname FROM pg_stat_user_tables").fetchall() == [("library",)]


def test_an_empty_database_is_made_a_store_by_who_writes_and_by_nobody_who_reads(cluster, bare):
    for how in ({"write": False}, {"create": False}):
        with pytest.raises(ServerEmpty, match="There is no store in"):
            Store.open(cluster.url(bare), **how)
    with cluster.admin(bare) as admin:
        assert admin.execute("SELECT relname FROM pg_stat_user_tables").fetchall() == []
    with Store.open(cluster.url(bare)) as store:
        assert store.libraries() == ()


def test_a_database_that_lacks_letters_is_refused(cluster):
    options = {"ENCODING": "'LATIN1'", "LOCALE_PROVIDER": "'libc'", "LOCALE": "'C'"}
    name = cluster.database("template0", **options)
    try:
        with pytest.raises(UnsupportedServerEncoding, match="stores its text as LATIN1"):
            Store.open(cluster.url(name))
    finally:
        cluster.drop(name)


def test_a_user_without_rights_is_told_what_to_ask_for(cluster, bare):
    with cluster.admin() as admin:
        admin.execute("CREATE ROLE reader LOGIN")
    try:
        with pytest.raises(ServerUnwritable, match="permission denied"):
            Store.open(f"postgresql://reader@/{bare}?host={cluster.folder}")
    finally:
        with cluster.admin() as admin:
            admin.execute("DROP ROLE reader")


@pytest.fixture
def guarded(cluster):
    """A user who must give a password, which is this one."""
    with cluster.admin() as admin:
        admin.execute("CREATE ROLE guarded LOGIN PASSWORD 'hemligt@/:?#%'")
    yield "hemligt%40%2F%3A%3F%23%25"
    with cluster.admin() as admin:
        admin.execute("DROP ROLE guarded")


def test_a_password_opens_and_a_wrong_one_is_told_without_showing_it(cluster, guarded, bare):
    with pytest.raises(ServerUnreachable, match="password authentication failed") as caught:
        Store.open(f"postgresql://guarded:canary@/{bare}?host={cluster.folder}")
    assert "canary" not in str(caught.value)

    with pytest.raises(ServerUnwritable):  # let in, and then without rights
        Store.open(f"postgresql://guarded:{guarded}@/{bare}?host={cluster.folder}")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:canary@127.0.0.1:1/db",
        "postgresql://me:canary@no-such-host.invalid/db",
        "postgresql://me@localhost:1/db?password=canary",
        "postgres://me:canary@[::1]:1/db",
        "postgresql+psycopg://me:canary@/db?host=/nowhere",
        "postgresql://me:canary@localhost:1/db?no_such_option=1",
    ],
)
def test_a_server_that_is_not_there_is_told_without_the_password(address):
    with pytest.raises(AssessorError) as caught:
        Store.open(address)

    assert caught.value.exit_code == 69
    assert "canary" not in f"{caught.value} {caught.value.facts}"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:can@ary@localhost/db",
        "postgresql://me:can/ary@localhost/db",
        "postgresql://me:can?ary@localhost/db",
        "postgresql://me:can#ary@localhost/db",
        "postgresql://me@localhost:canary/db",
        "mysql://me:canary@localhost/db",
        "postgresql+asyncpg://me:canary@localhost/db",
        "postgresql://me:canary@localhost/db\n",
        "://",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_a_letter_of_it(address):
    with pytest.raises(InvalidStoreUrl) as caught:
        Store.open(address)

    assert not re.search("can|ary", str(caught.value).replace("cannot", ""))
