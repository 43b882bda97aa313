"""What `assessor list` and `assessor show` print: the same words as on the interview's screens, and no question.

The command line prints these by `PlainFace`; the lines are made from `screens`.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from assessor.presentation.messages import Messages
from assessor.presentation.paper_ends import tell_when
from assessor.presentation.terms import Terms
from assessor.terminal.face import Paragraph
from assessor.terminal.screens import response_text, rules_lines, standing_line, step_title, verdict_lines
from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment


def list_lines(listed: Sequence[ListedCollaboration], now: Terms) -> Iterator[Paragraph]:
    """Each collaboration with where it stands, by which rules where today's are others, and by which questionnaire
    where they are of several; `now` holds the words of the bank in use.
    """
    messages: Messages = now
    several = len({each.loaded.instrument.id for each in listed if each.loaded}) > 1
    for each in listed:
        yield Paragraph(each.collaboration.name, "strong")
        yield Paragraph(_standing_text(each, messages), "quiet", "  ")
        yield from rules_lines(each.loaded, each.today, now, "  ")
        if several and each.loaded:
            yield Paragraph(each.loaded.wording_in(messages.language).name, "quiet", "  ")


def show_lines(
    listed: ListedCollaboration, now: Terms, goals: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Paragraph]:
    """One collaboration with its whole verdict, and everything that was answered; `goals` are the library's by id.

    `now` holds the words of the bank in use.
    """
    messages: Messages = now
    if listed.loaded is None:
        yield Paragraph(listed.collaboration.name, "title")
        yield Paragraph(_standing_text(listed, messages), "quiet")
        return
    terms = _screen_terms(listed.loaded, messages)
    yield from verdict_lines(terms, listed.loaded)
    yield from rules_lines(listed.loaded, listed.today, now)
    yield from _response_lines(terms, listed.loaded, goals)


def _response_lines(terms: Terms, opened: LoadedAssessment, goals: Mapping[str, str]) -> Iterator[Paragraph]:
    """Every step taken with its response and its note, then the note to the whole, then what is to be done."""
    _, notes = terms.gettext, opened.assessment.notes
    note_to_it, note_to_all = _("Note:"), _("Note on the whole collaboration:")
    yield Paragraph()
    yield Paragraph(_("The answers"), "strong")
    for step in opened.taken_steps():
        yield Paragraph(f"{step_title(terms, step)}: {response_text(terms, opened, step, goals)}", prefix="  ")
        yield from (Paragraph(note, "quiet", f"    {note_to_it} ") for note in [notes.get(step, "")] if note)
    if notes.get(""):
        yield Paragraph(notes[""], prefix=f"  {note_to_all} ")
    for planned in opened.assessment.steps:
        said = " · ".join(filter(None, (planned.what, planned.who, tell_when(planned.when, terms))))
        yield Paragraph(said, prefix="  → ")


def _standing_text(listed: ListedCollaboration, messages: Messages) -> str:
    opened = listed.loaded
    return standing_line(_screen_terms(opened, messages), opened) if opened else messages.gettext("not started")


def _screen_terms(opened: LoadedAssessment, messages: Messages) -> Terms:
    return Terms(messages.language, opened.instrument, opened.wording_in(messages.language))
