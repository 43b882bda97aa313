"""The one table of addresses: each with the role that it requires and the handlers that answer it.

Nothing is registered anywhere else, so this file is the place to check who can reach what. A server uses one of the
three parts: `OWNER_ROUTES` on one's own machine, `WORKSHOP_ROUTES` in a room, `SERVICE_ROUTES` on a service. Routes of
facilitators are listed in `workshop.facilitator_routes`, a service's own in `service.routes`; both are included here.
"""

from dataclasses import replace
from typing import Final

from assessor.web import assessment_pages, interview_pages, static_pages
from assessor.web.http.deployment import Audience
from assessor.web.http.roles import Role
from assessor.web.http.route import PageRoute
from assessor.web.own import documents, entrance, library, profile, workshops
from assessor.web.service import entrance as entrance_of_service
from assessor.web.service.routes import ENTRANCE_ROUTES, HOST_ROUTES, library_routes
from assessor.web.workshop import calibration, gut_round, joining, phone_board, screens
from assessor.web.workshop.facilitator_routes import FACILITATOR_ROUTES

#: Every address of the pages for one person. `role` has no default, so no page can be public by oversight.
OWNER_ROUTES: Final = (
    PageRoute(path="/in/{secret}", role=Role.NONE, get=entrance.redeem_link, answers_head=False, needs_store=False),
    PageRoute(path="/accessibility", role=Role.NONE, get=assessment_pages.show_accessibility, needs_store=False),
    PageRoute(path="/language", role=Role.NONE, post=assessment_pages.change_language, needs_store=False),
    PageRoute(path="/look/{name}", role=Role.NONE, get=static_pages.show_static_file, needs_store=False),
    PageRoute(path="/", role=Role.OWNER, get=library.show_home),
    PageRoute(path="/library", role=Role.OWNER, get=library.show_libraries, post=library.choose_library),
    PageRoute(path="/new", role=Role.OWNER, get=library.show_new_collaboration, post=library.add_collaboration),
    PageRoute(path="/report.pdf", role=Role.OWNER, get=library.download_report, makes_document=True),
    PageRoute(path="/workshops", role=Role.OWNER, get=workshops.show_workshops, post=workshops.lead),
    PageRoute(path="/workshops/{workshop}/lead", role=Role.OWNER, post=workshops.lead_on),
    PageRoute(path="/example", role=Role.OWNER, get=documents.show_example, makes_document=True),
    PageRoute(path="/documents", role=Role.OWNER, get=documents.show_documents),
    PageRoute(path="/documents/{document}", role=Role.OWNER, get=documents.download_document, makes_document=True),
    PageRoute(path="/answers", role=Role.OWNER, post=documents.take_in, takes_file=True, prepare=documents.read_sent),
    PageRoute(path="/answers/{ending}", role=Role.OWNER, get=documents.download_history, makes_document=True),
    PageRoute(path="/template", role=Role.OWNER, get=documents.download_template, makes_document=True),
    PageRoute(path="/calendar.ics", role=Role.OWNER, get=profile.download_calendar, makes_document=True),
    PageRoute(path="/profile", role=Role.OWNER, get=profile.show_profile),
    PageRoute(path="/profile/goals", role=Role.OWNER, post=profile.save_goal),
    PageRoute(path="/profile/next", role=Role.OWNER, post=profile.save_next_month),
    PageRoute(path="/profile/logo", role=Role.OWNER, post=profile.save_logo, takes_file=True),
    PageRoute(
        path="/close",
        role=Role.OWNER,
        get=assessment_pages.show_close,
        post=assessment_pages.stop_program,
        needs_store=False,
    ),
    PageRoute(path="/c/{collaboration}", role=Role.OWNER, get=library.open_collaboration),
    PageRoute(path="/c/{collaboration}/begin", role=Role.OWNER, post=library.begin_assessment),
    PageRoute(
        path="/c/{collaboration}/draft/{ending}", role=Role.OWNER, get=documents.download_draft, makes_document=True
    ),
    PageRoute(
        path="/c/{collaboration}/rename", role=Role.OWNER, get=library.show_rename, post=library.rename_collaboration
    ),
    PageRoute(
        path="/c/{collaboration}/erase", role=Role.OWNER, get=library.show_erase, post=library.erase_collaboration
    ),
    PageRoute(path="/a/{assessment}", role=Role.OWNER, get=interview_pages.go_to_next_step),
    PageRoute(path="/a/{assessment}/gut", role=Role.OWNER, get=interview_pages.show_gut, post=interview_pages.save_gut),
    PageRoute(
        path="/a/{assessment}/wanted",
        role=Role.OWNER,
        get=interview_pages.show_wanted,
        post=interview_pages.save_wanted,
    ),
    PageRoute(
        path="/a/{assessment}/mode", role=Role.OWNER, get=interview_pages.show_mode, post=interview_pages.save_mode
    ),
    PageRoute(
        path="/a/{assessment}/q/{item}", role=Role.OWNER, get=interview_pages.show_item, post=interview_pages.save_item
    ),
    PageRoute(path="/a/{assessment}/fit/{item}", role=Role.OWNER, get=interview_pages.show_asked_back),
    PageRoute(
        path="/a/{assessment}/gains", role=Role.OWNER, get=interview_pages.show_gains, post=interview_pages.save_gains
    ),
    PageRoute(
        path="/a/{assessment}/ends/{item}",
        role=Role.OWNER,
        get=interview_pages.show_paper_end,
        post=interview_pages.save_paper_end,
    ),
    PageRoute(
        path="/a/{assessment}/goal", role=Role.OWNER, get=interview_pages.show_goal, post=interview_pages.save_goal
    ),
    PageRoute(path="/a/{assessment}/step", role=Role.OWNER, post=assessment_pages.save_plan),
    PageRoute(path="/a/{assessment}/quotation", role=Role.OWNER, post=assessment_pages.save_quotation),
    PageRoute(path="/a/{assessment}/check", role=Role.OWNER, get=assessment_pages.show_responses),
    PageRoute(path="/a/{assessment}/verdict", role=Role.OWNER, get=assessment_pages.show_verdict),
    PageRoute(path="/a/{assessment}/note", role=Role.OWNER, post=interview_pages.save_note),
)

#: Every address of the pages for workshops.
WORKSHOP_ROUTES: Final = (
    PageRoute(path="/look/{name}", role=Role.NONE, get=static_pages.show_static_file, needs_store=False),
    PageRoute(path="/accessibility", role=Role.NONE, get=assessment_pages.show_accessibility),
    PageRoute(path="/language", role=Role.NONE, post=joining.change_language, batchable=True),
    PageRoute(path="/", role=Role.NONE, get=joining.show_home, post=joining.find_workshop),
    PageRoute(path="/j/{code}", role=Role.NONE, get=joining.show_join, post=joining.join_workshop, batchable=True),
    PageRoute(
        path="/j/{code}/back", role=Role.NONE, get=joining.show_coming_back, post=joining.come_back, batchable=True
    ),
    PageRoute(
        path="/return",
        role=Role.PARTICIPANT,
        get=joining.show_return_code,
        post=joining.make_return_code,
        batchable=True,
    ),
    PageRoute(
        path="/p/{secret}", role=Role.NONE, get=joining.show_invitation, post=joining.accept_invitation, batchable=True
    ),
    PageRoute(
        path="/go/{secret}",
        role=Role.NONE,
        get=joining.show_phone_link,
        post=joining.move_to_this_phone,
        batchable=True,
    ),
    PageRoute(
        path="/lead/{secret}", role=Role.NONE, get=joining.show_facilitator_link, post=joining.become_facilitator
    ),
    PageRoute(path="/b", role=Role.NONE, get=screens.show_door, post=screens.open_board),
    PageRoute(path="/b/{code}", role=Role.NONE, get=screens.show_door),
    PageRoute(path="/b/show/{workshop}", role=Role.BOARD, get=screens.show_screen),
    PageRoute(path="/b/show/{workshop}/live", role=Role.BOARD, get=screens.stream_screen),
    PageRoute(
        path="/phone",
        role=Role.PARTICIPANT,
        get=joining.show_another_phone,
        post=joining.make_phone_link,
        batchable=True,
    ),
    PageRoute(path="/leave", role=Role.PARTICIPANT, get=joining.show_leave, post=joining.leave_phone, batchable=True),
    PageRoute(path="/live", role=Role.PARTICIPANT, get=calibration.stream_board_line, batchable=True),
    PageRoute(path="/now", role=Role.PARTICIPANT, get=calibration.show_board_line, batchable=True),
    PageRoute(
        path="/case/{number}",
        role=Role.PARTICIPANT,
        get=calibration.show_case,
        post=calibration.place_case,
        batchable=True,
    ),
    PageRoute(
        path="/new",
        role=Role.PARTICIPANT,
        get=joining.show_new_collaboration,
        post=joining.bring_collaboration,
        batchable=True,
    ),
    PageRoute(path="/board", role=Role.PARTICIPANT, get=phone_board.show_board_here),
    PageRoute(path="/keep", role=Role.PARTICIPANT, get=phone_board.save_page),
    PageRoute(path="/gut", role=Role.PARTICIPANT, get=gut_round.show_gut_round),
    PageRoute(path="/gut/{collaboration}", role=Role.PARTICIPANT, post=gut_round.save_gut_feeling, batchable=True),
    PageRoute(path="/c/{collaboration}/begin", role=Role.PARTICIPANT, post=joining.begin_assessment, batchable=True),
    PageRoute(path="/a/{assessment}", role=Role.PARTICIPANT, get=interview_pages.go_to_next_step),
    PageRoute(
        path="/a/{assessment}/gut",
        role=Role.PARTICIPANT,
        get=interview_pages.show_gut,
        post=interview_pages.save_gut,
        batchable=True,
    ),
    PageRoute(
        path="/a/{assessment}/wanted",
        role=Role.PARTICIPANT,
        get=interview_pages.show_wanted,
        post=interview_pages.save_wanted,
        batchable=True,
    ),
    PageRoute(
        path="/a/{assessment}/q/{item}",
        role=Role.PARTICIPANT,
        get=interview_pages.show_item,
        post=interview_pages.save_item,
        batchable=True,
    ),
    PageRoute(path="/a/{assessment}/fit/{item}", role=Role.PARTICIPANT, get=interview_pages.show_asked_back),
    PageRoute(
        path="/a/{assessment}/gains",
        role=Role.PARTICIPANT,
        get=interview_pages.show_gains,
        post=interview_pages.save_gains,
        batchable=True,
    ),
    PageRoute(path="/a/{assessment}/check", role=Role.PARTICIPANT, get=assessment_pages.show_responses),
    PageRoute(path="/a/{assessment}/verdict", role=Role.PARTICIPANT, get=assessment_pages.show_verdict),
    PageRoute(path="/a/{assessment}/note", role=Role.PARTICIPANT, post=interview_pages.save_note, batchable=True),
    *FACILITATOR_ROUTES,
)


#: Every address of a service: workshops, with a front page that has more than a room's, libraries, and the host.
SERVICE_ROUTES: Final = (
    *(replace(row, get=entrance_of_service.show_front) if row.path == "/" else row for row in WORKSHOP_ROUTES),
    *ENTRANCE_ROUTES,
    *HOST_ROUTES,
    *library_routes(OWNER_ROUTES),
)


def routes_for(audience: Audience) -> tuple[PageRoute, ...]:
    """The part of the table that serves an audience."""
    return {Audience.OWNER: OWNER_ROUTES, Audience.LOCAL_NETWORK: WORKSHOP_ROUTES, Audience.HOSTED: SERVICE_ROUTES}[
        audience
    ]
