"""How an interview begins and ends: a face, a language, a store to write to, and what to type to go on later."""

import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from assessor.bank import Bank, open_bank
from assessor.errors import AssessorError
from assessor.language import choose_language, is_language_known
from assessor.presentation.messages import Messages
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import StoreInUse, StoreMissing
from assessor.store.server_urls import location_to_type
from assessor.terminal.endings import print_last, raising_terminated, resume_command
from assessor.terminal.errors import NobodyToAsk, NobodyToBegin, NothingToAsk
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, TerminalFace, Terminated
from assessor.terminal.interview_context import (
    STOP,
    InterviewContext,
    InterviewStopped,
    language_choices,
    text_validator,
)
from assessor.terminal.journey import Journey
from assessor.terminal.plain_face import PlainFace
from assessor.terminal.read_only import browse_read_only
from assessor.usecases.assessments import Assessments, fit_name

EXIT_INTERRUPTED = 130

#: Asked by where nobody says otherwise.
_DEFAULT_BANK = "dokk1"


@dataclass(frozen=True, kw_only=True, slots=True)
class InterviewOptions:
    """What somebody comes for."""

    #: The store's path; the person's own when None.
    store: str | Path | None = None
    bank: Bank
    #: Which library, where the store has several; a new one is added.
    library: str | None = None
    #: A collaboration to open.
    name: str | None = None
    #: Assess it anew.
    fresh: bool = False


def run(
    store: str | Path | None = None,
    *,
    bank: str = _DEFAULT_BANK,
    library: str | None = None,
    language: str | None = None,
    plain: bool = False,
    no_input: bool = False,
    name: str | None = None,
    fresh: bool = False,
    command: str = "assessor",
) -> int:
    """Ask at this terminal; the exit code. Whatever would stop it later is raised before the first question.

    `language` is None where nobody chose one, `command` how this program was started.
    """
    visit = InterviewOptions(store=store, bank=open_bank(bank), library=library, name=name, fresh=fresh)
    if no_input or not (plain or sys.stdin.isatty()):
        raise no_input_error(visit, command)
    face = _choose_face(Messages(choose_language(language)), plain)
    code = _run_to_exit_code(face, visit, is_language_known(language))
    told = face.messages.gettext("All your answers are saved. To continue: {command}")
    given = {
        "store": location_to_type(store) if store else None,
        "library": library,
        "bank": bank if bank != _DEFAULT_BANK else None,
    }
    print_last("\n" + told.format(command=resume_command(command, face.messages.language, plain, **given)))
    return code


def _run_to_exit_code(face: TerminalFace, visit: InterviewOptions, language_known: bool) -> int:
    try:
        with raising_terminated():
            run_interview(face, visit, language_known)
    except InterviewStopped:
        return 0
    except (KeyboardInterrupt, EOFError, Terminated):
        return EXIT_INTERRUPTED


def run_interview(face: TerminalFace, visit: InterviewOptions, language_known: bool = True) -> NoReturn:
    """Everything between the first screen and the last; ends by raising `Stopped`."""
    if not language_known:
        _choose_language(face)
    visit.bank.require_instrument()  # a bank that does not hold is told before anything is asked
    while True:
        try:
            with Store.open(visit.store) as store:
                _run_journey(face, visit, store)
        except StoreInUse as error:
            _handle_store_in_use(face, visit, error)


def _run_journey(face: TerminalFace, visit: InterviewOptions, store: Store) -> None:
    if store.cloud_folder:
        told = face.messages.gettext("Note: {service} copies the folder with your answers to other machines.")
        face.print_lines(Paragraph(told.format(service=store.cloud_folder.service), "strong", "! "))
    library = store.add_library(visit.library) if visit.library else _choose_library(face, store)
    assessments = Assessments(store, library, visit.bank)
    report = partial(_write_report, store, library, visit.bank, face)
    Journey(InterviewContext(face=face, assessments=assessments, write_report=report)).run(visit.name, visit.fresh)


def _write_report(store: Store, library: str, bank: Bank, face: TerminalFace) -> tuple[Path, tuple[str, ...]]:
    """Write the library's report; where it lies, and what has to be said beside it."""
    from assessor.usecases.report_writing import report_notes, write_library_report  # slow to import

    path, made = write_library_report(store, library, bank, face.messages.language)
    return path, report_notes(made, face.messages.gettext)


def _choose_language(face: TerminalFace) -> None:
    asked = Prompt(text="Språk · Kieli · Sprog · Language", choices=language_choices())
    face.messages = Messages(face.choose_one(asked))


def _choose_library(face: TerminalFace, store: Store) -> str:
    """The library's name; asked the first time, and which one where there are several."""
    _, names = face.messages.gettext, store.libraries()
    if len(names) == 1:
        return names[0]
    if names:
        choices = tuple(MenuChoice(value=name, label=name) for name in names)
        return face.choose_one(Prompt(text=_("Which library?"), choices=choices))
    face.print_lines(
        Paragraph(_("Which of your collaborations are partnerships, and of what kind?"), "title"),
        Paragraph(
            _(
                "You answer questions about one collaboration at a time and see at once where "
                "it stands and why. Every answer is saved as soon as you give it; you can stop "
                "at any time and continue later."
            ),
            "quiet",
        ),
        Paragraph(),
    )
    return store.add_library(
        face.ask_text(_("What is your library called?"), "", text_validator(face.messages, fit_name, needed=True))
    )


def _handle_store_in_use(face: TerminalFace, visit: InterviewOptions, error: StoreInUse) -> None:
    """Somebody else is writing: let the person wait, look on, or leave."""
    _ = face.messages.gettext
    told = _(
        "Someone has been answering here in another window since {since} (process {pid}). Only "
        "one person can answer at a time, so that no answer is lost."
    )
    face.print_lines(Paragraph(told.format(**error.facts), "strong", "! "))
    choices = (
        MenuChoice(value="wait", label=_("Wait, and continue when the other window is closed")),
        MenuChoice(value="read", label=_("Just look at the saved answers")),
    )
    stop = MenuChoice(value=STOP, label=_("Quit"), letter=face.messages.pgettext("letter of Quit", "q"))
    match face.choose_one(Prompt(text=_("What would you like to do?"), choices=choices, steps=(stop,))):
        case "wait":
            face.print_lines(Paragraph(_("Waiting … Press Ctrl-C to stop."), "quiet"))
            _wait_for_store(visit)
        case "read":
            with Store.open(visit.store, write=False) as store:
                browse_read_only(face, store, visit.bank)
        case _:
            raise InterviewStopped


def _wait_for_store(visit: InterviewOptions) -> None:
    while True:
        try:
            Store.open(visit.store).close()
        except StoreInUse:  # has waited a few seconds already
            continue
        return


def no_input_error(visit: InterviewOptions, command: str) -> AssessorError:
    """Which responses are lacking where nobody can be asked."""
    everything = ", ".join(item.id for item in visit.bank.instrument.items)
    try:
        with Store.open(visit.store, create=False, write=False) as store:
            libraries = [visit.library] if visit.library else store.libraries()[:1]
            for library in libraries:
                return _no_input_error_in(Assessments(store, library, visit.bank), visit.name, command, everything)
    except StoreMissing:
        pass  # nothing is kept yet: everything is lacking
    return NobodyToBegin(lacking=everything, command=command)


def _no_input_error_in(kept: Assessments, name: str | None, command: str, everything: str) -> AssessorError:
    listed = kept.list_collaborations()
    opened = next((each.loaded for each in listed if each.collaboration.name == name), None)
    opened = opened if name else kept.latest_unfinished()
    if opened and opened.unanswered_items():
        lacking = ", ".join(opened.unanswered_items())
        return NobodyToAsk(name=escape_controls(opened.assessment.collaboration.name), lacking=lacking, command=command)
    if listed and (opened or not name):
        return NothingToAsk(name=escape_controls(name or kept.library), command=command)
    return NobodyToBegin(lacking=everything, command=command)


def _choose_face(messages: Messages, plain: bool) -> TerminalFace:
    """Arrow keys where the terminal has them and nobody asked for plain lines."""
    simple = os.environ.get("TERM", "dumb") in ("dumb", "unknown", "") or os.environ.get("ACCESSIBLE", "0") not in (
        "",
        "0",
    )
    if plain or simple or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return PlainFace(messages)
    from assessor.terminal.prompt_face import PromptFace

    return PromptFace(messages)
