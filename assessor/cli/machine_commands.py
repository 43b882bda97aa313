"""What is lacking on the machine: `assessor doctor`.

The checks are in `assessor.doctor`; here they are printed, each with the command that mends it.
"""

from __future__ import annotations

import click

from assessor.cli.context import echo_json, group
from assessor.cli.translation import _, option
from assessor.errors import N_


@group.command(help=N_("What is missing on this machine, and the one command that installs it."))
@option("--json", "as_json", is_flag=True)
@option("--verbose", is_flag=True, help=N_("Everything that was looked at, also what is as it should be."))
@click.pass_context
def doctor(context: click.Context, as_json: bool, verbose: bool) -> None:
    """Print what is not as it should be, and in a few lines what is; the exit code is 69 where something is lacking.

    The key `told` of the JSON form is part of what is promised to scripts, and stays.
    """
    from assessor import doctor as check

    findings = check.run_checks()
    shown = findings if as_json or verbose else check.summarize_checks(findings)
    for finding in shown:
        if as_json:
            echo_json(
                {
                    "about": finding.about,
                    "health": finding.health.value,
                    "told": finding.message(_),
                    "mend": finding.mend_command or None,
                }
            )
        else:
            click.echo(f"{_HEALTH_SIGNS[finding.health.value]} {finding.message(_)}")
            if finding.mend_command:
                click.echo(f"    {finding.mend_command}")
    context.exit(69 if any(finding.health is check.Health.LACKING for finding in findings) else 0)


#: How a finding of the doctor stands, as a sign.
_HEALTH_SIGNS = {"fine": "✓", "note": "·", "lacking": "✗"}
