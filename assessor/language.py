"""The interface's words in the person's language; a bank's words stay in the bank."""

import gettext
import os
from collections.abc import Sequence
from pathlib import Path

#: English is the language of the messages in the code.
LANGUAGES = ("sv", "en")

#: The folder of the catalogues.
LOCALE = Path(__file__).resolve().parent / "locale"


def chosen(flag: str | None = None) -> str:
    """The language by flag, then `ASSESSOR_LANG`, then the system's locale; English when none is spoken here."""
    wishes = (flag, *(os.environ.get(name) for name in ("ASSESSOR_LANG", "LC_ALL", "LC_MESSAGES", "LANG")))
    for wish in filter(None, wishes):
        language = wish.replace("_", "-").split(".")[0].split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def asked(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The language that `--lang` asks for, found before the command line is read, and the arguments without it."""
    wish, rest = None, list(arguments)
    for at, argument in enumerate(arguments):
        if argument == "--lang" and at + 1 < len(arguments):
            wish, rest = arguments[at + 1], [*arguments[:at], *arguments[at + 2 :]]
        elif argument.startswith("--lang="):
            wish, rest = argument.removeprefix("--lang="), [*arguments[:at], *arguments[at + 1 :]]
    return wish, rest


def interface(language: str, domain: str = "messages") -> gettext.NullTranslations:
    """The translations of one domain; the messages as they stand where there are none."""
    return gettext.translation(domain, LOCALE, [language], fallback=True)
