"""What `assessor list` and `assessor show` print: the same words as on the interview's screens, and no question.

The command line prints these by `PlainFace`; the lines are made from `screens`.
"""

from collections.abc import Iterator, Sequence

from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.terminal.face import Paragraph
from assessor.terminal.screens import response_text, standing_line, step_title, verdict_lines
from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment


def list_lines(listed: Sequence[ListedCollaboration], messages: Messages) -> Iterator[Paragraph]:
    """Each collaboration with where it stands, and by which questionnaire where they are of several."""
    several = len({each.loaded.instrument.id for each in listed if each.loaded}) > 1
    for each in listed:
        yield Paragraph(each.collaboration.name, "strong")
        yield Paragraph(_standing_text(each, messages), "quiet", "  ")
        if several and each.loaded:
            yield Paragraph(each.loaded.wording_in(messages.language).name, "quiet", "  ")


def show_lines(listed: ListedCollaboration, messages: Messages) -> Iterator[Paragraph]:
    """One collaboration with its whole verdict, and everything that was answered."""
    if listed.loaded is None:
        yield Paragraph(listed.collaboration.name, "title")
        yield Paragraph(_standing_text(listed, messages), "quiet")
        return
    terms = _screen_terms(listed.loaded, messages)
    yield from verdict_lines(terms, listed.loaded)
    yield from _response_lines(terms, listed.loaded)


def _response_lines(terms: Terms, opened: LoadedAssessment) -> Iterator[Paragraph]:
    """Every step taken with its response and its note, then the note to the whole."""
    _, notes = terms.gettext, opened.assessment.notes
    note_to_it, note_to_all = _("Note:"), _("Note on the whole collaboration:")
    yield Paragraph()
    yield Paragraph(_("The answers"), "strong")
    for step in opened.taken_steps():
        yield Paragraph(f"{step_title(terms, step)}: {response_text(terms, opened, step)}", prefix="  ")
        yield from (Paragraph(note, "quiet", f"    {note_to_it} ") for note in [notes.get(step, "")] if note)
    if notes.get(""):
        yield Paragraph(notes[""], prefix=f"  {note_to_all} ")


def _standing_text(listed: ListedCollaboration, messages: Messages) -> str:
    opened = listed.loaded
    return standing_line(_screen_terms(opened, messages), opened) if opened else messages.gettext("not started")


def _screen_terms(opened: LoadedAssessment, messages: Messages) -> Terms:
    return Terms(messages.language, opened.instrument, opened.wording_in(messages.language))
