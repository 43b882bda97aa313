"""What is lacking on the machine."""

from __future__ import annotations

import click

from assessor.cli.context import _, group, told


@group.command(help=_("What is lacking on this machine, and the one command that mends it."))
@click.option("--json", "as_json", is_flag=True)
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    from assessor import doctor as check

    findings = check.findings()
    for finding in findings:
        if as_json:
            told(
                {
                    "about": finding.about,
                    "health": finding.health.value,
                    "told": finding.told(_),
                    "mend": finding.mend or None,
                }
            )
        else:
            click.echo(f"{_SIGNS[finding.health.value]} {finding.told(_)}")
            if finding.mend:
                click.echo(f"    {finding.mend}")
    context.exit(69 if any(finding.health is check.Health.LACKING for finding in findings) else 0)


#: How a finding of the doctor stands, as a sign.
_SIGNS = {"fine": "✓", "note": "·", "lacking": "✗"}
