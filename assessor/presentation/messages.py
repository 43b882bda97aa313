"""The program's own words in one language, for every face and document.

A thin layer over gettext. Only what the program says is translated here; the words of a questionnaire come from its
bank and are added by `terms`.
"""

from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations

from assessor.errors import AssessorError
from assessor.language import load_translations


@dataclass(frozen=True)
class Messages:
    """Translates what the program says into one language; frozen, so another language takes another value."""

    #: BCP 47 tag; one without a catalogue of its own falls back as `load_translations` says.
    language: str

    @cached_property
    def translations(self) -> NullTranslations:
        """The language's catalogue, read once for each value."""
        return load_translations(self.language)

    def gettext(self, message: str) -> str:
        """The message in the language, its fields not yet filled in."""
        return self.translations.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """A message that means several things in English, told apart by its context."""
        return self.translations.pgettext(context, message)

    def say(self, message: str, **facts: object) -> str:
        """The message in the language, its `{fields}` filled from `facts`; without facts, braces stay as they are."""
        translated = self.gettext(message)
        return translated.format(**facts) if facts else translated

    def count(self, one: str, many: str, number: int, **facts: object) -> str:
        """The singular or plural form that the language uses for `number`, with `{number}` and `facts` filled in."""
        return self.translations.ngettext(one, many, number).format(number=number, **facts)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The singular or plural form that the language uses for `number`, its fields not yet filled in."""
        return self.translations.ngettext(one, many, number)

    def refusal(self, error: AssessorError) -> str:
        """What an error says in the language: the fact, and how to mend it."""
        return error.message(self.gettext)
