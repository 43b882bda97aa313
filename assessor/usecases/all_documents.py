"""Every document of a library in one go: what there is to make, and the page that links it all.

Nothing is made before its turn, as laying out takes the time; the page comes last, so that a folder with an
`index.html` is whole.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from assessor import __version__
from assessor.bank import Bank
from assessor.errors import N_
from assessor.output_files import safe_file_name
from assessor.presentation.messages import Messages
from assessor.presentation.overview import sorted_report
from assessor.presentation.report import Report
from assessor.presentation.terms import Terms
from assessor.report.draft.clauses import Draft, NoDraftWords, NotSignable, NotSignableYet, draft_of
from assessor.report.index import IndexEntry, IndexGroup, index_html
from assessor.store import Store
from assessor.usecases.batch import render_report, report_tasks
from assessor.usecases.calendar import library_calendar
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.documents import PREPARED_BY_NAME, lay_out
from assessor.usecases.report_writing import library_report_bytes
from assessor.usecases.reporting import LibraryReport

INDEX_NAME: Final = "index.html"

_TABLE, _WORKSHOP, _SIGN, _APART = (
    N_("To put on the table"),
    N_("For a room"),
    N_("To sign"),
    N_("Each collaboration on its own"),
)


_DATES = N_("Dates for your calendar: papers that end, agreed steps, the next assessment")


@dataclass(frozen=True, kw_only=True, slots=True)
class FolderDocument:
    """A document of the folder, made when `make` is called."""

    #: The heading under which the index names it, as a message.
    group: str
    title: str
    #: Of its file, ending included; each in a folder has one of its own.
    name: str
    make: Callable[[], bytes]


def all_documents(store: Store, made: LibraryReport, bank: Bank) -> list[FolderDocument]:
    """What the folder is to hold, in the order of its page."""
    content = sorted_report(made.report)
    found = [
        _document(_TABLE, "report", content, partial(library_report_bytes, store, made)),
        _document(_TABLE, "wall", content, _laid_out(store, content, bank, "wall")),
        _calendar(content),
        _document(_WORKSHOP, "guide", content, partial(_guide, content, bank)),
        *(
            _document(_WORKSHOP, kind, content, _laid_out(store, content, bank, name))
            for kind, name in (("poster", "poster"), ("cards", "cards"), ("form", "forms"))
        ),
        *_drafts(store, content),
        *(
            FolderDocument(group=_APART, title=task.row.name, name=task.name, make=partial(render_report, task))
            for task in report_tasks(content, bank)
        ),
    ]
    return list(_with_own_names(found))


def _document(group: str, kind: str, content: Report, make: Callable[[], bytes]) -> FolderDocument:
    """A PDF of the library's, by its kind."""
    word = document_word(kind, content.language)
    name = safe_file_name(document_name(word, content.made, content.library), ".pdf")
    return FolderDocument(group=group, title=word[:1].upper() + word[1:], name=name, make=make)


def _calendar(content: Report) -> FolderDocument:
    """The library's dates, to be opened in a calendar."""
    say = Messages(content.language).say
    return FolderDocument(
        group=_TABLE,
        title=say(_DATES),
        name=safe_file_name(say("{library} dates", library=content.library), ".ics"),
        make=lambda: library_calendar(content).content,
    )


def _laid_out(store: Store, content: Report, bank: Bank, name: str) -> Callable[[], bytes]:
    """What prepares and lays out one of a library's documents, by its name in `PREPARED_BY_NAME`."""
    return lambda: lay_out(PREPARED_BY_NAME[name](store, content.library, bank, content.language))


def _drafts(store: Store, content: Report) -> Iterator[FolderDocument]:
    """A draft for each collaboration that can be signed by its answers."""
    terms = Terms(content.language, content.instrument, content.wording)
    goals = store.profiles.get(content.library).goals
    for row in content.rows:
        try:
            draft = draft_of(row, terms, content.made, content.program, None, goals)
        except (NoDraftWords, NotSignable, NotSignableYet):
            continue
        name = document_name(draft.title, draft.made, draft.library, draft.party)
        yield FolderDocument(
            group=_SIGN,
            title=f"{draft.title}: {row.name}",
            name=safe_file_name(name, ".docx"),
            make=partial(_draft, draft),
        )


def _with_own_names(documents: Sequence[FolderDocument]) -> Iterator[FolderDocument]:
    """The documents, those whose name another has already, in any case, with a number before the ending."""
    taken = {INDEX_NAME}
    for document in documents:
        stem, _dot, ending = document.name.rpartition(".")
        number, name = 1, document.name
        while name.casefold() in taken:
            number += 1
            name = f"{stem} {number}.{ending}"
        taken.add(name.casefold())
        yield FolderDocument(group=document.group, title=document.title, name=name, make=document.make)


def documents_index(documents: Sequence[FolderDocument], content: Report) -> bytes:
    """The page that links the documents, under what they are for."""
    entries: dict[str, list[IndexEntry]] = {}
    for document in documents:
        entries.setdefault(document.group, []).append(IndexEntry(title=document.title, file=document.name))
    groups = [IndexGroup(heading=group, entries=tuple(found)) for group, found in entries.items()]
    return index_html(groups, content).encode()


def _guide(content: Report, bank: Bank) -> bytes:
    from assessor.report.guide import guide_document, guide_language
    from assessor.report.pdf.layout import document_pdf

    language = guide_language(content.language)
    words = bank.nearest_wording(language)
    has_cases = bool(bank.calibration_cases(words.language))
    return document_pdf(
        guide_document(
            language,
            content.made,
            __version__,
            bank.instrument,
            words,
            has_cases=has_cases,
            command=bank.command,
        )
    )


def _draft(draft: Draft) -> bytes:
    from assessor.report.draft.word import draft_docx

    return draft_docx(draft)
