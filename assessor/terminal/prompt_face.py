"""The interview with arrow keys: questionary's prompts, one at a time, with our words, keys and wrapping.

questionary has the parts that are hard to get right: raw input, redrawing, validation, what happens at Ctrl-C. What it
lacks, it has no option for: a way back, labels longer than a row (it cuts them off), examples beneath a label, and
words in other languages for its hints. Writing a list of our own on prompt_toolkit would mean redoing the rest.

So `_draw_wrapped` lets questionary build its list and replaces how the rows are drawn (`_RowRenderer`), and the keys of
`list_keys` take the place of its own. questionary keeps the state: where the pointer stands and what is ticked. Every
text is passed through `_fit_text` or `wrap_paragraph`, which make it safe to show and fit it to the letters and columns
of the terminal. prompt_toolkit's English texts (searching its history, a
cursor that cannot be asked for) are switched off where they would appear.
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

from assessor.presentation.messages import Messages
from assessor.safe_text import escape_controls
from assessor.terminal.face import MenuChoice, Paragraph, Prompt, SteppedBack
from assessor.terminal.list_keys import (
    TYPING_PAUSE,
    ListState,
    TypeAhead,
    any_key,
    interrupt_keys,
    list_keys,
)
from assessor.terminal.text_layout import (
    MOST_COLUMNS,
    decode_typed,
    display_width,
    displayable_text,
    split_sections,
    wrap_paragraph,
)

#: The report's hues, light enough for a dark screen and dark enough for a light one: the grey is 4.5 to 1 on either.
_STYLE = questionary.Style(
    [
        ("qmark", "fg:#0f8a8c"),
        ("question", "bold"),
        ("instruction", "fg:#767676"),
        ("pointer", "fg:#0f8a8c bold"),
        ("pointed", "bold"),
        ("text", ""),
        ("answer", "noinherit"),
        ("quiet", "fg:#767676"),
        ("title", "bold"),
        ("strong", "bold"),
        ("first", "fg:#5b6bd5 bold"),
        ("second", "fg:#0f8a8c bold"),
        ("third", "fg:#c96f14 bold"),
        ("beside", "fg:#767676 bold"),
        ("bottom-toolbar", "noreverse"),
        ("validation-toolbar", "noreverse bg:default fg:default bold"),
    ]
)

#: Windows with no more rows or columns than this show no hint above the choices.
_LOW_ROWS, _NARROW_COLUMNS = 10, 30

#: In characters; a longer text is not pasted into a line at all, and the line says so.
_MOST_PASTED = 20_000


class PromptFace:
    """The face with arrow keys; tests pass `keys` and `screen` instead of the terminal's."""

    def __init__(
        self,
        messages: Messages,
        keys: Input | None = None,
        screen: Output | None = None,
        typing_pause: float = TYPING_PAUSE,
    ) -> None:
        #: In the language spoken; assigning others switches the language.
        self.messages = messages
        self._input = keys
        self._typing_pause = typing_pause
        self._output = screen or _terminal_output(sys.stdout)
        #: Called when the first prompt is on the screen, once.
        self.on_first_paint: Callable[[], None] = lambda: None

    def print_lines(self, *lines: Paragraph) -> None:
        """Print the lines, wrapped."""
        for line in lines:
            text = "\n".join(wrap_paragraph(line, self._width(), self._output.encoding()))
            styled = FormattedText([(f"class:{line.style}" if line.style else "", text)])
            print_formatted_text(styled, style=_STYLE, output=self._output, include_default_pygments_style=False)

    def print_paged(self, *lines: Paragraph) -> None:
        """Print the lines section by section, waiting for a key before a section that does not fit the window.

        An empty line begins a section. One that is higher than the window is printed line by line.
        """
        free = room = max(self._output.get_size().rows - 2, 3)
        for part in split_sections(lines):
            whole = self._row_count(*part) <= room
            for chunk in [part] if whole else [[line] for line in part]:
                if free < self._row_count(*chunk) and free < room:
                    self._wait_for_key()
                    free = room
                self.print_lines(*chunk)
                free -= self._row_count(*chunk)

    def _row_count(self, *lines: Paragraph) -> int:
        return sum(len(wrap_paragraph(line, self._width())) for line in lines)

    def _wait_for_key(self) -> None:
        """Wait for any key, so that what is on the screen can be read."""
        hint = self.messages.gettext("Press any key to continue")
        common = {key: value for key, value in self._common_options().items() if key != "qmark"}
        rows = wrap_paragraph(Paragraph(f"── {hint} ──"), self._width() - 1, self._output.encoding())
        prompt, ahead = questionary.press_any_key_to_continue("\n ".join(rows), **common), self._type_ahead()
        self._run_prompt(prompt, ahead, any_key(ahead.guard(lambda event: event.app.exit())))

    def choose_one(self, question: Prompt) -> str:
        """Ask by a list; a number or letter takes its choice at once."""
        _ = self.messages.gettext
        prompt = questionary.select(
            self._wrap_prompt(question.text),
            [self._questionary_choice(choice) for choice in question.all_choices],
            default=question.preselected or None,
            instruction=self._choosing_hint(question.text, _("(press a number or letter, or arrow keys and Enter)")),
            use_jk_keys=False,
            **self._common_options(),
        )
        value = str(self._run_list(prompt, question))
        if question.echo_choice:
            self._echo_chosen(question, value)
        return value

    def choose_several(self, question: Prompt) -> tuple[str, ...]:
        """Ask by a list with boxes that a number ticks; a step is taken alone."""
        _ = self.messages.gettext
        prompt = questionary.checkbox(
            self._wrap_prompt(question.text),
            [self._questionary_choice(choice) for choice in question.all_choices],
            instruction=self._choosing_hint(question.text, _("(number or space to tick, Enter when done)")),
            use_jk_keys=False,
            **self._common_options(),
        )
        values = tuple(self._run_list(prompt, question, several=True))
        labels = [choice.label for choice in question.all_choices if choice.value in values]
        self.print_lines(*(Paragraph(label, "quiet", "  → ") for label in labels or [_("nothing ticked")]))
        return values

    def ask_text(
        self, ask: str, kept: str = "", refused: Callable[[str], str] = lambda text: "", *, back: bool = False
    ) -> str:
        """Ask for a line; what was kept stands in it to be changed."""
        if back:
            self.print_lines(Paragraph(self.messages.gettext("Enter when done; Shift-Tab goes back."), "quiet"))
        ahead = self._type_ahead()
        prompt = questionary.text(
            self._wrap_prompt(ask),
            default=kept,
            validate=lambda text: self._fit_text(refused(decode_typed(text))) or True,
            validate_while_typing=False,
            key_bindings=self._line_keys(ahead, back),
            reserve_space_for_menu=0,
            input_processors=[_EscapingProcessor()],
            **self._common_options(erase=False),
        )
        return decode_typed(str(self._run_prompt(prompt, ahead)))

    def _run_list(self, prompt: questionary.Question, question: Prompt, several: bool = False) -> Any:
        """Run a list with our rows and keys instead of questionary's; what it returns is made in `ListState`."""
        ahead, state = self._type_ahead(), self._draw_wrapped(prompt.application, question, several)
        prompt.application.key_bindings = KeyBindings()
        return self._run_prompt(prompt, ahead, list_keys(state, ahead))

    def _type_ahead(self) -> TypeAhead:
        return TypeAhead(self._typing_pause)

    def _run_prompt(self, prompt: questionary.Question, ahead: TypeAhead, *keys: KeyBindingsBase) -> Any:
        """Run a prompt with these keys over its own; raises `KeyboardInterrupt` instead of printing of it."""
        application = prompt.application
        own = application.key_bindings or KeyBindings()
        application.key_bindings = merge_key_bindings([own, *keys, interrupt_keys()])
        ahead.watch(application)
        application.after_render += self._notify_first_paint
        return prompt.unsafe_ask()

    def _notify_first_paint(self, _application: "Application[Any]") -> None:
        """Call `on_first_paint` once, after the first drawing: tests tell by it when the first question shows."""
        painted, self.on_first_paint = self.on_first_paint, lambda: None
        painted()

    def _common_options(self, erase: bool = True) -> dict[str, Any]:
        """The options that every prompt of questionary's takes."""
        return {
            "qmark": "?",
            "style": _STYLE,
            "erase_when_done": erase,
            "include_default_pygments_style": False,
            "input": self._input,
            "output": self._output,
        }

    def _width(self) -> int:
        return min(self._output.get_size().columns - 1, MOST_COLUMNS)

    def _fit_text(self, text: str) -> str:
        """The text on one line, in letters that the terminal has, with nothing in it that acts."""
        return displayable_text(" ".join(text.split()), self._output.encoding())

    def _wrap_prompt(self, text: str) -> str:
        """What is asked, wrapped by words and indented beneath questionary's mark."""
        return "\n  ".join(wrap_paragraph(Paragraph(text), self._width() - 2, self._output.encoding()))

    def _choosing_hint(self, ask: str, text: str) -> str:
        """How to choose, where there is room for it; a blank where not, as questionary would put English there."""
        size = self._output.get_size()
        if size.rows <= _LOW_ROWS or size.columns <= _NARROW_COLUMNS:
            return " "
        beside = (
            display_width(self._wrap_prompt(ask).rpartition("\n")[2]) + display_width(self._fit_text(text)) + 3
            <= self._width()
        )
        return self._fit_text(text) if beside else f"\n  {self._wrap_prompt(text)}"

    def _questionary_choice(self, choice: MenuChoice) -> questionary.Choice:
        return questionary.Choice(self._fit_text(choice.label), choice.value, checked=choice.ticked)

    def _echo_chosen(self, question: Prompt, value: str) -> None:
        chosen = next(choice for choice in question.all_choices if choice.value == value)
        self.print_lines(Paragraph(chosen.label, "quiet", "  → "))

    def _draw_wrapped(self, application: "Application[Any]", question: Prompt, several: bool) -> ListState:
        """Replace how questionary draws its list; it is wrapped anew whenever the window changes its size."""
        window, control = next(
            (window, window.content)
            for window in application.layout.find_all_windows()
            if isinstance(window.content, InquirerControl)
        )
        state = ListState(question, control, several)
        refusal = self.messages.gettext("Type one of: {signs}").format(signs=", ".join(filter(None, state.signs)))
        rows = _RowRenderer(state, refusal, lambda: (self._width(), self._output.encoding()))
        control.text = rows.tokens
        window.wrap_lines = to_filter(True)
        window.scroll_offsets = ScrollOffsets(bottom=rows.rows_below)
        return state

    def _line_keys(self, ahead: TypeAhead, back: bool) -> KeyBindings:
        """The keys in a line of text: no search of the history, and nothing pasted that is too long."""
        keys = KeyBindings()
        keys.add(Keys.Enter, eager=True)(ahead.guard(lambda event: event.current_buffer.validate_and_handle()))
        if back:
            keys.add(Keys.BackTab, eager=True)(ahead.guard(lambda event: event.app.exit(exception=SteppedBack)))

        @keys.add(Keys.ControlR)
        @keys.add(Keys.ControlS)
        def _ignored(event: KeyPressEvent) -> None:
            """prompt_toolkit would search its history here, in English."""

        @keys.add(Keys.BracketedPaste)
        def _pasted(event: KeyPressEvent) -> None:
            self._insert_pasted(event)

        return keys

    def _insert_pasted(self, event: KeyPressEvent) -> None:
        """Insert what was pasted, or say beneath the line that it is too long."""
        buffer = event.current_buffer
        if len(event.data) <= _MOST_PASTED:
            buffer.insert_text(event.data.replace("\r\n", "\n").replace("\r", "\n"))
            return
        refusal = self.messages.gettext("Not pasted: the text is too long for an answer ({count} characters).")
        buffer.validation_error = ValidationError(message=self._fit_text(refusal.format(count=len(event.data))))


class _EscapingProcessor(Processor):
    """Shows a question mark for each character that would act; the text itself stays as it was typed."""

    def apply_transformation(self, given: TransformationInput) -> Transformation:
        """As many characters as before, so that the cursor stands right."""
        return Transformation(
            [
                (style, "".join("?" if escape_controls(char) != char else char for char in text))
                for style, text, *_mouse in given.fragments
            ]
        )


def _terminal_output(stream: TextIO) -> Output:
    """The terminal as prompt_toolkit writes to it, without its English warnings and with `NO_COLOR` heeded."""
    screen = Vt100_Output.from_pty(stream)
    # a terminal that cannot say where its cursor is makes prompt_toolkit warn in English
    screen.enable_cpr = False
    screen.default_color_depth = ColorDepth.from_env()  # heeds NO_COLOR
    return screen


class _RowRenderer:
    """Draws a list's rows; the pointer is shown once it was moved, as Enter takes nothing before.

    `size` gives the columns and the encoding, asked anew at each drawing.
    """

    def __init__(self, state: ListState, refusal: str, size: Callable[[], tuple[int, str]]) -> None:
        self._state = state
        self._prompt, self._control, self._has_boxes = state.prompt, state.control, state.several
        self._refusal = refusal
        self._size = size

    def tokens(self) -> StyleAndTextTuples:
        """The list as prompt_toolkit's pairs of style and text, with the keys there are after one that is none."""
        pieces = [piece for index in range(len(self._state.signs)) for piece in self._choice_tokens(index)]
        if self._state.is_refused:  # on top, where a low window shows it too
            width, encoding = self._size()
            pieces.insert(0, ("class:strong", "   " + _indent_wrapped(Paragraph(self._refusal), width - 3, encoding)))
        style, last = pieces[-1]
        return [*pieces[:-1], (style, last.rstrip("\n"))]

    def rows_below(self) -> int:
        """How many rows of the choice pointed at must stay in sight beneath its first."""
        pieces = list(self._choice_tokens(self._control.pointed_at))
        return sum(text.count("\n") for _style, text in pieces[pieces.index(("[SetCursorPosition]", "")) :]) - 1

    def _choice_tokens(self, index: int) -> Iterator[tuple[str, str]]:
        """One choice: a rule before the first step, the pointer, then the label.

        The cursor's mark stands at the choice pointed at, as the window scrolls by it.
        """
        current, (_width, encoding) = index == self._control.pointed_at, self._size()
        pointed = current and self._state.is_chosen
        if index and index == len(self._prompt.choices):
            yield ("class:quiet", displayable_text("   ─────", encoding) + "\n")
        if current:
            yield ("[SetCursorPosition]", "")
        yield ("class:pointer", displayable_text(" » ", encoding) if pointed else "   ")
        yield from self._label_tokens(index, "class:pointed" if pointed else "class:text")

    def _label_tokens(self, index: int, style: str) -> Iterator[tuple[str, str]]:
        choice = self._prompt.all_choices[index]
        width, encoding = self._size()
        label = f"{choice.label} ({choice.remark})" if choice.remark else choice.label
        lead = self._row_prefix(index)
        yield (style, _indent_wrapped(Paragraph(label, prefix=lead), width - 3, encoding))
        if choice.example:
            example = Paragraph(choice.example, prefix=" " * (len(lead) + 2))
            yield ("", "   ")
            yield ("class:quiet", _indent_wrapped(example, width - 3, encoding))

    def _row_prefix(self, index: int) -> str:
        """What stands before a label: its sign, and its box where it can be ticked."""
        sign = f"{self._state.signs[index]:1} "
        if not self._has_boxes:
            return sign
        ticked = self._prompt.all_choices[index].value in self._control.selected_options
        return ("    " if index >= len(self._prompt.choices) else "[x] " if ticked else "[ ] ") + sign


def _indent_wrapped(line: Paragraph, width: int, encoding: str) -> str:
    """A paragraph wrapped, its later rows indented beneath the pointer's column."""
    return "\n   ".join(wrap_paragraph(line, width, encoding)) + "\n"
