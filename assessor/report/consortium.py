"""Several libraries in one report, without ranking them: what they hold together, how far it spreads, what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from assessor.core.instrument import Instrument
from assessor.core.portfolio import MIN_LIBRARIES, UNSETTLED, Consortium, PartCount, Shares, Spread
from assessor.core.verdict import Standing
from assessor.core.wording import Wording
from assessor.presentation.marks import mark_words
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.terraces import Area, Drawing, Sign, TextLine, wrap_text
from assessor.presentation.tones import BESIDE_TONE, OPEN_TONE, Tone, level_tones
from assessor.report.render import PrintableDocument, Section, render_template

#: Points: a figure's width, the names' column, the room for numbers behind a bar, and a row's height.
_WIDTH, _NAME_WIDTH, _NUMBER_WIDTH, _ROW_HEIGHT = 492.0, 178.0, 92.0, 31.0

_TYPE_SIZE = 10.4
#: From one line of a name to the next.
_LEADING = 12.5

#: Steps and open questions that are listed.
_MOST_LISTED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsortiumReport:
    """What a consortium's report is made of."""

    consortium: Consortium
    instrument: Instrument
    wording: Wording
    language: str
    made: date
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaptionedFigure:
    """A figure and the same in words."""

    picture: Drawing
    alt_text: str
    #: What is withheld, and why; empty where nothing is.
    withheld: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkShares:
    """A mark and how often it is met, unmet and unknown."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonTask:
    """Something that many could do or find out, and how many."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsortiumView:
    """The whole report, ready to be laid out."""

    title: str
    lead: str
    placed: CaptionedFigure
    spread: CaptionedFigure
    marks: tuple[MarkShares, ...]
    steps: tuple[CommonTask, ...]
    opens: tuple[CommonTask, ...]
    privacy: tuple[str, ...]


def consortium_document(together: ConsortiumReport) -> PrintableDocument:
    """The report as a document."""
    speech = Terms(together.language, together.instrument, together.wording)
    page = consortium_view(together, speech)
    return PrintableDocument(
        kind="consortium",
        language=together.language,
        title=page.title,
        description=speech.say("Several libraries together, {date}", date=speech.long_date(together.made)),
        author=f"assessor {together.program}",
        running=f"{page.title} · {speech.long_date(together.made)}",
        made=together.made,
        program=together.program,
        sections=tuple(_sections(page, together.language, speech)),
    )


def _sections(page: ConsortiumView, language: str, speech: Terms) -> Iterator[Section]:
    html = render_template("consortium/together.html.j2", language, page=page)
    yield Section(id="together", title=page.title, level=1, html=html)
    html = render_template("consortium/next.html.j2", language, page=page)
    yield Section(id="next", title=speech.say("What many have, lack and could do"), level=1, html=html)


def consortium_view(together: ConsortiumReport, speech: Terms) -> ConsortiumView:
    """The report's words and figures."""
    found = together.consortium
    said = {"libraries": found.libraries, "collaborations": found.collaborations}
    return ConsortiumView(
        title=speech.say("{libraries} libraries together", **said),
        lead=speech.say(
            "{collaborations} collaborations at {libraries} libraries. No library is shown "
            "alone, and none is ranked: a lower level may be right, and level 1 means the most "
            "commitments, not a prize.",
            **said,
        ),
        placed=_placement_figure(found.placements, speech),
        spread=_spread_figure(found.spreads, speech),
        marks=tuple(_mark_shares(mark.id, found.marks[mark.id], speech) for mark in together.instrument.marks),
        steps=tuple(
            _common_step(item, option, part, found, speech) for (item, option), part in found.steps[:_MOST_LISTED]
        ),
        opens=tuple(_common_open_item(item, part, found, speech) for item, part in found.opens[:_MOST_LISTED]),
        privacy=_privacy_notes(speech),
    )


def _kind_name(kind: str, speech: Terms) -> str:
    return speech.say("Not settled yet") if kind == UNSETTLED else speech.numbered_name(kind)


def _kind_tone(kind: str, speech: Terms) -> Tone:
    return OPEN_TONE if kind == UNSETTLED else level_tones(speech.instrument).get(kind, BESIDE_TONE)


def _placement_figure(shares: Shares, speech: Terms) -> CaptionedFigure:
    """Bars for what may be told."""
    most = max((part.count for part in shares.parts.values()), default=0) or 1
    picture = Drawing(width=_WIDTH, height=_ROW_HEIGHT * len(shares.parts))
    for at, (kind, part) in enumerate(shares.parts.items()):
        wide = (_WIDTH - _NAME_WIDTH - _NUMBER_WIDTH) * part.count / most
        row = (
            _row_label(kind, speech)
            + _bar(kind, wide, speech)
            + _text_at(_NAME_WIDTH + wide + 6, _count_and_share(part, shares, speech))
        )
        picture = picture + row.offset_by(0, at * _ROW_HEIGHT)
    told = [
        f"{_kind_name(kind, speech)}: {_count_and_share(part, shares, speech)}" for kind, part in shares.parts.items()
    ]
    return CaptionedFigure(picture=picture, alt_text="; ".join(told), withheld=_withheld_note(shares, speech))


def _row_label(kind: str, speech: Terms) -> Drawing:
    tone = _kind_tone(kind, speech)
    names = wrap_text(_kind_name(kind, speech), _NAME_WIDTH - 22, _TYPE_SIZE)
    top = _ROW_HEIGHT / 2 + 3.6 - (len(names) - 1) * _LEADING / 2
    lines = tuple(
        TextLine(14, round(top + at * _LEADING, 1), _TYPE_SIZE, 400, "ink", name) for at, name in enumerate(names)
    )
    sign = Sign(4.5, _ROW_HEIGHT / 2, 3.8, "beside" if tone.name == "open" else tone.name, tone.shape)
    return Drawing(width=_WIDTH, height=_ROW_HEIGHT, signs=(sign,), lines=lines)


def _bar(kind: str, wide: float, speech: Terms) -> Drawing:
    name = _kind_tone(kind, speech).name
    on_step = name.startswith("t")
    area = Area(_NAME_WIDTH, 6.5, round(wide, 1), 18, name if on_step else "beside", "step" if on_step else "box")
    return Drawing(width=_WIDTH, height=_ROW_HEIGHT, areas=(area,) if wide else ())


def _text_at(x: float, text: str) -> Drawing:
    return Drawing(
        width=_WIDTH,
        height=_ROW_HEIGHT,
        lines=(TextLine(round(x, 1), _ROW_HEIGHT / 2 + 3.6, _TYPE_SIZE, 600, "ink", text),),
    )


def _count_and_share(part: PartCount, shares: Shares, speech: Terms) -> str:
    return speech.say("{count} ({share} %)", count=part.count, share=round(100 * part.count / shares.total))


def _withheld_note(shares: Shares, speech: Terms) -> str:
    if not shares.withheld:
        return ""
    names = [_kind_name(kind, speech) for kind in shares.withheld]
    kinds = speech.format_list([names[0], *map(lower_first, names[1:])])
    if shares.rest is None:
        return speech.say(
            "Not shown, as fewer than {least} libraries have them: {kinds}.", least=MIN_LIBRARIES, kinds=kinds
        )
    return speech.say(
        "{count} more, shown only together because too few libraries have each of them: {kinds}.",
        count=shares.rest.count,
        kinds=kinds,
    )


def _spread_figure(spreads: Mapping[str, Spread], speech: Terms) -> CaptionedFigure:
    """A point for each group of libraries, from no collaboration of the kind to all of them."""
    room = _WIDTH - _NAME_WIDTH - 12
    picture = Drawing(width=_WIDTH, height=_ROW_HEIGHT * (len(spreads) + 1))
    for at, (kind, spread) in enumerate(spreads.items()):
        row = _row_label(kind, speech) + _spread_points(kind, spread, room, speech)
        picture = picture + row.offset_by(0, at * _ROW_HEIGHT)
    ends = (_text_at(_NAME_WIDTH, "0 %") + _text_at(_WIDTH - 34, "100 %")).offset_by(0, _ROW_HEIGHT * len(spreads) - 8)
    told = [f"{_kind_name(kind, speech)}: {_group_shares(spread, speech)}" for kind, spread in spreads.items()]
    return CaptionedFigure(picture=picture + ends, alt_text="; ".join(told), withheld=_groups_note(spreads, speech))


def _spread_points(kind: str, spread: Spread, room: float, speech: Terms) -> Drawing:
    tone = _kind_tone(kind, speech)
    ink = "beside" if tone.name == "open" else tone.name
    at = [round(_NAME_WIDTH + 6 + room * share, 1) for share in spread.groups]
    rule = Area(_NAME_WIDTH, _ROW_HEIGHT / 2, _WIDTH - _NAME_WIDTH, 0.4, "aside", "box")
    between = Area(at[0], _ROW_HEIGHT / 2 - 0.7, round(at[-1] - at[0], 1), 1.4, ink, "box")
    points = tuple(Sign(x, _ROW_HEIGHT / 2, 3.6, ink, tone.shape) for x in at)
    return Drawing(width=_WIDTH, height=_ROW_HEIGHT, areas=(rule, between) if len(at) > 1 else (rule,), signs=points)


def _group_shares(spread: Spread, speech: Terms) -> str:
    return speech.format_list([f"{round(100 * share)} %" for share in spread.groups])


def _groups_note(spreads: Mapping[str, Spread], speech: Terms) -> str:
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
        least=MIN_LIBRARIES,
    )


def _mark_shares(mark: str, shares: Shares, speech: Terms) -> MarkShares:
    known = mark_words(speech)
    either = speech.format_list([known["unasked"], known["unknown"]], last=speech.say("or"))
    words = {Standing.MET.value: known["met"], Standing.UNMET.value: known["unmet"], Standing.UNKNOWN.value: either}
    told = [
        speech.say("{word} {share} %", word=words[kind], share=round(100 * part.count / shares.total))
        for kind, part in shares.parts.items()
        if part.count
    ]
    hidden = [words[kind] for kind in shares.withheld]
    if hidden:
        told.append(speech.say("withheld: {words}", words=speech.format_list(hidden)))
    return MarkShares(name=speech.wording.marks[mark].name, text=", ".join(told))


def _common_step(item: str, option: str, part: PartCount, found: Consortium, speech: Terms) -> CommonTask:
    step = speech.wording.items[item].options[option].step
    title = step.title if step else speech.item_heading(item)
    return CommonTask(title=title, text=_how_many(part, found, speech))


def _common_open_item(item: str, part: PartCount, found: Consortium, speech: Terms) -> CommonTask:
    return CommonTask(title=speech.wording.items[item].ask, text=_how_many(part, found, speech))


def _how_many(part: PartCount, found: Consortium, speech: Terms) -> str:
    if part.libraries == found.libraries:
        return speech.say("{count} collaborations, at all or nearly all of the libraries", count=part.count)
    return speech.say("{count} collaborations, at {libraries} libraries", count=part.count, libraries=part.libraries)


def _privacy_notes(speech: Terms) -> tuple[str, ...]:
    return (
        speech.say(
            "No figure here rests on fewer than {least} libraries, and none that does can be "
            "worked out by subtracting what is shown.",
            least=MIN_LIBRARIES,
        ),
        speech.say(
            "Make one report for one group of libraries: two reports whose groups differ by a "
            "single library would reveal that library."
        ),
    )
