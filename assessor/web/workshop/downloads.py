"""What comes out of a workshop that is closed: its report to be printed, its data to be kept."""

from assessor import output_files
from assessor.usecases.workshop_reporting import workshop_json, workshop_report
from assessor.web.http.request_context import Answer, Handed, Printed, Visit


def report(visit: Visit) -> Answer:
    """The workshop's report; raises `StillOpen`."""
    return Printed(workshop_report(visit.store, visit.workshop.id, visit.desk.bank, visit.speech.language))


def data(visit: Visit) -> Answer:
    """Everything that the report is made of, as JSON; raises `StillOpen`."""
    name = output_files.safe_name(f"{visit.workshop.library} {visit.workshop.name}", ".json")
    return Handed(workshop_json(visit.store, visit.workshop.id, visit.desk.bank), "application/json", name)
