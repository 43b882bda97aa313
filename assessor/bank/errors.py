"""Errors raised while opening or reading a bank; each sentence ends in what to do."""

from collections.abc import Callable

from assessor.bank.problems import MAX_TOLD, BankProblem
from assessor.errors import N_, AssessorError
from assessor.setup.commands import typed_command

_MORE = N_("There is more to correct in this bank; see all of it with: {command} bank check FOLDER")


class BankRefused(AssessorError):
    """A file of the bank has problems; all of them are in `problems`."""

    template = N_("The bank does not hold, and nothing was done with it. Mend this first:\n{problems}")

    def __init__(self, problems: tuple[BankProblem, ...]) -> None:
        super().__init__(problems=problems)
        self.problems = problems

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence, then one line for each of the first `MAX_TOLD` problems."""
        told = [problem.message(translate) for problem in self.problems[:MAX_TOLD]]
        if len(self.problems) > MAX_TOLD:
            told.append(translate(_MORE).format(command=typed_command()))
        return translate(self.template).format(problems="\n".join(told))


class NoSuchBank(AssessorError):
    """The text is neither the name of one of our banks nor a folder."""

    template = N_("There is no bank {name}; name one of: {available}, or the folder of your own")
    exit_code = 2


class TwoBanks(AssessorError):
    """A bare name that means one of our banks, and another one in the working directory."""

    template = N_(
        "{name} may mean two banks, so nothing was done: write {here} for the one in this folder, or {ours} for the "
        "one that comes with the program"
    )
    exit_code = 2


class NoSuchWording(AssessorError):
    """The bank has no wording in this language."""

    template = N_("The bank {bank} has no wording in {language}; it has: {languages}")
    exit_code = 2


class NoPartySide(AssessorError):
    """The bank does not say what the other party is asked."""

    template = N_("The questionnaire {bank} has no questions for the other party; use one that has, such as dokk1")
    exit_code = 2


class SnapshotUnreadable(AssessorError):
    """The copy of a bank in a store is damaged."""

    template = N_("The kept copy of the bank cannot be read ({why}); restore the store from a backup")
