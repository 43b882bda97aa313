"""Paper: the questionnaire to fill in by hand or on the screen, and what lies on the table beside it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from assessor.cli.assess_commands import called
from assessor.cli.context import Language, NothingYet, Program, WhichLibrary, _, group, note
from assessor.cli.output import opened, put, tell, to_a_file
from assessor.safe_text import safe

if TYPE_CHECKING:
    from assessor.core.responses import Collaboration


def _on_paper(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a command that makes something to print."""
    language = click.option(
        "--lang", "lang", type=Language(), help=_("Language of the paper; any that the questionnaire has.")
    )
    return to_a_file(language(command))


@group.command(
    help=_("The questionnaire as a PDF to print or to type into, two pages for each collaboration; see import.")
)
@click.option("--collaboration", "names", multiple=True, help=_("Fill in these names; may be given several times."))
@click.option("--all", "whole", is_flag=True, help=_("A form for each collaboration of the library, names filled in."))
@_on_paper
@click.pass_obj
def form(
    program: Program, names: tuple[str, ...], whole: bool, lang: str | None, output: str | None, overwrite: bool
) -> None:
    from assessor.report.paper.questionnaire import Copy, form_pdf
    from assessor.usecases.paper import forms

    library, known = _meant(program, names, whole)
    copies = [Copy(party=each.party, undertaking=each.undertaking) for each in known]
    data = form_pdf(forms(program.bank, lang or program.lang, library=library, copies=copies))
    _written(data, output, f"{library} form".strip(), overwrite)


@group.command(help=_("A wall poster of the levels in A3, with room to lay cards on."))
@_on_paper
@click.pass_obj
def poster(program: Program, lang: str | None, output: str | None, overwrite: bool) -> None:
    from assessor.report.paper.posters import poster_pdf
    from assessor.usecases.paper import table

    _written(poster_pdf(table(program.bank, lang or program.lang)), output, "poster", overwrite)


@group.command(help=_("Cards to cut out and lay on the poster: collaborations, levels to vote with, and questions."))
@click.option("--blank", is_flag=True, help=_("No names, though some are known."))
@_on_paper
@click.pass_obj
def cards(program: Program, blank: bool, lang: str | None, output: str | None, overwrite: bool) -> None:
    from assessor.report.paper.posters import cards_pdf
    from assessor.usecases.paper import table

    library, known = ("", []) if blank else _meant(program, (), True, needed=bool(program.library))
    names = [(each.party, each.undertaking) for each in known]
    data = cards_pdf(table(program.bank, lang or program.lang, library=library, names=names))
    _written(data, output, f"{library} cards".strip(), overwrite)


def _meant(
    program: Program, names: Sequence[str], whole: bool, *, needed: bool = True
) -> tuple[str, list[Collaboration]]:
    """The library, and the collaborations asked for; neither need be there where none is asked for by name."""
    wanted = bool(names or (whole and needed))
    library, listed = "", []
    try:
        with program.store(write=False) as store:
            library = program.library_in(store)
            listed = list(program.assessments(store).listed())
    except (NothingYet, WhichLibrary):
        if wanted:
            raise
        return program.library or "", []
    if whole:
        return library, [each.collaboration for each in listed]
    return library, [called(listed, name).collaboration for name in names]


def _written(data: bytes, output: str | None, name: str, overwrite: bool) -> None:
    tell(put(data, output, name, "pdf", overwrite))


def is_paper(file: str) -> bool:
    """Whether a file that was given is a PDF, by its first kilobyte, or is called one."""
    if file == "-":
        peek = getattr(sys.stdin.buffer, "peek", None)
        return bool(peek and b"%PDF-" in peek(1024)[:1024])
    start = b""
    with suppress(OSError), open(file, "rb") as stream:  # noqa: PTH123 - what cannot be read is told where it is read
        start = stream.read(1024)
    return file.lower().endswith(".pdf") or b"%PDF-" in start


def take_in_forms(program: Program, files: Sequence[str], other_library: bool, dry_run: bool) -> None:
    """Read all forms, then keep what they say, or nothing of it."""
    from assessor.usecases.paper import imported, read

    found, empty = read([(file, _content(file)) for file in dict.fromkeys(files)], program.bank)
    with program.store() as store:
        taken = imported(
            store,
            found,
            program.bank,
            empty=empty,
            library=program.library,
            other_library=other_library,
            dry_run=dry_run,
        )
    if taken.entries or taken.assessments:
        said = _("Would add: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}")
        if not dry_run:
            said = _("Added: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}")
        note(said.format(collaborations=taken.collaborations, assessments=taken.assessments, entries=taken.entries))
    for file in taken.nothing_new:
        note(_("Nothing new in {file}; nothing was added").format(file=safe(file)))
    for file in taken.empty:
        note(_("Nothing is filled in in {file}; nothing was added").format(file=safe(file)))


def _content(file: str) -> bytes:
    from assessor.exchange.filled_forms import MOST_FORM

    with opened(file) as stream:
        data: bytes = stream.read(MOST_FORM + 1)
    return data
