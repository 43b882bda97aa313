"""A home of one's own for every test, a small bank that can be changed, and the faces with their ends in our hands."""

import io
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessor.bank import open_bank
from assessor.presentation.messages import Messages
from assessor.terminal.face import Terminated
from assessor.terminal.interview_context import InterviewStopped
from assessor.terminal.plain_face import PlainFace
from assessor.terminal.run import InterviewOptions, run_interview

#: Two items that place, one that is asked only after another; `making` may slip by itself.
INSTRUMENT = """\
format: 1
id: kiosk
version: "1"
sources:
  charter: {document: "Charter of the Example Libraries", heading: "Working together", language: en}
levels: [close, loose]
gains: [readers]
items:
  - id: making
    options: [alone, together]
    rising: all
    sources: [charter]
    efforts: {together: 2}
    slips: {together: {alone: 1}}
  - id: paying
    options: ["no", "yes"]
  - id: paper
    options: ["no", "yes"]
    rising: all
    when: {paying: "yes"}
    efforts: {"yes": 1}
outcomes:
  - {id: close, when: {all: [{making: together}, {not: {paper: "no"}}]}}
  - {id: loose, when: {making: together}}
  - id: apart
marks:
  - {id: shared, when: {making: together}}
"""

WORDING = """\
language: en
name: "Kiosk"
about: "An example."
items:
  making:
    short: "Making"
    ask: "Who makes it?"
    hint: "Lending a room is not making."
    story: {text: "We meet and write the play.", option: together, why: "Both write"}
    options:
      alone: {label: "One of us", short: "One", reason: "One of us makes it"}
      together:
        label: "Both of us"
        short: "Both"
        example: "In a joint group."
        reason: "Both of us make it"
        step: {title: "Make it together", text: "Book an hour."}
        slip: "If the group stops meeting"
  paying:
    short: "Paying"
    ask: "Does one pay the other?"
    options:
      "no": {label: "No", short: "No", reason: "Nobody pays"}
      "yes": {label: "Yes", short: "Yes", reason: "One pays"}
  paper:
    short: "Paper"
    ask: "Is the price in writing?"
    options:
      "no": {label: "No", short: "No", reason: "Nothing is in writing"}
      "yes": {label: "Yes", short: "Yes", reason: "It is in writing", step: {title: "Write it down", text: "One page."}}
placements:
  close: {name: "Close", plural: "Close", within: "close", line: "A", about: "B", advice: "Keep it up."}
  loose: {name: "Loose", plural: "Loose", within: "loose", line: "C", about: "D", advice: "Let it be simple."}
  apart: {name: "Apart", plural: "Apart", within: "apart", line: "E", about: "F", advice: "Say hello."}
marks:
  shared: {name: "Shared", about: "Made by both."}
headings: {charter: "Doing it together"}
gains: {readers: "New readers"}
"""


@dataclass(frozen=True)
class Sitting:
    """What came of sitting at the keyboard."""

    screen: str
    ended: str


class _Keyboard(io.StringIO):
    """Lines typed, which the screen shows as a terminal would."""

    def __init__(self, typed: tuple[str, ...], screen: io.StringIO) -> None:
        super().__init__("".join(f"{line}\n" for line in typed))
        self._screen = screen

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        self._screen.write(line)
        return line


@pytest.fixture
def home(tmp_path: Path, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything of this test is kept."""
    home = tmp_path / "home"
    shutil.copytree(compiled, home)
    monkeypatch.setenv("ASSESSOR_HOME", str(home))
    return home


@pytest.fixture
def kiosk(tmp_path: Path) -> Path:
    """The small bank's folder."""
    folder = tmp_path / "kiosk"
    folder.mkdir()
    (folder / "instrument.yaml").write_text(INSTRUMENT, encoding="utf-8")
    (folder / "en.yaml").write_text(WORDING, encoding="utf-8")
    return folder


@pytest.fixture
def sit(home: Path, kiosk: Path) -> Callable[..., Sitting]:
    """Sit at numbered lines and type what is given; when it runs out, the keyboard is gone."""

    def sitting(
        *typed: str,
        language: str = "en",
        bank: str | Path = kiosk,
        name: str | None = None,
        language_known: bool = True,
    ) -> Sitting:
        screen = io.StringIO()
        face = PlainFace(Messages(language), _Keyboard(typed, screen), screen)
        try:
            run_interview(face, InterviewOptions(bank=open_bank(str(bank)), name=name), language_known)
        except (InterviewStopped, EOFError, Terminated) as ended:
            return Sitting(screen.getvalue(), type(ended).__name__)

    return sitting


@pytest.fixture
def english() -> Messages:
    """The interface in English."""
    return Messages("en")


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The developer's own language and store stay out of it."""
    for name in ("ASSESSOR_LANG", "ASSESSOR_BANK", "ACCESSIBLE"):
        monkeypatch.delenv(name, raising=False)
    return
