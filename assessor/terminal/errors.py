"""What the interview refuses, and why; every sentence ends in what to do.

All three are raised before the first question, by `run.no_input_error`.
"""

from assessor.errors import N_, AssessorError


class NobodyToAsk(AssessorError):
    """No terminal, or nobody is to be asked, while responses are lacking."""

    template = N_(
        "Questions cannot be asked here, and answers are missing for {name}: {lacking}. Run it "
        "in a terminal, or give the answers in a file: {command} place FILE"
    )
    exit_code = 2


class NobodyToBegin(AssessorError):
    """No terminal, or nobody is to be asked, and there is no collaboration yet."""

    template = N_(
        "Questions cannot be asked here, and a collaboration needs a name and answers to: "
        "{lacking}. Run it in a terminal, or give the answers in a file: {command} place FILE"
    )
    exit_code = 2


class NothingToAsk(AssessorError):
    """No terminal, and no response is lacking either."""

    template = N_(
        "Questions cannot be asked here, but every question about {name} is already answered. See: {command} list"
    )
    exit_code = 2
