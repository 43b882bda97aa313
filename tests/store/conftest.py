"""What the store's tests share: a small instrument, and every kind of store to hold the same claims against."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cluster as postgresql
import pytest

from assessor.core.instrument import Instrument, Item, Outcome
from assessor.store import Store

SNAPSHOT = '{"items": ["creation", "payment"]}'


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system has such a folder: what is claimed here does not hang on how slow a disk is."""
    memory = Path("/dev/shm")  # noqa: S108
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as name:
        yield Path(name)


@pytest.fixture
def instrument() -> Instrument:
    items = (Item(id="creation", options=("ready", "joint")), Item(id="payment", options=("none", "we_pay")))
    return Instrument(id="demo", version="1", digest="abc", items=items, outcomes=(Outcome(id="outside"),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a store that is not there yet."""
    return tmp_path / "kept" / "assessor.db"


Open = Callable[[], Store]


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    """A PostgreSQL server of this process's own."""
    with postgresql.running() as started:
        yield started


@pytest.fixture(scope="session")
def made(cluster: postgresql.Cluster) -> str:
    """A database with an empty store in it, to make others from."""
    name = cluster.database()
    Store.open(cluster.url(name)).close()
    return name


@pytest.fixture
def database(cluster: postgresql.Cluster, made: str) -> Iterator[str]:
    """The name of a database with an empty store."""
    name = cluster.database(made)
    yield name
    cluster.drop(name)


@pytest.fixture
def url(cluster: postgresql.Cluster, database: str) -> str:
    """Of a server's database with an empty store."""
    return cluster.url(database)


@pytest.fixture(params=["file", "sqlalchemy", "postgresql"])
def open_store(request: pytest.FixtureRequest, path: Path) -> Iterator[Open]:
    """Opens the same store again and again: a file by the standard library or SQLAlchemy, a database of a server."""
    path.parent.mkdir()
    opened: list[Store] = []
    url = request.getfixturevalue("url") if request.param == "postgresql" else f"sqlite+pysqlite:///{path}"

    def again() -> Store:
        opened.append(Store.open(path, create=True) if request.param == "file" else Store.open(url))
        return opened[-1]

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Open) -> Store:
    return open_store()


@pytest.fixture
def kept(path: Path) -> Iterator[Store]:
    """A store in a file."""
    with Store.open(path, create=True) as opened:
        yield opened


@pytest.fixture
def begun(kept: Store, instrument: Instrument) -> str:
    """An assessment in the store in a file."""
    collaboration = kept.add_collaboration("Provbiblioteket", "Exempelföreningen", "Läsning ute")
    return kept.begin_assessment(collaboration.id, instrument, SNAPSHOT)
