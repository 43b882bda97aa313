"""Several libraries in one report, without ranking them: what they hold together, how it spreads, what many could do.

`core.portfolio` decides which counts may be shown, so that none tells about a single library; here they become bars,
points and sentences. What it withholds is named, and why, never silently left out. Figures are a `Drawing` of
`presentation.terraces`, one row of fixed height for each placement.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assessor.core.instrument import Instrument
from assessor.core.portfolio import MIN_LIBRARIES, UNSETTLED, Consortium, PartCount, Shares, Spread
from assessor.core.verdict import Standing
from assessor.core.wording import Wording
from assessor.errors import N_
from assessor.presentation.marks import mark_words
from assessor.presentation.terms import Terms, lower_first
from assessor.presentation.terraces import Area, Drawing, Sign, TextLine, wrap_text
from assessor.presentation.tones import BESIDE_TONE, OPEN_TONE, Tone, level_tones
from assessor.presentation.typeface import font_face
from assessor.report.render import PrintableDocument, Section, render_template

#: Points: a figure's width, the names' column, the room for numbers behind a bar, and a row's height.
_WIDTH, _NAME_WIDTH, _NUMBER_WIDTH, _ROW_HEIGHT = 492.0, 178.0, 92.0, 31.0

#: The height of a mark's row.
_MARK_HEIGHT = 26.0

_TYPE_SIZE = 10.5
#: From one line of a name to the next.
_LEADING = 12.5

#: The most steps and open questions that are listed.
_MOST_LISTED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsortiumReport:
    """What a consortium's report is made of."""

    consortium: Consortium
    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the program's words; the instrument's stand in `wording`.
    language: str
    made: date
    #: Version of the program.
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
    """A mark, how often it is met, unmet and unknown in words, and the shares of those that may be shown."""

    name: str
    text: str
    #: By standing, in the order they are drawn.
    shares: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonTask:
    """A step or an open question that many collaborations share, and how many."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsortiumView:
    """The whole report, ready to be laid out."""

    title: str
    lead: str
    #: How the collaborations are placed, all libraries together.
    placed: CaptionedFigure
    #: How the shares differ between libraries, in groups; None where there are too few of them to tell.
    spread: CaptionedFigure | None
    #: None for an instrument without marks.
    marks: CaptionedFigure | None
    steps: tuple[CommonTask, ...]
    #: Open questions that many collaborations have.
    opens: tuple[CommonTask, ...]
    #: What is true of all the steps and questions whose number of libraries is not told; empty where all are told.
    everywhere: str
    privacy: tuple[str, ...]


def consortium_document(report: ConsortiumReport) -> PrintableDocument:
    """The report as a document of two sections."""
    terms = Terms(report.language, report.instrument, report.wording)
    page = consortium_view(report, terms)
    return PrintableDocument(
        kind="consortium",
        language=report.language,
        title=page.title,
        description=terms.say("Several libraries together, {date}", date=terms.long_date(report.made)),
        author=f"assessor {report.program}",
        running=f"{page.title} · {terms.long_date(report.made)}",
        made=report.made,
        program=report.program,
        sections=tuple(_sections(page, report.language, terms)),
    )


def _sections(page: ConsortiumView, language: str, terms: Terms) -> Iterator[Section]:
    html = render_template("consortium/together.html.j2", language, page=page)
    yield Section(id="together", title=page.title, level=1, html=html)
    html = render_template("consortium/next.html.j2", language, page=page)
    yield Section(id="next", title=terms.say("What many have, lack and could do"), level=1, html=html)


_LEAD: Final = N_(
    "{collaborations} collaborations at {libraries} libraries. No library is shown alone, and none is ranked: a lower "
    "level may be right, and level 1 means the most commitments, not a prize."
)
_LEAD_WITHOUT_NUMBER: Final = N_(
    "{collaborations} collaborations at {libraries} libraries. No library is shown alone, and none is ranked: a lower "
    "level may be right."
)


def consortium_view(report: ConsortiumReport, terms: Terms) -> ConsortiumView:
    """The report's words and figures, ready for the templates."""
    consortium = report.consortium
    facts = {"libraries": consortium.libraries, "collaborations": consortium.collaborations}
    lead = _LEAD if report.instrument.levels_count == "down" else _LEAD_WITHOUT_NUMBER
    return ConsortiumView(
        title=terms.say("{libraries} libraries together", **facts),
        lead=terms.say(lead, **facts),
        placed=_placement_figure(consortium.placements, terms),
        spread=_spread_figure(consortium.spreads, terms),
        marks=_marks_figure(
            [_mark_shares(mark.id, consortium.marks[mark.id], terms) for mark in report.instrument.marks], terms
        ),
        everywhere=_everywhere_note(consortium, terms),
        steps=tuple(
            _common_step(item, option, part, consortium, terms)
            for (item, option), part in consortium.steps[:_MOST_LISTED]
        ),
        opens=tuple(_common_open_item(item, part, consortium, terms) for item, part in consortium.opens[:_MOST_LISTED]),
        privacy=_privacy_notes(terms),
    )


def _kind_name(kind: str, terms: Terms) -> str:
    return terms.say("Not settled yet") if kind == UNSETTLED else terms.numbered_name(kind)


def _kind_tone(kind: str, terms: Terms) -> Tone:
    return OPEN_TONE if kind == UNSETTLED else level_tones(terms.instrument).get(kind, BESIDE_TONE)


def _placement_figure(shares: Shares, terms: Terms) -> CaptionedFigure:
    """A bar for each count that may be shown, the longest as wide as the room allows."""
    most = max((part.count for part in shares.parts.values()), default=0) or 1
    picture = Drawing(width=_WIDTH, height=_ROW_HEIGHT * len(shares.parts))
    for index, (kind, part) in enumerate(shares.parts.items()):
        bar_width = (_WIDTH - _NAME_WIDTH - _NUMBER_WIDTH) * part.count / most
        row = (
            _row_label(kind, terms)
            + _bar(kind, bar_width, terms)
            + _text_at(_NAME_WIDTH + bar_width + 6, _count_and_share(part, shares, terms))
        )
        picture = picture + row.offset_by(0, index * _ROW_HEIGHT)
    descriptions = [
        f"{_kind_name(kind, terms)}: {_count_and_share(part, shares, terms)}" for kind, part in shares.parts.items()
    ]
    return CaptionedFigure(picture=picture, alt_text="; ".join(descriptions), withheld=_withheld_note(shares, terms))


def _row_label(kind: str, terms: Terms) -> Drawing:
    """A placement's sign and name at the left of its row; a long name takes several lines."""
    tone = _kind_tone(kind, terms)
    names = wrap_text(_kind_name(kind, terms), _NAME_WIDTH - 22, _TYPE_SIZE)
    top = _ROW_HEIGHT / 2 + 3.6 - (len(names) - 1) * _LEADING / 2
    lines = tuple(
        TextLine(14, round(top + index * _LEADING, 1), _TYPE_SIZE, 400, "ink", name) for index, name in enumerate(names)
    )
    sign = Sign(4.5, _ROW_HEIGHT / 2, 3.8, "beside" if tone.name == "open" else tone.name, tone.shape)
    return Drawing(width=_WIDTH, height=_ROW_HEIGHT, signs=(sign,), lines=lines)


def _bar(kind: str, width: float, terms: Terms) -> Drawing:
    """A bar in the tone of its placement; nothing for a count of 0."""
    name = _kind_tone(kind, terms).name
    area = Area(_NAME_WIDTH, 6.5, round(width, 1), 18, name if name.startswith("t") else "beside", "bar")
    return Drawing(width=_WIDTH, height=_ROW_HEIGHT, areas=(area,) if width else ())


def _text_at(x: float, text: str) -> Drawing:
    return Drawing(
        width=_WIDTH,
        height=_ROW_HEIGHT,
        lines=(TextLine(round(x, 1), _ROW_HEIGHT / 2 + 3.6, _TYPE_SIZE, 600, "ink", text),),
    )


def _count_and_share(part: PartCount, shares: Shares, terms: Terms) -> str:
    return terms.say("{count} ({share} %)", count=part.count, share=round(100 * part.count / shares.total))


def _withheld_note(shares: Shares, terms: Terms) -> str:
    """Which placements are not shown, or only summed up, and why; empty where all are shown."""
    if not shares.withheld:
        return ""
    names = [_kind_name(kind, terms) for kind in shares.withheld]
    kinds = terms.format_list([names[0], *map(lower_first, names[1:])])
    if shares.rest is None:
        return terms.say(
            "Not shown, as fewer than {least} libraries have them: {kinds}.", least=MIN_LIBRARIES, kinds=kinds
        )
    return terms.say(
        "{count} more, shown only together because too few libraries have each of them: {kinds}.",
        count=shares.rest.count,
        kinds=kinds,
    )


def _spread_figure(spreads: Mapping[str, Spread], terms: Terms) -> CaptionedFigure | None:
    """A point for each group of libraries, from no collaboration of the kind (left) to all (right).

    None where all libraries are one group: such points would be the shares above once more, and compare nothing.
    """
    if max((len(spread.groups) for spread in spreads.values()), default=0) < 2:
        return None
    room = _WIDTH - _NAME_WIDTH - 12
    picture = Drawing(width=_WIDTH, height=_ROW_HEIGHT * (len(spreads) + 1))
    for index, (kind, spread) in enumerate(spreads.items()):
        row = _row_label(kind, terms) + _spread_points(kind, spread, room, terms)
        picture = picture + row.offset_by(0, index * _ROW_HEIGHT)
    ends = (_text_at(_NAME_WIDTH, "0 %") + _text_at(_WIDTH - 34, "100 %")).offset_by(0, _ROW_HEIGHT * len(spreads) - 8)
    descriptions = [f"{_kind_name(kind, terms)}: {_group_shares(spread, terms)}" for kind, spread in spreads.items()]
    return CaptionedFigure(
        picture=picture + ends, alt_text="; ".join(descriptions), withheld=_groups_note(spreads, terms)
    )


def _spread_points(kind: str, spread: Spread, room: float, terms: Terms) -> Drawing:
    """A point for each group on a thin rule, joined from the lowest to the highest."""
    tone = _kind_tone(kind, terms)
    ink = "beside" if tone.name == "open" else tone.name
    positions = [round(_NAME_WIDTH + 6 + room * share, 1) for share in spread.groups]
    rule = Area(_NAME_WIDTH, _ROW_HEIGHT / 2, _WIDTH - _NAME_WIDTH, 0.4, "aside", "box")
    between = Area(positions[0], _ROW_HEIGHT / 2 - 0.7, round(positions[-1] - positions[0], 1), 1.4, ink, "box")
    points = tuple(Sign(x, _ROW_HEIGHT / 2, 3.6, ink, tone.shape) for x in positions)
    return Drawing(
        width=_WIDTH, height=_ROW_HEIGHT, areas=(rule, between) if len(positions) > 1 else (rule,), signs=points
    )


def _group_shares(spread: Spread, terms: Terms) -> str:
    return terms.format_list([f"{round(100 * share)} %" for share in spread.groups])


def _groups_note(spreads: Mapping[str, Spread], terms: Terms) -> str:
    """What a point stands for."""
    count = max(len(spread.groups) for spread in spreads.values())
    return terms.say(
        "Each point is the mean of one of {count} equal groups of libraries, from those with the lowest share to "
        "those with the highest; a group is never fewer than {least}.",
        count=count,
        least=MIN_LIBRARIES,
    )


#: How a standing is drawn, in the order from the left: the kind of its area and the tone.
_STANDING_LOOKS = {
    Standing.MET.value: ("bar", "t1"),
    Standing.UNMET.value: ("box", "t1"),
    Standing.UNKNOWN.value: ("open", "quiet"),
}


def _standing_words(terms: Terms) -> Mapping[str, str]:
    """What each standing of a mark is called; not asked and not known are one here."""
    words = mark_words(terms)
    either = terms.format_list([words["unasked"], words["unknown"]], last=terms.say("or"))
    return {Standing.MET.value: words["met"], Standing.UNMET.value: words["unmet"], Standing.UNKNOWN.value: either}


def _mark_shares(mark: str, shares: Shares, terms: Terms) -> MarkShares:
    """A mark's shares, in figures and as one phrase; what is withheld is named instead of counted."""
    words = _standing_words(terms)
    parts = [
        terms.say("{word} {share} %", word=words[kind], share=round(100 * part.count / shares.total))
        for kind, part in shares.parts.items()
        if part.count
    ]
    hidden = [words[kind] for kind in shares.withheld]
    if hidden:
        parts.append(terms.say("withheld: {words}", words=terms.format_list(hidden)))
    shown = {kind: shares.parts[kind].count / shares.total for kind in _STANDING_LOOKS if kind in shares.parts}
    return MarkShares(name=terms.wording.marks[mark].name, text=", ".join(parts), shares=shown)


def _marks_figure(marks: Sequence[MarkShares], terms: Terms) -> CaptionedFigure | None:
    """A bar for each mark, in parts: met, unmet and unknown, with the share that meets it; beneath, what is what."""
    if not marks:
        return None
    picture = _standings_key(terms).offset_by(0, _MARK_HEIGHT * len(marks))
    for index, mark in enumerate(marks):
        picture = picture + _mark_row(mark).offset_by(0, index * _MARK_HEIGHT)
    told = "; ".join(f"{mark.name}: {mark.text}" for mark in marks)
    withheld = any(sum(mark.shares.values()) < 0.999 for mark in marks)
    note = terms.say("Where a bar ends early, the rest is withheld, as too few libraries have it.") if withheld else ""
    return CaptionedFigure(picture=picture, alt_text=told, withheld=note)


def _mark_row(mark: MarkShares) -> Drawing:
    """A mark's name, its bar in parts, and how often it is met where that may be shown."""
    names = wrap_text(mark.name, _NAME_WIDTH - 12, _TYPE_SIZE)
    top = _MARK_HEIGHT / 2 + 3.6 - (len(names) - 1) * _LEADING / 2
    lines = [
        TextLine(0, round(top + index * _LEADING, 1), _TYPE_SIZE, 400, "ink", name) for index, name in enumerate(names)
    ]
    room, left, areas = _WIDTH - _NAME_WIDTH - 46, _NAME_WIDTH, []
    for standing, share in mark.shares.items():
        kind, tone = _STANDING_LOOKS[standing]
        if share:
            areas.append(Area(round(left, 1), 5, round(room * share, 1), 16, tone, kind))
        left += room * share
    if Standing.MET.value in mark.shares:
        met = f"{round(100 * mark.shares[Standing.MET.value])} %"
        lines.append(TextLine(_WIDTH - 36, _MARK_HEIGHT / 2 + 3.6, _TYPE_SIZE, 600, "ink", met))
    if not areas:
        lines.append(TextLine(_NAME_WIDTH, _MARK_HEIGHT / 2 + 3.6, 9.0, 400, "soft", mark.text))
    return Drawing(width=_WIDTH, height=_MARK_HEIGHT, areas=tuple(areas), lines=tuple(lines))


def _standings_key(terms: Terms) -> Drawing:
    """What the parts of a bar mean."""
    x, areas, lines = _NAME_WIDTH, [], []
    for standing, word in _standing_words(terms).items():
        kind, tone = _STANDING_LOOKS[standing]
        areas.append(Area(x, 8, 12, 9, tone, kind))
        lines.append(TextLine(x + 17, 16, 9.0, 400, "soft", word))
        x = round(x + 17 + font_face().width(word, 9.0) + 16, 1)
    return Drawing(width=_WIDTH, height=22, areas=tuple(areas), lines=tuple(lines))


def _common_step(item: str, option: str, part: PartCount, consortium: Consortium, terms: Terms) -> CommonTask:
    """A step that many could take, in the bank's words; the item's name where the bank has none."""
    step = terms.wording.items[item].options[option].step
    title = step.title if step else terms.item_heading(item)
    return CommonTask(title=title, text=_how_many(part, consortium, terms))


def _common_open_item(item: str, part: PartCount, consortium: Consortium, terms: Terms) -> CommonTask:
    return CommonTask(title=terms.wording.items[item].ask, text=_how_many(part, consortium, terms))


def _how_many(part: PartCount, consortium: Consortium, terms: Terms) -> str:
    """How many collaborations, at how many libraries; never that all have one, which would tell of each of them."""
    if part.libraries == consortium.libraries:
        return terms.count("{number} collaboration", "{number} collaborations", part.count)
    return terms.say("{count} collaborations, at {libraries} libraries", count=part.count, libraries=part.libraries)


def _everywhere_note(consortium: Consortium, terms: Terms) -> str:
    """Said once for all that are so common that a number of libraries would tell of each; empty where there is none."""
    listed = (*consortium.steps[:_MOST_LISTED], *consortium.opens[:_MOST_LISTED])
    if not any(part.libraries == consortium.libraries for _, part in listed):
        return ""
    return terms.say("Where no number of libraries is told, it is so at all or nearly all of them.")


def _privacy_notes(terms: Terms) -> tuple[str, ...]:
    return (
        terms.say(
            "No figure here rests on fewer than {least} libraries, and none that does can be "
            "worked out by subtracting what is shown.",
            least=MIN_LIBRARIES,
        ),
        terms.say(
            "Make one report for one group of libraries: two reports whose groups differ by a "
            "single library would reveal that library."
        ),
    )
