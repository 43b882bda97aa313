"""Limits of the texts people may enter: their length, and characters that no file of ours can hold.

Text is checked against these when it is entered or imported, so that what is stored can always be exported.
"""

import re
from typing import Final

#: Characters of a note.
MAX_NOTE_LENGTH: Final = 4_000

#: Characters of an id.
MAX_ID_LENGTH: Final = 100

#: Characters of a name: a library's, a party's, an undertaking's.
MAX_NAME_LENGTH: Final = 200

# C0 controls but tab, line feed and carriage return; halves of surrogate pairs; U+FFFE and U+FFFF:
# a spreadsheet or a database with one of them may not open again.
_UNFIT_CHARACTERS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def unfit_characters(text: str) -> str:
    """The characters of `text` that no exported file can hold, each once, in order; empty when it is fit."""
    return "".join(dict.fromkeys(_UNFIT_CHARACTERS.findall(text)))
