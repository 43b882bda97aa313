"""What a face of the interview can do: tell, offer a choice, let several be ticked, let a line be written.

Everything shown passes through here as data, so that the prompts with arrow keys and the numbered lines cannot differ
in what they say. Nothing here reads or prints.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from assessor.presentation.messages import Messages


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text on the screen, wrapped by the face."""

    text: str = ""
    #: title, strong, quiet, or a placement's hue: first, second, third, beside.
    style: str = ""
    #: What stands in front of the first line; the rest is set in as far.
    prefix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MenuChoice:
    """One thing that can be chosen."""

    value: str
    label: str
    #: Beneath the label, quieter.
    example: str = ""
    #: Told behind the label: the response given before.
    remark: str = ""
    #: Chooses it in plain mode, and moves to it at the prompts.
    letter: str = ""
    #: Keys that choose it at once at the prompts, as prompt_toolkit names them.
    keys: tuple[str, ...] = ()
    ticked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """A choice to make."""

    text: str
    choices: tuple[MenuChoice, ...]
    #: Beneath the choices, apart from them: going back, help, stopping.
    steps: tuple[MenuChoice, ...] = ()
    #: The value that the pointer stands on at first; the first choice when empty.
    preselected: str = ""
    #: Whether the choice made is told once it is made.
    echo_choice: bool = True

    @property
    def all_choices(self) -> tuple[MenuChoice, ...]:
        """The choices and the steps."""
        return (*self.choices, *self.steps)


class TerminalFace(Protocol):
    """How a person is asked; every method may raise `KeyboardInterrupt`, `EOFError` or `Ended`."""

    #: In the language spoken; another value speaks another from here on.
    messages: Messages

    def print_lines(self, *lines: Paragraph) -> None:
        """Show lines that need no response."""

    def print_paged(self, *lines: Paragraph) -> None:
        """Show lines that may be more than a screen holds, in portions where they are."""

    def choose_one(self, question: Prompt) -> str:
        """The value of the one choice made."""
        raise NotImplementedError

    def choose_several(self, question: Prompt) -> tuple[str, ...]:
        """The values ticked; a step's value alone when a step was taken."""
        raise NotImplementedError

    def ask_text(self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "") -> str:
        """A line of text, `kept` to begin with; asked again while `refused` says why not."""
        raise NotImplementedError


class Terminated(BaseException):
    """The terminal was closed or the process told to end; like an interrupt, never an error to be caught."""
