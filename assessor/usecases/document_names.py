"""What the files of documents are called where nobody has named them: the same from every face.

A name says whose it is, what it is in the document's own language, and the day. It is data: `output_files` makes a
plain file name of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from assessor.errors import N_
from assessor.language import load_translations
from assessor.output_files import MOST_CHARACTERS

_WORDS: Final[Mapping[str, str]] = {
    "report": N_("report"),
    "together": N_("libraries together"),
    "wall": N_("wall sheet"),
    "form": N_("form"),
    "cards": N_("cards"),
    "poster": N_("poster"),
    "guide": N_("guide"),
    "template": N_("template"),
    "answers": N_("answers"),
}

#: Left free for the ending, and for a number where there is such a file already.
_ROOM_AFTER: Final = 10


def document_word(kind: str, language: str) -> str:
    """What a kind of document is called in a language."""
    return load_translations(language).gettext(_WORDS[kind])


def document_name(what: str, day: date, *names: str) -> str:
    """The name of a file without its ending: names, what it is, and the day, which stays whole in the longest."""
    rest = f"{what} {day.isoformat()}"
    given = [name for name in names if name]
    room = MOST_CHARACTERS - _ROOM_AFTER - len(rest) - len(given)
    while sum(map(len, given)) > room and max(map(len, given)):
        longest = max(range(len(given)), key=lambda index: len(given[index]))
        given[longest] = given[longest][:-1].rstrip()
    return " ".join([*given, rest])
