"""The questionnaire on paper: one collaboration on two pages, to print or to type into.

Everything is measured with the typeface's own widths: the items flow through columns in the largest type in which
they fit, so that a long language gets smaller letters and never a third page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import accumulate, combinations_with_replacement

from assessor.core import paper_fields
from assessor.core.conditions import Condition, ItemIs
from assessor.core.instrument import Instrument, Item
from assessor.core.paper_fields import Field, Identity
from assessor.core.responses import DONT_KNOW
from assessor.core.wording import Wording
from assessor.presentation.terms import Speech
from assessor.presentation.terraces import wrapped
from assessor.presentation.tones import BESIDE, Tone, tones
from assessor.presentation.typeface import face, fitting
from assessor.report.paper.sheet import Head, Sheet
from assessor.report.pdf.form_fields import Filling, Place
from assessor.report.pdf.writer import Bookmark, Facts, put_together

#: In points: an A4 page, and what stays free of it.
_HIGH, _SIDE, _TOP, _BOTTOM = 841.89, 36.0, 32.0, 40.0
_WIDE = 595.28 - 2 * _SIDE
_GUTTER = 22.0
_COLUMN = (_WIDE - _GUTTER) / 2
_PAGE = _HIGH - _TOP - _BOTTOM

#: The type sizes that items are tried in.
_SIZES = tuple(size / 10 for size in range(92, 55, -1))

#: Those that a single page is tried in; smaller ones had better take two.
_ON_ONE = _SIZES[:9]

#: Of the type's size: the item, its hint, an option, an example; and a line's height.
_ASK, _HINT, _OPTION, _EXAMPLE, _LINE = 1.04, 0.9, 1.0, 0.88, 1.24

#: Left of an option's words, in points.
_INDENT = 14.0

#: Left free at a column's end, as a line may turn out longer than measured.
_SLACK = 6.0

#: The most that items in a column are moved apart to fill it.
_MOST_APART = 17.0

#: The least height of the box for what else is worth noting.
_REMARKS = 46.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """One collaboration's form, its names filled in where they are known."""

    party: str = ""
    undertaking: str = ""

    @property
    def name(self) -> str:
        """How it is called in lists; empty where nothing is known."""
        return f"{self.party} · {self.undertaking}" if self.party and self.undertaking else self.party


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What forms are made of; the same always gives the same pages."""

    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the words.
    language: str
    #: Empty where it is not known.
    library: str = ""
    copies: tuple[Copy, ...] = (Copy(),)
    made: date
    program: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One option as it is offered."""

    value: str
    label: str
    example: str = ""
    tone: Tone | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One item as it is asked."""

    name: str
    number: int
    ask: str
    hints: tuple[str, ...]
    choices: tuple[Choice, ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """Items beneath one another."""

    questions: tuple[Question, ...]
    #: Points between two of them.
    apart: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A line to write on and what is asked for."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Band:
    """Something asked across the page, its choices in rows."""

    name: str
    ask: str
    rows: tuple[tuple[Choice, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """A form's pages, ready for a template."""

    name: str
    title: str
    about: str
    how: str
    names: tuple[Text, ...]
    bands: tuple[Band, ...]
    size: float
    note_label: str
    note_width: float
    #: Pages of two columns.
    pages: tuple[tuple[Column, Column], ...]
    gains: Band | None
    remark: str
    #: Points that the box for it is high.
    remarks: float
    ending: str


def sheet(form: Form) -> Sheet:
    """One collaboration's pages as they are laid out, without any names."""
    speech = Speech(form.language, form.instrument, form.wording)
    layout = _layout(form, speech)
    return Sheet(
        head=_head(form, speech),
        folder="form",
        facts={"form": layout, "identity": paper_fields.IDENTITY, "paper": paper_fields},
    )


def form_pdf(form: Form) -> bytes:
    """The forms as PDF/UA-1 with fields to fill in, two pages for each collaboration."""
    from assessor.report.pdf.layout import piece, renderer

    speech = Speech(form.language, form.instrument, form.wording)
    laid = sheet(form)
    one = piece(laid.html(), laid.style())
    head = laid.head
    names = [copy.name or head.title for copy in form.copies]
    bookmarks = [Bookmark(id=f"c{at}", title=name, level=1) for at, name in enumerate(names)]
    filling = _filling(form, speech)
    facts = Facts(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=form.language,
        creator=f"assessor {form.program}",
        producer=f"{renderer()}, assessor {form.program}",
        made=datetime.combine(form.made, time(12), UTC),
        running=f"{form.wording.name} · {form.instrument.id} {form.instrument.version}",
        foot=(_SIDE, _SIDE, 22.0),
        each=len(one.sheets),
        keywords=filling.hidden,
    )
    return put_together([one] * len(form.copies), bookmarks, facts, filling=filling)


def identity(form: Form) -> Identity:
    """What is hidden in the file."""
    return Identity(
        instrument=form.instrument.id,
        version=form.instrument.version,
        digest=form.instrument.digest,
        language=form.language,
        made=form.made.isoformat(),
        copies=len(form.copies),
    )


def _head(form: Form, speech: Speech) -> Head:
    return Head(
        language=form.language,
        title=speech.say("Form: {name}", name=fitting(form.wording.name)),
        author=fitting(form.library) or "assessor",
        description=speech.say("Questions about one collaboration, to print or to type into"),
    )


def _filling(form: Form, speech: Speech) -> Filling:
    told = _told(form, speech)
    prefixes = tuple(str(number) for number in range(1, len(form.copies) + 1))
    return Filling(
        places=tuple(tuple(_places(form, speech, copy, told)) for copy in form.copies),
        hidden_name=paper_fields.IDENTITY,
        hidden=paper_fields.told(identity(form)),
        hidden_told=speech.say("Which questions this form asks; leave it as it is"),
        prefixes=prefixes if len(prefixes) > 1 else None,
    )


def _places(form: Form, speech: Speech, copy: Copy, told: Mapping[str, str]) -> Iterator[Place]:
    values = {
        paper_fields.PARTY: copy.party,
        paper_fields.UNDERTAKING: copy.undertaking,
        paper_fields.LIBRARY: form.library,
    }
    for field in paper_fields.fields(form.instrument):
        yield Place(
            asked=field,
            told=told[field.name],
            labels=_labels(field, speech),
            value=values.get(field.name, ""),
            lines=field.name == paper_fields.NOTE,
        )


def _labels(field: Field, speech: Speech) -> dict[str, str]:
    unknown = _unsure(speech, field.name)
    return {option: unknown if option == DONT_KNOW else _label(field.name, option, speech) for option in field.options}


def _label(name: str, option: str, speech: Speech) -> str:
    wording = speech.wording
    if name in (paper_fields.GUT, paper_fields.WANTED):
        return speech.level(option)
    if name.startswith(paper_fields.GAIN):
        return wording.gains[name.removeprefix(paper_fields.GAIN)]
    return wording.items[name].options[option].label


def _unsure(speech: Speech, name: str) -> str:
    return speech.say("Don't know yet") if name == paper_fields.WANTED else speech.say("Don't know")


def _told(form: Form, speech: Speech) -> dict[str, str]:
    """What is asked at each field."""
    items, note = form.wording.items, speech.say("Note")
    found = {text.name: text.label for text in _names(speech)}
    found |= {band.name: band.ask for band in _bands(form.instrument, speech)}
    found |= {item: words.ask for item, words in items.items()}
    found |= {paper_fields.NOTE + item: f"{note}: {words.short}" for item, words in items.items()}
    found |= {paper_fields.GAIN + gain: label for gain, label in form.wording.gains.items()}
    return found | {paper_fields.NOTE: speech.say("Anything else worth noting")}


def _names(speech: Speech) -> tuple[Text, ...]:
    return (
        Text(name=paper_fields.PARTY, label=speech.say("What is the other party called?")),
        Text(name=paper_fields.UNDERTAKING, label=speech.say("What do you do together?")),
        Text(name=paper_fields.LIBRARY, label=speech.say("Your library")),
        Text(name=paper_fields.RESPONDENT, label=speech.say("Your initials, only if several of you fill in one each")),
    )


def _bands(instrument: Instrument, speech: Speech) -> Iterator[Band]:
    gut = speech.say("Before the questions: where would you place it?")
    yield Band(name=paper_fields.GUT, ask=gut, rows=_rows(instrument.placements, paper_fields.GUT, speech))
    if instrument.levels:
        wanted = speech.say("Which level does the library want for this collaboration?")
        yield Band(name=paper_fields.WANTED, ask=wanted, rows=_rows(instrument.levels, paper_fields.WANTED, speech))


def _rows(placements: Sequence[str], name: str, speech: Speech) -> tuple[tuple[Choice, ...], ...]:
    known = tones(speech.instrument)
    choices = [
        Choice(value=placement, label=speech.level(placement), tone=known.get(placement, BESIDE))
        for placement in placements
    ]
    choices.append(Choice(value=DONT_KNOW, label=_unsure(speech, name)))
    return _in_threes(choices)


def _in_threes(choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], ...]:
    return tuple(tuple(choices[at : at + 3]) for at in range(0, len(choices), 3))


def _gains(form: Form, speech: Speech) -> Band | None:
    if not form.instrument.gains:
        return None
    choices = [Choice(value=paper_fields.GAIN + gain, label=form.wording.gains[gain]) for gain in form.instrument.gains]
    ask = speech.say("What does the cooperation bring? Several may be ticked.")
    return Band(name="", ask=ask, rows=_in_threes(choices))


def _questions(form: Form, speech: Speech) -> tuple[Question, ...]:
    numbers = {item.id: at for at, item in enumerate(form.instrument.items, start=1)}
    return tuple(_question(item, numbers, speech) for item in form.instrument.items)


def _question(item: Item, numbers: Mapping[str, int], speech: Speech) -> Question:
    words = speech.wording.items[item.id]
    choices = [
        Choice(value=option, label=fitting(words.options[option].label), example=fitting(words.options[option].example))
        for option in item.options
    ]
    only = (_only(item.when, numbers, speech),) if item.when else ()
    return Question(
        name=item.id,
        number=numbers[item.id],
        ask=fitting(words.ask),
        hints=tuple(fitting(hint) for hint in (*only, words.hint) if hint),
        choices=(*choices, Choice(value=DONT_KNOW, label=speech.say("Don't know"))),
        note=paper_fields.NOTE + item.id,
    )


def _only(when: Condition, numbers: Mapping[str, int], speech: Speech) -> str:
    """When an item is asked, in words."""
    if not isinstance(when, ItemIs):
        return speech.say("Only if it applies after your answers above; otherwise leave it empty.")
    answers = speech.listed([f"“{speech.response(when.item, option)}”" for option in when.options], speech.say("or"))
    return speech.say(
        "Only if you ticked {answers} in question {number}, or do not know; otherwise leave it empty.",
        answers=answers,
        number=numbers[when.item],
    )


def _layout(form: Form, speech: Speech) -> Layout:
    questions = _questions(form, speech)
    texts = {
        "name": fitting(form.wording.name),
        "title": speech.say("One collaboration, question by question"),
        "about": fitting(form.wording.about),
        "how": speech.say(
            "Tick one circle at each question. Whoever cannot tell ticks “{unknown}”.", unknown=speech.say("Don't know")
        ),
        "remark": speech.say("Anything else worth noting"),
        "ending": speech.say(
            "Filled in on the screen? Save it, and take in one or many with: assessor import FILE. "
            "Filled in by hand? Type it in at the keyboard with: assessor assess"
        ),
    }
    bands, gains = tuple(_bands(form.instrument, speech)), _gains(form, speech)
    names, note = _names(speech), speech.say("Note")
    size, pages, left = _fitted(
        questions, _front(texts, names, bands), _PAGE - 9 - _names_height(names[:2]), _back(texts, gains)
    )
    return Layout(
        **texts,
        names=names,
        bands=bands,
        size=size,
        note_label=note,
        note_width=face().width(note, size * _EXAMPLE) + 5,
        pages=pages,
        gains=gains,
        remarks=round(_REMARKS + max(left, 0), 1),
    )


def _front(texts: Mapping[str, str], asked: Sequence[Text], bands: Sequence[Band]) -> float:
    """How high the columns of the first page may be."""
    head = 10 * 1.3 + 19 * 1.2 * len(wrapped(texts["title"], _WIDE, 19, 700)) + 5
    words = len(wrapped(f"{texts['about']} {texts['how']}", _WIDE, 8.2)) * 8.2 * 1.36 + 7
    names = _names_height(asked[:2]) + _names_height(asked[2:]) + 6
    believed = sum(map(_band_height, bands)) + 7.0 * len(bands)
    return _PAGE - head - words - names - believed - 6


def _names_height(row: Sequence[Text]) -> float:
    """Of places for names beside one another."""
    return 23 + 10 * max(len(wrapped(text.label, _WIDE / 2 - 11, 7.6)) for text in row)


def _back(texts: Mapping[str, str], gains: Band | None) -> float:
    """How much what stands beneath the columns of the last page takes."""
    ending = len(wrapped(texts["ending"], _WIDE, 7.2)) * 7.2 * 1.36
    asked = _band_height(gains) + 15 if gains else 8.0
    return asked + 8.4 * 1.3 + 2 + _REMARKS + 5 + ending + 4


def _band_height(band: Band) -> float:
    """Of a band with its frame."""
    rows = 0.0
    for row in band.rows:
        width = (_WIDE - 20) / max(len(each) for each in band.rows) - _INDENT - 6
        rows += max(len(wrapped(_with_sign(choice), width, 8.4)) for choice in row) * 8.4 * _LINE + 2.6
    return 14 + len(wrapped(band.ask, _WIDE - 20, 8.8, 600)) * 8.8 * _LINE + 2 + rows


def _with_sign(choice: Choice) -> str:
    return f"{choice.tone.sign} {choice.label}" if choice.tone else choice.label


Pages = tuple[tuple[Column, Column], ...]


def _fitted(questions: Sequence[Question], front: float, later: float, back: float) -> tuple[float, Pages, float]:
    """The largest type in which the items fit into two pages, the columns, and the points left on the last page.

    `front` and `later` are what the first and another page have for columns, `back` is needed beneath the last.
    Few items take one page; more than any questionnaire of ours has take more than two.
    """
    one = (front - back,) * 2
    two = (front, front, later - back, later - back)
    for rooms, sizes in ((one, _ON_ONE), (two, _SIZES)):
        for size in sizes:
            heights = [_height(question, size) for question in questions]
            ends = _divided(heights, rooms, size * 0.75)
            if ends:
                return size, *_columns(questions, heights, ends, rooms)
    return _SIZES[-1], *_poured(questions, [_height(each, _SIZES[-1]) for each in questions], front, later - back)


def _divided(heights: Sequence[float], rooms: Sequence[float], least: float) -> tuple[int, ...] | None:
    """Where columns end, so that the fullest has as much room to spare as can be; None when they do not fit."""
    sums = tuple(accumulate((height + least for height in heights), initial=0.0))

    def spare(cut: Sequence[int]) -> float:
        starts, ends = (0, *cut), (*cut, len(heights))
        return min(
            room - _SLACK - (sums[end] - sums[start]) for start, end, room in zip(starts, ends, rooms, strict=True)
        )

    cuts = combinations_with_replacement(range(1, len(heights) + 1), len(rooms) - 1)
    best = max(cuts, key=spare)
    return (*best, len(heights)) if spare(best) >= 0 else None


def _columns(
    questions: Sequence[Question], heights: Sequence[float], ends: Sequence[int], rooms: Sequence[float]
) -> tuple[Pages, float]:
    """The columns in pairs, and how much the fuller of the last pair leaves free."""
    columns, free = [], []
    for start, end, room in zip((0, *ends), ends, rooms, strict=False):
        apart = _apart(heights[start:end], room)
        columns.append(Column(questions=tuple(questions[start:end]), apart=apart))
        free.append(room - _SLACK - sum(heights[start:end]) - apart * max(end - start - 1, 0))
    pages = tuple((columns[at], columns[at + 1]) for at in range(0, len(columns), 2))
    return pages, min(free[-2:])


def _apart(heights: Sequence[float], room: float) -> float:
    free = room - _SLACK - sum(heights)
    return round(min(_MOST_APART, free / max(len(heights) - 1, 1)), 2)


def _poured(questions: Sequence[Question], heights: Sequence[float], front: float, later: float) -> tuple[Pages, float]:
    """Columns one after the other, as many as it takes."""
    ends, used = list[int](), 0.0
    rooms = [front, front, *[later] * len(heights)]
    for at, height in enumerate(heights):
        if used and used + height + 4 > rooms[len(ends)] - _SLACK:
            ends.append(at)
            used = 0.0
        used += height + 4
    ends += [len(heights)] * (1 + (len(ends) + 1) % 2)
    return _columns(questions, heights, ends, rooms)


def _height(question: Question, size: float) -> float:
    """Of one item in a column."""

    def lines(text: str, of: float, width: float = _COLUMN, weight: int = 400) -> float:
        return len(wrapped(text, width, size * of, weight)) * size * of * _LINE

    inner = _COLUMN - _INDENT
    asked = lines(f"{question.number}  {question.ask}", _ASK, weight=600)
    hinted = sum(lines(hint, _HINT) for hint in question.hints)
    offered = sum(lines(choice.label, _OPTION, inner) + size * 0.14 for choice in question.choices)
    shown = sum(lines(choice.example, _EXAMPLE, inner) for choice in question.choices if choice.example)
    return asked + hinted + size * 0.2 + offered + shown + size * 1.75
