"""What stands on the screen, as lines: an item, its help, the list of answers, a verdict.

Pure: nothing here asks or prints. The sentences of a verdict are made in `presentation.verdict_text`, for the pages and
the report too; here they get their signs and styles and the order of a terminal.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from assessor.core.instrument import Item
from assessor.core.verdict import Verdict
from assessor.core.wording import Wording
from assessor.local_time import local_today
from assessor.presentation.advice import Advice, proposed_step
from assessor.presentation.conflicts import CONFLICTS_EXPLAINED
from assessor.presentation.item_help import source_sentence, tell_story, told_sources
from assessor.presentation.marks import MarkState
from assessor.presentation.messages import Messages
from assessor.presentation.paper_ends import ending_paper, tell_paper_end
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.progress import difference_texts, items_left_text
from assessor.presentation.report import ReportRow
from assessor.presentation.rules_used import tell_rules_used
from assessor.presentation.terms import Terms
from assessor.presentation.tones import tone_of
from assessor.presentation.verdict_text import VerdictText, tell_verdict
from assessor.terminal.face import Paragraph
from assessor.usecases.assessments import GAINS, GOAL, GUT, WANTED, LoadedAssessment, item_of_paper

if TYPE_CHECKING:
    from assessor.core.routing import Mode

#: The style of a placement by the name of its tone.
_TONE_STYLES: Mapping[str, str] = {"t1": "first", "t2": "first", "t3": "second", "t4": "third", "t5": "third"}
_MARK_SIGNS: Mapping[MarkState, str] = {"met": "✓", "unmet": "✗", "unasked": "?", "unknown": "?"}


def standing_line(terms: Terms, opened: LoadedAssessment, mode: "Mode | None" = None) -> str:
    """Where a collaboration stands, in one line of a list; without `mode` it is read off the responses.

    While several placements are possible and questions are left, it says only that it is begun.
    """
    placements = opened.verdict.placements
    left = opened.items_left(mode or opened.inferred_mode() or "full")
    if left and len(placements) > 1:
        return terms.say("started, {left}", left=items_left_text(terms, left))
    standing = tell_placements(placements, terms, "levelled")
    if are_named(placements, terms.instrument):
        signs = dict.fromkeys(tone_of(terms.instrument, (placement,)).sign for placement in placements)
        standing = f"{''.join(signs)} {standing}"
    not_asked = terms.count("{number} question not asked", "{number} questions not asked", left)
    return f"{standing}, {not_asked}" if left else standing


def step_title(terms: Terms, step: str) -> str:
    """A step's name in a list: the item's short one, or our own for what is asked beside the items."""
    _ = terms.gettext
    named = {GUT: _("Gut feeling"), WANTED: _("Wanted level"), GAINS: _("What it brings"), GOAL: _("Goal")}
    if paper := item_of_paper(step):
        return _("{paper}: ends").format(paper=terms.wording.items[paper].short)
    return named[step] if step in named else terms.wording.items[step].short


def response_text(terms: Terms, opened: LoadedAssessment, step: str, goals: Mapping[str, str]) -> str:
    """What was given to a step, in words; `goals` are the library's by id.

    A gain that the bank does not have any more is shown by its id.
    """
    _, assessment = terms.gettext, opened.assessment
    match step:
        case "<gut>":
            return _placement_text(terms, assessment.gut, _("Don't know"))
        case "<wanted>":
            return _placement_text(terms, assessment.wanted, _("Don't know yet"))
        case "<gains>":
            return ", ".join(terms.wording.gains.get(gain, gain) for gain in assessment.gains) or _("nothing ticked")
        case "<goal>":
            return goals.get(assessment.goal or "", _("nothing chosen"))
    if paper := item_of_paper(step):
        return paper_end_text(terms, assessment.ends.get(paper, "")) or _("nothing chosen")
    return terms.response_or_not_asked(step, opened.responses.get(step))


def paper_end_text(terms: Terms, end: str) -> str:
    """When a paper ends, in words; empty where nobody has said."""
    return tell_paper_end(end, terms) if end else ""


def _placement_text(terms: Terms, placement: str | None, unknown: str) -> str:
    return terms.levelled_name(placement) if placement in terms.instrument.placements else unknown


def difference_lines(terms: Terms, opened: LoadedAssessment, now: Wording) -> Iterator[Paragraph]:
    """What the bank asks otherwise by now, while this assessment stays with its version; none if nothing."""
    if not opened.differences:
        return
    _ = terms.gettext
    yield Paragraph()
    yield Paragraph(
        _(
            "The questions have changed since you started (version {version}). All your answers "
            "are here, with the questions they belong to. What changed:"
        ).format(version=opened.assessment.version)
    )
    for text in difference_texts(opened.differences, terms.wording, now, terms):
        yield Paragraph(text, prefix="  • ")
    yield Paragraph(_("To answer the new questions, assess it again from the list; this assessment is kept."))


def rules_lines(
    opened: LoadedAssessment | None, today: Verdict | None, now: Terms, prefix: str = ""
) -> Iterator[Paragraph]:
    """By which rules a placement is told where those of the bank in use, whose words `now` holds, are others."""
    if opened and today:
        told = tell_rules_used(opened.assessment.version, opened.verdict, today, now)
        yield Paragraph(told, "quiet", prefix)


def item_heading(name: str, messages: Messages, left: int, changing: bool) -> Paragraph:
    """The line above an item: the collaboration, and how many questions are left."""
    progress = messages.gettext("changing an answer") if changing else items_left_text(messages, left)
    return Paragraph(f"{name} · {progress}", "quiet")


def item_lines(terms: Terms, item: Item, note: str) -> Iterator[Paragraph]:
    """An item as it is asked."""
    words = terms.wording.items[item.id]
    yield Paragraph(words.ask, "title")
    if words.hint:
        yield Paragraph(words.hint, "quiet")
    if note:
        yield Paragraph(note, "quiet", terms.gettext("Your note:") + " ")


def remark_lines(remarks: Iterable[Advice]) -> Iterator[Paragraph]:
    """What the bank says of responses that hardly fit together."""
    for remark in remarks:
        yield Paragraph(remark.title, "title")
        yield Paragraph(remark.text)


def help_lines(terms: Terms, item: str) -> Iterator[Paragraph]:
    """What the question does not say: an example, and where it comes from."""
    story, sources = tell_story(item, terms), terms.instrument.by_id[item].sources
    yield Paragraph()
    yield Paragraph(terms.wording.items[item].short, "title")
    yield from map(Paragraph, story)
    yield from source_lines(terms, sources)
    if not story and not sources:
        yield Paragraph(terms.gettext("The questionnaire has no more to say about this question."))


def source_lines(terms: Terms, sources: Iterable[str]) -> Iterator[Paragraph]:
    """Where something comes from, each source once: heading and document."""
    for source in told_sources(sources, terms):
        yield Paragraph(source_sentence(source, terms), "quiet")


def verdict_lines(terms: Terms, opened: LoadedAssessment) -> Iterator[Paragraph]:
    """A whole verdict: where it stands, what decides it and the next step; then why, the ways, marks and advice."""
    verdict = tell_verdict(_report_row(opened), terms)
    yield Paragraph()
    yield Paragraph(opened.assessment.collaboration.name, "strong")
    yield Paragraph(verdict.title, _TONE_STYLES.get(verdict.tone.name, "beside"), f"{verdict.tone.sign} ")
    step = proposed_step(terms, opened.verdict, opened.assessment.wanted).what if verdict.ways_up else ""
    yield from _summary_lines(terms, verdict, step)
    yield from _placement_lines(verdict)
    for part in _VERDICT_PARTS:
        yield from part(terms, verdict)


def _report_row(opened: LoadedAssessment) -> ReportRow:
    assessment, today = opened.assessment, local_today()
    ending = ending_paper(opened.instrument, assessment, opened.responses, today)
    return ReportRow(assessment=assessment, verdict=opened.verdict, ending=ending)


def _summary_lines(terms: Terms, verdict: VerdictText, step: str) -> Iterator[Paragraph]:
    """What a person looks for first, whatever the window holds: the level, the one thing that decides, what to do."""
    deciding = [item.ask for item in verdict.open_items] + [reason.text for reason in verdict.why]
    if verdict.tag:
        yield Paragraph(verdict.tag)
    if deciding:
        yield Paragraph(deciding[0], prefix=terms.say("What decides it:") + " ")
    if step:
        yield Paragraph(step, "strong", terms.say("The next step:") + " ")


def _placement_lines(verdict: VerdictText) -> Iterator[Paragraph]:
    """What the bank says of the placement, how certain it is, and what the library believed or wants beside it."""
    yield from (Paragraph(text) for text in (verdict.about,) if text)
    yield Paragraph(verdict.certainty_note, "quiet")
    yield from map(Paragraph, verdict.beliefs)


def _conflict_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """What two copies of the answers say differently, and how that is settled."""
    if verdict.conflicts:
        yield from _section_heading(terms.say("Answered in two ways"))
        yield Paragraph(terms.say(CONFLICTS_EXPLAINED), "quiet", "  ")
        yield from (Paragraph(text, prefix="  • ") for text in verdict.conflicts)


def _section_heading(title: str) -> Iterator[Paragraph]:
    yield Paragraph()
    yield Paragraph(title, "strong")


def _reason_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    yield from _section_heading(terms.say("Why"))
    if verdict.why_not:
        yield Paragraph(verdict.why_not, prefix="  ")
    for reason in verdict.why:
        yield Paragraph(reason.text, prefix="  • ")
        if reason.sources:
            yield Paragraph(" ".join(source.text for source in reason.sources), "quiet", "    ")


def _document_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """The documents that the reasons come from, last: they are for who wants to read on."""
    if verdict.source_documents:
        yield Paragraph()
    source = terms.say("From:")
    yield from (Paragraph(document, "quiet", f"{source} ") for document in verdict.source_documents)


def _open_item_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """What could still change the placement, with what each answer would lead to."""
    if not verdict.open_items:
        return
    yield from _section_heading(terms.say("What is still open"))
    for item in verdict.open_items:
        yield Paragraph(item.ask, prefix="  • ")
        yield from (Paragraph(f"{given} → {leads}", "quiet", "    ") for given, leads in item.branches)
    if verdict.more_open_items:
        yield Paragraph(verdict.more_open_items, "quiet", "    ")


def _way_up_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """The ways up with their steps, or why there is none."""
    if not (verdict.ways_up or verdict.no_way_up):
        return
    yield from _section_heading(verdict.up_title)
    for way in verdict.ways_up:
        yield Paragraph(way.lead, prefix="  ")
        for step in way.steps:
            yield Paragraph(step.title, "strong", "  → ")
            yield Paragraph(step.text, prefix="    ")
    if verdict.no_way_up:
        yield Paragraph(verdict.no_way_up, prefix="  ")


def _way_down_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    if verdict.way_down:
        yield from _section_heading(terms.say("The way down"))
        yield Paragraph(verdict.way_down, prefix="  → ")
        yield Paragraph(verdict.sturdiness_note, prefix="    ")
    elif verdict.sturdiness_note:
        yield from _section_heading(terms.say("The paper"))
        yield Paragraph(verdict.sturdiness_note, prefix="  ")


def _mark_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """The marks of a good partnership, each with a sign for whether it is met."""
    if verdict.marks:
        yield from _section_heading(terms.say("Marks of a good partnership"))
        yield from (
            Paragraph(f"{mark.name}: {mark.word}", prefix=f"  {_MARK_SIGNS[mark.state]} ") for mark in verdict.marks
        )


def _advice_lines(terms: Terms, verdict: VerdictText) -> Iterator[Paragraph]:
    """What the bank says of the signals in the responses, then its advice."""
    for signal in verdict.signals:
        yield from _section_heading(signal.title)
        yield Paragraph(signal.text, prefix="  ")
    if verdict.advice:
        yield from _section_heading(terms.say("What to think of next"))
        yield Paragraph(verdict.advice, prefix="  ")


#: What follows the summary, in the order told.
_VERDICT_PARTS = (
    _conflict_lines,
    _reason_lines,
    _open_item_lines,
    _way_up_lines,
    _way_down_lines,
    _mark_lines,
    _advice_lines,
    _document_lines,
)
