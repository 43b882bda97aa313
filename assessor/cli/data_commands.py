"""Answers carried over, copied, brought back, removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.assess_commands import called
from assessor.cli.context import NoSuchParty, NothingYet, Program, UnreadableFile, _, confirm, group, names_told, note
from assessor.cli.output import opened, put, tell, to_a_file
from assessor.cli.paper_commands import is_paper, take_in_forms
from assessor.errors import N_, AssessorError
from assessor.safe_text import safe

if TYPE_CHECKING:
    from assessor.store import Store
    from assessor.usecases.spreadsheets import Plan


class WhoseList(AssessorError):
    """A list taken into a store that holds no library yet."""

    template = N_(
        "Nothing is kept here yet, so say whose list it is, with the library's name before the command: "
        "{command} --library NAME import FILE"
    )
    exit_code = 2


@group.command(
    help=_(
        "A library's answers to a file: JSON with their history and the questions they were given to, "
        "or a spreadsheet (CSV, XLSX) to read and to compute with."
    )
)
@click.option("--format", "form", type=click.Choice(("json", "csv", "xlsx")), help=_("By the file's name, else JSON."))
@click.option("--template", "empty", is_flag=True, help=_("An empty XLSX to fill in and take in with `import`."))
@to_a_file
@click.pass_obj
def export(program: Program, form: str | None, empty: bool, output: str | None, overwrite: bool) -> None:
    from assessor.usecases import spreadsheets, transfer

    form = form or _form_of(output) or ("xlsx" if empty else "json")
    if empty:
        data, name = spreadsheets.template(program.bank, program.lang), "assessor template"
    else:
        with program.store(write=False) as store:
            name = program.library_in(store)
            if form == "json":
                data = transfer.exported(store, name)
            else:
                data = spreadsheets.exported(store, name, program.bank, program.lang, form)
            name = f"{name} answers"
    tell(put(data, output, name, form, overwrite))


def _form_of(output: str | None) -> str | None:
    """What a file's name asks for."""
    return next((form for form in ("json", "csv", "xlsx") if output and output.lower().endswith(f".{form}")), None)


@group.command(
    "import",
    help=_(
        "Answers from a file that `assessor export` wrote, a list of collaborations in a spreadsheet "
        "(CSV, XLSX, ODS), or filled-in forms (PDF), many at once. The same file twice adds nothing."
    ),
)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--other-library", is_flag=True, help=_("Take in a library that nothing is kept of yet, beside the others.")
)
@click.option("--dry-run", is_flag=True, help=_("Only say what would be added and changed."))
@click.pass_obj
def import_(program: Program, files: tuple[str, ...], other_library: bool, dry_run: bool) -> None:
    from assessor.exchange.library_document import MOST_EXPORT
    from assessor.usecases.spreadsheets import is_one

    if any(map(is_paper, files)):
        take_in_forms(program, files, other_library, dry_run)
        return
    if len(files) > 1:
        raise click.UsageError(_("Only forms (PDF) are taken in many at once; give other files one at a time"))
    file = files[0]
    with opened(file) as stream:
        data = stream.read(MOST_EXPORT + 1)
    if is_one(data, file):
        _from_sheet(program, file, data, dry_run)
        return
    from assessor.usecases.transfer import imported

    with _store_for(program, dry_run) as store:
        new = imported(store, BytesIO(data), safe(file), other_library=other_library, dry_run=dry_run)
    if new.count:
        said = _("Would add: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}")
        if not dry_run:
            said = _("Added: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}")
        note(said.format(collaborations=len(new.collaborations), assessments=len(new.assessments), entries=new.entries))
    else:
        note(_("Nothing new in {file}; nothing was added").format(file=safe(file)))


@contextmanager
def _store_for(program: Program, dry_run: bool) -> Iterator[Store]:
    """The store, for a dry run only to be read; an empty one that is thrown away where there is none to read."""
    from tempfile import TemporaryDirectory

    from assessor.store import Store, StoreMissing

    if not dry_run:
        with program.store() as store:
            yield store
        return
    with ExitStack() as until:
        try:
            kept = until.enter_context(Store.open(program.store_path, write=False))
        except StoreMissing:
            folder = until.enter_context(TemporaryDirectory())
            kept = until.enter_context(Store.open(Path(folder) / "empty.db", create=True))
        yield kept


def _from_sheet(program: Program, file: str, data: bytes, dry_run: bool) -> None:
    """Look a spreadsheet through, say what it would do, and do it unless only asked."""
    from assessor.usecases import spreadsheets

    with _store_for(program, dry_run) as store:
        if not program.library and not store.libraries():
            raise WhoseList(command=program.command)
        library = program.library or program.library_in(store)
        planned = spreadsheets.plan(store, library, program.bank, data, file, program.lang)
        _told_plan(planned, dry_run)
        if planned.count and not dry_run:
            spreadsheets.carry_out(store, planned, program.bank)
    if not planned.count:
        note(_("Nothing new in {file}; nothing was added").format(file=safe(file)))


def _told_plan(planned: Plan, dry_run: bool) -> None:
    for name in planned.unread_sheets:
        note(_("Sheet not read: {name}; only {read} is").format(name=safe(name), read=safe(planned.sheet)))
    for heading in planned.unread:
        note(_("Column not read: {heading}").format(heading=safe(heading)))
    if not planned.count:
        return
    for row in planned.collaborations if dry_run else ():
        note(
            _("  new, row {row}: {name}").format(
                row=row.number, name=safe(" · ".join(filter(None, (row.party, row.undertaking))))
            )
        )
    said = _("Would add: collaborations {collaborations}, assessments {assessments}; would change: answers {changes}")
    if not dry_run:
        said = _("Added: collaborations {collaborations}, assessments {assessments}; changed: answers {changes}")
    note(
        said.format(
            collaborations=len(planned.collaborations),
            assessments=len(planned.assessments),
            changes=len(planned.changes),
        )
    )


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
    confirm(program, yes, _("Replace all answers by those in {file}?").format(file=safe(str(file))))
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
                raise NoSuchParty(name=safe(party), known=names_told(parties))
            what, act = party, lambda: store.erase_party(library, party)
        else:
            listed = program.assessments(store).listed()
            found = called(listed, name or assessment or "")
            what = found.collaboration.name
            if name:
                act = lambda: store.erase_collaboration(found.collaboration.id)  # noqa: E731
            else:
                if found.opened is None:
                    raise NothingYet(command=program.command)
                latest = found.opened.assessment.id
                act = lambda: store.erase_assessment(latest)  # noqa: E731
        confirm(program, yes, _("Erase {what} for good? It cannot be undone.").format(what=repr(safe(what))))
        erased = act()
    note(_("Erased: {what} (assessments: {count})").format(what=repr(safe(what)), count=erased.count))
    for copy in erased.backups:
        note(
            _(
                "It is still in the backup {backup}: delete that file to erase it there too, at the latest on {day}"
            ).format(backup=safe(str(copy.path)), day=copy.expires.date())
        )
    if erased.served:
        note(
            _(
                "The server's own log and backups may hold it until they expire; whoever runs the server knows when, "
                "and clears its files at once with VACUUM FULL"
            )
        )
