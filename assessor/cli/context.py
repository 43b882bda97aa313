"""What the commands share: the options before the command, and how things are said.

`group` is the root that every module adds its commands to; its callback makes the `Program` that commands get as
`context.obj`. A default may stand in `assessor.toml` in the data folder or in a variable (`ASSESSOR_LANG`); the command
line stands over both. The language is chosen before click parses anything, because click prints help and errors while
it parses.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
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
from assessor.core.names import canonical_name
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.setup.commands import typed_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from assessor.bank import Bank
    from assessor.core.instrument import Instrument
    from assessor.core.responses import Assessment
    from assessor.store import Erasure, Expiry, LeftOut, Store
    from assessor.usecases.assessments import Assessments
    from assessor.web.http.store_worker import StoreNotices


Command = Callable[..., None]


@dataclass
class Program:
    """What the options before the command mean, made once a run and passed to every command.

    Nothing is opened or read before a command asks for it: `assessor doctor` has to work where the store does not. The
    bank is opened once and kept; a store is opened anew each time and belongs in a `with`, because a store that is
    written to is locked against other windows until it is closed.
    """

    #: The language that messages are in.
    lang: str
    #: As asked for by flag, variable or file; None leaves it to the system, and to the person.
    asked_lang: str | None
    #: Numbered lines instead of menus.
    plain: bool
    #: Never ask; refuse what cannot be done without.
    no_input: bool
    #: A path, or the address of a server; the person's own file when None.
    store_path: Path | str | None
    #: The library meant; the only one there is when None.
    library: str | None
    #: A name, or a folder, as it was typed; None where nobody named one.
    bank_name: str | None
    #: How the program was started, for the commands that are named in messages.
    command: str = field(default_factory=typed_command)
    #: Whether the bank was named on this command line, and not by a variable or the file of defaults.
    names_bank: bool = False

    @property
    def can_ask(self) -> bool:
        """Whether somebody sits at a terminal and may be asked."""
        return not self.no_input and sys.stdin.isatty()

    def open_store(self, *, write: bool = True, create: bool | None = None, expire: bool = True) -> Store:
        """The store, to be used in a `with`; raises `NothingAnsweredYet` where the own one is not there.

        A path or address that somebody gave is refused as `StoreMissing` instead: it is more likely misspelt than new.
        Says what was past its days, and warns where a cloud service copies the folder.
        """
        from assessor.store import Store, StoreMissing
        from assessor.usecases.libraries import NothingAnsweredYet

        try:
            store = Store.open(self.store_path, write=write, create=create, expire=expire)
        except StoreMissing:
            if self.store_path:
                raise
            raise NothingAnsweredYet(command=self.command) from None
        say_numbered_names(store.numbered_names)
        say_expiry(self, store.expiry)
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
        """The bank meant, opened at the first use."""
        return self.open_bank(None)

    def open_bank(self, name: str | None) -> Bank:
        """The bank of this name or folder, or the one meant where none is named; raises if it does not hold."""
        from assessor.bank import find_typed_bank, open_bank

        return open_bank(find_typed_bank(name or self.bank_name))

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument of the bank meant."""
        return self.bank.instrument

    @property
    def chosen_instrument(self) -> str | None:
        """The id of the instrument that somebody chose; None where all that was answered is meant."""
        return self.bank.instrument.id if self.bank_name else None


#: In every language, whichever is spoken: a person may use the machine of another.
_YES = frozenset({"y", "yes", "j", "ja", "jo", "k", "kyllä", "kylla", "joo", "juu"})
_NO = frozenset({"", "n", "no", "nej", "nei", "e", "ei"})


class UnreadableFile(AssessorError):
    """A file that cannot be opened or read, whichever command was given it."""

    template = N_("{file} cannot be read: {why}; check the name and that you may read it")
    exit_code = 74


class NotConfirmed(AssessorError):
    """Something that cannot be undone, without a yes.

    Said also where nobody can be asked: a script has to write `--yes`, and nothing is erased by a pipe that ends early.
    """

    template = N_("Nothing was changed. Add --yes to do it")
    exit_code = 2


def say(text: str) -> None:
    """Print a message to the standard error, beside the data."""
    click.echo(text, err=True)


def say_expiry(program: Program, expiry: Expiry | None) -> None:
    """Say what was erased because its days were over, or waits for a yes; nothing where nothing was due."""
    if expiry is None:
        return
    from assessor.usecases.retention import describe_expiry

    for sentence in describe_expiry(expiry, _, program.command):
        say(sentence)


def say_numbered_names(names: Sequence[str]) -> None:
    """Say which names got a number when the store was opened; nothing where none did."""
    from assessor.usecases.libraries import describe_numbered_names

    for sentence in describe_numbered_names(names, _):
        say(sentence)


def store_notices(program: Program) -> StoreNotices:
    """How a server says in its window what befalls its store."""
    from assessor.web.http.store_worker import StoreNotices

    return StoreNotices(
        moved=partial(say_moved, program), expired=partial(say_expiry, program), numbered=say_numbered_names
    )


def say_moved(program: Program, path: Path) -> None:
    """Say where everything is kept now, after the store's file was moved while it was open."""
    say(
        _("Everything answered is now kept in {path}; from now on: {command}").format(
            path=escape_controls(str(path)),
            command=f"{program.command} --store {escape_controls(shlex.quote(str(path)))}",
        )
    )


def say_erased(name: str, erasure: Erasure) -> None:
    """Say what was erased, and where copies of it still lie."""
    say(_("Erased: {what} (assessments: {count})").format(what=repr(escape_controls(name)), count=erasure.count))
    say_remaining_copies(erasure)


def say_left_out(left_out: LeftOut) -> None:
    """Say how much of a backup or a file was left out because it was erased here; nothing where nothing was."""
    if left_out.keys:
        say(
            _("Withdrawn again, as they were before, or opened: {number} addresses and browsers of libraries").format(
                number=left_out.keys
            )
        )
    if replace(left_out, keys=0):
        say(
            _(
                "Left out, because it was erased here or had expired: collaborations {collaborations}, "
                "assessments {assessments}, people {respondents}"
            ).format(
                collaborations=left_out.collaborations,
                assessments=left_out.assessments,
                respondents=left_out.respondents,
            )
        )


def say_remaining_copies(erasure: Erasure) -> None:
    """Say where copies of what was erased still lie, with the backups' whole paths."""
    from assessor.usecases.erasing import describe_remaining_copies

    for sentence in describe_remaining_copies(erasure, _, with_folders=True):
        say(sentence)


def echo_json(data: object) -> None:
    """Print data as one JSON text on a line of its own."""
    from assessor.exchange import json_line

    click.echo(json_line(data))


def confirm(program: Program, yes: bool, question: str) -> None:
    """Return if the person says yes, or said so with `--yes`; raises `NotConfirmed`, also where nobody can be asked."""
    if yes:
        return
    if not program.can_ask:
        say(question)
        raise NotConfirmed()
    if not ask_yes_or_no(question):
        raise NotConfirmed()


def ask_yes_or_no(question: str) -> bool:
    """Ask until the line is a yes or a no in any language spoken here; an empty one is a no."""
    answers = _("[y/N]")
    while True:
        say(f"{question} {answers}")
        typed = sys.stdin.readline()
        answer = typed.strip().casefold()
        if not typed:
            raise click.Abort
        if answer in _YES or answer in _NO:
            return answer in _YES


def name_argument(
    name: str = "name", *, required: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A collaboration's name as an argument: most have a blank in them, and need no quotation marks."""
    shown = name.upper() if required else f"[{name.upper()}]"
    return click.argument(name, nargs=-1, required=required, metavar=shown, callback=_join_words)


def _join_words(_context: click.Context, _argument: click.Parameter, words: tuple[str, ...]) -> str | None:
    return " ".join(words) or None


def confirm_erasure(program: Program, yes: bool, name: str, gone: Iterable[Assessment]) -> None:
    """As `confirm`, for erasing what bears a name, with the assessments that go with it."""
    from assessor.presentation.messages import Messages
    from assessor.usecases.erasing import describe_contents

    contents = describe_contents(gone, Messages(program.lang))
    question = _("Erase {what} ({contents}) for good? This cannot be undone.")
    confirm(program, yes, question.format(what=repr(escape_controls(name)), contents=contents))


class StoreLocation(click.Path):
    """A store: the path of a file, or the address of a server, kept as a string.

    click would make a `Path` of an address and drop one of its slashes.
    """

    def __init__(self) -> None:
        super().__init__(path_type=Path, dir_okay=False)

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        """The address as it was written, or the path checked as click checks it."""
        if isinstance(value, str) and "://" in value:
            return value
        return super().convert(value, parameter, context)


class LanguageChoice(click.Choice[str]):
    """A language by any name that means one spoken here: `fi`, `fi_FI.UTF-8`, `sv-FI`, `no`."""

    def __init__(self) -> None:
        super().__init__(language.LANGUAGES)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Our name of the language; what means none of them is refused with the list of all."""
        return super().convert(language.supported_language(str(value)) or value, param, ctx)


class SubcommandGroup(TranslatedGroup):
    """A group whose commands know `--lang` and `--bank` too: a person puts them where they think of them."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add the command, with `--lang` and `--bank` unless it has ones that mean something else."""
        if not _has_option(cmd, "--lang"):
            cmd.params.append(
                TranslatedOption(
                    ["--lang"], type=LanguageChoice(), hidden=True, expose_value=False, callback=_speak_chosen
                )
            )
        if not _has_option(cmd, "--bank"):
            cmd.params.append(TranslatedOption(["--bank"], hidden=True, expose_value=False, callback=_use_named_bank))
        super().add_command(cmd, name)


def _has_option(command: click.Command, name: str) -> bool:
    return any(name in parameter.opts for parameter in command.params)


def _use_named_bank(context: click.Context, parameter: click.Parameter, named: str | None) -> None:
    """Use the bank that was named behind the command; only words of the command line count, no variable or default."""
    program = context.find_object(Program)
    source = context.get_parameter_source(parameter.name or "")
    if named and program and source is click.core.ParameterSource.COMMANDLINE:
        program.bank_name, program.names_bank = named, True


def _speak_chosen(context: click.Context, _parameter: click.Parameter, chosen: str | None) -> None:
    """The language is spoken already, see `CommandGroup.make_context`; commands are told that it was asked for."""
    program = context.find_object(Program)
    if chosen and program:
        program.lang = program.asked_lang = chosen


class CommandGroup(SubcommandGroup):
    """The root group: defaults may stand in a file, and commands may refuse.

    click takes defaults as a mapping, but has no file of its own that they are read from.
    """

    group_class = SubcommandGroup

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Choose the language before anything is parsed, and read the defaults.

        Only the outermost group chooses: `--lang` may stand anywhere, also behind a command that knows it as its own
        option.
        """
        if parent is None:
            speak_language_of(args)
        defaults = _read_defaults()
        if parent is None and isinstance(defaults.get("lang"), str):
            speak_language_of(args, defaults["lang"])
        extra.setdefault("default_map", defaults)
        return super().make_context(info_name, args, parent, **extra)


def _read_defaults() -> dict[str, Any]:
    """Defaults from `assessor.toml` in the data folder, options by name and commands as tables.

    Empty where there is no such file; raises `UnreadableFile` for one that is not TOML.
    """
    path = paths.defaults_file()
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
@option(
    "--bank", metavar="NAME|FOLDER", show_default="dokk1",
    help=N_("The questionnaire: the name of one that comes with the program, or the folder of your own."),
)  # fmt: skip
@click.version_option(__version__, prog_name="assessor", message="%(prog)s %(version)s", cls=TranslatedOption)
@click.pass_context
def group(
    context: click.Context,
    lang: str | None,
    plain: bool,
    no_input: bool,
    store: Path | str | None,
    library: str | None,
    bank: str | None,
) -> None:
    """Make the `Program`; without a command, start the interview."""
    meant = canonical_name(library) if library else library
    context.obj = Program(lang or spoken_language(), lang, plain, no_input, store, meant, bank)
    context.obj.names_bank = context.get_parameter_source("bank") is click.core.ParameterSource.COMMANDLINE
    if context.invoked_subcommand is None:
        context.invoke(group.commands["assess"], name=None, fresh=False)
