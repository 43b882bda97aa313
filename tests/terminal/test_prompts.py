"""The prompts with arrow keys, through a pipe: which key does what, and what the list looks like."""

import io
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput
from prompt_toolkit.input.defaults import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from assessor.presentation.messages import Messages
from assessor.terminal.face import MenuChoice, Paragraph, Prompt
from assessor.terminal.interview_context import BACK_KEYS
from assessor.terminal.prompt_face import PromptFace

ALT_ENTER = "\x1b\r"
SHIFT_TAB, BACKSPACE = "\x1b[Z", "\x7f"
UP, DOWN, LEFT, ENTER, CTRL_B, CTRL_C, CTRL_D = "\x1b[A", "\x1b[B", "\x1b[D", "\r", "\x02", "\x03", "\x04"

BACK = MenuChoice(value="<back>", label="Back", letter="b", keys=BACK_KEYS)
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
        running = threading.active_count()
        yield pipe
        deadline = time.monotonic() + 10
        while threading.active_count() > running and time.monotonic() < deadline:
            time.sleep(0.01)  # a key that is pressed late would reach the next test by the same descriptor


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
    return PromptFace(english, keys, output, typing_pause=0)


def plain(screen: Screen) -> str:
    """Everything sent, without the sequences that move and colour."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())


def press(face: PromptFace, keys: PipeInput, typed: str) -> None:
    """Press keys as soon as the next prompt is on the screen."""
    face.on_first_paint = lambda: keys.send_text(typed)


def press_until(face: PromptFace, keys: PipeInput, screen: Screen, typed: str, shown: str, then: str) -> None:
    """Press keys as soon as the next prompt is on the screen, and others once it shows a text, or after a while."""

    def press_both() -> None:
        keys.send_text(typed)
        deadline = time.monotonic() + 5
        while shown not in plain(screen) and time.monotonic() < deadline:
            time.sleep(0.01)
        keys.send_text(then)

    face.on_first_paint = threading.Thread(target=press_both).start


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (DOWN + ENTER, "no"),
        (DOWN + DOWN + ENTER, "yes"),
        (UP + ENTER, "<help>"),
        ("2", "yes"),
        ("d", "dont_know"),
        ("b", "<back>"),
        (LEFT, "<back>"),
        (DOWN + DOWN + ALT_ENTER, "yes"),
        (DOWN + DOWN + "\x0f\x1b#" + ENTER, "yes"),
        (CTRL_B, "<back>"),
        (SHIFT_TAB, "<back>"),
        (BACKSPACE, "<back>"),
        ("?", "<help>"),
        ("z2", "yes"),
        (ENTER * 500 + "2", "yes"),
        ("\x1b[200~a\r2\r\x1b[201~" + "1", "no"),
    ],
    ids=[
        "down",
        "down twice",
        "round",
        "number",
        "letter",
        "letter of a step",
        "left",
        "alt-enter",
        "ctrl-o and alt-#",
        "ctrl-b",
        "shift-tab",
        "backspace",
        "?",
        "other key",
        "enter held",
        "pasted",
    ],
)
def test_a_key_leads_to_its_choice(prompts: PromptFace, keys: PipeInput, typed: str, value: str):
    press(prompts, keys, typed)

    assert prompts.choose_one(QUESTION) == value


@pytest.mark.parametrize(("typed", "raised"), [(CTRL_C, KeyboardInterrupt), (CTRL_D, EOFError)])
@pytest.mark.parametrize(
    "ask",
    [
        lambda face: face.choose_one(QUESTION),
        lambda face: face.choose_several(QUESTION),
        lambda face: face.ask_text("A note"),
        lambda face: face.print_paged(*[Paragraph("x"), Paragraph()] * 40),
    ],
    ids=["choose", "tick", "write", "read on"],
)
def test_an_interrupt_is_never_an_answer(
    prompts: PromptFace, keys: PipeInput, ask: Callable[[PromptFace], object], typed: str, raised: type[BaseException]
):
    press(prompts, keys, typed)
    with pytest.raises(raised):
        ask(prompts)


def test_an_interrupt_counts_also_before_the_prompt_is_painted(prompts: PromptFace, keys: PipeInput):
    keys.send_text("1" + CTRL_C)
    with pytest.raises(KeyboardInterrupt):
        prompts.choose_one(QUESTION)


def test_what_was_typed_before_a_prompt_was_painted_is_thrown_away(prompts: PromptFace, keys: PipeInput):
    keys.send_text("1" + DOWN + ENTER)
    press(prompts, keys, "22" + DOWN + ENTER)

    assert prompts.choose_one(QUESTION) == "yes"
    press(prompts, keys, "d")
    assert prompts.choose_one(QUESTION) == "dont_know"
    keys.send_text("not this" + ENTER)
    press(prompts, keys, "this" + ENTER)
    assert prompts.ask_text("A note") == "this"


@pytest.mark.parametrize("held", ["1", DOWN, ENTER, DOWN + ENTER], ids=["1", "down", "enter", "down and enter"])
def test_a_key_held_down_from_the_question_before_answers_nothing(
    english: Messages, keys: PipeInput, screen: Screen, held: str
):
    output = Vt100_Output(screen, lambda: Size(rows=24, columns=60), term="xterm", enable_cpr=False)
    prompts = PromptFace(english, keys, output, typing_pause=1)

    def hold() -> None:
        for _ in range(10):
            keys.send_text(held)
            time.sleep(0.03)
        time.sleep(1.2)
        keys.send_text("d")

    prompts.on_first_paint = threading.Thread(target=hold).start

    assert prompts.choose_one(QUESTION) == "dont_know"


@pytest.mark.parametrize("key", ["z", "\t", ENTER], ids=["letter", "tab", "enter"])
def test_a_key_that_means_nothing_makes_the_list_say_which_do(
    prompts: PromptFace, keys: PipeInput, screen: Screen, key: str
):
    told = "Type one of: 1, 2, d, b, ?"
    press_until(prompts, keys, screen, key, told, CTRL_C)
    with pytest.raises(KeyboardInterrupt):
        prompts.choose_one(QUESTION)

    assert told in plain(screen)


def test_no_choice_is_pointed_at_before_the_person_points(prompts: PromptFace, keys: PipeInput, screen: Screen):
    press(prompts, keys, "1")
    prompts.choose_one(replace(QUESTION, preselected="yes"))

    assert "»" not in plain(screen)


def test_the_pointer_starts_at_the_response_given_before(prompts: PromptFace, keys: PipeInput):
    press(prompts, keys, DOWN + ENTER)

    assert prompts.choose_one(Prompt(text="?", choices=QUESTION.choices, preselected="yes")) == "yes"


def test_several_can_be_ticked_and_a_tick_taken_back(prompts: PromptFace, keys: PipeInput):
    ticked = tuple(MenuChoice(value=value, label=value, ticked=value == "b") for value in "abc")
    press(prompts, keys, DOWN + " " + DOWN + " " + DOWN + " " + ENTER)

    assert prompts.choose_several(Prompt(text="Which?", choices=ticked)) == ("a", "c")


def test_the_step_back_from_a_list_with_ticks_is_the_step_alone(prompts: PromptFace, keys: PipeInput):
    press(prompts, keys, DOWN + " " + LEFT)

    assert prompts.choose_several(Prompt(text="Which?", choices=QUESTION.choices, steps=(BACK,))) == ("<back>",)


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        (DOWN + " " + ALT_ENTER, ("no",)),
        (DOWN + " " + UP + UP + ENTER, ("<back>",)),
        ("1b", ("<back>",)),
        ("12d" + ENTER, ("no", "yes", "dont_know")),
        ("121" + ENTER, ("yes",)),
        (ENTER + " 2" + ENTER, ("yes",)),
        (UP + " " + DOWN + ENTER, ()),
    ],
    ids=["alt-enter", "pointer", "letter", "all", "taken back", "nothing chosen yet", "space at a step"],
)
def test_a_list_with_ticks_ends_at_its_steps_and_at_enter(
    prompts: PromptFace, keys: PipeInput, typed: str, values: tuple[str, ...]
):
    press(prompts, keys, typed)

    assert prompts.choose_several(QUESTION) == values


def test_a_terminal_of_ascii_is_sent_a_pointer_and_a_rule_that_it_has(english: Messages, keys: PipeInput):
    sent = io.BytesIO()
    ascii_only = io.TextIOWrapper(sent, "ascii", errors="replace")
    output = Vt100_Output(ascii_only, lambda: Size(rows=24, columns=60), term="xterm", enable_cpr=False)
    prompts = PromptFace(english, keys, output, typing_pause=0)

    def press_slowly() -> None:
        keys.send_text(DOWN + DOWN)
        time.sleep(0.2)  # the pointer is to be drawn once more before the prompt ends
        keys.send_text(ENTER)

    prompts.on_first_paint = threading.Thread(target=press_slowly).start
    prompts.choose_one(Prompt(text="Which", choices=QUESTION.choices, steps=(BACK,)))

    shown = sent.getvalue().decode("ascii")
    assert ">" in shown.replace("->", "")
    assert "-----" in shown
    assert "?????" not in shown


@pytest.mark.parametrize("columns", [34, 40, 46, 60, 80])
def test_no_word_of_the_hint_is_cut(english: Messages, keys: PipeInput, columns: int):
    screen = Screen()
    output = Vt100_Output(screen, lambda: Size(rows=24, columns=columns), term="xterm", enable_cpr=False)
    prompts = PromptFace(english, keys, output, typing_pause=0)
    press(prompts, keys, "1" + ENTER)
    prompts.choose_several(QUESTION)

    assert [word for word in ("(number", "space", "tick,", "Enter", "when", "done)") if word not in plain(screen)] == []


def test_what_was_kept_stands_there_to_be_changed(prompts: PromptFace, keys: PipeInput):
    press(prompts, keys, "!" + ENTER)

    assert prompts.ask_text("A note", "Ask Åsa") == "Ask Åsa!"


def test_what_is_changed_keeps_the_letters_that_cannot_be_shown(prompts: PromptFace, keys: PipeInput, screen: Screen):
    press(prompts, keys, "!" + ENTER)

    assert prompts.ask_text("A note", "a\u202eb") == "a\u202eb!"
    assert "\u202e" not in screen.getvalue()


def test_a_refused_line_is_asked_again(prompts: PromptFace, keys: PipeInput):
    press(prompts, keys, "ab" + ENTER + "\x7f" + ENTER)

    assert prompts.ask_text("A name", refused=lambda text: "Too long." if len(text) > 1 else "") == "a"


def test_a_pasted_book_is_refused_and_what_was_typed_stays(prompts: PromptFace, keys: PipeInput, screen: Screen):
    press(prompts, keys, "kept" + "\x1b[200~" + "x" * 50_000 + "\x1b[201~" + ENTER)

    assert prompts.ask_text("A note") == "kept"


def test_every_word_of_the_list_is_ours(prompts: PromptFace, keys: PipeInput, screen: Screen):
    press(prompts, keys, DOWN + ENTER)
    prompts.choose_one(QUESTION)

    shown = screen.getvalue()
    assert "At times." in shown
    assert not [word for word in ("Use arrow", "Answer:", "Description", "Cancelled", "shortcuts") if word in shown]


def test_the_first_prompt_tells_that_it_is_painted_once(prompts: PromptFace, keys: PipeInput):
    told = []
    prompts.on_first_paint = lambda: (told.append("painted"), keys.send_text("z1"))
    prompts.choose_one(QUESTION)

    assert told == ["painted"]


def test_hostile_text_is_written_out(prompts: PromptFace, keys: PipeInput, screen: Screen):
    hostile = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b31m\u202e[link=http://evil]x[/link]"
    press(prompts, keys, "1")
    prompts.print_lines(Paragraph(hostile))
    prompts.choose_one(
        Prompt(text=hostile, choices=(MenuChoice(value="a", label=hostile, example=hostile, remark=hostile),))
    )

    shown = screen.getvalue()
    assert "‹U+001B›]52;c;ZXZpbA==‹U+0007›" in shown
    assert not [piece for piece in ("\x1b]52", "\x07", "\x1b[2J", "\x9b", "\u202e") if piece in shown]
