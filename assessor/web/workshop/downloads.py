"""What comes out of a workshop that is closed: its report to be printed, its data to be kept."""

from assessor import output_files
from assessor.usecases.workshop_reporting import workshop_json, workshop_report
from assessor.web.http.request_context import FileDownload, HandlerResult, PdfDownload, RequestContext


def download_report(visit: RequestContext) -> HandlerResult:
    """The workshop's report; raises `StillOpen`."""
    return PdfDownload(workshop_report(visit.store, visit.workshop.id, visit.bank, visit.messages.language))


def download_data(visit: RequestContext) -> HandlerResult:
    """Everything that the report is made of, as JSON; raises `StillOpen`."""
    name = output_files.safe_file_name(f"{visit.workshop.library} {visit.workshop.name}", ".json")
    return FileDownload(workshop_json(visit.store, visit.workshop.id, visit.bank), "application/json", name)
