"""The documents of a library, each prepared from the store and laid out apart.

Preparing reads the store and takes milliseconds; laying out takes seconds and reads nothing. So a server prepares where
the store is at hand, and lays out in another process: what lies between is a plain value that can be sent there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, Final

from assessor.bank import Bank
from assessor.core.responses import Collaboration
from assessor.report.paper.questionnaire import FormCopy
from assessor.store import Store
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.paper import MOST_COPIES, form_content, party_form_content, table_content
from assessor.usecases.report_writing import report_bytes, report_name
from assessor.usecases.reporting import answered_library_report, make_draft, report_date
from assessor.usecases.transfer import export_assessments


@dataclass(frozen=True, kw_only=True, slots=True)
class PreparedDocument:
    """What a document is laid out from."""

    #: A key of the table of layouts.
    kind: str
    content: tuple[Any, ...]
    #: The file's name, and what it ends in.
    name: str
    ending: str = "pdf"


def prepare_archive(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """The report for keeping, with all answers inside."""
    report = answered_library_report(store, library, bank, language).report
    answers = export_assessments(store, library)
    return PreparedDocument(kind="report", content=(report, answers), name=report_name(report))


def prepare_wall(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """All collaborations on one sheet to hang up."""
    report = answered_library_report(store, library, bank, language).report
    return PreparedDocument(kind="wall", content=(report,), name=_name("wall", language, library))


def prepare_forms(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """The questionnaire on paper for each of the library's collaborations, as many as one file holds; else blank."""
    listed = store.collaborations(library)[:MOST_COPIES]
    copies = [FormCopy(party=each.party, undertaking=each.undertaking) for each in listed]
    content = form_content(bank, language, library=library, copies=copies)
    return PreparedDocument(kind="form", content=(content,), name=_name("form", language, library))


def prepare_empty_form(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """The questionnaire on paper, with nothing filled in but the library's name."""
    content = form_content(bank, language, library=library)
    return PreparedDocument(kind="form", content=(content,), name=_name("form", language, library))


def prepare_party_form(collaboration: Collaboration, bank: Bank, language: str) -> PreparedDocument:
    """The questionnaire for the other party of a collaboration, to fill in on a screen; raises `NoPartySide`."""
    content = party_form_content(bank, bank.nearest_language(language), collaboration)
    name = document_name(document_word("form", language), report_date(), collaboration.party)
    return PreparedDocument(kind="form", content=(content,), name=name)


def prepare_poster(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """The poster of the levels."""
    return PreparedDocument(
        kind="poster", content=(table_content(bank, language),), name=_name("poster", language, library)
    )


def prepare_cards(store: Store, library: str, bank: Bank, language: str) -> PreparedDocument:
    """Cards to lay on the poster, with the library's collaborations on them."""
    names = [(each.party, each.undertaking) for each in store.collaborations(library)]
    content = table_content(bank, language, library=library, names=names)
    return PreparedDocument(kind="cards", content=(content,), name=_name("cards", language, library))


def prepare_draft(
    store: Store, collaboration: Collaboration, bank: Bank, language: str, ending: str
) -> PreparedDocument:
    """The draft that goes on from what a collaboration has, as `docx` or `pdf`; raises `NothingAnswered`."""
    draft, terms = make_draft(store, collaboration.library, collaboration, bank, language)
    name = document_name(draft.title, draft.made, draft.library, draft.party)
    return PreparedDocument(kind=f"draft {ending}", content=(draft, terms), name=name, ending=ending)


def _name(kind: str, language: str, library: str) -> str:
    """The name of the file of a kind of document, made today."""
    return document_name(document_word(kind, language), report_date(), library)


#: By the name in an address, what prepares a library's document.
PREPARED_BY_NAME: Final[Mapping[str, Callable[[Store, str, Bank, str], PreparedDocument]]] = {
    "archive": prepare_archive,
    "wall": prepare_wall,
    "forms": prepare_forms,
    "form": prepare_empty_form,
    "poster": prepare_poster,
    "cards": prepare_cards,
}


def lay_out(document: PreparedDocument) -> bytes:
    """The document's bytes; takes seconds, and imports the layout engine."""
    from assessor.report.draft.pages import draft_document
    from assessor.report.draft.word import draft_docx
    from assessor.report.paper.posters import cards_pdf, poster_pdf
    from assessor.report.paper.questionnaire import form_pdf
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.wall import wall_document

    layouts: dict[str, Callable[..., bytes]] = {
        "report": lambda report, answers: report_bytes(report, "pdf", answers),
        "wall": lambda report: document_pdf(wall_document(report)),
        "form": form_pdf,
        "poster": poster_pdf,
        "cards": cards_pdf,
        "draft docx": lambda draft, terms: draft_docx(draft, None, ""),
        "draft pdf": lambda draft, terms: document_pdf(draft_document(draft, terms)),
    }
    return layouts[document.kind](*document.content)


def to_send(document: PreparedDocument) -> PreparedDocument:
    """The document as it can be sent to another process: without compiled rules, which are not printed."""
    return replace(document, content=tuple(map(_without_compiled_rules, document.content)))


def _without_compiled_rules(value: Any) -> Any:
    if not is_dataclass(value) or isinstance(value, type) or not hasattr(value, "instrument"):
        return value
    return replace(value, instrument=replace(value.instrument, precompiled=None))
