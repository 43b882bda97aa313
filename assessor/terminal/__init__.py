"""The interview at a keyboard: questionary where the terminal can, numbered lines where it cannot or should not.

The command line calls `run`; its exit code is 0 when the person stopped and 130 when interrupted. Every refusal is
raised as an `AssessorError`, also that nobody can be asked (exit code 2).

From the outside in: `run` opens the store and picks a face; `journey` goes from the list to the verdict and back;
`interview` asks one assessment; both speak to the person through `face`, which has two implementations. What the
screens say is made in `screens` from `assessor.presentation`; nothing here places a collaboration.
"""

from assessor.terminal.run import run

__all__ = ["run"]
