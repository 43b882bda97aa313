"""The pages' own words, and those of the errors that everything else raises."""

from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations

from assessor.errors import AssessorError
from assessor.language import first_supported, load_translations


@dataclass(frozen=True)
class PageMessages:
    """What the pages say in one language."""

    language: str

    @cached_property
    def catalogue(self) -> NullTranslations:
        """The catalogue of the pages."""
        return load_translations(self.language, "web")

    def say(self, message: str, **facts: object) -> str:
        """The message, with its facts put in."""
        told = self.catalogue.gettext(message)
        return told.format(**facts) if facts else told

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The message for the number, which it may name as `{number}`."""
        return self.catalogue.ngettext(one, many, number).format(number=number, **facts)

    def refusal(self, error: AssessorError) -> str:
        """What was refused, and the cure."""
        return error.message(load_translations(self.language).gettext)


def preferred_language(wishes: str, otherwise: str) -> str:
    """The first of our languages in a browser's `Accept-Language`, which lists them as wished."""
    return first_supported(wish.split(";")[0] for wish in wishes.split(",")[:20]) or otherwise
