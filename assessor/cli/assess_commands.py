"""Answering, and what has been answered: assess, open, list, show, rename and renew.

The interview itself is `assessor.terminal`, its pages are `assessor.web`; here they are given the options that stand
before the command. With `--json`, list and show print one object a line in the form that `assessor place` prints, and
the names of the collaboration beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from assessor.cli.context import Program, echo_json, group, name_argument, say, store_notices
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.safe_text import escape_controls

if TYPE_CHECKING:
    from assessor.core.history import MigrationReview
    from assessor.core.responses import Collaboration
    from assessor.presentation.terms import Terms
    from assessor.terminal.face import Paragraph
    from assessor.usecases.assessments import ListedCollaboration, LoadedAssessment


@group.command(help=N_("Start with one collaboration, or assess it again; earlier answers are kept."))
@name_argument()
@option("--new", "fresh", is_flag=True, help=N_("Assess it from the beginning, beside the earlier answers."))
@click.pass_context
def assess(context: click.Context, name: str | None, fresh: bool) -> None:
    """Hand over to the interview, which opens the bank and the store itself and returns the exit code."""
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
    """Serve the person's own pages on the loopback address until Ctrl-C.

    The address holds a secret that works once; `show` is called again with a new one when it was spent.
    """
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
        chosen_language=program.asked_lang,
        library=program.library,
        port=port,
        contact=contact,
        show=show,
        notices=store_notices(program),
        browse=not no_browser,
    )


@group.command("list", help=N_("List your collaborations and where they stand."))
@option("--json", "as_json", is_flag=True, help=N_("One JSON object per line."))
@click.pass_obj
def list_collaborations(program: Program, as_json: bool) -> None:
    """Print the library's collaborations in the order they were begun."""
    with program.open_store(write=False) as store:
        listed = program.assessments(store).list_collaborations(program.chosen_instrument)
        answered = {each.instrument for each in store.assessments(library=program.library_in(store))}
    if as_json:
        for entry in listed:
            echo_json(_listed_json(entry))
    else:
        from assessor.terminal.printed_views import list_lines

        _print_lines(program, lambda now: list_lines(listed, now))
    for bank in sorted(answered - {program.chosen_instrument}) if program.chosen_instrument else ():
        say(_("Not in this list: answers to the questionnaire {bank}").format(bank=escape_controls(bank)))


@group.command(
    help=N_("Show one collaboration: where it stands, why, and what would change it. Part of its name is enough.")
)
@name_argument(required=True)
@option("--json", "as_json", is_flag=True, help=N_("The verdict as one JSON object."))
@click.pass_obj
def show(program: Program, name: str, as_json: bool) -> None:
    """Print one collaboration; the store is closed before anything is printed."""
    from assessor.usecases.libraries import find_collaboration

    with program.open_store(write=False) as store:
        assessments = program.assessments(store)
        found, goals = find_collaboration(assessments.list_collaborations(), name), assessments.goals()
        chosen = assessments.list_collaborations(program.chosen_instrument)
        found = next((each for each in chosen if each.collaboration.id == found.collaboration.id), found)
    if as_json:
        echo_json(_listed_json(found))
        return
    from assessor.terminal.printed_views import show_lines

    _print_lines(program, lambda now: show_lines(found, now, goals))


@group.command(help=N_("Call a collaboration otherwise; a party is called so in all its collaborations."))
@name_argument(required=True)
@option("--party", help=N_("Whom the collaboration is with."))
@option("--undertaking", help=N_("What it is about; empty for none."))
@click.pass_obj
def rename(program: Program, name: str, party: str | None, undertaking: str | None) -> None:
    """Rename party and undertaking in one transaction; what is not named anew stays."""
    from assessor.usecases.assessments import change_names
    from assessor.usecases.libraries import find_named_collaboration

    if party is None and undertaking is None:
        raise click.UsageError(_("Say what it is to be called, by --party, --undertaking or both"))
    with program.open_store() as store:
        listed = program.assessments(store).list_collaborations()
        old = find_named_collaboration(listed, name).collaboration
        change_names(
            store,
            old.library,
            old,
            old.party if party is None else party,
            old.undertaking if undertaking is None else undertaking,
        )
        new = {each.id: each for each in store.collaborations(old.library)}
    _say_renamed(old.id, {each.collaboration.id: each.collaboration for each in listed}, new)


def _say_renamed(chosen: str, old: Mapping[str, Collaboration], new: Mapping[str, Collaboration]) -> None:
    """Say the new name of the chosen collaboration, and then of the party's others."""
    for id_ in sorted(old, key=lambda each: each != chosen):
        if id_ == chosen or old[id_].name != new[id_].name:
            say(_("{old} is now called {new}").format(old=escape_controls(old[id_].name), new=new[id_].name))


@group.command(
    help=N_(
        "Carry earlier answers over to today's version of the questions. Says which placements stay, move or open, "
        "and what is asked again."
    )
)
@name_argument()
@option("--dry-run", is_flag=True, help=N_("Only say what would become of each placement."))
@click.pass_obj
def renew(program: Program, name: str | None, dry_run: bool) -> None:
    """Carry earlier answers over, for one collaboration or for all of the library.

    What becomes of each placement is printed before anything is written, and all is written in one transaction: a
    version that no migration leads from stops the command while nothing has changed.
    """
    from assessor.usecases.libraries import find_named_collaboration

    with program.open_store(write=not dry_run) as store:
        assessments = program.assessments(store)
        listed = assessments.list_collaborations()
        chosen = (find_named_collaboration(listed, name),) if name else listed
        outdated = [entry.loaded for entry in chosen if entry.loaded and entry.loaded.differences]
        _echo_reviews(program, outdated, [assessments.review(loaded, program.command) for loaded in outdated])
        if not dry_run:
            with store.transaction():
                for loaded in outdated:
                    assessments.renew(loaded, program.command)
    if not outdated:
        say(_("Everything here was answered under today's version of the questions"))


def _echo_reviews(program: Program, outdated: list[LoadedAssessment], reviews: list[MigrationReview]) -> None:
    """Print what becomes of each verdict, and how many stay, move and open."""
    from assessor.presentation.renewals import review_lines, review_summary
    from assessor.presentation.terms import Terms

    now = _terms(program)
    for loaded, review in zip(outdated, reviews, strict=True):
        then = Terms(program.lang, loaded.instrument, loaded.wording_in(program.lang))
        for line in review_lines(loaded.assessment.collaboration.name, review, then, now):
            click.echo(escape_controls(line))
    if reviews:
        click.echo(review_summary(reviews, now))


def _listed_json(listed: ListedCollaboration) -> dict[str, Any]:
    """A collaboration as list and show print it; `placements` is None before its first assessment.

    `placements_today` is what the bank in use makes of it where it was answered under other rules, else None.

    Gut feeling, wanted level and responses stand beside the verdict, so that a script needs no second call.
    """
    from assessor.core.follow_ups import paper_ends
    from assessor.exchange import verdict_json

    collaboration, loaded = listed.collaboration, listed.loaded
    names = {"party": collaboration.party, "undertaking": collaboration.undertaking}
    if loaded is None:
        return {"id": collaboration.name, **names, "placements": None}
    assessment = loaded.assessment
    answers = {"gut": assessment.gut, "wanted": assessment.wanted, "responses": loaded.responses}
    answers["ends"] = paper_ends(loaded.instrument, loaded.responses, assessment.ends)
    today = {"placements_today": list(listed.today.placements) if listed.today else None}
    return {**verdict_json(loaded.instrument, collaboration.name, loaded.verdict), **today, **names, **answers}


def _print_lines(program: Program, lines: Callable[[Terms], Iterable[Paragraph]]) -> None:
    """Print paragraphs wrapped to the terminal, by the same face as the interview in plain lines."""
    from assessor.terminal.plain_face import PlainFace

    now = _terms(program)
    PlainFace(now).print_lines(*lines(now))


def _terms(program: Program) -> Terms:
    """The words of the bank in use."""
    from assessor.presentation.terms import Terms

    return Terms(program.lang, program.bank.instrument, program.bank.nearest_wording(program.lang))
