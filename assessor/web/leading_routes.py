"""What whoever leads a workshop can ask for: the rows of the table that are theirs, all under `/w/{workshop}`."""

from typing import Final

from assessor.web import leading, outcome, pages, steps
from assessor.web.roles import Role
from assessor.web.table import Handler, Page


def _led(path: str, get: Handler | None = None, post: Handler | None = None, *, together: bool = True) -> Page:
    return Page(path=f"/w/{{workshop}}{path}", role=Role.FACILITATOR, get=get, post=post, together=together)


LEADING: Final[tuple[Page, ...]] = (
    _led("", leading.home),
    _led("/board", leading.show_board),
    _led("/live", leading.live),
    _led("/stage", post=leading.set_stage),
    _led("/collaborations", post=leading.add),
    _led("/people", leading.people, leading.enrol),
    _led("/lock", post=leading.lock),
    _led("/people/{respondent}/remove", post=leading.remove),
    _led("/paper/{respondent}", leading.paper),
    _led("/paper/{respondent}/c/{collaboration}", post=leading.begin_paper),
    _led("/case/{case}/reveal", post=leading.reveal_case),
    _led("/c/{collaboration}", leading.collaboration),
    _led("/c/{collaboration}/reveal", post=leading.reveal),
    _led("/c/{collaboration}/agree", post=leading.agree),
    _led("/c/{collaboration}/settle", post=leading.settle),
    _led("/c/{collaboration}/dissent", post=leading.dissent),
    _led("/c/{collaboration}/agree-after-all", post=leading.drop_dissent),
    _led("/c/{collaboration}/step", post=leading.step),
    _led("/c/{collaboration}/undo", post=leading.drop_step),
    _led("/c/{collaboration}/invite", post=leading.invite),
    _led("/a/{assessment}", steps.go_on),
    _led("/a/{assessment}/gut", steps.gut, steps.take_gut),
    _led("/a/{assessment}/wanted", steps.wanted, steps.take_wanted),
    _led("/a/{assessment}/q/{item}", steps.item, steps.take_item),
    _led("/a/{assessment}/gains", steps.gains, steps.take_gains),
    _led("/a/{assessment}/check", pages.check),
    _led("/a/{assessment}/verdict", pages.verdict),
    _led("/a/{assessment}/note", post=steps.note),
    _led("/end", leading.ending, leading.end),
    _led("/report.pdf", outcome.report, together=False),
    _led("/data.json", outcome.data, together=False),
    _led("/erase", leading.erase, leading.erased, together=False),
)
