"""What the tests of workshops share: a room with people in it, at browsers without a screen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.testclient import TestClient
from web_pages import LIBRARY, SERVICE, Person

from assessor.bank import LatestBank, open_bank
from assessor.core.workshop import Workshop
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.web.app import create_app
from assessor.web.http.deployment import Audience, Deployment
from assessor.web.http.request_context import ServerConfig
from assessor.web.http.store_worker import StoreWorker
from assessor.web.services import Services

ROOM = Deployment(
    audience=Audience.LOCAL_NETWORK,
    host_names=frozenset({"room.example", "127.0.0.1"}),
    base_url="http://room.example:8720",
    port=8720,
)
HOSTED = Deployment(
    audience=Audience.HOSTED, host_names=frozenset({"workshops.example"}), base_url="https://workshops.example"
)


@dataclass
class Opened:
    """A workshop as it was opened, its collaborations, and the secret of who leads it."""

    workshop: Workshop
    secret: str
    collaborations: tuple[str, ...]

    @property
    def door(self) -> str:
        return f"/j/{self.workshop.code}"


def opened(name: str = "The example morning", *parties: str, open_store: Callable[[], Store] = Store.open) -> Opened:
    """A workshop on "Example School · Evenings", and with other parties."""
    with open_store() as store:
        store.add_library(LIBRARY)
        listed = [store.add_collaboration(LIBRARY, "Example School", "Evenings").id]
        listed += [store.add_collaboration(LIBRARY, party).id for party in parties]
        workshop, secret = Facilitation(store, open_bank("dokk1")).open(LIBRARY, name, listed)
    return Opened(workshop, secret, tuple(listed))


def house(setting: Deployment = ROOM, open_store: Callable[[], Store] = Store.open) -> Services:
    """The pages for workshops over the store of this test."""
    return Services(
        ServerConfig(bank=LatestBank(open_bank("dokk1")), deployment=setting, contact="The example help desk"),
        StoreWorker(open_store, idle_seconds=None),
    )


@dataclass
class Building:
    """The pages, asked by as many browsers as a test wants; each keeps its own cookies."""

    house: Services
    first: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.house.deployment.base_url.replace(":8720", "")
        self.first = TestClient(create_app(self.house), base_url=self.base)

    def browser(self, address: str = "198.51.100.7", **headers: str) -> Person:
        client = TestClient(
            self.first.app,
            base_url=self.base,
            follow_redirects=False,
            client=(address, 50_000),
            headers={"accept-language": "en", **headers},
        )
        client.portal = self.first.portal
        return Person(client)

    def participant(self, of: Opened, **how: str) -> Person:
        person = self.browser(**how)
        assert person.fill(of.door, action=of.door).status_code == 303
        return person

    def leader(self, of: Opened, **how: str) -> Person:
        person = self.browser(**how)
        assert person.fill(f"/lead/{of.secret}").status_code == 303
        return person

    def begun(self, person: Person, collaboration: str) -> str:
        """The address of a participant's assessment, nothing answered."""
        return str(person.fill("/", action=f"/c/{collaboration}/begin").headers["location"])

    def answered(self, person: Person, collaboration: str) -> str:
        """The same with everything answered."""
        of = self.begun(person, collaboration)
        person.fill(f"{of}/gut", ("response", "network"))
        person.fill(f"{of}/wanted", ("response", "service"))
        for item, option in SERVICE.items():
            person.fill(f"{of}/q/{item}", ("response", option))
        person.fill(f"{of}/gains", ("response", "<none>"))
        return of
