"""The command line in the process of the test: it can be imported, and run more than once."""

import io
import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click
import pytest

from assessor.bank import open_bank
from assessor.cli import group, run
from assessor.cli.context import NotConfirmed, Program, confirm
from assessor.cli.translation import TranslatedCommand, TranslatedOption
from assessor.store import Store
from assessor.usecases.facilitating import Facilitation
from assessor.web import server


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path))
    monkeypatch.setenv("ASSESSOR_LANG", "en")
    monkeypatch.setenv("LANGUAGE", os.environ.get("LANGUAGE", ""))  # put back afterwards
    return tmp_path


def commands(command: click.Command) -> Iterator[click.Command]:
    yield command
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        yield from commands(each)


def test_every_help_text_is_told_in_the_language_spoken_when_it_is_shown():
    untold = [each.name for each in commands(group) if not isinstance(each, TranslatedCommand)]
    options = [
        (each.name, option.name)
        for each in commands(group)
        for option in each.params
        if isinstance(option, click.Option) and not isinstance(option, TranslatedOption)
    ]

    assert (untold, options) == ([], [])


class Keyboard(io.StringIO):
    """What is typed at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("language", ["sv", "fi", "en"])
@pytest.mark.parametrize(
    ("typed", "erased"),
    [
        *((word, True) for word in ("ja", "j", "Kyllä", "k", "joo", "yes", "Y", "perhaps\njo")),
        *((word, False) for word in ("nej", "n", "ei", "E", "no", "", "perhaps\nnei")),
    ],
)
def test_a_yes_is_one_in_every_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, typed: str, erased: bool
):
    monkeypatch.setattr("sys.stdin", Keyboard(f"{typed}\n"))
    program = Program(language, None, False, False, None, None, "dokk1")
    with nullcontext() if erased else pytest.raises(NotConfirmed):
        confirm(program, False, "Erase it?")

    assert capsys.readouterr().err.count("Erase it?") == typed.count("\n") + 1


def test_one_process_speaks_one_language_after_another(capsys):
    told = {}
    for language in ("sv", "fi", "en"):
        assert run(["--lang", language, "backup", "--help"]) == 0
        usage, _blank, purpose, *_more = capsys.readouterr().out.splitlines()
        assert run(["--lang", language, "list"]) == 2
        told[language] = (usage.partition(":")[0], purpose.strip(), capsys.readouterr().err.partition(";")[0])

    assert told == {
        "sv": ("Användning", "En kontrollerad kopia av alla svar.", "Ingenting är besvarat än"),
        "fi": ("Käyttö", "Tarkistettu kopio kaikista vastauksista.", "Mihinkään ei ole vielä vastattu"),
        "en": ("Usage", "A verified copy of all answers.", "Nothing has been answered yet"),
    }


def lead_here(name: str, *more: str) -> int:
    return run(["workshop", name, "--address", "127.0.0.1", "--no-browser", *more])


def lead_on_a_server(name: str, *more: str) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    return run(["serve", "--base-url", "https://workshops.example", "--port", port, "--open", name, *more])


@pytest.mark.parametrize("lead", [lead_here, lead_on_a_server])
def test_a_workshops_name_means_the_same_for_a_room_here_and_for_a_server(lead, monkeypatch, capsys):
    def close(_services, processes, _ready) -> None:
        for listening in itertools.chain.from_iterable(processes):
            listening.close()

    monkeypatch.setattr(server, "serve_workshops", close)
    with Store.open() as store:
        choir = store.add_collaboration("Example Library", "Example Choir", "")

    assert lead("Autumn") == 0
    with Store.open() as store:
        (workshop,) = store.workshops.all()
        assert (workshop.library, workshop.listed) == ("Example Library", ())
    assert lead("Autumn", "--all") == 0
    with Store.open() as store:
        (workshop,) = store.workshops.all()
        assert workshop.listed == (choir.id,)
        Facilitation(store, open_bank("dokk1")).close(workshop.id, "end")
    capsys.readouterr()
    assert lead("Autumn") == 2
    assert capsys.readouterr().err.startswith("Autumn is over; give the new workshop another name")
