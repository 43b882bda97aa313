"""Documents and files of a library: what can be printed or taken out, and what is taken in again.

A file that is taken in is looked through whole before anything is written, and all of it is kept or nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

from assessor.bank import Bank
from assessor.errors import AssessorError
from assessor.exchange import LibraryDocument
from assessor.exchange.filled_forms import FilledForm
from assessor.exchange.page_answers import owned_by
from assessor.output_files import safe_file_name
from assessor.safe_text import escape_controls
from assessor.usecases import spreadsheets, transfer
from assessor.usecases.documents import PREPARED_BY_NAME, PreparedDocument, prepare_draft
from assessor.usecases.erasing import describe_contents
from assessor.usecases.paper import import_forms, read_filled_forms
from assessor.usecases.reporting import example_report, has_example
from assessor.web.errors import NoFileSent, NoSuchPage, PartMissing
from assessor.web.http.form_parsing import FormData
from assessor.web.http.notices import Notice
from assessor.web.http.request_context import (
    FileDownload,
    HandlerResult,
    HtmlPage,
    PdfDownload,
    Redirect,
    RequestContext,
)
from assessor.web.http.roles import MEMBER_ROLES

#: What a file has: filled-in forms, a list of collaborations, or all of a library.
GivenFile = tuple[FilledForm, ...] | spreadsheets.GivenList | LibraryDocument

_MEDIA_TYPES: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def show_documents(context: RequestContext) -> HandlerResult:
    """All that can be printed, taken out and taken in."""
    return _documents_page(context)


def _documents_page(
    context: RequestContext, error: AssessorError | None = None, erased: tuple[str, ...] = ()
) -> HtmlPage:
    """The page; `erased` names what a file had that was erased here, and so was left out."""
    facts = {
        **context.hidden_fields(),
        "listed": context.store.collaborations(context.library),
        "example": has_example(context.bank),
        "refused": context.refusal(error),
        "erased": erased,
    }
    title = context.say("Documents and files")
    return HtmlPage(template="documents", title=title, facts=facts, status=422 if error else 200)


def download_document(context: RequestContext) -> HandlerResult:
    """A document of the library's, by its name in the address; raises `NoSuchPage`, or where there is nothing in it."""
    prepare = PREPARED_BY_NAME.get(context.path_params["document"])
    if prepare is None:
        raise NoSuchPage()
    document = prepare(context.store, context.library, context.bank, context.messages.language)
    return PdfDownload(document)


def show_example(context: RequestContext) -> HandlerResult:
    """The report of the bank's example library, which is read here and never kept; raises `NoExample`."""
    return PdfDownload(example_report(context.bank, context.messages.language), as_page=True, back="")


def download_draft(context: RequestContext) -> HandlerResult:
    """The draft to sign of one collaboration, for Word or as PDF; raises `NoSuchPage` or `NothingAnswered`."""
    ending = context.path_params["ending"]
    if ending not in ("docx", "pdf"):
        raise NoSuchPage()
    language = context.messages.language
    draft = prepare_draft(context.store, context.collaboration, context.bank, language, ending)
    return PdfDownload(draft)


def download_history(context: RequestContext) -> HandlerResult:
    """All answers: JSON with their history, or a spreadsheet; on a service asked about first. Raises `NoSuchPage`."""
    ending = context.path_params["ending"]
    if ending not in _MEDIA_TYPES:
        raise NoSuchPage()
    if context.session.role in MEMBER_ROLES and context.query.get("sure") != "yes":
        return _take_out_page(context, ending)
    name = safe_file_name(f"{context.library} answers", f".{ending}")
    with _needing_parts():
        return FileDownload(_answers(context, ending), _MEDIA_TYPES[ending], name)


def _take_out_page(context: RequestContext, ending: str) -> HtmlPage:
    """What would lie in the file, before it is made: no link alone, opened by mistake, takes everything out."""
    assessments = context.store.assessments(library=context.library)
    facts = {"contents": describe_contents(assessments, context.messages), "library": context.library, "ending": ending}
    return HtmlPage(template="take_out", title=context.say("Take everything out?"), facts=facts)


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


def read_sent(form: FormData, bank: Bank, language: str) -> GivenFile:
    """What a file that was sent has; what kind it is, it says itself. Needs no store, and may take seconds."""
    sent = form.file("file")
    if sent is None or not sent.data:
        raise NoFileSent()
    name = escape_controls(sent.name)
    if sent.data[:1024].find(b"%PDF-") >= 0:
        with _needing_parts():
            return read_filled_forms([(name, sent.data)], bank)[0]
    if spreadsheets.is_spreadsheet(sent.data, sent.name):
        with _needing_parts():
            return spreadsheets.read_list(sent.data, name, bank, language)
    return transfer.read_saved(sent.data, name, lambda: bank)


def take_in(context: RequestContext) -> HandlerResult:
    """Take in a file: forms, a spreadsheet, or what was taken out before."""
    try:
        if isinstance(context.prepared, AssessorError):
            raise context.prepared
        added, erased = _take_in(context, cast("GivenFile", context.prepared))
    except AssessorError as error:
        return _documents_page(context, error)
    if erased:
        return _documents_page(context, erased=erased)
    return Redirect(f"{context.base_path}/documents", (Notice.TAKEN_IN if added else Notice.NOTHING_NEW,))


def _take_in(context: RequestContext, given: GivenFile) -> tuple[int, tuple[str, ...]]:
    """How much of the file was new, and what of it was left out because it had been erased here."""
    store, library, bank = context.store, context.library, context.bank
    if isinstance(given, spreadsheets.GivenList):
        return _apply(context, spreadsheets.plan_list(store, library, bank, given, context.messages.language)), ()
    if isinstance(given, LibraryDocument):
        sent, take_back = context.form.file("file"), context.form.value("take_back") == "yes"
        name = escape_controls(sent.name) if sent else ""
        plan = transfer.import_own_document(store, library, owned_by(given, library), name, take_back=take_back)
        return plan.count, plan.erased_names
    done = import_forms(store, given, bank, library=library)
    return done.assessments + done.entries, ()


def _apply(context: RequestContext, planned: spreadsheets.ImportPlan) -> int:
    """How many things were written."""
    if not planned.count:
        return 0
    done = spreadsheets.apply_plan(context.store, planned, context.bank)
    return done.collaborations + done.assessments + done.changes


def document_file_name(document: PreparedDocument) -> str:
    """The name of its file."""
    return safe_file_name(document.name, f".{document.ending}")
