"""The interview at a keyboard: questionary where the terminal can, numbered lines where it cannot or should not.

The command line calls `run`; its exit code is 0 when the person stopped and 130 when interrupted. That nobody can be
asked (exit code 2) and every other refusal is raised as an `AssessorError`.
"""

from assessor.terminal.run import run

__all__ = ["run"]
