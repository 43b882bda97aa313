"""Who may ask for what: every address is in the table, and a new one fails here until it is classified."""

import pytest
from starlette.routing import Route

from assessor.web.app import create_app
from assessor.web.http.guard import SECURITY_HEADERS
from assessor.web.http.roles import Role
from assessor.web.route_table import OWNER_ROUTES

#: Decided here, by a person: whose each address is.
WHOSE = {
    "/in/{secret}": Role.NONE,
    "/accessibility": Role.NONE,
    "/language": Role.NONE,
    "/look/{name}": Role.NONE,
    "/": Role.OWNER,
    "/library": Role.OWNER,
    "/new": Role.OWNER,
    "/report.pdf": Role.OWNER,
    "/example": Role.OWNER,
    "/workshops": Role.OWNER,
    "/workshops/{workshop}/lead": Role.OWNER,
    "/documents": Role.OWNER,
    "/documents/{document}": Role.OWNER,
    "/answers": Role.OWNER,
    "/answers/{ending}": Role.OWNER,
    "/template": Role.OWNER,
    "/calendar.ics": Role.OWNER,
    "/profile": Role.OWNER,
    "/profile/goals": Role.OWNER,
    "/profile/next": Role.OWNER,
    "/profile/logo": Role.OWNER,
    "/close": Role.OWNER,
    "/c/{collaboration}": Role.OWNER,
    "/c/{collaboration}/begin": Role.OWNER,
    "/c/{collaboration}/draft/{ending}": Role.OWNER,
    "/c/{collaboration}/rename": Role.OWNER,
    "/c/{collaboration}/erase": Role.OWNER,
    "/a/{assessment}": Role.OWNER,
    "/a/{assessment}/gut": Role.OWNER,
    "/a/{assessment}/wanted": Role.OWNER,
    "/a/{assessment}/mode": Role.OWNER,
    "/a/{assessment}/q/{item}": Role.OWNER,
    "/a/{assessment}/gains": Role.OWNER,
    "/a/{assessment}/ends/{item}": Role.OWNER,
    "/a/{assessment}/goal": Role.OWNER,
    "/a/{assessment}/step": Role.OWNER,
    "/a/{assessment}/quotation": Role.OWNER,
    "/a/{assessment}/check": Role.OWNER,
    "/a/{assessment}/fit/{item}": Role.OWNER,
    "/a/{assessment}/verdict": Role.OWNER,
    "/a/{assessment}/note": Role.OWNER,
}
KEY = ("key", "0123456789abcdef0123")


def test_the_table_is_as_classified():
    assert {page.path: page.role for page in OWNER_ROUTES} == WHOSE


def test_nothing_is_served_that_the_table_does_not_hold(house):
    (shaped,) = create_app(house).app.routes
    served = shaped.routes

    assert [route.path for route in served if isinstance(route, Route)] == [page.path for page in OWNER_ROUTES]
    assert len(served) == len(OWNER_ROUTES)


@pytest.mark.parametrize("role", [Role.NONE, Role.PARTICIPANT, Role.FACILITATOR])
def test_who_is_not_the_owner_sees_and_changes_nothing(role, visitor, answered, owner, store):
    with store() as kept:
        before = kept.content_hash()
        collaboration = kept.collaborations("The Example Library")[0].id
    somebody = visitor(role)
    refused = 401 if role is Role.NONE else 403
    names = {"assessment": answered.removeprefix("/a/"), "collaboration": collaboration, "item": "creation"}
    names |= {"document": "wall", "ending": "json"}
    told = {}
    for page in OWNER_ROUTES:
        address = page.path.format(**names, secret="", name="", workshop="x")
        if page.role is Role.OWNER:
            asked, sent = somebody.get(address), somebody.post(address, [KEY])
            told[page.path] = (asked.status_code, sent.status_code)
            assert "Example School" not in asked.text + sent.text
    with store() as kept:
        assert kept.content_hash() == before

    assert told == {page.path: (refused, refused) for page in OWNER_ROUTES if page.role is Role.OWNER}


def test_the_owner_reaches_every_page(owner, answered, store):
    with store() as kept:
        collaboration = kept.collaborations("The Example Library")[0].id
    owner.fill(f"{answered}/q/strategy", ("response", "goal"))
    names = {"assessment": answered.removeprefix("/a/"), "collaboration": collaboration, "item": "agreement"}
    printed = {"/report.pdf", "/documents/{document}", "/c/{collaboration}/draft/{ending}"}
    pages = [page.path for page in OWNER_ROUTES if page.role is Role.OWNER and page.get and page.path not in printed]
    names["ending"] = "csv"

    onward = {"/a/{assessment}", "/a/{assessment}/fit/{item}", "/c/{collaboration}"}  # all answers fit together
    assert {path: owner.get(path.format(**names)).status_code for path in pages} == {
        path: 303 if path in onward else 200 for path in pages
    }


def test_an_assessment_of_another_library_is_not_shown(owner, answered, home):
    owner.post("/library", [KEY, ("name", "Another Example Library")])

    assert owner.get(f"{answered}/verdict").status_code == 404


def test_every_answer_says_how_it_may_be_used(owner, answered):
    for path in ("/", "/nothing", "/accessibility", f"{answered}/verdict"):
        given = owner.get(path).headers

        assert {name: given.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
        assert "server" not in given
    assert "unsafe" not in SECURITY_HEADERS["content-security-policy"]


def test_a_page_holds_no_script_style_or_address_of_its_own(owner, answered):
    from web_pages import sheet

    for path in ("/", "/new", f"{answered}/gut", f"{answered}/q/creation", f"{answered}/verdict", "/accessibility"):
        tags = sheet(owner.get(path).text).tags
        addresses = [
            value
            for _tag, given in tags
            for name, value in given.items()
            if name in ("src", "href", "action", "srcset")
        ]

        assert [tag for tag, given in tags if tag == "style" or (tag == "script" and "src" not in given)] == []
        assert [name for _tag, given in tags for name in given if name == "style" or name.startswith("on")] == []
        assert [each for each in addresses if not each.startswith(("/", "#", "data:image/svg+xml,"))] == []
        assert [each for each in addresses if each.startswith("//")] == []
