"""Files of a closed workshop: the report to print, and its data."""

from assessor import output_files
from assessor.usecases.document_names import document_name, document_word
from assessor.usecases.reporting import report_date
from assessor.usecases.workshop_reporting import workshop_json, workshop_report
from assessor.web.http.request_context import FileDownload, HandlerResult, PdfDownload, RequestContext


def download_report(context: RequestContext) -> HandlerResult:
    """The workshop's report as PDF; raises `WorkshopStillOpen` before it is closed."""
    return PdfDownload(workshop_report(context.store, context.workshop.id, context.bank, context.messages.language))


def download_data(context: RequestContext) -> HandlerResult:
    """Everything in the report, as JSON; raises `WorkshopStillOpen` before the workshop is closed."""
    workshop, word = context.workshop, document_word("answers", context.messages.language)
    name = output_files.safe_file_name(document_name(word, report_date(), workshop.library, workshop.name), ".json")
    return FileDownload(workshop_json(context.store, context.workshop.id, context.bank), "application/json", name)
