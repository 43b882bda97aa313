"""Errors that only the web pages raise, each with the HTTP status of its page.

Errors of the use cases and the store are not repeated here; `responses` chooses a status for those by their kind.
"""

from typing import ClassVar

from assessor.errors import N_, AssessorError


class WebError(AssessorError):
    """Base of the errors in this module."""

    status: ClassVar[int] = 400
    #: Seconds after which to try again; None where that would not help.
    retry_after: ClassVar[int | None] = None


class NoSuchPage(WebError):
    """No page has this address, or what it names does not exist for this visitor."""

    template = N_("That page does not exist; go back to the list of collaborations")
    status = 404


class MethodNotAllowed(WebError):
    """The page exists but does not answer to this method."""

    template = N_("This page cannot be opened that way; go back to the list of collaborations")
    status = 405


class NotAuthenticated(WebError):
    """A browser without a session requests a page of the owner."""

    template = N_("This browser is not signed in; open the address that `{command} open` shows in its window")
    status = 401


class NotJoined(WebError):
    """A browser that has joined no workshop requests a participant's page."""

    template = N_(
        "This browser is not in any workshop here: it has not joined, another phone has taken "
        "its place, or the workshop was erased; scan the code on the board to join"
    )
    status = 401


class NotFacilitator(WebError):
    """A browser that leads no workshop requests a facilitator's page."""

    template = N_("This browser does not lead this workshop; open the address that the program shows in its window")
    status = 401


class NotBoard(WebError):
    """A machine that was not let show a workshop's board requests it."""

    template = N_("This machine does not show this workshop's board; ask the workshop leader for a code to type here")
    status = 401


class FilesNotHeld(WebError):
    """A press that takes in what was looked through too long ago, or by another process."""

    template = N_("What was read of these files is not kept any more; choose them again")
    status = 422


class NoSuchBoardCode(WebError):
    """A code for the board that was used, replaced or never made."""

    template = N_("This code opens no board: each works once, within an hour; ask the workshop leader for a new one")
    status = 422


class NotMember(WebError):
    """A browser that no member of a library uses requests its pages."""

    template = N_(
        "This browser does not open this library: its address was used elsewhere, it was signed out, or its days are "
        "over; ask a colleague who is in for a new address, or whoever runs this service"
    )
    status = 401


class NotHost(WebError):
    """A browser that is not the host's requests the host's page."""

    template = N_("This browser is not the host's; this command shows an address that lets it in: {command} host-key")
    status = 401


class NotSignedIn(WebError):
    """A key to a library is to be opened where a proxy signs people in, and it names nobody.

    Nothing is spent: who is let in by a key is the person whom the proxy names.
    """

    template = N_("You are not signed in; sign in first, then open this address again: it still works")
    status = 401


class PeopleNotShown(WebError):
    """A facilitator asks for names or paper forms after the workshop was closed."""

    template = N_(
        "The workshop is over, so who took part and what stood on paper forms is no longer shown here; "
        "what the room came to is in its report"
    )
    status = 403


class WrongRole(WebError):
    """A browser with a session requests a page of another role."""

    template = N_("This page is meant for someone else; go back to the list of collaborations")
    status = 403


class LinkUsed(WebError):
    """The secret in an address is wrong or was used before."""

    template = N_("This address has already been used or is wrong; open the newest one in the program's window")
    status = 403


class TooManyWrongSecrets(WebError):
    """Too many wrong secrets in a minute: somebody is guessing."""

    template = N_("Too many wrong addresses were tried; wait a minute")
    status = 429
    retry_after = 60


class NoSuchCode(WebError):
    """No open workshop has this room code."""

    template = N_("No workshop here has the code {code}; look at the board again, or scan the code there")
    status = 404


class TooManyWrongCodes(WebError):
    """Too many wrong codes or links from one client address in a minute: somebody is guessing."""

    template = N_("Too many wrong codes were tried from here; wait a minute, or scan the code on the board")
    status = 429
    retry_after = 60


class NoSuchReturnCode(WebError):
    """Three words by which nobody comes back in this workshop."""

    template = N_("Nobody in this workshop has these three words; look at what was noted, or join as somebody new")
    status = 422


class TooManyJoins(WebError):
    """More have joined from one client address than a room has."""

    template = N_("Very many have joined from this network just now, so this one waits; send it again in a moment")
    status = 429
    retry_after = 5


class TooManyPosts(WebError):
    """More forms from one person, or from one client address, than people send."""

    template = N_("Too much was sent from here at once, so this was not saved; wait a moment and send it again")
    status = 429
    retry_after = 5


class TooManyPages(WebError):
    """More pages for one browser than anybody reads."""

    template = N_("Too many pages were asked for at once; wait a moment and load this one again")
    status = 429
    retry_after = 5


class NoSuchLink(WebError):
    """A link to a workshop that is wrong, was used, or was replaced by a later one."""

    template = N_("This link has already been used, has been replaced, or is wrong; ask for a new one")
    status = 404


class KeyOpensNothing(WebError):
    """A one-time address to a library that is wrong, was opened, was withdrawn, or is past its days."""

    template = N_(
        "This address opens nothing: it has been used, was replaced by a newer one, is past its days, or is not "
        "whole; ask whoever gave it to you for a new one"
    )
    status = 404


class TooManyWrongKeys(WebError):
    """Too many wrong one-time addresses from one client address in a minute: somebody is guessing."""

    template = N_("Too many wrong addresses were tried from here; wait a minute and try yours again")
    status = 429
    retry_after = 60


class NoKeysSent(WebError):
    """A form for a list or letters that carries no keys."""

    template = N_("There are no keys to print here; give new ones on the host's page")
    status = 422


class WithdrawalNotConfirmed(WebError):
    """The tick that confirms that somebody is let in no more is missing."""

    template = N_("Nothing was withdrawn; if you are sure, tick the box first")
    status = 422


class UnknownHost(WebError):
    """The Host header names none of this server's names; protects against DNS rebinding."""

    template = N_("This server does not go by that name; open the address that the program shows")


class ForeignOrigin(WebError):
    """A form sent by another site, or by something that does not say where the form comes from."""

    template = N_("This was sent from another site, so nothing was saved; open the page here and send it again")
    status = 403


class NotAForm(WebError):
    """A body of another media type than these pages' forms have."""

    template = N_("What was sent is not a form from these pages, so nothing was saved; fill in the page and send it")
    status = 415


class MalformedForm(WebError):
    """A form with too many fields, a field too long, or a field twice that is allowed once."""

    template = N_("The form did not arrive complete, so nothing was saved; go back and send it again")


class NoFileSent(WebError):
    """The form that takes in a file came without one."""

    template = N_("Choose a file first")
    status = 422


class WorkshopNeedsName(WebError):
    """The form that begins a workshop came without its name."""

    template = N_("Give the workshop a name first; it stands on the board")
    status = 422


class BodyTooLarge(WebError):
    """A body larger than any form of these pages."""

    template = N_("More than {limit} bytes were sent, so nothing was saved; go back and shorten the text")
    status = 413


class BodyTimeout(WebError):
    """A body that did not arrive in time."""

    template = N_("It took too long to arrive, so nothing was saved; go back and send it again")
    status = 408


class EditConflict(WebError):
    """The step was answered in another window after this page was shown; the later answer is not overwritten."""

    template = N_("This has since been answered in another window; that answer was kept, and yours was not saved")
    status = 409


class StoreFileMoved(WebError):
    """The store's file was moved, for whoever leads a workshop: without its path, which is the operator's matter."""

    template = N_(
        "The file that keeps the answers was moved, removed or replaced, so this was not saved; "
        "continue in a new file, which gets everything answered so far"
    )
    status = 409


class NothingChosen(WebError):
    """A form was sent without choosing an answer."""

    template = N_("Choose one of the answers; “Don't know” is one too")
    status = 422


class NotANumber(WebError):
    """A number of people that is none."""

    template = N_("“{given}” is not a number of people; write it in digits, such as 12")
    status = 422


class NotADay(WebError):
    """A last day that is none."""

    template = N_("“{given}” is no day; write it as 2027-06-30")
    status = 422


class NothingTicked(WebError):
    """The form about gains was sent without a tick, or with a contradictory one."""

    template = N_("Choose what applies, or “None of these”")
    status = 422


class ErasureNotConfirmed(WebError):
    """The tick that confirms an erasure is missing."""

    template = N_("Nothing was erased; if you are sure, tick the box first")
    status = 422


class ClosingNotConfirmed(WebError):
    """The tick that confirms the closing of a workshop is missing."""

    template = N_("Nothing was closed; if you are done, tick the box first")
    status = 422


class PrintingFailed(WebError):
    """The process that prints reports died, took too long or returned no PDF."""

    template = N_("The report could not be made ({reason}); try `{command} report`, which says more")
    status = 500


class NeedsProgram(WebError):
    """A document that only an installed program lays out, asked for in a browser that runs the pages itself."""

    template = N_(
        "This document is not made in the browser; save your answers as a file, and make it with the installed program"
    )
    status = 422


class PartMissing(WebError):
    """A library that a file needs has not been fetched into the browser, or was not to be had when it was published."""

    template = N_(
        "Nothing was changed: what this kind of file needs has not been fetched yet. Connect to the network once and "
        "try again; if it stays so, save a spreadsheet as CSV, or use the installed program"
    )
    status = 503


class PrintersBusy(WebError):
    """More documents wait to be made than can be in the time that somebody waits for a page."""

    template = N_("Very many reports are being made just now; try again in a few minutes")
    status = 429
    retry_after = 60


class OperatorFault(WebError):
    """Something that only who runs the server can mend; the server's log says under `number` what."""

    template = N_(
        "Something is not working on the server just now, and not because of anything you did; try again in a moment, "
        "and if it stays that way tell the workshop leader this number: {number}"
    )

    retry_after = 5

    def __init__(self, *, number: str, status: int) -> None:
        super().__init__(number=number)
        self.status = status  # type: ignore[misc]  # of this one error


class FacilitatorSeesFault(OperatorFault):
    """The same for who leads the workshop."""

    template = N_(
        "Something is not working on the server just now, and not because of anything you did; try again in a moment, "
        "and if it stays that way give whoever runs the server this number: {number}"
    )


class UnexpectedError(WebError):
    """A bug: an exception that no page expects."""

    template = N_("Something went wrong here ({what}); what was saved before is safe, so go back and try again")
    status = 500
