"""What `assessor list` and `assessor show` print: the same words as on the interview's screens, and no question."""

from collections.abc import Iterable, Iterator

from assessor.terminal.face import Line
from assessor.terminal.messages import Speech
from assessor.terminal.screens import Terms, answered, standing, step_title, verdict_lines
from assessor.usecases.assessments import Listed, Opened


def list_lines(listed: Iterable[Listed], speech: Speech) -> Iterator[Line]:
    """Each collaboration with where it stands."""
    for each in listed:
        yield Line(each.collaboration.name, "strong")
        yield Line(_stands(each, speech), "quiet", "  ")


def show_lines(listed: Listed, speech: Speech) -> Iterator[Line]:
    """One collaboration with its whole verdict, and everything that was answered."""
    if listed.opened is None:
        yield Line(listed.collaboration.name, "title")
        yield Line(_stands(listed, speech), "quiet")
        return
    terms = _terms(listed.opened, speech)
    yield from verdict_lines(terms, listed.opened)
    yield from _answers(terms, listed.opened)


def _answers(terms: Terms, opened: Opened) -> Iterator[Line]:
    _, notes = terms.speech.gettext, opened.assessment.notes
    note_to_it, note_to_all = _("Note:"), _("Note to the whole:")
    yield Line()
    yield Line(_("The answers"), "strong")
    for step in opened.trail():
        yield Line(f"{step_title(terms, step)}: {answered(terms, opened, step)}", lead="  ")
        yield from (Line(note, "quiet", f"    {note_to_it} ") for note in [notes.get(step, "")] if note)
    if notes.get(""):
        yield Line(notes[""], lead=f"  {note_to_all} ")


def _stands(listed: Listed, speech: Speech) -> str:
    opened = listed.opened
    return standing(_terms(opened, speech), opened) if opened else speech.gettext("not begun")


def _terms(opened: Opened, speech: Speech) -> Terms:
    return Terms(opened.instrument, opened.words(speech.language), speech)
