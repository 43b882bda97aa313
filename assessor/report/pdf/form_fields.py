"""The fields of a PDF that people fill in: their dictionaries, and what they look like empty, ticked and written in.

Why not WeasyPrint's fields: they show nothing of a value until a viewer draws it; they name options by number, so what
is ticked could not be read back by id; and they know one copy of a form only. So WeasyPrint's annotations are kept for
their places and their standing in the tags, and filled with our own entries.

A field's name is that of `core.paper_fields`, its prompt is read aloud, and its looks are small drawings, shared where
they are alike. Values are drawn in our own typeface; what people type is set by their viewer in a standard font.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf  # type: ignore[import-untyped]

from assessor.core.paper_fields import FormField
from assessor.core.text_limits import MAX_NAME_LENGTH, MAX_NOTE_LENGTH
from assessor.presentation.terraces import wrap_text
from assessor.presentation.typeface import displayable_text, font_face

#: Type sizes of values that the program writes in, largest first; the last takes two lines.
_SIZES = (9.5, 8.5, 7.5, 6.5)

_INK, INK_COLOUR = b"0.086 0.125 0.173 rg", "#16202c"

#: From line to line of a value, in sizes of its type.
LINE_HEIGHT = 1.15

#: What is drawn for a value that the regular face cannot show, by the field's name and the value.
ValueDrawings = dict[tuple[str, str], bytes]
_RADIO, _MULTILINE, _READ_ONLY = 1 << 15, 1 << 12, 1
_HIDDEN, _PRINTED = 2, 4

#: How viewers set what people write: in a font of their own.
DEFAULT_LOOK = pydyf.String(b"/Helv 9 Tf " + _INK)


@dataclass(frozen=True, kw_only=True, slots=True)
class FieldSpec:
    """A field as a screen reader announces it, with its value from the beginning."""

    paper_field: FormField
    prompt: str
    #: What is announced at each option, by the option's id.
    labels: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    multiline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FormSpec:
    """The fields of all copies of a form, and a hidden field that identifies it."""

    #: The fields of each copy, in the order of copies.
    fields: tuple[tuple[FieldSpec, ...], ...]
    hidden_name: str
    hidden: str
    hidden_prompt: str
    #: One part of fields' names for each copy, before a dot; None for a single copy, whose names have none.
    prefixes: tuple[str, ...] | None = None

    def glyphs(self) -> dict[int, str]:
        """Glyphs of the regular face, with their characters, that values need and pages may lack."""
        known = font_face().glyphs
        values = {displayable_text(spec.value) for specs in self.fields for spec in specs}
        return {known[ord(char)]: char for value in values for char in value if ord(char) in known}


@dataclass(frozen=True, kw_only=True, slots=True)
class Widget:
    """A place on a page to fill in: an option of a field, or the field itself."""

    annotation: pydyf.Dictionary
    name: str
    #: The option's id; empty for a text.
    value: str

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in points."""
        left, bottom, right, top = self.annotation["Rect"]
        return right - left, top - bottom


@dataclass(frozen=True, kw_only=True, slots=True)
class FormWriter:
    """Writes the fields into a PDF that has been generated but not written."""

    pdf: pydyf.PDF
    form: FormSpec
    #: The pages' fonts.
    fonts: bytes
    #: Name of the regular face among the fonts.
    font: str
    drawings: ValueDrawings
    _looks: dict[tuple[object, ...], bytes] = field(default_factory=dict)

    def add(self, value: Mapping[str, Any]) -> pydyf.Dictionary:
        """Adds an object to the file, so that others can refer to it."""
        added = pydyf.Dictionary(value)
        self.pdf.add_object(added)
        return added

    def copy_fields(self, specs: Sequence[FieldSpec], widgets: Sequence[Widget]) -> list[pydyf.Dictionary]:
        """The fields of one copy, each attached to its widgets."""
        return [
            self.field(spec, [widget for widget in widgets if widget.name == spec.paper_field.name]) for spec in specs
        ]

    def field(self, spec: FieldSpec, widgets: Sequence[Widget]) -> pydyf.Dictionary:
        """Adds one field with its widgets."""
        entries_of = self.text_entries if spec.paper_field.kind == "text" else self.button_entries
        return self.attached(_field_entries(spec), [(widget, entries_of(spec, widget)) for widget in widgets])

    def attached(
        self, entries: Mapping[str, Any], widgets: Sequence[tuple[Widget, Mapping[str, Any]]]
    ) -> pydyf.Dictionary:
        """A field with these entries and its widgets, each with entries of its own.

        A field with one widget is one dictionary with it: programs that fill in forms write to one or the other, and
        then there is no other. Several widgets are kids of their field.
        """
        if len(widgets) == 1:
            (only, own) = widgets[0]
            only.annotation.update({"F": _PRINTED, **entries, **own})
            return only.annotation
        added = self.add(entries)
        for widget, own in widgets:
            widget.annotation.update({"F": _PRINTED, "Parent": added.reference, **own})
            added.setdefault("Kids", pydyf.Array()).append(widget.annotation.reference)
        return added

    def button_entries(self, spec: FieldSpec, widget: Widget) -> Mapping[str, Any]:
        """A circle or box that is off, with its looks for both states; its state is named by the option's id."""
        is_choice = spec.paper_field.kind == "choice"
        looks = {
            widget.value: self.shared_look(_draw_dot if is_choice else _draw_check, widget),
            "Off": self.shared_look(_draw_nothing, widget),
        }
        return {
            "AS": "/Off",
            "TU": pydyf.String(spec.labels.get(widget.value, spec.prompt)),
            "MK": pydyf.Dictionary({"CA": pydyf.String("l" if is_choice else "4")}),
            "AP": pydyf.Dictionary({"N": pydyf.Dictionary(looks)}),
        }

    def text_entries(self, spec: FieldSpec, widget: Widget) -> Mapping[str, Any]:
        # Each its own, even while they look alike: a program that fills in a form draws into what is there.
        drawn = self.drawings.get((spec.paper_field.name, spec.value))
        draw = _value_drawing(spec.value, self.font) if drawn is None else _marked_content(drawn)
        return {"AP": pydyf.Dictionary({"N": self.look(draw, widget)})}

    def shared_look(self, draw: Callable[[float, float], bytes], widget: Widget) -> bytes:
        """The looks of a button, one object for all widgets of the same drawing and size."""
        key = (draw, *(round(length, 2) for length in widget.size))
        if key not in self._looks:
            self._looks[key] = self.look(draw, widget)
        return self._looks[key]

    def look(self, draw: Callable[[float, float], bytes], widget: Widget) -> bytes:
        """A widget's looks, as an object of its own."""
        extra = {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array((0, 0, *widget.size)),
            "Resources": pydyf.Dictionary({"Font": self.fonts}),
        }
        drawn = pydyf.Stream([draw(*widget.size)], extra, compress=True)
        self.pdf.add_object(drawn)
        return bytes(drawn.reference)

    def hidden_field(self, widgets: Sequence[Widget]) -> pydyf.Dictionary:
        """The field that identifies the form, neither shown nor changeable."""
        value = pydyf.String(self.form.hidden)
        names = {"T": pydyf.String(self.form.hidden_name), "TU": pydyf.String(self.form.hidden_prompt)}
        entries = {"FT": "/Tx", "Ff": _READ_ONLY, **names, "V": value, "DV": value, "DA": DEFAULT_LOOK}
        return self.attached(entries, [(widget, {"F": _HIDDEN}) for widget in widgets])

    def named_copy(self, prefix: str, fields: Sequence[pydyf.Dictionary]) -> pydyf.Dictionary:
        """The fields of one copy among several, under its part of their names."""
        parent = self.add({"T": pydyf.String(prefix), "Kids": references(fields)})
        for field_ in fields:
            field_["Parent"] = parent.reference
        return parent

    def standard_fonts(self) -> pydyf.Dictionary:
        """The fonts that every viewer has, for what people write."""
        font = {"Type": "/Font", "Subtype": "/Type1"}
        letters = self.add({**font, "BaseFont": "/Helvetica", "Encoding": "/WinAnsiEncoding"})
        signs = self.add({**font, "BaseFont": "/ZapfDingbats"})
        return pydyf.Dictionary({"Helv": letters.reference, "ZaDb": signs.reference})


def _field_entries(spec: FieldSpec) -> Mapping[str, Any]:
    """What a field's dictionary says about it, besides its kids."""
    names = {"T": pydyf.String(spec.paper_field.name), "TU": pydyf.String(spec.prompt)}
    match spec.paper_field.kind:
        case "choice":
            return {"FT": "/Btn", "Ff": _RADIO, "V": "/Off", **names}
        case "tick":
            return {"FT": "/Btn", "V": "/Off", **names}
    max_length = MAX_NOTE_LENGTH if spec.paper_field.name.startswith("note-") else MAX_NAME_LENGTH
    value = pydyf.String(spec.value.encode("utf-8", "replace").decode("utf-8"))
    flags = _MULTILINE if spec.multiline else 0
    return {"FT": "/Tx", "Ff": flags, "MaxLen": max_length, "V": value, "DA": DEFAULT_LOOK, **names}


def references(objects: Iterable[pydyf.Dictionary]) -> pydyf.Array:
    """References to objects."""
    return pydyf.Array(object_.reference for object_ in objects)


def _draw_nothing(_width: float, _height: float) -> bytes:
    return b""


def _draw_dot(width: float, height: float) -> bytes:
    """A filled circle of four Bézier curves."""
    x, y, r = width / 2, height / 2, min(width, height) * 0.29
    k = r * 0.5523
    arcs = ((r, k, k, r, 0, r), (-k, r, -r, k, -r, 0), (-r, -k, -k, -r, 0, -r), (k, -r, r, -k, r, 0))
    drawn = b"%b %.2f %.2f m" % (_INK, x + r, y)
    for arc in arcs:
        drawn += b" %.2f %.2f %.2f %.2f %.2f %.2f c" % tuple(
            coordinate + (y if index % 2 else x) for index, coordinate in enumerate(arc)
        )
    return drawn + b" f"


def _draw_check(width: float, height: float) -> bytes:
    """A tick, as one stroke."""
    points = ((0.2, 0.52), (0.42, 0.26), (0.82, 0.78))
    path = b" ".join(
        b"%.2f %.2f %b" % (x * width, y * height, b"l" if at else b"m") for at, (x, y) in enumerate(points)
    )
    return b"0.086 0.125 0.173 RG 1.6 w 1 J 1 j %b S" % path


def _value_drawing(value: str, font: str) -> Callable[[float, float], bytes]:
    """What draws a value into a widget; an empty one still marks where a viewer may write."""

    def draw(width: float, height: float) -> bytes:
        if not value:
            return b"/Tx BMC EMC"
        lines, size = fit_value(value, width)
        base = (height + len(lines) * size * LINE_HEIGHT) / 2 - size * 0.95
        shown = b" ".join(
            b"1 0 0 1 2 %.2f Tm <%b> Tj" % (base - at * size * LINE_HEIGHT, _glyph_codes(line))
            for at, line in enumerate(lines)
        )
        clip = b"0 0 %.2f %.2f re W n" % (width, height)
        return b"/Tx BMC q %b BT /%b %.1f Tf %b %b ET Q EMC" % (clip, font.encode("ascii"), size, _INK, shown)

    return draw


def _marked_content(drawn: bytes) -> Callable[[float, float], bytes]:
    """What has been drawn for a value, marked as viewers mark it."""
    return lambda width, height: b"/Tx BMC q 0 0 %.2f %.2f re W n %b Q EMC" % (width, height, drawn)


def fit_value(value: str, field_width: float) -> tuple[Sequence[str], float]:
    """The value's lines in the largest type in which it fits on one; beyond two lines of the smallest it is cut."""
    value, width = " ".join(displayable_text(value).split()), field_width - 4
    for size in _SIZES[:-1]:
        if font_face().width(value, size) <= width:
            return [value], size
    lines = wrap_text(value, width, _SIZES[-1])
    return ([lines[0], wrap_text(lines[1], width - 8, _SIZES[-1])[0] + " …"] if len(lines) > 2 else lines), _SIZES[-1]


def _glyph_codes(line: str) -> bytes:
    """The line as glyph numbers in hexadecimal, as our fonts are embedded by glyph."""
    known = font_face().glyphs
    return "".join(f"{known[ord(char)]:04x}" for char in line if ord(char) in known).encode("ascii")
