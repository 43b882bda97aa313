"""Where assessments are kept: in one SQLite file by default, in a PostgreSQL database where somebody names one.

`Store` is what the rest of the program sees. Below it, `Database` is the seam between a file (`sqlite_file` on
`sqlite`) and a server (`server_database` on `postgresql`); `statements` holds the SQL that both share. An up-to-date
file is opened, or a new one made, with the standard library alone: SQLAlchemy and Alembic are imported for servers and
upgrades only, and the names below when they are asked for, since a report of the example needs none of them. What
responses mean is no concern of this package; `core` decides that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assessor.store.erasures import LeftOut
    from assessor.store.errors import StoreMissing
    from assessor.store.retention import Erasure, Expiry
    from assessor.store.store import Restoration, Store, copy_store, restore_backup

__all__ = [
    "Erasure",
    "Expiry",
    "LeftOut",
    "Restoration",
    "Store",
    "StoreMissing",
    "copy_store",
    "restore_backup",
]

_MODULES = {"Erasure": "retention", "Expiry": "retention", "LeftOut": "erasures", "StoreMissing": "errors"}


def __getattr__(name: str) -> Any:
    """One of the names above, from its module."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'store')}"), name)
