"""Paper: the questionnaire to fill in by hand or on the screen, and what lies on the table beside it.

`form`, `poster` and `cards` write PDFs from the bank alone, or with a library's names filled in; without a store they
come out blank. `import_form_files` is the way back, called by `import` in `data_commands`. Reading forms runs in a
process of its own (see `exchange.filled_forms`), as PDFs may come from strangers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from assessor.cli.context import LanguageChoice, Program, group, say, say_left_out
from assessor.cli.output import (
    chosen_format,
    open_input,
    output_options,
    report_written,
    say_carried_over,
    write_output,
)
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.core.responses import Collaboration


def _paper_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of a command that makes something to print: `--lang` and those of an output."""
    language = option(
        "--lang", "lang", type=LanguageChoice(), help=N_("Language of the paper; any that the questionnaire has.")
    )
    return output_options(language(command))


def _paper_name(kind: str, program: Program, lang: str | None, library: str) -> str:
    """The name of the file of a paper, in the paper's language."""
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.reporting import report_date

    return document_name(document_word(kind, lang or program.lang), report_date(), library)


@group.command(
    help=N_("The questionnaire as a PDF to print or fill in on screen, some pages for each collaboration; see import.")
)
@option("--collaboration", "names", multiple=True, help=N_("Fill in these names; may be repeated."))
@option(
    "--all",
    "whole",
    is_flag=True,
    help=N_("A form for each of the library's collaborations, with the names filled in."),
)
@_paper_options
@click.pass_obj
def form(
    program: Program, names: tuple[str, ...], whole: bool, lang: str | None, output: str | None, overwrite: bool
) -> None:
    """Write blank forms, or one for each collaboration asked for."""
    from assessor.report.paper.questionnaire import FormCopy, form_pdf
    from assessor.usecases.paper import form_content

    chosen_format(output, "pdf")
    library, chosen = _library_and_collaborations(program, names, whole)
    copies = [FormCopy(party=collaboration.party, undertaking=collaboration.undertaking) for collaboration in chosen]
    data = form_pdf(form_content(program.bank, lang or program.lang, library=library, copies=copies))
    _write_pdf(data, output, _paper_name("form", program, lang, library), overwrite)


@group.command(help=N_("A wall poster of the levels in A3, with room to lay cards on."))
@_paper_options
@click.pass_obj
def poster(program: Program, lang: str | None, output: str | None, overwrite: bool) -> None:
    """Write the poster of the levels."""
    from assessor.report.paper.posters import poster_pdf
    from assessor.usecases.paper import table_content

    chosen_format(output, "pdf")
    library, _known = _library_and_collaborations(program, (), True, needed=False)
    data = poster_pdf(table_content(program.bank, lang or program.lang))
    _write_pdf(data, output, _paper_name("poster", program, lang, library), overwrite)


@group.command(help=N_("Cards to cut out and lay on the poster: collaborations, levels to vote with, and questions."))
@option("--blank", is_flag=True, help=N_("Leave the names out, even if they are known."))
@_paper_options
@click.pass_obj
def cards(program: Program, blank: bool, lang: str | None, output: str | None, overwrite: bool) -> None:
    """Write the cards, with the library's names on them where a library is known and `--blank` is not given."""
    from assessor.report.paper.posters import cards_pdf
    from assessor.usecases.paper import table_content

    chosen_format(output, "pdf")
    library, known = ("", []) if blank else _library_and_collaborations(program, (), True, needed=bool(program.library))
    names = [(collaboration.party, collaboration.undertaking) for collaboration in known]
    data = cards_pdf(table_content(program.bank, lang or program.lang, library=library, names=names))
    _write_pdf(data, output, _paper_name("cards", program, lang, library), overwrite)


def _library_and_collaborations(
    program: Program, names: Sequence[str], whole: bool, *, needed: bool = True
) -> tuple[str, list[Collaboration]]:
    """The library's name and the collaborations asked for: those named, or all if `whole`.

    An empty store gives no names where none were asked for; it raises where `names` are given, or `whole` and `needed`.
    """
    from assessor.usecases.libraries import AmbiguousLibrary, NothingAnsweredYet, find_collaboration

    wanted = bool(names or (whole and needed))
    library, listed = "", []
    try:
        with program.open_store(write=False) as store:
            library = program.library_in(store)
            listed = list(program.assessments(store).list_collaborations())
    except (NothingAnsweredYet, AmbiguousLibrary):
        if wanted:
            raise
        return program.library or "", []
    if whole:
        return library, [entry.collaboration for entry in listed]
    return library, [find_collaboration(listed, name).collaboration for name in names]


def _write_pdf(data: bytes, output: str | None, name: str, overwrite: bool) -> None:
    report_written(write_output(data, output, name, "pdf", overwrite))


def is_pdf(file: str) -> bool:
    """Whether a file is a PDF by its first kilobyte or its ending; False for one that cannot be read.

    The standard input is peeked at, so nothing of it is lost to the reader.
    """
    if file == "-":
        peek = getattr(sys.stdin.buffer, "peek", None)
        return bool(peek and b"%PDF-" in peek(1024)[:1024])
    start = b""
    with suppress(OSError), open(file, "rb") as stream:  # noqa: PTH123  (refused where it is read)
        start = stream.read(1024)
    return file.lower().endswith(".pdf") or b"%PDF-" in start


def import_form_files(program: Program, files: Sequence[str], other_library: bool, dry_run: bool) -> None:
    """Read all forms, then store what they say, or nothing of it; say which files brought nothing.

    A file that is named twice is read once.
    """
    from assessor.exchange.filled_forms import PROGRAMS_THAT_WORK
    from assessor.usecases.paper import import_forms, read_filled_forms

    filled_forms, empty = read_filled_forms([(file, _read_form(file)) for file in dict.fromkeys(files)], program.bank)
    with program.open_store() as store:
        imported = import_forms(
            store,
            filled_forms,
            program.bank,
            empty=empty,
            library=program.library,
            other_library=other_library,
            dry_run=dry_run,
        )
    if imported.entries or imported.assessments:
        summary = _(
            "Would add: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}"
        )
        if not dry_run:
            summary = _(
                "Added: collaborations {collaborations}, assessments {assessments}, answers and notes {entries}"
            )
        say(
            summary.format(
                collaborations=imported.collaborations, assessments=imported.assessments, entries=imported.entries
            )
        )
    for file in imported.carried:
        say_carried_over(file)
    say_left_out(imported.left_out)
    for file in imported.nothing_new:
        say(_("Nothing new in {file}; nothing was added").format(file=escape_controls(file)))
    for file in imported.empty:
        say(_("Nothing has been filled in in {file}, so nothing was added").format(file=escape_controls(file)))
    if imported.empty:
        say(_(PROGRAMS_THAT_WORK))


def _read_form(file: str) -> bytes:
    """A file's bytes, one more than a form may have at the most, so that the reader sees it is too large."""
    from assessor.exchange.filled_forms import MOST_FORM

    with open_input(file) as stream:
        data: bytes = stream.read(MOST_FORM + 1)
    return data
