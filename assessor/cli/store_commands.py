"""The store as a whole: copied from one place to another, a file or a server.

Backups of the person's own store are in `data_commands`; this is for moving to PostgreSQL and back.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from assessor.cli.context import Program, StoreLocation, group, say, say_expiry, say_left_out
from assessor.cli.translation import _
from assessor.errors import N_


@group.group("store", help=N_("Where the answers are kept."))
def store_group() -> None:
    """Only a group; it does nothing by itself."""


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
@click.pass_obj
def copy_store(program: Program, source: Path | str, target: Path | str) -> None:
    """Copy and verify; prints the content's SHA-256, so that both sides can be compared by hand."""
    from assessor.store import copy_store

    def say_progress(done: int, total: int) -> None:
        say(_("Copying: {done} of {total}").format(done=done, total=total))

    copied = copy_store(source, target, say_progress, partial(say_expiry, program))
    click.echo(copied.digest)
    say(_("Copied, and the copy was verified"))
    say_left_out(copied.left_out)


@store_group.command(
    "erase-again",
    short_help=N_("Erase in a restored database what was erased since its copy was made."),
    help=N_(
        "Erases in the store what the store FROM, from which the copy was made, remembers as erased or expired, and "
        "withdraws again what was withdrawn or opened. For a database that was put back from a copy."
    ),
)
@click.argument("source", metavar="FROM", type=StoreLocation())
@click.pass_obj
def erase_again(program: Program, source: Path | str) -> None:
    """Say how much was left out; nothing where the copy held nothing of it."""
    from assessor.store import Store

    with Store.open(source, write=False) as before:
        remembered = before.remembered()
    with program.open_store() as store:
        left_out, waiting = store.leave_out(remembered)
    say_left_out(left_out)
    say_expiry(program, waiting)
    if not left_out:
        say(_("Nothing needs to be erased yet"))
