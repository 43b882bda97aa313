"""Every catalogue is whole: nothing untranslated, no field lost, nothing compiled that is not written."""

import ast
from gettext import GNUTranslations
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from catalogues import (
    CLICK,
    MARKS,
    PACKAGE,
    TRANSLATED,
    VARIANTS,
    WHOLE,
    catalogue,
    kept,
    key,
    left,
    of_click,
    po,
    renewed,
    said,
)

from assessor.language import base_language, load_translations

EACH = pytest.mark.parametrize("language", TRANSLATED)


def fields(text: str) -> set[str]:
    """The names that are filled in."""
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def edges(text: str) -> tuple[str, str]:
    """The blanks and line ends that a text begins and ends with."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def as_tuple(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (text,)  # type: ignore[arg-type]


def pairs(language: str) -> list[tuple[str, str]]:
    """Each message with its translation; of one and many, each with its own."""
    return [
        pair
        for message in kept(language).values()
        for pair in zip(as_tuple(message.id), as_tuple(message.string), strict=True)
    ]


def strings(catalog: Catalog) -> dict[object, object]:
    found = {}
    for message in catalog:
        context, text = message.context, message.string
        if message.id:  # Babel reads contexts as bytes and plurals as lists from what it compiled
            context = context.decode() if isinstance(context, bytes) else context
            found[context, key(message)[1]] = tuple(text) if isinstance(text, list) else text
    return found


@pytest.mark.parametrize("language", WHOLE)
def test_everything_that_is_said_is_translated_and_nothing_else(language):
    meant = {**said(), **of_click()}

    assert left(language) == []
    assert set(kept(language)) == set(meant)


@pytest.mark.parametrize("language", VARIANTS)
def test_a_variant_says_only_what_its_base_says_otherwise(language):
    mine, its_base = (strings(catalogue(one)) for one in (language, base_language(language)))

    assert [each for each in mine if each not in its_base or its_base[each] == mine[each]] == []


@EACH
def test_no_message_stands_in_two_catalogues_of_a_language_nor_twice_in_one(language):
    entries = [line for line in po(language).read_text("utf-8").splitlines() if line.startswith("msgid ")]

    assert sorted(path.name for path in po(language).parent.iterdir()) == ["messages.mo", "messages.po"]
    assert len(entries) == len(kept(language)) + 1  # one is the header's


@EACH
def test_what_is_written_is_what_renewing_would_write(language):
    assert strings(catalogue(language)) == strings(renewed(language))


@EACH
def test_a_translation_has_the_fields_of_its_message_and_no_other(language):
    assert [pair for pair in pairs(language) if fields(pair[0]) != fields(pair[1])] == []


@EACH
def test_a_translation_begins_and_ends_with_the_blanks_of_its_message(language):
    assert [pair for pair in pairs(language) if edges(pair[0]) != edges(pair[1])] == []


@EACH
def test_what_is_compiled_is_what_is_written(language):
    with po(language).with_suffix(".mo").open("rb") as file:
        assert strings(read_mo(file)) == strings(catalogue(language))


@EACH
def test_one_is_one_and_everything_else_is_many(language):
    with po(language).with_suffix(".mo").open("rb") as file:
        plural = GNUTranslations(file).plural  # type: ignore[attr-defined]

    assert [plural(number) for number in (0, 1, 2, 11, 21, 101)] == [1, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("language", WHOLE)
def test_letters_to_press_differ_where_they_are_offered_together(language):
    press = load_translations(language).pgettext
    every = [press("letter of Stop here", "s"), press("letter of Back", "b")]
    item = [
        *every,
        press("letter of Don't know", "d"),
        press("letter of Add a note", "n"),
        press("letter of More", "m"),
    ]
    stop, other = press("letter of Stop here", "s"), press("letter of Language", "l")
    journey = [other, press("letter of New", "n"), press("letter of Report", "r"), stop]

    assert [len(set(letters)) for letters in (item, journey)] == [5, 4]
    assert all(len(letter) == 1 and letter.isalpha() for letter in (*item, *journey))


def test_no_message_stands_within_a_formatted_text_where_it_is_not_found_before_python_3_12():
    hidden = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in MARKS
    ]

    assert hidden == []


def test_click_says_its_own_words_in_every_language():
    assert [language for language in WHOLE if set(_of_click(language)) != set(of_click())] == []


def _of_click(language: str) -> list[object]:
    return [each for each, message in kept(language).items() if CLICK in message.auto_comments]
