"""Colours and shapes by a level's position, so that any instrument's levels have theirs.

The highest level is always the triangle and the lowest the circle; a placement beside the levels is an open diamond.
Shape and colour always change together, so nothing depends on telling colours apart. Style sheets and templates define
what a tone's name looks like.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessor.core.instrument import Instrument

#: The id of what is not settled at all.
UNSETTLED_ID = "unsettled"


@dataclass(frozen=True, slots=True)
class Tone:
    """How a placement is drawn: a name for style sheets, a shape for figures, and the shape as a character."""

    name: str
    shape: str
    #: The shape as a character, for running text and the terminal.
    sign: str


_HIGHEST = Tone("t1", "triangle", "▲")
_MIDDLE = Tone("t3", "square", "■")
_LOWEST = Tone("t5", "circle", "●")
_UPPER = Tone("t2", "lozenge", "◆")
_LOWER = Tone("t4", "ring", "○")
BESIDE_TONE = Tone("beside", "diamond", "◇")
OPEN_TONE = Tone("open", "dashed-diamond", "◇")

_TONES_BY_COUNT: Mapping[int, tuple[Tone, ...]] = {
    0: (),
    1: (_HIGHEST,),
    2: (_HIGHEST, _LOWEST),
    3: (_HIGHEST, _MIDDLE, _LOWEST),
    4: (_HIGHEST, _UPPER, _MIDDLE, _LOWEST),
    5: (_HIGHEST, _UPPER, _MIDDLE, _LOWER, _LOWEST),
}


def level_tones(instrument: Instrument) -> dict[str, Tone]:
    """The tone of each level, highest first; with more than five levels those in between take turns."""
    levels = instrument.levels
    between = (_UPPER, _MIDDLE, _LOWER)
    for_many = (_HIGHEST, *(between[index % 3] for index in range(len(levels) - 2)), _LOWEST)
    tones = _TONES_BY_COUNT.get(len(levels), for_many)
    return dict(zip(levels, tones, strict=True))


def tone_of(instrument: Instrument, placements: Sequence[str]) -> Tone:
    """The tone of the only placement; of none or several, the dashed one of what is not settled."""
    if len(placements) != 1:
        return OPEN_TONE
    return level_tones(instrument).get(placements[0], BESIDE_TONE)
