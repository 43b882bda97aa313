"""The questionnaires: listed, shown, checked."""

from __future__ import annotations

from pathlib import Path

import click

from assessor.cli.context import Program, _, group, note, told
from assessor.language import decimal, percent
from assessor.safe_text import safe


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
            words = bank.wording(name, bank.nearest(program.lang, tongues))
            click.echo(f"{name} {instrument.version}  {safe(words.name)} ({', '.join(tongues)})")


@bank_.command("show", help=_("What a questionnaire asks, and how its rules share out all combinations of answers."))
@click.argument("name", required=False)
@click.pass_obj
def bank_show(program: Program, name: str | None) -> None:
    from assessor import bank

    name = name or program.bank
    instrument = bank.load(name)
    words = bank.wording(name, bank.nearest(program.lang, bank.languages(name)))
    summary = bank.describe(instrument)
    click.echo(f"{safe(words.name)} ({instrument.id} {instrument.version})\n")
    for item in instrument.items:
        click.echo(f"{item.id}: {safe(words.items[item.id].ask)}")
        for option in item.options:
            click.echo(f"    {option}: {safe(words.items[item.id].options[option].label)}")
    click.echo()
    click.echo(
        _("{count} combinations of answers, {nodes} steps in the compiled rules").format(
            count=decimal(summary.combinations, program.lang), nodes=decimal(summary.nodes, program.lang)
        )
    )
    for placement, share in summary.shares.items():
        click.echo(f"    {safe(words.placements[placement].name)}: {percent(share, program.lang)}")


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
