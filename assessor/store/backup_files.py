"""Where the backups of a store lie, by what names, and until when they may be kept.

Reads names only; what makes, restores and removes backups stands in `backups`, which needs SQLite for it.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from assessor.store import store_files

#: How long a backup may be kept; only stated, as a clock that is wrong must not delete anything.
RETENTION: Final = timedelta(days=30)

_NAME_PATTERN: Final = re.compile(r"assessor-(\d{8}-\d{6})(-\d+)?(-replaced)?\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy in the store's own folder of backups."""

    path: Path
    #: Read from its name, in UTC; the file's own times change when it is copied.
    made_at: datetime

    @property
    def expires_at(self) -> datetime:
        """When it should be removed."""
        return self.made_at + RETENTION


def backup_folder(store: Path) -> Path:
    """The folder for the backups of a store, whether or not it exists."""
    return store.parent / "backups"


def list_backups(store: Path) -> tuple[Backup, ...]:
    """The dated backups of a store, the latest last; other files in the folder are passed over."""
    if not backup_folder(store).is_dir():
        return ()
    named = ((path, _NAME_PATTERN.fullmatch(path.name)) for path in backup_folder(store).iterdir())
    backups = (Backup(path, _parse_stamp(match[1])) for path, match in named if match)
    return tuple(sorted(backups, key=lambda backup: (backup.made_at, len(backup.path.name), backup.path.name)))


def last_backup(store: Path) -> str:
    """The path of the last backup, for a message; empty when there is none or the folder cannot be read."""
    with suppress(OSError):
        backups = list_backups(store)
        return store_files.display_path(backups[-1].path) if backups else ""
    return ""


def _parse_stamp(stamp: str) -> datetime:
    """The moment in a file's name; 1970 where it is not a date, so that such a file sorts first."""
    with suppress(ValueError):
        return datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return datetime.fromtimestamp(0, UTC)
