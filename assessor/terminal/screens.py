"""What stands on the screen, as lines: an item, its help, the list of answers, a verdict. Pure: nothing here asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessor.core.instrument import Instrument, Item
from assessor.core.responses import DONT_KNOW, Assessment
from assessor.core.routing import route
from assessor.core.verdict import Change, OpenItem, Standing, Verdict, Way
from assessor.core.wording import Wording
from assessor.terminal.face import Paragraph
from assessor.terminal.messages import InterviewMessages
from assessor.usecases.assessments import GAINS, GUT, WANTED, LoadedAssessment

if TYPE_CHECKING:
    from assessor.core.routing import Mode


@dataclass(frozen=True, slots=True)
class ScreenTerms:
    """In which terms things are told: one instrument, its wording, and the interface's language."""

    instrument: Instrument
    wording: Wording
    messages: InterviewMessages


_LEVEL_SHAPES = ("▲", "■", "●")
_LEVEL_STYLES = ("first", "second", "third")
#: Open items told at once; the rest is a number.
_MOST_OPEN = 5
_MARK_SIGNS = {Standing.MET: "✓", Standing.UNMET: "✗", Standing.UNKNOWN: "?"}


def placement_name(terms: ScreenTerms, placement: str) -> str:
    """The placement's name, with its level's number where it has one."""
    name = terms.wording.placements[placement].name
    level = terms.instrument.level(placement)
    return name if level is None else terms.messages.gettext("{name} (level {level})").format(name=name, level=level)


def join_placements(terms: ScreenTerms, placements: Iterable[str]) -> str:
    """Several placements in a row, as alternatives."""
    names = [placement_name(terms, placement) for placement in placements]
    if len(names) < 2:
        return "".join(names)
    return terms.messages.gettext("{some} or {last}").format(some=", ".join(names[:-1]), last=names[-1])


def placement_sign(terms: ScreenTerms, placement: str) -> str:
    """The sign of a placement: a shape of its own for each level, an open one beside the levels."""
    level = terms.instrument.level(placement)
    return "◇" if level is None else _LEVEL_SHAPES[min(level, len(_LEVEL_SHAPES)) - 1]


def placement_style(terms: ScreenTerms, placement: str) -> str:
    """The style that a placement is written in."""
    level = terms.instrument.level(placement)
    return "beside" if level is None else _LEVEL_STYLES[min(level, len(_LEVEL_STYLES)) - 1]


def standing_line(terms: ScreenTerms, opened: LoadedAssessment, mode: "Mode | None" = None) -> str:
    """Where a collaboration stands, in one line of a list; without `mode` it is read off the responses."""
    _ = terms.messages
    placements = opened.verdict.placements
    left = opened.items_left(mode or opened.inferred_mode())
    if left and len(placements) > 1:
        return _.gettext("begun, {left}").format(left=items_left_text(_, left))
    signs = "".join(dict.fromkeys(placement_sign(terms, placement) for placement in placements))
    placed = f"{signs} {join_placements(terms, placements)}"
    not_asked = _.ngettext("{count} question not asked", "{count} questions not asked", left).format(count=left)
    return f"{placed}, {not_asked}" if left else placed


def short_label(terms: ScreenTerms, item: str, option: str | None) -> str:
    """How a response is called in a list."""
    if option is None:
        return terms.messages.gettext("not answered")
    return (
        terms.messages.gettext("Don't know") if option == DONT_KNOW else terms.wording.items[item].options[option].short
    )


def step_title(terms: ScreenTerms, step: str) -> str:
    """How a step is called in a list."""
    _ = terms.messages.gettext
    named = {GUT: _("Gut feeling"), WANTED: _("Wanted level"), GAINS: _("What it brings")}
    return named[step] if step in named else terms.wording.items[step].short


def response_text(terms: ScreenTerms, opened: LoadedAssessment, step: str) -> str:
    """What was given to a step, in words."""
    _, assessment = terms.messages.gettext, opened.assessment
    match step:
        case "<gut>":
            return _placement_text(terms, assessment.gut, _("Don't know"))
        case "<wanted>":
            return _placement_text(terms, assessment.wanted, _("Don't know yet"))
        case "<gains>":
            return ", ".join(terms.wording.gains.get(gain, gain) for gain in assessment.gains) or _("nothing ticked")
    return short_label(terms, step, opened.responses.get(step))


def _placement_text(terms: ScreenTerms, placement: str | None, unknown: str) -> str:
    return placement_name(terms, placement) if placement in terms.instrument.placements else unknown


def difference_lines(terms: ScreenTerms, opened: LoadedAssessment, now: Wording) -> Iterator[Paragraph]:
    """What the bank asks otherwise by now, while this assessment stays with its version."""
    if not opened.differences:
        return
    _ = terms.messages.gettext
    told = {
        "gone": _("no longer asked: {item}"),
        "added": _("newly asked: {item}"),
        "options": _("other answers to choose from: {item}"),
        "rules": _("other rules for the placement"),
        "other": _("not what is asked, but its marks, advice or version"),
    }
    yield Paragraph()
    yield Paragraph(
        _(
            "The questions have changed since this was begun (version {version}). "
            "Your answers are all here and stay with the questions they were given to. What changed:"
        ).format(version=opened.assessment.version)
    )
    for difference in opened.differences:
        words = now if difference.kind == "added" else terms.wording
        item = words.items[difference.item].short if difference.item in words.items else difference.item
        yield Paragraph(told[difference.kind].format(item=item), prefix="  • ")
    yield Paragraph(_("To answer the new questions, assess it anew from the list; this assessment is kept."))


def items_left_text(speech: InterviewMessages, left: int) -> str:
    """How many items are left, roughly."""
    return speech.ngettext("about {count} question left", "about {count} questions left", left).format(count=left)


def item_heading(name: str, speech: InterviewMessages, left: int, changing: bool) -> Paragraph:
    """The line above an item: whose it is and how far one has come."""
    progress = speech.gettext("changing an answer") if changing else items_left_text(speech, left)
    return Paragraph(f"{name} · {progress}", "quiet")


def item_lines(terms: ScreenTerms, item: Item, note: str) -> Iterator[Paragraph]:
    """An item as it is asked."""
    words = terms.wording.items[item.id]
    yield Paragraph(words.ask, "title")
    if words.hint:
        yield Paragraph(words.hint, "quiet")
    if note:
        yield Paragraph(note, "quiet", terms.messages.gettext("Your note:") + " ")


def help_lines(terms: ScreenTerms, item: str) -> Iterator[Paragraph]:
    """What an item means and where it comes from."""
    words = terms.wording.items[item]
    yield Paragraph()
    yield Paragraph(words.short, "title")
    yield from (Paragraph(text) for text in (words.hint,) if text)
    for option in words.options.values():
        yield Paragraph(option.label, prefix="  • ")
        if option.example:
            yield Paragraph(option.example, "quiet", "    ")
    yield Paragraph(
        terms.messages.gettext("Don't know is a full answer: it never counts as a no, it only leaves more possible."),
        prefix="  • ",
    )
    yield from source_lines(terms, terms.instrument.by_id[item].sources)


def source_lines(terms: ScreenTerms, sources: Iterable[str]) -> Iterator[Paragraph]:
    """Where something comes from: heading and document."""
    for source in (terms.instrument.sources[id] for id in dict.fromkeys(sources) if id in terms.instrument.sources):
        told = terms.messages.gettext("Source: “{heading}”, in: {document}")
        yield Paragraph(told.format(heading=source.heading, document=source.document), "quiet")


def verdict_lines(terms: ScreenTerms, opened: LoadedAssessment) -> Iterator[Paragraph]:
    """A whole verdict: the placement and why, what is open, both ways, the marks, gut feeling and wish."""
    assessment, verdict = opened.assessment, opened.verdict
    yield Paragraph()
    yield Paragraph(assessment.collaboration.name, "strong")
    yield from _placement_lines(terms, opened)
    for part in (_reason_lines, _open_item_lines, _way_up_lines, _way_down_lines, _mark_lines, _signal_lines):
        yield from part(terms, verdict)
    yield from _gut_lines(terms, assessment, verdict)
    yield from _wanted_lines(terms, assessment, verdict)
    yield from _advice_lines(terms, verdict)


def _placement_lines(terms: ScreenTerms, opened: LoadedAssessment) -> Iterator[Paragraph]:
    _, verdict = terms.messages.gettext, opened.verdict
    if verdict.placement:
        yield _placement_line(terms, verdict.placement)
        yield Paragraph(terms.wording.placements[verdict.placement].line)
        yield Paragraph(_settled_note(terms, opened), "quiet")
        return
    if len(verdict.placements) == len(terms.instrument.placements):
        yield Paragraph(_("Nothing is settled yet: every placement is still possible."), "title")
        return
    yield Paragraph(_("Not settled yet. Still possible:"), "title")
    yield from (_placement_line(terms, placement) for placement in verdict.placements)
    if verdict.certain_level is not None:
        least = terms.instrument.levels[verdict.certain_level - 1]
        yield Paragraph(_("For certain at least: {placement}").format(placement=placement_name(terms, least)))


def _settled_note(terms: ScreenTerms, opened: LoadedAssessment) -> str:
    _ = terms.messages.gettext
    given = (opened.responses.get(item.id, DONT_KNOW) for item in route(opened.instrument, opened.responses))
    if DONT_KNOW in given:
        return _("Nothing that is still unanswered can change this.")
    return _("Every question has been answered, so nothing open can change the placement.")


def _placement_line(terms: ScreenTerms, placement: str) -> Paragraph:
    name = placement_name(terms, placement)
    return Paragraph(name, placement_style(terms, placement), f"{placement_sign(terms, placement)} ")


def _section_heading(title: str) -> Iterator[Paragraph]:
    yield Paragraph()
    yield Paragraph(title, "strong")


def _reason_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    if not verdict.reasons:
        return
    _ = terms.messages.gettext
    yield from _section_heading(_("Why"))
    for reason in verdict.reasons:
        yield Paragraph(f"{terms.wording.items[reason.item].options[reason.option].reason}.", prefix="  • ")
        yield from _source_headings(terms, reason.sources)
    sources = (terms.instrument.sources.get(id) for reason in verdict.reasons for id in reason.sources)
    documents = dict.fromkeys(source.document for source in sources if source)
    source = _("From:")
    yield from (Paragraph(document, "quiet", f"  {source} ") for document in documents)


def _source_headings(terms: ScreenTerms, sources: Iterable[str]) -> Iterator[Paragraph]:
    quoted = terms.messages.gettext("“{heading}”")
    found = (terms.instrument.sources[id].heading for id in sources if id in terms.instrument.sources)
    told = ", ".join(quoted.format(heading=heading) for heading in found)
    if told:
        yield Paragraph(told, "quiet", "    ")


def _open_item_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    if not verdict.open_items:
        return
    yield from _section_heading(terms.messages.gettext("Still open, what tells most first"))
    for open_item in verdict.open_items[:_MOST_OPEN]:
        yield Paragraph(terms.wording.items[open_item.item].ask, prefix="  • ")
        yield from _settling_lines(terms, open_item, verdict)
    more = len(verdict.open_items) - _MOST_OPEN
    if more > 0:
        told = terms.messages.ngettext("and {count} more", "and {count} more", more)
        yield Paragraph(told.format(count=more), "quiet", "    ")


def _settling_lines(terms: ScreenTerms, open_item: OpenItem, verdict: Verdict) -> Iterator[Paragraph]:
    told = terms.messages.gettext("“{answer}” settles it: {placement}")
    for option, leads in open_item.leads.items():
        if len(leads) == 1 < len(verdict.placements):
            answer = terms.wording.items[open_item.item].options[option].short
            placement = placement_name(terms, leads[0])
            yield Paragraph(told.format(answer=answer, placement=placement), "quiet", "    ")


def _way_up_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    _ = terms.messages.gettext
    ways = dict.fromkeys(_way_key(way) for way in (verdict.way_up, verdict.way_wanted) if way)
    for way in (verdict.way_up, verdict.way_wanted):
        if way and _way_key(way) in ways:
            del ways[_way_key(way)]
            yield from _section_heading(
                _("The way to: {placement}").format(placement=join_placements(terms, way.leads))
            )
            yield from (line for change in way.changes for line in _change_lines(terms, change))


def _way_key(way: Way) -> tuple[tuple[str, str], ...]:
    return tuple((change.item, change.after) for change in way.changes)


def _change_lines(terms: ScreenTerms, change: Change) -> Iterator[Paragraph]:
    words = terms.wording.items[change.item].options[change.after]
    title = words.step.title if words.step else words.label
    doubt = "" if change.before else " " + terms.messages.gettext("(if it is not so already)")
    yield Paragraph(title + doubt, "strong", "  → ")
    if words.step:
        yield Paragraph(words.step.text, prefix="    ")


def _way_down_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    _ = terms.messages.gettext
    if verdict.certain_level is None:
        return
    yield from _section_heading(_("What could lose it"))
    if verdict.way_down is None:
        yield Paragraph(_("Sturdy: nothing that comes by itself takes the level away."), prefix="  ")
        return
    told = _("Fragile: one change that may come by itself is enough.") if verdict.fragile else _("Sturdy, but:")
    yield Paragraph(told, prefix="  ")
    for change in verdict.way_down.changes:
        before = terms.wording.items[change.item].options[change.before] if change.before else None
        yield Paragraph(
            before.slip if before and before.slip else terms.wording.items[change.item].short, prefix="  → "
        )
    leads = join_placements(terms, verdict.way_down.leads)
    yield Paragraph(_("Then it would be: {placement}").format(placement=leads), prefix="    ")


def _mark_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    if not verdict.marks:
        return
    _ = terms.messages.gettext
    said = {Standing.MET: _("yes"), Standing.UNMET: _("not yet"), Standing.UNKNOWN: _("not known")}
    yield from _section_heading(_("Marks of a good partnership, beside the placement"))
    for mark, standing in verdict.marks.items():
        yield Paragraph(f"{terms.wording.marks[mark].name}: {said[standing]}", prefix=f"  {_MARK_SIGNS[standing]} ")


def _signal_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    for signal in verdict.signals:
        if signal in terms.wording.signals:
            yield from _section_heading(terms.wording.signals[signal].name)
            yield Paragraph(terms.wording.signals[signal].about, prefix="  ")


def _gut_lines(terms: ScreenTerms, assessment: Assessment, verdict: Verdict) -> Iterator[Paragraph]:
    _ = terms.messages.gettext
    gut = assessment.gut
    if gut is None or gut == DONT_KNOW or gut not in terms.instrument.placements:
        return
    named = placement_name(terms, gut)
    yield from _section_heading(_("Your gut feeling"))
    if verdict.placement == gut:
        told = _("{placement}: the answers say the same.")
    elif gut in verdict.placements:
        told = _("{placement}: still possible, not settled.")
    else:
        told = _("{placement}: the answers say otherwise. Worth talking over which of the reasons surprised you.")
    yield Paragraph(told.format(placement=named), prefix="  ")


def _wanted_lines(terms: ScreenTerms, assessment: Assessment, verdict: Verdict) -> Iterator[Paragraph]:
    _, wanted = terms.messages.gettext, assessment.wanted
    if wanted not in terms.instrument.levels:
        return
    yield from _section_heading(_("What the library wants"))
    if verdict.placement == wanted:
        told = _("{placement}: that is where it stands.")
    elif verdict.way_wanted:
        told = _("{placement}: the steps above are enough.")
    elif verdict.certain_level and verdict.certain_level < (terms.instrument.level(wanted) or 0):
        told = _("{placement}: it stands higher than that, with more commitments than are wanted. Lower may be right.")
    else:
        told = "{placement}"
    yield Paragraph(told.format(placement=placement_name(terms, wanted)), prefix="  ")


def _advice_lines(terms: ScreenTerms, verdict: Verdict) -> Iterator[Paragraph]:
    if verdict.placement and terms.wording.placements[verdict.placement].advice:
        yield from _section_heading(terms.messages.gettext("Next"))
        yield Paragraph(terms.wording.placements[verdict.placement].advice, prefix="  ")
