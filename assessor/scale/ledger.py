"""What of a long run is done, so that the same run given again does only the rest.

A folder of outputs holds `assessor-done.jsonl`: a line for each finished output with its name, the key of what it was
made from, and the SHA-256 of its bytes. A line is added after its output stands whole. An output counts as done when
both still agree; a line cut off by a crash counts as absent. An output that a person has changed since is therefore
neither done nor safe to overwrite: `is_unchanged` tells the caller which.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assessor.output_files import CannotWrite
from assessor.platform_calls import SAFE_OPEN
from assessor.safe_text import escape_controls

LEDGER_FILE: Final = "assessor-done.jsonl"


@dataclass
class Ledger:
    """The finished outputs of one folder; one process writes it at a time."""

    folder: Path
    #: By the output's name: the key of what it was made from, and its digest.
    _records: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def for_folder(cls, folder: Path) -> "Ledger":
        """The ledger of a folder, which is made where it is lacking; lines that cannot be read are passed over.

        Raises `CannotWrite`.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = folder / LEDGER_FILE
            text = file.read_text("utf-8", "replace") if file.exists() else ""
        except OSError as error:
            raise CannotWrite(
                path=escape_controls(str(folder)), reason=error.strerror or type(error).__name__
            ) from error
        ledger = cls(folder)
        for line in text.splitlines():
            with suppress(ValueError, KeyError, TypeError):
                record = json.loads(line)
                ledger._records[str(record["file"])] = (str(record["key"]), str(record["sha256"]))
        return ledger

    def is_done(self, name: str, key: str) -> bool:
        """Whether an output stands as written and was made from the input that `key` identifies."""
        return self._records.get(name, ("", ""))[0] == key and self.is_unchanged(name)

    def is_unchanged(self, name: str) -> bool:
        """Whether an output is still as an earlier run wrote it, so that it may be overwritten."""
        path = self.folder / name
        return name in self._records and path.is_file() and self._records[name][1] == file_digest(path)

    def mark_done(self, name: str, key: str) -> None:
        """Record an output that stands whole.

        Its line is appended at once, so that a crash costs one output at most.
        """
        self._records[name] = (key, file_digest(self.folder / name))
        line = json.dumps({"file": name, "key": key, "sha256": self._records[name][1]})
        handle = os.open(self.folder / LEDGER_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFE_OPEN, 0o600)
        with os.fdopen(handle, "ab") as file:
            # A blank line is harmless, and ends one that a crash cut off.
            file.write((("" if file.tell() == 0 else "\n") + line + "\n").encode())


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
