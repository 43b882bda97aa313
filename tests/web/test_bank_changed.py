"""A bank that is changed under a running server: seen at once, and parsed where nobody holds what others wait for."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import current_thread

import pytest
from web_rooms import Building, house, opened

from assessor import resources
from assessor.bank import LatestBank, open_bank, parsing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "dokk1"
    shutil.copytree(resources.questions_folder() / "dokk1", copied)
    return copied


@pytest.fixture
def building(home, folder) -> Iterator[Building]:
    """A room whose bank lies in `folder`, looked at with every request."""
    found, seconds = house(), iter(range(10_000))
    latest = LatestBank(open_bank(folder), lambda: float(next(seconds)))
    of_folder = Building(replace(found, config=replace(found.config, bank=latest)))
    with of_folder.first:
        yield of_folder


@pytest.fixture
def parsed_in(monkeypatch) -> list[str]:
    """The threads in which rules were parsed."""
    names, as_ever = list[str](), parsing.parse_instrument

    def parse(file):
        names.append(current_thread().name)
        return as_ever(file)

    monkeypatch.setattr(parsing, "parse_instrument", parse)
    return names


def change(folder: Path) -> None:
    rules = folder / "instrument.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace('version: "1.1"', 'version: "1.1.1"'), encoding="utf-8")


def test_a_changed_bank_is_parsed_beside_the_stores_thread(building, folder, parsed_in):
    held = building.participant(opened())
    change(folder)
    page = held.get("/")

    assert page.status_code == 200
    assert building.house.config.bank.get().instrument.version == "1.1.1"
    assert len(parsed_in) == 1
    assert not parsed_in[0].startswith("store")
