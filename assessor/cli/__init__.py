"""The commands: the only place where everything is put together.

Each module declares the commands of one subject with click and adds them to `context.group`; importing them is all that
registers them. A command opens the store and the bank, calls a use case or a document, and writes what comes back. It
holds no rule of its own: what two faces need stands in `assessor.usecases`.

Data goes to the standard output and messages to the standard error, so that a command can stand in a pipe. A module
imports what is slow (the store, WeasyPrint, DuckDB, the server) inside the command that needs it: `assessor list`
should not wait for the PDF.

A new command needs four things: a function under `@group.command`, with its help marked by `N_` and its options made by
`translation.option`; its line in `help_page.PAGE`; translations of both; and, where it writes a file, the options and
functions of `output`. It gets the `Program` by `@click.pass_obj`. A docstring on it is for readers of the code only, as
click shows the help that is given.

The exit codes are those of sysexits.h, as each error sets them:

- 0 for done, 1 for problems found by `bank check`, 2 for wrong use or something that has to be said differently;
- 65 for data that is refused, 69 for something that this machine lacks, 73 for a file that cannot be written, 74 for
  one that cannot be read and for a standard output that cannot be written;
- 70 for a fault of the program, and 130 for an interrupt.
"""

import os
import sys
from collections.abc import Sequence

import click

from assessor.cli import (  # noqa: F401  (each adds its commands)
    assess_commands,
    bank_commands,
    batch_commands,
    calendar_commands,
    data_commands,
    document_commands,
    machine_commands,
    paper_commands,
    publish_commands,
    report_commands,
    serve_commands,
    store_commands,
    workshop_commands,
)
from assessor.cli.context import group, say
from assessor.cli.translation import _
from assessor.errors import AssessorError
from assessor.setup.commands import typed_command
from assessor.standard_output import ReaderLeft


def run(arguments: Sequence[str]) -> int:
    """Run one command line; returns its exit code and never raises, unless `ASSESSOR_DEBUG` is set.

    A refusal is printed as its sentence in the person's language. click would print its own errors and leave the
    process by itself (its standalone mode); here the exit code is returned, so that tests can call this in process. A
    terminal that lacks a letter shows it as a code instead of ending the program with a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        result = group.main(
            list(arguments), prog_name=typed_command(), complete_var="_ASSESSOR_COMPLETE", standalone_mode=False
        )
        return result if isinstance(result, int) else 0
    except AssessorError as error:
        say(error.message(_))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        if isinstance(error, click.NoSuchOption) and any(error.option_name in each.opts for each in group.params):
            say(_("{option} stands before the command").format(option=error.option_name))
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("")
        return 130
    except ReaderLeft:
        return 0
    except Exception as error:
        if os.environ.get("ASSESSOR_DEBUG"):
            raise
        # A traceback may show what somebody answered, and only helps a programmer.
        say(
            _(
                "Something went wrong inside the program ({kind}). Your answers are safe. Try "
                "again; if it happens again, run it with ASSESSOR_DEBUG=1 and send what it "
                "prints to the person who looks after the program, but read it first: it may "
                "contain answers"
            ).format(kind=type(error).__name__)
        )
        return 70
