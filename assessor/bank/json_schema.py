"""The files of a bank as JSON Schema (draft 2020-12), for editors that complete and check while an author types.

Made from `file_format`, so it cannot drift from what is checked. A schema knows one file only: whether an id exists in
another file is left to `assessor bank check`. `assessor bank schema` prints these, and the copies in the schema folder
beside our banks are held equal to them by a test.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from assessor.bank import bank_files
from assessor.bank.file_format import FILES
from assessor.bank.value_kinds import Definitions

#: What a variant's wording is called: it holds only the words that differ from its base.
VARIANT: Final = "wording_variant"
#: What each schema is called, by the files it describes.
SCHEMA_NAMES: Final = (*FILES, VARIANT)
#: The folder that holds them beside the banks.
SCHEMA_FOLDER: Final = bank_files.SCHEMA_FOLDER


def json_schema(name: str) -> dict[str, Any]:
    """The schema of a kind of file; `name` is one of `SCHEMA_NAMES`."""
    definitions: Definitions = {}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FILES["wording" if name == VARIANT else name].object_schema(definitions),
        "$defs": definitions,
    }
    return _variant_of(schema) if name == VARIANT else schema


def schema_text(name: str) -> str:
    """The schema as the text of its file, ending in a line break."""
    return json.dumps(json_schema(name), ensure_ascii=True, indent=1) + "\n"


def schema_name(file: str) -> str | None:
    """The name of the schema for a file such as instrument.yaml, sv_FI.yaml or party/en.yaml; None if there is none.

    A name of a schema is also accepted, so that the command takes either.
    """
    path = PurePosixPath(file)
    if file in FILES or file == VARIANT:
        return file
    if path.name == "sides.yaml":
        return "sides"
    [*language] = bank_files.languages_among([path.name])
    if language:
        return _wording_name(path, language[0])
    return path.stem if path.stem in ("instrument", "cases", "migrations") and path.suffix == ".yaml" else None


def _wording_name(path: PurePosixPath, language: str) -> str:
    if path.parent.name == bank_files.PARTY_FOLDER:
        return "party_wording"
    return VARIANT if "_" in language or "-" in language else "wording"


def schema_line(file: str, schemas: str) -> str:
    """The comment at the top of a bank's file by which editors find its schema.

    `schemas` is the path of the schema folder as seen from the bank's folder.
    """
    above = "../" * (len(PurePosixPath(file).parts) - 1)
    return f"# yaml-language-server: $schema={above}{schemas}/{schema_name(file)}.json\n"


def _variant_of(schema: Any) -> Any:
    """The schema with nothing required, and lists also written as a table of numbered parts: a variant replaces parts
    of its base's lists by their number.
    """
    if isinstance(schema, list):
        return [_variant_of(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    relaxed = {key: _variant_of(part) for key, part in schema.items() if key not in ("required", "minItems")}
    if schema.get("type") != "array":
        return relaxed
    parts = {"type": "object", "propertyNames": {"pattern": "^[1-9][0-9]*$"}, "additionalProperties": relaxed["items"]}
    return {**_described(relaxed), "anyOf": [{k: v for k, v in relaxed.items() if k != "description"}, parts]}


def _described(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": schema["description"]} if "description" in schema else {}
