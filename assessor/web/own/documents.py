"""Documents and files of a library: what can be printed or taken out, and what is taken in again.

A file that is taken in is looked through whole before anything is written, and all of it is kept or nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from assessor.errors import AssessorError
from assessor.output_files import safe_file_name
from assessor.safe_text import escape_controls
from assessor.usecases import spreadsheets, transfer
from assessor.usecases.documents import PREPARED_BY_NAME, PreparedDocument, prepare_draft
from assessor.usecases.paper import import_forms, read_filled_forms
from assessor.web.errors import NoFileSent, NoSuchPage, PartMissing
from assessor.web.http.form_parsing import SentFile
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import (
    FileDownload,
    HandlerResult,
    HtmlPage,
    PdfDownload,
    Redirect,
    RequestContext,
)

_MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def show_documents(context: RequestContext) -> HandlerResult:
    """All that can be printed, taken out and taken in."""
    return _documents_page(context)


def _documents_page(context: RequestContext, error: AssessorError | None = None) -> HtmlPage:
    facts = {
        **context.hidden_fields(),
        "listed": context.store.collaborations(context.library),
        "refused": context.refusal(error),
    }
    title = context.say("Documents and files")
    return HtmlPage(template="documents", title=title, facts=facts, status=422 if error else 200)


def download_document(context: RequestContext) -> HandlerResult:
    """A document of the library's, by its name in the address; raises `NoSuchPage`, or where there is nothing in it."""
    prepare = PREPARED_BY_NAME.get(context.path_params["document"])
    if prepare is None:
        raise NoSuchPage()
    document = prepare(context.store, context.library, context.bank, context.messages.language)
    return PdfDownload(document, as_page=_asks_for_page(context))


def download_draft(context: RequestContext) -> HandlerResult:
    """The draft to sign of one collaboration, for Word or as PDF; raises `NoSuchPage` or `NothingAnswered`."""
    ending = context.path_params["ending"]
    if ending not in ("docx", "pdf"):
        raise NoSuchPage()
    language = context.messages.language
    draft = prepare_draft(context.store, context.collaboration, context.bank, language, ending)
    return PdfDownload(draft, as_page=_asks_for_page(context))


def _asks_for_page(context: RequestContext) -> bool:
    """Whether a page that the browser prints is asked for instead of a file."""
    return context.query.get("as") == "page"


def download_history(context: RequestContext) -> HandlerResult:
    """All answers: JSON with their history, or a spreadsheet; raises `NoSuchPage`."""
    ending = context.path_params["ending"]
    if ending not in _MEDIA_TYPES:
        raise NoSuchPage()
    name = safe_file_name(f"{context.library} answers", f".{ending}")
    with _needing_parts():
        return FileDownload(_answers(context, ending), _MEDIA_TYPES[ending], name)


@contextmanager
def _needing_parts() -> Iterator[None]:
    """Raises `PartMissing` where a library is lacking that a browser fetches only once it is needed."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise PartMissing() from missing


def _answers(context: RequestContext, ending: str) -> bytes:
    if ending == "json":
        return transfer.export_assessments(context.store, context.library)
    language = context.messages.language
    return spreadsheets.export_spreadsheet(context.store, context.library, context.bank, language, ending)


def download_template(context: RequestContext) -> HandlerResult:
    """An empty spreadsheet to fill in."""
    with _needing_parts():
        data = spreadsheets.empty_template(context.bank, context.messages.language)
    return FileDownload(data, _MEDIA_TYPES["xlsx"], "assessor template.xlsx")


def take_in(context: RequestContext) -> HandlerResult:
    """Take in a file: forms, a spreadsheet, or what was taken out before; what kind it is, it says itself."""
    sent = context.form.file("file")
    try:
        if sent is None or not sent.data:
            raise NoFileSent()
        with _needing_parts():
            added = _take_in(context, sent)
    except AssessorError as error:
        return _documents_page(context, error)
    return Redirect(f"{context.base_path}/documents", (Notice.TAKEN_IN if added else Notice.NOTHING_NEW,))


def _take_in(context: RequestContext, sent: SentFile) -> int:
    """How much of the file was new."""
    name, store, library, bank = escape_controls(sent.name), context.store, context.library, context.bank
    if sent.data[:1024].find(b"%PDF-") >= 0:
        filled, _empty = read_filled_forms([(name, sent.data)], bank)
        done = import_forms(store, filled, bank, library=library)
        return done.assessments + done.entries
    if spreadsheets.is_spreadsheet(sent.data, sent.name):
        planned = spreadsheets.plan_import(store, library, bank, sent.data, name, context.messages.language)
        return _apply(context, planned)
    return transfer.import_own_assessments(store, library, BytesIO(sent.data), name).count


def _apply(context: RequestContext, planned: spreadsheets.ImportPlan) -> int:
    """How many things were written."""
    if not planned.count:
        return 0
    done = spreadsheets.apply_plan(context.store, planned, context.bank)
    return done.collaborations + done.assessments + done.changes


def document_file_name(document: PreparedDocument) -> str:
    """The name of its file."""
    return safe_file_name(document.name, f".{document.ending}")
