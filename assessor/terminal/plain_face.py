"""The interview as numbered lines, for screen readers, old terminals and pipes: no cursor moves, nothing is redrawn."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import TextIO

from assessor.terminal.face import Choice, Line, Question
from assessor.terminal.messages import Speech
from assessor.terminal.text_layout import WIDEST, heard, shown, wrapped


class Plain:
    """The face of numbered lines; `source` and `target` are handed in by tests."""

    def __init__(self, speech: Speech, source: TextIO | None = None, target: TextIO | None = None) -> None:
        self._speech = speech
        self._source = source or sys.stdin
        self._target = target or sys.stdout
        #: Called when the first question is on the screen, once.
        self.painted: Callable[[], None] = lambda: None

    def tell(self, *lines: Line) -> None:
        """Print the lines, wrapped."""
        for line in lines:
            self._print("\n".join(wrapped(line, _width(self._target), self._encoding)) + "\n")

    def read(self, *lines: Line) -> None:
        """Print the lines; whoever listens needs no portions."""
        self.tell(*lines)

    def choose(self, question: Question) -> str:
        """Ask for a number or a letter; asked again until it is one of those offered."""
        _ = self._speech.gettext
        offered = _offered(question.everything)
        kept = next((sign for sign, choice in offered.items() if choice.value == question.at), "")
        self._list(question, offered)
        told = _("Type a number or a letter")
        while True:
            typed = self._line(told + (f" [{kept}]" if kept else "")).strip().lower() or kept
            if typed in offered:
                return offered[typed].value
            self.tell(Line(_("Type one of: {signs}").format(signs=", ".join(offered))))

    def tick(self, question: Question) -> tuple[str, ...]:
        """Ask for numbers, with blanks between; none is an answer too."""
        _ = self._speech.gettext
        offered = _offered(question.everything)
        steps = {step.value for step in question.steps}
        self._list(question, offered)
        while True:
            typed = self._line(_("Type the numbers, with blanks between; Enter alone for none")).lower()
            signs = typed.replace(",", " ").split()
            if all(sign in offered for sign in signs):
                values = tuple(offered[sign].value for sign in signs)
                return next(((value,) for value in values if value in steps), _in_order(question, values))
            self.tell(Line(_("Type one of: {signs}").format(signs=", ".join(offered))))

    def write(self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "") -> str:
        """Ask for a line; Enter alone leaves what was kept, a hyphen alone takes it away."""
        _ = self._speech.gettext
        if kept:
            self.tell(Line(kept, lead="  "), Line(_("Enter alone keeps this; a hyphen alone takes it away.")))
        while True:
            typed = self._line(ask).strip()
            text = ("" if typed == "-" else typed or kept) if kept else typed
            why = refused(text)
            if not why:
                return text
            self.tell(Line(why))

    def _list(self, question: Question, offered: dict[str, Choice]) -> None:
        self.tell(Line(question.ask, "strong"))
        for sign, choice in offered.items():
            remark = f" ({choice.remark})" if choice.remark else ""
            self.tell(Line(f"{choice.label}{remark}", lead=f"{sign:>3}. "))
            if choice.example:
                self.tell(Line(choice.example, lead="       "))

    def _line(self, ask: str) -> str:
        self._print(f"{shown(ask, self._encoding)}: ")
        painted, self.painted = self.painted, lambda: None
        painted()
        typed = self._source.readline()
        if not typed:
            raise EOFError
        return heard(typed.rstrip("\r\n"))

    @property
    def _encoding(self) -> str:
        return self._target.encoding or "utf-8"

    def _print(self, text: str) -> None:
        self._target.write(text)
        self._target.flush()


def _offered(choices: Iterable[Choice]) -> dict[str, Choice]:
    """The choices by what is typed for them: their letter, or their number among those without."""
    numbers = iter(range(1, 1_000_000))
    return {choice.letter or str(next(numbers)): choice for choice in choices}


def _in_order(question: Question, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.choices if choice.value in values)


def _width(target: TextIO) -> int:
    try:
        return min(os.get_terminal_size(target.fileno()).columns or WIDEST, WIDEST)
    except (OSError, ValueError):
        return WIDEST
