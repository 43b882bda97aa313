"""What `assessor list` and `assessor show` print: the same words as on the interview's screens, and no question."""

from collections.abc import Iterable, Iterator

from assessor.assessments import Listed, Opened
from assessor.terminal.ask import Line
from assessor.terminal.speech import Speech
from assessor.terminal.views import Terms, standing, verdict_lines


def list_lines(listed: Iterable[Listed], speech: Speech) -> Iterator[Line]:
    """Each collaboration with where it stands."""
    for each in listed:
        yield Line(each.collaboration.name, "strong")
        yield Line(_stands(each, speech), "quiet", "  ")


def show_lines(listed: Listed, speech: Speech) -> Iterator[Line]:
    """One collaboration with its whole verdict."""
    yield Line(listed.collaboration.name, "title")
    if listed.opened is None:
        yield Line(_stands(listed, speech), "quiet")
        return
    yield from verdict_lines(_terms(listed.opened, speech), listed.opened.assessment, listed.opened.verdict)


def _stands(listed: Listed, speech: Speech) -> str:
    opened = listed.opened
    return standing(_terms(opened, speech), opened) if opened else speech.gettext("not begun")


def _terms(opened: Opened, speech: Speech) -> Terms:
    return Terms(opened.instrument, opened.words(speech.language), speech)
