"""What every part of the interview works with: the face, its language, the use cases, and the steps that recur.

`Interview` and `Journey` get one `InterviewContext` and keep nothing of it, so that a language switched in one is
spoken in the other. The values in angle brackets are what a face returns for steps; no bank's id looks like these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assessor.core.wording import Wording
from assessor.errors import AssessorError
from assessor.language import LANGUAGE_NAMES
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.store.errors import StoreMoved
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, TerminalFace
from assessor.usecases.assessments import Assessments, LoadedAssessment, fit_name, fit_text

BACK, HELP, NOTE, MENU, STOP = "<back>", "<help>", "<note>", "<menu>", "<stop>"
#: What people press to go back in other programs, beside the letter.
BACK_KEYS = ("left", "c-b", "s-tab", "backspace")
_NEW_FILE, _HERE = "<new file>", "<here>"


class InterviewStopped(Exception):
    """The person wants to go on later; everything given is stored."""


def text_validator(messages: Messages, validate: Callable[[str], str], needed: bool = False) -> Callable[[str], str]:
    """A function that says why a text is refused, or nothing when it passes.

    `validate` returns the text as it would be stored, or raises; with `needed`, an empty one is refused too.
    """

    def refused(text: str) -> str:
        try:
            fit = validate(text)
        except AssessorError as error:
            return messages.refusal(error)
        return messages.gettext("A name is needed.") if needed and not fit else ""

    return refused


def language_choices(speaks: Callable[[str], bool]) -> tuple[MenuChoice, ...]:
    """The languages that the program and a bank both speak, by their own names; all where they share none."""
    names = {language: name for language, name in LANGUAGE_NAMES.items() if speaks(language)} or LANGUAGE_NAMES
    return tuple(MenuChoice(value=language, label=name) for language, name in names.items())


def stop_step(messages: Messages) -> MenuChoice:
    """The step that ends for today, by the same letter everywhere."""
    letter = messages.pgettext("letter of Stop here", "s")
    return MenuChoice(value=STOP, label=messages.gettext("Stop here, continue later"), letter=letter)


def back_step(messages: Messages) -> MenuChoice:
    """The step back, by the same keys everywhere."""
    letter = messages.pgettext("letter of Back", "b")
    return MenuChoice(value=BACK, label=messages.gettext("Back"), letter=letter, keys=BACK_KEYS)


@dataclass
class InterviewContext:
    """What every part of the interview needs; one for each run."""

    face: TerminalFace
    assessments: Assessments
    store: Store
    #: Writes the report; returns its path and the notes to show with it. None where no report can be made.
    write_report: Callable[[], tuple[Path, tuple[str, ...]]] | None = None

    @property
    def messages(self) -> Messages:
        """In the language spoken now."""
        return self.face.messages

    def terms_of(self, opened: LoadedAssessment) -> Terms:
        """The terms for this assessment: its own version's words, in the language spoken now."""
        return Terms(self.messages.language, opened.instrument, opened.wording_in(self.messages.language))

    def try_store(self, opened: LoadedAssessment, give: Callable[[Assessments], LoadedAssessment]) -> LoadedAssessment:
        """The assessment after `give` stored something; unchanged, with the refusal printed, when it did not."""
        try:
            return give(self.assessments)
        except StoreMoved as error:
            return self.try_store(opened, give) if self.offer_new_file(error) else opened
        except AssessorError as error:
            self.print_refusal(error)
            return opened

    def offer_new_file(self, error: StoreMoved) -> bool:
        """Ask whether to go on in a new file with everything answered so far; whether that was done."""
        self.print_refusal(error)
        _ = self.messages.gettext
        choices = (
            MenuChoice(value=_NEW_FILE, label=_("Continue in a new file, with everything answered so far")),
            MenuChoice(value=_HERE, label=_("Do not save; I put the file back myself")),
        )
        if self.face.choose_one(Prompt(text=_("What would you like to do?"), choices=choices)) != _NEW_FILE:
            return False
        try:
            path = self.store.continue_in_new_file()
        except AssessorError as refusal:
            self.print_refusal(refusal)
            return False
        kept = _("Everything answered is now kept in {path}").format(path=escape_controls(str(path)))
        self.face.print_lines(Paragraph(kept, "strong"))
        return True

    def text_refusal(self, text: str) -> str:
        """Why a text cannot be kept; empty when it can."""
        return text_validator(self.messages, fit_text)(text)

    def name_refusal(self, name: str) -> str:
        """Why a name cannot be kept; empty when it can."""
        return text_validator(self.messages, fit_name)(name)

    def switch_language(self) -> None:
        """Ask for a language and speak it from here on; going back changes nothing."""
        ask = self.messages.gettext("Which language?")
        choices = language_choices(self.assessments.speaks)
        question = Prompt(text=ask, choices=choices, steps=(self.back_step(),), preselected=self.messages.language)
        value = self.face.choose_one(question)
        if value != BACK:
            self.face.messages = Messages(value)

    def other_language_names(self) -> str:
        """The other languages by their own names, for a label that readers of none of this one can find."""
        choices = language_choices(self.assessments.speaks)
        others = ", ".join(choice.label for choice in choices if choice.value != self.messages.language)
        return self.messages.gettext("Language: {names}").format(names=others)

    def current_wording(self) -> Wording:
        """The words of the bank that new assessments are asked by."""
        return self.assessments.wording_in(self.messages.language)

    def current_terms(self) -> Terms:
        """The terms of that bank."""
        return Terms(self.messages.language, self.assessments.instrument, self.current_wording())

    def print_refusal(self, error: AssessorError) -> None:
        """Print why something was refused; nothing was stored."""
        self.face.print_lines(Paragraph(), Paragraph(self.messages.refusal(error), "strong", "! "))

    def choose_or_stop(self, ask: str, choices: tuple[MenuChoice, ...], *steps: MenuChoice, at: str = "") -> str:
        """The value of one choice; stopping is offered everywhere and raises `InterviewStopped`."""
        value = self.face.choose_one(
            Prompt(text=ask, choices=choices, steps=(*steps, self.stop_step()), preselected=at)
        )
        if value == STOP:
            raise InterviewStopped
        return value

    def stop_step(self) -> MenuChoice:
        """The step that ends for today."""
        return stop_step(self.messages)

    def back_step(self) -> MenuChoice:
        """The step back."""
        return back_step(self.messages)
