"""The language of the command line, and help texts shown in it.

Commands are declared before anybody has said which language to speak. So a help text is declared as a message, marked
by `N_`, and translated each time it is shown: the command line can be imported, and run more than once in a process.
click takes no lazy strings instead of that: it tidies the help of an option as text when the option is declared.
"""

import gettext as gettext_module
import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from assessor import language
from assessor.setup.commands import typed_command

_spoken: gettext_module.NullTranslations = gettext_module.NullTranslations()
_spoken_language = "en"


def speak_language_of(arguments: Sequence[str], default: str | None = None) -> None:
    """Speak the language that `--lang` asks for anywhere, else the environment's or the default, from here on.

    click's own words follow, by the environment and gettext's global domain: it offers no other way.
    """
    global _spoken, _spoken_language
    wish = language.split_lang_option(arguments)[0] or os.environ.get("ASSESSOR_LANG") or default
    _spoken_language = language.choose_language(wish)
    _spoken = language.load_translations(_spoken_language)
    os.environ["LANGUAGE"] = _spoken_language  # click asks gettext, which asks the environment
    gettext_module.bindtextdomain(language.DOMAIN, str(language.LOCALE_FOLDER))
    gettext_module.textdomain(language.DOMAIN)


def spoken_language() -> str:
    """The language spoken now."""
    return _spoken_language


def _(message: str) -> str:
    """The message in the language spoken now.

    A command calls it as it runs. What is declared when a module is imported (help texts, templates of errors) is
    marked by `N_` instead, since nobody has chosen a language yet.
    """
    return _spoken.gettext(message)


class _HelpMessages:
    """Mixin for what has help: the text is set as a message and read as its translation."""

    @property
    def help(self) -> str | None:
        """What it is for, in the language spoken now."""
        return _translate_optional(self._help_message)

    @help.setter
    def help(self, message: str | None) -> None:
        self._help_message = message


def _translate_optional(message: str | None) -> str | None:
    """The message in the language spoken now, with the program's name as it was typed; None stays None."""
    return _(message).replace("{command}", typed_command()) if message else message


class TranslatedOption(_HelpMessages, click.Option):
    """An option whose help is a message."""


def option(*names: str, **attributes: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """`click.option` with a help text that is a message."""
    return click.option(*names, cls=TranslatedOption, **attributes)


class CommandContext(click.Context):
    """A context that takes no default of an option for the table of a command of the same name, such as `bank`."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        if not isinstance(self.default_map, dict):
            self.default_map = None


class TranslatedCommand(_HelpMessages, click.Command):
    """A command whose help texts are messages."""

    context_class = CommandContext

    @property
    def short_help(self) -> str | None:
        """What it is for in a few words, in the language spoken now; None where the help serves."""
        return _translate_optional(self._short_help_message)

    @short_help.setter
    def short_help(self, message: str | None) -> None:
        self._short_help_message = message

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """click's own option that shows help, with its words in the language spoken now."""
        option = super().get_help_option(ctx)
        if option:
            option.help = _("Show this message and exit.")  # click keeps the option, and the words it was made with
        return option


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group whose help texts, and those of its commands, are messages."""

    command_class = TranslatedCommand
