"""How it is said that answers were erased because their days were over, by whichever command opened the store."""

from collections.abc import Callable

from assessor.errors import N_
from assessor.safe_text import format_names
from assessor.store import Expiry
from assessor.store.errors import ErasureIncomplete
from assessor.usecases.erasing import describe_remaining_copies

_EXPIRED = N_(
    "The days of these workshops are over, and everybody's answers were erased (assessments: {count}): {names}"
)
_READ_MEANWHILE = N_(
    "The days of these workshops are over, and everybody's answers were erased: {names}. Another program is still "
    "reading {path}; close it, for traces may remain there until then"
)
_FAILED = N_("The days of these workshops are over, but the answers could not be erased: {names}. {why}")
_WAITING = N_("This machine's clock may be wrong, so nothing was erased in {names}; if it is right: {command}")


def describe_expiry(expiry: Expiry | None, translate: Callable[[str], str], command: str) -> tuple[str, ...]:
    """What was erased and where copies still lie, or what waits for a yes and why; nothing where nothing was due."""
    if expiry is None:
        return ()
    names = format_names([each.name for each in expiry.workshops])
    if isinstance(expiry.refusal, ErasureIncomplete):
        return (translate(_READ_MEANWHILE).format(names=names, **expiry.refusal.facts),)
    if expiry.refusal:
        return (translate(_FAILED).format(names=names, why=expiry.refusal.message(translate)),)
    if expiry.erasure is None:
        return (translate(_WAITING).format(names=names, command=f"{command} workshop expire"),)
    said = translate(_EXPIRED).format(count=expiry.erasure.count, names=names)
    return (said, *describe_remaining_copies(expiry.erasure, translate, with_folders=True))
