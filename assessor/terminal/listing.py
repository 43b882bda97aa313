"""What the commands print of what is kept: the list, and one collaboration whole."""

from collections.abc import Iterable, Iterator

from assessor.assessments import Listed, Opened
from assessor.terminal.ask import Line
from assessor.terminal.speech import Speech
from assessor.terminal.views import Terms, answered, standing, step_title, verdict_lines


def list_lines(listed: Iterable[Listed], language: str) -> Iterator[Line]:
    """Each collaboration with where it stands."""
    speech = Speech(language)
    for each in listed:
        yield Line(each.collaboration.name, "strong")
        told = standing(_terms(each.opened, speech), each.opened) if each.opened else speech.gettext("not begun")
        yield Line(told, lead="  ")


def show_lines(listed: Listed, language: str) -> Iterator[Line]:
    """A collaboration's verdict, and everything that was answered."""
    speech = Speech(language)
    if listed.opened is None:
        yield Line(listed.collaboration.name, "strong")
        yield Line(speech.gettext("not begun"), lead="  ")
        return
    terms = _terms(listed.opened, speech)
    yield from verdict_lines(terms, listed.opened)
    yield from answer_lines(terms, listed.opened)


def answer_lines(terms: Terms, opened: Opened) -> Iterator[Line]:
    """What was given to each step, and the notes."""
    _, notes = terms.speech.gettext, opened.assessment.notes
    yield Line()
    yield Line(_("The answers"), "strong")
    for step in opened.trail():
        yield Line(f"{step_title(terms, step)}: {answered(terms, opened, step)}", lead="  ")
        yield from (Line(note, "quiet", "    " + _("Note:") + " ") for note in [notes.get(step, "")] if note)
    if notes.get(""):
        yield Line(notes[""], lead="  " + _("Note to the whole:") + " ")


def _terms(opened: Opened, speech: Speech) -> Terms:
    return Terms(opened.instrument, opened.words(speech.language), speech)
