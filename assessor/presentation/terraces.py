"""The terraces: a library's collaborations as chips on the steps of the model, the widest step at the bottom.

The problem: up to some hundred names of any length, in any language, must stand on the step they belong to, on a
sheet of fixed size. Nothing may overlap and nothing may be cut, on paper and on the library's own web page. The layout
of a browser or of WeasyPrint cannot tell which type size fits before everything has been laid out, and the two lay out
differently. So places and sizes are computed here, in points, with the typeface's own widths, and a template only draws
the rectangles, signs and lines of a `Drawing`.

How it goes: names are tried in four type sizes, the largest first. Where none fits, each chip bears its number, with
a list beside the picture; where even numbers are too many, chips become counts of those that share a place. A
collaboration whose placement is not settled straddles the edge between two steps, or goes to the dashed box beside.

What must hold: `_measure_chip` and `_draw_chip` wrap the same text to the same width, or a line would fall out of its
chip; measuring gives a chip a little more than its text needs, for rounding. Nothing depends on the order of chips but
their place in a row. Functions that draw return a `Drawing` around its own origin; the caller moves it into place.
Colours are names of tones and kinds, never values: style sheets own those.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from math import inf

from assessor.presentation.typeface import font_face

#: The type sizes that chips are tried in.
CHIP_SIZES = (9.4, 8.8, 8.4, 8.0)

_CHIP_GAP = 6.0
_PADDING = 11.0
_ASIDE_WIDTH = 132.0
_MAX_NAMES = 100  # more do not fit in any size
_MAX_NUMBERS = 240
_LEGEND_SIZE = 8.0
_LEAST_SIZE = 8.0  # of any text
_INNER_GAP = 4.0
_WIDTH_ALLOWANCE = 1.01  # of a text's width that a chip gives it
_MAX_CHIP_PADDING = 8.0
_DETAIL_SCALE = 0.66  # of a name's type size that what is done there has
_DETAIL_GAP = 0.35  # of a name's type size between the two
_INNER_SCALE = 0.92  # of its host's type size that a chip within a chip has


_Extent = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The room for a picture, in points: fixed width, and the heights between which it may grow."""

    width: float = 493.0
    max_height: float = 430.0
    #: The least height of all steps together, where little stands on them.
    min_height: float = 300.0
    #: The most lines of a name or question on a chip; a longer one turns all chips into numbers.
    max_lines: int = 3
    #: The type sizes that chips are tried in, the largest first.
    sizes: tuple[float, ...] = CHIP_SIZES
    #: How much of the lowest step's width the highest keeps.
    top_share: float = 0.6
    #: Between rows of chips; what a step has more than the least is also left free around them.
    gap: float = _CHIP_GAP
    #: Whether numbers, too, must keep to the height, or become counts.
    exact: bool = False
    #: Whether height that is left over is shared out between the rows of chips.
    airy: bool = False
    #: The type size of the steps' titles.
    title_size: float = 10.4


A4_FRAME = Frame()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """One collaboration to be shown."""

    name: str
    #: What is done there, in smaller letters behind the name, or below it.
    detail: str = ""
    #: Its number in the list beside the picture, shown where names do not fit.
    number: int = 0
    #: Index of the step it stands on, 0 the highest; a range straddles that step's lower edge. None in a box.
    step: int | None = None
    #: Id of the box beside the steps; empty on a step.
    box: str = ""
    #: What would settle it: drawn across the edge below its step.
    question: str = ""
    #: 1 when it is wanted higher, -1 lower.
    wanted: int = 0
    #: One change is enough to lose the level.
    fragile: bool = False
    #: It has what it needs to grow.
    ready: bool = False
    #: Chips of other steps that are drawn within this one.
    inside: tuple["Chip", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Terrace:
    """One level of the instrument, as a step."""

    title: str
    line: str
    #: Name and shape of a `Tone`, drawn before each chip on the step.
    tone: str
    shape: str
    #: Shown at the right of the title; empty for none.
    count: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A placement beside the levels."""

    id: str
    title: str
    line: str
    #: For what is not settled, which is no placement of the instrument.
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle; its kind says how the template fills and frames it."""

    x: float
    y: float
    width: float
    height: float
    tone: str
    #: `step`, `chip`, `across` (a chip that straddles two steps), `box` or `open` (a dashed box).
    kind: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text; `y` is its baseline."""

    x: float
    y: float
    size: float
    weight: int
    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A small shape around a centre; `size` is half its height."""

    x: float
    y: float
    size: float
    tone: str
    shape: str


@dataclass(frozen=True, slots=True)
class ChipSpot:
    """Where the chip of a number is, so that it can be pressed."""

    x: float
    y: float
    width: float
    height: float
    number: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """What is to be drawn, in the order of drawing, around an origin at the top left."""

    width: float
    height: float
    areas: tuple[Area, ...] = ()
    signs: tuple[Sign, ...] = ()
    lines: tuple[TextLine, ...] = ()
    #: In the order of drawing; none for chips that are counted only.
    spots: tuple[ChipSpot, ...] = ()
    #: Chips are numbers and want a list beside the picture.
    numbered: bool = False
    #: Chips are counted only.
    counted: bool = False

    def __add__(self, other: "Drawing") -> "Drawing":
        """Both drawings around the same origin, as wide as the first and as high as the higher."""
        return replace(
            self,
            height=max(self.height, other.height),
            areas=self.areas + other.areas,
            signs=self.signs + other.signs,
            lines=self.lines + other.lines,
            spots=self.spots + other.spots,
        )

    def offset_by(self, x: float, y: float) -> "Drawing":
        """The same drawing moved right and down."""
        return replace(
            self,
            height=self.height + y,
            # Made anew, field by field: `replace` would take most of the time that a picture takes.
            areas=tuple(Area(_round(a.x + x), _round(a.y + y), a.width, a.height, a.tone, a.kind) for a in self.areas),
            signs=tuple(Sign(_round(s.x + x), _round(s.y + y), s.size, s.tone, s.shape) for s in self.signs),
            lines=tuple(
                TextLine(_round(line.x + x), _round(line.y + y), line.size, line.weight, line.tone, line.text)
                for line in self.lines
            ),
            spots=tuple(ChipSpot(_round(s.x + x), _round(s.y + y), s.width, s.height, s.number) for s in self.spots),
        )


def _spot(chip: Chip, x: float, y: float, width: float, height: float) -> tuple[ChipSpot, ...]:
    """Where a chip is; nothing for one that stands for several."""
    return (ChipSpot(_round(x), _round(y), _round(width), _round(height), chip.number),) if chip.number else ()


def draw_terraces(
    steps: Sequence[Terrace],
    boxes: Sequence[Box],
    chips: Sequence[Chip],
    *,
    nothing: str = "–",
    signs: Sequence[tuple[str, str]] = (),
    frame: Frame = A4_FRAME,
) -> Drawing:
    """The whole picture: names in the largest size that fits, else numbers, else counts; with its legend.

    `nothing` is written where a step is empty; `signs` are pairs of shape and meaning, of which the legend shows those
    that the picture uses.
    """
    picture = draw_with_names(steps, boxes, chips, nothing=nothing, frame=frame)
    return with_legend(picture or draw_without_names(steps, boxes, chips, nothing=nothing, frame=frame), signs)


def draw_with_names(
    steps: Sequence[Terrace],
    boxes: Sequence[Box],
    chips: Sequence[Chip],
    *,
    nothing: str = "–",
    frame: Frame = A4_FRAME,
) -> Drawing | None:
    """The picture with every name on its chip, in the largest size that fits; None when none does.

    Only the wall asks for this alone: it tries larger scales before it gives up names.
    """
    for size in frame.sizes if len(chips) <= _MAX_NAMES else ():
        if _may_fit(chips, size, frame) and all(_text_fits(chip, size, frame.max_lines) for chip in chips):
            picture = _draw_at_size(steps, boxes, chips, size, nothing, frame)
            if picture.height <= frame.max_height:
                return _with_air(picture, steps, boxes, chips, size, nothing, frame) if frame.airy else picture
    return None


def _with_air(
    picture: Drawing,
    steps: Sequence[Terrace],
    boxes: Sequence[Box],
    chips: Sequence[Chip],
    size: float,
    nothing: str,
    frame: Frame,
) -> Drawing:
    """The picture with the widest gaps between its rows, then the highest steps, that its frame has room for."""
    gaps = [share * size for share in (1.1, 0.95, 0.8, 0.65) if share * size > frame.gap]
    heights = [frame.max_height * share for share in (1.0, 0.92, 0.84, 0.76)]

    def drawn(framed: Frame) -> Drawing:
        return _draw_at_size(steps, boxes, chips, size, nothing, framed)

    for framed in [replace(frame, gap=gap) for gap in gaps]:
        if (airier := drawn(framed)).height <= frame.max_height:
            picture, frame = airier, framed
            break
    for framed in [replace(frame, min_height=height) for height in heights if height > frame.min_height]:
        if (higher := drawn(framed)).height <= frame.max_height:
            return higher
    return picture


def _may_fit(chips: Sequence[Chip], size: float, frame: Frame) -> bool:
    """Whether the chips on steps could fit side by side without a gap; a cheap check that saves most vain attempts."""
    measured = (_measure_chip(chip, size, inf) for chip in chips if not chip.box)
    return sum(width * height for width, height in measured) < frame.width * frame.max_height


def draw_without_names(
    steps: Sequence[Terrace],
    boxes: Sequence[Box],
    chips: Sequence[Chip],
    *,
    nothing: str = "–",
    frame: Frame = A4_FRAME,
) -> Drawing:
    """The picture with a number on each chip; with counts where numbers are too many or would be too high."""
    tries = [(CHIP_SIZES[2], frame.gap), (_LEAST_SIZE, 4.0)] if frame.exact else [(CHIP_SIZES[2], frame.gap)]
    for size, gap in tries if len(chips) <= _MAX_NUMBERS else ():
        numbered = _draw_at_size(steps, boxes, _numbered_chips(chips), size, nothing, replace(frame, gap=gap))
        if numbered.height <= frame.max_height * (1.0 if frame.exact else 1.2):
            return replace(numbered, numbered=True)
    return replace(_draw_at_size(steps, boxes, _count_chips(chips), CHIP_SIZES[0], nothing, frame), counted=True)


def with_legend(picture: Drawing, signs: Sequence[tuple[str, str]]) -> Drawing:
    """The picture with the meaning of the signs it uses beneath, in as many lines as that takes."""
    used = {sign.shape for sign in picture.signs} | {area.kind for area in picture.areas}
    x, y = 0.0, picture.height + 17
    for shape, meaning in signs:
        if shape not in used:
            continue
        text_width = font_face().width(meaning, _LEGEND_SIZE) * 1.01
        if x and x + 14 + text_width > picture.width:
            x, y = 0.0, y + _LEGEND_SIZE * 1.6
        picture += _draw_legend_entry(shape, meaning, picture.width).offset_by(x, y)
        x += 14 + text_width + 16
    return picture


def _draw_legend_entry(shape: str, meaning: str, width: float) -> Drawing:
    lines = (TextLine(14, 0, _LEGEND_SIZE, 400, "soft", meaning),)
    if shape == "across":
        return Drawing(width=width, height=4, areas=(Area(0, -6, 10, 7, "quiet", "across"),), lines=lines)
    return Drawing(width=width, height=4, signs=(Sign(5, -2.6, 3.6, "ink", shape),), lines=lines)


@lru_cache(4096)
def wrap_text(text: str, width: float, size: float, weight: int = 400) -> tuple[str, ...]:
    """The text in lines no wider than `width`; a word wider than that is broken.

    Cached, since the same names are measured in several sizes and then drawn. Always at least one line, maybe empty.
    """
    measure = font_face(weight).width
    lines: list[str] = []
    for word in _break_words(text, width, size, weight):
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and measure(joined, size) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def _break_words(text: str, width: float, size: float, weight: int) -> Iterable[str]:
    """The words of a text, those wider than `width` in pieces of at least one character."""
    measure = font_face(weight).width
    for word in text.split():
        while measure(word, size) > width and len(word) > 1:
            sums = list(accumulate(measure(char, size) for char in word))
            cut = max(1, sum(total <= width for total in sums))
            yield word[:cut]
            word = word[cut:]
        yield word


def _numbered_chips(chips: Sequence[Chip]) -> list[Chip]:
    """The chips with their numbers for names, and a question mark for a question."""
    return [
        replace(
            chip,
            name=str(chip.number),
            detail="",
            question="?" if chip.question else "",
            inside=tuple(_numbered_chips(chip.inside)),
        )
        for chip in chips
    ]


def _flatten_chips(chips: Sequence[Chip]) -> Iterable[Chip]:
    for chip in chips:
        yield chip
        yield from chip.inside


def _count_chips(chips: Sequence[Chip]) -> list[Chip]:
    """One chip for each place that has any, named by how many there are; chips within chips count on their own."""
    counted: dict[tuple[int | None, str, bool], int] = {}
    for chip in _flatten_chips(chips):
        key = (chip.step, chip.box, bool(chip.question))
        counted[key] = counted.get(key, 0) + 1
    return [
        Chip(name=f"{count} ×", step=step, box=box, question="?" if open_ else "")
        for (step, box, open_), count in counted.items()
    ]


def _small(size: float) -> float:
    """The type size of a question on a chip of that size."""
    return max(_LEAST_SIZE, size * 0.85)


def _round(number: float) -> float:
    return round(number, 2)


def _max_text_width(chip: Chip, size: float) -> float:
    return (25 if chip.detail else 19.5) * size


def _padding(size: float) -> float:
    """What a chip leaves free at its edges: less, for their size, around large letters."""
    return min(0.8 * size, _MAX_CHIP_PADDING)


def _text_left(size: float) -> float:
    """Where a chip's texts begin, behind its sign."""
    return _padding(size) + 1.15 * size


def _detail_size(size: float) -> float:
    return max(_LEAST_SIZE, size * _DETAIL_SCALE)


def _text_fits(chip: Chip, size: float, lines: int) -> bool:
    """Whether a chip's texts, and those of the chips within it, take no more than `lines` lines each."""
    if not all(_text_fits(inner, size * _INNER_SCALE, lines) for inner in chip.inside):
        return False
    if chip.box:
        size = min(size, CHIP_SIZES[0])  # the column is narrow, and larger names would be broken within a word
    width = _ASIDE_WIDTH - 34 if chip.box else _max_text_width(chip, size)
    return (
        len(wrap_text(chip.name, width, size)) <= lines and len(wrap_text(chip.question, width, _small(size))) <= lines
    )


def _draw_at_size(
    steps: Sequence[Terrace], boxes: Sequence[Box], chips: Sequence[Chip], size: float, nothing: str, frame: Frame
) -> Drawing:
    """Steps on the left and a column of filled boxes on the right; boxes alone for an instrument without levels."""
    filled_boxes = [(box, box_chips) for box in boxes if (box_chips := [chip for chip in chips if chip.box == box.id])]
    if not steps:
        return _draw_box_grid(filled_boxes, size, frame.width)
    room = frame.width - (_ASIDE_WIDTH + 15) * bool(filled_boxes)
    stairs = _draw_levels(steps, [chip for chip in chips if not chip.box], size, room, nothing, frame)
    if not filled_boxes:
        return stairs
    column = _draw_box_column(filled_boxes, min(size, CHIP_SIZES[0]), stairs.height)
    return stairs + column.offset_by(frame.width - _ASIDE_WIDTH, 0)


def _draw_levels(
    steps: Sequence[Terrace], chips: Sequence[Chip], size: float, room: float, nothing: str, frame: Frame
) -> Drawing:
    """The steps from the top down, each as high as what stands on it needs.

    A chip that straddles an edge belongs half to the step below, so each step starts with room for the lower halves of
    what straddles the edge above it.
    """
    picture, top, overhang_above = Drawing(width=frame.width, height=0), 0.0, 0.0
    air = (frame.gap - _CHIP_GAP) / 2
    for index, step in enumerate(steps):
        share = 1 if len(steps) == 1 else frame.top_share + (1 - frame.top_share) * index / (len(steps) - 1)
        width, left = room * share, room * (1 - share) / 2
        step_chips = [chip for chip in chips if chip.step == index]
        inner = width - 2 * _PADDING
        heading = _draw_heading(step, inner, frame.title_size)
        settled = _draw_chip_rows([chip for chip in step_chips if not chip.question], steps, size, inner, frame.gap)
        straddling = _draw_chip_rows([chip for chip in step_chips if chip.question], steps, size, inner, frame.gap)
        if not step_chips:
            line = TextLine(0, 9, _LEAST_SIZE, 400, "quiet", nothing)
            settled = Drawing(width=inner, height=12, lines=(line,))
        content = heading + settled.offset_by(0, heading.height + 5 + air)
        overhang = straddling.height / 2 + 5 if straddling.height else 0.0
        inside = overhang_above + max(9.0, overhang_above and 7.0) + content.height
        height = max(frame.min_height / len(steps), inside + 9 + air + (overhang + 1 if overhang else 0))
        area = Area(_round(left), _round(top), _round(width), _round(height), step.tone, "step")
        picture += Drawing(width=frame.width, height=top + height, areas=(area,))
        picture += content.offset_by(left + _PADDING, top + overhang_above + 9)
        if straddling.height:
            edge = top + height
            picture += straddling.offset_by(left + _PADDING, edge - straddling.height / 2)
        overhang_above = straddling.height / 2 + 1 if straddling.height else 0.0
        top += height
    return replace(_with_levels_first(picture), height=max(picture.height, top))


def _with_levels_first(picture: Drawing) -> Drawing:
    """The same with every step drawn first, so that a chip across two steps lies upon both."""
    steps = tuple(area for area in picture.areas if area.kind == "step")
    return replace(picture, areas=steps + tuple(area for area in picture.areas if area.kind != "step"))


def _draw_heading(step: Terrace, width: float, size: float) -> Drawing:
    """A step's title, its count at the right and its line beneath, each wrapped."""
    count, small = font_face(600).width(step.count, size), max(_LEAST_SIZE, 0.72 * size)
    title = wrap_text(step.title, width - (count + 12) * bool(count), size, 600)
    subtitle = wrap_text(step.line, width, small)
    first, pitch, below = size - 1.4, 1.25 * size, small + 3
    lines = [TextLine(0, _round(first + pitch * index), size, 600, step.tone, text) for index, text in enumerate(title)]
    if step.count:
        lines.append(TextLine(_round(width - count), _round(first), size, 600, step.tone, step.count))
    beneath = first + pitch * (len(title) - 1) + below
    lines += [
        TextLine(0, _round(beneath + 1.225 * small * index), _round(small), 400, "soft", text)
        for index, text in enumerate(subtitle)
    ]
    return Drawing(width=width, height=beneath + 1.225 * small * (len(subtitle) - 1) + 3, lines=tuple(lines))


def _draw_chip_rows(chips: Sequence[Chip], steps: Sequence[Terrace], size: float, width: float, gap: float) -> Drawing:
    """Chips in rows from the left, hosts of others first; those of a row are equally high."""
    picture, y = Drawing(width=width, height=0), 0.0
    hosts_first = sorted(chips, key=lambda chip: not chip.inside)
    for row in _fill_rows([(chip, _measure_chip(chip, size, width)) for chip in hosts_first], width):
        height = max(extent[1] for _, extent in row)
        x = 0.0
        for chip, (chip_width, _) in row:
            picture += _draw_chip(chip, steps, size, chip_width, height).offset_by(x, y)
            x += chip_width + _CHIP_GAP
        y += height + gap
    return replace(picture, height=max(0.0, y - gap))


def _fill_rows(chips: Sequence[tuple[Chip, _Extent]], width: float) -> Iterable[Sequence[tuple[Chip, _Extent]]]:
    """Chips in rows as full as `width` allows; chips that hold others share no row with those that do not."""
    row: list[tuple[Chip, _Extent]] = []
    used = 0.0
    for chip, extent in chips:
        kind_changes = row and bool(row[-1][0].inside) != bool(chip.inside)
        if row and (kind_changes or used + extent[0] > width):
            yield row
            row, used = [], 0.0
        row.append((chip, extent))
        used += extent[0] + _CHIP_GAP
    if row:
        yield row


@dataclass(frozen=True, slots=True)
class _ChipTexts:
    """A chip's texts in lines; a detail of one line may stand behind the name's last."""

    size: float
    name: tuple[str, ...]
    detail: tuple[str, ...]
    question: tuple[str, ...]
    #: Whether the detail stands behind the name, else below it.
    behind: bool

    def height(self) -> float:
        below = 0 if self.behind else len(self.detail)
        return self.size * (1.3 * len(self.name) + 1.15 * len(self.question)) + _detail_size(self.size) * 1.3 * below

    def width(self) -> float:
        measure = font_face(400).width
        names = [measure(line, self.size) for line in self.name]
        details = [measure(line, _detail_size(self.size)) for line in self.detail]
        if self.behind:
            names[-1] += _DETAIL_GAP * self.size + details.pop()
        return max(names + details + [measure(line, _small(self.size)) for line in self.question])

    def lines(self, left: float, top: float) -> Iterable[TextLine]:
        """The lines from their top left corner."""
        size, detail_size, question_size = self.size, _round(_detail_size(self.size)), _round(_small(self.size))
        for index, text in enumerate(self.name):
            yield TextLine(left, _round(top + size * (0.98 + 1.3 * index)), size, 400, "ink", text)
        bottom = top + size * 1.3 * len(self.name)
        if self.behind:
            after = left + font_face(400).width(self.name[-1], size) + _DETAIL_GAP * size
            yield TextLine(_round(after), _round(bottom - size * 0.32), detail_size, 400, "soft", self.detail[0])
        else:
            for text in self.detail:
                yield TextLine(left, _round(bottom + detail_size * 0.95), detail_size, 400, "soft", text)
                bottom += detail_size * 1.3
        for index, text in enumerate(self.question):
            yield TextLine(left, _round(bottom + size * (0.8 + 1.15 * index)), question_size, 400, "soft", text)


def _wrap_chip_texts(chip: Chip, size: float, max_width: float) -> _ChipTexts:
    name, measure = wrap_text(chip.name, max_width, size), font_face(400).width
    both = measure(name[-1], size) + _DETAIL_GAP * size + measure(chip.detail, _detail_size(size))
    behind = bool(chip.detail) and both <= max_width
    return _ChipTexts(
        size,
        name,
        (chip.detail,) if behind else wrap_text(chip.detail, max_width, _detail_size(size)) if chip.detail else (),
        wrap_text(chip.question, max_width, _small(size)) if chip.question.strip("?") else (),
        behind,
    )


def _measure_chip(chip: Chip, size: float, width: float) -> _Extent:
    """A chip's width and height with its texts wrapped to `width`, the chips within it included."""
    edges = _text_left(size) + _padding(size)
    room = (width - edges - _signs_width(chip, size)) / _WIDTH_ALLOWANCE
    texts = _wrap_chip_texts(chip, size, min(_max_text_width(chip, size), room))
    inner_sizes = [_measure_inner_chip(one, size) for one in chip.inside]
    return (
        max(
            [
                edges + texts.width() * _WIDTH_ALLOWANCE + _signs_width(chip, size),
                *(one[0] + edges + 0.35 * size for one in inner_sizes),
            ]
        ),
        texts.height() + _padding(size) + sum(one[1] + _INNER_GAP for one in inner_sizes) + (2 if inner_sizes else 0),
    )


def _measure_inner_chip(chip: Chip, size: float) -> _Extent:
    """A chip's width and height within a host of that type size, whatever the host's width."""
    return _measure_chip(chip, size * _INNER_SCALE, inf)


def _signs_width(chip: Chip, size: float) -> float:
    """The width that a chip's signs take at its right end."""
    return size * 1.15 * (bool(chip.wanted) + chip.fragile + chip.ready)


def _draw_chip(chip: Chip, steps: Sequence[Terrace], size: float, width: float, height: float) -> Drawing:
    """A chip around its top left corner; one that straddles an edge takes the open diamond for its sign."""
    step = steps[chip.step or 0]
    if chip.inside:
        return _draw_host_chip(chip, steps, size, width, height)
    texts = _wrap_chip_texts(chip, size, _text_width(chip, size, width))
    top = (height - texts.height()) / 2
    middle = _round(top + size * 0.63)
    tone, shape = ("beside", "dashed-diamond") if chip.question else (step.tone, step.shape)
    signs = [Sign(_round(_padding(size) + 0.35 * size), middle, _round(size * 0.38), tone, shape)]
    return Drawing(
        width=width,
        height=height,
        areas=(Area(0, 0, _round(width), _round(height), step.tone, "across" if chip.question else "chip"),),
        signs=(*signs, *_chip_signs(chip, size, width, middle, step.tone)),
        lines=tuple(texts.lines(_round(_text_left(size)), top)),
        spots=_spot(chip, 0, 0, width, height),
    )


def _text_width(chip: Chip, size: float, width: float) -> float:
    """The width of the lines in a chip so wide: that in which they were measured, line for line."""
    room = width - _text_left(size) - _padding(size) - _signs_width(chip, size)
    return min(_max_text_width(chip, size), room / _WIDTH_ALLOWANCE + 1e-6)


def _draw_host_chip(chip: Chip, steps: Sequence[Terrace], size: float, width: float, height: float) -> Drawing:
    """A chip with others of other steps within it, one below the other."""
    head = _wrap_chip_texts(chip, size, _text_width(chip, size, width)).height() + _padding(size)
    picture = _draw_chip(replace(chip, inside=()), steps, size, width, head)
    picture = replace(picture, areas=(replace(picture.areas[0], height=_round(height)),))
    y = head - _padding(size) / 2 + 2
    for inner in chip.inside:
        inner_width, inner_height = _measure_inner_chip(inner, size)
        picture += _draw_chip(inner, steps, size * _INNER_SCALE, inner_width, inner_height).offset_by(
            _text_left(size), y
        )
        y += inner_height + _INNER_GAP
    return replace(picture, height=height)


def _chip_signs(chip: Chip, size: float, width: float, middle: float, tone: str) -> Iterable[Sign]:
    """The signs at a chip's right end, from right to left: ready to grow, fragile, wanted higher or lower."""
    x = width - 0.95 * size
    if chip.ready:
        yield Sign(_round(x), middle, _round(size * 0.5), tone, "sprout")
        x -= 1.15 * size
    if chip.fragile:
        yield Sign(_round(x), middle, _round(size * 0.5), tone, "crack")
        x -= 1.15 * size
    if chip.wanted:
        yield Sign(_round(x), middle, _round(size * 0.42), tone, "up" if chip.wanted > 0 else "down")


def _draw_box_column(filled_boxes: Sequence[tuple[Box, Sequence[Chip]]], size: float, height: float) -> Drawing:
    """The boxes beside the steps, one below the other."""
    picture, y = Drawing(width=_ASIDE_WIDTH, height=0), 0.0
    for box, chips in filled_boxes:
        drawn = _draw_box(box, chips, size, _ASIDE_WIDTH)
        picture += drawn.offset_by(0, y)
        y += drawn.height + 7
    return replace(picture, height=max(0.0, y - 7))


def _draw_box_grid(filled_boxes: Sequence[tuple[Box, Sequence[Chip]]], size: float, room: float) -> Drawing:
    """Boxes side by side, three to a row, where an instrument has no levels."""
    across = min(3, len(filled_boxes) or 1)
    width = (room - 9 * (across - 1)) / across
    picture, y = Drawing(width=room, height=0), 0.0
    for start in range(0, len(filled_boxes), across):
        drawn = [_draw_box(box, chips, size, width) for box, chips in filled_boxes[start : start + across]]
        for index, box_drawing in enumerate(drawn):
            picture += box_drawing.offset_by(index * (width + 9), y)
        y += max(box_drawing.height for box_drawing in drawn) + 9
    return replace(picture, height=max(0.0, y - 9))


def _draw_box(box: Box, chips: Sequence[Chip], size: float, width: float) -> Drawing:
    """A box with its title, its line and what is in it; as high as that takes."""
    inner = width - 2 * 9
    title, subtitle = wrap_text(box.title, inner, 8.4, 600), wrap_text(box.line, inner, _LEAST_SIZE)
    lines = [TextLine(9, _round(16 + 10.6 * index), 8.4, 600, "ink", text) for index, text in enumerate(title)]
    y = 16.0 + 10.6 * (len(title) - 1)
    lines += [
        TextLine(9, _round(y + 10 + 9.6 * index), _LEAST_SIZE, 400, "soft", text) for index, text in enumerate(subtitle)
    ]
    y += (10 + 9.6 * (len(subtitle) - 1)) if box.line else 0
    body = _draw_box_entries(chips, size, inner).offset_by(9, y + 7)
    area = Area(0, 0, _round(width), _round(body.height + 8), "aside", "open" if box.dashed else "box")
    return Drawing(width=width, height=body.height + 8, areas=(area,), lines=tuple(lines)) + replace(
        body, height=body.height + 8
    )


def _draw_box_entries(chips: Sequence[Chip], size: float, width: float) -> Drawing:
    """What stands in a box, one name below the other; short ones (numbers and counts) several to a line."""
    if all(len(chip.name) <= 5 for chip in chips):
        return _draw_box_tags(chips, size, width)
    picture, y = Drawing(width=width, height=0), 0.0
    for chip in chips:
        text_width = width - 1.7 * size - _signs_width(chip, size)
        name = wrap_text(chip.name, text_width, size)
        question = wrap_text(chip.question, text_width, _small(size)) if chip.question else ()
        middle = _round(y + size * 0.66)
        lines = [
            TextLine(_round(1.55 * size), _round(y + size * (1 + 1.25 * index)), size, 400, "ink", text_line)
            for index, text_line in enumerate(name)
        ]
        below_name = y + size * 1.25 * len(name)
        lines += [
            TextLine(
                _round(1.55 * size),
                _round(below_name + size * (0.85 + 1.1 * index)),
                _round(_small(size)),
                400,
                "soft",
                text_line,
            )
            for index, text_line in enumerate(question)
        ]
        shape = "dashed-diamond" if chip.question else "diamond"
        signs = (Sign(_round(0.5 * size), middle, _round(size * 0.42), "beside", shape),)
        picture += Drawing(
            width=width,
            height=0,
            signs=(*signs, *_chip_signs(chip, size, width + 0.5 * size, middle, "beside")),
            lines=tuple(lines),
        )
        top, y = y, below_name + size * 1.1 * len(question) + size * 0.35
        picture = replace(picture, spots=(*picture.spots, *_spot(chip, 0, top, width, y - top)))
    return replace(picture, height=max(0.0, y - size * 0.35))


def _draw_box_tags(chips: Sequence[Chip], size: float, width: float) -> Drawing:
    """Numbers or counts beside the steps, several to a line."""
    picture, x, y = Drawing(width=width, height=0), 0.0, 0.0
    for chip in chips:
        tag_width = 1.5 * size + font_face(400).width(chip.name, size) + _signs_width(chip, size) + 0.9 * size
        if x and x + tag_width > width:
            x, y = 0.0, y + size * 1.6
        middle = _round(y + size * 0.66)
        picture += Drawing(
            width=width,
            height=0,
            signs=(
                Sign(_round(x + 0.5 * size), middle, _round(size * 0.42), "beside", "diamond"),
                *_chip_signs(chip, size, x + tag_width - 0.4 * size, middle, "beside"),
            ),
            lines=(TextLine(_round(x + 1.45 * size), _round(y + size), size, 400, "ink", chip.name),),
            spots=_spot(chip, x, y, tag_width, size * 1.5),
        )
        x += tag_width
    return replace(picture, height=y + size * 1.3)
