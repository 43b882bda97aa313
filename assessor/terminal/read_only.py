"""Looking on while another window answers: the list and the verdicts, and nothing that writes."""

from assessor.bank import Bank
from assessor.presentation.terms import Terms
from assessor.store import Store
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, TerminalFace
from assessor.terminal.interview_context import BACK, back_step
from assessor.terminal.screens import standing_line, verdict_lines
from assessor.usecases.assessments import Assessments


def browse_read_only(face: TerminalFace, store: Store, bank: Bank) -> None:
    """Show what is stored of every library until the person goes back."""
    messages = face.messages
    loaded = {
        listed.loaded.assessment.id: listed.loaded
        for library in store.libraries()
        for listed in Assessments(store, library, bank).list_collaborations()
        if listed.loaded
    }
    terms = {
        id: Terms(messages.language, assessment.instrument, assessment.wording_in(messages.language))
        for id, assessment in loaded.items()
    }
    choices = tuple(
        MenuChoice(
            value=id, label=assessment.assessment.collaboration.name, example=standing_line(terms[id], assessment)
        )
        for id, assessment in loaded.items()
    )
    prompt = Prompt(text=messages.gettext("Which collaboration?"), choices=choices, steps=(back_step(messages),))
    while (id := face.choose_one(prompt)) != BACK:
        face.print_paged(*verdict_lines(terms[id], loaded[id]), Paragraph())
