"""What a person at the keyboard has before them: the face, the language, the use cases."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from assessor.core.wording import Wording
from assessor.errors import AssessorError
from assessor.language import LANGUAGE_NAMES
from assessor.presentation.messages import Messages
from assessor.presentation.terms import Terms
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, TerminalFace
from assessor.usecases.assessments import Assessments, LoadedAssessment, fit_name, fit_text

BACK, HELP, NOTE, MENU, STOP = "<back>", "<help>", "<note>", "<menu>", "<stop>"


class InterviewStopped(Exception):
    """The person wants to go on later."""


def text_validator(messages: Messages, door: Callable[[str], str], needed: bool = False) -> Callable[[str], str]:
    """Tells why a text does not pass a door; an empty answer when it does."""

    def refused(text: str) -> str:
        try:
            fit = door(text)
        except AssessorError as error:
            return messages.refusal(error)
        return messages.gettext("A name is needed.") if needed and not fit else ""

    return refused


def language_choices() -> tuple[MenuChoice, ...]:
    """Every language spoken here, by its own name."""
    return tuple(MenuChoice(value=language, label=name) for language, name in LANGUAGE_NAMES.items())


@dataclass
class InterviewContext:
    """Handed to every part of the interview."""

    face: TerminalFace
    assessments: Assessments
    #: Writes the library's report: where it lies, and what has to be said beside it. None where it cannot be made.
    write_report: Callable[[], tuple[Path, tuple[str, ...]]] | None = None

    @property
    def messages(self) -> Messages:
        """In the language spoken now."""
        return self.face.messages

    def terms_of(self, opened: LoadedAssessment) -> Terms:
        """In which terms this assessment is told."""
        return Terms(self.messages.language, opened.instrument, opened.wording_in(self.messages.language))

    def try_store(self, opened: LoadedAssessment, give: Callable[[Assessments], LoadedAssessment]) -> LoadedAssessment:
        """The assessment after something was given; as it was, and told why, when that was not stored."""
        try:
            return give(self.assessments)
        except AssessorError as error:
            self.print_refusal(error)
            return opened

    def text_refusal(self, text: str) -> str:
        """Why a text cannot be kept; empty when it can."""
        return text_validator(self.messages, fit_text)(text)

    def name_refusal(self, name: str) -> str:
        """Why a name cannot be kept; empty when it can."""
        return text_validator(self.messages, fit_name)(name)

    def switch_language(self) -> None:
        """Speak another language from here on, or stay with this one."""
        ask = self.messages.gettext("Which language?")
        question = Prompt(
            text=ask, choices=language_choices(), steps=(self.back_step(),), preselected=self.messages.language
        )
        value = self.face.choose_one(question)
        if value != BACK:
            self.face.messages = Messages(value)

    def other_language_names(self) -> str:
        """What the other languages call themselves: who reads none of this finds it."""
        return ", ".join(name for language, name in LANGUAGE_NAMES.items() if language != self.messages.language)

    def current_wording(self) -> Wording:
        """The words of what new assessments are asked by."""
        return self.assessments.wording_in(self.messages.language)

    def print_refusal(self, error: AssessorError) -> None:
        """Tell what was refused; nothing was stored."""
        self.face.print_lines(Paragraph(), Paragraph(self.messages.refusal(error), "strong", "! "))

    def choose_or_stop(self, ask: str, choices: tuple[MenuChoice, ...], *steps: MenuChoice, at: str = "") -> str:
        """The value of one choice; stopping is offered everywhere and raises `Stopped`."""
        value = self.face.choose_one(
            Prompt(text=ask, choices=choices, steps=(*steps, self.stop_step()), preselected=at)
        )
        if value == STOP:
            raise InterviewStopped
        return value

    def stop_step(self) -> MenuChoice:
        """The step that ends for today."""
        letter = self.messages.pgettext("letter of Stop here", "s")
        return MenuChoice(value=STOP, label=self.messages.gettext("Stop here, continue later"), letter=letter)

    def back_step(self) -> MenuChoice:
        """The step back."""
        letter = self.messages.pgettext("letter of Back", "b")
        return MenuChoice(value=BACK, label=self.messages.gettext("Back"), letter=letter, keys=("left", "c-b"))
