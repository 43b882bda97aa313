"""Where the backups of a store lie, by what names, and until when they may be kept.

Reads names only; what makes, restores and removes backups stands in `backups`.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from assessor.store import store_files

#: How long a backup may be kept; told, never enforced by a clock that may be wrong.
RETENTION: Final = timedelta(days=30)

_NAME_PATTERN: Final = re.compile(r"assessor-(\d{8}-\d{6})(-\d+)?(-replaced)?\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy in the store's own folder of backups."""

    path: Path
    #: By its name, in UTC.
    made_at: datetime

    @property
    def expires_at(self) -> datetime:
        """From when on it should be removed."""
        return self.made_at + RETENTION


def backup_folder(store: Path) -> Path:
    """Where the backups of a store lie; not made here."""
    return store.parent / "backups"


def list_backups(store: Path) -> tuple[Backup, ...]:
    """The dated backups of a store, the latest last."""
    if not backup_folder(store).is_dir():
        return ()
    named = ((path, _NAME_PATTERN.fullmatch(path.name)) for path in backup_folder(store).iterdir())
    found = (Backup(path, _parse_stamp(match[1])) for path, match in named if match)
    return tuple(sorted(found, key=lambda backup: (backup.made_at, len(backup.path.name), backup.path.name)))


def last_backup(store: Path) -> str:
    """Where the last backup of a store lies, to be told; empty when there is none."""
    with suppress(OSError):
        found = list_backups(store)
        return store_files.display_path(found[-1].path) if found else ""
    return ""


def _parse_stamp(stamp: str) -> datetime:
    with suppress(ValueError):
        return datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return datetime.fromtimestamp(0, UTC)
