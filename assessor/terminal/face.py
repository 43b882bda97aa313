"""What a face of the interview can do: print lines, offer a choice, let several be ticked, ask for a line of text.

A face has two implementations: `PromptFace` with arrow keys and `PlainFace` with numbered lines. Everything shown
passes through here as data, so that the two cannot differ in what they say; each decides only how it looks and which
keys there are. Nothing here reads or prints.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from assessor.presentation.messages import Messages


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text on the screen, wrapped by the face; without text, an empty line."""

    text: str = ""
    #: title, strong, quiet, or a placement's hue: first, second, third, beside.
    style: str = ""
    #: What stands in front of the first line; later lines are indented by its width.
    prefix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuChoice:
    """One thing that can be chosen, as data: each face decides how its parts are shown."""

    #: What the face returns; never shown.
    value: str
    label: str
    #: Beneath the label, quieter.
    example: str = ""
    #: Shown behind the label: "your answer" at the response given before.
    remark: str = ""
    #: Chooses it; a choice without one is given a number.
    letter: str = ""
    #: Further keys that choose it at the prompts, as prompt_toolkit names them.
    keys: tuple[str, ...] = ()
    #: Whether it is ticked at first, where several can be.
    ticked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A choice to make, with the steps that are offered beside it."""

    text: str
    choices: tuple[MenuChoice, ...]
    #: Beneath the choices, apart from them: going back, help, stopping.
    steps: tuple[MenuChoice, ...] = ()
    #: The value given before: Enter takes it in plain mode, and the pointer starts there at the prompts.
    preselected: str = ""
    #: Whether the label is printed once the choice is made.
    echo_choice: bool = True

    @property
    def all_choices(self) -> tuple[MenuChoice, ...]:
        """The choices and the steps."""
        return (*self.choices, *self.steps)


class TerminalFace(Protocol):
    """How a person is asked; every method may raise `KeyboardInterrupt`, `EOFError` or `Terminated`."""

    #: In the language spoken; assigning others switches the language from here on.
    messages: Messages

    def print_lines(self, *lines: Paragraph) -> None:
        """Show lines that need no response."""

    def print_paged(self, *lines: Paragraph) -> None:
        """Show lines that may be more than a screen holds, in portions where they are."""

    def choose_one(self, question: Prompt) -> str:
        """The value of the choice or step taken."""
        raise NotImplementedError

    def choose_several(self, question: Prompt) -> tuple[str, ...]:
        """The values ticked; a step's value alone when a step was taken."""
        raise NotImplementedError

    def ask_text(
        self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "", *, back: bool = False
    ) -> str:
        """A line of text, `kept` to begin with; `refused` gives the reason to ask again, or nothing.

        Raises `SteppedBack` where `back` is offered and taken.
        """
        raise NotImplementedError


class SteppedBack(Exception):
    """The person wants the step before a line of text; what stood in the line is dropped."""


class Terminated(BaseException):
    """The terminal was closed or the process told to end.

    Not an `Exception`, just as an interrupt is not: nothing that handles errors may catch it.
    """
