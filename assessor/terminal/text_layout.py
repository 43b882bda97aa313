"""Lines fitted to a window: wrapped by words, by columns as wide as they show, in letters the terminal can show."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from assessor.safe_text import safe
from assessor.terminal.face import Line

#: Wider text is hard to read, however wide the window.
WIDEST = 80

#: Line breaks in a text are blanks here: a paragraph runs on.
_BLANKS = re.compile(r"[ \t\r\n]+")

#: For terminals that know no more than ASCII or a Windows code page; other letters lose their marks.
_SPOKEN = {
    "→": "->", "·": "-", "–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "”": '"', "“": '"', "«": '"', "»": ">",
    "✓": "+", "✗": "-", "▲": "^", "■": "#", "●": "*", "◇": "o", "•": "*", "─": "-", "━": "=", "‹": "<", "›": ">",
    "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ß": "ss", "€": "EUR",
}  # fmt: skip


def columns(text: str) -> int:
    """How many columns a text takes."""
    return sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shown(text: str, encoding: str = "utf-8") -> str:
    """The text as this terminal can show it: nothing in it acts, and every letter is one that `encoding` has."""
    return "".join(_spoken(char, encoding) for char in safe(text))


def _spoken(char: str, encoding: str) -> str:
    if char.isascii() or _has(encoding, char):
        return char
    bare = _SPOKEN.get(char) or "".join(c for c in unicodedata.normalize("NFKD", char) if c.isascii())
    return bare or "?"


def _has(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def wrapped(line: Line, width: int, encoding: str = "utf-8") -> list[str]:
    """The line's rows, none wider than `width` unless the lead alone is."""
    lead = shown(line.lead, encoding)
    room = max(width - columns(lead), 8)
    words = [shown(word, encoding) for word in _BLANKS.split(line.text) if word]
    rows = list(_rows(words, room)) or [""]
    set_in = " " * columns(lead)
    return [f"{lead}{rows[0]}".rstrip(), *(f"{set_in}{row}" for row in rows[1:])]


def parted(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """The lines in parts, each beginning with an empty line but perhaps the first."""
    part: list[Line] = []
    for line in lines:
        if part and not line.text and not line.lead:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _rows(words: list[str], room: int) -> Iterator[str]:
    row = ""
    for word in chain.from_iterable(_pieces(word, room) for word in words):
        if row and columns(row) + 1 + columns(word) > room:
            yield row
            row = word
        else:
            row = f"{row} {word}" if row else word
    if row:
        yield row


def _pieces(word: str, room: int) -> Iterator[str]:
    """A word too long for a row, cut where the row ends."""
    piece = ""
    for char in word:
        if piece and columns(piece) + _columns(char) > room:
            yield piece
            piece = ""
        piece += char
    yield piece


def heard(typed: str) -> str:
    """What was typed, as text: bytes that the locale could not read are read as UTF-8, else as Windows letters."""
    if not any("\udc80" <= char <= "\udcff" for char in typed):
        return typed
    raw = typed.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
