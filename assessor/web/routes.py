"""The one table of what can be asked for, by whom, and what answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from assessor.web import library, pages, steps
from assessor.web.roles import Role
from assessor.web.visit import Answer, Visit

Handler = Callable[[Visit], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """An address, whose it is, and what it answers with."""

    path: str
    role: Role
    #: What is answered without changing anything.
    get: Handler | None = None
    #: What is answered to a form.
    post: Handler | None = None
    #: Whether the store is needed; what needs it answers only to those inside.
    store: bool = True
    #: Names in the path and what they may be.
    names: Mapping[str, str] = field(default_factory=dict)


#: Every address there is. What is not here does not exist, and a page without a role does not start.
ROUTES: Final = (
    Page(path="/in/{secret}", role=Role.NONE, store=False),
    Page(path="/accessibility", role=Role.NONE, get=pages.accessibility, store=False),
    Page(path="/language", role=Role.NONE, post=pages.speak, store=False),
    Page(path="/look/{name}", role=Role.NONE, store=False),
    Page(path="/", role=Role.OWNER, get=library.home),
    Page(path="/library", role=Role.OWNER, get=library.choose, post=library.take),
    Page(path="/new", role=Role.OWNER, get=library.new, post=library.add),
    Page(path="/report.pdf", role=Role.OWNER, get=library.report),
    Page(path="/close", role=Role.OWNER, get=pages.closing, post=pages.close, store=False),
    Page(path="/c/{collaboration}", role=Role.OWNER, get=library.open_),
    Page(path="/c/{collaboration}/begin", role=Role.OWNER, post=library.begin),
    Page(path="/c/{collaboration}/rename", role=Role.OWNER, get=library.rename, post=library.renamed),
    Page(path="/c/{collaboration}/erase", role=Role.OWNER, get=library.erase, post=library.erased),
    Page(path="/a/{assessment}", role=Role.OWNER, get=steps.go_on),
    Page(path="/a/{assessment}/gut", role=Role.OWNER, get=steps.gut, post=steps.take_gut),
    Page(path="/a/{assessment}/wanted", role=Role.OWNER, get=steps.wanted, post=steps.take_wanted),
    Page(path="/a/{assessment}/mode", role=Role.OWNER, get=steps.mode, post=steps.take_mode),
    Page(path="/a/{assessment}/q/{item}", role=Role.OWNER, get=steps.item, post=steps.take_item),
    Page(path="/a/{assessment}/gains", role=Role.OWNER, get=steps.gains, post=steps.take_gains),
    Page(path="/a/{assessment}/check", role=Role.OWNER, get=pages.check),
    Page(path="/a/{assessment}/verdict", role=Role.OWNER, get=pages.verdict),
    Page(path="/a/{assessment}/note", role=Role.OWNER, post=steps.note),
)
