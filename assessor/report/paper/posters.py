"""What lies on the table: a wall poster of the levels in A3, and cards to cut out and lay on it.

Three cards fit beside one another on an A4 sheet and eight beneath; the poster has room for them in just that size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.presentation.terms import Terms
from assessor.presentation.terraces import wrap_text
from assessor.presentation.tones import BESIDE_TONE, OPEN_TONE, Tone, level_tones
from assessor.presentation.typeface import displayable_text
from assessor.report.paper.sheet import PaperHead, PaperView

#: A card in points: 58 by 34 mm.
CARD_SIZE = (164.4, 96.4)

#: Cards on an A4 sheet.
_CARDS_ACROSS, _CARDS_DOWN = 3, 8

#: The poster in points: what the steps and what stands beside them have.
_STEPS_WIDTH, _ASIDE_WIDTH, _POSTER_HEIGHT = 862.0, 232.0, 676.0
_TOP_SHARE, _GAP, _WORDS_WIDTH, _PADDING = 0.74, 10.0, 212.0, 14.0

#: Sizes that words are tried in, and the lines that a card has for each part of a name in the smallest.
_NAME_SIZES, _NAME_LINES, _LEVEL_SIZE = (12.5, 11.5, 10.5, 9.5, 8.5, 7.5), (3, 3), 10.5


@dataclass(frozen=True, kw_only=True, slots=True)
class TableMaterial:
    """What poster and cards are made of; the same always gives the same pages."""

    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the words.
    language: str
    #: Empty where it is not known.
    library: str = ""
    #: Party and undertaking of each collaboration.
    names: tuple[tuple[str, str], ...] = ()
    made: date
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PosterStep:
    """One placement on the poster, in points."""

    tone: Tone
    name: str
    line: str
    about: str
    left: float
    top: float
    width: float
    height: float
    #: Type size of the words.
    size: float
    #: Where cards may lie: left and top within the step.
    card_places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One card; its kind says how it is drawn."""

    #: named, blank, level, question, empty.
    kind: str
    title: str = ""
    text: str = ""
    size: float = 9.0
    tone: Tone | None = None


def poster_view(table: TableMaterial) -> PaperView:
    """The poster as it is laid out."""
    speech = _terms(table)
    head = _paper_head(table, speech.say("Poster: {name}", name=displayable_text(table.wording.name)), speech)
    facts = {
        "name": displayable_text(table.wording.name),
        "lead": speech.say("Lay each card where it stands today, as it works in practice. Then ask what you want."),
        "steps": tuple(_level_steps(speech)),
        "aside": tuple(_aside_steps(speech)),
        "card": CARD_SIZE,
    }
    return PaperView(head=head, folder="poster", facts=facts)


def cards_view(table: TableMaterial) -> PaperView:
    """The cards as they are laid out, sheet by sheet."""
    speech = _terms(table)
    head = _paper_head(table, speech.say("Cards: {name}", name=displayable_text(table.wording.name)), speech)
    kinds = (
        (speech.say("Collaborations: cut along the lines, and lay them on the poster"), _collaboration_cards(table)),
        (speech.say("To vote with, and questions to draw when you do not agree"), _talk_cards(speech)),
    )
    sheets = tuple((title, rows) for title, found in kinds for rows in _card_sheets(list(found)))
    signs = tuple(dict.fromkeys(_placement_tone(speech, placement) for placement in table.instrument.placements))
    return PaperView(head=head, folder="cards", facts={"sheets": sheets, "signs": signs})


def poster_pdf(table: TableMaterial) -> bytes:
    """The poster as PDF/UA-1."""
    return _paper_pdf(table, poster_view(table))


def cards_pdf(table: TableMaterial) -> bytes:
    """The cards as PDF/UA-1."""
    return _paper_pdf(table, cards_view(table))


def _paper_pdf(table: TableMaterial, laid: PaperView) -> bytes:
    from assessor.report.pdf.renderer import lay_out
    from assessor.report.pdf.writer import Bookmark, PdfMetadata, write_pdf

    head = laid.head
    facts = PdfMetadata(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=head.language,
        creator=f"assessor {table.program}",
        made=datetime.combine(table.made, time(12), UTC),
        running="",
        foot=None,
    )
    return write_pdf([lay_out(laid.html(), laid.style())], [Bookmark(id="all", title=head.title, level=1)], facts)


def _terms(table: TableMaterial) -> Terms:
    return Terms(table.language, table.instrument, table.wording)


def _paper_head(table: TableMaterial, title: str, speech: Terms) -> PaperHead:
    return PaperHead(
        language=table.language,
        title=title,
        author=displayable_text(table.library) or "assessor",
        description=speech.say("For placing collaborations together, on a wall or a table"),
    )


def _placement_tone(speech: Terms, placement: str) -> Tone:
    return level_tones(speech.instrument).get(placement, BESIDE_TONE)


def _step_placements(instrument: Instrument) -> tuple[str, ...]:
    """The levels; all placements of an instrument that has none."""
    return instrument.levels or instrument.placements


def _level_steps(speech: Terms) -> Iterator[PosterStep]:
    """The levels as steps, the widest at the bottom."""
    placements = _step_placements(speech.instrument)
    room = _STEPS_WIDTH if _aside_placements(speech.instrument) else _STEPS_WIDTH + _ASIDE_WIDTH + 2 * _GAP
    high = (_POSTER_HEIGHT - _GAP * (len(placements) - 1)) / len(placements)
    narrow = _TOP_SHARE if speech.instrument.levels else 1.0
    for at, placement in enumerate(placements):
        share = narrow + (1 - narrow) * at / max(len(placements) - 1, 1)
        left, width = room * (1 - share) / 2, room * share
        places = _card_places(width - _WORDS_WIDTH - 2 * _PADDING, high, _WORDS_WIDTH + 2 * _PADDING)
        yield _poster_step(speech, placement, (left, at * (high + _GAP), width, high), places)


def _aside_placements(instrument: Instrument) -> tuple[str, ...]:
    return tuple(each for each in instrument.placements if each not in _step_placements(instrument))


def _aside_steps(speech: Terms) -> Iterator[PosterStep]:
    """What is on no level, beside the steps."""
    placements = _aside_placements(speech.instrument)
    high = (_POSTER_HEIGHT - _GAP * (len(placements) - 1)) / max(len(placements), 1)
    for at, placement in enumerate(placements):
        place = ((_ASIDE_WIDTH - CARD_SIZE[0]) / 2, high - CARD_SIZE[1] - _PADDING)
        box = (_STEPS_WIDTH + 2 * _GAP, at * (high + _GAP), _ASIDE_WIDTH, high)
        yield _poster_step(speech, placement, box, (place,) if high > CARD_SIZE[1] + 75 else ())


def _card_places(width: float, height: float, left: float) -> tuple[tuple[float, float], ...]:
    """Where cards may lie in a room: as many rows and columns as fit."""
    across, down = int((width + 6) // (CARD_SIZE[0] + 6)), int((height - 6) // (CARD_SIZE[1] + 6))
    top = (height - down * (CARD_SIZE[1] + 6) + 6) / 2
    left += (width + 6 - across * (CARD_SIZE[0] + 6)) / 2
    return tuple(
        (left + x * (CARD_SIZE[0] + 6), top + y * (CARD_SIZE[1] + 6)) for y in range(down) for x in range(across)
    )


def _poster_step(
    speech: Terms,
    placement: str,
    box: tuple[float, float, float, float],
    places: Sequence[tuple[float, float]],
) -> PosterStep:
    words = speech.wording.placements[placement]
    left, top, width, height = box
    on_step = placement in _step_placements(speech.instrument)
    parts = (
        speech.numbered_name(placement),
        displayable_text(words.line),
        displayable_text(words.about) if on_step else "",
    )
    free = height - 2 * _PADDING if on_step else height - CARD_SIZE[1] - 2.5 * _PADDING
    size = next((size / 10 for size in range(110, 55, -2) if _words_height(parts, size / 10) <= free), 5.6)
    numbers = (round(number, 1) for number in (left, top, width, height))
    return PosterStep(
        tone=_placement_tone(speech, placement),
        name=parts[0],
        line=parts[1],
        about=parts[2],
        **dict(zip(("left", "top", "width", "height"), numbers, strict=True)),
        size=size,
        card_places=tuple((round(x, 1), round(y, 1)) for x, y in places),
    )


def _words_height(parts: Sequence[str], size: float) -> float:
    """How high a placement's words are; the style sheet has the same sizes."""
    width = _WORDS_WIDTH - 2 * _PADDING if not parts[2] else _WORDS_WIDTH - 6
    sizes = ((1.55, 1.15, 700), (1.06, 1.3, 600), (1.0, 1.42, 400))
    return sum(
        len(wrap_text(f"◆ {text}", width, size * of, weight)) * size * of * line + size * 0.5
        for text, (of, line, weight) in zip(parts, sizes, strict=True)
        if text
    )


def _collaboration_cards(table: TableMaterial) -> Iterator[Card]:
    """A card for each collaboration, and blank ones up to the end of a sheet."""
    named = [_named_card(displayable_text(party), displayable_text(undertaking)) for party, undertaking in table.names]
    yield from named
    yield from [Card(kind="blank")] * (
        -len(named) % (_CARDS_ACROSS * _CARDS_DOWN) or (0 if named else _CARDS_ACROSS * _CARDS_DOWN)
    )


def _named_card(party: str, undertaking: str) -> Card:
    width = CARD_SIZE[0] - 18
    for size in _NAME_SIZES:
        lines = len(wrap_text(party, width, size, 700)) + len(wrap_text(undertaking, width, size * 0.82)) * 0.82
        if lines * size * 1.2 <= CARD_SIZE[1] - 36:
            return Card(kind="named", title=party, text=undertaking, size=size)
    size = _NAME_SIZES[-1]
    title = _shortened_name(party, width, size, 700, _NAME_LINES[0])
    return Card(
        kind="named", title=title, text=_shortened_name(undertaking, width, size * 0.82, 400, _NAME_LINES[1]), size=size
    )


def _shortened_name(text: str, width: float, size: float, weight: int, most: int) -> str:
    lines = wrap_text(text, width, size, weight)
    if len(lines) <= most:
        return text
    return " ".join([*lines[: most - 1], wrap_text(lines[most - 1], width - size * 1.5, size, weight)[0]]) + " …"


def _talk_cards(speech: Terms) -> Iterator[Card]:
    for placement in speech.instrument.placements:
        line = displayable_text(speech.wording.placements[placement].line)
        yield Card(
            kind="level",
            title=speech.numbered_name(placement),
            text=line,
            tone=_placement_tone(speech, placement),
            size=_LEVEL_SIZE,
        )
    unknown, settle = speech.say("Don't know"), speech.say("What would we need to know to settle it?")
    yield Card(kind="level", title=unknown, text=settle, tone=OPEN_TONE, size=_LEVEL_SIZE)
    for item in speech.instrument.items:
        words = speech.wording.items[item.id]
        yield _item_card(displayable_text(words.short), displayable_text(words.ask))


def _item_card(title: str, ask: str) -> Card:
    width = CARD_SIZE[0] - 18
    for size in (11.4, 10.8, 10.2, 9.6, 9.0, 8.4, 7.8, 7.0):
        lines = len(wrap_text(title, width, size, 600)) * size + len(wrap_text(ask, width, size * 0.86)) * size * 0.86
        if lines * 1.25 <= CARD_SIZE[1] - 20:
            break
    return Card(kind="question", title=title, text=ask, size=size)


def _card_sheets(found: Sequence[Card]) -> Iterable[tuple[tuple[Card, ...], ...]]:
    """Sheets of rows, the last row filled up with nothing."""
    filled = [*found, *[Card(kind="empty")] * (-len(found) % _CARDS_ACROSS)]
    rows = [tuple(filled[at : at + _CARDS_ACROSS]) for at in range(0, len(filled), _CARDS_ACROSS)]
    for at in range(0, len(rows), _CARDS_DOWN):
        yield tuple(rows[at : at + _CARDS_DOWN])
