"""The questionnaire on paper: one collaboration on a few pages, to print or to type into.

Items flow through two columns a page, on as few pages as take them in letters that can be read at arm's length, in the
largest type that fits there. That takes heights before anything is laid out, so they are computed here from the
typeface's widths; the style sheet of `form` has the same sizes, and a change to one is a change to both.

Columns end where the fullest has as much room to spare as can be (`_column_ends`). Room left over is spread between
items and given to the remarks.

As a PDF the form has fields: `core.paper_fields` names them, so that what is typed can be read back, and
`pdf.form_fields` writes them. A hidden field tells which version of which questionnaire the form asks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from itertools import accumulate

from markupsafe import Markup

from assessor.core import paper_fields
from assessor.core.conditions import Condition, ItemIs
from assessor.core.instrument import Instrument, Item
from assessor.core.months import UNTIL_FURTHER_NOTICE
from assessor.core.paper_fields import FormField, FormIdentity
from assessor.core.responses import DONT_KNOW
from assessor.core.wording import Wording
from assessor.presentation.terms import Terms
from assessor.presentation.terraces import wrap_text
from assessor.presentation.tones import BESIDE_TONE, Tone, level_tones
from assessor.presentation.typeface import displayable_text, font_face
from assessor.report.paper.sheet import PaperHead, PaperView
from assessor.report.pdf.form_fields import FieldSpec, FormSpec
from assessor.report.render import NO_BAR

#: In points: an A4 page, and its margins; the style sheet has the same.
_PAGE_HEIGHT, _SIDE_MARGIN, _TOP_MARGIN, _BOTTOM_MARGIN = 841.89, 36.0, 32.0, 40.0
_TEXT_WIDTH = 595.28 - 2 * _SIDE_MARGIN
_GUTTER = 22.0
_COLUMN_WIDTH = (_TEXT_WIDTH - _GUTTER) / 2
_TEXT_HEIGHT = _PAGE_HEIGHT - _TOP_MARGIN - _BOTTOM_MARGIN

#: The type sizes that items are tried in, and the first of them that only the most pages are tried in: an example in
#: one larger than it is 8 points high.
_TYPE_SIZES = tuple(size / 10 for size in range(105, 55, -1))
_LEAST_SIZE, _MOST_PAGES = 9.1, 4

#: Of the type's size: a question, its hint, an option and an example; and a line's height in type sizes.
_ASK_SCALE, _HINT_SCALE, _OPTION_SCALE, _EXAMPLE_SCALE, _LINE_HEIGHT = 1.04, 0.9, 1.0, 0.88, 1.24

#: Left of an option's words, in points.
_INDENT = 14.0

#: Points left free at a column's end, since a line may turn out longer than measured.
_SLACK = 6.0

#: The most that items in a column are moved apart to fill it.
_MOST_SPACING = 17.0

#: The least height of the box for what else is worth noting.
_REMARKS_HEIGHT = 20.0
#: Below each row of places for names, in points; and what a line has for a name that is known.
_NAMES_MARGIN, _LINE_ROOM = 3.0, 17.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FormCopy:
    """One collaboration's form; empty names are left to be filled in."""

    party: str = ""
    undertaking: str = ""

    @property
    def name(self) -> str:
        """How it is called in lists; empty where nothing is known."""
        return f"{self.party} · {self.undertaking}" if self.party and self.undertaking else self.party


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperForm:
    """What forms are made of; the same value always gives the same pages."""

    instrument: Instrument
    wording: Wording
    #: BCP 47 tag of the words.
    language: str
    #: The library's name; empty where it is not known.
    library: str = ""
    #: One for each collaboration, in order.
    copies: tuple[FormCopy, ...] = (FormCopy(),)
    made: date
    program: str
    #: What is typed to take the answers in, up to the name of the command: with the bank, where it is not the default.
    command: str = "assessor"
    #: Whose view it asks for; `wording` is then in that side's words.
    side: str = "us"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedOption:
    """One option as it is offered."""

    #: Id of the option, and value of its field.
    value: str
    label: str
    example: str = ""
    tone: Tone | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FormItem:
    """One item as the form asks it."""

    #: Name of the item's field; `note` is that of the line for a note.
    name: str
    number: int
    ask: str
    #: When the item applies, and the bank's hint, where there are such.
    hints: tuple[str, ...]
    choices: tuple[PrintedOption, ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FormColumn:
    """Items beneath one another."""

    questions: tuple[FormItem, ...]
    #: Points between two items.
    spacing: float


@dataclass(frozen=True, kw_only=True, slots=True)
class TextField:
    """A line to write on and what is asked for."""

    name: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenName:
    """A name that is known already, printed on its line."""

    text: str
    #: Type size, in points.
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class OptionBand:
    """Something asked across the page, its choices in rows."""

    #: Name of its field; empty for gains, which are a field each.
    name: str
    ask: str
    rows: tuple[tuple[PrintedOption, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FormLayout:
    """A form's pages, ready for a template."""

    name: str
    title: str
    about: str
    #: How to fill it in.
    how: str
    names: tuple[TextField, ...]
    #: Asked before the items.
    bands: tuple[OptionBand, ...]
    #: Type size of the items, in points.
    size: float
    note_label: str
    #: Points that the word before the line for a note takes.
    note_width: float
    #: Pages of two columns.
    pages: tuple[tuple[FormColumn, FormColumn], ...]
    gains: OptionBand | None
    #: When papers end, and what the library wants; then lines in pairs, for months, the goal and the next step.
    closing: tuple[OptionBand, ...]
    beside: tuple[tuple[TextField, ...], ...]
    remark: str
    #: Before the line for the number of the note to be quoted, beside the remark's own words.
    quoted: str
    #: Points that the box for remarks is high, at least `_REMARKS_HEIGHT`.
    remarks_height: float
    ending: str


def form_view(form: PaperForm) -> PaperView:
    """One copy of the form for its template, to type into, without names."""
    terms = Terms(form.language, form.instrument, form.wording)
    layout = _form_layout(form, terms)
    return PaperView(
        head=_form_head(form, terms),
        folder="form",
        facts={"form": layout, "identity": paper_fields.IDENTITY_FIELD, "paper": paper_fields, "written": None},
        running=_running(form),
    )


def form_page(form: PaperForm, bar: Markup = NO_BAR) -> str:
    """The forms as a page that a browser prints, to be filled in with a pen: two sheets for each collaboration."""
    view = form_view(form)
    facts = [{**view.facts, "written": _written_names(form, copy)} for copy in form.copies]
    return replace(view, numbering="of all" if len(facts) == 1 else "none").page(bar, facts)


def _written_names(form: PaperForm, copy: FormCopy) -> dict[str, WrittenName]:
    """What stands on the lines of a copy already, by the field's name."""
    known = {
        paper_fields.PARTY_FIELD: copy.party,
        paper_fields.UNDERTAKING_FIELD: copy.undertaking,
        paper_fields.LIBRARY_FIELD: form.library,
    }
    return {name: _fitted_name(displayable_text(text)) for name, text in known.items() if text}


def _fitted_name(text: str) -> WrittenName:
    """The name in the largest type in which it fits on its line, in the smallest where it fits in none."""
    sizes = (9.6, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0)
    fit = (size for size in sizes if len(wrap_text(text, _COLUMN_WIDTH - 2, size)) * size * 1.1 <= _LINE_ROOM)
    return WrittenName(text=text, size=next(fit, sizes[-1]))


def _running(form: PaperForm) -> str:
    return f"{form.wording.name} · {form.instrument.id} {form.instrument.version}"


def form_pdf(form: PaperForm) -> bytes:
    """The forms as PDF/UA-1 with fields to fill in, as many pages for each collaboration.

    Laid out once: all copies look alike but for their values, which `pdf.form_copies` writes.
    """
    from assessor.report.pdf.renderer import lay_out
    from assessor.report.pdf.writer import Bookmark, PdfMetadata, write_pdf

    terms = Terms(form.language, form.instrument, form.wording)
    paper = form_view(form)
    pages = lay_out(paper.html(), paper.style(), forms=True)
    head = paper.head
    names = [copy.name or head.title for copy in form.copies]
    bookmarks = [Bookmark(id=f"c{index}", title=name, level=1) for index, name in enumerate(names)]
    spec = _form_spec(form, terms)
    metadata = PdfMetadata(
        title=head.title,
        author=head.author,
        subject=head.description,
        language=form.language,
        creator=f"assessor {form.program}",
        made=datetime.combine(form.made, time(12), UTC),
        running=_running(form),
        foot=(_SIDE_MARGIN, _SIDE_MARGIN, 26.0),
        pages_per_copy=len(pages),
        keywords=spec.hidden,
    )
    return write_pdf([pages] * len(form.copies), bookmarks, metadata, form=spec)


def form_identity(form: PaperForm) -> FormIdentity:
    """Which questionnaire the form asks, for the hidden field that reading it back relies on."""
    return FormIdentity(
        instrument=form.instrument.id,
        version=form.instrument.version,
        digest=form.instrument.digest,
        language=form.language,
        made=form.made.isoformat(),
        copies=len(form.copies),
        side=form.side,
    )


def _form_head(form: PaperForm, terms: Terms) -> PaperHead:
    return PaperHead(
        language=form.language,
        title=terms.say("Form: {name}", name=displayable_text(form.wording.name)),
        author=displayable_text(form.library) or "assessor",
        description=terms.say("Questions about one collaboration, to print or fill in on screen"),
    )


def _form_spec(form: PaperForm, terms: Terms) -> FormSpec:
    """The fields of every copy. Their names have the copy's number before them where there are several."""
    prompts = _field_prompts(form, terms)
    prefixes = tuple(str(number) for number in range(1, len(form.copies) + 1))
    return FormSpec(
        fields=tuple(tuple(_field_specs(form, terms, copy, prompts)) for copy in form.copies),
        hidden_name=paper_fields.IDENTITY_FIELD,
        hidden=paper_fields.dump_identity(form_identity(form)),
        hidden_prompt=terms.say("Which questions this form asks; leave it as it is"),
        prefixes=prefixes if len(prefixes) > 1 else None,
    )


def _field_specs(form: PaperForm, terms: Terms, copy: FormCopy, prompts: Mapping[str, str]) -> Iterator[FieldSpec]:
    """One copy's fields, those for names filled in where they are known."""
    values = {
        paper_fields.PARTY_FIELD: copy.party,
        paper_fields.UNDERTAKING_FIELD: copy.undertaking,
        paper_fields.LIBRARY_FIELD: form.library,
    }
    for field in paper_fields.collaboration_fields(form.instrument):
        yield FieldSpec(
            paper_field=field,
            prompt=prompts[field.name],
            labels=_option_labels(field, terms),
            value=values.get(field.name, ""),
            multiline=field.name == paper_fields.NOTE_PREFIX,
        )


def _option_labels(field: FormField, terms: Terms) -> dict[str, str]:
    """What a screen reader says at each option of a field."""
    unknown = _dont_know_label(terms, field.name)
    return {
        option: unknown if option == DONT_KNOW else _option_label(field.name, option, terms) for option in field.options
    }


def _option_label(name: str, option: str, terms: Terms) -> str:
    wording = terms.wording
    if name in (paper_fields.GUT_FIELD, paper_fields.WANTED_FIELD):
        return terms.numbered_name(option)
    if name.startswith(paper_fields.GAIN_PREFIX):
        return wording.gains[name.removeprefix(paper_fields.GAIN_PREFIX)]
    if name.startswith(paper_fields.ENDS_PREFIX):
        return terms.say("Until further notice")
    return wording.items[name].options[option].label


def _dont_know_label(terms: Terms, name: str) -> str:
    return terms.say("Don't know yet") if name == paper_fields.WANTED_FIELD else terms.say("Don't know")


def _field_prompts(form: PaperForm, terms: Terms) -> dict[str, str]:
    """What a screen reader says at each field, by the field's name."""
    items, note = form.wording.items, terms.say("Note")
    prompts = {text.name: text.label for text in _name_fields(form, terms)}
    prompts |= {band.name: band.ask for band in (_gut_band(terms), *_wanted_bands(terms))}
    prompts |= {item: words.ask for item, words in items.items()}
    prompts |= {band.name: band.ask for band in _paper_end_bands(form.instrument, terms)}
    prompts |= {text.name: text.label for text in _beside_fields(form.instrument, terms)}
    prompts |= {paper_fields.NOTE_PREFIX + item: f"{note}: {words.short}" for item, words in items.items()}
    prompts |= {paper_fields.QUOTED_FIELD: terms.say("Note to quote: its question's number (0: the last)")}
    prompts |= {paper_fields.GAIN_PREFIX + gain: label for gain, label in form.wording.gains.items()}
    return prompts | {paper_fields.NOTE_PREFIX: terms.say("Anything else worth noting")}


def _name_fields(form: PaperForm, terms: Terms) -> tuple[TextField, ...]:
    party = terms.say("What is the other party called?") if form.side == "us" else terms.say("What are you called?")
    library = terms.say("Your library") if form.side == "us" else terms.say("The library")
    return (
        TextField(name=paper_fields.PARTY_FIELD, label=party),
        TextField(name=paper_fields.UNDERTAKING_FIELD, label=terms.say("What do you do together?")),
        TextField(name=paper_fields.LIBRARY_FIELD, label=library),
        TextField(
            name=paper_fields.RESPONDENT_FIELD,
            label=terms.say("Your initials, only if several of you each fill in a form"),
        ),
    )


def _gut_band(terms: Terms) -> OptionBand:
    """The gut feeling, asked before the items."""
    ask = terms.say("Before the questions: where would you place it?")
    return _placement_band(paper_fields.GUT_FIELD, ask, terms)


def _wanted_bands(terms: Terms) -> tuple[OptionBand, ...]:
    """What the library wants, asked after the items, since it colours the responses; none where there are no levels."""
    ask = terms.say("What should this collaboration be?")
    return (_placement_band(paper_fields.WANTED_FIELD, ask, terms),) if terms.instrument.levels else ()


def _placement_band(name: str, ask: str, terms: Terms) -> OptionBand:
    return OptionBand(name=name, ask=ask, rows=_option_rows(terms.instrument.placements, name, terms))


def _option_rows(placements: Sequence[str], name: str, terms: Terms) -> tuple[tuple[PrintedOption, ...], ...]:
    """Placements to choose from in rows of three, don't know last."""
    known = level_tones(terms.instrument)
    choices = [
        PrintedOption(value=placement, label=terms.numbered_name(placement), tone=known.get(placement, BESIDE_TONE))
        for placement in placements
    ]
    choices.append(PrintedOption(value=DONT_KNOW, label=_dont_know_label(terms, name)))
    return _in_threes(choices)


def _in_threes(choices: Sequence[PrintedOption]) -> tuple[tuple[PrintedOption, ...], ...]:
    return tuple(tuple(choices[start : start + 3]) for start in range(0, len(choices), 3))


def _gains_band(form: PaperForm, terms: Terms) -> OptionBand | None:
    """What the cooperation brings; None where the instrument has no gains."""
    if not form.instrument.gains:
        return None
    choices = [
        PrintedOption(value=paper_fields.GAIN_PREFIX + gain, label=form.wording.gains[gain])
        for gain in form.instrument.gains
    ]
    ask = terms.say("What does the cooperation bring? You may tick several.")
    return OptionBand(name="", ask=ask, rows=_in_threes(choices))


def _paper_end_bands(instrument: Instrument, terms: Terms) -> Iterator[OptionBand]:
    """When the paper of an item ends, where that is no month."""
    for item in instrument.ends:
        name = paper_fields.ENDS_PREFIX + item
        choices = (
            PrintedOption(value=UNTIL_FURTHER_NOTICE, label=terms.say("Until further notice")),
            PrintedOption(value=DONT_KNOW, label=terms.say("Don't know")),
        )
        ask = terms.say("{paper}: when does it end? Write a month, or tick:", paper=_printed_heading(terms, item))
        yield OptionBand(name=name, ask=ask, rows=(choices,))


def _printed_heading(terms: Terms, item: str) -> str:
    return displayable_text(terms.wording.items[item].short)


def _beside_fields(instrument: Instrument, terms: Terms) -> Iterator[TextField]:
    """The lines for what is told beside the items."""
    for item in instrument.ends:
        label = terms.say("{paper}: ends in (month and year)", paper=_printed_heading(terms, item))
        yield TextField(name=paper_fields.END_MONTH_PREFIX + item, label=label)
    labels = {
        paper_fields.GOAL_FIELD: terms.say("Which of the library's goals does it serve?"),
        f"{paper_fields.STEP_PREFIX}what": terms.say("What is to be done next?"),
        f"{paper_fields.STEP_PREFIX}who": terms.say("Who does it?"),
        f"{paper_fields.STEP_PREFIX}when": terms.say("When? (such as 6/2027)"),
    }
    yield from (TextField(name=name, label=labels[name]) for name in paper_fields.beside_fields(instrument))


def _beside_rows(instrument: Instrument, terms: Terms) -> tuple[tuple[TextField, ...], ...]:
    """These lines in rows: months and the goal in pairs, the next step in a row of its own."""
    lines = tuple(_beside_fields(instrument, terms))
    others = [line for line in lines if not line.name.startswith(paper_fields.STEP_PREFIX)]
    pairs = (tuple(others[start : start + 2]) for start in range(0, len(others), 2))
    return (*pairs, tuple(line for line in lines if line not in others))


def _form_items(form: PaperForm, terms: Terms) -> tuple[FormItem, ...]:
    """Every item, numbered; on paper all are printed, with a hint when one applies."""
    numbers = {item.id: at for at, item in enumerate(form.instrument.items, start=1)}
    return tuple(_form_item(item, numbers, terms) for item in form.instrument.items)


def _form_item(item: Item, numbers: Mapping[str, int], terms: Terms) -> FormItem:
    words = terms.wording.items[item.id]
    choices = [
        PrintedOption(
            value=option,
            label=displayable_text(words.options[option].label),
            example=displayable_text(words.options[option].example),
        )
        for option in item.options
    ]
    only = (_condition_text(item.when, numbers, terms),) if item.when else ()
    return FormItem(
        name=item.id,
        number=numbers[item.id],
        ask=displayable_text(words.ask),
        hints=tuple(displayable_text(hint) for hint in (*only, words.hint) if hint),
        choices=(*choices, PrintedOption(value=DONT_KNOW, label=terms.say("Don't know"))),
        note=paper_fields.NOTE_PREFIX + item.id,
    )


def _condition_text(when: Condition, numbers: Mapping[str, int], terms: Terms) -> str:
    """When an item is asked, in words; only a condition on one other item can be said exactly."""
    if not isinstance(when, ItemIs):
        return terms.say("Only if it applies after your answers above; otherwise leave it empty.")
    answers = terms.format_list(
        [terms.say("“{text}”", text=terms.short_response(when.item, option)) for option in when.options],
        terms.say("or"),
    )
    return terms.say(
        "Only if you ticked {answers} in question {number}, or do not know; otherwise leave it empty.",
        answers=answers,
        number=numbers[when.item],
    )


def _form_layout(form: PaperForm, terms: Terms) -> FormLayout:
    """The form's words, and its items in columns of the largest type that fits."""
    questions = _form_items(form, terms)
    texts = _form_texts(form, terms)
    bands, gains = (_gut_band(terms),), _gains_band(form, terms)
    closing = (*_paper_end_bands(form.instrument, terms), *_wanted_bands(terms))
    beside = _beside_rows(form.instrument, terms)
    names, note = _name_fields(form, terms), terms.say("Note")
    size, pages, free_height = _fit_columns(
        questions,
        _front_height(texts, names, bands),
        _TEXT_HEIGHT - 9 - _names_height(names[:2]),
        _back_height(texts, gains)
        + sum(_band_height(band) + 7 for band in closing)
        + sum(_names_height(row) + _NAMES_MARGIN for row in beside)
        + 8,
    )
    return FormLayout(
        **texts,
        names=names,
        bands=bands,
        size=size,
        note_label=note,
        note_width=font_face().width(note, size * _EXAMPLE_SCALE) + 5,
        pages=pages,
        gains=gains,
        closing=closing,
        beside=beside,
        remarks_height=round(_REMARKS_HEIGHT + max(free_height, 0), 1),
    )


def _form_texts(form: PaperForm, terms: Terms) -> dict[str, str]:
    """The sentences around the questions, by the form's name for each."""
    return {
        "name": displayable_text(form.wording.name),
        "title": terms.say("One collaboration, question by question"),
        "about": displayable_text(form.wording.about),
        "how": terms.say(
            "Tick one circle for each question. If you cannot tell, tick “{unknown}”.", unknown=terms.say("Don't know")
        ),
        "remark": terms.say("Anything else worth noting"),
        "quoted": terms.say("Note to quote: its question's number (0: the last)"),
        "ending": terms.say(
            "Give the form to the person who leads. For them: forms filled in on screen are taken in, one or many, "
            "with {program} import FILE; answers written by hand are typed in with {program} assess.",
            program=displayable_text(form.command),
        ),
    }


def _front_height(texts: Mapping[str, str], name_fields: Sequence[TextField], bands: Sequence[OptionBand]) -> float:
    """The height that is left for columns on the first page, in points."""
    head = 13 + 19 * 1.2 * len(wrap_text(texts["title"], _TEXT_WIDTH, 19, 700)) + 5
    words = len(wrap_text(f"{texts['about']} {texts['how']}", _TEXT_WIDTH, 10)) * 10 * 1.36 + 7
    names = _names_height(name_fields[:2]) + _names_height(name_fields[2:]) + 6
    bands_height = sum(map(_band_height, bands)) + 7.0 * len(bands)
    return _TEXT_HEIGHT - head - words - names - bands_height - 6


def _names_height(row: Sequence[TextField]) -> float:
    """The height of a row of places for names."""
    width = _TEXT_WIDTH / max(2, len(row)) - 11
    return 23 + 12 * max(len(wrap_text(text.label, width, 9)) for text in row)


def _back_height(texts: Mapping[str, str], gains: OptionBand | None) -> float:
    """The height of what stands below the columns of the last page: gains, remarks and the ending."""
    ending = len(wrap_text(texts["ending"], _TEXT_WIDTH, 8.5)) * 8.5 * 1.36
    gains_height = _band_height(gains) + 15 if gains else 8.0
    return gains_height + 10 * 1.3 + 2 + _REMARKS_HEIGHT + 5 + ending + 4


def _band_height(band: OptionBand) -> float:
    """The height of a band with its frame."""
    rows = 0.0
    for row in band.rows:
        width = (_TEXT_WIDTH - 20) / max(len(row_options) for row_options in band.rows) - _INDENT - 6
        rows += max(len(wrap_text(_with_sign(choice), width, 10)) for choice in row) * 10 * _LINE_HEIGHT + 2.6
    return 14 + len(wrap_text(band.ask, _TEXT_WIDTH - 20, 10.5, 600)) * 10.5 * _LINE_HEIGHT + 2 + rows


def _with_sign(option: PrintedOption) -> str:
    return f"{option.tone.sign} {option.label}" if option.tone else option.label


ColumnPairs = tuple[tuple[FormColumn, FormColumn], ...]


def _fit_columns(
    questions: Sequence[FormItem], front: float, later: float, back: float
) -> tuple[float, ColumnPairs, float]:
    """The largest type in which the items fit into few pages, the columns, and the points left on the last page.

    `front` and `later` are what the first and another page have for columns, `back` is needed below the last. More
    than `_MOST_PAGES` are taken only where even the smallest type is too large.
    """
    for page_count in range(1, _MOST_PAGES + 1):
        pages = [front, *[later] * (page_count - 1)]
        pages[-1] -= back
        rooms = [room for room in pages for _ in range(2)]
        for size in _TYPE_SIZES:
            if size < _LEAST_SIZE and page_count < _MOST_PAGES:
                break
            heights = [_item_height(question, size) for question in questions]
            ends = _column_ends(heights, rooms, size * 0.75)
            if ends:
                return size, *_make_columns(questions, heights, ends, rooms)
    return _TYPE_SIZES[-1], *_pour_columns(
        questions, [_item_height(question, _TYPE_SIZES[-1]) for question in questions], front, later - back
    )


def _column_ends(heights: Sequence[float], rooms: Sequence[float], least: float) -> tuple[int, ...] | None:
    """Where columns end, so that the fullest has as much room to spare as can be; None when the items do not fit.

    `least` is the least space between two items, and counted after each of them. Of two ways to divide them that whose
    fuller columns have more to spare is better, the same column after both keeps it so, and so the best way to each
    end is kept column by column.
    """
    sums = tuple(accumulate((height + least for height in heights), initial=0.0))
    best: dict[int, tuple[list[float], tuple[int, ...]]] = {0: ([], ())}
    for room in rooms:
        reached: dict[int, tuple[list[float], tuple[int, ...]]] = {}
        for start, (spare, ends) in best.items():
            for end in range(max(start, 1), len(sums)):
                free = room - _SLACK - (sums[end] - sums[start])
                if free >= 0:
                    way = (sorted([*spare, free]), (*ends, end))
                    reached[end] = max(reached.get(end, way), way)
        best = reached
    return best[len(heights)][1] if len(heights) in best else None


def _make_columns(
    questions: Sequence[FormItem], heights: Sequence[float], ends: Sequence[int], rooms: Sequence[float]
) -> tuple[ColumnPairs, float]:
    """The columns in pairs, and how much the fuller of the last pair leaves free."""
    columns, free = [], []
    for start, end, room in zip((0, *ends), ends, rooms, strict=False):
        spacing = _item_spacing(heights[start:end], room)
        columns.append(FormColumn(questions=tuple(questions[start:end]), spacing=spacing))
        free.append(room - _SLACK - sum(heights[start:end]) - spacing * max(end - start - 1, 0))
    pages = tuple((columns[index], columns[index + 1]) for index in range(0, len(columns), 2))
    return pages, min(free[-2:])


def _item_spacing(heights: Sequence[float], room: float) -> float:
    """Points between items, so that they fill their column; no more than looks well."""
    free = room - _SLACK - sum(heights)
    return round(min(_MOST_SPACING, free / max(len(heights) - 1, 1)), 2)


def _pour_columns(
    questions: Sequence[FormItem], heights: Sequence[float], front: float, later: float
) -> tuple[ColumnPairs, float]:
    """Columns one after the other, as many as it takes, for a questionnaire too long for few pages."""
    ends, used = list[int](), 0.0
    rooms = [front, front, *[later] * len(heights)]
    for index, height in enumerate(heights):
        if used and used + height + 4 > rooms[len(ends)] - _SLACK:
            ends.append(index)
            used = 0.0
        used += height + 4
    ends += [len(heights)] * (1 + (len(ends) + 1) % 2)
    return _make_columns(questions, heights, ends, rooms)


def _item_height(question: FormItem, size: float) -> float:
    """The height of one item in a column, its note line included, with the sizes of the style sheet."""

    def lines(text: str, scale: float, width: float = _COLUMN_WIDTH, weight: int = 400) -> float:
        return len(wrap_text(text, width, size * scale, weight)) * size * scale * _LINE_HEIGHT

    inner = _COLUMN_WIDTH - _INDENT
    asked = lines(f"{question.number}  {question.ask}", _ASK_SCALE, weight=600)
    hinted = sum(lines(hint, _HINT_SCALE) for hint in question.hints)
    offered = sum(lines(choice.label, _OPTION_SCALE, inner) + size * 0.14 for choice in question.choices)
    shown = sum(lines(choice.example, _EXAMPLE_SCALE, inner) for choice in question.choices if choice.example)
    return asked + hinted + size * 0.2 + offered + shown + size * 1.75
