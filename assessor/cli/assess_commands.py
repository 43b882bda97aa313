"""Answering, and what has been answered: the interview, the pages, the list, one collaboration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.context import Program, echo_json, group, say
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.core.history import MigratedResponses
    from assessor.presentation.messages import Messages
    from assessor.terminal.face import Paragraph
    from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment


@group.command(help=N_("Start with one collaboration, or assess it again; earlier answers are kept."))
@click.argument("name", required=False)
@option("--new", "fresh", is_flag=True, help=N_("Assess it from the beginning, beside the earlier answers."))
@click.pass_context
def assess(context: click.Context, name: str | None, fresh: bool) -> None:
    from assessor.terminal import run

    program: Program = context.obj
    context.exit(
        run(
            program.store_path,
            bank=program.bank_name,
            library=program.library,
            language=program.asked_lang,
            plain=program.plain,
            no_input=program.no_input,
            name=name,
            fresh=fresh,
            command=program.command,
        )
    )


@group.command("open", help=N_("The same questions, list and verdicts as pages in your browser, on this machine only."))
@option(
    "--port",
    type=click.IntRange(1, 65535),
    help=N_("The port to listen on; if left out, the usual one or any free one."),
)
@option("--no-browser", is_flag=True, help=N_("Only show the address."))
@option("--contact", default="", help=N_("The contact to report barriers to, for the accessibility statement."))
@click.pass_context
def open_in_browser(context: click.Context, port: int | None, no_browser: bool, contact: str) -> None:
    from assessor.web.server import serve

    program: Program = context.obj

    def show(address: str) -> None:
        say(_("Open this in your browser; it works once, and the next one is shown here:"))
        click.echo(address)
        say(_("Press Ctrl-C to stop. All answers are kept."))

    serve(
        program.store_path,
        bank=program.bank,
        language=program.lang,
        wished=context.find_root().params["lang"],
        library=program.library,
        port=port,
        contact=contact,
        show=show,
        browse=not no_browser,
    )


@group.command("list", help=N_("List your collaborations and where they stand."))
@option("--json", "as_json", is_flag=True, help=N_("One JSON object per line."))
@click.pass_obj
def list_collaborations(program: Program, as_json: bool) -> None:
    with program.open_store(write=False) as store:
        listed = program.assessments(store).list_collaborations()
    if as_json:
        for each in listed:
            echo_json(_listed_json(each))
        return
    from assessor.terminal.printed_views import list_lines

    _print_lines(program, lambda speech: list_lines(listed, speech))


@group.command(
    help=N_("Show one collaboration: where it stands, why, and what would change it. Part of its name is enough.")
)
@click.argument("name")
@option("--json", "as_json", is_flag=True, help=N_("The verdict as one JSON object."))
@click.pass_obj
def show(program: Program, name: str, as_json: bool) -> None:
    from assessor.usecases.libraries import find_collaboration

    with program.open_store(write=False) as store:
        found = find_collaboration(program.assessments(store).list_collaborations(), name)
    if as_json:
        echo_json(_listed_json(found))
        return
    from assessor.terminal.printed_views import show_lines

    _print_lines(program, lambda speech: show_lines(found, speech))


@group.command(
    help=N_("Carry earlier answers over to today's version of the questions; says what cannot be carried over.")
)
@click.argument("name", required=False)
@option("--dry-run", is_flag=True, help=N_("Only say what would be carried over."))
@click.pass_obj
def renew(program: Program, name: str | None, dry_run: bool) -> None:
    from assessor.usecases.libraries import find_collaboration

    with program.open_store(write=not dry_run) as store:
        assessments = program.assessments(store)
        listed = assessments.list_collaborations()
        found = (find_collaboration(listed, name),) if name else listed
        old = [each.loaded for each in found if each.loaded and each.loaded.differences]
        for opened in old:
            _echo_carried_over(opened, assessments.carry_over(opened, program.command), program.lang)
        if not dry_run:
            with store.transaction():
                for opened in old:
                    assessments.renew(opened, program.command)
    if not old:
        say(_("Everything here was answered under today's version of the questions"))


def _echo_carried_over(opened: LoadedAssessment, carried: MigratedResponses, lang: str) -> None:
    """What goes over, and in the earlier version's words what does not."""
    words = opened.wording_in(lang).items
    name = escape_controls(opened.assessment.collaboration.name)
    click.echo(_("{name}: {count} answers carried over").format(name=name, count=len(carried.responses)))
    for item in carried.dropped:
        click.echo(_("    not carried over: {item}").format(item=escape_controls(words[item].short)))


def _listed_json(listed: ListedCollaboration) -> dict[str, Any]:
    from assessor.exchange import verdict_json

    collaboration, opened = listed.collaboration, listed.loaded
    names = {"party": collaboration.party, "undertaking": collaboration.undertaking}
    if opened is None:
        return {"id": collaboration.name, **names, "placements": None}
    given = {"gut": opened.assessment.gut, "wanted": opened.assessment.wanted, "responses": opened.responses}
    return {**verdict_json(opened.instrument, collaboration.name, opened.verdict), **names, **given}


def _print_lines(program: Program, lines: Callable[[Messages], Iterable[Paragraph]]) -> None:
    from assessor.presentation.messages import Messages
    from assessor.terminal.plain_face import PlainFace

    messages = Messages(program.lang)
    PlainFace(messages).print_lines(*lines(messages))
