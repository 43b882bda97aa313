"""A database behind a URL: opened by it, checked like a file, and left to its own server's backups."""

import pytest
import sqlalchemy as sa

from assessor.store import Store
from assessor.store.errors import ServerKeepsBackups, StoreNewer


def test_a_url_opens_what_an_earlier_opening_kept(tmp_path, instrument):
    url = f"sqlite+pysqlite:///{tmp_path}/served.db"
    with Store.open(url) as store:
        id_ = store.begin(store.add_collaboration("Provbiblioteket", "Parten").id, instrument, "{}")
        store.record(id_, "response", "creation", "joint", key="1")
        digest = store.content_hash()

    with Store.open(url) as store:
        assert (store.content_hash(), store.path, store.cloud) == (digest, None, None)


def test_a_servers_backups_are_its_own_business(tmp_path):
    with Store.open(f"sqlite+pysqlite:///{tmp_path}/served.db") as store, pytest.raises(ServerKeepsBackups) as caught:
        store.backup()

    assert "use its own tools" in str(caught.value)


def test_a_newer_schema_behind_a_url_is_refused(tmp_path):
    url = f"sqlite+pysqlite:///{tmp_path}/served.db"
    Store.open(url).close()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreNewer, match=r"update assessor$"):
        Store.open(url)
