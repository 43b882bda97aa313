"""A database that goes away under a workshop: phones try again and keep what was typed."""

from dataclasses import replace

import cluster
from web_pages import LIBRARY, sheet
from web_rooms import Building, Opened, house

from assessor.bank import open_bank
from assessor.store import Store, server_database
from assessor.usecases.assessments import new_key
from assessor.usecases.facilitating import Facilitation
from assessor.web.http.store_worker import StoreWorker

NOTE = "A <candid> thought"


def test_what_was_typed_while_the_database_was_away_is_saved_once_it_is_back(monkeypatch, caplog):
    monkeypatch.setattr(server_database, "RETRY_SECONDS", 0.2)
    with cluster.running() as server:
        url = server.url(server.database())
        with Store.open(url, create=True) as store:
            store.add_library(LIBRARY)
            listed = store.add_collaboration(LIBRARY, "Example School").id
            workshop, secret = Facilitation(store, open_bank("dokk1")).open(LIBRARY, "The example day", [listed])
        room = Opened(workshop, secret, (listed,))
        building = Building(replace(house(), store_worker=StoreWorker(lambda: Store.open(url), idle_seconds=None)))
        with building.first:
            member = building.participant(room)
            of = building.begun(member, listed)
            server.stop()
            refused = member.post(f"{of}/note", [("key", new_key()), ("seen", "0"), ("note", NOTE)])
            page = member.get("/")
            server.start()
            again = sheet(refused.text).forms[-1]
            sent = member.post(str(again["action"]), again["fields"])
        with Store.open(url, write=False) as store:
            (kept,) = store.assessments_in_workshop(workshop.id)

    told = (refused, page)
    assert [(each.status_code, each.headers.get("retry-after")) for each in told] == [(503, "5")] * 2
    assert [word for word in ("postgresql", "database", url) for each in told if word in each.text] == []
    assert "A &lt;candid&gt; thought" in refused.text
    assert ">Try again</a>" in page.text
    assert (sent.status_code, kept.notes) == (303, {"": NOTE})
    assert "candid" not in caplog.text
