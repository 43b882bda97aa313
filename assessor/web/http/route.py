"""The type of a row in the route table."""

from collections.abc import Callable
from dataclasses import dataclass

from assessor.bank import Bank
from assessor.web.http.form_parsing import FormData
from assessor.web.http.request_context import HandlerResult, RequestContext
from assessor.web.http.roles import Role

Handler = Callable[[RequestContext], HandlerResult]


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRoute:
    """An address, the role that it requires, and the handlers that answer it."""

    path: str
    role: Role
    #: Answers GET; changes nothing. None where the address only takes forms.
    get: Handler | None = None
    #: Answers POST of a form. None where the address only shows something.
    post: Handler | None = None
    #: Whether HEAD is answered like GET; False where opening the address has an effect.
    answers_head: bool = True
    #: Whether the handler runs in the store's thread; False answers even while the store is busy.
    needs_store: bool = True
    #: Whether it may share a commit with other requests, and be run again when that commit fails. False where
    #: running twice would matter, or where the handler manages the store's files.
    batchable: bool = False
    #: Whether it makes a document, for which it waits for a turn before the handler runs (`printing.PrintQueue`).
    makes_document: bool = False
    #: Whether its form may come with a file.
    takes_file: bool = False
    #: What is made of its form beside the store's thread, before the handler runs, which finds it as `prepared`. Only
    #: for forms of people who are let in.
    prepare: Callable[[FormData, Bank, str], object] | None = None
