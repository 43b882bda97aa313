"""The interface's own words in one language, for every face and document; a bank's words stay in the bank."""

from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations

from assessor.errors import AssessorError
from assessor.language import load_translations


@dataclass(frozen=True)
class Messages:
    """Translates what the program says; for another language make another value."""

    language: str

    @cached_property
    def translations(self) -> NullTranslations:
        """The catalogue of the language."""
        return load_translations(self.language)

    def gettext(self, message: str) -> str:
        """The message in the language, its fields not yet filled in."""
        return self.translations.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """A message that means several things in English, told apart by its context."""
        return self.translations.pgettext(context, message)

    def say(self, message: str, **facts: object) -> str:
        """The message in the language, with its facts put in."""
        translated = self.gettext(message)
        return translated.format(**facts) if facts else translated

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The message for the number, which it may name as `{number}`."""
        return self.translations.ngettext(one, many, number).format(number=number, **facts)

    def refusal(self, error: AssessorError) -> str:
        """What was refused, and the cure."""
        return error.message(self.gettext)
