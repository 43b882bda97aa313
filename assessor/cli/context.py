"""What the commands share: the language, what stands before the command, and how things are said.

Help texts are needed as text when a command is declared, so the language is chosen before that.
"""

from __future__ import annotations

import gettext as gettext_module
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assessor import __version__, language, paths
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.bank import Bank
    from assessor.core.instrument import Instrument
    from assessor.store import Store
    from assessor.usecases.assessments import Assessments


LANGUAGE = language.choose_language(language.split_lang_option(sys.argv[1:])[0])
os.environ["LANGUAGE"] = LANGUAGE  # click's own words come from the same catalogue
gettext_module.bindtextdomain("messages", str(language.LOCALE_FOLDER))
gettext_module.textdomain("messages")

import click  # noqa: E402  (after its language is known)

_ = language.load_translations(LANGUAGE).gettext


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
    command: str = field(default_factory=lambda: os.environ.get("ASSESSOR_COMMAND", "assessor"))

    def open_store(self, *, write: bool = True, create: bool | None = None) -> Store:
        """The store; to be used in a `with`."""
        from assessor.store import Store, StoreMissing

        try:
            store = Store.open(self.store_path, write=write, create=create)
        except StoreMissing:
            if self.store_path:
                raise
            raise NothingAnsweredYet(command=self.command) from None
        if store.cloud_folder:
            say(
                _(
                    "The answers lie in a folder that {service} copies elsewhere; set ASSESSOR_HOME to another folder"
                ).format(service=store.cloud_folder)
            )
        return store

    def library_in(self, store: Store) -> str:
        """The library meant: the one named, or the only one there is."""
        libraries = store.libraries()
        if self.library:
            if self.library not in libraries:
                raise NoSuchLibrary(name=escape_controls(self.library), known=format_names(libraries))
            return self.library
        if not libraries:
            raise NothingAnsweredYet(command=self.command)
        if len(libraries) > 1:
            raise AmbiguousLibrary(known=format_names(libraries))
        return libraries[0]

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


class NoSuchLibrary(AssessorError):
    """A library that nothing is kept of."""

    template = N_("No library is called {name!r} here; there is: {known}")
    exit_code = 2


class AmbiguousLibrary(AssessorError):
    """Several libraries and none named."""

    template = N_("Several libraries are kept here; put --library NAME before the command, one of: {known}")
    exit_code = 2


class NothingAnsweredYet(AssessorError):
    """An empty store."""

    template = N_("Nothing has been answered yet; begin with: {command}")
    exit_code = 2


class NoSuchCollaboration(AssessorError):
    """A name that no collaboration has."""

    template = N_("No collaboration is called {name!r}; there is: {known}")
    exit_code = 2


class AmbiguousCollaboration(AssessorError):
    """A name that several collaborations have in them."""

    template = N_("{name!r} may be several collaborations; write more of the name: {known}")
    exit_code = 2


class NoSuchParty(AssessorError):
    """A name that no party has."""

    template = N_("No party is called {name!r}; there is: {known}")
    exit_code = 2


class UnreadableFile(AssessorError):
    """A file that cannot be opened or read."""

    template = N_("{file} cannot be read: {why}; check the name and that you may read it")
    exit_code = 74


class NotConfirmed(AssessorError):
    """Something that cannot be undone, without a yes."""

    template = N_("Nothing was changed. Add --yes to go through with it")
    exit_code = 2


def format_names(names: Sequence[str]) -> str:
    return ", ".join(repr(escape_controls(name)) for name in names) or "-"


def say(text: str) -> None:
    """A message to the person, beside the data."""
    click.echo(text, err=True)


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


class CommandGroup(click.Group):
    """A group whose defaults may stand in a file, and whose commands may refuse."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        kwargs.setdefault("default_map", _read_defaults())
        return super().make_context(*args, **kwargs)


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
    help=_(
        "Which of your library's collaborations are partnerships, of what kind, and what next? "
        "Without a command: answer questions at the keyboard, from where you stopped."
    ),
)
@click.option("--lang", type=LanguageChoice(), help=_("Language of questions, messages and reports."))
@click.option("--plain", is_flag=True, help=_("Numbered lines instead of menus, for screen readers."))
@click.option("--no-input", is_flag=True, help=_("Never ask; say what is lacking and stop."))
@click.option(
    "--store", type=StoreLocation(), help=_("Where the answers are kept: a file, or postgresql://USER@HOST/DATABASE.")
)
@click.option("--library", help=_("The library meant, where several are kept."))
@click.option("--bank", default="dokk1", show_default=True, help=_("The questionnaire."))
@click.version_option(__version__, prog_name="assessor", message="%(prog)s %(version)s")
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
    context.obj = Program(lang or LANGUAGE, lang, plain, no_input, store, library, bank)
    if context.invoked_subcommand is None:
        from assessor.cli.assess_commands import run_interview

        context.exit(run_interview(context.obj))
