"""Which key does what at a list, and what was typed too early to be meant for it.

One convention for every list: a number or letter acts at once; Enter takes the choice pointed at, and only after the
person has pointed at one on this screen; every other key says which ones there are. Nothing is answered by a key that
was pressed before its question was there, or by one that is held down.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.input.typeahead import clear_typeahead
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from questionary.prompts.common import InquirerControl

from assessor.terminal.face import Prompt

#: In seconds. Nobody reads a question and answers it in less, and a key that is held down repeats in less.
TYPING_PAUSE = 0.1

Handler = Callable[[KeyPressEvent], None]


class TypeAhead:
    """Tells keys meant for a prompt from those typed before it was painted, which are thrown away.

    A key counts from the first pause in the typing on: the rest of a paste, or of a key held down, arrives without one.
    """

    def __init__(self, pause: float = TYPING_PAUSE) -> None:
        self._pause = pause
        self._painted = self._is_over = False
        self._latest = 0.0

    def watch(self, application: "Application[Any]") -> None:
        """Begin with nothing typed; to be called before the prompt runs."""
        clear_typeahead(application.input)
        application.after_render += self._discard_once
        application.key_processor.before_key_press += self._note_key

    def guard(self, handler: Handler) -> Handler:
        """The handler, which does nothing while what comes was typed ahead."""

        def guarded(event: KeyPressEvent) -> None:
            if self._is_over:
                handler(event)

        return guarded

    def _discard_once(self, application: "Application[Any]") -> None:
        """At the first painting: throw away what waits to be read, except that an interrupt is one at any time."""
        if self._painted:
            return
        self._painted, self._latest = True, time.monotonic()
        while pressed := application.input.read_keys():
            if any(press.key == Keys.ControlC for press in pressed) and not application.is_done:
                application.exit(exception=KeyboardInterrupt)

    def _note_key(self, _sender: object) -> None:
        now = time.monotonic()
        self._is_over = self._is_over or (self._painted and now - self._latest >= self._pause)
        self._latest = now


@dataclass
class ListState:
    """What a person has done at a list on this screen; questionary keeps the pointer and the ticks."""

    prompt: Prompt
    control: InquirerControl
    #: Whether several can be ticked.
    several: bool = False
    #: Whether something was pointed at or ticked: Enter has something to take.
    is_chosen: bool = False
    #: Whether the last key did nothing, so that the keys there are have to be told.
    is_refused: bool = False
    signs: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """The signs stand as long as the list does."""
        self.signs = choice_signs(self.prompt)

    def move(self, by: int) -> None:
        """Point at the next choice; the first time at the one preselected, else at the first or the last."""
        if self.is_chosen:
            self.control.pointed_at = (self.control.pointed_at + by) % len(self.signs)
        elif not self.prompt.preselected:
            self.control.pointed_at = 0 if by > 0 else len(self.signs) - 1
        self.is_chosen, self.is_refused = True, False

    def toggle(self, index: int) -> None:
        """Tick what is offered there, or take the tick back."""
        value, ticked = self.prompt.choices[index].value, self.control.selected_options
        ticked.remove(value) if value in ticked else ticked.append(value)
        self.control.pointed_at, self.is_chosen, self.is_refused = index, True, False

    def value_at(self, index: int) -> str | list[str]:
        """What the prompt returns when it ends at a choice: its value; where several are ticked, those or a step."""
        value = self.prompt.all_choices[index].value
        if not self.several:
            return value
        if index >= len(self.prompt.choices):
            return [value]
        return [choice.value for choice in self.prompt.choices if choice.value in self.control.selected_options]


def choice_signs(prompt: Prompt) -> list[str]:
    """What stands before each choice, and is pressed for it: its letter, else its number up to 9, else nothing."""
    numbers = iter("123456789")
    return [choice.letter or next(numbers, "") for choice in prompt.all_choices]


def interrupt_keys() -> KeyBindings:
    """Ctrl-C and Ctrl-D, which end every prompt at any time."""
    keys = KeyBindings()

    @keys.add(Keys.ControlC, eager=True)
    @keys.add(Keys.SIGINT, eager=True)
    def _interrupted(event: KeyPressEvent) -> None:
        event.app.exit(exception=KeyboardInterrupt)

    @keys.add(Keys.ControlD, eager=True)
    def _ended(event: KeyPressEvent) -> None:
        event.app.exit(exception=EOFError)

    return keys


def any_key(handler: Handler) -> KeyBindings:
    """Whatever is pressed, beside the interrupts."""
    keys = KeyBindings()
    keys.add(Keys.Any, eager=True)(handler)
    return keys


def list_keys(state: ListState, ahead: TypeAhead) -> KeyBindings:
    """Every key of a list; one that means nothing here makes the list say which do."""
    keys = any_key(ahead.guard(lambda event: _refuse(state)))

    def bind(key: Keys | str, handler: Handler) -> None:
        keys.add(key, eager=True)(ahead.guard(handler))

    for index, (sign, choice) in enumerate(zip(state.signs, state.prompt.all_choices, strict=True)):
        for key in filter(None, (sign, *choice.keys)):
            bind(key, _act(state, index))
    for key in (Keys.Down, Keys.ControlN):
        bind(key, lambda event: state.move(1))
    for key in (Keys.Up, Keys.ControlP):
        bind(key, lambda event: state.move(-1))
    bind(Keys.Enter, lambda event: _enter(state, event))
    if state.several:
        bind(" ", lambda event: _tick(state))
    return keys


def _refuse(state: ListState) -> None:
    state.is_refused = True


def _act(state: ListState, index: int) -> Handler:
    """Take the choice at once; where several can be ticked, tick it."""
    if state.several and index < len(state.prompt.choices):
        return lambda event: state.toggle(index)
    return lambda event: event.app.exit(result=state.value_at(index))


def _enter(state: ListState, event: KeyPressEvent) -> None:
    if state.is_chosen:
        event.app.exit(result=state.value_at(state.control.pointed_at))
    else:
        _refuse(state)


def _tick(state: ListState) -> None:
    """Tick what is pointed at; a step cannot be ticked."""
    if state.is_chosen and state.control.pointed_at < len(state.prompt.choices):
        state.toggle(state.control.pointed_at)
    else:
        _refuse(state)
