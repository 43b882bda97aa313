"""The facilitator's guide to the workshop exercise, as a document: its placements and cases are the bank's.

It is long prose, so each language has a template of its own instead of a hundred messages in a catalogue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from string import ascii_uppercase

from assessor.core.course import course_minutes
from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
from assessor.presentation.overview import level_terraces, side_boxes
from assessor.presentation.terms import Terms
from assessor.presentation.terraces import Area, Chip, Drawing, Frame, TextLine, draw_terraces
from assessor.presentation.typeface import font_face
from assessor.report.render import PrintableDocument, Section, render_template
from assessor.resources import templates_folder

#: The guide's language where it is not written in the one asked for.
_FALLBACK_LANGUAGE = "en"


def guide_languages() -> tuple[str, ...]:
    """The languages that the guide is written in."""
    templates = (templates_folder() / "guide").glob("guide.*.html.j2")
    return tuple(sorted(path.name.split(".")[1] for path in templates))


def base_language(wish: str) -> str:
    """The language of a tag without its country: "sv" of both `sv_FI` and `sv-FI`."""
    return wish.replace("_", "-").split("-")[0]


def guide_language(wish: str) -> str:
    """The guide's language for a reader of `wish`: that, else the language without its country, else English."""
    known = guide_languages()
    return next((language for language in (wish, base_language(wish)) if language in known), _FALLBACK_LANGUAGE)


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideRow:
    """A row of the table minute by minute."""

    minutes: str
    title: str
    do: str
    say: tuple[str, ...]


def _guide_rows(wording: Wording, *, has_cases: bool) -> tuple[GuideRow, ...]:
    """The bank's own rows; none where it has none, and the guide tells them in general words."""
    words = wording.course or {}
    return tuple(
        GuideRow(
            minutes=f"{begin}–{end}",
            title=words[row].title,
            do=words[row].do,
            say=words[row].say,
        )
        for row, (begin, end) in course_minutes(has_cases=has_cases).items()
        if row in words
    )


def _board_picture(terms: Terms) -> Drawing:
    """The board as the room sees it: how to join, and collaborations, bearing letters, on the steps of the bank."""
    width, inset, head = 493.0, 14.0, 52.0
    steps, boxes = level_terraces(terms), side_boxes(terms)
    chips = _lettered_chips(len(steps), [box.id for box in boxes[:3]])
    frame = Frame(width=width - 2 * inset, min_height=168.0, max_height=260.0)
    picture = draw_terraces(steps, boxes, chips, nothing="", frame=frame).offset_by(inset, head)
    title = TextLine(inset, 33, 15, 700, "ink", terms.say("Where our collaborations stand"))
    height = picture.height + inset
    screen = Drawing(width=width, height=height, areas=(Area(0, 0, width, height, "ink", "box"),), lines=(title,))
    return screen + _joining().offset_by(width - inset, inset) + picture


def _lettered_chips(steps: int, boxes: Sequence[str]) -> list[Chip]:
    """Some on each step, the most on the lowest; the first of the second step straddles its edge; one in each box."""
    places = [(step, "") for step in range(steps) for _ in range(step + 2)] + [(None, box) for box in boxes]
    return [
        Chip(name=letter, step=step, box=box, question="?" if (step, letter) == (1, "C") and steps > 2 else "")
        for letter, (step, box) in zip(ascii_uppercase, places, strict=False)
    ]


def _joining() -> Drawing:
    """An address, a code and a square like one to scan, from their right top corner; it leads nowhere."""
    address, code = "192.168.1.20:8080", "KLM 4826"
    corners = [(-32.0, 0.0), (-9.0, 0.0), (-32.0, 23.0)]
    marks = [Area(x, y, 9, 9, "ink", "box") for x, y in corners]
    marks += [Area(x + 2.5, y + 2.5, 4, 4, "ink", "bar") for x, y in corners]
    marks += [Area(x, y, 3, 3, "ink", "bar") for x, y in _MODULES]
    lines = [
        TextLine(-40 - font_face(weight).width(text, size), baseline, size, weight, "ink", text)
        for text, baseline, size, weight in ((address, 12, 10, 400), (code, 28, 13, 700))
    ]
    return Drawing(width=0, height=32, areas=tuple(marks), lines=tuple(lines))


#: Left and top of the small squares between the corners of the square to scan.
_MODULES = (
    *((-20.0, 2.0), (-17.0, 7.0), (-28.0, 13.0), (-21.0, 14.0), (-14.0, 12.0), (-7.0, 13.0), (-3.0, 18.0)),
    *((-18.0, 21.0), (-12.0, 19.0), (-20.0, 28.0), (-14.0, 26.0), (-8.0, 24.0), (-4.0, 29.0), (-11.0, 29.0)),
)


def guide_document(
    language: str,
    made: date,
    program: str,
    instrument: Instrument,
    wording: Wording,
    *,
    has_cases: bool,
    command: str = "assessor",
) -> PrintableDocument:
    """The guide as a document; `language` must be one of `guide_languages`. Its title is the template's own heading.

    Without written cases for a room, their part and minutes are left out. `command` is what is typed for this bank.
    """
    html = render_template(
        f"guide/guide.{language}.html.j2",
        language,
        levels=[(instrument.level_number(level), wording.placements[level]) for level in instrument.levels],
        beside=[words for placement, words in wording.placements.items() if placement not in instrument.levels],
        has_cases=has_cases,
        command=command,
        board=_board_picture(Terms(language, instrument, wording)),
        course=_guide_rows(wording, has_cases=has_cases),
    )
    title = html.split("<h1>")[1].split("</h1>")[0]
    eyebrow = html.split('class="eyebrow">')[1].split("</p>")[0]
    return PrintableDocument(
        kind="guide",
        language=language,
        title=title,
        description=eyebrow,
        author="assessor",
        running=f"{title} · {eyebrow.split(' · ')[0]}",
        made=made,
        program=program,
        sections=(Section(id="guide", title=title, level=1, html=html),),
    )
