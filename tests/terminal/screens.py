"""A terminal in our hands: the whole program at one end, a screen that can be read at the other."""

import os
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pyte

ROOT = Path(__file__).resolve().parents[2]
UP, DOWN, LEFT, ENTER = "\x1b[A", "\x1b[B", "\x1b[D", "\r"


class Terminal:
    """`assessor` at a terminal of a given size; `raw` holds every byte it sent."""

    def __init__(
        self, *arguments: str, rows: int = 24, columns: int = 80, environment: Mapping[str, str] | None = None
    ) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG"))}
        self.raw = b""
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "assessor", *arguments],
            dimensions=(rows, columns),
            cwd=str(ROOT),
            env={**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", **(environment or {})},  # type: ignore[arg-type]
            timeout=20,
        )
        self._screen = pyte.HistoryScreen(columns, rows, history=5000)
        self._stream = pyte.ByteStream(self._screen)

    def resize(self, rows: int, columns: int) -> None:
        """As somebody drags the window's corner."""
        self.child.setwinsize(rows, columns)
        self._screen.resize(rows, columns)

    def until(self, *texts: str, seconds: float = 20) -> str:
        """The screen once all the texts stand on it."""
        end = time.monotonic() + seconds
        while not all(text in self.screen() for text in texts):
            if time.monotonic() > end or not (self._read(1) or self.child.isalive()):
                missing = [text for text in texts if text not in self.screen()]
                raise AssertionError(f"{missing} did not come on the screen:\n{self.screen()}")
        return self.screen()

    def type(self, *keys: str) -> None:
        """Press keys, one after another, after the pause of somebody who reads what stands there."""
        self.settle()
        for key in keys:
            self.child.send(key)
            time.sleep(0.02)

    def choose(self, label: str) -> None:
        """Move the pointer to the row that holds the label, and press Enter."""
        self.until(label)
        self.settle()
        for _ in range(60):
            if any("»" in row and label in row for row in self.screen().splitlines()):
                self.type(ENTER)
                self.settle()
                return
            self._move_down()
        raise AssertionError(f"the pointer never came to {label!r}:\n{self.screen()}")

    def _move_down(self) -> None:
        """Press the arrow, and read until the pointer stands elsewhere; at a second press where none was taken."""
        before, end = self.screen(), time.monotonic() + 1
        self.child.send(DOWN)
        while self.screen() == before and time.monotonic() < end:
            self._read(0.1)

    def screen(self) -> str:
        """What stands on the screen now."""
        return "\n".join(row.rstrip() for row in self._screen.display).rstrip()

    def ends(self) -> int:
        """Wait for the end; the exit code, or minus the signal's number."""
        end = time.monotonic() + 30
        while (self._read(1) or self.child.isalive()) and time.monotonic() < end:
            pass
        self.child.close()
        if self.child.exitstatus is not None:
            return int(self.child.exitstatus)
        return -int(self.child.signalstatus or 0)

    def close_window(self) -> None:
        """Our end is gone; the program is left to notice, and to be waited for."""
        self.child.ptyproc.fileobj.close()  # by its owner, which would else close a later terminal of the same number
        self.child.ptyproc.closed = self.child.closed = True

    def settle(self) -> None:
        """Read until nothing more comes for a moment."""
        while self._read(0.15):
            pass

    def _read(self, seconds: float = 5) -> bool:
        try:
            sent = self.child.read_nonblocking(65536, timeout=seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        self.raw += sent
        self._stream.feed(sent)
        return True


def text(raw: bytes) -> str:
    """Everything ever sent, without the sequences that move and colour."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.decode("utf-8", "replace"))
