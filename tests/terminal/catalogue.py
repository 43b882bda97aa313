"""The interface's words in Swedish: what there is to say, what is said, and both files made anew.

    python tests/terminal/catalogue.py

takes new messages of the code into messages.po with an empty translation, drops those that are gone, and compiles
messages.mo. Words of click that stand in the file (marked so) are kept: click looks them up in the same catalogue.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE: Final = Path(__file__).resolve().parents[2] / "assessor"
PO: Final = PACKAGE / "locale" / "sv" / "LC_MESSAGES" / "messages.po"
CLICK: Final = "click"
#: The functions that mark a text as a message.
MARKS: Final = {**DEFAULT_KEYWORDS, "N_": None, "pgettext": ((1, "c"), 2)}
#: A message by its context and its (singular) text.
Key = tuple[str | None, str]


def key(message: Message) -> Key:
    """What a message is looked up by."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def said_in_code() -> Iterator[tuple[Key, Any]]:
    """Each message that the code asks to be translated."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")], keywords=MARKS)
    for _file, _line, id, _comments, context in found:
        yield (context, id if isinstance(id, str) else id[0]), id


def catalogue(path: Path = PO) -> Catalog:
    """The translations as they are written."""
    with path.open("rb") as file:
        return read_po(file, locale="sv")


def renewed(old: Catalog) -> Catalog:
    """The catalogue with what the code says now, and click's words as they were."""
    kept = {key(message): message for message in old if message.id}
    new = _empty()
    for each, id in sorted(dict(said_in_code()).items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        string = kept[each].string if each in kept else ("" if isinstance(id, str) else ("", ""))
        new.add(id, string, context=each[0])
    for message in kept.values():
        if CLICK in message.auto_comments:
            new.add(message.id, message.string, auto_comments=[CLICK])
    return new


def _empty() -> Catalog:
    same = datetime(2026, 1, 1, tzinfo=UTC)  # the files change only when the words do
    return Catalog(
        locale="sv",
        header_comment="# The interface in Swedish; python tests/terminal/catalogue.py renews and compiles it.",
        project="assessor",
        version="1",
        msgid_bugs_address="none",
        last_translator="assessor",
        language_team="sv",
        creation_date=same,
        revision_date=same,
        fuzzy=False,
    )


def write(catalog: Catalog, po: Path = PO) -> None:
    """Both files."""
    with po.open("wb") as file:
        write_po(file, catalog, width=0)
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


if __name__ == "__main__":
    write(renewed(catalogue()))
