"""What the commands share: what stands before the command, and how things are said."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessor import __version__, language, paths
from assessor.cli.translation import (
    TranslatedGroup,
    TranslatedOption,
    _,
    option,
    speak_language_of,
    spoken_language,
)
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command

if TYPE_CHECKING:
    from assessor.bank import Bank
    from assessor.core.instrument import Instrument
    from assessor.store import Erasure, Store
    from assessor.usecases.assessments import Assessments


@dataclass
class Program:
    """What stands before the command."""

    lang: str
    #: As asked for by flag, variable or file; None leaves it to the system, and to the person.
    asked_lang: str | None
    plain: bool
    no_input: bool
    #: A path, or the address of a server; the person's own file when None.
    store_path: Path | str | None
    library: str | None
    #: A name, or a folder, as it was typed.
    bank_name: str
    #: How the program was started, for the commands that are named in messages.
    command: str = field(default_factory=typed_command)

    def open_store(self, *, write: bool = True, create: bool | None = None) -> Store:
        """The store; to be used in a `with`."""
        from assessor.store import Store, StoreMissing
        from assessor.usecases.libraries import NothingAnsweredYet

        try:
            store = Store.open(self.store_path, write=write, create=create)
        except StoreMissing:
            if self.store_path:
                raise
            raise NothingAnsweredYet(command=self.command) from None
        if store.cloud_folder:
            say(
                _(
                    "The answers are in a folder that {service} copies elsewhere; set ASSESSOR_HOME to another folder"
                ).format(service=store.cloud_folder)
            )
        return store

    def library_in(self, store: Store) -> str:
        """The library meant: the one named, or the only one there is; raises `NothingAnsweredYet` in an empty store."""
        from assessor.usecases.libraries import NothingAnsweredYet, find_library

        library = find_library(store, self.library)
        if library is None:
            raise NothingAnsweredYet(command=self.command)
        return library

    def assessments(self, store: Store) -> Assessments:
        """The assessments of the library meant."""
        from assessor.usecases.assessments import Assessments

        return Assessments(store, self.library_in(store), self.bank)

    @cached_property
    def bank(self) -> Bank:
        """The bank meant."""
        return self.open_bank(None)

    def open_bank(self, name: str | None) -> Bank:
        """A bank of this name or folder; the one meant where none is named."""
        from assessor.bank import open_bank

        return open_bank(name or self.bank_name)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument of the bank meant."""
        return self.bank.instrument


class UnreadableFile(AssessorError):
    """A file that cannot be opened or read."""

    template = N_("{file} cannot be read: {why}; check the name and that you may read it")
    exit_code = 74


class NotConfirmed(AssessorError):
    """Something that cannot be undone, without a yes."""

    template = N_("Nothing was changed. Add --yes to do it")
    exit_code = 2


def say(text: str) -> None:
    """A message to the person, beside the data."""
    click.echo(text, err=True)


def say_erased(name: str, erasure: Erasure) -> None:
    """What was erased, and where copies of it still lie."""
    say(_("Erased: {what} (assessments: {count})").format(what=repr(escape_controls(name)), count=erasure.count))
    say_remaining_copies(erasure)


def say_remaining_copies(erasure: Erasure) -> None:
    """Where copies of what was erased still lie."""
    from assessor.usecases.erasing import describe_remaining_copies

    for sentence in describe_remaining_copies(erasure, _, with_folders=True):
        say(sentence)


def echo_json(data: object) -> None:
    """Data as one JSON text on a line of its own."""
    from assessor.exchange import json_line

    click.echo(json_line(data))


def confirm(program: Program, yes: bool, question: str) -> None:
    if yes:
        return
    if program.no_input or not sys.stdin.isatty():
        raise NotConfirmed()
    if not click.confirm(question, err=True):
        raise NotConfirmed()


class StoreLocation(click.Path):
    """A store: the path of a file, or the address of a server as it was written."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if isinstance(value, str) and "://" in value:
            return value
        return super().convert(value, parameter, context)


class LanguageChoice(click.Choice[str]):
    """A language by any name that means one spoken here: `fi`, `fi_FI.UTF-8`, `sv-FI`, `no`."""

    def __init__(self) -> None:
        super().__init__(language.LANGUAGES)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return super().convert(language.supported_language(str(value)) or value, param, ctx)


class CommandGroup(TranslatedGroup):
    """A group whose defaults may stand in a file, and whose commands may refuse."""

    group_class = TranslatedGroup

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of what stands before the command; it is told in the language that is asked for anywhere."""
        if parent is None:
            speak_language_of(args)
        extra.setdefault("default_map", _read_defaults())
        return super().make_context(info_name, args, parent, **extra)


def _read_defaults() -> dict[str, Any]:
    """Defaults of the command line from `assessor.toml` in the data folder; options by name, commands as tables."""
    path = paths.data_folder() / "assessor.toml"
    if not path.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(file=escape_controls(str(path)), why=escape_controls(str(error))) from error


@click.group(
    cls=CommandGroup,
    invoke_without_command=True,
    context_settings={
        "auto_envvar_prefix": "ASSESSOR",
        "help_option_names": ["-h", "--help"],
        "max_content_width": 100,
    },
    help=N_(
        "Which of your library's collaborations are partnerships, of what kind, and what next? "
        "Without a command: answer questions in the terminal, from where you stopped."
    ),
)
@option("--lang", type=LanguageChoice(), help=N_("Language of questions, messages and reports."))
@option("--plain", is_flag=True, help=N_("Use numbered lines instead of menus, for screen readers."))
@option("--no-input", is_flag=True, help=N_("Never ask; say what is missing and stop."))
@option(
    "--store", type=StoreLocation(), help=N_("Where the answers are kept: a file, or postgresql://USER@HOST/DATABASE.")
)
@option("--library", help=N_("Which library, when there are several."))
@option("--bank", default="dokk1", show_default=True, help=N_("The questionnaire."))
@click.version_option(__version__, prog_name="assessor", message="%(prog)s %(version)s", cls=TranslatedOption)
@click.pass_context
def group(
    context: click.Context,
    lang: str | None,
    plain: bool,
    no_input: bool,
    store: Path | str | None,
    library: str | None,
    bank: str,
) -> None:
    context.obj = Program(lang or spoken_language(), lang, plain, no_input, store, library, bank)
    if context.invoked_subcommand is None:
        context.invoke(group.commands["assess"], name=None, fresh=False)
