"""The bill of materials says what runs, whole and the same each time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def bill():
    done = subprocess.run(
        [sys.executable, ROOT / "tests" / "sbom.py"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return json.loads(done.stdout)


def named(bill, **facts):
    return {each["name"] for each in bill["components"] if facts.items() <= each.items()}


def test_it_is_a_cyclonedx_document_of_this_program(bill):
    head = {key: bill[key] for key in ("bomFormat", "specVersion", "version")}

    assert head == {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    assert bill["metadata"]["component"]["name"] == "assessor"


def test_what_runs_is_required_and_an_extra_is_optional(bill):
    assert {"weasyprint", "sqlalchemy", "markupsafe", "Inter"} <= named(bill, scope="required")
    assert {"duckdb", "distributed", "psycopg"} <= named(bill, scope="optional")
    assert named(bill) & {"pytest", "mypy", "assessor"} == set()


def test_every_package_is_named_by_its_version_and_the_digests_of_its_files(bill):
    packages = [each for each in bill["components"] if each["type"] == "library"]

    assert [each for each in packages if each["purl"] != f"pkg:pypi/{each['name']}@{each['version']}"] == []
    assert [each["name"] for each in packages if not each["externalReferences"]] == []
    assert {len(file["hashes"][0]["content"]) for each in packages for file in each["externalReferences"]} == {64}


def test_every_dependency_is_a_component(bill):
    refs = {each["bom-ref"] for each in (*bill["components"], bill["metadata"]["component"])}
    dependencies = bill["dependencies"]

    assert {each["ref"] for each in dependencies} | {"inter", "dejavu-sans"} == refs
    assert {end for each in dependencies for end in each["dependsOn"]} <= refs
