"""Histories of everything that can be done to a store, against a model of plain dictionaries."""

import os
import shutil
import tempfile
from contextlib import ExitStack
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from assessor.core.instrument import Instrument
from assessor.store import Store
from assessor.store.store import restore_backup

PARTIES = st.sampled_from(["Ena", "Andra", "Tredje"])
UNDERTAKINGS = st.sampled_from(["", "Läsning", "Skrivning"])
LIBRARIES = st.sampled_from(["Provbiblioteket", "Grannbiblioteket"])
ITEMS = st.sampled_from(["creation", "payment", "control"])
VALUES = st.sampled_from(["joint", "ready", "dont_know", ""])
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
INSTRUMENT = Instrument(id="demo", version="1", digest="abc", items=(), outcomes=())


class History(RuleBasedStateMachine):
    """One store and what ought to be in it: for each assessment its collaboration and all that was given."""

    assessments = Bundle("assessments")
    backups = Bundle("backups")

    @initialize()
    def an_empty_store(self):
        self.folders = ExitStack()
        self.folder = Path(self.folders.enter_context(tempfile.TemporaryDirectory(dir=IN_MEMORY)))
        self.crashes = 0
        self.store = self.made()
        self.collaborations: dict[str, tuple[str, str, str]] = {}
        self.given: dict[str, tuple[str, list[tuple[str, str, str, str]]]] = {}
        #: Ids that no backup brings back.
        self.erased: set[str] = set()

    @rule(target=assessments, library=LIBRARIES, party=PARTIES, undertaking=UNDERTAKINGS)
    def begin(self, library, party, undertaking):
        collaboration = self.store.add_collaboration(library, party, undertaking)
        self.collaborations[collaboration.id] = (library, party, undertaking)
        id_ = self.store.begin_assessment(collaboration.id, INSTRUMENT, "{}")
        self.given[id_] = (collaboration.id, [])
        return id_

    @rule(id_=assessments, item=ITEMS, value=VALUES, kind=st.sampled_from(["response", "note"]))
    def respond(self, id_, item, value, kind):
        if id_ in self.given:
            history = self.given[id_][1]
            key = f"{len(history)}"
            self.store.record_entry(id_, kind, item, value, key=key)
            if kind == "note" and not value:
                history[:] = [(k, i, "" if (k, i) == ("note", item) else v, of) for k, i, v, of in history]
            history.append((kind, item, value, key))

    @rule(id_=assessments, which=st.integers(0, 20))
    def repeat(self, id_, which):
        history = self.given.get(id_, ("", []))[1]
        if history:
            kind, item, _, key = history[which % len(history)]
            if key:
                entry = self.store.record_entry(id_, kind, item, "something else", key=key)
                assert entry.seq == which % len(history) + 1

    @rule()
    def close_and_open(self):
        self.store.close()
        self.store = self.opened()

    @rule()
    def crash_and_open(self):
        self.crashes += 1
        self.crash()

    @rule(target=backups)
    def back_up(self):
        path = self.folder / f"backup{len(list(self.folder.iterdir()))}.db"
        self.backed_up(path)
        return path, deepcopy((self.collaborations, self.given))

    @rule(backup=backups)
    def restore_it(self, backup):
        path, model = backup
        self.store.close()
        self.restored(path)
        self.store = self.opened()
        collaborations, given = deepcopy(model)
        self.collaborations = {id_: names for id_, names in collaborations.items() if id_ not in self.erased}
        self.given = {id_: (of, history) for id_, (of, history) in given.items() if not {id_, of} & self.erased}

    @rule(id_=consumes(assessments))
    def erase_assessment(self, id_):
        assert self.store.erase_assessment(id_).count == int(self.given.pop(id_, None) is not None)
        self.erased.add(id_)

    @rule(target=assessments, library=LIBRARIES, party=PARTIES)
    def erase_party(self, library, party):
        gone = {id_ for id_, names in self.collaborations.items() if names[:2] == (library, party)}
        erased = self.store.erase_party(library, party)
        self.erased |= gone
        assert erased.count == sum(of in gone for of, _ in self.given.values())
        self.collaborations = {id_: names for id_, names in self.collaborations.items() if id_ not in gone}
        self.given = {id_: (of, history) for id_, (of, history) in self.given.items() if of not in gone}
        return multiple()

    @rule(library=LIBRARIES, party=PARTIES)
    def rename(self, library, party):
        mine = {id_ for id_, names in self.collaborations.items() if names[:2] == (library, party)}
        if mine:
            self.store.rename_party(library, party, "Ett annat namn")
            self.store.rename_party(library, "Ett annat namn", party)

    @invariant()
    def the_store_equals_the_model(self):
        kept = {found.id: found for found in self.store.assessments()}
        assert kept.keys() == self.given.keys()
        for id_, (of, history) in self.given.items():
            found = kept[id_]
            names = found.collaboration
            assert (names.library, names.party, names.undertaking) == self.collaborations[of]
            assert [(e.kind, e.item, e.value) for e in found.history] == [given[:3] for given in history]
            assert {("response", i): v for i, v in found.responses.items()} | {
                ("note", i): v for i, v in found.notes.items()
            } == state(history)

    def teardown(self):
        self.store.close()
        self.folders.close()


class FileHistory(History):
    """In a file."""

    def made(self):
        self.path = self.folder / "0" / "assessor.db"
        return Store.open(self.path, create=True)

    def opened(self):
        return Store.open(self.path)

    def crash(self):
        crashed = self.folder / f"crashed{self.crashes}"
        shutil.copytree(self.path.parent, crashed)  # as a killed process leaves it: nothing closed
        self.store.close()
        self.path = crashed / "assessor.db"
        self.store = self.opened()

    def backed_up(self, path):
        self.store.backup(path)

    def restored(self, path):
        restore_backup(path, self.path)


class ServerHistory(History):
    """On a server; a backup is a copy in a file, restored into a new database."""

    def made(self):
        self.database = self.cluster.database(self.empty)
        return self.opened()

    def opened(self):
        return Store.open(self.cluster.url(self.database))

    def crash(self):
        self.cluster.end_connections(self.database)  # and the store goes on by itself

    def backed_up(self, path):
        with Store.open(path, create=True) as file:
            self.store.copy_to(file)
            assert file.content_hash() == self.store.content_hash()

    def restored(self, path):
        self.erased.clear()  # the database that remembered is gone
        self.cluster.drop(self.database)
        with self.made() as new, Store.open(path, write=False) as file:
            file.copy_to(new)

    def teardown(self):
        super().teardown()
        self.cluster.drop(self.database)


def state(history) -> dict[tuple[str, str], str]:
    """What holds after a history, written as plainly as can be."""
    found = {}
    for kind, item, value, _ in history:
        found[kind, item] = value
    return {at: value for at, value in found.items() if value}


def few(count: int, steps: int) -> settings:
    return settings(
        max_examples=count, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )


def server_history(cluster, made):
    return type("ServerHistoryHere", (ServerHistory,), {"cluster": cluster, "empty": made})


def test_a_file_equals_the_model():
    run_state_machine_as_test(FileHistory, settings=few(15, 30))


def test_a_server_equals_the_model(cluster, made):
    run_state_machine_as_test(server_history(cluster, made), settings=few(6, 30))


@pytest.mark.campaign
def test_a_file_equals_the_model_through_many_histories():
    run_state_machine_as_test(FileHistory, settings=few(1_000, 80))


@pytest.mark.campaign
def test_a_server_equals_the_model_through_many_histories(cluster, made):
    run_state_machine_as_test(server_history(cluster, made), settings=few(1_000, 80))
