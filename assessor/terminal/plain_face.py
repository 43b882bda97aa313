"""The interview as numbered lines, for screen readers, old terminals and pipes: no cursor moves, nothing is redrawn."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from assessor.presentation.messages import Messages
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, SteppedBack
from assessor.terminal.text_layout import MOST_COLUMNS, decode_typed, displayable_text, wrap_paragraph


class PlainFace:
    """The face of numbered lines; tests pass `source` and `target` instead of the terminal's streams."""

    def __init__(self, messages: Messages, source: TextIO | None = None, target: TextIO | None = None) -> None:
        #: In the language spoken; assigning others switches the language.
        self.messages = messages
        self._source = source or sys.stdin
        self._target = target or sys.stdout
        #: Called when the first question is on the screen, once.
        self.on_first_paint: Callable[[], None] = lambda: None

    def print_lines(self, *lines: Paragraph) -> None:
        """Print the lines, wrapped."""
        for line in lines:
            self._print("\n".join(wrap_paragraph(line, _terminal_width(self._target), self._encoding)) + "\n")

    def print_paged(self, *lines: Paragraph) -> None:
        """Print all the lines at once; a screen reader needs no portions."""
        self.print_lines(*lines)

    def choose_one(self, question: Prompt) -> str:
        """Ask for a number or a letter until one is typed that is offered; Enter alone takes the one in brackets."""
        _ = self.messages.gettext
        offered = _choices_by_sign(question.all_choices)
        kept = next((sign for sign, choice in offered.items() if choice.value == question.preselected), "")
        self._print_choices(question, offered)
        instruction = _("Type a number or a letter")
        while True:
            typed = self._read_line(instruction + (f" [{kept}]" if kept else "")).strip().lower() or kept
            if typed in offered:
                return offered[typed].value
            self.print_lines(Paragraph(_("Type one of: {signs}").format(signs=", ".join(offered))))

    def choose_several(self, question: Prompt) -> tuple[str, ...]:
        """Ask for numbers with blanks or commas between; a step's letter among them wins over all numbers."""
        _ = self.messages.gettext
        offered = _choices_by_sign(question.all_choices)
        steps = {step.value for step in question.steps}
        self._print_choices(question, offered)
        while True:
            typed = self._read_line(_("Type the numbers with spaces between them; press Enter for none")).lower()
            signs = typed.replace(",", " ").split()
            if all(sign in offered for sign in signs):
                values = tuple(offered[sign].value for sign in signs)
                return next(((value,) for value in values if value in steps), _in_offered_order(question, values))
            self.print_lines(Paragraph(_("Type one of: {signs}").format(signs=", ".join(offered))))

    def ask_text(
        self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "", *, back: bool = False
    ) -> str:
        """Ask for a line; Enter alone leaves what was kept, a hyphen alone removes it, `<` alone goes back."""
        _ = self.messages.gettext
        if back:
            self.print_lines(Paragraph(_("Type < alone to go back.")))
        if kept:
            self.print_lines(
                Paragraph(kept, prefix="  "), Paragraph(_("Press Enter to keep this; type a hyphen to remove it."))
            )
        while True:
            typed = self._read_line(ask).strip()
            if back and typed == "<":
                raise SteppedBack
            text = ("" if typed == "-" else typed or kept) if kept else typed
            why = refused(text)
            if not why:
                return text
            self.print_lines(Paragraph(why))

    def _print_choices(self, question: Prompt, offered: dict[str, MenuChoice]) -> None:
        """Print the question and its choices, each behind its number or letter."""
        self.print_lines(Paragraph(question.text, "strong"))
        for sign, choice in offered.items():
            remark = f" ({choice.remark})" if choice.remark else ""
            self.print_lines(Paragraph(f"{choice.label}{remark}", prefix=f"{sign:>3}. "))
            if choice.example:
                self.print_lines(Paragraph(choice.example, prefix="       "))

    def _read_line(self, ask: str) -> str:
        """A line as text; raises `EOFError` at the end of the input."""
        self._print(f"{displayable_text(ask, self._encoding)}: ")
        painted, self.on_first_paint = self.on_first_paint, lambda: None
        painted()
        typed = self._source.readline()
        if not typed:
            raise EOFError
        return decode_typed(typed.rstrip("\r\n"))

    @property
    def _encoding(self) -> str:
        return self._target.encoding or "utf-8"

    def _print(self, text: str) -> None:
        self._target.write(text)
        self._target.flush()


def _choices_by_sign(choices: Iterable[MenuChoice]) -> dict[str, MenuChoice]:
    """The choices by what is typed for them: their letter, or their number among those without one."""
    numbers = iter(range(1, 1_000_000))
    return {choice.letter or str(next(numbers)): choice for choice in choices}


def _in_offered_order(question: Prompt, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.choices if choice.value in values)


def _terminal_width(target: TextIO) -> int:
    """The columns to wrap at; the widest that is easy to read where the output is no terminal."""
    try:
        return min(os.get_terminal_size(target.fileno()).columns or MOST_COLUMNS, MOST_COLUMNS)
    except (OSError, ValueError):
        return MOST_COLUMNS
