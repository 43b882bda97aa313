"""The pages' words in Swedish: what there is to say, what is said, and both files made anew.

    python tests/web/web_catalogue.py

takes new messages of the pages into web.po with an empty translation, drops those that are gone, and compiles web.mo.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parents[2]
PO: Final = ROOT / "assessor" / "locale" / "sv" / "LC_MESSAGES" / "web.po"


def said_on_pages() -> Iterator[Any]:
    """Each message that the pages ask to be translated; a pair where one and many are told apart."""
    handlers = extract_from_dir(
        ROOT / "assessor" / "web", [("**.py", "python")], keywords={"say": None, "count": (1, 2)}
    )
    templates = extract_from_dir(
        ROOT / "report_templates" / "web",
        [("**.html.j2", "jinja2.ext:babel_extract")],
        keywords={"_": None, "n_": (1, 2)},
    )
    for _file, _line, id, _comments, _context in (*handlers, *templates):
        yield id


def catalogue(path: Path = PO) -> Catalog:
    """The translations as they are written."""
    if not path.is_file():
        return Catalog(locale="sv")
    with path.open("rb") as file:
        return read_po(file, locale="sv")


def renewed(old: Catalog) -> Catalog:
    """The catalogue with what the pages say now."""
    kept = {message.id: message.string for message in old if message.id}
    new = _empty()
    for id in sorted(set(said_on_pages()), key=str):
        new.add(id, kept.get(id, "" if isinstance(id, str) else ("", "")))
    return new


def _empty() -> Catalog:
    same = datetime(2026, 1, 1, tzinfo=UTC)  # the files change only when the words do
    return Catalog(
        locale="sv",
        header_comment="# The pages in Swedish; python tests/web/web_catalogue.py renews and compiles it.",
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
