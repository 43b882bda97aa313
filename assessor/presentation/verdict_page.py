"""One page for each collaboration, and the page on the method."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assessor.core.instrument import Mark, Source
from assessor.core.responses import DONT_KNOW
from assessor.core.routing import route
from assessor.core.verdict import OpenItem, Standing, Verdict, Way
from assessor.presentation.advice import Advice, fall, steps_of
from assessor.presentation.report import Report, Row
from assessor.presentation.terms import Speech, low, sentence
from assessor.presentation.timeline import Timeline, placed, story, timeline
from assessor.presentation.tones import Tone, tone_of
from assessor.presentation.typeface import fitting


@dataclass(frozen=True, kw_only=True, slots=True)
class Cited:
    """Headings of sources that share a language; those of a further language begin with a dot."""

    text: str
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Why:
    """A response that decides, told as a reason."""

    text: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Going:
    """A way up: where to, and the steps."""

    title: str
    lead: str
    steps: tuple[Advice, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """An open item and what each response to it would settle."""

    ask: str
    #: The responses, and what then may be.
    leads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A response in the list of all."""

    item: str
    response: str
    note: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One collaboration's page."""

    anchor: str
    number: int
    party: str
    undertaking: str
    title: str
    tone: Tone
    tag: str
    first: str
    beliefs: tuple[str, ...]
    about: str
    why: tuple[Why, ...]
    why_not: str
    up_title: str
    ups: tuple[Going, ...]
    no_way: str
    down: str
    down_word: str
    fragile: bool
    opens: tuple[Open, ...]
    more_open: str
    #: Every mark with a shape and a word for how it stands.
    marks: str
    signals: tuple[Advice, ...]
    gains: tuple[str, ...]
    #: What to think of, what it brings, the note and the history stand on the left, where there is more room.
    left: bool
    note: str
    advice: str
    #: In two columns.
    given: tuple[tuple[Given, ...], ...]
    history: tuple[tuple[str, str], ...]
    timeline: Timeline | None
    #: What moved it from one assessment to the next.
    story: tuple[str, ...]
    answered: str


#: The most open items told in full; the rest are counted.
_MOST_OPEN = 4

#: About how many lines a reason, a step and a signal take, and what always stands on the right.
_REASON, _STEP, _SIGNAL, _ALWAYS = 2.2, 4.5, 6, 6

#: The most characters of a heading that surely fit on a line of a reason.
_KEPT = 36

#: Between two marks: may be broken after, and is wider than a blank.
_APART = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE} "

#: The most placements that a sentence names; more are still open.
_WIDEST = 3

#: No question mark: a line never breaks before one, so a row of them would break within words.
_SIGNS = {Standing.MET: "●", Standing.UNMET: "○", Standing.UNKNOWN: "◇"}


def page(row: Row, number: int, anchor: str, speech: Speech) -> Page:
    """The page of one collaboration."""
    verdict, collaboration = row.verdict, row.assessment.collaboration
    known = bool(verdict.reasons) or len(verdict.placements) == 1
    return Page(
        anchor=anchor,
        number=number,
        party=collaboration.party,
        undertaking=collaboration.undertaking,
        title=_title(verdict, known, speech),
        tone=tone_of(speech.instrument, verdict.placements),
        tag=_tag(verdict, speech),
        first=_first(row, speech),
        beliefs=tuple(filter(None, (_gut(row, speech), _wish(row, speech)))),
        about=_about(verdict, speech),
        why=tuple(_why(reason.item, reason.option, reason.sources, speech) for reason in verdict.reasons),
        why_not="" if verdict.reasons else _no_reason(verdict, speech),
        up_title=_up_title(row, speech),
        ups=_ups(row, speech),
        no_way=_no_way(verdict, speech),
        down=fall(speech, verdict.way_down) if verdict.way_down else "",
        down_word=_down_word(verdict, speech),
        fragile=verdict.fragile,
        opens=tuple(_open(item, speech) for item in verdict.open_items[:_MOST_OPEN]),
        more_open=_more_open(verdict, speech),
        marks=_APART.join(_mark(mark, verdict, speech) for mark in speech.instrument.marks),
        signals=tuple(_signal(signal, speech) for signal in verdict.signals),
        gains=tuple(fitting(speech.wording.gains[gain]) for gain in row.assessment.gains),
        left=_lighter_left(verdict),
        note=row.assessment.notes.get("", ""),
        advice=_advice(verdict, speech),
        given=_columns(_given(row, speech)),
        history=_history(row, speech),
        timeline=timeline(row, speech),
        story=story(row, speech),
        answered=speech.day(row.assessment.changed.date()),
    )


def _lighter_left(verdict: Verdict) -> bool:
    """Whether the column of reasons has more room left than that of ways."""
    ways = {way for way in (verdict.way_up, verdict.way_wanted) if way}
    right = _STEP * sum(len(way.changes) for way in ways) + _SIGNAL * len(verdict.signals) + _ALWAYS
    return _REASON * len(verdict.reasons) < right


def _title(verdict: Verdict, known: bool, speech: Speech) -> str:
    if not known:
        return speech.say("Not known yet")
    names = [speech.name(placement) for placement in verdict.placements]
    if len(names) > 3:
        return speech.say("Not settled yet")
    return speech.listed([names[0], *map(low, names[1:])], last=speech.say("or"))


def _tag(verdict: Verdict, speech: Speech) -> str:
    count = len(speech.instrument.levels)
    if verdict.level:
        return speech.say("Level {number} of the model's {count}", number=verdict.level, count=count)
    if verdict.placement:
        return speech.say("Beside the levels") if count else ""
    if verdict.certain_level:
        return speech.say("At least level {number}", number=verdict.certain_level)
    return speech.say("Not settled yet")


def _first(row: Row, speech: Speech) -> str:
    """Whether anything still open can change the placement."""
    verdict = row.verdict
    if not verdict.placement:
        count = len(verdict.open_items)
        if not verdict.reasons:
            return speech.count(
                "Too little has been answered to place it: {number} question matters.",
                "Too little has been answered to place it: {number} questions matter.",
                count,
            )
        return speech.count(
            "One open question decides the placement: {item}.",
            "{number} open questions can still change the placement. Ask first: {item}.",
            count,
            item=low(speech.item(verdict.open_items[0].item)) if verdict.open_items else "",
        )
    if all(given.known for given in _given(row, speech)):
        return speech.say("Every question has been answered, so nothing open can change the placement.")
    return speech.say("The answers are enough: nothing that is still open can change the placement.")


def _gut(row: Row, speech: Speech) -> str:
    gut, placement = row.assessment.gut, row.verdict.placement
    if gut == DONT_KNOW:
        return speech.say("The gut feeling could not tell.")
    if gut not in speech.wording.placements or gut is None:
        return ""
    if gut == placement:
        return speech.say("The gut feeling said the same.")
    return speech.say("The gut feeling said {placement}.", placement=speech.within(gut))


def _wish(row: Row, speech: Speech) -> str:
    wanted, verdict = row.assessment.wanted, row.verdict
    if wanted not in speech.wording.placements or wanted is None:
        return ""
    if wanted == verdict.placement:
        return speech.say("The library wants it just here.")
    order = speech.instrument.placements
    if order.index(wanted) > max(order.index(placement) for placement in verdict.placements):
        return speech.say("The library wants {placement}: lower may be right.", placement=speech.within(wanted))
    return speech.say("The library wants {placement}.", placement=speech.within(wanted))


def _about(verdict: Verdict, speech: Speech) -> str:
    if not verdict.placement:
        return ""
    return speech.wording.placements[verdict.placement].about


def _advice(verdict: Verdict, speech: Speech) -> str:
    return speech.wording.placements[verdict.placement].advice if verdict.placement else ""


def _why(item: str, option: str, sources: Sequence[str], speech: Speech) -> Why:
    reason = speech.wording.items[item].options[option].reason
    cited = [source for place, source in speech.instrument.sources.items() if place in sources]
    return Why(text=sentence(reason), sources=tuple(_cited(cited)))


def _cited(sources: Sequence[Source]) -> Iterator[Cited]:
    """One heading in full; of several what stands before the colon, for all stand in full on the last page."""
    several = len(sources) > 1
    for language, group in groupby(sources, key=lambda source: source.language):
        headings = [_kept(source.heading.split(": ", 1)[0] if several else source.heading) for source in group]
        begin = "" if language == sources[0].language else "· "
        yield Cited(text=begin + " · ".join(dict.fromkeys(headings)), language=language)


def _kept(heading: str) -> str:
    """A short heading is kept on one line; a long one may break."""
    return heading.replace(" ", "\N{NO-BREAK SPACE}") if len(heading) <= _KEPT else heading


def _no_reason(verdict: Verdict, speech: Speech) -> str:
    if verdict.placement:
        return speech.say("It follows from the model itself, whatever the answers.")
    return speech.say("No answers narrow it down yet.")


def _up_title(row: Row, speech: Speech) -> str:
    """Never that it ought to be higher: a good purchase may stay one, and a level that is wanted is the right one."""
    verdict = row.verdict
    if verdict.placement and verdict.level is None:
        return speech.say("If you want to make something together")
    if verdict.way_up and row.assessment.wanted == verdict.placement:
        return speech.say("If you should want to go on")
    return speech.say("The way up")


def _ups(row: Row, speech: Speech) -> tuple[Going, ...]:
    verdict, wanted = row.verdict, row.assessment.wanted
    if not verdict.placement and not verdict.reasons:
        return ()  # nothing is known to begin from
    ways: list[tuple[Way, str]] = []
    if verdict.way_up and verdict.way_up != verdict.way_wanted:
        ways.append((verdict.way_up, _goal(verdict, speech)))
    if verdict.way_wanted and wanted:
        ways.append((verdict.way_wanted, wanted))
    return tuple(_going(way, goal, goal == wanted, speech) for way, goal in ways)


def _goal(verdict: Verdict, speech: Speech) -> str:
    """The lowest level that a way up reaches for certain."""
    levels = speech.instrument.levels
    return levels[-1] if verdict.certain_level is None else levels[verdict.certain_level - 2]


def _going(way: Way, goal: str, wanted: bool, speech: Speech) -> Going:
    said = {"placement": speech.within(goal)}
    lead = (
        speech.say("To {placement}, as the library wants:", **said) if wanted else speech.say("To {placement}:", **said)
    )
    return Going(title=speech.name(goal), lead=lead, steps=steps_of(speech, way))


def _no_way(verdict: Verdict, speech: Speech) -> str:
    if verdict.way_up or verdict.way_wanted or not speech.instrument.levels:
        return ""
    if verdict.certain_level == 1:
        return speech.say("There is no level above this one.")
    return speech.say("No step that the model would advise leads to a level from here.")


def _down_word(verdict: Verdict, speech: Speech) -> str:
    if not verdict.way_down:
        return ""
    if verdict.fragile:
        return speech.say("Fragile: one change that may come by itself is enough.")
    if len(verdict.way_down.changes) > 1:
        return speech.say("Sturdy: more than one thing must change.")
    return speech.say("Sturdy: it does not happen by itself.")


def _open(item: OpenItem, speech: Speech) -> Open:
    grouped: dict[tuple[str, ...], list[str]] = {}
    for option, leads in item.leads.items():
        grouped.setdefault(leads, []).append(speech.response(item.item, option))
    told = [(_quoted(said), speech.either(leads)) for leads, said in grouped.items() if len(leads) <= _WIDEST]
    wide = [one for leads, said in grouped.items() if len(leads) > _WIDEST for one in said]
    if not told or len(grouped) == 1:
        told = [(speech.say("Whatever the answer"), speech.say("settled only together with other answers"))]
    elif wide:
        told.append((_quoted(wide), speech.say("still open")))
    return Open(ask=speech.wording.items[item.item].ask, leads=tuple(told))


def _quoted(said: Sequence[str]) -> str:
    return ", ".join([said[0], *map(low, said[1:])])


def _more_open(verdict: Verdict, speech: Speech) -> str:
    more = [low(speech.item(item.item)) for item in verdict.open_items[_MOST_OPEN:]]
    return speech.say("Also open: {items}.", items=speech.listed(more)) if more else ""


def _mark(mark: Mark, verdict: Verdict, speech: Speech) -> str:
    """A mark by shape and by word."""
    standing = verdict.marks.get(mark.id, Standing.UNKNOWN)
    words = {
        Standing.MET: speech.say("met"),
        Standing.UNMET: speech.say("not met"),
        Standing.UNKNOWN: speech.say("not known"),
    }
    told = f"{_SIGNS[standing]} {speech.wording.marks[mark.id].name}: {words[standing]}"
    return told.replace(" ", "\N{NO-BREAK SPACE}")


def _signal(signal: str, speech: Speech) -> Advice:
    words = speech.wording.signals[signal]
    return Advice(title=words.name, text=words.about)


def _given(row: Row, speech: Speech) -> tuple[Given, ...]:
    responses, notes = row.assessment.responses, row.assessment.notes
    return tuple(
        Given(
            item=speech.item(item.id),
            response=_response(item.id, responses.get(item.id), speech),
            note=notes.get(item.id, ""),
            known=responses.get(item.id, DONT_KNOW) != DONT_KNOW,
        )
        for item in route(speech.instrument, responses)
    )


def _columns(given: tuple[Given, ...]) -> tuple[tuple[Given, ...], ...]:
    half = (len(given) + 1) // 2
    return tuple(column for column in (given[:half], given[half:]) if column)


def _response(item: str, response: str | None, speech: Speech) -> str:
    return speech.response(item, response) if response else speech.say("Not answered")


def _history(row: Row, speech: Speech) -> tuple[tuple[str, str], ...]:
    told = [(speech.day(earlier.on), placed(earlier.verdict.placements, speech)) for earlier in row.earlier]
    if not told:
        return ()
    now = (speech.day(row.assessment.changed.date()), placed(row.verdict.placements, speech))
    return (*told, now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A source: its name in its own language, and the headings that the instrument leans on."""

    name: str
    language: str
    headings: tuple[str, ...]
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """The last page."""

    paragraphs: tuple[str, ...]
    limits: tuple[str, ...]
    sources: tuple[Document, ...]
    facts: tuple[tuple[str, str], ...]


def method(report: Report, speech: Speech) -> Method:
    """The page on the method, its sources and its limits."""
    return Method(
        paragraphs=speech.wording.method,
        limits=speech.wording.limits,
        sources=_documents(speech),
        facts=_facts(report, speech),
    )


def _documents(speech: Speech) -> tuple[Document, ...]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for source in speech.instrument.sources.values():
        found.setdefault((source.document, source.language, source.url), []).append(source.heading)
    return tuple(
        Document(name=document, language=language, headings=tuple(headings), url=url)
        for (document, language, url), headings in found.items()
    )


def _facts(report: Report, speech: Speech) -> tuple[tuple[str, str], ...]:
    instrument = report.instrument
    version = f"{instrument.id} {instrument.version}" + (f" · {instrument.digest[:12]}" if instrument.digest else "")
    return (
        (speech.say("Library"), report.library),
        (speech.say("Made"), speech.day(report.made)),
        (speech.say("Questions"), f"{speech.wording.name} ({version})"),
        (speech.say("Program"), f"assessor {report.program}"),
    )
