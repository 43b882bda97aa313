"""A laid out section of a PDF on its own: objects whose references wait for their final numbers.

A report is put together from such pieces, so that after one changed response only what it touches is laid out anew,
and memory does not grow with a page's boxes. Nothing here lays out; `pdf` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pydyf  # type: ignore[import-untyped]

#: Bytes as they stand; or a reference to an object of the piece, to a shared one, to the parent tree, or a place.
Part = bytes | tuple[str, int | str]
Parts = tuple[Part, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FragmentPage:
    """One page of a piece: its content's place among the objects, and what else its dictionary holds."""

    content: int
    more: Parts
    #: In points.
    width: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Widget:
    """A place on a page to fill in: an option of a field, or the field itself."""

    name: str
    value: str
    width: float
    height: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """A section's pages as objects."""

    objects: tuple[Parts, ...]
    #: Streams cannot stand in an object stream.
    streams: frozenset[int]
    sheets: tuple[FragmentPage, ...]
    #: The topmost structure elements' places.
    tops: tuple[int, ...]
    #: The parent tree's entries: of each page all elements' places, of each annotation its element's.
    parents: tuple[tuple[int, ...] | int, ...]
    #: CSS weight of a face to glyph number to the text that it shows.
    glyphs: Mapping[int, Mapping[int, str]]
    #: Name of a font in the pages' streams, by CSS weight.
    names: Mapping[int, str]
    #: Places of the annotations to fill in, in the order of the page.
    widgets: Mapping[int, Widget] = field(default_factory=dict)


#: Names of what all pieces share.
PAGES, DOCUMENT, FONTS, SHEET = "pages", "document", "fonts", "sheet"


#: How templates link to a section: not a URL that could be opened.
_GOTO = "goto:"


@dataclass(frozen=True, slots=True)
class _WidgetPlaceholder:
    """Stands in an annotation for what it holds besides its place, which is known when all pieces are."""

    widget: int


@dataclass(slots=True)
class _FragmentReader:
    """Takes a piece out of a generated PDF, numbering what it meets."""

    pdf: pydyf.PDF
    shared: Mapping[int, str]
    sheets: Mapping[int, int]
    places: dict[int, int]
    waiting: list[int]

    def parts(self, value: object) -> Iterator[Part]:
        match value:
            case pydyf.String():
                yield value.data
            case pydyf.Stream():
                yield from self.stream(value)
            case pydyf.Dictionary() | dict():
                yield b"<<"
                for key, inner in value.items():
                    if isinstance(inner, _WidgetPlaceholder):
                        yield ("widget", self.place(inner.widget))
                        continue
                    yield b"/" + key.encode("ascii") + b" "
                    yield from self.entry(key, inner)
                yield b"/F 4>>" if value.get("Subtype") == "/Link" else b">>"  # a link is printed
            case pydyf.Array() | list() | tuple():
                yield b"["
                for inner in value:
                    yield from self.parts(inner)
                    yield b" "
                yield b"]"
            case bytes() if value.endswith(b" 0 R"):
                yield self.reference(int(value[:-4]))
            case _:
                yield pydyf._to_bytes(value)

    def entry(self, key: str, value: object) -> Iterator[Part]:
        if key in ("StructParents", "StructParent") and isinstance(value, int):
            yield ("parent", value)
        elif key == "A" and isinstance(value, dict) and value.get("S") == "/URI":
            yield from self.action(value)
        elif key == "Contents" and isinstance(value, pydyf.String) and str(value.string).startswith(_GOTO):
            yield ("told", str(value.string).removeprefix(_GOTO))
        else:
            yield from self.parts(value)

    def action(self, value: Mapping[str, pydyf.String]) -> Iterator[Part]:
        target = str(value["URI"].string)
        if not target.startswith(_GOTO):
            raise ValueError(target)
        yield b"<</S /GoTo /D "
        yield ("goto", target.removeprefix(_GOTO))
        yield b">>"

    def stream(self, value: pydyf.Stream) -> Iterator[Part]:
        packed = pydyf.Stream(value.stream, {}, compress=True)
        yield packed.data

    def reference(self, number: int) -> Part:
        if number in self.shared:
            return ("shared", self.shared[number])
        if number in self.sheets:
            return (SHEET, self.sheets[number])
        return ("own", self.place(number))

    def place(self, number: int) -> int:
        if number not in self.places:
            self.places[number] = len(self.places)
            self.waiting.append(number)
        return self.places[number]


def read_fragment(
    pdf: pydyf.PDF,
    languages: Mapping[int, str],
    glyphs: Mapping[int, Mapping[int, str]],
    names: Mapping[int, str],
    widgets: Mapping[int, Widget] | None = None,
) -> Fragment:
    """The piece in a PDF that has been generated but not written; `languages` by structure element's number.

    `widgets` are by the number of the annotation, of which only the place is taken.
    """
    for number in widgets or {}:
        _leave_only_the_place(pdf, number)
    for number, language in languages.items():
        pdf.objects[number]["Lang"] = pydyf.String(language)
    sheets = [pdf.objects[number] for number in pdf.pages["Kids"][::3]]
    root = _object_at(pdf, pdf.catalog["StructTreeRoot"])
    document = _object_at(pdf, root["K"][0])
    fonts = {_object_number(_object_at(pdf, sheet["Resources"])["Font"]): FONTS for sheet in sheets}
    shared = {pdf.pages.number: PAGES, document.number: DOCUMENT, **fonts}
    order = {sheet.number: place for place, sheet in enumerate(sheets)}
    taker = _FragmentReader(pdf=pdf, shared=shared, sheets=order, places={}, waiting=[])
    taken = [_fragment_page(taker, sheet) for sheet in sheets]
    tops = tuple(taker.place(_object_number(top)) for top in document["K"])
    parents = tuple(_parent_entries(taker, entry) for entry in _object_at(pdf, root["ParentTree"])["Nums"][1::2])
    found: dict[int, Parts] = {}
    while taker.waiting:
        number = taker.waiting.pop()
        found[taker.places[number]] = _merge_bytes(taker.parts(pdf.objects[number]))
    streams = frozenset(
        place for number, place in taker.places.items() if isinstance(pdf.objects[number], pydyf.Stream)
    )
    return Fragment(
        objects=tuple(found[place] for place in range(len(found))),
        streams=streams,
        sheets=tuple(taken),
        tops=tops,
        parents=parents,
        glyphs=glyphs,
        names=names,
        widgets={taker.places[number]: widget for number, widget in (widgets or {}).items()},
    )


def _leave_only_the_place(pdf: pydyf.PDF, number: int) -> None:
    widget = pdf.objects[number]
    left, top, right, bottom = widget["Rect"]
    kept = {key: widget[key] for key in ("Type", "Subtype", "P", "StructParent")}
    widget.clear()
    widget.update(kept | {"Rect": pydyf.Array((left, bottom, right, top)), "Rest": _WidgetPlaceholder(number)})


def _object_at(pdf: pydyf.PDF, reference: bytes) -> pydyf.Dictionary:
    return pdf.objects[_object_number(reference)]


def _object_number(reference: bytes) -> int:
    return int(reference.split()[0])


def _fragment_page(taker: _FragmentReader, sheet: pydyf.Dictionary) -> FragmentPage:
    more: list[Part] = []
    for key, value in sheet.items():
        if key not in ("Type", "Parent", "Contents"):
            more.append(b"/" + key.encode("ascii") + b" ")
            more.extend(taker.entry(key, value))
    content = taker.place(_object_number(sheet["Contents"]))
    return FragmentPage(content=content, more=_merge_bytes(more), width=float(sheet["MediaBox"][2]))


def _parent_entries(taker: _FragmentReader, entry: bytes | Sequence[bytes]) -> tuple[int, ...] | int:
    if isinstance(entry, bytes):
        return taker.place(_object_number(entry))
    return tuple(taker.place(_object_number(reference)) for reference in entry)


def _merge_bytes(parts: Iterator[Part] | list[Part]) -> Parts:
    """The same with neighbouring bytes put together."""
    joined: list[Part] = []
    plain: list[bytes] = []
    for part in parts:
        if isinstance(part, bytes):
            plain.append(part)
            continue
        joined += [b"".join(plain), part]
        plain = []
    return (*joined, b"".join(plain))
