"""Why a bank, its wording or a kept copy of it is not used."""

from collections.abc import Callable

from assessor.bank.problems import BankProblem
from assessor.errors import N_, AssessorError


class BankRefused(AssessorError):
    """A bank with problems; all of them are in `problems`."""

    template = N_("The bank does not hold, and nothing was done with it. Mend this first:\n{problems}")

    def __init__(self, problems: tuple[BankProblem, ...]) -> None:
        super().__init__(problems=problems)
        self.problems = problems

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence, then one line for each problem."""
        lines = "\n".join(problem.message(translate) for problem in self.problems)
        return translate(self.template).format(problems=lines)


class NoSuchBank(AssessorError):
    """Neither a bank of ours nor a folder."""

    template = N_("There is no bank {name}; name one of: {available}, or the folder of your own")
    exit_code = 2


class NoSuchWording(AssessorError):
    """A language that a bank does not speak."""

    template = N_("The bank {bank} has no wording in {language}; it has: {languages}")
    exit_code = 2


class NoPartySide(AssessorError):
    """A bank that does not say what the other party is asked."""

    template = N_("The questionnaire {bank} has no questions for the other party; use one that has, such as dokk1")
    exit_code = 2


class SnapshotUnreadable(AssessorError):
    """A kept copy of a bank that is not one."""

    template = N_("The kept copy of the bank cannot be read ({why}); restore the store from a backup")
