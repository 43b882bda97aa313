"""Looking on while somebody else answers: the list and the verdicts, and nothing that writes."""

from assessor.store import Store
from assessor.terminal.face import Choice, Face, Line, Question
from assessor.terminal.interview_context import BACK
from assessor.terminal.messages import Speech
from assessor.terminal.screens import Terms, standing, verdict_lines
from assessor.usecases.assessments import Assessments


def look_on(face: Face, speech: Speech, store: Store, bank: str) -> None:
    """Show what is stored of every library until the person goes back."""
    opened = {
        listed.opened.assessment.id: listed.opened
        for library in store.libraries()
        for listed in Assessments(store, library, bank).listed()
        if listed.opened
    }
    terms = {id: Terms(each.instrument, each.words(speech.language), speech) for id, each in opened.items()}
    choices = tuple(
        Choice(value=id, label=each.assessment.collaboration.name, example=standing(terms[id], each))
        for id, each in opened.items()
    )
    back = Choice(
        value=BACK,
        label=speech.gettext("Back"),
        letter=speech.pgettext("letter of Back", "b"),
        keys=("left", "c-b"),
    )
    asked = Question(ask=speech.gettext("Which collaboration?"), choices=choices, steps=(back,))
    while (id := face.choose(asked)) != BACK:
        face.read(*verdict_lines(terms[id], opened[id]), Line())
