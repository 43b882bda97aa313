"""The pages' own words, and those of the errors that everything else raises."""

from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations

from assessor.errors import AssessorError
from assessor.language import first_spoken, interface


@dataclass(frozen=True)
class Speech:
    """What the pages say in one language."""

    language: str

    @cached_property
    def words(self) -> NullTranslations:
        """The catalogue of the pages."""
        return interface(self.language, "web")

    def say(self, message: str, **facts: object) -> str:
        """The message, with its facts put in."""
        told = self.words.gettext(message)
        return told.format(**facts) if facts else told

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The message for the number, which it may name as `{number}`."""
        return self.words.ngettext(one, many, number).format(number=number, **facts)

    def refusal(self, error: AssessorError) -> str:
        """What was refused, and the cure."""
        return error.told(interface(self.language).gettext)


def spoken(wishes: str, otherwise: str) -> str:
    """The first of our languages in a browser's `Accept-Language`, which lists them as wished."""
    return first_spoken(wish.split(";")[0] for wish in wishes.split(",")[:20]) or otherwise
