"""A store's file that goes while a question stands on the screen: told, offered a new file, never called saved."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from screens import ENTER, Terminal, text

from assessor.bank import open_bank
from assessor.presentation.messages import Messages
from assessor.store import Store
from assessor.terminal.face import Terminated
from assessor.terminal.interview_context import InterviewStopped
from assessor.terminal.plain_face import PlainFace
from assessor.terminal.run import InterviewOptions, KeptPlace, run_interview

BEGIN = ("Example Library", "1", "Example Club", "Chess", "1", "d", "d", "1")
LOST = object()


class _Keyboard(io.StringIO):
    """Lines typed one after another; at `LOST` the store's file goes."""

    def __init__(self, typed: tuple[object, ...], lose: Callable[[], None]) -> None:
        super().__init__()
        self._typed, self._lose = list(typed), lose

    def readline(self, size: int | None = -1, /) -> str:
        while self._typed and self._typed[0] is LOST:
            self._typed.pop(0)
            self._lose()
        return f"{self._typed.pop(0)}\n" if self._typed else ""


def sit(home: Path, kiosk: Path, *typed: object) -> tuple[str, KeptPlace]:
    screen, place = io.StringIO(), KeptPlace()
    keyboard = _Keyboard(typed, lambda: (home / "assessor.db").rename(home / "elsewhere.db"))
    face = PlainFace(Messages("en"), keyboard, screen)
    with pytest.raises((InterviewStopped, EOFError, Terminated)):
        run_interview(face, InterviewOptions(bank=open_bank(str(kiosk))), True, place)
    return screen.getvalue(), place


def responses(path: Path) -> dict[str, str]:
    with Store.open(path, write=False) as store:
        return dict(store.assessments()[0].responses)


def test_an_answer_that_cannot_be_kept_is_offered_a_new_file_and_kept_there_once(home: Path, kiosk: Path):
    screen, place = sit(home, kiosk, *BEGIN, LOST, "2", "1", "s")

    said = " ".join(screen.split())
    assert "was moved, removed or replaced while it was open, so this was not saved" in said
    assert "Everything answered is now kept in" in said
    assert place.refusal is None
    assert responses(Path(place.store)) == {"making": "together"}
    assert not (home / "assessor.db").exists()


def test_who_declines_is_not_told_that_it_is_saved(home: Path, kiosk: Path):
    _screen, place = sit(home, kiosk, *BEGIN, LOST, "2", "2", "s", "2")

    assert place.refusal is not None
    assert responses(home / "elsewhere.db") == {}


def test_who_stops_after_the_file_went_is_offered_a_new_file_too(home: Path, kiosk: Path):
    _screen, place = sit(home, kiosk, *BEGIN, "2", LOST, "s", "1")

    assert place.refusal is None
    assert responses(Path(place.store)) == {"making": "together"}


def test_a_keyboard_that_goes_does_not_take_the_answers_along(home: Path, kiosk: Path):
    _screen, place = sit(home, kiosk, *BEGIN, "2", LOST)

    assert responses(Path(place.store)) == {"making": "together"}


@pytest.mark.parametrize("end", ["\x03", "s"])
def test_the_last_words_name_the_new_file_and_never_call_saved_what_is_not(home: Path, end: str):
    with Store.open() as store:
        store.add_collaboration("Example Library", "Example Club", "Chess")
    terminal = Terminal("--lang", "en", "--plain")
    terminal.until("s. Stop here")
    (home / "assessor.db").unlink()
    terminal.type(*((end,) if end == "\x03" else ("s", ENTER)))
    if end == "s":
        terminal.until("What would you like to do?")
        terminal.type("2", ENTER)
    code = terminal.ends()

    said = text(terminal.raw)
    assert ("All your answers are saved" in said) is (end == "\x03")
    assert ("Not everything you answered is saved" in said) is (end == "s")
    assert ("--store" in said.rpartition("To continue")[2]) is (end == "\x03")
    assert code == (130 if end == "\x03" else 74)
