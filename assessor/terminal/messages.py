"""The interface's language while a person sits there: it can be changed between two questions."""

from assessor.language import interface


class Speech:
    """Translates the interface's own words; under gettext's names, so that extraction finds them."""

    def __init__(self, language: str) -> None:
        self.speak(language)

    def speak(self, language: str) -> None:
        """Go over to another language."""
        self.language = language
        self._words = interface(language)

    def gettext(self, message: str) -> str:
        """The message in the language spoken."""
        return self._words.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The message for a count, in the language spoken."""
        return self._words.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """A message that means several things in English, told apart by its context."""
        return self._words.pgettext(context, message)
