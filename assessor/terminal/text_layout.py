"""Lines fitted to a window: wrapped by words, by columns as wide as they show, in letters the terminal can show.

`textwrap` counts characters, and a Chinese one takes two columns, a combining one none. Besides, text from people has
to be made safe before it is measured, as an escaped character is longer than the one it stands for.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain

from assessor.safe_text import escape_controls
from assessor.terminal.face import Paragraph

#: Wider text is hard to read, however wide the window.
MOST_COLUMNS = 80

#: Line breaks in a text are blanks here: a paragraph runs on.
_BLANKS = re.compile(r"[ \t\r\n]+")

#: For terminals that know no more than ASCII or a Windows code page; other letters lose their marks.
_REPLACEMENTS = {
    "→": "->", "·": "-", "–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "”": '"', "“": '"', "«": '"', "»": ">",
    "✓": "+", "✗": "-", "▲": "^", "■": "#", "●": "*", "◆": "^", "○": "o", "◇": "o", "•": "*",
    "─": "-", "━": "=", "‹": "<", "›": ">",
    "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ß": "ss", "€": "EUR",
}  # fmt: skip


def display_width(text: str) -> int:
    """The columns that a text takes."""
    return sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def displayable_text(text: str, encoding: str = "utf-8") -> str:
    """The text as this terminal can show it: nothing in it acts, and every letter is one that `encoding` has."""
    return "".join(_displayable_char(char, encoding) for char in escape_controls(text))


def _displayable_char(char: str, encoding: str) -> str:
    """The character, or a likeness of it in ASCII where the encoding lacks it; `?` where there is none."""
    if char.isascii() or _can_encode(encoding, char):
        return char
    bare = _REPLACEMENTS.get(char) or "".join(c for c in unicodedata.normalize("NFKD", char) if c.isascii())
    return bare or "?"


def _can_encode(encoding: str, char: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def wrap_paragraph(line: Paragraph, width: int, encoding: str = "utf-8") -> list[str]:
    """The paragraph's rows, none wider than `width` columns; eight are kept for text beside a long prefix."""
    lead = displayable_text(line.prefix, encoding)
    room = max(width - display_width(lead), 8)
    words = [displayable_text(word, encoding) for word in _BLANKS.split(line.text) if word]
    rows = list(_wrap_words(words, room)) or [""]
    indent = " " * display_width(lead)
    return [f"{lead}{rows[0]}".rstrip(), *(f"{indent}{row}" for row in rows[1:])]


def split_sections(lines: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    """The lines in sections, each of which begins with an empty line, except perhaps the first."""
    part: list[Paragraph] = []
    for line in lines:
        if part and not line.text and not line.prefix:
            yield part
            part = []
        part.append(line)
    if part:
        yield part


def _wrap_words(words: list[str], room: int) -> Iterator[str]:
    row = ""
    for word in chain.from_iterable(_split_word(word, room) for word in words):
        if row and display_width(row) + 1 + display_width(word) > room:
            yield row
            row = word
        else:
            row = f"{row} {word}" if row else word
    if row:
        yield row


def _split_word(word: str, room: int) -> Iterator[str]:
    """A word too long for a row, cut where the row ends."""
    piece = ""
    for char in word:
        if piece and display_width(piece) + _char_width(char) > room:
            yield piece
            piece = ""
        piece += char
    yield piece


def decode_typed(typed: str) -> str:
    """What was typed, as text: bytes that the locale could not read are read as UTF-8, else as Windows-1252."""
    if not any("\udc80" <= char <= "\udcff" for char in typed):
        return typed
    raw = typed.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
