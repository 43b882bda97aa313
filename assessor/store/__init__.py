"""Where assessments are kept. An up-to-date file is opened with the standard library alone; making one too."""

from assessor.store.errors import StoreMissing
from assessor.store.store import Erased, Store, copy, restore

__all__ = ["Erased", "Store", "StoreMissing", "copy", "restore"]
