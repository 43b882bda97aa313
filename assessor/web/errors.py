"""What the pages refuse, each with the status it is answered with."""

from typing import ClassVar

from assessor.errors import N_, AssessorError


class WebError(AssessorError):
    """The base of what only pages refuse."""

    status: ClassVar[int] = 400


class NoSuchPage(WebError):
    """An address that leads nowhere."""

    template = N_("That page does not exist; go back to the list of collaborations")
    status = 404


class MethodNotAllowed(WebError):
    """A page asked for by a method that it does not answer to."""

    template = N_("This page cannot be opened that way; go back to the list of collaborations")
    status = 405


class NotAuthenticated(WebError):
    """Nobody known asks for a page that is not for all."""

    template = N_("This browser is not signed in; open the address that `{command} open` shows in its window")
    status = 401


class NotJoined(WebError):
    """A browser that has joined no workshop asks for a participant's page."""

    template = N_(
        "This browser is not in any workshop here: it has not joined, another phone has taken "
        "its place, or the workshop was erased; scan the code on the board to join"
    )
    status = 401


class RemovedFromWorkshop(WebError):
    """Somebody whom who leads the workshop has removed."""

    template = N_("The workshop leader has removed this phone; ask them if that was a mistake")
    status = 403


class NotFacilitator(WebError):
    """A browser that leads no workshop asks for a page of whoever does."""

    template = N_("This browser does not lead this workshop; open the address that the program shows in its window")
    status = 401


class WrongRole(WebError):
    """Somebody known asks for a page of another role."""

    template = N_("This page is meant for someone else; go back to the list of collaborations")
    status = 403


class LinkUsed(WebError):
    """A secret address that is wrong, or was opened before."""

    template = N_("This address has already been used or is wrong; open the newest one in the program's window")
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

    template = N_("This link has already been used, has been replaced, or is wrong; ask for a new one")
    status = 404


class UnknownHost(WebError):
    """A host name that this server does not go by."""

    template = N_("This server does not go by that name; open the address that the program shows")


class ForeignOrigin(WebError):
    """A form that another site sent, or that does not say where it comes from."""

    template = N_("This was sent from another site, so nothing was saved; open the page here and send it again")
    status = 403


class NotAForm(WebError):
    """A body that is no form of ours."""

    template = N_("What was sent is not a form from these pages, so nothing was saved; fill in the page and send it")
    status = 415


class MalformedForm(WebError):
    """A form with a part too many, too few or too odd."""

    template = N_("The form did not arrive complete, so nothing was saved; go back and send it again")


class BodyTooLarge(WebError):
    """A body larger than any form of ours."""

    template = N_("More than {limit} bytes were sent, so nothing was saved; go back and shorten the text")
    status = 413


class BodyTimeout(WebError):
    """A body that took too long to arrive."""

    template = N_("It took too long to arrive, so nothing was saved; go back and send it again")
    status = 408


class EditConflict(WebError):
    """Something given to a step that was answered elsewhere since its page was shown."""

    template = N_("This has since been answered in another window; that answer was kept, and yours was not saved")
    status = 409


class NothingChosen(WebError):
    """A step sent on without a choice."""

    template = N_("Choose one of the answers; “Don't know” is one too")
    status = 422


class NothingTicked(WebError):
    """What a cooperation brings, sent on with nothing ticked."""

    template = N_("Choose what applies, or “None of these”")
    status = 422


class ErasureNotConfirmed(WebError):
    """Something that cannot be undone, without the tick that confirms it."""

    template = N_("Nothing was erased; if you are sure, tick the box first")
    status = 422


class ClosingNotConfirmed(WebError):
    """A workshop to be closed for good, without the tick that confirms it."""

    template = N_("Nothing was closed; if you are done, tick the box first")
    status = 422


class PrintingFailed(WebError):
    """The report did not come out of its own process."""

    template = N_("The report could not be made ({reason}); try `{command} report`, which says more")
    status = 500


class UnexpectedError(WebError):
    """A fault of ours."""

    template = N_("Something went wrong here ({what}); what was saved before is safe, so go back and try again")
    status = 500
