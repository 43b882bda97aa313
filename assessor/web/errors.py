"""What the pages refuse, each with the status it is answered with."""

from typing import ClassVar

from assessor.errors import N_, AssessorError


class WebError(AssessorError):
    """The base of what only pages refuse."""

    status: ClassVar[int] = 400


class NoSuchPage(WebError):
    """An address that leads nowhere."""

    template = N_("There is no such page; go back to the list of collaborations")
    status = 404


class MethodNotAllowed(WebError):
    """A page asked for by a method that it does not answer to."""

    template = N_("This page cannot be asked for in that way; go back to the list of collaborations")
    status = 405


class NotAuthenticated(WebError):
    """Nobody known asks for a page that is not for all."""

    template = N_("This browser has not been let in; open the address that `{command} open` shows in its window")
    status = 401


class NotJoined(WebError):
    """A browser that has joined no workshop asks for a participant's page."""

    template = N_(
        "This browser is in no workshop here: it has not joined, or another phone goes on in its place, "
        "or the workshop was erased; scan the code on the board to join"
    )
    status = 401


class RemovedFromWorkshop(WebError):
    """Somebody whom who leads the workshop has removed."""

    template = N_("Whoever leads the workshop has taken this phone out of it; ask them if that was a mistake")
    status = 403


class NotFacilitator(WebError):
    """A browser that leads no workshop asks for a page of whoever does."""

    template = N_("This browser does not lead this workshop; open the address that the program shows in its window")
    status = 401


class WrongRole(WebError):
    """Somebody known asks for a page of another role."""

    template = N_("This page is for somebody else; go back to the list of collaborations")
    status = 403


class LinkUsed(WebError):
    """A secret address that is wrong, or was opened before."""

    template = N_("This address has been used already or is not right; open the newest one in the program's window")
    status = 403


class TooManyWrongSecrets(WebError):
    """So many wrong secrets that somebody seems to guess."""

    template = N_("Too many wrong addresses were tried; wait a minute")
    status = 429


class NoSuchCode(WebError):
    """A room code that no workshop has that goes on."""

    template = N_("No workshop here has the code {code}; look at the board again, or scan the code there")
    status = 404


class TooManyWrongCodes(WebError):
    """So many wrong codes that somebody seems to guess."""

    template = N_("Too many wrong codes were tried from here; wait a minute, or scan the code on the board")
    status = 429


class NoSuchLink(WebError):
    """A link to a workshop that is wrong, used, or replaced by a later one."""

    template = N_("This link has been used already, was replaced, or is not right; ask for a new one")
    status = 404


class UnknownHost(WebError):
    """A host name that this server does not go by."""

    template = N_("This server does not go by that name; open the address that the program shows")


class ForeignOrigin(WebError):
    """A form that another site sent, or that does not say where it comes from."""

    template = N_("This was sent from another site and nothing was saved; open the page here and send it again")
    status = 403


class NotAForm(WebError):
    """A body that is no form of ours."""

    template = N_("What was sent is not a form of these pages and nothing was saved; fill in the page and send it")
    status = 415


class MalformedForm(WebError):
    """A form with a part too many, too few or too odd."""

    template = N_("The form did not arrive whole and nothing was saved; go back, and send it again")


class BodyTooLarge(WebError):
    """A body larger than any form of ours."""

    template = N_("More than {limit} bytes were sent and nothing was saved; go back, and shorten the text")
    status = 413


class BodyTimeout(WebError):
    """A body that took too long to arrive."""

    template = N_("It took too long to arrive and nothing was saved; go back, and send it again")
    status = 408


class EditConflict(WebError):
    """Something given to a step that was answered elsewhere since its page was shown."""

    template = N_("This was answered in another window since; what stands there was kept, and yours was not saved")
    status = 409


class NothingChosen(WebError):
    """A step sent on without a choice."""

    template = N_("Choose one of the answers; “Don't know” is one too")
    status = 422


class NothingTicked(WebError):
    """What a cooperation brings, sent on with nothing ticked."""

    template = N_("Tick what fits, or “None of these”")
    status = 422


class ErasureNotConfirmed(WebError):
    """Something that cannot be undone, without the tick that confirms it."""

    template = N_("Nothing was erased; tick the box first if you are sure")
    status = 422


class ClosingNotConfirmed(WebError):
    """A workshop to be closed for good, without the tick that confirms it."""

    template = N_("Nothing was closed; tick the box first if you are done")
    status = 422


class PrintingFailed(WebError):
    """The report did not come out of its own process."""

    template = N_("The report could not be made ({reason}); try `{command} report`, which tells more")
    status = 500


class UnexpectedError(WebError):
    """A fault of ours."""

    template = N_("Something went wrong here ({what}); what was saved before is safe, so go back and try again")
    status = 500
