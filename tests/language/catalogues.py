"""The interface's words in every language: what there is to say, what is said, and all catalogues made anew.

    python tests/language/catalogues.py            renew every catalogue and compile it
    python tests/language/catalogues.py left [fi]  print what has no translation yet

A language has one catalogue, so that terminal, pages and documents say the same thing in the same words. Renewing
adds new messages of the code and the templates with an empty translation, drops those that are gone, and compiles.
A variant (sv_FI) holds only what it says otherwise than its base. Words of click stand among the messages, marked so:
click looks them up there.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from assessor.language import DOMAIN, LANGUAGES, LOCALE_FOLDER

PACKAGE: Final = LOCALE_FOLDER.parent
TEMPLATES: Final = PACKAGE.parent / "report_templates"
CLICK: Final = "click"
#: English is the language of the messages themselves.
TRANSLATED: Final = tuple(each for each in LANGUAGES if each != "en")
#: Languages that lie over another one and hold only what differs.
VARIANTS: Final = tuple(each for each in TRANSLATED if "_" in each)
WHOLE: Final = tuple(each for each in TRANSLATED if each not in VARIANTS)
#: The functions that mark a text as a message.
MARKS: Final = {**DEFAULT_KEYWORDS, "N_": None, "pgettext": ((1, "c"), 2)}
#: What `Messages` says through, and the templates that are handed it.
SAID: Final = {**MARKS, "say": None, "count": (1, 2), "n_": (1, 2)}
#: The packages that speak through `Messages`; elsewhere the names of its methods mean other things.
SPEAKING: Final = ("presentation", "report", "terminal", "web")

#: A message by its context and its (singular) text.
Key = tuple[str | None, str]
#: A message, or one for one and one for many.
Id = str | tuple[str, ...]


def key(message: Message) -> Key:
    """What a message is looked up by."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


@cache
def said() -> dict[Key, Id]:
    """Each message that the code and the templates ask to be translated."""
    found: Iterator[Any] = chain(
        extract_from_dir(PACKAGE, [("**.py", "python")], keywords=MARKS),
        *(extract_from_dir(PACKAGE / each, [("**.py", "python")], keywords=SAID) for each in SPEAKING),
        extract_from_dir(TEMPLATES, [("**.j2", "jinja2.ext:babel_extract")], keywords=SAID),
    )
    return {(context, id if isinstance(id, str) else id[0]): id for _, _, id, _, context in found}


def po(language: str) -> Path:
    """The file with a language's translations."""
    return LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(language: str) -> Catalog:
    """The translations as they are written; empty where there are none yet."""
    path = po(language)
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def kept(language: str) -> dict[Key, Message]:
    """The messages that are written in a catalogue."""
    return {key(message): message for message in catalogue(language) if message.id}


def of_click() -> dict[Key, Id]:
    """The messages of click that we translate: those that stand in the Swedish catalogue."""
    return {each: message.id for each, message in kept("sv").items() if CLICK in message.auto_comments}


def renewed(language: str) -> Catalog:
    """The catalogue with what is said now."""
    new, old = _empty(language), kept(language)
    for each, id in sorted(said().items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        _add(new, each, id, old)
    for each, id in of_click().items():
        _add(new, each, id, old, [CLICK])
    return new


def _add(new: Catalog, each: Key, id: Id, old: Mapping[Key, Message], comments: Sequence[str] = ()) -> None:
    """A message with its translation; a variant has only those that are written."""
    string = old[each].string if each in old and old[each].id == id else ""
    if any(string) or new.locale_identifier not in VARIANTS:
        empty = "" if isinstance(id, str) else ("", "")
        new.add(id, string if any(string) else empty, context=each[0], auto_comments=comments)


def left(language: str) -> list[Id]:
    """What has no translation yet."""
    return [message.id for message in renewed(language) if message.id and not _whole(message)]


def _whole(message: Message) -> bool:
    strings = (message.string,) if isinstance(message.string, str) else message.string
    return all(strings) and not message.fuzzy


def _empty(language: str) -> Catalog:
    same = datetime(2026, 1, 1, tzinfo=UTC)  # the files change only when the words do
    return Catalog(
        locale=language,
        header_comment=f"# The interface in {language}; python tests/language/catalogues.py renews and compiles it.",
        project="assessor",
        version="1",
        msgid_bugs_address="none",
        last_translator="assessor",
        language_team=language,
        creation_date=same,
        revision_date=same,
        fuzzy=False,
    )


def write(catalog: Catalog, path: Path) -> None:
    """Both files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=0)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main(arguments: list[str]) -> None:
    """Renew everything, or print what is left."""
    if arguments[:1] == ["left"]:
        for language in arguments[1:] or WHOLE:
            for id in left(language):
                print(language, repr(id))
        return
    for catalog, path in [(renewed(language), po(language)) for language in TRANSLATED]:
        write(catalog, path)


if __name__ == "__main__":
    main(sys.argv[1:])
