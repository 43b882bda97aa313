"""The one table of what can be asked for, by whom, and what answers: one half for one's own pages, one for rooms."""

from typing import Final

from assessor.web import assessment_pages, interview_pages
from assessor.web.http.roles import Role
from assessor.web.http.route import Page
from assessor.web.own import library
from assessor.web.workshop import calibration, joining
from assessor.web.workshop.facilitator_routes import LEADING

#: Every address of the pages for one person. What is not here does not exist, and a page without a role does not start.
ROUTES: Final = (
    Page(path="/in/{secret}", role=Role.NONE, store=False),
    Page(path="/accessibility", role=Role.NONE, get=assessment_pages.accessibility, store=False),
    Page(path="/language", role=Role.NONE, post=assessment_pages.speak, store=False),
    Page(path="/look/{name}", role=Role.NONE, store=False),
    Page(path="/", role=Role.OWNER, get=library.home),
    Page(path="/library", role=Role.OWNER, get=library.choose, post=library.take),
    Page(path="/new", role=Role.OWNER, get=library.new, post=library.add),
    Page(path="/report.pdf", role=Role.OWNER, get=library.report),
    Page(path="/close", role=Role.OWNER, get=assessment_pages.closing, post=assessment_pages.close, store=False),
    Page(path="/c/{collaboration}", role=Role.OWNER, get=library.open_),
    Page(path="/c/{collaboration}/begin", role=Role.OWNER, post=library.begin),
    Page(path="/c/{collaboration}/rename", role=Role.OWNER, get=library.rename, post=library.renamed),
    Page(path="/c/{collaboration}/erase", role=Role.OWNER, get=library.erase, post=library.erased),
    Page(path="/a/{assessment}", role=Role.OWNER, get=interview_pages.go_on),
    Page(path="/a/{assessment}/gut", role=Role.OWNER, get=interview_pages.gut, post=interview_pages.take_gut),
    Page(path="/a/{assessment}/wanted", role=Role.OWNER, get=interview_pages.wanted, post=interview_pages.take_wanted),
    Page(path="/a/{assessment}/mode", role=Role.OWNER, get=interview_pages.mode, post=interview_pages.take_mode),
    Page(path="/a/{assessment}/q/{item}", role=Role.OWNER, get=interview_pages.item, post=interview_pages.take_item),
    Page(path="/a/{assessment}/gains", role=Role.OWNER, get=interview_pages.gains, post=interview_pages.take_gains),
    Page(path="/a/{assessment}/check", role=Role.OWNER, get=assessment_pages.check),
    Page(path="/a/{assessment}/verdict", role=Role.OWNER, get=assessment_pages.verdict),
    Page(path="/a/{assessment}/note", role=Role.OWNER, post=interview_pages.note),
)

#: Every address of the pages for workshops.
ROOM: Final = (
    Page(path="/look/{name}", role=Role.NONE, store=False),
    Page(path="/accessibility", role=Role.NONE, get=assessment_pages.accessibility),
    Page(path="/language", role=Role.NONE, post=joining.speak, together=True),
    Page(path="/", role=Role.NONE, get=joining.home, post=joining.find),
    Page(path="/j/{code}", role=Role.NONE, get=joining.door, post=joining.join, together=True),
    Page(path="/p/{secret}", role=Role.NONE, get=joining.invitation, post=joining.accept, together=True),
    Page(path="/go/{secret}", role=Role.NONE, get=joining.link, post=joining.follow, together=True),
    Page(path="/lead/{secret}", role=Role.NONE, get=joining.leader, post=joining.lead),
    Page(path="/phone", role=Role.PARTICIPANT, get=joining.phone, post=joining.another_phone, together=True),
    Page(path="/live", role=Role.PARTICIPANT, get=calibration.live, together=True),
    Page(path="/now", role=Role.PARTICIPANT, get=calibration.now_, together=True),
    Page(path="/case/{case}", role=Role.PARTICIPANT, get=calibration.case, post=calibration.place, together=True),
    Page(path="/new", role=Role.PARTICIPANT, get=joining.new, post=joining.bring, together=True),
    Page(path="/c/{collaboration}/begin", role=Role.PARTICIPANT, post=joining.begin, together=True),
    Page(path="/a/{assessment}", role=Role.PARTICIPANT, get=interview_pages.go_on),
    Page(
        path="/a/{assessment}/gut",
        role=Role.PARTICIPANT,
        get=interview_pages.gut,
        post=interview_pages.take_gut,
        together=True,
    ),
    Page(
        path="/a/{assessment}/wanted",
        role=Role.PARTICIPANT,
        get=interview_pages.wanted,
        post=interview_pages.take_wanted,
        together=True,
    ),
    Page(
        path="/a/{assessment}/q/{item}",
        role=Role.PARTICIPANT,
        get=interview_pages.item,
        post=interview_pages.take_item,
        together=True,
    ),
    Page(
        path="/a/{assessment}/gains",
        role=Role.PARTICIPANT,
        get=interview_pages.gains,
        post=interview_pages.take_gains,
        together=True,
    ),
    Page(path="/a/{assessment}/check", role=Role.PARTICIPANT, get=assessment_pages.check),
    Page(path="/a/{assessment}/verdict", role=Role.PARTICIPANT, get=assessment_pages.verdict),
    Page(path="/a/{assessment}/note", role=Role.PARTICIPANT, post=interview_pages.note, together=True),
    *LEADING,
)
