"""What lies on the table: a wall poster of the levels in A3, and cards to cut out and lay on it.

Three cards fit beside one another on an A4 sheet and eight beneath; the poster has room for them in just that size.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.presentation.terms import Speech
from assessor.presentation.terraces import wrapped
from assessor.presentation.tones import BESIDE, OPEN, Tone, tones
from assessor.presentation.typeface import fitting
from assessor.report.paper.sheet import Head, Sheet
from assessor.report.pdf.writer import Bookmark, Facts, put_together

#: A card in points: 58 by 34 mm.
CARD = (164.4, 96.4)

#: Cards on an A4 sheet.
_ACROSS, _DOWN = 3, 8

#: The poster in points: what the steps and what stands beside them have.
_STEPS, _ASIDE, _HIGH = 862.0, 232.0, 676.0
_TOP_SHARE, _GAP, _WORDS, _PAD = 0.74, 10.0, 212.0, 14.0

#: Sizes that words are tried in, and the lines that a card has for each part of a name in the smallest.
_NAMES, _LINES, _LEVEL = (12.5, 11.5, 10.5, 9.5, 8.5, 7.5), (3, 3), 10.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
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
class Step:
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
    cards: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One card; its kind says how it is drawn."""

    #: named, blank, level, question, empty.
    kind: str
    title: str = ""
    text: str = ""
    size: float = 9.0
    tone: Tone | None = None


def poster(table: Table) -> Sheet:
    """The poster as it is laid out."""
    speech = _speech(table)
    head = _head(table, speech.say("Poster: {name}", name=fitting(table.wording.name)), speech)
    facts = {
        "name": fitting(table.wording.name),
        "lead": speech.say("Lay each card where it stands today, as it works in practice. Then ask what you want."),
        "steps": tuple(_steps(speech)),
        "aside": tuple(_beside(speech)),
        "card": CARD,
    }
    return Sheet(head=head, folder="poster", facts=facts)


def cards(table: Table) -> Sheet:
    """The cards as they are laid out, sheet by sheet."""
    speech = _speech(table)
    head = _head(table, speech.say("Cards: {name}", name=fitting(table.wording.name)), speech)
    kinds = (
        (speech.say("Collaborations: cut along the lines, and lay them on the poster"), _collaborations(table)),
        (speech.say("To vote with, and questions to draw when you do not agree"), _talk(speech)),
    )
    sheets = tuple((title, rows) for title, found in kinds for rows in _sheets(list(found)))
    signs = tuple(dict.fromkeys(_tone(speech, placement) for placement in table.instrument.placements))
    return Sheet(head=head, folder="cards", facts={"sheets": sheets, "signs": signs})


def poster_pdf(table: Table) -> bytes:
    """The poster as PDF/UA-1."""
    return _pdf(table, poster(table))


def cards_pdf(table: Table) -> bytes:
    """The cards as PDF/UA-1."""
    return _pdf(table, cards(table))


def _pdf(table: Table, laid: Sheet) -> bytes:
    from assessor.report.pdf.layout import piece, renderer

    head = laid.head
    facts = Facts(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=head.language,
        creator=f"assessor {table.program}",
        producer=f"{renderer()}, assessor {table.program}",
        made=datetime.combine(table.made, time(12), UTC),
        running="",
        foot=None,
    )
    return put_together([piece(laid.html(), laid.style())], [Bookmark(id="all", title=head.title, level=1)], facts)


def _speech(table: Table) -> Speech:
    return Speech(table.language, table.instrument, table.wording)


def _head(table: Table, title: str, speech: Speech) -> Head:
    return Head(
        language=table.language,
        title=title,
        author=fitting(table.library) or "assessor",
        description=speech.say("For placing collaborations together, on a wall or a table"),
    )


def _tone(speech: Speech, placement: str) -> Tone:
    return tones(speech.instrument).get(placement, BESIDE)


def _on_steps(instrument: Instrument) -> tuple[str, ...]:
    """The levels; all placements of an instrument that has none."""
    return instrument.levels or instrument.placements


def _steps(speech: Speech) -> Iterator[Step]:
    """The levels as steps, the widest at the bottom."""
    placements = _on_steps(speech.instrument)
    room = _STEPS if _aside(speech.instrument) else _STEPS + _ASIDE + 2 * _GAP
    high = (_HIGH - _GAP * (len(placements) - 1)) / len(placements)
    narrow = _TOP_SHARE if speech.instrument.levels else 1.0
    for at, placement in enumerate(placements):
        share = narrow + (1 - narrow) * at / max(len(placements) - 1, 1)
        left, width = room * (1 - share) / 2, room * share
        places = _places(width - _WORDS - 2 * _PAD, high, _WORDS + 2 * _PAD)
        yield _step(speech, placement, (left, at * (high + _GAP), width, high), places)


def _aside(instrument: Instrument) -> tuple[str, ...]:
    return tuple(each for each in instrument.placements if each not in _on_steps(instrument))


def _beside(speech: Speech) -> Iterator[Step]:
    """What is on no level, beside the steps."""
    placements = _aside(speech.instrument)
    high = (_HIGH - _GAP * (len(placements) - 1)) / max(len(placements), 1)
    for at, placement in enumerate(placements):
        place = ((_ASIDE - CARD[0]) / 2, high - CARD[1] - _PAD)
        box = (_STEPS + 2 * _GAP, at * (high + _GAP), _ASIDE, high)
        yield _step(speech, placement, box, (place,) if high > CARD[1] + 75 else ())


def _places(width: float, height: float, left: float) -> tuple[tuple[float, float], ...]:
    """Where cards may lie in a room: as many rows and columns as fit."""
    across, down = int((width + 6) // (CARD[0] + 6)), int((height - 6) // (CARD[1] + 6))
    top = (height - down * (CARD[1] + 6) + 6) / 2
    left += (width + 6 - across * (CARD[0] + 6)) / 2
    return tuple((left + x * (CARD[0] + 6), top + y * (CARD[1] + 6)) for y in range(down) for x in range(across))


def _step(
    speech: Speech,
    placement: str,
    box: tuple[float, float, float, float],
    places: Sequence[tuple[float, float]],
) -> Step:
    words = speech.wording.placements[placement]
    left, top, width, height = box
    on_step = placement in _on_steps(speech.instrument)
    parts = (speech.level(placement), fitting(words.line), fitting(words.about) if on_step else "")
    free = height - 2 * _PAD if on_step else height - CARD[1] - 2.5 * _PAD
    size = next((size / 10 for size in range(110, 55, -2) if _tall(parts, size / 10) <= free), 5.6)
    numbers = (round(number, 1) for number in (left, top, width, height))
    return Step(
        tone=_tone(speech, placement),
        name=parts[0],
        line=parts[1],
        about=parts[2],
        **dict(zip(("left", "top", "width", "height"), numbers, strict=True)),
        size=size,
        cards=tuple((round(x, 1), round(y, 1)) for x, y in places),
    )


def _tall(parts: Sequence[str], size: float) -> float:
    """How high a placement's words are; the style sheet has the same sizes."""
    width = _WORDS - 2 * _PAD if not parts[2] else _WORDS - 6
    sizes = ((1.55, 1.15, 700), (1.06, 1.3, 600), (1.0, 1.42, 400))
    return sum(
        len(wrapped(f"◆ {text}", width, size * of, weight)) * size * of * line + size * 0.5
        for text, (of, line, weight) in zip(parts, sizes, strict=True)
        if text
    )


def _collaborations(table: Table) -> Iterator[Card]:
    """A card for each collaboration, and blank ones up to the end of a sheet."""
    named = [_named(fitting(party), fitting(undertaking)) for party, undertaking in table.names]
    yield from named
    yield from [Card(kind="blank")] * (-len(named) % (_ACROSS * _DOWN) or (0 if named else _ACROSS * _DOWN))


def _named(party: str, undertaking: str) -> Card:
    width = CARD[0] - 18
    for size in _NAMES:
        lines = len(wrapped(party, width, size, 700)) + len(wrapped(undertaking, width, size * 0.82)) * 0.82
        if lines * size * 1.2 <= CARD[1] - 36:
            return Card(kind="named", title=party, text=undertaking, size=size)
    size = _NAMES[-1]
    title = _shortened(party, width, size, 700, _LINES[0])
    return Card(kind="named", title=title, text=_shortened(undertaking, width, size * 0.82, 400, _LINES[1]), size=size)


def _shortened(text: str, width: float, size: float, weight: int, most: int) -> str:
    lines = wrapped(text, width, size, weight)
    if len(lines) <= most:
        return text
    return " ".join([*lines[: most - 1], wrapped(lines[most - 1], width - size * 1.5, size, weight)[0]]) + " …"


def _talk(speech: Speech) -> Iterator[Card]:
    for placement in speech.instrument.placements:
        line = fitting(speech.wording.placements[placement].line)
        yield Card(kind="level", title=speech.level(placement), text=line, tone=_tone(speech, placement), size=_LEVEL)
    unknown, settle = speech.say("Don't know"), speech.say("What would settle it?")
    yield Card(kind="level", title=unknown, text=settle, tone=OPEN, size=_LEVEL)
    for item in speech.instrument.items:
        words = speech.wording.items[item.id]
        yield _question(fitting(words.short), fitting(words.ask))


def _question(title: str, ask: str) -> Card:
    width = CARD[0] - 18
    for size in (11.4, 10.8, 10.2, 9.6, 9.0, 8.4, 7.8, 7.0):
        lines = len(wrapped(title, width, size, 600)) * size + len(wrapped(ask, width, size * 0.86)) * size * 0.86
        if lines * 1.25 <= CARD[1] - 20:
            break
    return Card(kind="question", title=title, text=ask, size=size)


def _sheets(found: Sequence[Card]) -> Iterable[tuple[tuple[Card, ...], ...]]:
    """Sheets of rows, the last row filled up with nothing."""
    filled = [*found, *[Card(kind="empty")] * (-len(found) % _ACROSS)]
    rows = [tuple(filled[at : at + _ACROSS]) for at in range(0, len(filled), _ACROSS)]
    for at in range(0, len(rows), _DOWN):
        yield tuple(rows[at : at + _DOWN])
