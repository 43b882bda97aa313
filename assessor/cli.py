"""The commands: the only place where everything is put together.

Data goes to the standard output, messages to the standard error. What is slow to import is imported by the command
that needs it. Help texts are needed as text when a command is declared, so the language is chosen before that.
"""

from __future__ import annotations

import gettext as gettext_module
import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assessor import __version__, language, paths
from assessor.errors import N_, AssessorError
from assessor.shown import safe

if TYPE_CHECKING:
    from assessor.assessments import Assessments, Listed
    from assessor.core.instrument import Instrument
    from assessor.report.values import Report
    from assessor.store import Store
    from assessor.terminal.ask import Line
    from assessor.terminal.speech import Speech


LANGUAGE = language.chosen(language.asked(sys.argv[1:])[0])
os.environ["LANGUAGE"] = LANGUAGE  # click's own words come from the same catalogue
gettext_module.bindtextdomain("messages", str(language.LOCALE))
gettext_module.textdomain("messages")

import click  # noqa: E402  (after its language is known)

_ = language.interface(LANGUAGE).gettext


@dataclass
class Program:
    """What stands before the command."""

    lang: str
    #: As asked for by flag, variable or file; None leaves it to the system, and to the person.
    asked_lang: str | None
    plain: bool
    no_input: bool
    store_path: Path | None
    library: str | None
    bank: str
    #: How the program was started, for the commands that are named in messages.
    command: str = field(default_factory=lambda: os.environ.get("ASSESSOR_COMMAND", "assessor"))

    def store(self, *, write: bool = True, create: bool | None = None) -> Store:
        """The store; to be used in a `with`."""
        from assessor.store import Store, StoreMissing

        try:
            store = Store.open(self.store_path, write=write, create=create)
        except StoreMissing:
            if self.store_path:
                raise
            raise NothingYet(command=self.command) from None
        if store.cloud:
            note(
                _(
                    "The answers lie in a folder that {service} copies elsewhere; set ASSESSOR_HOME to another folder"
                ).format(service=store.cloud)
            )
        return store

    def library_in(self, store: Store) -> str:
        """The library meant: the one named, or the only one there is."""
        libraries = store.libraries()
        if self.library:
            if self.library not in libraries:
                raise NoSuchLibrary(name=safe(self.library), known=_listed(libraries))
            return self.library
        if not libraries:
            raise NothingYet(command=self.command)
        if len(libraries) > 1:
            raise WhichLibrary(known=_listed(libraries))
        return libraries[0]

    def assessments(self, store: Store) -> Assessments:
        """The assessments of the library meant."""
        from assessor.assessments import Assessments

        return Assessments(store, self.library_in(store), self.bank)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument of the bank meant."""
        from assessor import bank

        return bank.load(self.bank)


class NoSuchLibrary(AssessorError):
    """A library that nothing is kept of."""

    template = N_("No library is called {name!r} here; there is: {known}")
    exit_code = 2


class WhichLibrary(AssessorError):
    """Several libraries and none named."""

    template = N_("Several libraries are kept here; put --library NAME before the command, one of: {known}")
    exit_code = 2


class NothingYet(AssessorError):
    """An empty store."""

    template = N_("Nothing has been answered yet; begin with: {command}")
    exit_code = 2


class NoSuchCollaboration(AssessorError):
    """A name that no collaboration has."""

    template = N_("No collaboration is called {name!r}; there is: {known}")
    exit_code = 2


class WhichCollaboration(AssessorError):
    """A name that several collaborations have in them."""

    template = N_("{name!r} may be several collaborations; write more of the name: {known}")
    exit_code = 2


class NoSuchParty(AssessorError):
    """A name that no party has."""

    template = N_("No party is called {name!r}; there is: {known}")
    exit_code = 2


class OtherBank(AssessorError):
    """A library whose answers were all given to another bank."""

    template = N_(
        "Nothing was answered with the questionnaire {bank} here; put --bank NAME before the command: {others}"
    )
    exit_code = 2


class UnreadableFile(AssessorError):
    """A file that cannot be opened or read."""

    template = N_("{file} cannot be read: {why}; check the name and that you may read it")
    exit_code = 74


class NotConfirmed(AssessorError):
    """Something that cannot be undone, without a yes."""

    template = N_("Nothing was changed. Add --yes to go through with it")
    exit_code = 2


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(safe(name)) for name in names) or "-"


def note(text: str) -> None:
    """A message to the person, beside the data."""
    click.echo(text, err=True)


def told(data: object) -> None:
    """Data as one JSON text on a line of its own."""
    from assessor.exchange import json_line

    click.echo(json_line(data))


class _Group(click.Group):
    """A group whose defaults may stand in a file, and whose commands may refuse."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        kwargs.setdefault("default_map", _from_file())
        return super().make_context(*args, **kwargs)


def _from_file() -> dict[str, Any]:
    """Defaults of the command line from `assessor.toml` in the data folder; options by name, commands as tables."""
    path = paths.data() / "assessor.toml"
    if not path.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(file=safe(str(path)), why=safe(str(error))) from error


@click.group(
    cls=_Group,
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
@click.option("--lang", type=click.Choice(language.LANGUAGES), help=_("Language of questions, messages and reports."))
@click.option("--plain", is_flag=True, help=_("Numbered lines instead of menus, for screen readers."))
@click.option("--no-input", is_flag=True, help=_("Never ask; say what is lacking and stop."))
@click.option(
    "--store", "store_path", type=click.Path(path_type=Path, dir_okay=False), help=_("Where the answers are kept.")
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
    store_path: Path | None,
    library: str | None,
    bank: str,
) -> None:
    context.obj = Program(lang or LANGUAGE, lang, plain, no_input, store_path, library, bank)
    if context.invoked_subcommand is None:
        context.exit(_interview(context.obj))


def _interview(program: Program, name: str | None = None, fresh: bool = False) -> int:
    from assessor.terminal import run as interview

    return interview(
        program.store_path,
        bank=program.bank,
        library=program.library,
        language=program.asked_lang,
        plain=program.plain,
        no_input=program.no_input,
        name=name,
        fresh=fresh,
        command=program.command,
        report=lambda store, of, lang: str(_write_report(replace(program, lang=lang), store, of)),
    )


@group.command(help=_("Begin with one collaboration, or assess it anew; earlier answers stay."))
@click.argument("name", required=False)
@click.option("--new", "fresh", is_flag=True, help=_("Assess it from the beginning, beside the earlier answers."))
@click.pass_context
def assess(context: click.Context, name: str | None, fresh: bool) -> None:
    context.exit(_interview(context.obj, name, fresh))


@group.command("open", help=_("The same interview, list and verdicts as pages in your browser, on this machine only."))
@click.option("--port", type=click.IntRange(1, 65535), help=_("The port to listen on; the usual one, or any free one."))
@click.option("--no-browser", is_flag=True, help=_("Only show the address."))
@click.option("--contact", default="", help=_("Whom to tell of barriers, for the accessibility statement."))
@click.pass_context
def open_(context: click.Context, port: int | None, no_browser: bool, contact: str) -> None:
    from assessor.web.serve import serve

    program: Program = context.obj

    def show(address: str) -> None:
        note(_("Open this in your browser; it works once, and the next one is shown here:"))
        click.echo(address)
        note(_("Ctrl-C ends. Everything answered is kept."))

    serve(
        program.store_path,
        bank_name=program.bank,
        language=program.lang,
        wished=context.find_root().params["lang"],
        library=program.library,
        port=port,
        contact=contact,
        show=show,
        browse=not no_browser,
    )


@group.command("list", help=_("Your collaborations and where they stand."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def list_(program: Program, as_json: bool) -> None:
    with program.store(write=False) as store:
        listed = program.assessments(store).listed()
    if as_json:
        for each in listed:
            told(_as_json(each))
        return
    from assessor.terminal.listing import list_lines

    _tell(program, lambda speech: list_lines(listed, speech))


@group.command(
    help=_("One collaboration: where it stands, why, and what would change it. A part of its name is enough.")
)
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help=_("The verdict as one JSON object."))
@click.pass_obj
def show(program: Program, name: str, as_json: bool) -> None:
    with program.store(write=False) as store:
        found = _called(program.assessments(store).listed(), name)
    if as_json:
        told(_as_json(found))
        return
    from assessor.terminal.listing import show_lines

    _tell(program, lambda speech: show_lines(found, speech))


def _called(listed: Sequence[Listed], name: str) -> Listed:
    """The collaboration of that name, else the only one with that text in its name."""
    names = [each.collaboration.name for each in listed]
    if name in names:
        return listed[names.index(name)]
    near = [each for each in listed if name.casefold() in each.collaboration.name.casefold()]
    if not near:
        raise NoSuchCollaboration(name=safe(name), known=_listed(names))
    if len(near) > 1:
        raise WhichCollaboration(name=safe(name), known=_listed([each.collaboration.name for each in near]))
    return near[0]


def _as_json(listed: Listed) -> dict[str, Any]:
    from assessor.exchange import verdict_json

    collaboration, opened = listed.collaboration, listed.opened
    names = {"party": collaboration.party, "undertaking": collaboration.undertaking}
    if opened is None:
        return {"id": collaboration.name, **names, "placements": None}
    given = {"gut": opened.assessment.gut, "wanted": opened.assessment.wanted, "responses": opened.responses}
    return {**verdict_json(opened.instrument, collaboration.name, opened.verdict), **names, **given}


def _tell(program: Program, lines: Callable[[Speech], Iterable[Line]]) -> None:
    from assessor.terminal.plain import Plain
    from assessor.terminal.speech import Speech

    speech = Speech(program.lang)
    Plain(speech).tell(*lines(speech))


def _to_a_file(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that writes a file."""
    output = click.option("-o", "--output", "output", help=_("The file to write; - for the standard output."))
    overwrite = click.option("--overwrite", is_flag=True, help=_("Write over a file that is there."))
    return output(overwrite(command))


def _of_a_report(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that writes a report."""
    archive = click.option(
        "--archive", is_flag=True, help=_("For keeping: PDF/A-3a, with the answers inside as answers.json.")
    )
    form = click.option("--format", "form", type=click.Choice(("pdf", "html")), default="pdf", show_default=True)
    return _to_a_file(archive(form(command)))


@group.command(help=_("The library's report: a PDF to put on the table."))
@_of_a_report
@click.pass_obj
def report(program: Program, output: str | None, archive: bool, form: str, overwrite: bool) -> None:
    with program.store(write=False) as store:
        written = _write_report(program, store, program.library_in(store), output, form, archive, overwrite)
    if written:
        note(_("Written: {file}").format(file=safe(str(written))))


def _write_report(
    program: Program,
    store: Store,
    library: str,
    output: str | None = None,
    form: str = "pdf",
    archive: bool = False,
    overwrite: bool = False,
) -> Path | None:
    from assessor.reporting import library_report
    from assessor.transfer import exported

    content, rescored = library_report(store, library, program.bank, program.lang)
    others = _other_banks(program, store, library)
    if others and not content.rows:
        raise OtherBank(bank=program.bank, others=", ".join(others))
    for name in others:
        note(_("Not in this report: what was answered with the questionnaire {bank}").format(bank=safe(name)))
    for name in rescored:
        note(
            _("{name} was answered under another version of the questions and is placed by today's").format(
                name=safe(name)
            )
        )
    answers = exported(store, library) if archive else None
    return _put(_rendered(content, form, answers), output, f"{library} assessor", form, overwrite)


def _other_banks(program: Program, store: Store, library: str) -> list[str]:
    """The instruments other than the one meant that the library's assessments were given under."""
    given = {each.instrument for each in store.assessments(library=library)}
    return sorted(given - {program.instrument.id})


def _rendered(content: Report, form: str, answers: bytes | None) -> bytes:
    if form == "html":
        from assessor.report.render import report_html

        return report_html(content).encode()
    from assessor.report.pdf import report_pdf

    return report_pdf(content, answers=answers)


def _put(data: bytes, output: str | None, name: str, ending: str, overwrite: bool) -> Path | None:
    """Write where told, or under a name made from the library's; None when it went to the standard output."""
    if output == "-":
        sys.stdout.buffer.write(data)
        return None
    from assessor.files import safe_name, write_new

    if output:
        return write_new(Path(output), data, overwrite=overwrite)
    path = Path(safe_name(name, f".{ending}"))
    return write_new(path if overwrite else _free(path), data, overwrite=overwrite).absolute()


def _free(path: Path) -> Path:
    """The path, or the first with a number behind it that nothing has yet."""
    numbered = (path.with_stem(f"{path.stem} {number}") for number in itertools.count(2))
    return next(each for each in itertools.chain((path,), numbered) if not each.exists())


@group.command(help=_("The report of an example library, from its answers."))
@_of_a_report
@click.pass_obj
def demo(program: Program, output: str | None, archive: bool, form: str, overwrite: bool) -> None:
    from assessor.reporting import example_answers, example_report

    content = example_report(program.bank, program.lang)
    for row in content.rows:
        names = [content.wording.placements[placement].name for placement in row.verdict.placements]
        standing = " / ".join(names) if len(names) <= 3 else _("not known yet")
        note(f"  {safe(row.name)}: {standing}")
    answers = example_answers(content) if archive else None
    written = _put(_rendered(content, form, answers), output, "assessor demo", form, overwrite or output is None)
    if written:
        note(_("Written: {file}").format(file=safe(str(written))))


@group.command(help=_("Placements of the answers in a JSON or JSON Lines file (- for the standard input)."))
@click.argument("file")
@click.option("--instrument", "name", help=_("The questionnaire, by name or folder."))
@click.pass_obj
def place(program: Program, file: str, name: str | None) -> None:
    from assessor import bank
    from assessor.core.scoring import assess as assessed
    from assessor.exchange import stream_cases, verdict_json

    instrument = bank.load(name or program.bank)
    with _opened(file) as stream:
        for case in stream_cases(stream, instrument, safe(file) if file != "-" else _("the standard input")):
            told(verdict_json(instrument, case.id, assessed(instrument, case.responses)))


def _why(error: OSError) -> str:
    """Why a file cannot be opened, in the person's language where it is one of the usual reasons."""
    match error:
        case FileNotFoundError():
            return _("there is no such file")
        case PermissionError():
            return _("you may not read it")
        case IsADirectoryError():
            return _("it is a folder")
    return error.strerror or type(error).__name__


@contextmanager
def _opened(file: str) -> Iterator[Any]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  (closed below)
    except OSError as error:
        raise UnreadableFile(file=safe(file), why=_why(error)) from error
    with stream:
        yield stream


@group.group("bank", help=_("The questionnaires: list them, show one, check one that you write."))
def bank_() -> None:
    pass


@bank_.command("list", help=_("The questionnaires that are here."))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def bank_list(program: Program, as_json: bool) -> None:
    from assessor import bank

    for name in bank.available():
        instrument, tongues = bank.load(name), bank.languages(name)
        if as_json:
            told({"name": name, "version": instrument.version, "languages": tongues})
        else:
            words = bank.wording(name, program.lang if program.lang in tongues else "en")
            click.echo(f"{name} {instrument.version}  {safe(words.name)} ({', '.join(tongues)})")


@bank_.command("show", help=_("What a questionnaire asks, and how its rules share out all combinations of answers."))
@click.argument("name", required=False)
@click.pass_obj
def bank_show(program: Program, name: str | None) -> None:
    from assessor import bank

    name = name or program.bank
    instrument, words = bank.load(name), bank.wording(name, program.lang)
    summary = bank.describe(instrument)
    click.echo(f"{safe(words.name)} ({instrument.id} {instrument.version})\n")
    for item in instrument.items:
        click.echo(f"{item.id}: {safe(words.items[item.id].ask)}")
        for option in item.options:
            click.echo(f"    {option}: {safe(words.items[item.id].options[option].label)}")
    click.echo()
    click.echo(
        _("{count} combinations of answers, {nodes} steps in the compiled rules").format(
            count=summary.combinations, nodes=summary.nodes
        )
    )
    for placement, share in summary.shares.items():
        click.echo(f"    {safe(words.placements[placement].name)}: {share:.3%}")


@bank_.command("check", help=_("Every problem in a questionnaire's files at once, then proofs about its rules."))
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.pass_context
def bank_check(context: click.Context, directory: Path | None) -> None:
    from assessor import bank, resources

    problems = bank.check(directory or resources.questions() / context.obj.bank)
    for problem in problems:
        click.echo(problem.told(_))
    if problems:
        note(_("{count} to mend").format(count=len(problems)))
        context.exit(1)
    note(
        _(
            "The files hold, and so do the rules: every placement can be reached, none is shadowed, "
            "every question matters, and no better answer gives a lower level."
        )
    )


@group.command(help=_("A library's answers to a JSON file, with their history and the questions they were given to."))
@_to_a_file
@click.pass_obj
def export(program: Program, output: str | None, overwrite: bool) -> None:
    from assessor.transfer import exported

    with program.store(write=False) as store:
        library = program.library_in(store)
        data = exported(store, library)
    written = _put(data, output, f"{library} answers", "json", overwrite)
    if written:
        note(_("Written: {file}").format(file=safe(str(written))))


@group.command("import", help=_("Answers from a file that `assessor export` wrote. The same file twice adds nothing."))
@click.argument("file")
@click.option(
    "--other-library", is_flag=True, help=_("Take in a library that nothing is kept of yet, beside the others.")
)
@click.pass_obj
def import_(program: Program, file: str, other_library: bool) -> None:
    from assessor.transfer import imported

    with _opened(file) as stream, program.store() as store:
        new = imported(store, stream, safe(file), other_library=other_library)
    if new.count:
        note(
            _("Added: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}").format(
                collaborations=len(new.collaborations), assessments=len(new.assessments), entries=new.entries
            )
        )
    else:
        note(_("Nothing new in {file}; nothing was added").format(file=safe(file)))


@group.command(help=_("A verified copy of all answers."))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help=_("Write over a file that is there."))
@click.pass_obj
def backup(program: Program, file: Path | None, overwrite: bool) -> None:
    with program.store(write=False) as store:
        click.echo(str(store.backup(file, replace=overwrite)))
    note(_("Copied, and the copy was verified"))


@group.command(help=_("Put a backup in the place of all answers; what it replaces is copied first."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def restore(program: Program, file: Path, yes: bool) -> None:
    from assessor.store import restore as put_back

    if not file.is_file():
        raise UnreadableFile(file=safe(str(file)), why=_("there is no such file"))
    _confirm(program, yes, _("Replace all answers by those in {file}?").format(file=safe(str(file))))
    before = put_back(file, program.store_path)
    note(_("Restored and verified: {file}").format(file=safe(str(file))))
    if before:
        note(_("What it replaced: {file}").format(file=safe(str(before))))


@group.command(help=_("Remove a library, a party or a collaboration and everything said of it, without a trace."))
@click.option("--party", help=_("A party and all collaborations with it."))
@click.option("--collaboration", "name", help=_("One collaboration."))
@click.option("--assessment", help=_("The latest assessment of one collaboration; earlier ones stay."))
@click.option("--all", "whole", is_flag=True, help=_("The whole library."))
@click.option("--yes", is_flag=True, help=_("Without asking."))
@click.pass_obj
def erase(
    program: Program, party: str | None, name: str | None, assessment: str | None, whole: bool, yes: bool
) -> None:
    chosen = [each for each in (party, name, assessment, whole or None) if each]
    if len(chosen) != 1:
        raise click.UsageError(_("Say one of --party, --collaboration, --assessment, --all"))
    with program.store() as store:
        library = program.library_in(store)
        act: Callable[[], Any]
        if whole:
            what, act = library, lambda: store.erase_library(library)
        elif party:
            parties = list(dict.fromkeys(each.party for each in store.collaborations(library)))
            if party not in parties:
                raise NoSuchParty(name=safe(party), known=_listed(parties))
            what, act = party, lambda: store.erase_party(library, party)
        else:
            listed = program.assessments(store).listed()
            found = _called(listed, name or assessment or "")
            what = found.collaboration.name
            if name:
                act = lambda: store.erase_collaboration(found.collaboration.id)  # noqa: E731
            else:
                if found.opened is None:
                    raise NothingYet(command=program.command)
                latest = found.opened.assessment.id
                act = lambda: store.erase_assessment(latest)  # noqa: E731
        _confirm(program, yes, _("Erase {what} for good? It cannot be undone.").format(what=repr(safe(what))))
        erased = act()
    note(_("Erased: {what} (assessments: {count})").format(what=repr(safe(what)), count=erased.count))
    for copy in erased.backups:
        note(
            _(
                "It is still in the backup {backup}: delete that file to erase it there too, at the latest on {day}"
            ).format(backup=safe(str(copy.path)), day=copy.expires.date())
        )


def _confirm(program: Program, yes: bool, question: str) -> None:
    if yes:
        return
    if program.no_input or not sys.stdin.isatty():
        raise NotConfirmed()
    if not click.confirm(question, err=True):
        raise NotConfirmed()


@group.command(help=_("What is lacking on this machine, and the one command that mends it."))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    from assessor import doctor as check

    findings = check.findings()
    for finding in findings:
        if as_json:
            told(
                {
                    "about": finding.about,
                    "health": finding.health.value,
                    "told": finding.told(_),
                    "mend": finding.mend or None,
                }
            )
        else:
            click.echo(f"{_SIGNS[finding.health.value]} {finding.told(_)}")
            if finding.mend:
                click.echo(f"    {finding.mend}")
    context.exit(69 if any(finding.health is check.Health.LACKING for finding in findings) else 0)


#: How a finding of the doctor stands, as a sign.
_SIGNS = {"fine": "✓", "note": "·", "lacking": "✗"}


def run(arguments: Sequence[str]) -> int:
    """Run the commands; what is refused is told in the person's language."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        done = group.main(list(arguments), prog_name="assessor", standalone_mode=False)
        return done if isinstance(done, int) else 0
    except AssessorError as error:
        note(error.told(_))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        note("")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; say nothing of it
        return 0
    except Exception as error:
        if os.environ.get("ASSESSOR_DEBUG"):
            raise
        # A traceback may hold what somebody answered, and helps nobody who is not a programmer.
        note(
            _(
                "Something went wrong inside the program ({kind}). What was answered is kept. "
                "Try again; if it happens again, run it with ASSESSOR_DEBUG=1 and send what it prints to who "
                "looks after the program, after reading it: it may hold answers"
            ).format(kind=type(error).__name__)
        )
        return 70
