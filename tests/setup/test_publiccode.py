"""What catalogues of public software read holds to its standard, and to what the program says of itself."""

from pathlib import Path

import yaml

from assessor import __version__
from assessor.language import LANGUAGES

ROOT = Path(__file__).parent.parent.parent
FACTS = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))


def test_every_mandatory_key_is_there():
    assert FACTS.keys() >= {
        *("publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus", "softwareType"),
        *("description", "legal", "maintenance", "localisation"),
    }
    assert FACTS["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert ("contacts" in FACTS["maintenance"]) == (FACTS["maintenance"]["type"] in {"internal", "community"})


def test_each_description_keeps_to_the_lengths_of_the_standard():
    for each in FACTS["description"].values():
        assert len(each["shortDescription"]) <= 150
        assert 150 <= len(each["longDescription"]) <= 10_000
        assert each["features"]


def test_it_names_the_version_and_the_languages_that_the_program_has():
    assert FACTS["softwareVersion"] == __version__
    assert {each.replace("-", "_") for each in FACTS["localisation"]["availableLanguages"]} == set(LANGUAGES)
