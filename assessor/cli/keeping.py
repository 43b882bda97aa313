"""Answers carried over, copied, brought back, removed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from assessor.cli.answering import called
from assessor.cli.output import opened, put, to_a_file
from assessor.cli.papers import is_paper, take_in_forms
from assessor.cli.program import NoSuchParty, NothingYet, Program, UnreadableFile, _, confirm, group, names_told, note
from assessor.shown import safe


@group.command(help=_("A library's answers to a JSON file, with their history and the questions they were given to."))
@to_a_file
@click.pass_obj
def export(program: Program, output: str | None, overwrite: bool) -> None:
    from assessor.transfer import exported

    with program.store(write=False) as store:
        library = program.library_in(store)
        data = exported(store, library)
    written = put(data, output, f"{library} answers", "json", overwrite)
    if written:
        note(_("Written: {file}").format(file=safe(str(written))))


@group.command(
    "import",
    help=_(
        "Answers from a file that `assessor export` wrote, or from filled-in forms (PDF), many at once. "
        "The same file twice adds nothing."
    ),
)
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--other-library", is_flag=True, help=_("Take in a library that nothing is kept of yet, beside the others.")
)
@click.pass_obj
def import_(program: Program, files: tuple[str, ...], other_library: bool) -> None:
    from assessor.transfer import imported

    if any(map(is_paper, files)):
        take_in_forms(program, files, other_library)
        return
    if len(files) > 1:
        raise click.UsageError(_("Only forms (PDF) are taken in many at once; give other files one at a time"))
    file = files[0]
    with opened(file) as stream, program.store() as store:
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
