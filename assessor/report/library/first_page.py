"""How much room the first page leaves its picture: what stands around it, measured as its style sheet sets it.

The page decides only while it is one page, and neither WeasyPrint nor a browser makes a picture smaller to keep it so.
What is estimated errs on the high side.
"""

from collections.abc import Sequence

from assessor.presentation.overview import Figure, NumberedStep
from assessor.presentation.terms import Terms
from assessor.presentation.terraces import CHIP_SIZES, Frame, wrap_text
from assessor.presentation.typeface import displayable_text, font_face

#: The page within its margins, in points, as all sizes here, and what is left free for rounding.
_WIDTH, _HEIGHT, _ROUNDING = 493.2, 751.2, 4.0

_BODY = 10.5
_LOGO_WIDTH = 132.0

#: The heading of the steps, and their columns: what, who, when.
_STEPS_HEADING = 21.0
_STEP_WIDTHS = (296.0, 99.0, 74.0)
_DECISION_WIDTH, _LEAST_DECISION = 197.0, 45.0

#: The eyebrow, the picture's margins, its legend in two lines, and the line about numbers beneath.
_FIXED = 16.0 + 10.0 + 34.0 + 11.0

#: The least that a picture of counts takes; and the most that one takes, however little stands beside it.
_LEAST_PICTURE, _MOST_PICTURE = 200.0, 400.0


def first_page_frame(
    figures: Sequence[Figure], terms: Terms, title: str, last_year: str, steps: Sequence[NumberedStep], *, logo: bool
) -> Frame:
    """The room for the picture, and its least height."""
    taken = _FIXED + _ROUNDING + text_height(title, _WIDTH - _LOGO_WIDTH * logo, 23.0, 700, 1.13) + 5
    taken += _figures_height(figures)
    taken += text_height(last_year, _WIDTH, _BODY) if last_year else 0.0
    if steps:
        taken += _STEPS_HEADING + sum(_step_height(step, terms) for step in steps) + _decision_height(terms)
    room = min(max(_HEIGHT - taken, _LEAST_PICTURE), _MOST_PICTURE)
    return Frame(min_height=min(246.0, room), max_height=room, sizes=(10.4, *CHIP_SIZES), exact=True, airy=True)


def text_height(text: str, width: float, size: float, weight: int = 400, line_height: float = 1.4) -> float:
    """How high a paragraph is, without its margins."""
    return len(wrap_text(displayable_text(text), width * 0.995, size, weight)) * size * line_height


def _figures_height(figures: Sequence[Figure]) -> float:
    """Numbers with words beside them, which go on below where they are too wide for the page together."""
    if not figures:
        return 0.0
    total = sum(
        font_face(700).width(str(figure.number), 34) + font_face(400).width(f" {figure.text}", _BODY) + 10
        for figure in figures
    )
    return 36.0 + (0 if total <= _WIDTH else _BODY * 1.3)


def _step_height(step: NumberedStep, terms: Terms) -> float:
    what, who, when = _STEP_WIDTHS
    note = terms.say("“{text}”", text=step.note) if step.note and not step.who else ""
    told = text_height(f"{step.number}. {step.advice.title}", what, _BODY, 600, 1.3)
    told += text_height(f"{step.name}. {step.effect} {note}", what, _BODY, 400, 1.3)
    return 6.5 + max(told, text_height(step.who, who, _BODY, 400, 1.3), text_height(step.when, when, _BODY, 400, 1.3))


def _decision_height(terms: Terms) -> float:
    asked = terms.say("Decision: the steps above are taken, by those named and at the times given.")
    return 5 + max(text_height(asked, _DECISION_WIDTH, _BODY, 600) + 8, _LEAST_DECISION)
