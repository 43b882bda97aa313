"""The fields of a PDF that people fill in: their dictionaries and what they look like empty, ticked and written in.

A page's places are laid out by `pdf`; `assembly` gives everything its number. Nothing here lays out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessor.core.paper_fields import Field
from assessor.core.text_limits import MOST_NAME, MOST_NOTE
from assessor.presentation.terraces import wrapped
from assessor.presentation.typeface import face, fitting
from assessor.report.pdf.fragments import Widget

#: Of what is written in by the program itself, largest first; the last takes two lines.
_SIZES = (9.5, 8.5, 7.5, 6.5)

_INK = b"0.086 0.125 0.173 rg"
_RADIO, _MULTILINE, _READ_ONLY = 1 << 15, 1 << 12, 1
_HIDDEN = 2

Add = Callable[[bytes], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A field as it is told to who cannot see the page, with what stands in it from the beginning."""

    asked: Field
    told: str
    #: Of each option.
    labels: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    lines: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Filling:
    """The fields of all pieces of a document, and what is hidden in it."""

    #: Of each piece, in their order.
    places: tuple[tuple[Place, ...], ...]
    hidden_name: str
    hidden: str
    hidden_told: str
    #: Parts of the fields' names, one for each piece; None for a single piece, whose fields have none.
    prefixes: tuple[str, ...] | None = None

    def glyphs(self) -> dict[int, str]:
        """The glyphs of the regular face that what is written in needs."""
        known = face().glyphs
        values = {fitting(place.value) for places in self.places for place in places}
        return {known[ord(char)]: char for value in values for char in value if ord(char) in known}


@dataclass(slots=True)
class Fields:
    """The numbers of a document's fields, given before its pages are written."""

    filling: Filling
    text: Callable[[str], bytes]
    #: Adds an object or a stream; its number.
    add: Add
    pack: Callable[[bytes, bytes], int]
    #: The fonts that the pages use.
    fonts: int
    font: str
    #: Number of each field by piece and name.
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    _looks: dict[tuple[object, ...], int] = field(default_factory=dict)

    def widget(self, piece: int, widget: Widget) -> bytes:
        """What a widget's dictionary holds besides its place."""
        if widget.name == self.filling.hidden_name:
            return b"/F %d/Parent %d 0 R" % (_HIDDEN, self.numbers[-1, widget.name])
        place = self._place(piece, widget.name)
        parent = b"/F 4/Parent %d 0 R" % self.numbers[piece, widget.name]
        if place.asked.kind == "text":
            return parent + self._written(place, widget)
        return parent + self._choosable(place, widget)

    def _place(self, piece: int, name: str) -> Place:
        return next(each for each in self.filling.places[piece] if each.asked.name == name)

    def _choosable(self, place: Place, widget: Widget) -> bytes:
        round_ = place.asked.kind == "choice"
        on = self._look(_dot if round_ else _check, widget)
        off = self._look(_nothing, widget)
        label = place.labels.get(widget.value, place.told)
        return b"/AS/Off/TU %b/MK<</CA(%b)>>/AP<</N<</%b %d 0 R/Off %d 0 R>>>>" % (
            self.text(label),
            b"l" if round_ else b"4",
            widget.value.encode("ascii"),
            on,
            off,
        )

    def _written(self, place: Place, widget: Widget) -> bytes:
        # Each its own, even while they look alike: a program that fills in a form draws into what is there.
        return b"/AP<</N %d 0 R>>" % self._drawn(_writing(place.value, self.font), widget)

    def _look(self, draw: Callable[[float, float], bytes], widget: Widget) -> int:
        key = (draw, round(widget.width, 2), round(widget.height, 2))
        if key not in self._looks:
            self._looks[key] = self._drawn(draw, widget)
        return self._looks[key]

    def _drawn(self, draw: Callable[[float, float], bytes], widget: Widget) -> int:
        box = b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]" % (widget.width, widget.height)
        fonts = b"/Resources<</Font %d 0 R>>" % self.fonts
        return self.pack(draw(widget.width, widget.height), box + fonts)


def _nothing(_width: float, _height: float) -> bytes:
    return b""


def _dot(width: float, height: float) -> bytes:
    x, y, r = width / 2, height / 2, min(width, height) * 0.29
    k = r * 0.5523
    arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    drawn = b"%b %.2f %.2f m" % (_INK, x + r, y)
    for arc in arcs:
        drawn += b" %.2f %.2f %.2f %.2f %.2f %.2f c" % tuple(at + (y if odd % 2 else x) for odd, at in enumerate(arc))
    return drawn + b" f"


def _check(width: float, height: float) -> bytes:
    points = ((0.2, 0.52), (0.42, 0.26), (0.82, 0.78))
    path = b" ".join(
        b"%.2f %.2f %b" % (x * width, y * height, b"l" if at else b"m") for at, (x, y) in enumerate(points)
    )
    return b"0.086 0.125 0.173 RG 1.6 w 1 J 1 j %b S" % path


def _writing(value: str, font: str) -> Callable[[float, float], bytes]:
    def draw(width: float, height: float) -> bytes:
        if not value:
            return b"/Tx BMC EMC"
        lines, size = _set(" ".join(fitting(value).split()), width - 4)
        base = (height + len(lines) * size * 1.15) / 2 - size * 0.95
        shown = b" ".join(
            b"1 0 0 1 2 %.2f Tm <%b> Tj" % (base - at * size * 1.15, _glyphs(line)) for at, line in enumerate(lines)
        )
        clip = b"0 0 %.2f %.2f re W n" % (width, height)
        return b"/Tx BMC q %b BT /%b %.1f Tf %b %b ET Q EMC" % (clip, font.encode("ascii"), size, _INK, shown)

    return draw


def _set(value: str, width: float) -> tuple[Sequence[str], float]:
    """The value's lines in the largest type in which it fits; what two small lines cannot hold is left out."""
    for size in _SIZES[:-1]:
        if face().width(value, size) <= width:
            return [value], size
    lines = wrapped(value, width, _SIZES[-1])
    return ([lines[0], wrapped(lines[1], width - 8, _SIZES[-1])[0] + " …"] if len(lines) > 2 else lines), _SIZES[-1]


def _glyphs(line: str) -> bytes:
    known = face().glyphs
    return "".join(f"{known[ord(char)]:04x}" for char in line if ord(char) in known).encode("ascii")


def numbered(fields: Fields, reserve: Callable[[], int]) -> None:
    """Gives every field its number."""
    for piece, places in enumerate(fields.filling.places):
        for place in places:
            fields.numbers[piece, place.asked.name] = reserve()
    fields.numbers[-1, fields.filling.hidden_name] = reserve()


def written(
    fields: Fields, widgets: Sequence[Mapping[str, Sequence[int]]], put: Callable[[bytes, int], object]
) -> bytes:
    """Writes the fields, whose widgets have these numbers by piece and name; what the catalog says of them."""
    tops: list[int] = []
    for piece, places in enumerate(fields.filling.places):
        numbers = [fields.numbers[piece, place.asked.name] for place in places]
        above = fields.add(b"") if fields.filling.prefixes else 0
        for number, place in zip(numbers, places, strict=True):
            put(_field(fields, place, widgets[piece][place.asked.name], above), number)
        if fields.filling.prefixes:
            name = fields.text(fields.filling.prefixes[piece])
            put(b"<</T %b/Kids[%b]>>" % (name, _references(numbers)), above)
        tops += [above] if above else numbers
    hidden = fields.numbers[-1, fields.filling.hidden_name]
    put(_hidden(fields, [number for each in widgets for number in each[fields.filling.hidden_name]]), hidden)
    return b"/AcroForm<</Fields[%b]/DA(/Helv 9 Tf %b)/DR<</Font<<%b>>>>>>" % (
        _references([*tops, hidden]),
        _INK,
        _standard(fields.add),
    )


def _field(fields: Fields, place: Place, widgets: Sequence[int], above: int) -> bytes:
    told = b"/T %b/TU %b/Kids[%b]" % (fields.text(place.asked.name), fields.text(place.told), _references(widgets))
    told += b"/Parent %d 0 R" % above if above else b""
    match place.asked.kind:
        case "choice":
            return b"<</FT/Btn/Ff %d/V/Off%b>>" % (_RADIO, told)
        case "tick":
            return b"<</FT/Btn/V/Off%b>>" % told
    flags = _MULTILINE if place.lines else 0
    most = MOST_NOTE if place.asked.name.startswith("note-") else MOST_NAME
    value = fields.text(place.value)
    return b"<</FT/Tx/Ff %d/MaxLen %d/V %b/DA(/Helv 9 Tf %b)%b>>" % (flags, most, value, _INK, told)


def _hidden(fields: Fields, widgets: Sequence[int]) -> bytes:
    filling = fields.filling
    name, told, value = map(fields.text, (filling.hidden_name, filling.hidden_told, filling.hidden))
    return b"<</FT/Tx/Ff %d/T %b/TU %b/V %b/DV %b/DA(/Helv 9 Tf 0 g)/Kids[%b]>>" % (
        *(_READ_ONLY, name, told, value, value),
        _references(widgets),
    )


def _standard(add: Add) -> bytes:
    """The fonts that every viewer has, for what people write."""
    letters = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    signs = add(b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>")
    return b"/Helv %d 0 R/ZaDb %d 0 R" % (letters, signs)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
