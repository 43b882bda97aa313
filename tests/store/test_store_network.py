"""A server that falls silent at any moment: what was acknowledged is kept, once, and what was not is told."""

import random
import signal
import threading
import time

import pytest
from cutting import cutter

from assessor.store import Store, server_database
from assessor.store.errors import OutcomeUnknown, ServerConnectionLost

SNAPSHOT = '{"items": []}'


@pytest.fixture
def network(tmp_path, cluster):
    with cutter(tmp_path, cluster.folder) as between:
        yield between


@pytest.fixture
def far(network, cluster, database, tmp_path):
    """A store beyond that network."""
    with Store.open(cluster.url(database, tmp_path)) as store:
        yield store


@pytest.fixture
def unknown(monkeypatch):
    """Grows by one each time that a commit was not answered."""
    found = []

    class Counted(OutcomeUnknown):
        def __init__(self, **facts):
            super().__init__(**facts)
            found.append(facts)

    monkeypatch.setattr(server_database, "OutcomeUnknown", Counted)
    return found


def begin(store, instrument):
    collaboration = store.add_collaboration("Provbiblioteket", "Exempelföreningen", "Läsning ute")
    return store.begin_assessment(collaboration.id, instrument, SNAPSHOT)


def kept(store, id_):
    """What is kept, as sequence number and value."""
    return [(entry.seq, entry.value) for entry in store.assessment(id_).history]


def cut_often(store, network, instrument, count):
    """Records until so many connections were cut, each at a byte by chance; what ought to be kept."""
    id_ = begin(store, instrument)
    chance, acknowledged = random.Random(count), []

    def record():
        n = len(acknowledged) + 1
        entry = store.record_entry(id_, "note", "creation", f"value {n}", key=f"key {n}")
        acknowledged.append((entry.seq, entry.value))

    while network.cuts < count:
        before = network.passed
        record()
        whole = network.passed - before  # of one record; every second cut is in its last bytes, about the commit
        network.left = chance.choice([chance.randint(1, whole), whole - chance.randint(0, 40)])
        record()
    network.left = None
    return id_, acknowledged


def test_a_connection_cut_two_hundred_times_at_any_byte_loses_and_doubles_nothing(far, network, instrument, unknown):
    id_, acknowledged = cut_often(far, network, instrument, 200)

    assert kept(far, id_) == acknowledged
    assert acknowledged == [(n, f"value {n}") for n in range(1, len(acknowledged) + 1)]
    assert len(unknown) > 20


@pytest.mark.campaign
def test_a_connection_cut_ten_thousand_times_at_any_byte_loses_and_doubles_nothing(
    far, network, instrument, unknown, capsys
):
    id_, acknowledged = cut_often(far, network, instrument, 10_000)
    with capsys.disabled():
        print(f"\n10,000 cuts: {len(acknowledged)} acknowledged, {len(unknown)} commits not answered")

    assert kept(far, id_) == acknowledged


def test_a_commit_whose_answer_is_lost_counts_once(far, network, instrument, unknown):
    id_ = begin(far, instrument)
    network.swallow = True
    entry = far.record_entry(id_, "note", "creation", "ett", key="1")

    assert (len(unknown), entry.seq, kept(far, id_)) == (1, 1, [(1, "ett")])


def test_without_a_key_of_the_callers_it_counts_once_all_the_same(far, network, instrument, unknown):
    network.swallow = True
    id_ = begin(far, instrument)
    network.swallow = True
    far.record_entry(id_, "note", "creation", "ett")
    network.swallow = True
    far.begin_assessment(far.assessment(id_).collaboration.id, instrument, SNAPSHOT)

    assert (len(unknown), kept(far, id_)) == (3, [(1, "ett")])
    assert (len(far.collaborations("Provbiblioteket")), len(far.assessments())) == (1, 2)


def test_what_cannot_be_known_is_told_and_the_same_key_again_resolves_it(far, network, instrument):
    id_ = begin(far, instrument)

    def together():
        with far.transaction():
            far.record_entry(id_, "note", "creation", "ett", key="1")
            far.record_entry(id_, "note", "creation", "två", key="2")

    network.swallow = True
    with pytest.raises(OutcomeUnknown, match="check whether it is there, and if not, give it again"):
        together()
    together()
    assert kept(far, id_) == [(1, "ett"), (2, "två")]


def test_an_erasure_whose_answer_is_lost_is_told_and_harmless_to_repeat(far, network, instrument):
    id_ = begin(far, instrument)
    network.swallow = True

    with pytest.raises(OutcomeUnknown):
        far.erase_assessment(id_)
    assert (far.erase_assessment(id_).count, far.assessments()) == (0, ())


def test_a_transaction_cut_before_its_commit_is_not_kept(far, network, cluster, database, instrument):
    id_ = begin(far, instrument)

    def together():
        with far.transaction():
            far.record_entry(id_, "note", "creation", "ett")
            cluster.end_connections(database)
            far.record_entry(id_, "note", "creation", "två")

    with pytest.raises(ServerConnectionLost, match="was not saved; try again"):
        together()
    assert kept(far, id_) == []


def test_a_connection_that_ended_while_nobody_used_it_is_never_noticed(far, cluster, database, instrument):
    id_ = begin(far, instrument)
    for n in range(3):
        cluster.end_connections(database)
        with far.transaction():
            far.record_entry(id_, "note", "creation", str(n))

    assert len(kept(far, id_)) == 3


#: A commit that takes a while, before and after it is decided.
SLOW_COMMIT = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.001); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow();
"""


def ended_often(url, cluster, database, instrument, count):
    """Records while a second hand ends every connection by chance; what ought to be kept."""
    with cluster.admin(database) as admin:
        admin.execute(SLOW_COMMIT)
        admin.execute(f"ALTER DATABASE {database} SET commit_delay = 1000")
        admin.execute(f"ALTER DATABASE {database} SET commit_siblings = 0")
    acknowledged, ended = [], 0
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND query ~ '^COMMIT'"
    done = threading.Event()

    def end():
        nonlocal ended
        chance = random.Random(count)
        with cluster.admin() as admin:
            while not done.is_set() and ended < count:
                time.sleep(chance.uniform(0, 0.03))
                ended += len(admin.execute(others + " AND state = 'active'", (database,)).fetchall())

    with Store.open(url) as store:
        id_ = begin(store, instrument)
        thread = threading.Thread(target=end)
        thread.start()
        try:
            while thread.is_alive():
                key = f"key {len(acknowledged)}"
                entry = store.record_entry(id_, "note", "creation", f"value {len(acknowledged) + 1}", key=key)
                acknowledged.append((entry.seq, entry.value))
        finally:
            done.set()
            thread.join()
        return kept(store, id_), acknowledged


def test_two_hundred_connections_ended_during_their_commit_lose_and_double_nothing(
    url, cluster, database, instrument, unknown
):
    found, acknowledged = ended_often(url, cluster, database, instrument, 200)

    assert found == acknowledged
    assert acknowledged == [(n, f"value {n}") for n in range(1, len(acknowledged) + 1)]
    assert len(unknown) > 50


@pytest.mark.campaign
def test_a_thousand_connections_ended_during_their_commit_lose_and_double_nothing(
    url, cluster, database, instrument, unknown, capsys
):
    found, acknowledged = ended_often(url, cluster, database, instrument, 1_000)
    with capsys.disabled():
        print(f"\n1,000 ended during commit: {len(acknowledged)} acknowledged, {len(unknown)} commits not answered")

    assert found == acknowledged


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "as if the power were cut"])
def test_a_server_that_starts_anew_is_waited_for(url, cluster, instrument, how):
    with Store.open(url) as store:
        id_ = begin(store, instrument)
        acknowledged, enough = [], threading.Event()

        def record():
            while not enough.is_set():
                entry = store.record_entry(id_, "note", "creation", str(len(acknowledged)), key=str(len(acknowledged)))
                acknowledged.append((entry.seq, entry.value))

        recording = threading.Thread(target=record)
        recording.start()
        time.sleep(0.1)
        cluster.stop(how)
        before = len(acknowledged)
        cluster.start()
        while len(acknowledged) < before + 20 and recording.is_alive():
            time.sleep(0.01)
        enough.set()
        recording.join()

        assert kept(store, id_) == acknowledged == [(n + 1, str(n)) for n in range(len(acknowledged))]
        assert 0 < before < len(acknowledged)


def test_a_server_that_stays_away_is_told_in_time(url, cluster, instrument, monkeypatch):
    monkeypatch.setattr(server_database, "RETRY_SECONDS", 0.3)
    with Store.open(url) as store:
        id_ = begin(store, instrument)
        cluster.stop()
        try:
            began = time.monotonic()
            with pytest.raises(ServerConnectionLost, match="cannot be reached"):
                store.record_entry(id_, "note", "creation", "ett", key="1")
            with pytest.raises(ServerConnectionLost):
                store.assessments()
            assert time.monotonic() - began < 5
        finally:
            cluster.start()

        assert store.record_entry(id_, "note", "creation", "ett", key="1").seq == 1
