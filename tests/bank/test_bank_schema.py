"""The description of a bank's files as JSON Schema, as help and as a page: complete, kept up to date, and true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import renewal
from demo_bank import Demo
from mini_schema import faults, plain

from assessor import bank, resources
from assessor.bank.json_schema import SCHEMA_NAMES, json_schema, schema_name
from assessor.bank.key_help import find_key, key_places, nearest_key

QUESTIONS = resources.questions_folder()
FILES = sorted(path for name in bank.available_banks() for path in (QUESTIONS / name).rglob("*.yaml"))
BLOCKS = dict(re.findall(r"```yaml\n# (\S+\.yaml)\n(.*?)```", renewal.README.read_text("utf-8"), re.DOTALL))


def schemas_within(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all in it that say what a value is."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from schemas_within(part)


def faults_of(demo: Demo, name: str) -> list[str]:
    """What the schema says to a file of the demo bank."""
    schema = json_schema(str(schema_name(name)))
    return list(faults(schema, plain(demo.folder / name), schema))


def test_the_schema_files_are_what_is_printed_now() -> None:
    expected = renewal.schema_files()

    assert sorted(expected) == sorted((QUESTIONS / "schema").iterdir())
    assert {path: path.read_text("utf-8") for path in expected} == expected, "python tests/bank/renewal.py"


def test_the_page_for_authors_tells_every_key_as_it_is_described_now() -> None:
    text = renewal.README.read_text("utf-8")

    assert renewal.with_tables(text) == text, "python tests/bank/renewal.py"


def test_the_folder_of_the_schemas_is_no_bank() -> None:
    assert "schema" not in bank.available_banks()
    with pytest.raises(bank.NoSuchBank):
        bank.open_bank("schema")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(QUESTIONS)))
def test_a_shipped_file_names_its_schema_and_is_as_it_says(path: Path) -> None:
    first = path.read_text("utf-8").partition("\n")[0]
    named = (path.parent / first.removeprefix("# yaml-language-server: $schema=")).resolve()

    assert named == QUESTIONS / "schema" / f"{schema_name(path.relative_to(QUESTIONS).as_posix())}.json"
    schema = json.loads(named.read_text("utf-8"))
    assert list(faults(schema, plain(path), schema)) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("instrument.yaml", "rising: all", "risng: all"),
        ("instrument.yaml", "id: demo", "id: Demo"),
        ("instrument.yaml", "id: demo", "id: all"),
        ("instrument.yaml", 'version: "1"\n', ""),
        ("instrument.yaml", "intent: 1,", "intent: 100,"),
        ("instrument.yaml", "intent: 1,", 'intent: "1",'),
        ("instrument.yaml", "options: [low, high]", "options: [low]"),
        ("instrument.yaml", "{price: high}", "{price: high, money: low}"),
        ("instrument.yaml", "{price: high}", "{at_least: 2}"),
        ("instrument.yaml", "{writing: {at_least: intent}}", "{writing: {at_most: intent}}"),
        ("en.yaml", "ask: How much?", 'ask: " "'),
        ("en.yaml", "ask: How much?", "aks: How much?"),
        ("en.yaml", "ask: How much?", f"ask: {'x' * 4001}"),
        ("en.yaml", "within: a purchase, ", ""),
        ("cases.yaml", "placements: [close]", "placements: []"),
        ("cases.yaml", "placements: [close]", "placements: close"),
    ],
)
def test_a_schema_refuses_what_the_check_refuses(demo: Demo, name: str, old: str, new: str) -> None:
    assert (faults_of(demo, name), demo.problems()) == ([], [])
    demo.change(old, new, name)

    assert faults_of(demo, name)
    assert demo.problems()


@pytest.mark.parametrize("name", SCHEMA_NAMES)
def test_every_key_has_a_description_and_every_text_a_pattern(name: str) -> None:
    within = list(schemas_within(json_schema(name)))
    described = [part for each in within if "additionalProperties" in each for part in [each.get("properties", {})]]
    keys = [(key, part) for properties in described for key, part in properties.items()]

    conditions = {"all", "any", "not", "is", "at_least", "of"}
    assert [key for key, part in keys if "description" not in part and key not in conditions] == []
    texts = [each for each in within if "string" in (each.get("type") or ())]
    assert texts
    assert [each for each in texts if "pattern" not in each] == []


@pytest.mark.parametrize("place", list(key_places()), ids=lambda place: f"{place.file}:{place.within}:{place.key.name}")
def test_a_key_is_one_sentence_and_its_example_is_as_its_schema_says(place: Any, demo: Demo) -> None:
    assert re.fullmatch(r"[A-Z`{].*[^.]\.", place.key.about)
    if place.key.name not in ("drafts", "course"):
        demo.write("example.yaml", f"value: {place.key.example}\n")
        definitions: dict[str, Any] = {}
        schema = place.key.kind.json_schema(definitions)
        assert list(faults(schema, plain(demo.folder / "example.yaml")["value"], {"$defs": definitions})) == []


def test_a_key_is_found_wherever_it_stands_and_another_by_likeness() -> None:
    assert {place.within for place in find_key("slip")} == {"items › (id) › options › (id)"}
    assert len(find_key("about")) == 5
    assert find_key("risng") == ()
    assert nearest_key("risng") == "rising"


def test_the_bank_on_the_page_for_authors_holds(tmp_path: Path) -> None:
    (tmp_path / "party").mkdir()
    for name in ("instrument.yaml", "en.yaml", "cases.yaml", "party/sides.yaml", "party/en.yaml"):
        (tmp_path / name).write_text(BLOCKS[name], "utf-8")

    assert [str(problem) for problem in bank.check_bank(tmp_path)] == []


def test_the_migration_on_the_page_for_authors_is_as_its_schema_says(demo: Demo) -> None:
    demo.write("migrations.yaml", BLOCKS["migrations.yaml"])
    demo.write("sv_FI.yaml", BLOCKS["sv_FI.yaml"])

    assert (faults_of(demo, "migrations.yaml"), faults_of(demo, "sv_FI.yaml")) == ([], [])
