"""The commands: the only place where everything is put together.

Data goes to the standard output, messages to the standard error. What is slow to import is imported by the command
that needs it.
"""

import os
import sys
from collections.abc import Sequence

import click

from assessor.cli import (  # noqa: F401  (each adds its commands)
    assess_commands,
    bank_commands,
    batch_commands,
    data_commands,
    document_commands,
    machine_commands,
    paper_commands,
    report_commands,
    serve_commands,
    store_commands,
    workshop_commands,
)
from assessor.cli.context import group, say
from assessor.cli.translation import _
from assessor.errors import AssessorError
from assessor.setup.commands import typed_command


def run(arguments: Sequence[str]) -> int:
    """Run the commands; what is refused is told in the person's language."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        done = group.main(
            list(arguments), prog_name=typed_command(), complete_var="_ASSESSOR_COMPLETE", standalone_mode=False
        )
        return done if isinstance(done, int) else 0
    except AssessorError as error:
        say(error.message(_))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; say nothing of it
        return 0
    except Exception as error:
        if os.environ.get("ASSESSOR_DEBUG"):
            raise
        # A traceback may hold what somebody answered, and helps nobody who is not a programmer.
        say(
            _(
                "Something went wrong inside the program ({kind}). Your answers are safe. Try "
                "again; if it happens again, run it with ASSESSOR_DEBUG=1 and send what it "
                "prints to the person who looks after the program, but read it first: it may "
                "contain answers"
            ).format(kind=type(error).__name__)
        )
        return 70
