"""The questionnaires: listed, shown, checked."""

from __future__ import annotations

from pathlib import Path

import click

from assessor.cli.context import Program, echo_json, group, say
from assessor.cli.translation import _, option
from assessor.errors import N_
from assessor.language import format_integer, format_share
from assessor.safe_text import escape_controls


@group.group("bank", help=N_("The questionnaires: list them, show one, check one that you write."))
def bank_group() -> None:
    pass


@bank_group.command("list", help=N_("The questionnaires that are here."))
@option("--json", "as_json", is_flag=True)
@click.pass_obj
def bank_list(program: Program, as_json: bool) -> None:
    from assessor import bank

    for name in bank.available_banks():
        instrument, tongues = bank.load(name), bank.languages(name)
        if as_json:
            echo_json({"name": name, "version": instrument.version, "languages": tongues})
        else:
            words = bank.load_wording(name, bank.nearest_language(program.lang, tongues))
            click.echo(f"{name} {instrument.version}  {escape_controls(words.name)} ({', '.join(tongues)})")


@bank_group.command(
    "show", help=N_("What a questionnaire asks, and how its rules share out all combinations of answers.")
)
@click.argument("name", required=False)
@click.pass_obj
def bank_show(program: Program, name: str | None) -> None:
    from assessor import bank

    name = name or program.bank
    instrument = bank.load(name)
    words = bank.load_wording(name, bank.nearest_language(program.lang, bank.languages(name)))
    summary = bank.describe(instrument)
    click.echo(f"{escape_controls(words.name)} ({instrument.id} {instrument.version})\n")
    for item in instrument.items:
        click.echo(f"{item.id}: {escape_controls(words.items[item.id].ask)}")
        for option_id in item.options:
            click.echo(f"    {option_id}: {escape_controls(words.items[item.id].options[option_id].label)}")
    click.echo()
    click.echo(
        _("{count} combinations of answers, {nodes} steps in the compiled rules").format(
            count=format_integer(summary.combinations, program.lang), nodes=format_integer(summary.nodes, program.lang)
        )
    )
    for placement, share in summary.shares.items():
        click.echo(f"    {escape_controls(words.placements[placement].name)}: {format_share(share, program.lang)}")


@bank_group.command("check", help=N_("Every problem in a questionnaire's files at once, then proofs about its rules."))
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.pass_context
def bank_check(context: click.Context, directory: Path | None) -> None:
    from assessor import bank, resources

    problems = bank.check_bank(directory or resources.questions_folder() / context.obj.bank)
    for problem in problems:
        click.echo(problem.message(_))
    if problems:
        say(_("{count} to mend").format(count=len(problems)))
        context.exit(1)
    say(
        _(
            "The files hold, and so do the rules: every placement can be reached, none is shadowed, "
            "every question matters, and no better answer gives a lower level."
        )
    )
