"""The interface's Swedish is whole: nothing untranslated, no field lost, nothing compiled that is not written."""

import ast
from gettext import GNUTranslations
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from catalogue import CLICK, MARKS, PACKAGE, PO, catalogue, key, said_in_code


def fields(text: str) -> set[str]:
    """The names that are filled in."""
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def strings(catalog: Catalog) -> dict[object, object]:
    found = {}
    for message in catalog:
        context, text = message.context, message.string
        if message.id:  # Babel reads contexts as bytes and plurals as lists from what it compiled
            context = context.decode() if isinstance(context, bytes) else context
            found[context, key(message)[1]] = tuple(text) if isinstance(text, list) else text
    return found


def test_every_message_of_the_code_is_translated():
    written = strings(catalogue())

    assert {each for each, _id in said_in_code() if not written.get(each)} == set()


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


def test_nothing_is_translated_that_is_not_said():
    said = {each for each, _id in said_in_code()}
    ours = {key(message) for message in catalogue() if message.id and CLICK not in message.auto_comments}

    assert ours - said == set()


def test_a_translation_has_the_fields_of_its_message():
    pairs = [
        (id, string)
        for message in catalogue()
        for ids in [message.id if isinstance(message.id, tuple) else (message.id,)]
        for id, string in zip(
            ids, message.string if isinstance(message.string, tuple) else (message.string,), strict=True
        )
        if id
    ]

    assert [pair for pair in pairs if fields(pair[0]) != fields(pair[1])] == []


def test_what_is_compiled_is_what_is_written():
    with PO.with_suffix(".mo").open("rb") as file:
        assert strings(read_mo(file)) == strings(catalogue())


def test_one_and_many_are_told_apart():
    with PO.with_suffix(".mo").open("rb") as file:
        speak = GNUTranslations(file)
    one, many = "about {count} question left", "about {count} questions left"

    assert [speak.ngettext(one, many, count).format(count=count) for count in (1, 4)] == [
        "ungefär 1 fråga kvar",
        "ungefär 4 frågor kvar",
    ]
