"""Answers as data: exported, imported, backed up, restored, erased.

`import` reads four kinds of file and tells them apart by what is in them: forms (PDF), a spreadsheet, an export (JSON),
or what a page for a first try saved (JSON). Whatever the kind, a file is looked through whole before anything is
written, all of it is taken in or nothing, and the same file twice adds nothing. Erasing asks first and then says where
copies still lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.context import (
    Program,
    UnreadableFile,
    ask_yes_or_no,
    confirm,
    confirm_erasure,
    group,
    say,
    say_erased,
    say_expiry,
    say_left_out,
    say_numbered_names,
)
from assessor.cli.output import (
    chosen_format,
    open_input,
    output_options,
    report_written,
    say_carried_over,
    write_output,
)
from assessor.cli.paper_commands import import_form_files, is_pdf
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls, format_names
from assessor.setup.commands import typed_command

if TYPE_CHECKING:
    from assessor.exchange import MergePlan
    from assessor.exchange.list_layout import ChosenColumns
    from assessor.store import Restoration, Store
    from assessor.usecases.erasing import PlannedErasure
    from assessor.usecases.spreadsheets import ImportPlan


#: Remarks on a list that are shown.
_MOST_REMARKS = 20


class LibraryNotNamed(AssessorError):
    """A list taken into a store that holds no library yet.

    An export or a form names its library; a spreadsheet does not.
    """

    template = N_(
        "There are no answers here yet, so say whose list it is, with the library's name before "
        "the command: {command} --library NAME import FILE"
    )
    exit_code = 2


class TemplateFormat(AssessorError):
    """An empty list in another format than the one that can hold choices."""

    template = N_("The empty list with its choices is an XLSX file; leave --format out")
    exit_code = 2


class NewLibrary(AssessorError):
    """A list for a library that is not kept here, where others are: more likely misspelt than meant."""

    template = N_(
        "No library is called {name!r} here; there is: {known}. Check the name, or add --other-library to begin it"
    )
    exit_code = 2


@group.command(
    help=N_(
        "Save a library's answers in a file: JSON with their history and the questions they "
        "belong to, or a spreadsheet (CSV, XLSX) to read and calculate with."
    )
)
@option(
    "--format",
    "form",
    type=click.Choice(("json", "csv", "xlsx")),
    help=N_("Chosen by the file's name, otherwise JSON."),
)
@option("--template", "empty", is_flag=True, help=N_("An empty XLSX file to fill in and bring back with `import`."))
@output_options
@click.pass_obj
def export(program: Program, form: str | None, empty: bool, output: str | None, overwrite: bool) -> None:
    """Write the answers as JSON, CSV or XLSX; JSON alone holds the history and can be taken in again whole."""
    from assessor.usecases import spreadsheets, transfer
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.reporting import report_date

    if empty and form not in (None, "xlsx"):
        raise TemplateFormat
    form = chosen_format(output, "xlsx" if empty else form, "json", "csv", "xlsx")
    if empty:
        data = spreadsheets.empty_template(program.bank, program.lang)
        name = document_name(document_word("template", program.lang), report_date())
    else:
        with program.open_store(write=False) as store:
            name = program.library_in(store)
            if form == "json":
                data = transfer.export_assessments(store, name)
            else:
                data = spreadsheets.export_spreadsheet(store, name, program.bank, program.lang, form)
            name = document_name(document_word("answers", program.lang), report_date(), name)
    report_written(write_output(data, output, name, form, overwrite))


@group.command(
    "import",
    help=N_(
        "Import answers from a file that `{command} export` wrote, a list of collaborations in "
        "a spreadsheet (CSV, XLSX, ODS), or filled-in forms (PDF), many at once. Importing the "
        "same file twice adds nothing."
    ).format(command=typed_command()),
)
@click.argument("files", nargs=-1, required=True)
@option(
    "--other-library",
    is_flag=True,
    help=N_("Also import a library that has no answers here yet, alongside the others."),
)
@option("--party", help=N_("The column of a list that names the other party, by its heading or letter."))
@option("--undertaking", help=N_("The column of a list that says what you do together, by its heading or letter."))
@option(
    "--new-assessments",
    is_flag=True,
    help=N_("Rows of a list that say otherwise than before begin a new assessment beside the earlier one."),
)
@option(
    "--take-back",
    is_flag=True,
    help=N_("Also what was erased here, which is otherwise left out, or asked about at a terminal."),
)
@option("--dry-run", is_flag=True, help=N_("Only say what would be added and changed."))
@click.pass_obj
def import_files(
    program: Program,
    files: tuple[str, ...],
    other_library: bool,
    party: str | None,
    undertaking: str | None,
    new_assessments: bool,
    take_back: bool,
    dry_run: bool,
) -> None:
    """Take in files; several at once only as forms, each of which names its collaboration."""
    from assessor.exchange.library_document import MOST_EXPORT
    from assessor.exchange.list_layout import ChosenColumns
    from assessor.usecases.spreadsheets import is_spreadsheet

    if any(map(is_pdf, files)):
        others = ", ".join(escape_controls(file) for file in files if not is_pdf(file))
        if others:
            raise click.UsageError(
                _("Forms (PDF) are imported by themselves; give this by itself too: {files}").format(files=others)
            )
        import_form_files(program, files, other_library, dry_run)
        return
    if len(files) > 1:
        raise click.UsageError(_("Only forms (PDF) can be imported many at once; give other files one at a time"))
    file = files[0]
    with open_input(file) as stream:
        data = stream.read(MOST_EXPORT + 1)
    if is_spreadsheet(data, file):
        chosen = ChosenColumns(party=party, undertaking=undertaking)
        _import_spreadsheet(program, file, data, other_library, dry_run, chosen=chosen, new_assessments=new_assessments)
        return
    _import_export(program, file, data, other_library, take_back, dry_run)


def _import_export(
    program: Program, file: str, data: bytes, other_library: bool, take_back: bool, dry_run: bool
) -> None:
    """Merge another store's JSON export into this one, and say how much of it was new and what is to be settled."""
    from assessor.exchange.page_answers import owned_by
    from assessor.usecases.transfer import merge_document, read_saved

    document = read_saved(data, escape_controls(file), lambda: program.bank)
    with _store_for_import(program, dry_run) as store:
        if not document.library:
            document = owned_by(document, _library_of_list(program, store, other_library))
        if not take_back and not dry_run:
            coming = merge_document(store, document, other_library=other_library, dry_run=True)
            take_back = _is_wanted_again(program, coming.erased_names)
        new = merge_document(store, document, other_library=other_library, take_back=take_back, dry_run=dry_run)
    _say_merged(program, file, new, dry_run)


def _is_wanted_again(program: Program, erased: Sequence[str]) -> bool:
    """Whether the person takes back what was erased here; no without anything, and where nobody can be asked."""
    if not erased or not program.can_ask:
        return False
    question = _("These were erased here and would be new again: {names}. Take them in?")
    return ask_yes_or_no(question.format(names=format_names(erased)))


def _say_merged(program: Program, file: str, new: MergePlan, dry_run: bool) -> None:
    """Say what an export added, or would add, what it leaves to settle, and what stayed out."""
    if new.count:
        summary = _(
            "Would add: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}"
        )
        if not dry_run:
            summary = _(
                "Added: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}"
            )
        say(
            summary.format(
                collaborations=len(new.collaborations), assessments=len(new.assessments), entries=new.entries
            )
        )
    else:
        say(_("Nothing new in {file}; nothing was added").format(file=escape_controls(file)))
    for name, other in new.other_names.items():
        line = _("  {name} is called {other} in the file; the name here stays")
        say(line.format(name=escape_controls(name), other=escape_controls(other)))
    _say_conflicts(program, new)
    _say_erased_again(new)


def _say_conflicts(program: Program, new: MergePlan) -> None:
    """Name what was given in two ways, with what counts meanwhile."""
    lines = [escape_controls(line) for line in _conflict_lines(program, new)]
    if lines:
        say(_("Answered in two ways, here and in the file; what stands last counts until it is answered again:"))
    for line in lines[:_MOST_REMARKS]:
        say(f"  {line}")
    if len(lines) > _MOST_REMARKS:
        say(_("… and {count} more").format(count=len(lines) - _MOST_REMARKS))


def _conflict_lines(program: Program, new: MergePlan) -> Iterator[str]:
    from assessor.presentation.conflicts import tell_conflicts
    from assessor.presentation.terms import Terms
    from assessor.usecases.assessments import load_from_snapshot

    for assessment in new.conflicting:
        opened = load_from_snapshot(assessment, new.snapshots[assessment.id])
        terms = Terms(program.lang, opened.instrument, opened.wording_in(program.lang))
        yield from (f"{assessment.collaboration.name}. {told}" for told in tell_conflicts(assessment, terms))


def _say_erased_again(new: MergePlan) -> None:
    """Say what was left out because it was erased here, by name, and how it would come in."""
    from assessor.store import LeftOut

    say_left_out(LeftOut(collaborations=new.erased_collaborations, assessments=new.erased_assessments))
    if new.erased_names:
        line = _("Erased here, and new again in the file: {names}. To take them in, import it with --take-back")
        say(line.format(names=format_names(new.erased_names)))


@contextmanager
def _store_for_import(program: Program, dry_run: bool) -> Iterator[Store]:
    """The store to write to; for a dry run only to be read, so that it can be made beside an open interview.

    Where there is no store yet, a dry run reads an empty one in a temporary folder.
    """
    from tempfile import TemporaryDirectory

    from assessor.store import Store, StoreMissing

    if not dry_run:
        with program.open_store() as store:
            yield store
        return
    with ExitStack() as until:
        try:
            kept = until.enter_context(Store.open(program.store_path, write=False))
            say_numbered_names(kept.numbered_names)
            say_expiry(program, kept.expiry)
        except StoreMissing:
            folder = until.enter_context(TemporaryDirectory())
            kept = until.enter_context(Store.open(Path(folder) / "empty.db", create=True))
        yield kept


def _import_spreadsheet(
    program: Program,
    file: str,
    data: bytes,
    other_library: bool,
    dry_run: bool,
    *,
    chosen: ChosenColumns,
    new_assessments: bool,
) -> None:
    """Plan the import of a spreadsheet and do it unless this is a dry run; then say what was done, or would be."""
    from assessor.usecases import spreadsheets

    done = None
    with _store_for_import(program, dry_run) as store:
        library = _library_of_list(program, store, other_library)
        planned = spreadsheets.plan_import(
            store, library, program.bank, data, file, program.lang, chosen=chosen, new_assessments=new_assessments
        )
        if planned.count and not dry_run:
            done = spreadsheets.apply_plan(store, planned, program.bank)
    _say_unread(planned)
    if not planned.count:
        say(_("Nothing new in {file}; nothing was added").format(file=escape_controls(file)))
    elif done:
        summary = _("Added: collaborations {collaborations}, assessments {assessments}; changed: answers {changes}")
        say(summary.format(collaborations=done.collaborations, assessments=done.assessments, changes=done.changes))
    else:
        _say_plan(planned)
    if planned.carried and planned.count:
        say_carried_over(file)
    say_left_out(planned.left_out)


def _library_of_list(program: Program, store: Store, other_library: bool) -> str:
    """The library that a file which names none belongs to; raises `LibraryNotNamed` or `NewLibrary`."""
    known = store.libraries()
    if not program.library and not known:
        raise LibraryNotNamed(command=program.command)
    if program.library and known and program.library not in known and not other_library:
        raise NewLibrary(name=escape_controls(program.library), known=format_names(known))
    return program.library or program.library_in(store)


def _say_unread(planned: ImportPlan) -> None:
    """Say which sheets, columns and rows were not read, or were read as something else."""
    for name in planned.unread_sheets:
        say(
            _("Sheet not read: {name}; only {read} is").format(
                name=escape_controls(name), read=escape_controls(planned.sheet)
            )
        )
    for heading in planned.unread_columns:
        say(_("Column not read: {heading}").format(heading=escape_controls(heading)))
    for remark in planned.remarks[:_MOST_REMARKS]:
        say(remark.message(_))
    if len(planned.remarks) > _MOST_REMARKS:
        say(_("… and {count} more").format(count=len(planned.remarks) - _MOST_REMARKS))


def _say_plan(planned: ImportPlan) -> None:
    """Name the rows of a dry run: what is new, what begins an assessment, and what is filled in or changed."""
    for row in planned.collaborations:
        say(_("  new, row {row}: {name}").format(row=row.number, name=escape_controls(row.name)))
    new = {(row.party, row.undertaking) for row in planned.collaborations}
    for row in planned.assessments:
        if (row.party, row.undertaking) not in new:
            say(_("  assessed, row {row}: {name}").format(row=row.number, name=escape_controls(row.name)))
    for row, changes in planned.changes_by_row:
        line = _("  filled in or changed, row {row}: {name} (answers {changes})")
        say(line.format(row=row.number, name=escape_controls(row.name), changes=len(changes)))
    summary = _(
        "Would add: collaborations {collaborations}, assessments {assessments}; would change: answers {changes}"
    )
    say(
        summary.format(
            collaborations=len(planned.collaborations),
            assessments=len(planned.assessments),
            changes=len(planned.changes),
        )
    )


@group.command(help=N_("A verified copy of all answers."))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@option("--overwrite", is_flag=True, help=N_("Overwrite an existing file."))
@click.pass_obj
def backup(program: Program, file: Path | None, overwrite: bool) -> None:
    """Copy the store and read the copy through; prints its path."""
    with program.open_store(write=False) as store:
        click.echo(str(store.backup(file, replace=overwrite)))
    say(_("Copied, and the copy was verified"))


class WhichBackup(AssessorError):
    """To restore, without the name of a backup."""

    template = N_("Name the backup to restore. There is:{known}")
    exit_code = 2


@group.command(help=N_("Replace all answers with a backup; a copy of what it replaces is made first."))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def restore(program: Program, file: Path | None, yes: bool) -> None:
    """Replace all answers by a backup; what was there is backed up first, and that backup's path is said.

    Without a file, the backups there are, are named.
    """
    from assessor.store import restore_backup as put_back

    if file is None:
        raise WhichBackup(known=_backup_names(program))
    if not file.is_file():
        raise UnreadableFile(file=escape_controls(str(file)), why=_("there is no such file"))
    confirm(program, yes, _("Replace all answers with those in {file}?").format(file=escape_controls(str(file))))
    restored = put_back(file, program.store_path)
    say(_("Restored and verified: {file}").format(file=escape_controls(str(file))))
    if restored.replaced:
        say(_("What it replaced: {file}").format(file=escape_controls(str(restored.replaced))))
    _say_restored(program, restored)


def _backup_names(program: Program) -> str:
    """The store's own backups, the latest first, each on a line; a dash where there are none."""
    from assessor.store.backup_files import list_backups
    from assessor.store.store import default_path

    where = program.store_path if isinstance(program.store_path, Path) else default_path()
    paths = (escape_controls(str(each.path)) for each in reversed(list_backups(where.absolute())))
    return "".join(f"\n  {path}" for path in paths) or " -"


def _say_restored(program: Program, restored: Restoration) -> None:
    """Say what of a backup could not be checked, what was left out of it, and what waits for a yes."""
    if not restored.has_digest:
        say(
            _(
                "The backup was made before backups had a checksum: that it can be read through was verified, "
                "not that nothing in it has changed"
            )
        )
    say_numbered_names(restored.numbered_names)
    say_left_out(restored.left_out)
    say_expiry(program, restored.waiting)


@group.command(
    help=N_("Remove a library, a party or a collaboration and everything recorded about it, without a trace.")
)
@option("--party", help=N_("A party and all collaborations with it."))
@option("--collaboration", "name", help=N_("One collaboration."))
@option("--assessment", help=N_("The latest assessment of one collaboration; earlier ones stay."))
@option("--all", "whole", is_flag=True, help=N_("The whole library."))
@option("--yes", is_flag=True, help=N_("Do not ask for confirmation."))
@click.pass_obj
def erase(
    program: Program, party: str | None, name: str | None, assessment: str | None, whole: bool, yes: bool
) -> None:
    """Erase just one of the things that the options can name, after a yes.

    The store is opened to be written before the question, so that nothing can change between the yes and the erasure.
    """
    chosen = [wish for wish in (party, name, assessment, whole or None) if wish]
    if len(chosen) != 1:
        raise click.UsageError(_("Choose one of --party, --collaboration, --assessment, --all"))
    with program.open_store() as store:
        planned = _plan_erasure(program, store, party, name, assessment)
        confirm_erasure(program, yes, planned.name, planned.assessments)
        erasure = planned.erase()
    say_erased(planned.name, erasure)


def _plan_erasure(
    program: Program, store: Store, party: str | None, name: str | None, assessment: str | None
) -> PlannedErasure:
    """The erasure that the options ask for; raises where what they name is not here.

    All are named in full: see `usecases.libraries`.
    """
    from assessor.usecases import erasing

    library = program.library_in(store)
    if party:
        return erasing.plan_party_erasure(store, library, party)
    if name:
        return erasing.plan_collaboration_erasure(program.assessments(store), store, name)
    if assessment:
        return erasing.plan_assessment_erasure(program.assessments(store), store, assessment, program.command)
    return erasing.plan_library_erasure(store, library)
