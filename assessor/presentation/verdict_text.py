"""A verdict in words: where a collaboration stands and how surely, why, what is open, and what would move it.

The terminal, the web's verdict page and the report all lay out one `VerdictText`, so a sentence about a verdict is
changed in one place. Empty strings and tuples mean that there is nothing to say, and a face leaves the part out.
Nothing here needs a typeface or formats a date: both are slow to load, and the terminal shows a verdict at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assessor.core.instrument import Source
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import OpenItem, Verdict, Way
from assessor.errors import N_
from assessor.presentation.advice import Advice, advice_for_way, way_down_sentence
from assessor.presentation.conflicts import tell_conflicts
from assessor.presentation.marks import MarkText, mark_texts
from assessor.presentation.paper_ends import tell_ending
from assessor.presentation.placements import are_named, tell_placements
from assessor.presentation.report import ReportRow
from assessor.presentation.terms import Terms, as_sentence, lower_first
from assessor.presentation.tones import Tone, tone_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """Headings of sources in one language, kept apart so that screen readers can pronounce them."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CitedReason:
    """A response that the placement rests on, as a sentence, and where the model says so."""

    text: str
    sources: tuple[Citation, ...]
    item: str = ""
    #: The item and the response in a few words, where there are too many reasons for sentences.
    heading: str = ""
    brief: str = ""
    #: What the library has noted on the item.
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WayUp:
    """A way up: where to, and the steps."""

    #: The placement it leads to.
    title: str
    lead: str
    steps: tuple[Advice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenItemText:
    """An open item and what each response to it would settle."""

    ask: str
    #: Responses, those with the same effect joined, and what may then be the placement.
    branches: tuple[tuple[str, str], ...]
    item: str = ""
    #: What the library has noted on the item.
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class VerdictText:
    """Everything that a verdict says."""

    #: Where it stands, or that it is not settled.
    title: str
    tone: Tone
    #: Its level, or the lowest that is certain; empty for a placement of an instrument without levels.
    tag: str
    #: Whether anything still open can change the placement.
    certainty_note: str
    #: What the gut feeling said, and what the library wants.
    beliefs: tuple[str, ...]
    #: What the bank says of the placement; empty where it is not settled.
    about: str
    why: tuple[CitedReason, ...]
    #: Why there are no reasons; empty where there are.
    why_not: str
    #: The documents that the reasons come from.
    source_documents: tuple[str, ...]
    up_title: str
    ways_up: tuple[WayUp, ...]
    #: Why no way up is shown; empty where there is one, or where the instrument has no levels.
    no_way_up: str
    #: What would lose the level; empty where nothing can.
    way_down: str
    sturdiness_note: str
    fragile: bool
    open_items: tuple[OpenItemText, ...]
    #: Names the open items that are not listed.
    more_open_items: str
    marks: tuple[MarkText, ...]
    signals: tuple[Advice, ...]
    gains: tuple[str, ...]
    #: The respondent's note on the collaboration as a whole.
    note: str
    #: What two copies of the answers say differently, to be settled.
    conflicts: tuple[str, ...]
    #: What the bank advises for the placement; empty where it is not settled.
    advice: str


#: The most open items with their branches; the rest are named only.
_MAX_OPEN_ITEMS = 4

#: The longest heading, in characters, that is sure to fit on a line of its own and so is not broken.
_MAX_UNBROKEN = 36


def tell_verdict(row: ReportRow, terms: Terms) -> VerdictText:
    """Everything that there is to say about one collaboration's verdict."""
    verdict = row.verdict
    return VerdictText(
        title=tell_placements(verdict.placements, terms),
        tone=tone_of(terms.instrument, verdict.placements),
        tag=_level_tag(verdict, terms),
        certainty_note=_certainty_note(row, terms),
        beliefs=tuple(filter(None, (_gut_feeling_sentence(row, terms), _wanted_sentence(row, terms)))),
        about=_about_placement(verdict, terms),
        why=tuple(
            replace(
                _cited_reason(reason.item, reason.option, reason.sources, terms),
                note=row.assessment.notes.get(reason.item, ""),
            )
            for reason in verdict.reasons
        ),
        why_not="" if verdict.reasons else _no_reason(verdict, terms),
        source_documents=_source_documents(verdict, terms),
        up_title=_up_title(row, terms),
        ways_up=_ways_up(row, terms),
        no_way_up="" if _is_wanted_beside_levels(row, terms) else _no_way_up(verdict, terms),
        way_down=way_down_sentence(terms, verdict.way_down) if verdict.way_down else "",
        sturdiness_note=_sturdiness_note(row, terms),
        fragile=verdict.fragile,
        open_items=tuple(
            replace(_open_item_text(item, terms), note=row.assessment.notes.get(item.item, ""))
            for item in verdict.open_items[:_MAX_OPEN_ITEMS]
        ),
        more_open_items=_more_open_items(verdict, terms),
        marks=mark_texts(verdict, row.assessment.responses, terms),
        signals=tuple(signal_advice(signal, terms) for signal in verdict.signals),
        gains=tuple(terms.wording.gains[gain] for gain in row.assessment.gains),
        note=row.assessment.notes.get("", ""),
        conflicts=tell_conflicts(row.assessment, terms),
        advice=_placement_advice(verdict, terms),
    )


def _level_tag(verdict: Verdict, terms: Terms) -> str:
    """The level among the levels, that it is beside them, or the lowest that is certain."""
    count = len(terms.instrument.levels)
    if verdict.placement and verdict.level:
        number = terms.instrument.level_number(verdict.placement)
        return terms.say("Level {number} of the model's {count}", number=number, count=count) if number else ""
    if verdict.placement:
        return terms.say("Beside the levels") if count else ""
    if verdict.certain_level:
        lowest = terms.instrument.levels[verdict.certain_level - 1]
        number = terms.instrument.level_number(lowest)
        if number is None:
            return terms.say("At least {placement}", placement=terms.placement_in_sentence(lowest))
        return terms.say("At least level {number}", number=number)
    return terms.say("Not settled yet")


def _certainty_note(row: ReportRow, terms: Terms) -> str:
    """Whether anything still open can change the placement, and what to ask first if so."""
    verdict = row.verdict
    if not verdict.placement:
        count = len(verdict.open_items)
        if not verdict.reasons:
            return terms.count(
                "Too little has been answered to place it: {number} question matters.",
                "Too little has been answered to place it: {number} questions matter.",
                count,
            )
        return terms.count(
            "One open question decides the placement: {item}.",
            "{number} open questions can still change the placement. Ask first: {item}.",
            count,
            item=lower_first(terms.item_heading(verdict.open_items[0].item)) if verdict.open_items else "",
        )
    if _knows_everything(row, terms):
        return terms.say("Every question has been answered, so nothing open can change the placement.")
    return terms.say("The answers are enough: nothing that is still open can change the placement.")


def _knows_everything(row: ReportRow, terms: Terms) -> bool:
    responses = row.assessment.responses
    return all(responses.get(item.id, DONT_KNOW) != DONT_KNOW for item in route(terms.instrument, responses))


def _gut_feeling_sentence(row: ReportRow, terms: Terms) -> str:
    """The gut feeling against the verdict; empty where none was given, or where today's bank lacks its placement."""
    gut, placement = row.assessment.gut, row.verdict.placement
    if gut == DONT_KNOW:
        return terms.say("The gut feeling was “don't know”.")
    if gut not in terms.wording.placements or gut is None:
        return ""
    if gut == placement:
        return terms.say("The gut feeling said the same.")
    if gut in row.verdict.placements:
        message = N_("The gut feeling said {placement}, which is still possible.")
    else:
        message = N_("The gut feeling said {placement}; talk about which of the reasons surprised you.")
    return terms.say(message, placement=terms.placement_in_sentence(gut))


def beliefs_on_paper(row: ReportRow, terms: Terms) -> tuple[str, ...]:
    """The gut feeling where it differed, without advice to a room, and what the library wants."""
    gut, felt = row.assessment.gut, ""
    if gut in terms.wording.placements and gut is not None and gut != row.verdict.placement:
        felt = terms.say("The gut feeling said {placement}.", placement=terms.placement_in_sentence(gut))
    return tuple(filter(None, (felt, _wanted_sentence(row, terms))))


def _wanted_sentence(row: ReportRow, terms: Terms) -> str:
    """What the library wants against the verdict; a lower wish is said to be as right as a higher one."""
    wanted, verdict = row.assessment.wanted, row.verdict
    if wanted not in terms.wording.placements or wanted is None:
        return ""
    if wanted == verdict.placement:
        return terms.say("The library wants it exactly where it is.")
    order = terms.instrument.placements
    if wanted in terms.instrument.levels and order.index(wanted) > max(
        order.index(placement) for placement in verdict.placements
    ):
        return terms.say(
            "The library wants {placement}: a lower level may be right.", placement=terms.placement_in_sentence(wanted)
        )
    return terms.say("The library wants {placement}.", placement=terms.placement_in_sentence(wanted))


def _about_placement(verdict: Verdict, terms: Terms) -> str:
    if not verdict.placement:
        return ""
    return terms.wording.placements[verdict.placement].about


def _placement_advice(verdict: Verdict, terms: Terms) -> str:
    return terms.wording.placements[verdict.placement].advice if verdict.placement else ""


def _cited_reason(item: str, option: str, sources: Sequence[str], terms: Terms) -> CitedReason:
    """The bank's sentence for a response, with its sources in the order in which the instrument lists them."""
    reason = terms.wording.items[item].options[option].reason
    cited = [source for source_id, source in terms.instrument.sources.items() if source_id in sources]
    return CitedReason(
        text=as_sentence(reason),
        sources=tuple(_citations(cited)),
        item=item,
        heading=terms.item_heading(item),
        brief=terms.short_response(item, option),
    )


def _citations(sources: Sequence[Source]) -> Iterator[Citation]:
    """Headings grouped by language. A single one stands in full; of several only what precedes the colon.

    All stand in full on the last page, and a reason has little room for them.
    """
    several = len(sources) > 1
    for language, group in groupby(sources, key=lambda source: source.language):
        headings = [
            _unbroken_heading(source.heading.split(": ", 1)[0] if several else source.heading) for source in group
        ]
        begin = "" if language == sources[0].language else "· "
        yield Citation(text=begin + " · ".join(dict.fromkeys(headings)), language=language)


def _unbroken_heading(heading: str) -> str:
    """A short heading with blanks that do not break; a long one as it is."""
    return heading.replace(" ", "\N{NO-BREAK SPACE}") if len(heading) <= _MAX_UNBROKEN else heading


def _no_reason(verdict: Verdict, terms: Terms) -> str:
    if verdict.placement:
        return terms.say("It follows from the model itself, whatever the answers.")
    return terms.say("The answers do not narrow it down yet.")


def _up_title(row: ReportRow, terms: Terms) -> str:
    """The heading above the ways up, which never says that the placement ought to be higher.

    A good purchase may stay one, and a level that is wanted is the right one.
    """
    verdict = row.verdict
    if verdict.placement and verdict.level is None:
        return terms.say("If you want to make something together")
    if verdict.way_up and row.assessment.wanted == verdict.placement:
        return terms.say("If you want to take it further")
    return terms.say("The way up")


def _ways_up(row: ReportRow, terms: Terms) -> tuple[WayUp, ...]:
    """The ways to the next level and to the level wanted, once where they are the same.

    None where too little is known to begin from: what is then advised might be in place already, or be wrong.
    """
    verdict, wanted = row.verdict, row.assessment.wanted
    if not are_named(verdict.placements, terms.instrument):
        return ()
    if _is_wanted_beside_levels(row, terms):
        return ()
    ways: list[tuple[Way, str]] = []
    if verdict.way_up and verdict.way_up != verdict.way_wanted:
        ways.append((verdict.way_up, _next_level_up(verdict, terms)))
    if verdict.way_wanted and wanted:
        ways.append((verdict.way_wanted, wanted))
    return tuple(_way_up(way, goal, goal == wanted, terms) for way, goal in ways)


def _is_wanted_beside_levels(row: ReportRow, terms: Terms) -> bool:
    """Whether the library wants no level of it, such as a purchase that is to stay one: then no way up is told."""
    wanted = row.assessment.wanted
    return wanted in terms.instrument.placements and wanted not in terms.instrument.levels


def _next_level_up(verdict: Verdict, terms: Terms) -> str:
    """The level that a way up reaches: the lowest where none is certain yet, else the next above the certain one."""
    levels = terms.instrument.levels
    return levels[-1] if verdict.certain_level is None else levels[verdict.certain_level - 2]


def _way_up(way: Way, goal: str, wanted: bool, terms: Terms) -> WayUp:
    facts = {"placement": terms.placement_in_sentence(goal)}
    lead = (
        terms.say("To {placement}, as the library wants:", **facts) if wanted else terms.say("To {placement}:", **facts)
    )
    return WayUp(title=terms.placement_name(goal), lead=lead, steps=advice_for_way(terms, way))


def _no_way_up(verdict: Verdict, terms: Terms) -> str:
    if verdict.way_up or verdict.way_wanted or not are_named(verdict.placements, terms.instrument):
        return ""
    if not terms.instrument.levels:
        return ""
    if verdict.certain_level == 1:
        return terms.say("There is no level above this one.")
    return terms.say("None of the steps the model would advise leads to a level from here.")


def _sturdiness_note(row: ReportRow, terms: Terms) -> str:
    """When the paper ends, if that is soon, else how easily the level is lost; empty where none can be."""
    verdict = row.verdict
    if row.ending:
        return as_sentence(tell_ending(row.ending, terms))
    if not verdict.way_down:
        return ""
    if verdict.fragile:
        return terms.say("Fragile: a single change that may happen by itself is enough.")
    if len(verdict.way_down.changes) > 1:
        return terms.say("Sturdy: more than one thing would have to change.")
    return terms.say("Sturdy: this does not happen by itself.")


def _open_item_text(item: OpenItem, terms: Terms) -> OpenItemText:
    """An open item's responses by what they lead to; those that leave too much open share the last branch."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for option, leads in item.leads.items():
        grouped.setdefault(leads, []).append(terms.short_response(item.item, option))
    branches = [
        (_join_responses(responses), tell_placements(leads, terms, "sentence"))
        for leads, responses in grouped.items()
        if are_named(leads, terms.instrument)
    ]
    undecided = [
        response
        for leads, responses in grouped.items()
        if not are_named(leads, terms.instrument)
        for response in responses
    ]
    if not branches or len(grouped) == 1:
        branches = [(terms.say("Whatever the answer"), terms.say("settled only together with other answers"))]
    elif undecided:
        branches.append((_join_responses(undecided), terms.say("still open")))
    return OpenItemText(ask=terms.wording.items[item.item].ask, branches=tuple(branches), item=item.item)


def _join_responses(responses: Sequence[str]) -> str:
    return ", ".join([responses[0], *map(lower_first, responses[1:])])


def _more_open_items(verdict: Verdict, terms: Terms) -> str:
    more = [lower_first(terms.item_heading(item.item)) for item in verdict.open_items[_MAX_OPEN_ITEMS:]]
    return terms.say("Also open: {items}.", items=terms.format_list(more)) if more else ""


def _source_documents(verdict: Verdict, terms: Terms) -> tuple[str, ...]:
    """The documents that the reasons cite, each once."""
    cited = {source_id for reason in verdict.reasons for source_id in reason.sources}
    return tuple(
        dict.fromkeys(source.document for source_id, source in terms.instrument.sources.items() if source_id in cited)
    )


def signal_advice(signal: str, terms: Terms) -> Advice:
    """What the bank says of a signal."""
    words = terms.wording.signals[signal]
    return Advice(title=words.name, text=words.about)
