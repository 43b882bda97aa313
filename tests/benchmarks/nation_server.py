"""Libraries with keys, served as a service does: `nation_server.py URL LIBRARIES WORKERS REPORTING`.

Prints one line of JSON once it answers: its port, and for each library its id, the cookie of its steward's browser, and
an assessment in which the gut feeling was given and how much is asked chosen. The first REPORTING libraries have the
collaborations of the example library besides, with all their answers.
"""

import json
import sys
from functools import partial

from assessor.bank import Bank, open_bank
from assessor.store import Store
from assessor.usecases.assessments import GUT, Assessments, new_key
from assessor.usecases.library_access import Keys
from assessor.usecases.reporting import example_report
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.listening import listening_sockets
from assessor.web.http.store_worker import StoreNotices
from assessor.web.server import serve_workshops, workshop_services

HOST = "libraries.example"


def fill(store: Store, bank: Bank, libraries: int) -> list[tuple[str, str, str]]:
    """For each library its id, its steward's token and its assessment."""
    keys = Keys(store)
    entered = []
    for given in keys.give_keys(f"Library {number}" for number in range(libraries)):
        opened = keys.open(given.secret, new_key(), "")
        assert opened
        assessments = Assessments(store, given.library_name, bank)
        collaboration = store.add_collaboration(given.library_name, "School", "Evenings")
        loaded = assessments.begin(collaboration)
        loaded = assessments.respond(loaded, GUT, "network", new_key())
        entered.append((given.library, opened[1], loaded.assessment.id))
    return entered


def add_example(store: Store, bank: Bank, library: str) -> None:
    """The collaborations of the example library, answered."""
    assessments = Assessments(store, library, bank)
    with store.transaction():
        for row in example_report(bank, "en").rows:
            names = row.assessment.collaboration
            loaded = assessments.begin(store.add_collaboration(library, names.party, names.undertaking))
            for item, option in row.assessment.responses.items():
                loaded = assessments.respond(loaded, item, option, new_key())


def main(url: str, libraries: int, workers: int, reporting: int) -> None:
    bank = open_bank("dokk1")
    with Store.open(url, create=True) as store:
        entered = fill(store, bank, libraries)
        for number in range(reporting):
            add_example(store, bank, f"Library {number}")
    deployment = Deployment(
        audience=Audience.HOSTED, host_names=frozenset({HOST}), base_url=f"https://{HOST}", port=443
    )
    make_services = partial(
        workshop_services, url, deployment, bank=bank, language="en", contact="", notices=StoreNotices()
    )
    with listening_sockets(0, "127.0.0.1", workers) as sockets:
        told = {
            "port": sockets[0].getsockname()[1],
            "libraries": [
                (library, f"{deployment.library_cookie_name(library)}={token}", assessment)
                for library, token, assessment in entered
            ],
        }

        def announce() -> None:
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

        serve_workshops(make_services, [[listening] for listening in sockets], announce)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
