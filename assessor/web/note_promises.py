"""What becomes of a note that somebody writes in a workshop: told before they write it, and chosen by them.

A note stands in the workshop's report only where its writer lets it; the other party's, and those to a collaboration
of somebody's own, in none.
"""

from typing import Any

from assessor.usecases.assessments import LoadedAssessment
from assessor.web.http.request_context import RequestContext


def note_facts(context: RequestContext, loaded: LoadedAssessment, item: str) -> dict[str, Any]:
    """What becomes of a note that is written in a workshop, in one line, and what was chosen if there is a choice."""
    return {
        "becomes": _what_becomes_of_a_note(context, loaded),
        "asks_quoted": _may_choose_quotation(context, loaded),
        "quoted": loaded.assessment.quoted.get(item, False),
    }


def _may_choose_quotation(context: RequestContext, loaded: LoadedAssessment) -> bool:
    """Whether notes to it stand in a workshop's report if their writer lets them: the room's, on what is listed."""
    session, assessment = context.session, loaded.assessment
    if (
        session.workshop is None
        or not assessment.respondent
        or assessment.collaboration.id not in session.workshop.listed
    ):
        return False
    return session.respondent is None or session.respondent.side == "us"


def _what_becomes_of_a_note(context: RequestContext, loaded: LoadedAssessment) -> str:
    """One line; empty on one's own machine, where nobody else is."""
    if context.session.workshop is None:
        return ""
    if not loaded.assessment.respondent:
        return context.say("It goes into the report word for word, without a name.")
    if _may_choose_quotation(context, loaded):
        return context.say(
            "It stays with you, unless you tick that it may go into the report: word for word, without a name."
        )
    return context.say("It stays with you: it is in no report, and is erased with your answers.")
