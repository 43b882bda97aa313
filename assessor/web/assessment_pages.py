"""The pages around the interview: check your answers, the verdict, the accessibility statement, the end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessor.core.responses import DONT_KNOW
from assessor.core.verdict import Standing
from assessor.language import LANGUAGES
from assessor.presentation.report import Earlier, Row
from assessor.presentation.terms import Speech as Terms
from assessor.presentation.tones import BESIDE, Tone, tones
from assessor.presentation.verdict_page import page
from assessor.usecases.assessments import GAINS, GUT, WANTED, Opened
from assessor.web.errors import NoSuchPage
from assessor.web.http.request_context import Answer, Goto, Shown, Visit


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What was given to a step."""

    title: str
    value: str
    note: str
    path: str
    known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Stair:
    """A level in the small picture of a verdict."""

    name: str
    tone: Tone
    #: The chip stands here.
    here: bool
    #: It may stand here.
    maybe: bool
    wanted: bool
    gut: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A mark and how it stands."""

    name: str
    about: str
    standing: str
    said: str


def check(visit: Visit) -> Answer:
    """Everything given, to be looked over and changed."""
    opened = visit.opened
    facts = {
        **visit.sending(opened),
        "collaboration": opened.assessment.collaboration,
        "given": tuple(_given(visit, opened)),
        "next": opened.next_step(visit.mode(opened) or "full"),
        "assessment": opened.assessment.id,
    }
    return Shown(template="check", title=visit.say("Check your answers"), facts=facts)


def _given(visit: Visit, opened: Opened) -> Iterator[Given]:
    titles = {
        GUT: visit.say("Gut feeling"),
        WANTED: visit.say("Wanted level"),
        GAINS: visit.say("What it brings"),
    }
    terms = visit.terms(opened)
    for step in opened.trail():
        yield Given(
            title=titles.get(step) or terms.item(step),
            value=_value(visit, terms, opened, step),
            note=opened.assessment.notes.get(step, ""),
            path=visit.at(opened, step),
            known=opened.responses.get(step) != DONT_KNOW,
        )


def _value(visit: Visit, terms: Terms, opened: Opened, step: str) -> str:
    assessment, words = opened.assessment, terms.wording
    if step == GAINS:
        return ", ".join(words.gains.get(each, each) for each in assessment.gains) or visit.say("None of these")
    if step in (GUT, WANTED):
        placement = assessment.gut if step == GUT else assessment.wanted
        return terms.level(placement) if placement in words.placements and placement else visit.say("Don't know")
    response = opened.responses[step]
    options = words.items[step].options
    return options[response].label if response in options else visit.say("Don't know")


def verdict(visit: Visit) -> Answer:
    """Where it stands, why, what is open, and what would move it."""
    opened = visit.opened
    if visit.theirs:
        return _thanks(visit, opened)
    terms, assessment = visit.terms(opened), opened.assessment
    row = Row(assessment=assessment, verdict=opened.verdict, earlier=_earlier(visit, opened))
    facts = {
        **visit.sending(opened),
        "collaboration": assessment.collaboration,
        "assessment": assessment.id,
        "page": page(row, 1, "v", terms),
        "stairs": tuple(_stairs(opened, terms)),
        "aside": _aside(opened, terms),
        "opens": _opens(visit, opened),
        "marks": tuple(_marks(visit, opened, terms)),
        "split": bool(opened.verdict.signals),
        "note": assessment.notes.get("", ""),
        "typed": visit.typed.one("note") or assessment.notes.get("", ""),
        "left": opened.left("full"),
        "finished": opened.finished,
        "changed": _changed(opened, visit),
    }
    return Shown(template="verdict", title=assessment.collaboration.name, facts=facts)


def _thanks(visit: Visit, opened: Opened) -> Shown:
    """The other party is told no placement: its answers are set beside the library's own."""
    facts = {
        "collaboration": opened.assessment.collaboration,
        "left": opened.left("full"),
        "go_on": visit.at(opened),
        "check": visit.page_of(opened, "check"),
    }
    return Shown(template="thanks", title=visit.say("Thank you"), facts=facts)


def _earlier(visit: Visit, opened: Opened) -> tuple[Earlier, ...]:
    """Assessments of the same collaboration that were begun before this one."""
    if opened.assessment.respondent:
        return ()  # what the library made of it before is not shown to those it asks
    found = visit.store.assessments(opened.assessment.collaboration.id)
    before = found[: [each.id for each in found].index(opened.assessment.id)]
    seen = (visit.assessments.opened(each) for each in before if each.responses)
    return tuple(Earlier(on=each.assessment.changed.date(), verdict=each.verdict) for each in seen)


def _stairs(opened: Opened, terms: Terms) -> Iterator[Stair]:
    placements = opened.verdict.placements
    for placement, tone in tones(opened.instrument).items():
        yield Stair(
            name=terms.level(placement),
            tone=tone,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=opened.assessment.wanted == placement,
            gut=opened.assessment.gut == placement,
        )


def _aside(opened: Opened, terms: Terms) -> tuple[Stair, ...]:
    """What it is, or may be, or was felt to be, beside the levels."""
    placements = opened.verdict.placements
    told = {*placements, opened.assessment.gut} - {*opened.instrument.levels}
    return tuple(
        Stair(
            name=terms.name(placement),
            tone=BESIDE,
            here=placements == (placement,),
            maybe=placement in placements and len(placements) > 1,
            wanted=False,
            gut=opened.assessment.gut == placement,
        )
        for placement in opened.instrument.placements
        if placement in told
    )


def _opens(visit: Visit, opened: Opened) -> Sequence[tuple[str, str]]:
    """The address of each open item, beside what the page tells of it."""
    return [(each.item, visit.at(opened, each.item)) for each in opened.verdict.open_items]


def _marks(visit: Visit, opened: Opened, terms: Terms) -> Iterator[Told]:
    said = {
        Standing.MET: visit.say("met"),
        Standing.UNMET: visit.say("not met"),
        Standing.UNKNOWN: visit.say("not known"),
    }
    for mark, standing in opened.verdict.marks.items():
        words = terms.wording.marks[mark]
        yield Told(name=words.name, about=words.about, standing=standing.value, said=said[standing])


def _changed(opened: Opened, visit: Visit) -> tuple[str, ...]:
    """What the bank asks otherwise by now."""
    if not opened.differences:
        return ()
    now = visit.assessments.words(visit.speech.language)
    then = opened.words(visit.speech.language)
    told = {
        "gone": visit.say("no longer asked: {item}"),
        "added": visit.say("newly asked: {item}"),
        "options": visit.say("other answers to choose from: {item}"),
        "rules": visit.say("other rules for the placement"),
        "other": visit.say("not what is asked, but its marks, advice or version"),
    }
    return tuple(
        told[each.kind].format(item=(now if each.kind == "added" else then).items[each.item].short if each.item else "")
        for each in opened.differences
    )


def accessibility(visit: Visit) -> Answer:
    """The statement, with whom to tell as the host has filled it in."""
    return Shown(
        template="accessibility",
        title=visit.say("Accessibility statement"),
        facts={"contact": visit.desk.contact},
    )


def speak(visit: Visit) -> Answer:
    """The language of the pages from here on."""
    language, to = visit.form.one("language"), visit.query.get("to", "")
    if language not in LANGUAGES or not ours(to):
        raise NoSuchPage()
    visit.session.language = language
    return Goto(to, typed=visit.form)


def ours(to: str) -> bool:
    """Whether it is an address of these pages and of nobody else's."""
    return to.startswith("/") and to.isascii() and not set(to) - _PLAIN and "//" not in to


_PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.?=")


def closing(visit: Visit) -> Answer:
    """Whether to end."""
    return Shown(template="close", title=visit.say("Finish for today?"), facts=visit.sending())


def close(visit: Visit) -> Answer:
    """End the program; everything is kept already."""
    if visit.desk.stop:
        visit.desk.stop()
    return Shown(template="closed", title=visit.say("You can close this window"))
