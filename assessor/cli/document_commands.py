"""The documents beside the report: the wall, drafts to sign, the facilitator's guide.

Their content is made in `usecases.reporting`, their pages in `assessor.report`. The language of a draft or a guide may
differ from that of the messages: the other party may read another one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assessor.cli.context import LanguageChoice, Program, group, name_argument, say
from assessor.cli.output import chosen_format, open_input, output_options, report_written, write_output
from assessor.cli.report_commands import load_answered_report
from assessor.cli.translation import _, option
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.presentation.terms import Terms
    from assessor.report.draft.clauses import Draft


class TemplateWithoutWord(AssessorError):
    """A template for a document that is not made from one.

    Only Word files are: a PDF is laid out by our own templates.
    """

    template = N_("A template is for Word files; leave --format pdf out")
    exit_code = 2


@group.command(help=N_("All collaborations on one A3 sheet to hang up, with the conversations most worth having."))
@option(
    "--managers",
    type=click.IntRange(min=1, max=1000),
    help=N_("How many managers have time to follow a collaboration on level 1."),
)
@output_options
@click.pass_obj
def wall(program: Program, managers: int | None, output: str | None, overwrite: bool) -> None:
    """Write the wall sheet of a library; `--managers` is how many collaborations can be followed on level 1."""
    from assessor.report.pdf.layout import document_pdf
    from assessor.report.wall import wall_document
    from assessor.usecases.document_names import document_name, document_word

    chosen_format(output, "pdf")
    with program.open_store(write=False) as store:
        library = program.library_in(store)
        content = load_answered_report(program, store, library).report
    name = document_name(document_word("wall", content.language), content.made, library)
    report_written(write_output(document_pdf(wall_document(content, managers)), output, name, "pdf", overwrite))


@group.command(
    help=N_(
        "A letter of intent, a partnership agreement, or an amendment or a renewal of the one you have, made from "
        "the answers about one collaboration, to fill in and sign."
    )
)
@name_argument("collaboration", required=True)
@option(
    "--kind",
    type=click.Choice(("intent", "agreement", "amendment", "renewal")),
    help=N_(
        "Letter of intent, partnership agreement, or an amendment or a renewal of one; if left out, what goes on from "
        "what you have."
    ),
)
@option("--lang", "language", type=LanguageChoice(), help=N_("Language of the draft, for instance the other party's."))
@option("--format", "form", type=click.Choice(("docx", "pdf")), help=N_("Chosen by the file's name, otherwise DOCX."))
@option("--template", help=N_("A Word file of your own to fill in, made from ours."))
@option("--write-template", is_flag=True, help=N_("Write out our own template instead, for you to edit."))
@output_options
@click.pass_obj
def draft(
    program: Program,
    collaboration: str,
    kind: str | None,
    language: str | None,
    form: str | None,
    template: str | None,
    write_template: bool,
    output: str | None,
    overwrite: bool,
) -> None:
    """Write the draft for one collaboration as a Word file or a PDF, or the template that it is made from.

    A template of the library's own is read before the store is opened, so that a wrong file is refused at once.
    """
    from assessor.usecases import reporting
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.libraries import find_collaboration

    form = chosen_format(output, "docx" if write_template else form, "docx", "pdf")
    if template and form == "pdf":
        raise TemplateWithoutWord()
    own_template = _read_template(template) if template else None
    with program.open_store(write=False) as store:
        chosen = find_collaboration(program.assessments(store).list_collaborations(), collaboration).collaboration
        content, terms = reporting.make_draft(
            store, chosen.library, chosen, program.bank, language or program.lang, kind
        )
    name = document_name(content.title, content.made, chosen.library, chosen.party)
    if write_template:
        from assessor.report.draft.word import bundled_template

        name = document_name(f"{content.title} {document_word('template', content.language)}", content.made)
        data = bundled_template()
    else:
        data = _draft_bytes(content, terms, form, own_template, Path(template).name if template else "")
    report_written(write_output(data, output, name, form, overwrite))


def _draft_bytes(content: Draft, terms: Terms, form: str, template: bytes | None, template_name: str) -> bytes:
    """The draft as a Word file or as pages."""
    if form == "docx":
        from assessor.report.draft.word import draft_docx

        return draft_docx(content, template, template_name)
    from assessor.report.draft.pages import draft_document
    from assessor.report.pdf.layout import document_pdf

    return document_pdf(draft_document(content, terms))


def _read_template(file: str) -> bytes:
    """The bytes of a template; raises `TemplateTooLarge` after reading no more than one may hold."""
    from assessor.report.draft.word_templates import MAX_PACKED, TemplateTooLarge

    with open_input(file) as stream:
        data: bytes = stream.read(MAX_PACKED + 1)
    if len(data) > MAX_PACKED:
        raise TemplateTooLarge(file=escape_controls(Path(file).name), size=len(data), most=MAX_PACKED)
    return data


@group.command(help=N_("Two pages for the workshop leader: what to do minute by minute, and what to say."))
@option("--lang", "language", type=LanguageChoice(), help=N_("Language of the guide."))
@output_options
@click.pass_obj
def guide(program: Program, language: str | None, output: str | None, overwrite: bool) -> None:
    """Write the guide, in the nearest language that it is written in; says so where that is another."""
    from assessor import __version__
    from assessor.report.guide import base_language, guide_document, guide_language, guide_languages
    from assessor.report.pdf.layout import document_pdf
    from assessor.usecases.document_names import document_name, document_word
    from assessor.usecases.reporting import report_date

    chosen_format(output, "pdf")
    wish = language or program.lang
    chosen = guide_language(wish)
    if base_language(wish) != chosen:
        say(
            _("The guide is not written in {wish} yet; here it is in {chosen}. It is written in: {known}").format(
                wish=escape_controls(wish), chosen=chosen, known=", ".join(guide_languages())
            )
        )
    used, words = program.bank, program.bank.nearest_wording(chosen)
    has_cases = bool(used.calibration_cases(words.language))
    document = guide_document(
        chosen, report_date(), __version__, used.instrument, words, has_cases=has_cases, command=used.command
    )
    name = document_name(document_word("guide", chosen), document.made)
    report_written(write_output(document_pdf(document), output, name, "pdf", overwrite))
