"""The store as a whole: from one place to another."""

from __future__ import annotations

from pathlib import Path

import click

from assessor.cli.context import StoreLocation, group, say
from assessor.cli.translation import _
from assessor.errors import N_


@group.group("store", help=N_("Where the answers are kept."))
def store_group() -> None:
    pass


@store_group.command(
    "copy",
    short_help=N_("Copy all answers from one store into an empty one."),
    help=N_(
        "Copies all answers from the store FROM into the store TO, which is empty or does not "
        "exist yet: everything, verified, or nothing at all. Each is a file, or "
        "postgresql://USER@HOST/DATABASE. Prints the SHA-256 of the content, which is the same "
        "in both."
    ),
)
@click.argument("source", metavar="FROM", type=StoreLocation())
@click.argument("target", metavar="TO", type=StoreLocation())
def copy_store(source: Path | str, target: Path | str) -> None:
    from assessor.store import copy_store

    def told(done: int, total: int) -> None:
        say(_("Copied {done} of {total}").format(done=done, total=total))

    click.echo(copy_store(source, target, told).digest)
    say(_("Copied, and the copy was verified"))
