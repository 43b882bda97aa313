"""The interface's language while a person sits there: it can be changed between two questions."""

from assessor.language import load_translations


class InterviewMessages:
    """Translates the interface's own words; under gettext's names, so that extraction finds them."""

    def __init__(self, language: str) -> None:
        self.switch_language(language)

    def switch_language(self, language: str) -> None:
        """Go over to another language."""
        self.language = language
        self._translations = load_translations(language)

    def gettext(self, message: str) -> str:
        """The message in the language spoken."""
        return self._translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The message for a count, in the language spoken."""
        return self._translations.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """A message that means several things in English, told apart by its context."""
        return self._translations.pgettext(context, message)
