"""What can go wrong, as facts; the sentence is made from them and ends in the cure.

Every package derives its own kinds from `AssessorError`. An error is raised with facts and turned into a sentence only
by the face that shows it, in the language of the person there.
"""

import copyreg
from collections.abc import Callable
from typing import ClassVar


def N_(message: str) -> str:  # the name that message extraction looks for
    """Mark a sentence for translation without translating it yet."""
    return message


class AssessorError(Exception):
    """The base of everything `assessor` refuses.

    A kind sets `template`, a sentence with its facts as named fields, and `exit_code` (see sysexits.h);
    the facts are keyword arguments and stay readable as `error.facts`.
    """

    template: ClassVar[str] = N_("Something went wrong: {what}")
    exit_code: ClassVar[int] = 65

    def __init__(self, **facts: object) -> None:
        super().__init__(*facts.values())
        self.facts = facts

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence, in the language of `translate`."""
        return translate(self.template).format(**self.facts)

    def __str__(self) -> str:
        return self.message(lambda message: message)

    def __reduce__(self) -> tuple[object, ...]:
        # An exception is rebuilt from its arguments, and ours are facts by name; errors cross to other processes.
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]


class NotAnItem(AssessorError):
    """A response to something the instrument does not ask."""

    template = N_("{instrument} does not ask {item!r}; it asks: {asked}")


class NotAnOption(AssessorError):
    """A response the item does not offer."""

    template = N_("{given!r} is not an option of {item!r}; choose one of: {offered}")


class RulesTooLarge(AssessorError):
    """Rules that no order of the items makes small."""

    template = N_(
        "The rules of {instrument} grow too large to hold every combination of answers "
        "(more than {limit} steps); the items that make them large: {items}. "
        "Tie them to fewer of the other items, or leave one out"
    )
