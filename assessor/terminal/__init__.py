"""The interview at a keyboard: questionary where the terminal can, numbered lines where it cannot or should not.

The command line calls `run` with what somebody comes for and gets an exit code: 0 when stopped or done, 130 when
interrupted; that nobody can be asked (2) and every other refusal is raised as an `AssessorError`.
"""

from assessor.terminal.run import Visit, run

__all__ = ["Visit", "run"]
