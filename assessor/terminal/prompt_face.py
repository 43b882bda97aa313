"""The interview with arrow keys: questionary's prompts, one at a time, with our words, our keys and our wrapping.

questionary offers no way back, cuts long lines off and says some things in English only; its list is therefore drawn
here, and every instruction is handed in.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

import questionary
from prompt_toolkit import print_formatted_text
from prompt_toolkit.application import Application
from prompt_toolkit.filters import to_filter
from prompt_toolkit.formatted_text import FormattedText, StyleAndTextTuples
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings, KeyBindingsBase, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.containers import ScrollOffsets
from prompt_toolkit.layout.processors import Processor, Transformation, TransformationInput
from prompt_toolkit.output import ColorDepth, Output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.validation import ValidationError
from questionary.prompts.common import InquirerControl

from assessor.safe_text import safe
from assessor.terminal.face import Choice, Line, Question
from assessor.terminal.messages import Speech
from assessor.terminal.text_layout import WIDEST, columns, heard, parted, shown, wrapped

#: The report's hues, light enough for a dark screen and dark enough for a light one.
_STYLE = questionary.Style(
    [
        ("qmark", "fg:#0f8a8c"),
        ("question", "bold"),
        ("instruction", "fg:#7a8594"),
        ("pointer", "fg:#0f8a8c bold"),
        ("pointed", "bold"),
        ("text", ""),
        ("answer", "noinherit"),
        ("quiet", "fg:#7a8594"),
        ("title", "bold"),
        ("strong", "bold"),
        ("first", "fg:#5b6bd5 bold"),
        ("second", "fg:#0f8a8c bold"),
        ("third", "fg:#c96f14 bold"),
        ("beside", "fg:#7a8594 bold"),
        ("bottom-toolbar", "noreverse"),
        ("validation-toolbar", "noreverse bg:default fg:default bold"),
    ]
)

#: Windows of no more than this show no hint above the choices.
_LOW, _NARROW = 10, 30

#: More than this is not pasted into a line at all; the line says so.
_PASTED = 20_000


class Prompts:
    """The face with arrow keys; `keys` and `screen` are handed in by tests."""

    def __init__(self, speech: Speech, keys: Input | None = None, screen: Output | None = None) -> None:
        self._speech = speech
        self._keys = keys
        self._screen = screen or _screen(sys.stdout)
        #: Called when the first prompt is on the screen, once.
        self.painted: Callable[[], None] = lambda: None

    def tell(self, *lines: Line) -> None:
        """Print the lines, wrapped."""
        for line in lines:
            text = "\n".join(wrapped(line, self._width(), self._screen.encoding()))
            styled = FormattedText([(f"class:{line.style}" if line.style else "", text)])
            print_formatted_text(styled, style=_STYLE, output=self._screen, include_default_pygments_style=False)

    def read(self, *lines: Line) -> None:
        """Print the lines part by part (an empty line parts them), no more at once than the window holds."""
        free = room = max(self._screen.get_size().rows - 2, 3)
        for part in parted(lines):
            whole = self._rows(*part) <= room
            for chunk in [part] if whole else [[line] for line in part]:
                if free < self._rows(*chunk) and free < room:
                    self._pause()
                    free = room
                self.tell(*chunk)
                free -= self._rows(*chunk)

    def _rows(self, *lines: Line) -> int:
        return sum(len(wrapped(line, self._width())) for line in lines)

    def _pause(self) -> None:
        told = self._speech.gettext("Press a key to read on")
        common = {key: value for key, value in self._common().items() if key != "qmark"}
        self._asked(questionary.press_any_key_to_continue(self._fit(f"── {told} ──"), **common))

    def choose(self, question: Question) -> str:
        """Ask by a list; the key of a step takes it at once."""
        _ = self._speech.gettext
        prompt = questionary.select(
            self._ask(question.ask),
            [self._row(choice) for choice in question.everything],
            default=question.at or None,
            instruction=self._hint(question.ask, _("(arrow keys, then Enter)")),
            use_jk_keys=False,
            **self._common(),
        )
        control = self._draw(prompt.application, question)
        enter = _enter(lambda: control.get_pointed_at().value)
        value = str(self._asked(prompt, _steps(question), _numbers(question, control), enter))
        if question.told:
            self._tell_chosen(question, value)
        return value

    def tick(self, question: Question) -> tuple[str, ...]:
        """Ask by a list in which several can be ticked; the key of a step takes it at once."""
        _ = self._speech.gettext
        prompt = questionary.checkbox(
            self._ask(question.ask),
            [self._row(choice) for choice in question.everything],
            instruction=self._hint(question.ask, _("(space ticks, Enter when done)")),
            use_jk_keys=False,
            **self._common(),
        )
        control = self._draw(prompt.application, question, boxes=True)
        keys = _steps(question, lambda value: [value]), _numbers(question, control)
        values = tuple(self._asked(prompt, *keys, _enter(lambda: _ticked(question, control))))
        told = [choice.label for choice in question.everything if choice.value in values]
        self.tell(*(Line(label, "quiet", "  → ") for label in told or [_("nothing ticked")]))
        return values

    def write(self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "") -> str:
        """Ask for a line; what was kept stands there to be changed."""
        prompt = questionary.text(
            self._ask(ask),
            default=kept,
            validate=lambda text: self._fit(refused(heard(text))) or True,
            validate_while_typing=False,
            key_bindings=self._line_keys(),
            reserve_space_for_menu=0,
            input_processors=[_Harmless()],
            **self._common(erase=False),
        )
        return heard(str(self._asked(prompt)))

    def _asked(self, prompt: questionary.Question, *keys: KeyBindingsBase) -> Any:
        application = prompt.application
        application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), *keys])
        application.after_render += self._paint
        return prompt.unsafe_ask()

    def _paint(self, _application: "Application[Any]") -> None:
        painted, self.painted = self.painted, lambda: None
        painted()

    def _common(self, erase: bool = True) -> dict[str, Any]:
        return {
            "qmark": "?",
            "style": _STYLE,
            "erase_when_done": erase,
            "include_default_pygments_style": False,
            "input": self._keys,
            "output": self._screen,
        }

    def _width(self) -> int:
        return min(self._screen.get_size().columns - 1, WIDEST)

    def _fit(self, text: str) -> str:
        return shown(" ".join(text.split()), self._screen.encoding())

    def _ask(self, text: str) -> str:
        """What is asked, wrapped by words beneath its sign."""
        return "\n  ".join(wrapped(Line(text), self._width() - 2, self._screen.encoding()))

    def _hint(self, ask: str, text: str) -> str:
        """How to choose, where there is room for it; never empty, for then questionary tells it in English."""
        size = self._screen.get_size()
        if size.rows <= _LOW or size.columns <= _NARROW:
            return " "
        beside = columns(self._ask(ask).rpartition("\n")[2]) + columns(self._fit(text)) + 3 <= self._width()
        return self._fit(text) if beside else f"\n  {self._ask(text)}"

    def _row(self, choice: Choice) -> questionary.Choice:
        return questionary.Choice(self._fit(choice.label), choice.value, checked=choice.ticked)

    def _tell_chosen(self, question: Question, value: str) -> None:
        chosen = next(choice for choice in question.everything if choice.value == value)
        self.tell(Line(chosen.label, "quiet", "  → "))

    def _draw(self, application: "Application[Any]", question: Question, boxes: bool = False) -> InquirerControl:
        """Let the list be drawn by `_Rows`: wrapped, anew whenever the window changes its size."""
        window, control = next(
            (window, window.content)
            for window in application.layout.find_all_windows()
            if isinstance(window.content, InquirerControl)
        )
        rows = _Rows(question, control, boxes, lambda: (self._width(), self._screen.encoding()))
        control.text = rows.tokens
        window.wrap_lines = to_filter(True)
        window.scroll_offsets = ScrollOffsets(bottom=rows.below)
        return control

    def _line_keys(self) -> KeyBindings:
        """In a line of text: no English search prompts, and no pasted book."""
        keys = KeyBindings()

        @keys.add(Keys.ControlR)
        @keys.add(Keys.ControlS)
        def _ignored(event: KeyPressEvent) -> None:
            """prompt_toolkit would search its history here, in English."""

        @keys.add(Keys.BracketedPaste)
        def _pasted(event: KeyPressEvent) -> None:
            self._paste(event)

        return keys

    def _paste(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if len(event.data) <= _PASTED:
            buffer.insert_text(event.data.replace("\r\n", "\n").replace("\r", "\n"))
            return
        told = self._speech.gettext("Not pasted: the text is too long for an answer ({count} characters).")
        buffer.validation_error = ValidationError(message=self._fit(told.format(count=len(event.data))))


class _Harmless(Processor):
    """Shows a question mark for each letter that would act while it is being typed; what is typed stays."""

    def apply_transformation(self, given: TransformationInput) -> Transformation:
        """As many letters as before, so that the cursor stands right."""
        return Transformation(
            [
                (style, "".join("?" if safe(char) != char else char for char in text))
                for style, text, *_mouse in given.fragments
            ]
        )


def _screen(stream: TextIO) -> Output:
    screen = Vt100_Output.from_pty(stream)
    # a terminal that cannot say where its cursor is makes prompt_toolkit warn in English
    screen.enable_cpr = False
    screen.default_color_depth = ColorDepth.from_env()  # heeds NO_COLOR
    return screen


def _steps(question: Question, made: Callable[[str], object] = str) -> KeyBindings:
    """Keys beyond questionary's: those of the steps, and the end of input."""
    keys = KeyBindings()

    @keys.add(Keys.ControlD, eager=True)
    def _ended(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    for choice in question.everything:
        for key in choice.keys:
            keys.add(key, eager=True)(_exit_with(made(choice.value)))
    return keys


def _exit_with(value: object) -> Callable[[KeyPressEvent], None]:
    def handler(event: KeyPressEvent) -> None:
        event.app.exit(result=value)

    return handler


def _enter(chosen: Callable[[], object]) -> KeyBindings:
    """Enter, and Enter with Alt, which prompt_toolkit would take for the end of a text."""
    keys = KeyBindings()

    @keys.add(Keys.Enter, eager=True)
    @keys.add(Keys.Escape, Keys.Enter, eager=True)
    def _entered(event: KeyPressEvent) -> None:
        event.app.exit(result=chosen())

    @keys.add(Keys.ControlO, eager=True)
    @keys.add(Keys.Escape, "#", eager=True)
    def _ignored(event: KeyPressEvent) -> None:
        """prompt_toolkit would end a line of text here; a list has none."""

    return keys


def _ticked(question: Question, control: InquirerControl) -> list[str]:
    """The step that the pointer stands on, alone; else what is ticked."""
    pointed = control.get_pointed_at().value
    for step in question.steps:
        if step.value == pointed:
            return [step.value]
    return [choice.value for choice in question.choices if choice.value in control.selected_options]


def _numbers(question: Question, control: InquirerControl) -> KeyBindings:
    """A choice's number or letter moves the pointer to it."""
    keys = KeyBindings()
    for index, (sign, choice) in enumerate(zip(_signs(question), question.everything, strict=True)):
        if sign and sign not in choice.keys:
            keys.add(sign, eager=True)(_point_at(control, index))
    return keys


def _point_at(control: InquirerControl, index: int) -> Callable[[KeyPressEvent], None]:
    def handler(_event: KeyPressEvent) -> None:
        control.pointed_at = index

    return handler


def _signs(question: Question) -> list[str]:
    """What stands before each choice: its letter, or its number while there are digits."""
    numbers = iter("123456789")
    return [choice.letter or next(numbers, "") for choice in question.everything]


class _Rows:
    """Draws a list's rows; questionary keeps where the pointer stands and what is ticked."""

    def __init__(
        self, question: Question, control: InquirerControl, boxes: bool, size: Callable[[], tuple[int, str]]
    ) -> None:
        self._question = question
        self._control = control
        self._boxes = boxes
        self._size = size
        self._signs = _signs(question)

    def tokens(self) -> StyleAndTextTuples:
        """The list as styled pieces."""
        pieces = [piece for index in range(len(self._signs)) for piece in self._choice(index)]
        style, last = pieces[-1]
        return [*pieces[:-1], (style, last.rstrip("\n"))]

    def below(self) -> int:
        """How many rows of the choice pointed at must stay in sight beneath its first."""
        pieces = list(self._choice(self._control.pointed_at))
        return sum(text.count("\n") for _style, text in pieces[pieces.index(("[SetCursorPosition]", "")) :]) - 1

    def _choice(self, index: int) -> Iterator[tuple[str, str]]:
        pointed, (_width, encoding) = index == self._control.pointed_at, self._size()
        if index and index == len(self._question.choices):
            yield ("class:quiet", shown("   ─────", encoding) + "\n")
        if pointed:
            yield ("[SetCursorPosition]", "")
        yield ("class:pointer", shown(" » ", encoding) if pointed else "   ")
        yield from self._words(index, "class:pointed" if pointed else "class:text")

    def _words(self, index: int, style: str) -> Iterator[tuple[str, str]]:
        choice = self._question.everything[index]
        width, encoding = self._size()
        label = f"{choice.label} ({choice.remark})" if choice.remark else choice.label
        lead = self._lead(index)
        yield (style, _set_in(Line(label, lead=lead), width - 3, encoding))
        if choice.example:
            example = Line(choice.example, lead=" " * (len(lead) + 2))
            yield ("", "   ")
            yield ("class:quiet", _set_in(example, width - 3, encoding))

    def _lead(self, index: int) -> str:
        if self._boxes and index < len(self._question.choices):
            ticked = self._question.everything[index].value in self._control.selected_options
            return "[x] " if ticked else "[ ] "
        return f"{self._signs[index]:{3 if self._boxes else 1}} "


def _set_in(line: Line, width: int, encoding: str) -> str:
    return "\n   ".join(wrapped(line, width, encoding)) + "\n"
