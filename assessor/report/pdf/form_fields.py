"""The fields of a PDF that people fill in: their dictionaries and what they look like empty, ticked and written in.

A page's places are laid out by `pdf`; `assembly` gives everything its number. Nothing here lays out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assessor.core.paper_fields import FormField
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from assessor.presentation.terraces import wrap_text
from assessor.presentation.typeface import displayable_text, font_face
from assessor.report.pdf.fragments import Widget

#: Of what is written in by the program itself, largest first; the last takes two lines.
_SIZES = (9.5, 8.5, 7.5, 6.5)

_INK = b"0.086 0.125 0.173 rg"
_RADIO, _MULTILINE, _READ_ONLY = 1 << 15, 1 << 12, 1
_HIDDEN = 2

Add = Callable[[bytes], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSpec:
    """A field as it is told to who cannot see the page, with what stands in it from the beginning."""

    paper_field: FormField
    prompt: str
    #: Of each option.
    labels: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    multiline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FormSpec:
    """The fields of all pieces of a document, and what is hidden in it."""

    #: Of each piece, in their order.
    fields: tuple[tuple[FieldSpec, ...], ...]
    hidden_name: str
    hidden: str
    hidden_prompt: str
    #: Parts of the fields' names, one for each piece; None for a single piece, whose fields have none.
    prefixes: tuple[str, ...] | None = None

    def glyphs(self) -> dict[int, str]:
        """The glyphs of the regular face that what is written in needs."""
        known = font_face().glyphs
        values = {displayable_text(place.value) for places in self.fields for place in places}
        return {known[ord(char)]: char for value in values for char in value if ord(char) in known}


@dataclass(slots=True)
class FormWriter:
    """The numbers of a document's fields, given before its pages are written."""

    filling: FormSpec
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
        place = self._spec_of(piece, widget.name)
        parent = b"/F 4/Parent %d 0 R" % self.numbers[piece, widget.name]
        if place.paper_field.kind == "text":
            return parent + self._text_entry(place, widget)
        return parent + self._button_entry(place, widget)

    def _spec_of(self, piece: int, name: str) -> FieldSpec:
        return next(each for each in self.filling.fields[piece] if each.paper_field.name == name)

    def _button_entry(self, place: FieldSpec, widget: Widget) -> bytes:
        round_ = place.paper_field.kind == "choice"
        on = self._appearance(_draw_dot if round_ else _draw_check, widget)
        off = self._appearance(_draw_nothing, widget)
        label = place.labels.get(widget.value, place.prompt)
        return b"/AS/Off/TU %b/MK<</CA(%b)>>/AP<</N<</%b %d 0 R/Off %d 0 R>>>>" % (
            self.text(label),
            b"l" if round_ else b"4",
            widget.value.encode("ascii"),
            on,
            off,
        )

    def _text_entry(self, place: FieldSpec, widget: Widget) -> bytes:
        # Each its own, even while they look alike: a program that fills in a form draws into what is there.
        return b"/AP<</N %d 0 R>>" % self._draw_appearance(_value_drawing(place.value, self.font), widget)

    def _appearance(self, draw: Callable[[float, float], bytes], widget: Widget) -> int:
        key = (draw, round(widget.width, 2), round(widget.height, 2))
        if key not in self._looks:
            self._looks[key] = self._draw_appearance(draw, widget)
        return self._looks[key]

    def _draw_appearance(self, draw: Callable[[float, float], bytes], widget: Widget) -> int:
        box = b"/Type/XObject/Subtype/Form/BBox[0 0 %.2f %.2f]" % (widget.width, widget.height)
        fonts = b"/Resources<</Font %d 0 R>>" % self.fonts
        return self.pack(draw(widget.width, widget.height), box + fonts)


def _draw_nothing(_width: float, _height: float) -> bytes:
    return b""


def _draw_dot(width: float, height: float) -> bytes:
    x, y, r = width / 2, height / 2, min(width, height) * 0.29
    k = r * 0.5523
    arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    drawn = b"%b %.2f %.2f m" % (_INK, x + r, y)
    for arc in arcs:
        drawn += b" %.2f %.2f %.2f %.2f %.2f %.2f c" % tuple(at + (y if odd % 2 else x) for odd, at in enumerate(arc))
    return drawn + b" f"


def _draw_check(width: float, height: float) -> bytes:
    points = ((0.2, 0.52), (0.42, 0.26), (0.82, 0.78))
    path = b" ".join(
        b"%.2f %.2f %b" % (x * width, y * height, b"l" if at else b"m") for at, (x, y) in enumerate(points)
    )
    return b"0.086 0.125 0.173 RG 1.6 w 1 J 1 j %b S" % path


def _value_drawing(value: str, font: str) -> Callable[[float, float], bytes]:
    def draw(width: float, height: float) -> bytes:
        if not value:
            return b"/Tx BMC EMC"
        lines, size = _fit_lines(" ".join(displayable_text(value).split()), width - 4)
        base = (height + len(lines) * size * 1.15) / 2 - size * 0.95
        shown = b" ".join(
            b"1 0 0 1 2 %.2f Tm <%b> Tj" % (base - at * size * 1.15, _glyph_codes(line))
            for at, line in enumerate(lines)
        )
        clip = b"0 0 %.2f %.2f re W n" % (width, height)
        return b"/Tx BMC q %b BT /%b %.1f Tf %b %b ET Q EMC" % (clip, font.encode("ascii"), size, _INK, shown)

    return draw


def _fit_lines(value: str, width: float) -> tuple[Sequence[str], float]:
    """The value's lines in the largest type in which it fits; what two small lines cannot hold is left out."""
    for size in _SIZES[:-1]:
        if font_face().width(value, size) <= width:
            return [value], size
    lines = wrap_text(value, width, _SIZES[-1])
    return ([lines[0], wrap_text(lines[1], width - 8, _SIZES[-1])[0] + " …"] if len(lines) > 2 else lines), _SIZES[-1]


def _glyph_codes(line: str) -> bytes:
    known = font_face().glyphs
    return "".join(f"{known[ord(char)]:04x}" for char in line if ord(char) in known).encode("ascii")


def reserve_numbers(fields: FormWriter, reserve: Callable[[], int]) -> None:
    """Gives every field its number."""
    for piece, places in enumerate(fields.filling.fields):
        for place in places:
            fields.numbers[piece, place.paper_field.name] = reserve()
    fields.numbers[-1, fields.filling.hidden_name] = reserve()


def write_fields(
    fields: FormWriter, widgets: Sequence[Mapping[str, Sequence[int]]], put: Callable[[bytes, int], object]
) -> bytes:
    """Writes the fields, whose widgets have these numbers by piece and name; what the catalog says of them."""
    tops: list[int] = []
    for piece, places in enumerate(fields.filling.fields):
        numbers = [fields.numbers[piece, place.paper_field.name] for place in places]
        above = fields.add(b"") if fields.filling.prefixes else 0
        for number, place in zip(numbers, places, strict=True):
            put(_field_dictionary(fields, place, widgets[piece][place.paper_field.name], above), number)
        if fields.filling.prefixes:
            name = fields.text(fields.filling.prefixes[piece])
            put(b"<</T %b/Kids[%b]>>" % (name, _references(numbers)), above)
        tops += [above] if above else numbers
    hidden = fields.numbers[-1, fields.filling.hidden_name]
    put(_hidden_field(fields, [number for each in widgets for number in each[fields.filling.hidden_name]]), hidden)
    return b"/AcroForm<</Fields[%b]/DA(/Helv 9 Tf %b)/DR<</Font<<%b>>>>>>" % (
        _references([*tops, hidden]),
        _INK,
        _standard_fonts(fields.add),
    )


def _field_dictionary(fields: FormWriter, place: FieldSpec, widgets: Sequence[int], above: int) -> bytes:
    told = b"/T %b/TU %b/Kids[%b]" % (
        fields.text(place.paper_field.name),
        fields.text(place.prompt),
        _references(widgets),
    )
    told += b"/Parent %d 0 R" % above if above else b""
    match place.paper_field.kind:
        case "choice":
            return b"<</FT/Btn/Ff %d/V/Off%b>>" % (_RADIO, told)
        case "tick":
            return b"<</FT/Btn/V/Off%b>>" % told
    flags = _MULTILINE if place.multiline else 0
    most = MAX_NOTE_LENGTH if place.paper_field.name.startswith("note-") else MAX_NAME_LENGTH
    value = fields.text(place.value)
    return b"<</FT/Tx/Ff %d/MaxLen %d/V %b/DA(/Helv 9 Tf %b)%b>>" % (flags, most, value, _INK, told)


def _hidden_field(fields: FormWriter, widgets: Sequence[int]) -> bytes:
    filling = fields.filling
    name, told, value = map(fields.text, (filling.hidden_name, filling.hidden_prompt, filling.hidden))
    return b"<</FT/Tx/Ff %d/T %b/TU %b/V %b/DV %b/DA(/Helv 9 Tf 0 g)/Kids[%b]>>" % (
        *(_READ_ONLY, name, told, value, value),
        _references(widgets),
    )


def _standard_fonts(add: Add) -> bytes:
    """The fonts that every viewer has, for what people write."""
    letters = add(b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    signs = add(b"<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>")
    return b"/Helv %d 0 R/ZaDb %d 0 R" % (letters, signs)


def _references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
