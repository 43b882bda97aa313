"""Several libraries in one report, without ranking them: what they hold together, how far it spreads, what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessor.core.instrument import Instrument
from assessor.core.portfolio import AT_LEAST, UNSETTLED, Consortium, Part, Shares, Spread
from assessor.core.verdict import Standing
from assessor.core.wording import Wording
from assessor.presentation.terms import Speech, low
from assessor.presentation.terraces import Area, Line, Picture, Sign, wrapped
from assessor.presentation.tones import BESIDE, OPEN, Tone, tones
from assessor.report.render import Document, Section, laid_out

#: Points: a figure's width, the names' column, the room for numbers behind a bar, and a row's height.
_WIDTH, _NAMES, _NUMBERS, _ROW = 492.0, 178.0, 92.0, 31.0

_SIZE = 10.4
#: From one line of a name to the next.
_LEADING = 12.5

#: Steps and open questions that are listed.
_MOST = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """What a consortium's report is made of."""

    consortium: Consortium
    instrument: Instrument
    wording: Wording
    language: str
    made: date
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A figure and the same in words."""

    picture: Picture
    told: str
    #: What is withheld, and why; empty where nothing is.
    withheld: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """A mark and how often it is met, unmet and unknown."""

    name: str
    told: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Something that many could do or find out, and how many."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The whole report, ready to be laid out."""

    title: str
    lead: str
    placed: Told
    spread: Told
    marks: tuple[Marked, ...]
    steps: tuple[Asked, ...]
    opens: tuple[Asked, ...]
    privacy: tuple[str, ...]


def consortium_document(together: Together) -> Document:
    """The report as a document."""
    speech = Speech(together.language, together.instrument, together.wording)
    page = make(together, speech)
    return Document(
        kind="consortium",
        language=together.language,
        title=page.title,
        description=speech.say("Several libraries together, {date}", date=speech.day(together.made)),
        author=f"assessor {together.program}",
        running=f"{page.title} · {speech.day(together.made)}",
        made=together.made,
        program=together.program,
        sections=tuple(_sections(page, together.language, speech)),
    )


def _sections(page: Page, language: str, speech: Speech) -> Iterator[Section]:
    html = laid_out("consortium/together.html.j2", language, page=page)
    yield Section(id="together", title=page.title, level=1, html=html)
    html = laid_out("consortium/next.html.j2", language, page=page)
    yield Section(id="next", title=speech.say("What many have, lack and could do"), level=1, html=html)


def make(together: Together, speech: Speech) -> Page:
    """The report's words and figures."""
    found = together.consortium
    said = {"libraries": found.libraries, "collaborations": found.collaborations}
    return Page(
        title=speech.say("{libraries} libraries together", **said),
        lead=speech.say(
            "{collaborations} collaborations of {libraries} libraries. No library is shown alone, and none is ranked: "
            "lower may be right, and level 1 is the highest number of commitments, not a prize.",
            **said,
        ),
        placed=_placed(found.placements, speech),
        spread=_spread(found.spreads, speech),
        marks=tuple(_marked(mark.id, found.marks[mark.id], speech) for mark in together.instrument.marks),
        steps=tuple(_step(item, option, part, found, speech) for (item, option), part in found.steps[:_MOST]),
        opens=tuple(_open(item, part, found, speech) for item, part in found.opens[:_MOST]),
        privacy=_privacy(speech),
    )


def _name(kind: str, speech: Speech) -> str:
    return speech.say("Not settled yet") if kind == UNSETTLED else speech.level(kind)


def _tone(kind: str, speech: Speech) -> Tone:
    return OPEN if kind == UNSETTLED else tones(speech.instrument).get(kind, BESIDE)


def _placed(shares: Shares, speech: Speech) -> Told:
    """Bars for what may be told."""
    most = max((part.count for part in shares.parts.values()), default=0) or 1
    picture = Picture(width=_WIDTH, height=_ROW * len(shares.parts))
    for at, (kind, part) in enumerate(shares.parts.items()):
        wide = (_WIDTH - _NAMES - _NUMBERS) * part.count / most
        row = _named(kind, speech) + _bar(kind, wide, speech) + _said(_NAMES + wide + 6, _count(part, shares, speech))
        picture = picture + row.moved(0, at * _ROW)
    told = [f"{_name(kind, speech)}: {_count(part, shares, speech)}" for kind, part in shares.parts.items()]
    return Told(picture=picture, told="; ".join(told), withheld=_withheld(shares, speech))


def _named(kind: str, speech: Speech) -> Picture:
    tone = _tone(kind, speech)
    names = wrapped(_name(kind, speech), _NAMES - 22, _SIZE)
    top = _ROW / 2 + 3.6 - (len(names) - 1) * _LEADING / 2
    lines = tuple(Line(14, round(top + at * _LEADING, 1), _SIZE, 400, "ink", name) for at, name in enumerate(names))
    sign = Sign(4.5, _ROW / 2, 3.8, "beside" if tone.name == "open" else tone.name, tone.shape)
    return Picture(width=_WIDTH, height=_ROW, signs=(sign,), lines=lines)


def _bar(kind: str, wide: float, speech: Speech) -> Picture:
    name = _tone(kind, speech).name
    on_step = name.startswith("t")
    area = Area(_NAMES, 6.5, round(wide, 1), 18, name if on_step else "beside", "step" if on_step else "box")
    return Picture(width=_WIDTH, height=_ROW, areas=(area,) if wide else ())


def _said(x: float, text: str) -> Picture:
    return Picture(width=_WIDTH, height=_ROW, lines=(Line(round(x, 1), _ROW / 2 + 3.6, _SIZE, 600, "ink", text),))


def _count(part: Part, shares: Shares, speech: Speech) -> str:
    return speech.say("{count} ({share} %)", count=part.count, share=round(100 * part.count / shares.total))


def _withheld(shares: Shares, speech: Speech) -> str:
    if not shares.together:
        return ""
    names = [_name(kind, speech) for kind in shares.together]
    kinds = speech.listed([names[0], *map(low, names[1:])])
    if shares.rest is None:
        return speech.say("Not shown, as fewer than {least} libraries have them: {kinds}.", least=AT_LEAST, kinds=kinds)
    return speech.say(
        "{count} more, shown only together as too few libraries have one of them: {kinds}.",
        count=shares.rest.count,
        kinds=kinds,
    )


def _spread(spreads: Mapping[str, Spread], speech: Speech) -> Told:
    """A point for each group of libraries, from no collaboration of the kind to all of them."""
    room = _WIDTH - _NAMES - 12
    picture = Picture(width=_WIDTH, height=_ROW * (len(spreads) + 1))
    for at, (kind, spread) in enumerate(spreads.items()):
        row = _named(kind, speech) + _points(kind, spread, room, speech)
        picture = picture + row.moved(0, at * _ROW)
    ends = (_said(_NAMES, "0 %") + _said(_WIDTH - 34, "100 %")).moved(0, _ROW * len(spreads) - 8)
    told = [f"{_name(kind, speech)}: {_groups(spread, speech)}" for kind, spread in spreads.items()]
    return Told(picture=picture + ends, told="; ".join(told), withheld=_about_groups(spreads, speech))


def _points(kind: str, spread: Spread, room: float, speech: Speech) -> Picture:
    tone = _tone(kind, speech)
    ink = "beside" if tone.name == "open" else tone.name
    at = [round(_NAMES + 6 + room * share, 1) for share in spread.groups]
    rule = Area(_NAMES, _ROW / 2, _WIDTH - _NAMES, 0.4, "aside", "box")
    between = Area(at[0], _ROW / 2 - 0.7, round(at[-1] - at[0], 1), 1.4, ink, "box")
    points = tuple(Sign(x, _ROW / 2, 3.6, ink, tone.shape) for x in at)
    return Picture(width=_WIDTH, height=_ROW, areas=(rule, between) if len(at) > 1 else (rule,), signs=points)


def _groups(spread: Spread, speech: Speech) -> str:
    return speech.listed([f"{round(100 * share)} %" for share in spread.groups])


def _about_groups(spreads: Mapping[str, Spread], speech: Speech) -> str:
    count = max((len(spread.groups) for spread in spreads.values()), default=0)
    if not count:
        return ""
    if count == 1:
        return speech.say(
            "Each point is the mean of all the libraries; there are too few of them to show how they differ."
        )
    return speech.say(
        "Each point is the mean of one of {count} equal groups of libraries, from those with the lowest share to "
        "those with the highest; a group is never fewer than {least}.",
        count=count,
        least=AT_LEAST,
    )


def _marked(mark: str, shares: Shares, speech: Speech) -> Marked:
    words = {
        Standing.MET.value: speech.say("met"),
        Standing.UNMET.value: speech.say("not met"),
        Standing.UNKNOWN.value: speech.say("not known"),
    }
    told = [
        speech.say("{word} {share} %", word=words[kind], share=round(100 * part.count / shares.total))
        for kind, part in shares.parts.items()
        if part.count
    ]
    hidden = [words[kind] for kind in shares.together]
    if hidden:
        told.append(speech.say("withheld: {words}", words=speech.listed(hidden)))
    return Marked(name=speech.wording.marks[mark].name, told=", ".join(told))


def _step(item: str, option: str, part: Part, found: Consortium, speech: Speech) -> Asked:
    step = speech.wording.items[item].options[option].step
    title = step.title if step else speech.item(item)
    return Asked(title=title, text=_of_all(part, found, speech))


def _open(item: str, part: Part, found: Consortium, speech: Speech) -> Asked:
    return Asked(title=speech.wording.items[item].ask, text=_of_all(part, found, speech))


def _of_all(part: Part, found: Consortium, speech: Speech) -> str:
    if part.libraries == found.libraries:
        return speech.say("{count} collaborations, at all or nearly all of the libraries", count=part.count)
    return speech.say("{count} collaborations, at {libraries} libraries", count=part.count, libraries=part.libraries)


def _privacy(speech: Speech) -> tuple[str, ...]:
    return (
        speech.say(
            "No figure here rests on fewer than {least} libraries, and none that does can be had by subtracting what "
            "is shown.",
            least=AT_LEAST,
        ),
        speech.say(
            "Make one report for one circle of libraries: two reports whose circles differ by a single library "
            "would tell about that library."
        ),
    )
