"""The rows of the route table that only a service has.

A library's own pages are those of one's own machine, row by row, under the library's prefix: there is no second list
of them, and a page that is added there is a library's page here too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from assessor.web.http.roles import Role
from assessor.web.http.route import PageRoute
from assessor.web.service import entrance, host, library_pages, nation, people, workshops

#: Rows of one's own machine that a library on a service does not have, or has otherwise.
_NOT_ON_SERVICE: Final = frozenset(
    {"/", "/library", "/close", "/c/{collaboration}/erase", "/report.pdf", "/workshops", "/workshops/{workshop}/lead"}
)

#: In front of all that belongs to one library.
_PREFIX: Final = "/l/{library}"

#: Where anybody comes in, and what anybody may read.
ENTRANCE_ROUTES: Final = (
    PageRoute(path="/key", role=Role.NONE, get=entrance.show_key_field, post=entrance.open_key),
    PageRoute(path="/key/{secret}", role=Role.NONE, get=entrance.show_key),
    PageRoute(path="/health", role=Role.NONE, get=entrance.show_health),
    PageRoute(path="/metrics", role=Role.NONE, get=entrance.show_metrics, needs_store=False),
    PageRoute(path="/privacy", role=Role.NONE, get=entrance.show_privacy),
)

HOST_ROUTES: Final = (
    PageRoute(path="/host", role=Role.HOST, get=host.show_home, post=host.give_keys),
    PageRoute(path="/host/language", role=Role.HOST, post=entrance.change_language),
    PageRoute(path="/host/keys.csv", role=Role.HOST, post=host.download_keys),
    PageRoute(path="/host/letters", role=Role.HOST, post=host.show_letters),
    PageRoute(path="/host/leave", role=Role.HOST, get=entrance.show_leave, post=entrance.leave),
    PageRoute(path="/host/nation", role=Role.HOST, get=nation.show_to_host, post=nation.draw_snapshot),
    PageRoute(path="/host/nation/{quarter}", role=Role.HOST, get=nation.show_quarter),
    PageRoute(path="/host/nation/{quarter}/{ending}", role=Role.HOST, get=nation.download_picture),
    PageRoute(path="/host/expired", role=Role.HOST, get=host.show_expired, post=host.erase_expired),
    PageRoute(path="/host/l/{library}/key", role=Role.HOST, post=host.give_new_key),
    PageRoute(path="/host/l/{library}/withdraw", role=Role.HOST, get=host.show_withdraw, post=host.withdraw),
    PageRoute(path="/host/l/{library}/erase", role=Role.HOST, get=host.show_erase, post=host.erase),
)

_BESIDE_OWN_PAGES: Final = (
    PageRoute(path="", role=Role.READER, get=library_pages.show_home),
    PageRoute(path="/language", role=Role.READER, post=entrance.change_language),
    PageRoute(path="/report", role=Role.READER, get=library_pages.show_report, makes_document=True),
    PageRoute(path="/nation", role=Role.READER, get=nation.show_to_library),
    PageRoute(path="/nation/share", role=Role.STEWARD, get=nation.show_sharing, post=nation.choose_sharing),
    PageRoute(path="/leave", role=Role.READER, get=entrance.show_leave, post=entrance.leave),
    PageRoute(path="/workshops", role=Role.COLLEAGUE, get=workshops.show_workshops, post=workshops.lead),
    PageRoute(path="/workshops/{workshop}/lead", role=Role.COLLEAGUE, post=workshops.lead_on),
    PageRoute(path="/people", role=Role.COLLEAGUE, get=people.show_people),
    PageRoute(path="/people/invite", role=Role.STEWARD, post=people.invite),
    PageRoute(path="/people/device", role=Role.COLLEAGUE, post=people.take_in_device),
    PageRoute(path="/people/device/withdraw", role=Role.COLLEAGUE, post=people.withdraw_device),
    PageRoute(
        path="/people/{member}/withdraw",
        role=Role.STEWARD,
        get=people.show_withdraw_member,
        post=people.withdraw_member,
    ),
    PageRoute(path="/erase", role=Role.STEWARD, get=library_pages.show_erase_library, post=library_pages.erase_library),
)


def library_routes(own_routes: Iterable[PageRoute]) -> Iterator[PageRoute]:
    """A library's pages: those of one's own machine, and those that only a service has."""
    for row in _BESIDE_OWN_PAGES:
        yield replace(row, path=f"{_PREFIX}{row.path}")
    for row in own_routes:
        if row.role is Role.OWNER and row.path not in _NOT_ON_SERVICE:
            yield replace(row, path=f"{_PREFIX}{row.path}", role=Role.COLLEAGUE)
        elif row.path == "/report.pdf":
            yield replace(row, path=f"{_PREFIX}{row.path}", role=Role.READER)
        elif row.path == "/c/{collaboration}/erase":
            erase = library_pages.erase_collaboration
            yield replace(row, path=f"{_PREFIX}{row.path}", role=Role.STEWARD, post=erase)
