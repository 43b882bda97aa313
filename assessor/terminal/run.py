"""How an interview begins and ends: a face, a language, a store to write to, and what to type to go on later."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from assessor import bank as banks
from assessor.errors import AssessorError
from assessor.language import chosen, known
from assessor.safe_text import safe
from assessor.store import Store
from assessor.store.errors import StoreInUse, StoreMissing
from assessor.store.server_urls import typed
from assessor.terminal.endings import ending_told, print_last, resume_command
from assessor.terminal.errors import NobodyToAsk, NobodyToBegin, NothingToAsk
from assessor.terminal.face import Choice, Ended, Face, Line, Question
from assessor.terminal.interview_context import STOP, Desk, Stopped, language_choices, refusing
from assessor.terminal.journey import Journey
from assessor.terminal.messages import Speech
from assessor.terminal.plain_face import Plain
from assessor.terminal.read_only import look_on
from assessor.usecases.assessments import Assessments, fit_name

#: Writes the report of a library in a store, in a language, and gives back where.
Report = Callable[[Store, str, str], str]

INTERRUPTED = 130

#: Asked by where nobody says otherwise.
_BANK = "dokk1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Visit:
    """What somebody comes for."""

    #: The store's path; the person's own when None.
    store: str | Path | None = None
    bank: str = _BANK
    #: Which library, where the store has several; a new one is added.
    library: str | None = None
    #: A collaboration to open.
    name: str | None = None
    #: Assess it anew.
    fresh: bool = False
    report: Report | None = None


def run(
    store: str | Path | None = None,
    *,
    bank: str = _BANK,
    library: str | None = None,
    language: str | None = None,
    plain: bool = False,
    no_input: bool = False,
    name: str | None = None,
    fresh: bool = False,
    command: str = "assessor",
    report: Report | None = None,
) -> int:
    """Ask at this terminal; the exit code. Whatever would stop it later is raised before the first question.

    `language` is None where nobody chose one, `command` how this program was started.
    """
    visit = Visit(store=store, bank=bank, library=library, name=name, fresh=fresh, report=report)
    if no_input or not (plain or sys.stdin.isatty()):
        raise lacking(visit, command)
    speech = Speech(chosen(language))
    code = _ended(_face(speech, plain), speech, visit, known(language))
    told = speech.gettext("Everything you have answered is stored. To go on: {command}")
    given = {"store": typed(store) if store else None, "library": library, "bank": bank if bank != _BANK else None}
    print_last("\n" + told.format(command=resume_command(command, speech.language, plain, **given)))
    return code


def _ended(face: Face, speech: Speech, visit: Visit, language_known: bool) -> int:
    try:
        with ending_told():
            sit_down(face, speech, visit, language_known)
    except Stopped:
        return 0
    except (KeyboardInterrupt, EOFError, Ended):
        return INTERRUPTED


def sit_down(face: Face, speech: Speech, visit: Visit, language_known: bool = True) -> NoReturn:
    """Everything between the first screen and the last; ends by raising `Stopped`."""
    if not language_known:
        _choose_language(face, speech)
    banks.load(visit.bank)  # a bank that does not hold is told before anything is asked
    while True:
        try:
            with Store.open(visit.store) as store:
                _lead(face, speech, visit, store)
        except StoreInUse as error:
            _in_use(face, speech, visit, error)


def _lead(face: Face, speech: Speech, visit: Visit, store: Store) -> None:
    if store.cloud:
        told = speech.gettext("Note: {service} copies the folder where the answers are kept to other machines.")
        face.tell(Line(told.format(service=store.cloud.service), "strong", "! "))
    library = store.add_library(visit.library) if visit.library else _library(face, speech, store)
    write = visit.report
    report = (lambda: write(store, library, speech.language)) if write else None
    desk = Desk(face=face, speech=speech, assessments=Assessments(store, library, visit.bank), report=report)
    Journey(desk).lead(visit.name, visit.fresh)


def _choose_language(face: Face, speech: Speech) -> None:
    speech.speak(face.choose(Question(ask="Språk · Kieli · Sprog · Language", choices=language_choices())))


def _library(face: Face, speech: Speech, store: Store) -> str:
    """The library's name; asked the first time, and which one where there are several."""
    _, names = speech.gettext, store.libraries()
    if len(names) == 1:
        return names[0]
    if names:
        choices = tuple(Choice(value=name, label=name) for name in names)
        return face.choose(Question(ask=_("Which library?"), choices=choices))
    face.tell(
        Line(_("Which of your collaborations are partnerships, and of what kind?"), "title"),
        Line(
            _(
                "You answer questions about one collaboration at a time and see at once where it stands and why. "
                "Every answer is stored as soon as it is given; you can stop at any time and go on later."
            ),
            "quiet",
        ),
        Line(),
    )
    return store.add_library(face.write(_("What is your library called?"), "", refusing(speech, fit_name, needed=True)))


def _in_use(face: Face, speech: Speech, visit: Visit, error: StoreInUse) -> None:
    """Somebody else is writing: let the person wait, look on, or leave."""
    _ = speech.gettext
    told = _(
        "Somebody is answering here in another window, since {since} (process {pid}). "
        "Only one can answer at a time, so that no answer is lost."
    )
    face.tell(Line(told.format(**error.facts), "strong", "! "))
    choices = (
        Choice(value="wait", label=_("Wait, and take over when the other window is closed")),
        Choice(value="read", label=_("Only look at what is stored")),
    )
    stop = Choice(value=STOP, label=_("Quit"), letter=speech.pgettext("letter of Quit", "q"))
    match face.choose(Question(ask=_("What would you like to do?"), choices=choices, steps=(stop,))):
        case "wait":
            face.tell(Line(_("Waiting … Ctrl-C stops."), "quiet"))
            _wait(visit)
        case "read":
            with Store.open(visit.store, write=False) as store:
                look_on(face, speech, store, visit.bank)
        case _:
            raise Stopped


def _wait(visit: Visit) -> None:
    while True:
        try:
            Store.open(visit.store).close()
        except StoreInUse:  # has waited a few seconds already
            continue
        return


def lacking(visit: Visit, command: str) -> AssessorError:
    """Which responses are lacking where nobody can be asked."""
    everything = ", ".join(item.id for item in banks.load(visit.bank).items)
    try:
        with Store.open(visit.store, create=False, write=False) as store:
            libraries = [visit.library] if visit.library else store.libraries()[:1]
            for library in libraries:
                return _lacking_in(Assessments(store, library, visit.bank), visit.name, command, everything)
    except StoreMissing:
        pass  # nothing is kept yet: everything is lacking
    return NobodyToBegin(lacking=everything, command=command)


def _lacking_in(kept: Assessments, name: str | None, command: str, everything: str) -> AssessorError:
    listed = kept.listed()
    opened = next((each.opened for each in listed if each.collaboration.name == name), None)
    opened = opened if name else kept.half_done()
    if opened and opened.unanswered():
        lacking = ", ".join(opened.unanswered())
        return NobodyToAsk(name=safe(opened.assessment.collaboration.name), lacking=lacking, command=command)
    if listed and (opened or not name):
        return NothingToAsk(name=safe(name or kept.library), command=command)
    return NobodyToBegin(lacking=everything, command=command)


def _face(speech: Speech, plain: bool) -> Face:
    """Arrow keys where the terminal has them and nobody asked for plain lines."""
    simple = os.environ.get("TERM", "dumb") in ("dumb", "unknown", "") or os.environ.get("ACCESSIBLE", "0") not in (
        "",
        "0",
    )
    if plain or simple or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Plain(speech)
    from assessor.terminal.prompt_face import Prompts

    return Prompts(speech)
