"""A row of the table of pages."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor.web.http.request_context import HandlerResult, RequestContext
from assessor.web.http.roles import Role

Handler = Callable[[RequestContext], HandlerResult]


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRoute:
    """An address, whose it is, and what it answers with."""

    path: str
    role: Role
    #: What is answered without changing anything.
    get: Handler | None = None
    #: What is answered to a form.
    post: Handler | None = None
    #: Whether a HEAD is answered as a GET is; not where opening the address has an effect.
    answers_head: bool = True
    #: Whether the store is needed.
    needs_store: bool = True
    #: Whether what it does may be committed together with what others do; not where the store is cleaned up after.
    batchable: bool = False
