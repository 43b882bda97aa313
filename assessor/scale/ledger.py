"""What of a long run is done, so that the same run given again does only the rest.

A folder of outputs holds `assessor-done.jsonl`: a line for each finished output with its name, the key of what it was
made from, and the SHA-256 of its bytes. A line is added after its output stands whole. An output counts as done when
both still agree; a line cut off by a crash is as good as none.
"""

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from assessor.output_files import CannotWrite
from assessor.safe_text import escape_controls

LEDGER_FILE: Final = "assessor-done.jsonl"


@dataclass
class Ledger:
    """The finished outputs of one folder."""

    folder: Path
    _records: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def for_folder(cls, folder: Path) -> "Ledger":
        """The ledger of a folder, which is made where it is lacking; raises `CannotWrite`."""
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
                told = json.loads(line)
                ledger._records[str(told["file"])] = (str(told["key"]), str(told["sha256"]))
        return ledger

    def is_done(self, name: str, key: str) -> bool:
        """Whether an output stands whole and was made from what `key` tells."""
        return self._records.get(name, ("", ""))[0] == key and self.is_unchanged(name)

    def is_unchanged(self, name: str) -> bool:
        """Whether an output stands as an earlier run wrote it, so that it may be written anew."""
        path = self.folder / name
        return name in self._records and path.is_file() and self._records[name][1] == file_digest(path)

    def mark_done(self, name: str, key: str) -> None:
        """An output stands whole."""
        self._records[name] = (key, file_digest(self.folder / name))
        line = json.dumps({"file": name, "key": key, "sha256": self._records[name][1]})
        handle = os.open(self.folder / LEDGER_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            # A line that a crash cut off ends here.
            file.write((("" if file.tell() == 0 else "\n") + line + "\n").encode())


def file_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
