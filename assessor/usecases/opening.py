"""Opening a workshop or going on with it by its name, for the room of this machine and for a server alike."""

from contextlib import suppress
from dataclasses import dataclass, replace

from assessor.bank import Bank
from assessor.core.workshop import DEFAULT_MIN_RATERS, DEFAULT_RETENTION_DAYS, Workshop
from assessor.errors import N_, AssessorError
from assessor.safe_text import escape_controls
from assessor.store import Store
from assessor.usecases.assessments import Assessments
from assessor.usecases.facilitating import Facilitation
from assessor.usecases.libraries import find_library, find_named_collaboration
from assessor.usecases.workshop_banks import bank_of_workshop, has_bank_changed, require_same_bank
from assessor.usecases.workshops import Workshops


class WorkshopNeedsLibrary(AssessorError):
    """A new workshop in a store without a library."""

    template = N_("Say whose workshop {name!r} is: put --library NAME before the command")
    exit_code = 2


class WorkshopAlreadyClosed(AssessorError):
    """A workshop that was closed, to be led on."""

    template = N_("{name} is over; give the new workshop another name, or make its report: {command} workshop report")
    exit_code = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkshopRequest:
    """A workshop that somebody wants to lead, by its name, and what they ask of it."""

    name: str
    #: The library; a new name adds one. None means the only library there is.
    library: str | None = None
    #: Names of collaborations that everybody is to see.
    collaborations: tuple[str, ...] = ()
    #: Everybody is to see all of the library's collaborations.
    all_collaborations: bool = False
    #: Promises to those who join, made when it is opened and never changed; None for the usual ones.
    #: How many must have answered before their answers are shown together.
    at_least: int | None = None
    #: After which raw responses are erased.
    days: int | None = None
    #: Whether somebody named the bank, and not just their defaults.
    names_bank: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LedWorkshop:
    """A workshop, and the secret by which one browser comes to lead it."""

    workshop: Workshop
    #: Empty where none was wanted, and the workshop was there before: the secret that it has goes on opening it.
    secret: str
    #: Whether it was opened before, and is gone on with.
    resumed: bool
    #: The bank that it began with.
    bank: Bank
    #: Whether the files of that bank say otherwise by now, which changes nothing here.
    has_bank_changed: bool = False


def open_or_resume(
    store: Store, bank: Bank, request: WorkshopRequest, command: str = "assessor", *, new_secret: bool = True
) -> LedWorkshop:
    """The latest workshop of that name, or a new one where there is none; a refusal leaves nothing behind.

    With `new_secret` it gets one either way, and earlier ones open nothing. A new workshop shows the collaborations
    asked for and no others, and begins with this bank; one that is gone on with keeps its own. Raises
    `WorkshopAlreadyClosed`, `WorkshopNeedsLibrary`, `BeganWithAnotherBank`, and what finding the library and the
    collaborations raises. Banks are compiled before and after, while no row is held.
    """
    with suppress(AssessorError):  # a workshop that is gone on with does without
        bank.require_instrument()
    led = store.run_in_transaction(lambda: _open_or_resume(store, bank, request, command, new_secret=new_secret))
    return replace(led, has_bank_changed=has_bank_changed(led.workshop)) if led.resumed else led


def _open_or_resume(
    store: Store, bank: Bank, request: WorkshopRequest, command: str, *, new_secret: bool
) -> LedWorkshop:
    find = Workshops(store, bank).find_by_name
    before, library = find(request.name), ""
    if before is None:
        library = _hold_library(store, request)
        before = find(request.name)  # somebody else may have opened it meanwhile
    if before is None:
        return _open_new(store, bank, request, library)
    if before.closed:
        raise WorkshopAlreadyClosed(name=escape_controls(request.name), command=command)
    return _resume(store, bank, request, before, new_secret=new_secret)


def _hold_library(store: Store, request: WorkshopRequest) -> str:
    """The library named, added where it is new, or the only one there is; nobody else opens a workshop in it."""
    library = store.add_library(request.library) if request.library else find_library(store)
    if library is None:
        raise WorkshopNeedsLibrary(name=escape_controls(request.name))
    store.hold_library(library)
    return library


def _open_new(store: Store, bank: Bank, request: WorkshopRequest, library: str) -> LedWorkshop:
    """A new workshop in a library that is held."""
    workshop, secret = Facilitation(store, bank).open(
        library,
        request.name,
        _wanted_ids(store, bank, library, request),
        at_least=request.at_least or DEFAULT_MIN_RATERS,
        days=request.days or DEFAULT_RETENTION_DAYS,
    )
    return LedWorkshop(
        workshop=workshop, secret=secret, resumed=False, bank=bank_of_workshop(store, workshop, lambda: bank)
    )


def _resume(store: Store, bank: Bank, request: WorkshopRequest, before: Workshop, *, new_secret: bool) -> LedWorkshop:
    """The workshop with what was asked for added to its list; its promises stay as they were."""
    if request.names_bank:
        require_same_bank(before, bank)
    began_with = bank_of_workshop(store, before, lambda: bank)
    facilitation = Facilitation(store, began_with)
    facilitation.put_on_list(before, _wanted_ids(store, began_with, before.library, request))
    secret = facilitation.renew_secret(before.id) if new_secret else ""
    return LedWorkshop(
        workshop=Workshops(store, began_with).get(before.id),
        secret=secret,
        resumed=True,
        bank=began_with,
    )


def _wanted_ids(store: Store, bank: Bank, library: str, request: WorkshopRequest) -> list[str]:
    """The ids of the collaborations that everybody is to see."""
    if request.all_collaborations:
        return [each.id for each in store.collaborations(library)]
    if not request.collaborations:
        return []
    listed = Assessments(store, library, bank).list_collaborations()
    return [find_named_collaboration(listed, name).collaboration.id for name in request.collaborations]
