"""How an interview begins and ends: a face, a language, a store to write to, and what to type to go on later.

`run` is what the command line calls. What would stop the interview later (a bank with problems, nobody to ask) is found
before the first question, so that nobody answers in vain. A store file takes one writer; where another window has it,
the person can wait, look on or leave.
"""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

from assessor import paths
from assessor.bank import Bank, find_typed_bank, open_bank
from assessor.core.wording import Wording
from assessor.errors import AssessorError
from assessor.language import choose_language, is_language_known
from assessor.presentation.alphabet import in_alphabetical_order
from assessor.presentation.messages import Messages
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command
from assessor.store import Store
from assessor.store.errors import StoreInUse, StoreMissing, StoreMoved
from assessor.store.server_urls import location_to_type
from assessor.terminal.endings import print_last, raising_terminated, resume_command
from assessor.terminal.errors import NobodyToAsk, NobodyToBegin, NothingToAsk
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, TerminalFace, Terminated
from assessor.terminal.interview_context import (
    InterviewContext,
    InterviewStopped,
    language_choices,
    stop_step,
)
from assessor.terminal.journey import Journey
from assessor.terminal.names import ask_library_name
from assessor.terminal.plain_face import PlainFace
from assessor.terminal.read_only import browse_read_only
from assessor.usecases.assessments import Assessments
from assessor.usecases.libraries import describe_numbered_names, find_named_collaboration, similar_collaborations
from assessor.usecases.retention import describe_expiry

EXIT_INTERRUPTED = 130


@dataclass(frozen=True, kw_only=True, slots=True)
class InterviewOptions:
    """What the command line asks for."""

    #: The store's path; the person's own when None.
    store: str | Path | None = None
    bank: Bank
    #: Which library, where the store has several; a new one is added.
    library: str | None = None
    #: A collaboration to open.
    name: str | None = None
    #: Assess it anew.
    fresh: bool = False


@dataclass
class KeptPlace:
    """Where the answers of a sitting are kept; it changes where the store's file is moved meanwhile."""

    #: A path or address; the person's own when None.
    store: str | Path | None = None
    #: Why some of what was answered is not there; None where all is.
    refusal: StoreMoved | None = None
    #: Whether anything can have been answered: a library is chosen.
    is_begun: bool = False

    def look(self, store: Store) -> None:
        """Note where an open store's answers are now."""
        self.refusal = None
        try:
            store.require_in_place()
        except StoreMoved as error:
            self.refusal = error


def run(
    store: str | Path | None = None,
    *,
    bank: str | None = None,
    library: str | None = None,
    language: str | None = None,
    plain: bool = False,
    no_input: bool = False,
    name: str | None = None,
    fresh: bool = False,
    command: str = "assessor",
) -> int:
    """Run the interview at this terminal; returns the exit code.

    `language` is None where nobody chose one, `command` how this program was started. Whatever would stop the interview
    later is raised before the first question.
    """
    options = InterviewOptions(
        store=store, bank=open_bank(find_typed_bank(bank)), library=library, name=name, fresh=fresh
    )
    if no_input or not (plain or sys.stdin.isatty()):
        raise no_input_error(options, command, choose_language(language))
    face = _choose_face(Messages(choose_language(language)), plain)
    place = KeptPlace(store)
    code = _run_to_exit_code(face, options, is_language_known(language), place)
    template = face.messages.gettext("All your answers are saved. To continue: {command}")
    if not place.is_begun:
        template = face.messages.gettext("Nothing was answered. To begin: {command}")
    if place.refusal:
        template = face.messages.gettext(
            "Not everything you answered is saved, as {path} was moved, removed or replaced. "
            "To continue with what is there: {command}"
        )
    settings = {
        "store": location_to_type(place.store) if place.store else None,
        "library": library,
        "bank": bank,
    }
    facts = place.refusal.facts if place.refusal else {}
    spoken = face.messages.language if place.is_begun or is_language_known(language) else None
    resume = resume_command(command, spoken, plain, **settings)
    print_last("\n" + template.format(command=resume, **facts))
    return code


def _run_to_exit_code(face: TerminalFace, options: InterviewOptions, language_known: bool, place: KeptPlace) -> int:
    """Run the interview; 0 when the person stopped, 130 when they were interrupted or the terminal closed.

    Where not all is kept in the end, it is the refusal's own.
    """
    try:
        with raising_terminated():
            run_interview(face, options, language_known, place)
    except InterviewStopped:
        return place.refusal.exit_code if place.refusal else 0
    except (KeyboardInterrupt, EOFError, Terminated):
        return EXIT_INTERRUPTED


def run_interview(
    face: TerminalFace, options: InterviewOptions, language_known: bool = True, place: KeptPlace | None = None
) -> NoReturn:
    """Everything between the first screen and the last; ends by raising `InterviewStopped`.

    `place` learns where the answers are in the end.
    """
    place = place or KeptPlace(options.store)
    if not language_known:
        _choose_language(face, options.bank)
    options.bank.require_instrument()  # raises for a bank with problems, before anything is asked
    while True:
        try:
            with Store.open(options.store) as store:
                if not language_known and len(language_choices(options.bank.speaks)) > 1:
                    _remember_language(face.messages.language)
                _run_journey(face, options, store, place)
        except StoreInUse as error:
            _handle_store_in_use(face, options, error)


def _run_journey(face: TerminalFace, options: InterviewOptions, store: Store, place: KeptPlace) -> None:
    """Lead through one library with the store open for writing."""
    _ = face.messages.gettext
    numbered = describe_numbered_names(store.numbered_names, _)
    for sentence in (*numbered, *describe_expiry(store.expiry, _, typed_command())):
        face.print_lines(Paragraph(sentence, "strong", "! "))
    if store.cloud_folder:
        template = _("Note: {service} copies the folder with your answers to other machines.")
        face.print_lines(Paragraph(template.format(service=store.cloud_folder.service), "strong", "! "))
    library = store.add_library(options.library) if options.library else _choose_library(face, store, options.bank)
    place.is_begun = True
    assessments = Assessments(store, library, options.bank)
    report = partial(_write_report, store, library, options.bank, face)
    context = InterviewContext(face=face, assessments=assessments, store=store, write_report=report)
    opened = store.path
    try:
        Journey(context).run(options.name, options.fresh)
    except InterviewStopped:
        _keep_all(context)
        raise
    except (KeyboardInterrupt, EOFError, Terminated):
        with suppress(AssessorError):
            _keep_unasked(store)
        raise
    finally:
        place.look(store)
        if store.path != opened:
            place.store = store.path


def _keep_all(context: InterviewContext) -> None:
    """Offer a new file at the end where the store's was moved since the last answer."""
    try:
        context.store.require_in_place()
    except StoreMoved as error:
        context.offer_new_file(error)


def _keep_unasked(store: Store) -> None:
    """The same where nobody can be asked any more: what was answered is not given up."""
    try:
        store.require_in_place()
    except StoreMoved:
        store.continue_in_new_file()


def _write_report(store: Store, library: str, bank: Bank, face: TerminalFace) -> tuple[Path, tuple[str, ...]]:
    """Write the library's report; returns its path and the notes to show with it."""
    from assessor.usecases.report_writing import report_notes, write_library_report  # slow to import

    path, report = write_library_report(store, library, bank, face.messages.language)
    return path, report_notes(report, face.messages)


def _choose_language(face: TerminalFace, bank: Bank) -> None:
    """Ask for a language, in all of them, for the person has not said which they read; the bank's only one is taken."""
    choices = language_choices(bank.speaks)
    prompt = Prompt(text="Språk · Kieli · Sprog · Language", choices=choices)
    face.messages = Messages(choices[0].value if len(choices) == 1 else face.choose_one(prompt))


def _remember_language(language: str) -> None:
    """Have the language chosen on the first screen spoken from now on; a file of defaults that is there is left."""
    with suppress(OSError), paths.defaults_file().open("x", encoding="utf-8") as defaults:
        defaults.write(f'lang = "{language}"\n')


def _choose_library(face: TerminalFace, store: Store, bank: Bank) -> str:
    """The library's name: the only one, the one chosen, or a new one asked for in an empty store."""
    _, names = face.messages.gettext, in_alphabetical_order(store.libraries(), face.messages.language, str)
    if len(names) == 1:
        return names[0]
    if names:
        choices = tuple(MenuChoice(value=name, label=name) for name in names)
        return face.choose_one(Prompt(text=_("Which library?"), choices=choices))
    face.print_lines(
        Paragraph(bank.nearest_wording(face.messages.language).name, "title"),
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
    return store.add_library(ask_library_name(face))


def _handle_store_in_use(face: TerminalFace, options: InterviewOptions, error: StoreInUse) -> None:
    """Another window is writing: let the person wait, look on, or leave.

    Returns when the store may be tried again; raises `InterviewStopped` when they leave.
    """
    _ = face.messages.gettext
    template = _(
        "Someone has been answering here in another window since {since} (process {pid}). Only "
        "one person can answer at a time, so that no answer is lost."
    )
    face.print_lines(Paragraph(template.format(**error.facts), "strong", "! "))
    choices = (
        MenuChoice(value="wait", label=_("Wait, and continue when the other window is closed")),
        MenuChoice(value="read", label=_("Just look at the saved answers")),
    )
    steps = (stop_step(face.messages),)
    match face.choose_one(Prompt(text=_("What would you like to do?"), choices=choices, steps=steps)):
        case "wait":
            face.print_lines(Paragraph(_("Waiting … Press Ctrl-C to stop."), "quiet"))
            _wait_for_store(options)
        case "read":
            with Store.open(options.store, write=False) as store:
                browse_read_only(face, store, options.bank)
        case _:
            raise InterviewStopped


def _wait_for_store(options: InterviewOptions) -> None:
    """Return when the store can be opened for writing; each attempt waits a few seconds by itself."""
    while True:
        try:
            Store.open(options.store, expire=False).close()
        except StoreInUse:
            continue
        return


def no_input_error(options: InterviewOptions, command: str, language: str) -> AssessorError:
    """The refusal that says which responses are lacking where nobody can be asked."""
    everything = _short_names(options.bank.wording(language), (item.id for item in options.bank.instrument.items))
    try:
        with Store.open(options.store, create=False, write=False, expire=False) as store:
            libraries = [options.library] if options.library else store.libraries()[:1]
            for library in libraries:
                assessments = Assessments(store, library, options.bank)
                return _no_input_error_in(assessments, options.name, command, everything, language)
    except StoreMissing:
        pass  # nothing is kept yet: everything is lacking
    return NobodyToBegin(lacking=everything, command=command)


def _short_names(wording: Wording, items: Iterable[str]) -> str:
    """The items as people know them."""
    return ", ".join(escape_controls(wording.items[item].short) for item in items)


def _no_input_error_in(
    assessments: Assessments, name: str | None, command: str, everything: str, language: str
) -> AssessorError:
    """The same for one library that is in the store, by the assessment that would be gone on with.

    Raises what finding a collaboration raises where only a part of a name was written.
    """
    listed = assessments.list_collaborations()
    known = find_named_collaboration(listed, name) if name and similar_collaborations(listed, name) else None
    loaded = (known.loaded if known else None) if name else assessments.latest_unfinished()
    if loaded and loaded.unanswered_items():
        lacking = _short_names(loaded.wording_in(language), loaded.unanswered_items())
        return NobodyToAsk(name=escape_controls(loaded.assessment.collaboration.name), lacking=lacking, command=command)
    if listed and (loaded or not name):
        return NothingToAsk(name=escape_controls(name or assessments.library), command=command)
    return NobodyToBegin(lacking=everything, command=command)


def _choose_face(messages: Messages, plain: bool) -> TerminalFace:
    """Arrow keys where the terminal has them and neither `--plain` nor `ACCESSIBLE` asks for plain lines."""
    simple = os.environ.get("TERM", "dumb") in ("dumb", "unknown", "") or os.environ.get("ACCESSIBLE", "0") not in (
        "",
        "0",
    )
    if plain or simple or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return PlainFace(messages)
    from assessor.terminal.prompt_face import PromptFace

    return PromptFace(messages)
