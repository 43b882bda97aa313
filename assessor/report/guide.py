"""The facilitator's guide to the workshop exercise, as a document: its placements and cases are the bank's.

It is long prose, so each language has a template of its own instead of a hundred messages in a catalogue.
"""

from dataclasses import dataclass
from datetime import date

from assessor.core.course import course_minutes
from assessor.core.instrument import Instrument
from assessor.core.wording import Wording
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


def guide_document(
    language: str, made: date, program: str, instrument: Instrument, wording: Wording, *, has_cases: bool
) -> PrintableDocument:
    """The guide as a document; `language` must be one of `guide_languages`. Its title is the template's own heading.

    Without written cases for a room, their part and minutes are left out.
    """
    html = render_template(
        f"guide/guide.{language}.html.j2",
        language,
        levels=[(instrument.level_number(level), wording.placements[level]) for level in instrument.levels],
        beside=[words for placement, words in wording.placements.items() if placement not in instrument.levels],
        has_cases=has_cases,
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
