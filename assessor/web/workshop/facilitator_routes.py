"""What whoever leads a workshop can ask for: the rows of the table that are theirs, all under `/w/{workshop}`."""

from typing import Final

from assessor.web import assessment_pages, interview_pages
from assessor.web.http.roles import Role
from assessor.web.http.route import Handler, Page
from assessor.web.workshop import downloads, facilitating


def _led(path: str, get: Handler | None = None, post: Handler | None = None, *, together: bool = True) -> Page:
    return Page(path=f"/w/{{workshop}}{path}", role=Role.FACILITATOR, get=get, post=post, together=together)


LEADING: Final[tuple[Page, ...]] = (
    _led("", facilitating.home),
    _led("/board", facilitating.show_board),
    _led("/live", facilitating.live),
    _led("/stage", post=facilitating.set_stage),
    _led("/collaborations", post=facilitating.add),
    _led("/people", facilitating.people, facilitating.enrol),
    _led("/lock", post=facilitating.lock),
    _led("/people/{respondent}/remove", post=facilitating.remove),
    _led("/paper/{respondent}", facilitating.paper),
    _led("/paper/{respondent}/c/{collaboration}", post=facilitating.begin_paper),
    _led("/case/{case}/reveal", post=facilitating.reveal_case),
    _led("/c/{collaboration}", facilitating.collaboration),
    _led("/c/{collaboration}/reveal", post=facilitating.reveal),
    _led("/c/{collaboration}/agree", post=facilitating.agree),
    _led("/c/{collaboration}/settle", post=facilitating.settle),
    _led("/c/{collaboration}/dissent", post=facilitating.dissent),
    _led("/c/{collaboration}/agree-after-all", post=facilitating.drop_dissent),
    _led("/c/{collaboration}/step", post=facilitating.step),
    _led("/c/{collaboration}/undo", post=facilitating.drop_step),
    _led("/c/{collaboration}/invite", post=facilitating.invite),
    _led("/a/{assessment}", interview_pages.go_on),
    _led("/a/{assessment}/gut", interview_pages.gut, interview_pages.take_gut),
    _led("/a/{assessment}/wanted", interview_pages.wanted, interview_pages.take_wanted),
    _led("/a/{assessment}/q/{item}", interview_pages.item, interview_pages.take_item),
    _led("/a/{assessment}/gains", interview_pages.gains, interview_pages.take_gains),
    _led("/a/{assessment}/check", assessment_pages.check),
    _led("/a/{assessment}/verdict", assessment_pages.verdict),
    _led("/a/{assessment}/note", post=interview_pages.note),
    _led("/end", facilitating.ending, facilitating.end),
    _led("/report.pdf", downloads.report, together=False),
    _led("/data.json", downloads.data, together=False),
    _led("/erase", facilitating.erase, facilitating.erased, together=False),
)
