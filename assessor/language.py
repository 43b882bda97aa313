"""The interface's words in the person's language; a bank's words stay in the bank."""

import gettext
import os
from collections.abc import Iterable, Sequence
from datetime import time
from pathlib import Path
from typing import Final

#: Each language spoken here, with what it calls itself, by which it is offered. One with a territory is a variant: it
#: holds only the words that differ and says the rest as its base does.
LANGUAGE_NAMES: Final = {
    "sv": "Svenska",
    "sv_FI": "Svenska (Finland)",
    "fi": "Suomi",
    "da": "Dansk",
    "nb": "Norsk bokmål",
    "en": "English",
}

#: English is the language of the messages in the code.
LANGUAGES: Final = tuple(LANGUAGE_NAMES)

#: `no` is what many systems call Bokmål. Readers of Nynorsk read Bokmål more easily than any of the others.
_ALIASES: Final = {"no": "nb", "nn": "nb"}

#: The one catalogue of a language: terminal, pages and documents say the same thing in the same words.
DOMAIN: Final = "messages"

#: The folder of the catalogues.
LOCALE_FOLDER = Path(__file__).resolve().parent / "locale"


def choose_language(flag: str | None = None) -> str:
    """The language by flag, then `ASSESSOR_LANG`, then the system's locale; English when none is spoken here."""
    return first_supported((flag, *_environment_wishes())) or "en"


def is_language_known(flag: str | None = None) -> bool:
    """Whether the person or the system says which of our languages to speak."""
    return first_supported((flag, *_environment_wishes())) is not None


def _environment_wishes() -> tuple[str | None, ...]:
    """The languages that the environment asks for; desktops list several in `LANGUAGE`, which stands over a locale."""
    locales = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    locale = next(filter(None, locales), "C")
    listed = () if locale.split(".")[0] in ("C", "POSIX") else os.environ.get("LANGUAGE", "").split(":")
    return (os.environ.get("ASSESSOR_LANG"), *listed, *locales)


def first_supported(wishes: Iterable[str | None]) -> str | None:
    """The first of the wishes that is spoken here; None when none is."""
    return next(filter(None, map(supported_language, filter(None, wishes))), None)


def supported_language(wish: str) -> str | None:
    """The language of ours that a name asks for: `fi_FI.UTF-8`, `sv-fi`, `no`; None when it is not spoken here."""
    base, *rest = wish.strip().split(".")[0].split("@")[0].replace("-", "_").split("_")
    base = _ALIASES.get(base.lower(), base.lower())
    variants = (f"{base}_{part.upper()}" for part in rest)
    return next((name for name in (*variants, base) if name in LANGUAGES), None)


def language_tag(language: str) -> str:
    """The language as HTML and PDF write it (BCP 47)."""
    return language.replace("_", "-")


def base_language(language: str) -> str:
    """The language that a variant lies over; any other is its own base."""
    return language.split("_", 1)[0]


def split_lang_option(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The language that `--lang` asks for, found before the command line is read, and the arguments without it."""
    wish, rest = None, list(arguments)
    for position, argument in enumerate(arguments):
        if argument == "--lang" and position + 1 < len(arguments):
            wish, rest = arguments[position + 1], [*arguments[:position], *arguments[position + 2 :]]
        elif argument.startswith("--lang="):
            wish, rest = argument.removeprefix("--lang="), [*arguments[:position], *arguments[position + 1 :]]
    return wish, rest


def preferred_languages(wishes: str) -> tuple[str, ...]:
    """Our languages in a browser's `Accept-Language`, which is in order of preference."""
    named = (supported_language(wish.split(";")[0]) for wish in wishes.split(",")[:20])
    return tuple(language for language in named if language)


def load_translations(language: str) -> gettext.NullTranslations:
    """The translations, a variant's before its base's; English where there are none."""
    return gettext.translation(DOMAIN, LOCALE_FOLDER, [language], fallback=True)


def format_integer(number: int, language: str) -> str:
    """A whole number with the language's separators."""
    from babel.numbers import format_decimal  # slow to import, and rarely needed

    return str(format_decimal(number, locale=language))


def format_share(share: float, language: str) -> str:
    """A share between 0 and 1 as a percentage, to a thousandth of a percent."""
    from babel.numbers import format_percent

    return str(format_percent(round(share, 5), locale=language, decimal_quantization=False))


def format_time(moment: time, language: str) -> str:
    """Hours and minutes, on a clock of 24 hours."""
    from babel.dates import format_skeleton

    return str(format_skeleton("Hm", moment, locale=language))
