"""The pages' Swedish is whole: nothing untranslated, no field lost, nothing compiled that is not written."""

from string import Formatter

from babel.messages.mofile import read_mo
from web_catalogue import PO, catalogue, said_on_pages


def fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def pairs():
    for message in catalogue():
        if message.id:
            ids, strings = message.id, message.string
            yield from zip(*((each if isinstance(each, tuple) else (each,)) for each in (ids, strings)), strict=True)


def test_what_the_pages_say_is_what_is_translated():
    assert {message.id for message in catalogue() if message.id} == set(said_on_pages())
    assert [id for id, string in pairs() if not string] == []


def test_a_translation_has_the_fields_of_its_message():
    assert [id for id, string in pairs() if fields(id) != fields(string)] == []


def test_what_is_compiled_is_what_is_written():
    with PO.with_suffix(".mo").open("rb") as file:
        compiled = {tuple(each.id) if isinstance(each.id, list) else each.id: each.string for each in read_mo(file)}

    assert {id: tuple(text) if isinstance(text, list) else text for id, text in compiled.items() if id} == {
        message.id: message.string for message in catalogue() if message.id
    }
