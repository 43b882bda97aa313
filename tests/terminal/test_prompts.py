"""The prompts with arrow keys, through a pipe: which key does what, and what the list looks like."""

import io
import re
from collections.abc import Callable, Iterator

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput
from prompt_toolkit.input.defaults import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from assessor.presentation.messages import Messages
from assessor.terminal.face import MenuChoice, Paragraph, Prompt
from assessor.terminal.prompt_face import PromptFace

ALT_ENTER = "\x1b\r"
UP, DOWN, LEFT, ENTER, CTRL_B, CTRL_C, CTRL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x02", "\x03", "\x04"

BACK = MenuChoice(value="<back>", label="Back", letter="b", keys=("left", "c-b"))
HELP = MenuChoice(value="<help>", label="Help", letter="?", keys=("?",))
QUESTION = Prompt(
    text="Your answer",
    choices=(
        MenuChoice(value="no", label="No"),
        MenuChoice(value="yes", label="Yes", example="At times."),
        MenuChoice(value="dont_know", label="Don't know", letter="d"),
    ),
    steps=(BACK, HELP),
)


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe:
        yield pipe


class Screen(io.TextIOWrapper):
    """What would be sent to a terminal that reads UTF-8."""

    def __init__(self) -> None:
        self.sent = io.BytesIO()
        super().__init__(self.sent, "utf-8")

    def getvalue(self) -> str:
        return self.sent.getvalue().decode()


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def prompts(english: Messages, keys: PipeInput, screen: Screen) -> PromptFace:
    output = Vt100_Output(screen, lambda: Size(rows=24, columns=60), term="xterm", enable_cpr=False)
    return PromptFace(english, keys, output)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (ENTER, "no"),
        (DOWN + ENTER, "yes"),
        (UP + ENTER, "<help>"),
        ("2" + ENTER, "yes"),
        ("d" + ENTER, "dont_know"),
        ("b" + ENTER, "<back>"),
        (LEFT, "<back>"),
        (DOWN + ALT_ENTER, "yes"),
        (DOWN + "\x0f\x1b#" + ENTER, "yes"),
        (CTRL_B, "<back>"),
        ("?", "<help>"),
        ("z2" + ENTER, "yes"),
        ("\x1b[200~a\r2\r\x1b[201~" + ENTER, "no"),
    ],
    ids=[
        "enter",
        "down",
        "round",
        "number",
        "letter",
        "letter of a step",
        "left",
        "alt-enter",
        "ctrl-o and alt-#",
        "ctrl-b",
        "?",
        "other key",
        "pasted",
    ],
)
def test_a_key_leads_to_its_choice(prompts: PromptFace, keys: PipeInput, typed: str, value: str):
    keys.send_text(typed)

    assert prompts.choose_one(QUESTION) == value


@pytest.mark.parametrize(("typed", "raised"), [(CTRL_C, KeyboardInterrupt), (CTRL_D, EOFError)])
@pytest.mark.parametrize(
    "ask",
    [
        lambda face: face.choose_one(QUESTION),
        lambda face: face.choose_several(QUESTION),
        lambda face: face.ask_text("A note"),
    ],
    ids=["choose", "tick", "write"],
)
def test_an_interrupt_is_never_an_answer(
    prompts: PromptFace, keys: PipeInput, ask: Callable[[PromptFace], object], typed: str, raised: type[BaseException]
):
    keys.send_text(typed)
    with pytest.raises(raised):
        ask(prompts)


def test_the_pointer_starts_at_the_response_given_before(prompts: PromptFace, keys: PipeInput):
    keys.send_text(ENTER)

    assert prompts.choose_one(Prompt(text="?", choices=QUESTION.choices, preselected="yes")) == "yes"


def test_several_can_be_ticked_and_a_tick_taken_back(prompts: PromptFace, keys: PipeInput):
    ticked = tuple(MenuChoice(value=value, label=value, ticked=value == "b") for value in "abc")
    keys.send_text(" " + DOWN + " " + DOWN + " " + ENTER)

    assert prompts.choose_several(Prompt(text="Which?", choices=ticked)) == ("a", "c")


def test_the_step_back_from_a_list_with_ticks_is_the_step_alone(prompts: PromptFace, keys: PipeInput):
    keys.send_text(" " + LEFT)

    assert prompts.choose_several(Prompt(text="Which?", choices=QUESTION.choices, steps=(BACK,))) == ("<back>",)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        (" " + ALT_ENTER, ("no",)),
        (" " + UP + UP + ENTER, ("<back>",)),
        (" b" + ENTER, ("<back>",)),
        ("a" + ENTER, ("no", "yes", "dont_know")),
        (UP + " " + DOWN + ENTER, ()),
    ],
    ids=["alt-enter", "pointer", "letter", "all", "space at a step"],
)
def test_a_list_with_ticks_ends_at_its_steps_and_at_enter(
    prompts: PromptFace, keys: PipeInput, typed: str, values: tuple[str, ...]
):
    keys.send_text(typed)

    assert prompts.choose_several(QUESTION) == values


def test_a_terminal_of_ascii_is_sent_a_pointer_and_a_rule_that_it_has(english: Messages, keys: PipeInput):
    sent = io.BytesIO()
    ascii_only = io.TextIOWrapper(sent, "ascii", errors="replace")
    output = Vt100_Output(ascii_only, lambda: Size(rows=24, columns=60), term="xterm", enable_cpr=False)
    keys.send_text(ENTER)
    PromptFace(english, keys, output).choose_one(Prompt(text="Which", choices=QUESTION.choices, steps=(BACK,)))

    shown = sent.getvalue().decode("ascii")
    assert " > " in shown
    assert "-----" in shown
    assert "?????" not in shown


@pytest.mark.parametrize("columns", [34, 40, 46, 60, 80])
def test_no_word_of_the_hint_is_cut(english: Messages, keys: PipeInput, columns: int):
    screen = Screen()
    output = Vt100_Output(screen, lambda: Size(rows=24, columns=columns), term="xterm", enable_cpr=False)
    keys.send_text(ENTER)
    PromptFace(english, keys, output).choose_several(QUESTION)

    words = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert [word for word in ("(space", "tick,", "Enter", "when", "done)") if word not in words] == []


def test_what_was_kept_stands_there_to_be_changed(prompts: PromptFace, keys: PipeInput):
    keys.send_text("!" + ENTER)

    assert prompts.ask_text("A note", "Ask Åsa") == "Ask Åsa!"


def test_what_is_changed_keeps_the_letters_that_cannot_be_shown(prompts: PromptFace, keys: PipeInput, screen: Screen):
    keys.send_text("!" + ENTER)

    assert prompts.ask_text("A note", "a\u202eb") == "a\u202eb!"
    assert "\u202e" not in screen.getvalue()


def test_a_refused_line_is_asked_again(prompts: PromptFace, keys: PipeInput):
    keys.send_text("ab" + ENTER + "\x7f" + ENTER)

    assert prompts.ask_text("A name", refused=lambda text: "Too long." if len(text) > 1 else "") == "a"


def test_a_pasted_book_is_refused_and_what_was_typed_stays(prompts: PromptFace, keys: PipeInput, screen: Screen):
    keys.send_text("kept" + "\x1b[200~" + "x" * 50_000 + "\x1b[201~" + ENTER)

    assert prompts.ask_text("A note") == "kept"


def test_every_word_of_the_list_is_ours(prompts: PromptFace, keys: PipeInput, screen: Screen):
    keys.send_text(DOWN + ENTER)
    prompts.choose_one(QUESTION)

    shown = screen.getvalue()
    assert "At times." in shown
    assert not [word for word in ("Use arrow", "Answer:", "Description", "Cancelled", "shortcuts") if word in shown]


def test_the_first_prompt_tells_that_it_is_painted_once(prompts: PromptFace, keys: PipeInput):
    told = []
    prompts.on_first_paint = lambda: told.append("painted")
    for _ in range(2):
        keys.send_text(ENTER)
        prompts.choose_one(QUESTION)

    assert told == ["painted"]


def test_hostile_text_is_written_out(prompts: PromptFace, keys: PipeInput, screen: Screen):
    hostile = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202e[link=http://evil]x[/link]"
    keys.send_text(ENTER)
    prompts.print_lines(Paragraph(hostile))
    prompts.choose_one(
        Prompt(text=hostile, choices=(MenuChoice(value="a", label=hostile, example=hostile, remark=hostile),))
    )

    shown = screen.getvalue()
    assert "‹U+001B›]52;c;ZXZpbA==‹U+0007›" in shown
    assert not [piece for piece in ("\x1b]52", "\x07", "\x1b[2J", "\x9b", "\u202e") if piece in shown]
