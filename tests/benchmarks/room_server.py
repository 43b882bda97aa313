"""A room with its phones, served as a process of its own: `room_server.py PHONES kept|loose REWRITES`.

Prints one line of JSON once it answers: port, name of the cookie, per phone its token and assessment, and the
workshop. `loose` makes nothing durable; REWRITES is how often the last phone has rewritten a note already.
"""

import json
import sys

from assessor.bank import Bank, open_bank
from assessor.store import Store, sqlite
from assessor.usecases.assessments import GUT, WANTED, new_key
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.participating import Participation
from assessor.web import server
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.listening import LOOPBACK, listen
from assessor.web.http.store_worker import StoreNotices


def fill(store: Store, bank: Bank, phones: int, rewrites: int) -> tuple[str, list[tuple[str, str]]]:
    """The workshop's id, and per phone its token and its assessment, begun with its gut feeling and wanted level."""
    store.add_library("Library")
    collaboration = store.add_collaboration("Library", "School", "Evenings").id
    participation = Participation(store, bank)
    workshop, _secret = Facilitation(store, bank).open("Library", "Room", [collaboration])
    joined = []
    with store.transaction():
        for _each in range(phones):
            respondent, token = participation.join(workshop, name="", language="en", key=new_key())
            loaded = participation.begin(respondent, collaboration)
            loaded = participation.respond(workshop, loaded, GUT, "network", new_key())
            loaded = participation.respond(workshop, loaded, WANTED, "service", new_key())
            joined.append((token, loaded.assessment.id))
        for at in range(rewrites):
            store.record_entry(joined[-1][1], "note", "creation", f"{at} " + 1000 * "a", key=new_key())
    return workshop.id, joined


def main(phones: int, durability: str, rewrites: int) -> None:
    bank = open_bank("dokk1")
    with Store.open() as store:
        workshop, joined = fill(store, bank, phones, rewrites)
    if durability == "loose":  # the same pages, with nothing made durable: what the disk costs is the difference
        sqlite.PRAGMAS = ("PRAGMA synchronous=OFF", *sqlite.PRAGMAS[1:])
    listening = listen(0)
    port = listening.getsockname()[1]
    deployment = Deployment(
        audience=Audience.LOCAL_NETWORK,
        host_names=frozenset({LOOPBACK}),
        base_url=f"http://{LOOPBACK}:{port}",
        port=port,
    )
    services = server.workshop_services(None, deployment, bank=bank, language="en", notices=StoreNotices())
    told = {"port": port, "cookie": deployment.cookie_name(), "phones": joined, "workshop": workshop}

    def announce() -> None:
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()

    server.serve_workshops(lambda: services, [[listening]], announce)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
