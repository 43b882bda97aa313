"""Where assessments are kept. An up-to-date file is opened with the standard library alone; making one too."""

from assessor.store.errors import StoreMissing
from assessor.store.store import Erasure, Store, copy_store, restore_backup

__all__ = ["Erasure", "Store", "StoreMissing", "copy_store", "restore_backup"]
