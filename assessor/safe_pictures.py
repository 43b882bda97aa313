"""Pictures from people, measured and cleaned before they are shown: what is not understood is refused with a reason.

A PNG keeps the chunks that draw it and loses all others; its size is counted while it is unpacked, never believed. An
SVG is built anew from the few elements and attributes that draw shapes. Whatever would act, fetch or need a font, such
as scripts, addresses, texts and style sheets, refuses the whole picture: dropped silently, it would look wrong.
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from struct import pack, unpack
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from assessor.errors import N_, AssessorError

PNG: Final = "image/png"
SVG: Final = "image/svg+xml"

#: Most pixels of a side of a PNG, most of all, and most elements of an SVG.
MAX_SIDE: Final = 3000
MAX_PIXELS: Final = 4_000_000
MAX_ELEMENTS: Final = 2000
_MAX_DEPTH: Final = 20
_MAX_SHARE: Final = 12  # of its height that a picture is wide, or of its width that it is high


class UnsafePicture(AssessorError):
    """A picture that cannot be shown as it is."""

    template = N_("This picture cannot be used: {why}")
    exit_code = 65

    def message(self, translate: Callable[[str], str]) -> str:
        """The sentence with its reason, both in the language of `translate`."""
        reason = translate(str(self.facts["why"])).format(**self.facts)
        return translate(self.template).format(why=reason)


_NOT_A_PICTURE = N_("it is neither a PNG nor an SVG")
_DAMAGED = N_("it is damaged; save it once more in the program that made it")
_TOO_LARGE = N_("it has more than 3000 pixels on a side or 4 million in all; save it smaller")
_TOO_THIN = N_("it is more than twelve times as long as it is wide")
_ANIMATED = N_("it moves; save a single picture")
_TOO_MANY = N_("it has more than 2000 parts or is nested too deeply; save it as PNG")
_DOCTYPE = N_("it declares entities or a document type; save it as plain SVG")
_SCRIPT = N_("it contains a script; save it as plain SVG or PNG")
_ADDRESS = N_("it refers to an address or to another picture; save it as plain SVG with everything inside, or as PNG")
_FONT = N_("it contains text, which needs a font; turn the text into paths, or save it as PNG")
_STYLE = N_("it has a style sheet; save it as plain SVG with presentation attributes, or as PNG")
_UNKNOWN = N_("it contains what is not drawn here ({what}); save it as plain SVG or PNG")
_NO_SIZE = N_("it does not say how large it is; give it a viewBox")


@dataclass(frozen=True, kw_only=True, slots=True)
class CleanPicture:
    """A picture that is safe to show."""

    media: str
    #: A whole file of the media type.
    content: bytes
    #: In pixels, or in the SVG's own units.
    width: float
    height: float


def clean_picture(content: bytes) -> CleanPicture:
    """The picture with nothing in it but what draws it; raises `UnsafePicture` with the reason."""
    if content.startswith(_PNG_SIGNATURE):
        return _clean_png(content)
    if b"<svg" in content[:4096] or content.lstrip()[:5] in (b"<?xml", b"<svg "):
        return _clean_svg(content)
    raise UnsafePicture(why=_NOT_A_PICTURE)


def clean_picture_or_none(content: bytes) -> CleanPicture | None:
    """The cleaned picture; None for one that cannot be used, which was refused where it was given."""
    try:
        return clean_picture(content)
    except UnsafePicture:
        return None


_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DRAWING_CHUNKS: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}


def _clean_png(content: bytes) -> CleanPicture:
    chunks = list(_png_chunks(content))
    if [name for name, _ in chunks if name == b"acTL"]:
        raise UnsafePicture(why=_ANIMATED)
    kept = [(name, data) for name, data in chunks if name in _DRAWING_CHUNKS]
    names = [name for name, _ in kept]
    if not kept or names[0] != b"IHDR" or names.count(b"IHDR") != 1 or names[-1] != b"IEND" or b"IDAT" not in names:
        raise UnsafePicture(why=_DAMAGED)
    width, height = _measure_png(kept[0][1], b"".join(data for name, data in kept if name == b"IDAT"))
    if names.count(b"PLTE") > 1 or names.count(b"tRNS") > 1 or (kept[0][1][9] == 3 and b"PLTE" not in names):
        raise UnsafePicture(why=_DAMAGED)
    clean = _PNG_SIGNATURE + b"".join(_png_chunk(name, data) for name, data in kept)
    return CleanPicture(media=PNG, content=clean, width=width, height=height)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's name and data up to the end's; raises where a length or a checksum is wrong."""
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(content):
        (length,) = unpack(">I", content[at : at + 4])
        name, data = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        end = at + 8 + length
        if len(data) != length or content[end : end + 4] != pack(">I", zlib.crc32(name + data)):
            raise UnsafePicture(why=_DAMAGED)
        yield name, data
        if name == b"IEND":
            return
        at = end + 4
    raise UnsafePicture(why=_DAMAGED)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))


def _measure_png(header: bytes, packed: bytes) -> tuple[int, int]:
    """Width and height, once what is packed has unpacked to exactly so much."""
    if len(header) != 13:
        raise UnsafePicture(why=_DAMAGED)
    width, height, depth, kind, packing, filtering, interlaced = unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(kind, ()) or packing or filtering or interlaced > 1 or not width or not height:
        raise UnsafePicture(why=_DAMAGED)
    if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
        raise UnsafePicture(why=_TOO_LARGE)
    _check_shape(width, height)
    expected = _unpacked_size(width, height, depth * _SAMPLES[kind], bool(interlaced))
    unpacking = zlib.decompressobj()
    try:
        found = len(unpacking.decompress(packed, expected + 1))
    except zlib.error as error:
        raise UnsafePicture(why=_DAMAGED) from error
    if found != expected:
        raise UnsafePicture(why=_DAMAGED)
    return width, height


def _unpacked_size(width: int, height: int, bits: int, interlaced: bool) -> int:
    """The bytes of all rows, each with one before it that names its filter."""
    passes = (
        ((0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2))
        if interlaced
        else ((0, 1, 0, 1),)
    )
    total = 0
    for left, across, top, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _check_shape(width: float, height: float) -> None:
    if width > height * _MAX_SHARE or height > width * _MAX_SHARE:
        raise UnsafePicture(why=_TOO_THIN)


_SVG_SPACE: Final = "http://www.w3.org/2000/svg"
_SHAPES: Final = ("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon")
_PAINTS: Final = ("defs", "linearGradient", "radialGradient", "stop")
#: Says something of the picture and draws nothing.
_SILENT: Final = ("title", "desc", "metadata")
_REFUSED: Final = {
    "script": _SCRIPT, "handler": _SCRIPT, "listener": _SCRIPT, "animate": _ANIMATED, "animateTransform": _ANIMATED,
    "animateMotion": _ANIMATED, "set": _ANIMATED, "image": _ADDRESS, "use": _ADDRESS, "a": _ADDRESS,
    "foreignObject": _ADDRESS, "feImage": _ADDRESS, "text": _FONT, "tspan": _FONT, "textPath": _FONT, "font": _FONT,
    "font-face": _FONT, "style": _STYLE,
}  # fmt: skip
_ATTRIBUTES: Final = (
    "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "width", "height", "points",
    "transform", "viewBox", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-opacity", "opacity", "offset", "stop-color",
    "stop-opacity", "gradientUnits", "gradientTransform", "spreadMethod", "color", "clip-rule", "display",
    "visibility",
)  # fmt: skip
#: What else a style attribute may say: it draws nothing that an attribute above would not.
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9#%().,+\-\s]*", re.ASCII)
_OWN_PAINT: Final = re.compile(r"url\(\s*['\"]?#([A-Za-z][\w.-]*)['\"]?\s*\)", re.ASCII)


def _clean_svg(content: bytes) -> CleanPicture:
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE) or b"\x00" in content:
        raise UnsafePicture(why=_DOCTYPE)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type, so no entity; the size is bounded above
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnsafePicture(why=_DAMAGED) from error
    if _local_name(root) != "svg":
        raise UnsafePicture(why=_NOT_A_PICTURE)
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise UnsafePicture(why=_TOO_MANY)
    width, height = _measure_svg(root)
    written = "".join(_write_element(root, 0))
    return CleanPicture(media=SVG, content=written.encode(), width=width, height=height)


def _local_name(element: ElementTree.Element) -> str:
    """The name of an element of SVG; with its namespace for one of another."""
    space, _, name = str(element.tag).rpartition("}")
    return name if space in ("", "{" + _SVG_SPACE) else str(element.tag)


def _measure_svg(root: ElementTree.Element) -> tuple[float, float]:
    """Width and height by the viewBox, or by what the picture says itself."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    texts = box[2:] if len(box) == 4 else [root.get(name, "").removesuffix("px") for name in ("width", "height")]
    try:
        width, height = map(float, texts)
    except ValueError as error:
        raise UnsafePicture(why=_NO_SIZE) from error
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise UnsafePicture(why=_NO_SIZE)
    _check_shape(width, height)
    return width, height


def _write_element(element: ElementTree.Element, depth: int) -> Iterator[str]:
    """The element and what is in it, as text; nothing for one that draws nothing."""
    name = _local_name(element)
    if depth > _MAX_DEPTH:
        raise UnsafePicture(why=_TOO_MANY)
    if name in _SILENT or name.startswith("{"):
        return
    if name in _REFUSED:
        raise UnsafePicture(why=_REFUSED[name])
    if name not in (*_SHAPES, *_PAINTS):
        raise UnsafePicture(why=_UNKNOWN, what=name[:40])
    space = f' xmlns="{_SVG_SPACE}"' if depth == 0 else ""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in _attributes(element).items())
    yield f"<{name}{space}{attributes}>"
    for child in element:
        yield from _write_element(child, depth + 1)
    yield f"</{name}>"


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """The attributes that draw, those of a style attribute among them; raises for what acts or fetches."""
    found: dict[str, str] = {}
    for name, value in (*element.attrib.items(), *_style_of(element).items()):
        local = name.rpartition("}")[2].lower()
        if local.startswith("on"):
            raise UnsafePicture(why=_SCRIPT)
        if local in ("href", "src") or "url(" in _OWN_PAINT.sub("", value).lower().replace(" ", ""):
            raise UnsafePicture(why=_ADDRESS)
        if name in _ATTRIBUTES and _PLAIN_VALUE.fullmatch(_OWN_PAINT.sub("", value)):
            found[name] = value
    return found


def _style_of(element: ElementTree.Element) -> Mapping[str, str]:
    """What a style attribute says, by property."""
    parts = (part.partition(":") for part in element.get("style", "").split(";"))
    return {name.strip(): value.strip() for name, _, value in parts if name.strip()}
