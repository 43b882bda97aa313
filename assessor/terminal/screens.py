"""What stands on the screen, as lines: an item, its help, the list of answers, a verdict. Pure: nothing here asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessor.core.instrument import Instrument, Item
from assessor.core.responses import DONT_KNOW, Assessment
from assessor.core.routing import route
from assessor.core.verdict import Change, OpenItem, Standing, Verdict, Way
from assessor.core.wording import Wording
from assessor.terminal.face import Line
from assessor.terminal.messages import Speech
from assessor.usecases.assessments import GAINS, GUT, WANTED, Opened

if TYPE_CHECKING:
    from assessor.core.routing import Mode


@dataclass(frozen=True, slots=True)
class Terms:
    """In which terms things are told: one instrument, its wording, and the interface's language."""

    instrument: Instrument
    wording: Wording
    speech: Speech


_SHAPES = ("▲", "■", "●")
_HUES = ("first", "second", "third")
#: Open items told at once; the rest is a number.
_MOST_OPEN = 5
_SIGNS = {Standing.MET: "✓", Standing.UNMET: "✗", Standing.UNKNOWN: "?"}


def placement_name(terms: Terms, placement: str) -> str:
    """The placement's name, with its level's number where it has one."""
    name = terms.wording.placements[placement].name
    level = terms.instrument.level(placement)
    return name if level is None else terms.speech.gettext("{name} (level {level})").format(name=name, level=level)


def possible(terms: Terms, placements: Iterable[str]) -> str:
    """Several placements in a row, as alternatives."""
    names = [placement_name(terms, placement) for placement in placements]
    if len(names) < 2:
        return "".join(names)
    return terms.speech.gettext("{some} or {last}").format(some=", ".join(names[:-1]), last=names[-1])


def shape(terms: Terms, placement: str) -> str:
    """The sign of a placement: a shape of its own for each level, an open one beside the levels."""
    level = terms.instrument.level(placement)
    return "◇" if level is None else _SHAPES[min(level, len(_SHAPES)) - 1]


def hue(terms: Terms, placement: str) -> str:
    """The style that a placement is written in."""
    level = terms.instrument.level(placement)
    return "beside" if level is None else _HUES[min(level, len(_HUES)) - 1]


def option_label(terms: Terms, item: str, option: str) -> str:
    """How a response is called on the screen."""
    if option == DONT_KNOW:
        return terms.speech.gettext("Don't know")
    return terms.wording.items[item].options[option].label


def standing(terms: Terms, opened: Opened, mode: "Mode | None" = None) -> str:
    """Where a collaboration stands, in one line of a list; without `mode` it is read off the responses."""
    _ = terms.speech
    placements = opened.verdict.placements
    left = opened.left(mode or opened.mode())
    if left and len(placements) > 1:
        return _.gettext("begun, {left}").format(left=about_left(_, left))
    signs = "".join(dict.fromkeys(shape(terms, placement) for placement in placements))
    placed = f"{signs} {possible(terms, placements)}"
    not_asked = _.ngettext("{count} question not asked", "{count} questions not asked", left).format(count=left)
    return f"{placed}, {not_asked}" if left else placed


def short_label(terms: Terms, item: str, option: str | None) -> str:
    """How a response is called in a list."""
    if option is None:
        return terms.speech.gettext("not answered")
    return (
        terms.speech.gettext("Don't know") if option == DONT_KNOW else terms.wording.items[item].options[option].short
    )


def step_title(terms: Terms, step: str) -> str:
    """How a step is called in a list."""
    _ = terms.speech.gettext
    named = {GUT: _("Gut feeling"), WANTED: _("Wanted level"), GAINS: _("What it brings")}
    return named[step] if step in named else terms.wording.items[step].short


def answered(terms: Terms, opened: Opened, step: str) -> str:
    """What was given to a step, in words."""
    _, assessment = terms.speech.gettext, opened.assessment
    match step:
        case "<gut>":
            return _placed(terms, assessment.gut, _("Don't know"))
        case "<wanted>":
            return _placed(terms, assessment.wanted, _("Don't know yet"))
        case "<gains>":
            return ", ".join(terms.wording.gains.get(gain, gain) for gain in assessment.gains) or _("nothing ticked")
    return short_label(terms, step, opened.responses.get(step))


def _placed(terms: Terms, placement: str | None, unknown: str) -> str:
    return placement_name(terms, placement) if placement in terms.instrument.placements else unknown


def difference_lines(terms: Terms, opened: Opened, now: Wording) -> Iterator[Line]:
    """What the bank asks otherwise by now, while this assessment stays with its version."""
    if not opened.differences:
        return
    _ = terms.speech.gettext
    told = {
        "gone": _("no longer asked: {item}"),
        "added": _("newly asked: {item}"),
        "options": _("other answers to choose from: {item}"),
        "rules": _("other rules for the placement"),
        "other": _("not what is asked, but its marks, advice or version"),
    }
    yield Line()
    yield Line(
        _(
            "The questions have changed since this was begun (version {version}). "
            "Your answers are all here and stay with the questions they were given to. What changed:"
        ).format(version=opened.assessment.version)
    )
    for difference in opened.differences:
        words = now if difference.kind == "added" else terms.wording
        item = words.items[difference.item].short if difference.item in words.items else difference.item
        yield Line(told[difference.kind].format(item=item), lead="  • ")
    yield Line(_("To answer the new questions, assess it anew from the list; this assessment is kept."))


def about_left(speech: Speech, left: int) -> str:
    """How many items are left, roughly."""
    return speech.ngettext("about {count} question left", "about {count} questions left", left).format(count=left)


def heading(name: str, speech: Speech, left: int, changing: bool) -> Line:
    """The line above an item: whose it is and how far one has come."""
    progress = speech.gettext("changing an answer") if changing else about_left(speech, left)
    return Line(f"{name} · {progress}", "quiet")


def item_lines(terms: Terms, item: Item, note: str) -> Iterator[Line]:
    """An item as it is asked."""
    words = terms.wording.items[item.id]
    yield Line(words.ask, "title")
    if words.hint:
        yield Line(words.hint, "quiet")
    if note:
        yield Line(note, "quiet", terms.speech.gettext("Your note:") + " ")


def help_lines(terms: Terms, item: str) -> Iterator[Line]:
    """What an item means and where it comes from."""
    words = terms.wording.items[item]
    yield Line()
    yield Line(words.short, "title")
    yield from (Line(text) for text in (words.hint,) if text)
    for option in words.options.values():
        yield Line(option.label, lead="  • ")
        if option.example:
            yield Line(option.example, "quiet", "    ")
    yield Line(
        terms.speech.gettext("Don't know is a full answer: it never counts as a no, it only leaves more possible."),
        lead="  • ",
    )
    yield from source_lines(terms, terms.instrument.by_id[item].sources)


def source_lines(terms: Terms, sources: Iterable[str]) -> Iterator[Line]:
    """Where something comes from: heading and document."""
    for source in (terms.instrument.sources[id] for id in dict.fromkeys(sources) if id in terms.instrument.sources):
        told = terms.speech.gettext("Source: “{heading}”, in: {document}")
        yield Line(told.format(heading=source.heading, document=source.document), "quiet")


def verdict_lines(terms: Terms, opened: Opened) -> Iterator[Line]:
    """A whole verdict: the placement and why, what is open, both ways, the marks, gut feeling and wish."""
    assessment, verdict = opened.assessment, opened.verdict
    yield Line()
    yield Line(assessment.collaboration.name, "strong")
    yield from _placement(terms, opened)
    for part in (_why, _open, _up, _down, _marks, _signals):
        yield from part(terms, verdict)
    yield from _gut(terms, assessment, verdict)
    yield from _wish(terms, assessment, verdict)
    yield from _advice(terms, verdict)


def _placement(terms: Terms, opened: Opened) -> Iterator[Line]:
    _, verdict = terms.speech.gettext, opened.verdict
    if verdict.placement:
        yield _named(terms, verdict.placement)
        yield Line(terms.wording.placements[verdict.placement].line)
        yield Line(_settled(terms, opened), "quiet")
        return
    if len(verdict.placements) == len(terms.instrument.placements):
        yield Line(_("Nothing is settled yet: every placement is still possible."), "title")
        return
    yield Line(_("Not settled yet. Still possible:"), "title")
    yield from (_named(terms, placement) for placement in verdict.placements)
    if verdict.certain_level is not None:
        least = terms.instrument.levels[verdict.certain_level - 1]
        yield Line(_("For certain at least: {placement}").format(placement=placement_name(terms, least)))


def _settled(terms: Terms, opened: Opened) -> str:
    _ = terms.speech.gettext
    given = (opened.responses.get(item.id, DONT_KNOW) for item in route(opened.instrument, opened.responses))
    if DONT_KNOW in given:
        return _("Nothing that is still unanswered can change this.")
    return _("Every question has been answered, so nothing open can change the placement.")


def _named(terms: Terms, placement: str) -> Line:
    name = placement_name(terms, placement)
    return Line(name, hue(terms, placement), f"{shape(terms, placement)} ")


def _section(title: str) -> Iterator[Line]:
    yield Line()
    yield Line(title, "strong")


def _why(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    if not verdict.reasons:
        return
    _ = terms.speech.gettext
    yield from _section(_("Why"))
    for reason in verdict.reasons:
        yield Line(f"{terms.wording.items[reason.item].options[reason.option].reason}.", lead="  • ")
        yield from _headings(terms, reason.sources)
    sources = (terms.instrument.sources.get(id) for reason in verdict.reasons for id in reason.sources)
    documents = dict.fromkeys(source.document for source in sources if source)
    source = _("From:")
    yield from (Line(document, "quiet", f"  {source} ") for document in documents)


def _headings(terms: Terms, sources: Iterable[str]) -> Iterator[Line]:
    quoted = terms.speech.gettext("“{heading}”")
    found = (terms.instrument.sources[id].heading for id in sources if id in terms.instrument.sources)
    told = ", ".join(quoted.format(heading=heading) for heading in found)
    if told:
        yield Line(told, "quiet", "    ")


def _open(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    if not verdict.open_items:
        return
    yield from _section(terms.speech.gettext("Still open, what tells most first"))
    for open_item in verdict.open_items[:_MOST_OPEN]:
        yield Line(terms.wording.items[open_item.item].ask, lead="  • ")
        yield from _leads(terms, open_item, verdict)
    more = len(verdict.open_items) - _MOST_OPEN
    if more > 0:
        told = terms.speech.ngettext("and {count} more", "and {count} more", more)
        yield Line(told.format(count=more), "quiet", "    ")


def _leads(terms: Terms, open_item: OpenItem, verdict: Verdict) -> Iterator[Line]:
    told = terms.speech.gettext("“{answer}” settles it: {placement}")
    for option, leads in open_item.leads.items():
        if len(leads) == 1 < len(verdict.placements):
            answer = terms.wording.items[open_item.item].options[option].short
            placement = placement_name(terms, leads[0])
            yield Line(told.format(answer=answer, placement=placement), "quiet", "    ")


def _up(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    _ = terms.speech.gettext
    ways = dict.fromkeys(_key(way) for way in (verdict.way_up, verdict.way_wanted) if way)
    for way in (verdict.way_up, verdict.way_wanted):
        if way and _key(way) in ways:
            del ways[_key(way)]
            yield from _section(_("The way to: {placement}").format(placement=possible(terms, way.leads)))
            yield from (line for change in way.changes for line in _step(terms, change))


def _key(way: Way) -> tuple[tuple[str, str], ...]:
    return tuple((change.item, change.after) for change in way.changes)


def _step(terms: Terms, change: Change) -> Iterator[Line]:
    words = terms.wording.items[change.item].options[change.after]
    title = words.step.title if words.step else words.label
    doubt = "" if change.before else " " + terms.speech.gettext("(if it is not so already)")
    yield Line(title + doubt, "strong", "  → ")
    if words.step:
        yield Line(words.step.text, lead="    ")


def _down(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    _ = terms.speech.gettext
    if verdict.certain_level is None:
        return
    yield from _section(_("What could lose it"))
    if verdict.way_down is None:
        yield Line(_("Sturdy: nothing that comes by itself takes the level away."), lead="  ")
        return
    told = _("Fragile: one change that may come by itself is enough.") if verdict.fragile else _("Sturdy, but:")
    yield Line(told, lead="  ")
    for change in verdict.way_down.changes:
        before = terms.wording.items[change.item].options[change.before] if change.before else None
        yield Line(before.slip if before and before.slip else terms.wording.items[change.item].short, lead="  → ")
    leads = possible(terms, verdict.way_down.leads)
    yield Line(_("Then it would be: {placement}").format(placement=leads), lead="    ")


def _marks(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    if not verdict.marks:
        return
    _ = terms.speech.gettext
    said = {Standing.MET: _("yes"), Standing.UNMET: _("not yet"), Standing.UNKNOWN: _("not known")}
    yield from _section(_("Marks of a good partnership, beside the placement"))
    for mark, standing in verdict.marks.items():
        yield Line(f"{terms.wording.marks[mark].name}: {said[standing]}", lead=f"  {_SIGNS[standing]} ")


def _signals(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    for signal in verdict.signals:
        if signal in terms.wording.signals:
            yield from _section(terms.wording.signals[signal].name)
            yield Line(terms.wording.signals[signal].about, lead="  ")


def _gut(terms: Terms, assessment: Assessment, verdict: Verdict) -> Iterator[Line]:
    _ = terms.speech.gettext
    gut = assessment.gut
    if gut is None or gut == DONT_KNOW or gut not in terms.instrument.placements:
        return
    named = placement_name(terms, gut)
    yield from _section(_("Your gut feeling"))
    if verdict.placement == gut:
        told = _("{placement}: the answers say the same.")
    elif gut in verdict.placements:
        told = _("{placement}: still possible, not settled.")
    else:
        told = _("{placement}: the answers say otherwise. Worth talking over which of the reasons surprised you.")
    yield Line(told.format(placement=named), lead="  ")


def _wish(terms: Terms, assessment: Assessment, verdict: Verdict) -> Iterator[Line]:
    _, wanted = terms.speech.gettext, assessment.wanted
    if wanted not in terms.instrument.levels:
        return
    yield from _section(_("What the library wants"))
    if verdict.placement == wanted:
        told = _("{placement}: that is where it stands.")
    elif verdict.way_wanted:
        told = _("{placement}: the steps above are enough.")
    elif verdict.certain_level and verdict.certain_level < (terms.instrument.level(wanted) or 0):
        told = _("{placement}: it stands higher than that, with more commitments than are wanted. Lower may be right.")
    else:
        told = "{placement}"
    yield Line(told.format(placement=placement_name(terms, wanted)), lead="  ")


def _advice(terms: Terms, verdict: Verdict) -> Iterator[Line]:
    if verdict.placement and terms.wording.placements[verdict.placement].advice:
        yield from _section(terms.speech.gettext("Next"))
        yield Line(terms.wording.placements[verdict.placement].advice, lead="  ")
