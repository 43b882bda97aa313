"""The facilitators' rows of the route table, all under `/w/{workshop}`.

Apart from `route_table` only because of its length; the interview's handlers are the ones that participants use, here
for entering answers from paper and the answers that the room agreed on.
"""

from collections.abc import Callable
from typing import Final

from assessor.bank import Bank
from assessor.web import assessment_pages, interview_pages
from assessor.web.http.form_parsing import FormData
from assessor.web.http.roles import Role
from assessor.web.http.route import Handler, PageRoute
from assessor.web.workshop import downloads, facilitating, joining, paper_table, room_forms, room_size, screens, wifi


def _facilitator_route(
    path: str,
    get: Handler | None = None,
    post: Handler | None = None,
    *,
    batchable: bool = True,
    takes_file: bool = False,
    prepare: Callable[[FormData, Bank, str], object] | None = None,
    makes_document: bool = False,
) -> PageRoute:
    """A route below `/w/{workshop}` for facilitators.

    `batchable` is False for reports and forms, which read too much for a batch, and for erasing, which rewrites the
    store's file.
    """
    return PageRoute(
        path=f"/w/{{workshop}}{path}",
        role=Role.FACILITATOR,
        get=get,
        post=post,
        batchable=batchable,
        takes_file=takes_file,
        prepare=prepare,
        makes_document=makes_document,
    )


FACILITATOR_ROUTES: Final[tuple[PageRoute, ...]] = (
    _facilitator_route("", facilitating.show_home),
    _facilitator_route("/language", post=joining.change_language),
    _facilitator_route("/board", facilitating.show_board),
    _facilitator_route("/live", facilitating.stream_updates),
    _facilitator_route("/stage", post=facilitating.set_stage),
    _facilitator_route("/go", post=facilitating.go_on),
    _facilitator_route("/expected", post=room_size.set_expected),
    _facilitator_route("/wifi", post=wifi.show_wifi),
    _facilitator_route("/until", post=room_size.set_until),
    _facilitator_route("/collaborations", post=facilitating.add_collaborations),
    _facilitator_route("/people", facilitating.show_people, facilitating.enrol_on_paper),
    _facilitator_route(
        "/forms",
        room_forms.show_forms,
        room_forms.take_in,
        batchable=False,
        takes_file=True,
        prepare=room_forms.read_sent,
    ),
    _facilitator_route("/lock", post=facilitating.set_locked),
    _facilitator_route("/people/{respondent}/remove", post=facilitating.remove_respondent),
    _facilitator_route("/paper/{respondent}", facilitating.show_paper),
    _facilitator_route(
        "/paper/{respondent}/c/{collaboration}", paper_table.show_paper_table, paper_table.save_paper_table
    ),
    _facilitator_route("/c/{collaboration}", facilitating.show_collaboration),
    _facilitator_route("/c/{collaboration}/list", post=facilitating.change_list),
    _facilitator_route("/c/{collaboration}/reveal", post=facilitating.reveal_collaboration),
    _facilitator_route("/c/{collaboration}/agree", post=facilitating.begin_agreeing),
    _facilitator_route("/c/{collaboration}/settle", post=facilitating.save_agreed_response),
    _facilitator_route("/c/{collaboration}/dissent", post=facilitating.add_dissent),
    _facilitator_route("/c/{collaboration}/agree-after-all", post=facilitating.drop_dissent),
    _facilitator_route("/c/{collaboration}/step", post=facilitating.add_step),
    _facilitator_route("/c/{collaboration}/undo", post=facilitating.drop_step),
    _facilitator_route("/c/{collaboration}/invite", post=facilitating.invite_party),
    _facilitator_route("/c/{collaboration}/form.pdf", downloads.download_party_form, batchable=False),
    _facilitator_route("/a/{assessment}", interview_pages.go_to_next_step),
    _facilitator_route("/a/{assessment}/gut", interview_pages.show_gut, interview_pages.save_gut),
    _facilitator_route("/a/{assessment}/wanted", interview_pages.show_wanted, interview_pages.save_wanted),
    _facilitator_route("/a/{assessment}/q/{item}", interview_pages.show_item, interview_pages.save_item),
    _facilitator_route("/a/{assessment}/fit/{item}", interview_pages.show_asked_back),
    _facilitator_route("/a/{assessment}/ends/{item}", interview_pages.show_paper_end, interview_pages.save_paper_end),
    _facilitator_route("/a/{assessment}/goal", interview_pages.show_goal, interview_pages.save_goal),
    _facilitator_route("/a/{assessment}/gains", interview_pages.show_gains, interview_pages.save_gains),
    _facilitator_route("/a/{assessment}/check", assessment_pages.show_responses),
    _facilitator_route("/a/{assessment}/verdict", assessment_pages.show_verdict),
    _facilitator_route("/a/{assessment}/note", post=interview_pages.save_note),
    _facilitator_route("/step", post=facilitating.add_step),
    _facilitator_route("/wanted", post=facilitating.set_wanted),
    _facilitator_route("/dissent", post=facilitating.add_dissent),
    _facilitator_route("/leave", facilitating.show_stop_leading, facilitating.stop_leading),
    _facilitator_route("/end", facilitating.show_ending, facilitating.close_workshop),
    _facilitator_route("/both-sides", post=facilitating.choose_both_sides),
    _facilitator_route("/reopen", post=facilitating.reopen_workshop),
    _facilitator_route("/share", post=facilitating.share_leading),
    _facilitator_route("/screens", post=screens.share_board),
    _facilitator_route("/screens/withdraw", post=screens.withdraw_screens),
    _facilitator_route("/withdraw", post=facilitating.withdraw_other_browsers),
    _facilitator_route("/report.pdf", downloads.download_report, batchable=False, makes_document=True),
    _facilitator_route("/data.json", downloads.download_data, batchable=False, makes_document=True),
    _facilitator_route("/erase", facilitating.show_erase, facilitating.erase_workshop, batchable=False),
)
