"""Files of a closed workshop: the report to print, and its data."""

from assessor import output_files
from assessor.language import LANGUAGES
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.documents import prepare_party_form
from assessor.usecases.reporting import report_date
from assessor.usecases.workshop_reporting import workshop_json, workshop_report
from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import FileDownload, HandlerResult, PdfDownload, RequestContext


def download_report(context: RequestContext) -> HandlerResult:
    """The workshop's report as PDF; raises `WorkshopStillOpen` before it is closed."""
    return PdfDownload(workshop_report(context.store, context.workshop.id, context.bank, context.messages.language))


def download_party_form(context: RequestContext) -> HandlerResult:
    """The form for a listed collaboration's other party, in the language asked for; raises `NoSuchPage`."""
    listed, language = context.path_params["collaboration"], context.query.get("in", "")
    if listed not in context.workshop.listed or language not in LANGUAGES or not context.bank.has_party_side:
        raise NoSuchPage()
    collaboration = context.store.collaboration(listed)
    return PdfDownload(prepare_party_form(collaboration, context.bank, language))


def download_data(context: RequestContext) -> HandlerResult:
    """Everything in the report, as JSON; raises `WorkshopStillOpen` before the workshop is closed."""
    workshop, word = context.workshop, document_word("answers", context.messages.language)
    name = output_files.safe_file_name(document_name(word, report_date(), workshop.library, workshop.name), ".json")
    return FileDownload(workshop_json(context.store, context.workshop.id, context.bank), "application/json", name)
