"""What a person at the keyboard has before them: the face, the language, the use cases."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor.core.wording import Wording
from assessor.errors import AssessorError
from assessor.language import NAMES
from assessor.terminal.face import Choice, Face, Line, Question
from assessor.terminal.messages import Speech
from assessor.terminal.screens import Terms
from assessor.usecases.assessments import Assessments, Opened, fit_name, fit_text

BACK, HELP, NOTE, MENU, STOP, LIST = "<back>", "<help>", "<note>", "<menu>", "<stop>", "<list>"


class Stopped(Exception):
    """The person wants to go on later."""


def refusing(speech: Speech, door: Callable[[str], str], needed: bool = False) -> Callable[[str], str]:
    """Tells why a text does not pass a door; an empty answer when it does."""

    def refused(text: str) -> str:
        try:
            fit = door(text)
        except AssessorError as error:
            return error.told(speech.gettext)
        return speech.gettext("A name is needed.") if needed and not fit else ""

    return refused


def language_choices() -> tuple[Choice, ...]:
    """Every language spoken here, by its own name."""
    return tuple(Choice(value=language, label=name) for language, name in NAMES.items())


@dataclass
class Desk:
    """Handed to every part of the interview."""

    face: Face
    speech: Speech
    assessments: Assessments
    #: Writes the library's report and gives back where; None where there is none.
    report: Callable[[], str] | None = None

    def terms(self, opened: Opened) -> Terms:
        """In which terms this assessment is told."""
        return Terms(opened.instrument, opened.words(self.speech.language), self.speech)

    def stored(self, opened: Opened, give: Callable[[Assessments], Opened]) -> Opened:
        """The assessment after something was given; as it was, and told why, when that was not stored."""
        try:
            return give(self.assessments)
        except AssessorError as error:
            self.refuse(error)
            return opened

    def refused_text(self, text: str) -> str:
        """Why a text cannot be kept; empty when it can."""
        return refusing(self.speech, fit_text)(text)

    def refused_name(self, name: str) -> str:
        """Why a name cannot be kept; empty when it can."""
        return refusing(self.speech, fit_name)(name)

    def switch_language(self) -> None:
        """Speak another language from here on, or stay with this one."""
        ask = self.speech.gettext("Which language?")
        question = Question(ask=ask, choices=language_choices(), steps=(self.back(),), at=self.speech.language)
        value = self.face.choose(question)
        if value != BACK:
            self.speech.speak(value)

    def other_languages(self) -> str:
        """What the other languages call themselves: who reads none of this finds it."""
        return ", ".join(name for language, name in NAMES.items() if language != self.speech.language)

    def words_now(self) -> Wording:
        """The words of what new assessments are asked by."""
        return self.assessments.words(self.speech.language)

    def refuse(self, error: AssessorError) -> None:
        """Tell what was refused; nothing was stored."""
        self.face.tell(Line(), Line(error.told(self.speech.gettext), "strong", "! "))

    def pick(self, ask: str, choices: tuple[Choice, ...], *steps: Choice, at: str = "") -> str:
        """The value of one choice; stopping is offered everywhere and raises `Stopped`."""
        value = self.face.choose(Question(ask=ask, choices=choices, steps=(*steps, self.stop()), at=at))
        if value == STOP:
            raise Stopped
        return value

    def stop(self) -> Choice:
        """The step that ends for today."""
        _ = self.speech
        return Choice(
            value=STOP, label=_.gettext("Stop here, go on later"), letter=_.pgettext("letter of Stop here", "s")
        )

    def back(self) -> Choice:
        """The step back."""
        _ = self.speech
        letter = _.pgettext("letter of Back", "b")
        return Choice(value=BACK, label=_.gettext("Back"), letter=letter, keys=("left", "c-b"))
