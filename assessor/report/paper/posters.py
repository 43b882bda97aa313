"""What lies on the table in the exercise: an A3 poster of the levels, and cards to cut out and lay on it.

Cards are 58 by 34 mm, so that three fit beside one another on an A4 sheet and eight below; the poster marks places of
just that size, and says between its steps where a card goes that belongs to two. Cards with questions are 45 mm high,
for the answers. Sizes stand here in points and again in the style sheets of `poster` and `cards`: change both.
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

#: A card with a question: 58 by 45.2 mm.
_QUESTION_SIZE = (164.4, 128.1)

#: Cards on an A4 sheet, and of those with questions.
_CARDS_ACROSS, _CARDS_DOWN, _QUESTIONS_DOWN = 3, 8, 6

#: Sets of cards to vote with, as many as fill a sheet.
_VOTING_SETS = 3

#: The poster in points: what the steps and what stands beside them have.
_STEPS_WIDTH, _ASIDE_WIDTH, _POSTER_HEIGHT = 862.0, 232.0, 690.0
_TOP_SHARE, _GAP, _WORDS_WIDTH, _PADDING = 0.76, 10.0, 212.0, 14.0

#: Between two steps, where it is said that a card may lie across the edge; and what stands above the steps.
_EDGE, _HEAD = 22.0, 79.0

#: Sizes that words are tried in, and the lines that a card has for each part of a name in the smallest.
_NAME_SIZES, _NAME_LINES, _LEVEL_SIZE = (12.5, 11.5, 10.5, 9.8), (2, 1), 10.5


@dataclass(frozen=True, kw_only=True, slots=True)
class TableMaterial:
    """What poster and cards are made of; the same value always gives the same pages."""

    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the words.
    language: str
    #: Empty where it is not known.
    library: str = ""
    #: Party and undertaking of each collaboration that gets a card.
    names: tuple[tuple[str, str], ...] = ()
    made: date
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PosterStep:
    """One placement on the poster, in points from the picture's top left corner."""

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
    #: Left and top, within the step, of places for cards; none where it is too small for any.
    card_places: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """One card; its kind says how it is drawn."""

    #: `named`, `blank` (to write on), `level` (to vote with), `question`, or `empty` to fill up a row.
    kind: str
    title: str = ""
    text: str = ""
    #: Of a question: what can be answered.
    options: tuple[str, ...] = ()
    size: float = 9.0
    tone: Tone | None = None


def poster_view(material: TableMaterial) -> PaperView:
    """The poster's values for its template."""
    terms = _terms(material)
    head = _paper_head(material, terms.say("Poster: {name}", name=displayable_text(material.wording.name)), terms)
    facts = {
        "name": displayable_text(material.wording.name),
        "lead": terms.say("Lay each card where it stands today, as it works in practice. Then ask what you want."),
        "steps": tuple(_level_steps(terms)),
        "edges": tuple(_edges(terms)),
        "aside": tuple(_aside_steps(terms)),
        "card": CARD_SIZE,
    }
    return PaperView(head=head, folder="poster", facts=facts)


def cards_view(material: TableMaterial) -> PaperView:
    """The cards' values for their template, sheet by sheet: collaborations, then cards to vote and talk with."""
    terms = _terms(material)
    head = _paper_head(material, terms.say("Cards: {name}", name=displayable_text(material.wording.name)), terms)
    kinds = (
        (
            terms.say("Collaborations: cut along the lines, and lay them on the poster"),
            _collaboration_cards(material, _ringed_words(terms)),
            _CARDS_DOWN,
        ),
        (terms.say("To vote with: a set for each group"), _voting_cards(terms), _CARDS_DOWN),
        (terms.say("Questions to draw when you do not agree"), _question_cards(terms), _QUESTIONS_DOWN),
    )
    sheets = tuple((title, rows) for title, cards, down in kinds for rows in _card_sheets(list(cards), down))
    return PaperView(head=head, folder="cards", facts={"sheets": sheets, "ringed": _ringed_words(terms)})


def _ringed_words(terms: Terms) -> tuple[str, ...]:
    """What is ringed on a card as a gut feeling, each in as few letters as tell it: levels by their numbers, first."""
    instrument = terms.instrument
    words = {
        placement: str(instrument.level(placement) or displayable_text(terms.wording.placements[placement].name))
        for placement in instrument.placements
    }
    numbers = [words.pop(placement) for placement in instrument.levels]
    return (*numbers, "?", *words.values())


def poster_pdf(material: TableMaterial) -> bytes:
    """The poster as PDF/UA-1."""
    return _paper_pdf(material, poster_view(material))


def cards_pdf(material: TableMaterial) -> bytes:
    """The cards as PDF/UA-1."""
    return _paper_pdf(material, cards_view(material))


def _paper_pdf(material: TableMaterial, paper: PaperView) -> bytes:
    """A paper of one section without feet. Imports WeasyPrint only here, as it is slow to load."""
    from assessor.report.pdf.renderer import lay_out
    from assessor.report.pdf.writer import Bookmark, PdfMetadata, write_pdf

    head = paper.head
    metadata = PdfMetadata(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=head.language,
        creator=f"assessor {material.program}",
        made=datetime.combine(material.made, time(12), UTC),
        running="",
        foot=None,
    )
    return write_pdf([lay_out(paper.html(), paper.style())], [Bookmark(id="all", title=head.title, level=1)], metadata)


def _terms(material: TableMaterial) -> Terms:
    return Terms(material.language, material.instrument, material.wording)


def _paper_head(material: TableMaterial, title: str, terms: Terms) -> PaperHead:
    return PaperHead(
        language=material.language,
        title=title,
        author=displayable_text(material.library) or "assessor",
        description=terms.say("For placing collaborations together, on a wall or a table"),
    )


def _placement_tone(terms: Terms, placement: str) -> Tone:
    return level_tones(terms.instrument).get(placement, BESIDE_TONE)


def _step_placements(instrument: Instrument) -> tuple[str, ...]:
    """The placements that are steps: the levels, or all placements of an instrument without levels."""
    return instrument.levels or instrument.placements


def _level_steps(terms: Terms) -> Iterator[PosterStep]:
    """The levels as steps, the widest at the bottom."""
    placements = _step_placements(terms.instrument)
    room = _STEPS_WIDTH if _aside_placements(terms.instrument) else _STEPS_WIDTH + _ASIDE_WIDTH + 2 * _GAP
    between, height = _step_rhythm(terms.instrument)
    narrow = _TOP_SHARE if terms.instrument.levels else 1.0
    for index, placement in enumerate(placements):
        share = narrow + (1 - narrow) * index / max(len(placements) - 1, 1)
        left, width = room * (1 - share) / 2, room * share
        places = _card_places(width - _WORDS_WIDTH - 2 * _PADDING, height, _WORDS_WIDTH + _PADDING)
        yield _poster_step(terms, placement, (left, index * (height + between), width, height), places)


def _step_rhythm(instrument: Instrument) -> tuple[float, float]:
    """What lies between two steps, and how high a step is."""
    placements = _step_placements(instrument)
    between = _EDGE if instrument.levels else _GAP
    return between, (_POSTER_HEIGHT - between * (len(placements) - 1)) / len(placements)


def _edges(terms: Terms) -> Iterator[tuple[float, str]]:
    """Top and words of each edge between two levels, across which a card may lie."""
    between, height = _step_rhythm(terms.instrument)
    for upper in range(1, len(terms.instrument.levels)):
        words = terms.say("Between {upper} and {lower}? Lay the card across the edge", upper=upper, lower=upper + 1)
        yield round(upper * height + (upper - 1) * between, 1), words


def _aside_placements(instrument: Instrument) -> tuple[str, ...]:
    return tuple(placement for placement in instrument.placements if placement not in _step_placements(instrument))


def _aside_steps(terms: Terms) -> Iterator[PosterStep]:
    """The placements beside the levels, and what nobody knows, as boxes with room for a card where they are high."""
    placements = _aside_placements(terms.instrument)
    if not placements:
        return
    height = (_POSTER_HEIGHT + _HEAD - _GAP * len(placements)) / (len(placements) + 1)
    place = ((_ASIDE_WIDTH - CARD_SIZE[0]) / 2, height - CARD_SIZE[1] - _PADDING)
    places = (place,) if height > CARD_SIZE[1] + 75 else ()
    boxes = [
        (_STEPS_WIDTH + 2 * _GAP, index * (height + _GAP) - _HEAD, _ASIDE_WIDTH, height)
        for index in range(len(placements) + 1)
    ]
    for placement, box in zip(placements, boxes, strict=False):
        yield _poster_step(terms, placement, box, places)
    unknown = (terms.say("Don't know"), terms.say("What would we need to know to settle it?"), "")
    yield _step_with_words(OPEN_TONE, unknown, boxes[-1], places, _aside_room(height))


def _aside_room(height: float) -> float:
    """What a box beside the steps leaves for words."""
    return height - CARD_SIZE[1] - 2.5 * _PADDING


def _card_places(width: float, height: float, left: float) -> tuple[tuple[float, float], ...]:
    """Left and top of each card that fits into a room, in rows and columns, the whole centred."""
    across, down = int((width + 6) // (CARD_SIZE[0] + 6)), int((height - 6) // (CARD_SIZE[1] + 6))
    top = (height - down * (CARD_SIZE[1] + 6) + 6) / 2
    left += (width + 6 - across * (CARD_SIZE[0] + 6)) / 2
    return tuple(
        (left + x * (CARD_SIZE[0] + 6), top + y * (CARD_SIZE[1] + 6)) for y in range(down) for x in range(across)
    )


def _poster_step(
    terms: Terms,
    placement: str,
    box: tuple[float, float, float, float],
    places: Sequence[tuple[float, float]],
) -> PosterStep:
    """A placement with its words beside the cards."""
    words = terms.wording.placements[placement]
    height = box[3]
    on_step = placement in _step_placements(terms.instrument)
    parts = (
        terms.numbered_name(placement),
        displayable_text(words.line),
        displayable_text(words.about) if on_step else "",
    )
    free = height - 2 * _PADDING if on_step else _aside_room(height)
    return _step_with_words(_placement_tone(terms, placement), parts, box, places, free)


def _step_with_words(
    tone: Tone,
    parts: tuple[str, str, str],
    box: tuple[float, float, float, float],
    places: Sequence[tuple[float, float]],
    free: float,
) -> PosterStep:
    """A step or box with its name, line and words about it in the largest type that takes no more than `free`."""
    size = next((size / 10 for size in range(130, 55, -2) if _words_height(parts, size / 10) <= free), 5.6)
    numbers = (round(number, 1) for number in box)
    return PosterStep(
        tone=tone,
        name=parts[0],
        line=parts[1],
        about=parts[2],
        **dict(zip(("left", "top", "width", "height"), numbers, strict=True)),
        size=size,
        card_places=tuple((round(x, 1), round(y, 1)) for x, y in places),
    )


def _words_height(parts: Sequence[str], size: float) -> float:
    """How high a placement's words are; the sizes and line heights are those of the style sheet."""
    width = _WORDS_WIDTH - 2 * _PADDING if not parts[2] else _WORDS_WIDTH - 6
    sizes = ((1.55, 1.15, 700), (1.06, 1.3, 600), (1.0, 1.42, 400))
    return sum(
        len(wrap_text(f"◆ {text}", width, size * scale, weight)) * size * scale * line + size * 0.5
        for text, (scale, line, weight) in zip(parts, sizes, strict=True)
        if text
    )


def _collaboration_cards(material: TableMaterial, ringed: Sequence[str]) -> Iterator[Card]:
    """A card for each collaboration and blank ones to fill the last sheet; a sheet of blanks where there are none."""
    room = CARD_SIZE[1] - 20 - _ringed_height(ringed)
    name_cards = [
        _named_card(displayable_text(party), displayable_text(undertaking), room)
        for party, undertaking in material.names
    ]
    yield from name_cards
    yield from [Card(kind="blank")] * (
        -len(name_cards) % (_CARDS_ACROSS * _CARDS_DOWN) or (0 if name_cards else _CARDS_ACROSS * _CARDS_DOWN)
    )


def _ringed_height(ringed: Sequence[str]) -> float:
    """How high the words to ring are, in the size of the style sheet; an m stands for what parts them."""
    return len(wrap_text(" m ".join(ringed), CARD_SIZE[0] - 12, 8.2)) * 15 + 13


def _named_card(party: str, undertaking: str, room: float) -> Card:
    """A card in the largest type in which both names fit; in the smallest, names are cut instead."""
    width = CARD_SIZE[0] - 18
    for size in _NAME_SIZES:
        lines = len(wrap_text(party, width, size, 700)) + len(wrap_text(undertaking, width, size * 0.82)) * 0.82
        if lines * size * 1.2 <= room:
            return Card(kind="named", title=party, text=undertaking, size=size)
    size = _NAME_SIZES[-1]
    title = _shortened_name(party, width, size, 700, _NAME_LINES[0])
    return Card(
        kind="named", title=title, text=_shortened_name(undertaking, width, size * 0.82, 400, _NAME_LINES[1]), size=size
    )


def _shortened_name(text: str, width: float, size: float, weight: int, most: int) -> str:
    """The text, cut to `most` lines and ended with an ellipsis where it has more."""
    lines = wrap_text(text, width, size, weight)
    if len(lines) <= most:
        return text
    return " ".join([*lines[: most - 1], wrap_text(lines[most - 1], width - size * 1.5, size, weight)[0]]) + " …"


def _voting_cards(terms: Terms) -> Iterator[Card]:
    """Sets of cards to vote with, each with one for every placement and one for not knowing."""
    cards = [
        Card(
            kind="level",
            title=terms.numbered_name(placement),
            text=displayable_text(terms.wording.placements[placement].line),
            tone=_placement_tone(terms, placement),
            size=_LEVEL_SIZE,
        )
        for placement in terms.instrument.placements
    ]
    unknown, settle = terms.say("Don't know"), terms.say("What would we need to know to settle it?")
    cards.append(Card(kind="level", title=unknown, text=settle, tone=OPEN_TONE, size=_LEVEL_SIZE))
    yield from cards * max(1, min(_VOTING_SETS, _CARDS_ACROSS * _CARDS_DOWN // len(cards)))


def _question_cards(terms: Terms) -> Iterator[Card]:
    """A card for each item to draw, with what can be answered."""
    for item in terms.instrument.items:
        words = terms.wording.items[item.id]
        options = [displayable_text(words.options[option].short) for option in item.options]
        options.append(terms.say("Don't know"))
        yield _item_card(displayable_text(words.short), displayable_text(words.ask), tuple(options))


def _item_card(title: str, ask: str, options: tuple[str, ...]) -> Card:
    """A card with an item's question and answers, in the largest type that fits; the smallest where none does."""
    width = _QUESTION_SIZE[0] - 18
    for size in (11.4, 10.8, 10.2, 9.6, 9.2):
        lines = len(wrap_text(title, width, size, 600)) * size + len(wrap_text(ask, width, size * 0.9)) * size * 0.9
        lines += sum(len(wrap_text(option, width - 14, size * 0.87)) for option in options) * size * 0.87
        if lines * 1.25 + 5 <= _QUESTION_SIZE[1] - 16:
            break
    return Card(kind="question", title=title, text=ask, options=options, size=size)


def _card_sheets(cards: Sequence[Card], down: int) -> Iterable[tuple[tuple[Card, ...], ...]]:
    """Sheets of at most `down` rows, the last row filled up with empty cards."""
    filled = [*cards, *[Card(kind="empty")] * (-len(cards) % _CARDS_ACROSS)]
    rows = [tuple(filled[start : start + _CARDS_ACROSS]) for start in range(0, len(filled), _CARDS_ACROSS)]
    for start in range(0, len(rows), down):
        yield tuple(rows[start : start + down])
