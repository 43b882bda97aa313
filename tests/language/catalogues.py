"""The interface's words in every language: what there is to say, what is said, and all catalogues made anew.

    python tests/language/catalogues.py            renew every catalogue and compile it
    python tests/language/catalogues.py left [fi]  print what has no translation yet

Renewing takes new messages of the code and the templates in, with the translation that another domain of the same
language has for them or with an empty one, drops those that are gone, and compiles. A variant (sv_FI) holds only what
it says otherwise than its base. Words of click stand among the messages, marked so: click looks them up there.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from assessor.language import LANGUAGES, LOCALE_FOLDER

PACKAGE: Final = LOCALE_FOLDER.parent
TEMPLATES: Final = PACKAGE.parent / "report_templates"
DOMAINS: Final = ("messages", "report", "web")
CLICK: Final = "click"
#: English is the language of the messages themselves.
TRANSLATED: Final = tuple(each for each in LANGUAGES if each != "en")
#: Languages that lie over another one and hold only what differs.
VARIANTS: Final = tuple(each for each in TRANSLATED if "_" in each)
WHOLE: Final = tuple(each for each in TRANSLATED if each not in VARIANTS)
#: The functions that mark a text as a message of the program.
MARKS: Final = {**DEFAULT_KEYWORDS, "N_": None, "pgettext": ((1, "c"), 2)}
#: What reports and pages say through.
SAID: Final = {"say": None, "said": None, "count": (1, 2), "_": None, "n_": (1, 2)}
#: The folders of templates that a browser is shown; all others are documents.
PAGES: Final = ("web",)

#: A message by its context and its (singular) text.
Key = tuple[str | None, str]
#: A message, or one for one and one for many.
Id = str | tuple[str, ...]


def key(message: Message) -> Key:
    """What a message is looked up by."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


@cache
def said(domain: str) -> dict[Key, Id]:
    """Each message that the code and the templates of a domain ask to be translated."""
    found = {"messages": _of_program, "report": _of_documents, "web": _of_pages}[domain]()
    return {(context, id if isinstance(id, str) else id[0]): id for _, _, id, _, context in found}


def _of_program() -> Iterator[Any]:
    yield from extract_from_dir(PACKAGE, [("**.py", "python")], keywords=MARKS)


def _of_documents() -> Iterator[Any]:
    for folder in ("presentation", "report"):
        yield from extract_from_dir(PACKAGE / folder, [("**.py", "python")], keywords={**SAID, "N_": None})
    for folder in sorted(each for each in TEMPLATES.iterdir() if each.is_dir() and each.name not in PAGES):
        yield from _of_templates(folder)


def _of_pages() -> Iterator[Any]:
    yield from extract_from_dir(PACKAGE / "web", [("**.py", "python")], keywords={"say": None, "count": (1, 2)})
    for folder in PAGES:
        yield from _of_templates(TEMPLATES / folder)


def _of_templates(folder: Path) -> Iterator[Any]:
    yield from extract_from_dir(folder, [("**.j2", "jinja2.ext:babel_extract")], keywords=SAID)


def po(language: str, domain: str) -> Path:
    """The file with the translations of a domain."""
    return LOCALE_FOLDER / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue(language: str, domain: str) -> Catalog:
    """The translations as they are written; empty where there are none yet."""
    path = po(language, domain)
    if not path.is_file():
        return _empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def kept(language: str, domain: str) -> dict[Key, Message]:
    """The messages that are written in a catalogue."""
    return {key(message): message for message in catalogue(language, domain) if message.id}


def of_click() -> dict[Key, Id]:
    """The messages of click that we translate: those that stand in the Swedish catalogue."""
    found = kept("sv", "messages").items()
    return {each: message.id for each, message in found if CLICK in message.auto_comments}


def renewed(language: str, domain: str) -> Catalog:
    """The catalogue with what is said now."""
    new, old = _empty(language), kept(language, domain)
    elsewhere = {} if language in VARIANTS else _elsewhere(language, domain)
    for each, id in sorted(said(domain).items(), key=lambda pair: (pair[0][1], pair[0][0] or "")):
        _add(new, each, id, old, elsewhere)
    if domain == "messages":
        for each, id in of_click().items():
            _add(new, each, id, old, {}, [CLICK])
    return new


def _elsewhere(language: str, domain: str) -> dict[Key, Message]:
    """What the language's other domains say."""
    return {each: message for other in DOMAINS if other != domain for each, message in kept(language, other).items()}


def _add(
    new: Catalog,
    each: Key,
    id: Id,
    old: Mapping[Key, Message],
    elsewhere: Mapping[Key, Message],
    comments: list[str] | None = None,
) -> None:
    """A message with its translation; a variant has only those that are written."""
    same = [found[each].string for found in (old, elsewhere) if each in found and found[each].id == id]
    string = next(filter(any, same), None)
    if string or new.locale_identifier not in VARIANTS:
        new.add(id, string or ("" if isinstance(id, str) else ("", "")), context=each[0], auto_comments=comments or ())


def left(language: str, domain: str) -> list[Id]:
    """What has no translation yet."""
    return [message.id for message in renewed(language, domain) if message.id and not _whole(message)]


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
            for domain in DOMAINS:
                for id in left(language, domain):
                    print(language, domain, repr(id))
        return
    for catalog, path in [(renewed(one, domain), po(one, domain)) for one in TRANSLATED for domain in DOMAINS]:
        write(catalog, path)


if __name__ == "__main__":
    main(sys.argv[1:])
