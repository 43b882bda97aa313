"""Pieces put together to one PDF: numbers, fonts, bookmarks, page labels, running feet and metadata.

The same pieces always give the same bytes. Written for PDF/UA-1, and for PDF/A-3a where answers are put inside.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import md5, sha256
from itertools import accumulate
from struct import pack
from xml.sax.saxutils import escape

from assessor.presentation.terraces import wrap_text
from assessor.presentation.typeface import FontFace, font_face, subset
from assessor.report.pdf import form_fields as filled_in
from assessor.report.pdf.form_fields import FormSpec, FormWriter
from assessor.report.pdf.fragments import DOCUMENT, FONTS, PAGES, SHEET, Fragment, Part, Parts

#: Where the feet stand, in points: how far from the sheet's left and right edges, and the baseline.
_FOOT = (51.02, 51.03, 34.0)
_FOOT_SIZE = 7.5
_GREY = b"0.353 0.4 0.459 rg"

#: Fixed numbers of what all pieces share.
_CATALOG, _PAGES, _INFO, _ROOT, _DOCUMENT, _PARENTS, _FONTS, _METADATA = range(1, 9)
_FIRST = 9

#: Both characters of a line's end: of data that happens to end in a carriage return, a line feed alone would take one.
_STREAM_END = b"\r\nendstream"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bookmark:
    """Where a piece begins, in the list of bookmarks; a level 2 belongs under the level 1 before it."""

    id: str
    title: str
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfMetadata:
    """What is said about the document as a whole."""

    title: str
    author: str
    subject: str
    language: str
    creator: str
    producer: str
    made: datetime
    #: Left in every foot.
    running: str
    #: Where the feet stand, in points: from the left edge, from the right, baseline; None for pages without.
    foot: tuple[float, float, float] | None = _FOOT
    #: Whether the feet bear the pages' numbers.
    numbered: bool = True
    #: Pages after which they are counted anew, as in 1/2 and 2/2; 0 counts them all.
    pages_per_copy: int = 0
    #: For programs; empty where there are none.
    keywords: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file to be put inside, which makes the document an archival one."""

    name: str
    data: bytes
    description: str
    #: An ICC profile of sRGB.
    profile: bytes


@dataclass(slots=True)
class _PdfObjects:
    """Objects by number, as bytes ready to be written."""

    bodies: dict[int, bytes] = field(default_factory=dict)
    streams: set[int] = field(default_factory=set)
    next: int = _FIRST

    def add(self, body: bytes, number: int | None = None, *, stream: bool = False) -> int:
        if number is None:
            number, self.next = self.next, self.next + 1
        self.bodies[number] = body
        if stream:
            self.streams.add(number)
        return number

    def pack(self, data: bytes, extra: bytes = b"", number: int | None = None, *, plain: bool = False) -> int:
        """Adds a stream, compressed unless it is to stay plain."""
        filtered = b"" if plain else b"/Filter/FlateDecode"
        packed = data if plain else zlib.compress(data, 6)
        head = b"<<%b%b/Length %d>>" % (extra, filtered, len(packed))
        return self.add(head + b"\nstream\n" + packed + _STREAM_END, number, stream=True)


def pdf_string(value: str) -> bytes:
    """A text string."""
    if value.isascii() and value.isprintable():
        return b"(" + value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("ascii") + b")"
    return b"<FEFF" + value.encode("utf-16-be", "replace").hex().upper().encode("ascii") + b">"


def write_pdf(
    pieces: Sequence[Fragment],
    bookmarks: Sequence[Bookmark],
    facts: PdfMetadata,
    inside: Attachment | None = None,
    filling: FormSpec | None = None,
) -> bytes:
    """One PDF of the pieces, in their order; to be filled in where there is a filling."""
    writing = _PdfObjects()
    starts = _reserve_numbers(writing, pieces)
    goals = _link_targets(pieces, starts, bookmarks)
    fields = _form_writer(writing, pieces, filling) if filling else None
    sheets = _write_pages(writing, pieces, starts, goals, facts, fields)
    form = _write_form(writing, pieces, starts, fields) if fields else b""
    _write_structure(writing, pieces, starts)
    _write_fonts(writing, pieces, facts, filling)
    outlines = _write_outlines(writing, bookmarks, _first_pages(pieces, sheets))
    archive = _write_attachment(writing, inside, facts) if inside else b""
    _write_metadata(writing, facts, archival=bool(inside))
    writing.add(
        b"<</Type/Catalog/Pages %d 0 R/Lang %b/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R/Metadata %d 0 R"
        b"/ViewerPreferences<</DisplayDocTitle true>>/PageLabels<</Nums[0<</S/D>>]>>%b"
        b"/Outlines %d 0 R%b%b>>"
        % (_PAGES, pdf_string(facts.language), _ROOT, _METADATA, _outline_mode(bookmarks), outlines, archive, form),
        _CATALOG,
    )
    return _file_bytes(writing)


def _outline_mode(bookmarks: Sequence[Bookmark]) -> bytes:
    return b"/PageMode/UseOutlines" if len(bookmarks) > 1 else b""


def _reserve_numbers(writing: _PdfObjects, pieces: Sequence[Fragment]) -> list[int]:
    """Room for every piece's objects and pages; the number of each piece's first object."""
    starts = []
    for piece in pieces:
        starts.append(writing.next)
        writing.next += len(piece.objects) + len(piece.sheets)
    return starts


def _link_targets(
    pieces: Sequence[Fragment], starts: Sequence[int], bookmarks: Sequence[Bookmark]
) -> Mapping[str, tuple[bytes, bytes]]:
    """By a piece's id, its first page as a destination and its title."""
    return {
        bookmark.id: (b"[%d 0 R/Fit]" % (start + len(piece.objects)), pdf_string(bookmark.title))
        for piece, start, bookmark in zip(pieces, starts, bookmarks, strict=True)
    }


def _form_writer(writing: _PdfObjects, pieces: Sequence[Fragment], filling: FormSpec) -> FormWriter:
    def reserve() -> int:
        return writing.add(b"")

    font = next((piece.names[400] for piece in pieces if 400 in piece.names), "F400")
    fields = FormWriter(filling=filling, text=pdf_string, add=writing.add, pack=writing.pack, fonts=_FONTS, font=font)
    filled_in.reserve_numbers(fields, reserve)
    return fields


def _write_form(writing: _PdfObjects, pieces: Sequence[Fragment], starts: Sequence[int], fields: FormWriter) -> bytes:
    """Writes the fields; what the catalog says of them."""
    widgets: list[dict[str, list[int]]] = []
    for piece, start in zip(pieces, starts, strict=True):
        widgets.append({})
        for place, widget in piece.widgets.items():
            widgets[-1].setdefault(widget.name, []).append(start + place)
    return filled_in.write_fields(fields, widgets, writing.add)


def _first_pages(pieces: Sequence[Fragment], sheets: Sequence[int]) -> list[int]:
    begins = accumulate((len(piece.sheets) for piece in pieces[:-1]), initial=0)
    return [sheets[begin] for begin in begins]


def _write_pages(
    writing: _PdfObjects,
    pieces: Sequence[Fragment],
    starts: Sequence[int],
    goals: Mapping[str, tuple[bytes, bytes]],
    facts: PdfMetadata,
    fields: FormWriter | None,
) -> list[int]:
    """Writes every piece's objects and pages; the pages' numbers."""
    names = {weight: name for piece in pieces for weight, name in piece.names.items()}
    sheets: list[int] = []
    parent = 0
    drawn: dict[int, int] = {}
    for at, (piece, start) in enumerate(zip(pieces, starts, strict=True)):
        numbers = [start + len(piece.objects) + place for place in range(len(piece.sheets))]
        filled = _reference_filler(start, numbers, parent, goals, _widget_entries(at, piece, fields))
        first = drawn.setdefault(id(piece), start)  # what the same piece draws again need not stand in the file again
        again = {sheet.content for sheet in piece.sheets} if first != start else set()
        for place, parts in enumerate(piece.objects):
            body = b"null" if place in again else filled(parts)
            writing.add(body, start + place, stream=place in piece.streams - again)
        for number, sheet in zip(numbers, piece.sheets, strict=True):
            foot = _write_foot(writing, facts, len(sheets) + 1, names.get(400, "F400"), sheet.width)
            body = b"<</Type/Page/Parent %d 0 R/Contents[%b%d 0 R]%b>>"
            writing.add(body % (_PAGES, foot, first + sheet.content, filled(sheet.more)), number)
            sheets.append(number)
        parent += len(piece.parents)
    kids = b" ".join(b"%d 0 R" % number for number in sheets)
    writing.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(sheets), kids), _PAGES)
    return sheets


def _widget_entries(at: int, piece: Fragment, fields: FormWriter | None) -> Mapping[int, bytes]:
    return {place: fields.widget(at, widget) for place, widget in piece.widgets.items()} if fields else {}


def _reference_filler(
    start: int,
    sheets: Sequence[int],
    parent: int,
    goals: Mapping[str, tuple[bytes, bytes]],
    widgets: Mapping[int, bytes],
) -> Callable[[Parts], bytes]:
    shared = {PAGES: _PAGES, DOCUMENT: _DOCUMENT, FONTS: _FONTS}

    def fill(part: Part) -> bytes:
        if isinstance(part, bytes):
            return part
        match part:
            case ("own", int(place)):
                return b"%d 0 R" % (start + place)
            case ("parent", int(key)):
                return b"%d" % (parent + key)
            case (kind, int(place)) if kind == SHEET:
                return b"%d 0 R" % sheets[place]
            case ("goto", str(target)):
                return goals[target][0]
            case ("told", str(target)):
                return goals[target][1]
            case ("shared", str(name)):
                return b"%d 0 R" % shared[name]
            case ("widget", int(place)):
                return widgets[place]
        raise AssertionError(part)

    return lambda parts: b"".join(map(fill, parts))


def _write_foot(writing: _PdfObjects, facts: PdfMetadata, number: int, name: str, width: float) -> bytes:
    """Writes what stands at the bottom of a page, where anything does; the reference to it."""
    if facts.foot is None:
        return b""
    digits = (
        f"{(number - 1) % facts.pages_per_copy + 1}/{facts.pages_per_copy}" if facts.pages_per_copy else str(number)
    )
    left, edge, base = facts.foot
    return b"%d 0 R " % writing.pack(
        _foot_content(facts.running, digits if facts.numbered else "", name, (left, width - edge, base))
    )


def _foot_content(running: str, digits: str, name: str, at: tuple[float, float, float]) -> bytes:
    """What stands at the bottom of a page, drawn as an artifact."""
    left, right, base = at
    font = font_face()
    room = right - left - 40
    lines = wrap_text(running, room, _FOOT_SIZE)
    line = lines[0] if len(lines) == 1 else wrap_text(running, room - 10, _FOOT_SIZE)[0] + " …"
    return b"/Artifact BMC BT /%b %.1f Tf %b 1 0 0 1 %.2f %.2f Tm <%b> Tj 1 0 0 1 %.2f %.2f Tm <%b> Tj ET EMC" % (
        name.encode("ascii"),
        _FOOT_SIZE,
        _GREY,
        left,
        base,
        _glyph_codes(font, line),
        right - font.width(digits, _FOOT_SIZE),
        base,
        _glyph_codes(font, digits),
    )


def _glyph_codes(font: FontFace, line: str) -> bytes:
    return "".join(f"{font.glyphs[ord(char)]:04x}" for char in line).encode("ascii")


def _write_structure(writing: _PdfObjects, pieces: Sequence[Fragment], starts: Sequence[int]) -> None:
    tops, nums, key = [], [], 0
    for piece, start in zip(pieces, starts, strict=True):
        tops += [b"%d 0 R" % (start + top) for top in piece.tops]
        for entry in piece.parents:
            nums.append(b"%d %b" % (key, _parent_entry(entry, start)))
            key += 1
    kids = b" ".join(tops)
    writing.add(b"<</Type/StructTreeRoot/K[%d 0 R]/ParentTree %d 0 R>>" % (_DOCUMENT, _PARENTS), _ROOT)
    writing.add(b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (_ROOT, kids), _DOCUMENT)
    writing.add(b"<</Nums[%b]>>" % b" ".join(nums), _PARENTS)


def _parent_entry(entry: tuple[int, ...] | int, start: int) -> bytes:
    if isinstance(entry, int):
        return b"%d 0 R" % (start + entry)
    return b"[%b]" % b" ".join(b"%d 0 R" % (start + place) for place in entry)


def _write_fonts(
    writing: _PdfObjects, pieces: Sequence[Fragment], facts: PdfMetadata, filling: FormSpec | None
) -> None:
    used: dict[int, dict[int, str]] = {400: _foot_glyphs(facts.running) | (filling.glyphs() if filling else {})}
    names: dict[int, str] = {400: "F400"}
    for piece in pieces:
        names.update(piece.names)
        for weight, glyphs in piece.glyphs.items():
            used.setdefault(weight, {}).update(glyphs)
    fonts = b"".join(
        b"/%b %d 0 R" % (names[weight].encode("ascii"), _write_font(writing, weight, glyphs))
        for weight, glyphs in sorted(used.items())
    )
    writing.add(b"<<%b>>" % fonts, _FONTS)


def _foot_glyphs(running: str) -> dict[int, str]:
    glyphs = font_face().glyphs
    return {glyphs[ord(char)]: char for char in f"{running}…0123456789/ "}


def _write_font(writing: _PdfObjects, weight: int, glyphs: Mapping[int, str]) -> int:
    full = font_face(weight)
    name = _subset_name(full, glyphs)
    scale = 1000 / full.units_per_em
    data = subset(full, glyphs)
    file = writing.pack(data, b"/Length1 %d" % len(data))
    descriptor = writing.add(
        b"<</Type/FontDescriptor/FontName/%b/Flags 4/FontBBox[-700 -300 2800 1100]/ItalicAngle 0/Ascent 969"
        b"/Descent -242/CapHeight 727/StemV %d/FontFile2 %d 0 R>>" % (name, weight // 5, file)
    )
    widths = b" ".join(b"%d[%.3f]" % (glyph, full.advances[glyph] * scale) for glyph in sorted(glyphs))
    described = writing.add(
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/CIDToGIDMap/Identity/FontDescriptor %d 0 R/W[%b]>>" % (name, descriptor, widths)
    )
    unicode = writing.pack(_to_unicode(glyphs))
    return writing.add(
        b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        % (name, described, unicode)
    )


def _subset_name(full: FontFace, glyphs: Mapping[int, str]) -> bytes:
    digest = sha256(repr(sorted(glyphs)).encode("ascii")).digest()[:6]
    return bytes(65 + byte % 26 for byte in digest) + b"+" + full.name.encode("ascii")


def _to_unicode(glyphs: Mapping[int, str]) -> bytes:
    lines = [
        b"<%04x> <%b>" % (glyph, said.encode("utf-16-be").hex().encode("ascii"))
        for glyph, said in sorted(glyphs.items())
    ]
    blocks = [
        b"%d beginbfchar\n%b\nendbfchar\n" % (len(lines[at : at + 100]), b"\n".join(lines[at : at + 100]))
        for at in range(0, len(lines), 100)
    ]
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n"
        + b"".join(blocks)
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _write_outlines(writing: _PdfObjects, bookmarks: Sequence[Bookmark], pages: Sequence[int]) -> int:
    root = writing.next
    writing.next += 1 + len(bookmarks)
    under: dict[int, list[int]] = {root: []}
    parent = root
    for number, bookmark in enumerate(bookmarks, start=root + 1):
        parent = number if bookmark.level == 1 else parent
        under.setdefault(root if bookmark.level == 1 else parent, []).append(number)
    for above, numbers in under.items():
        for place, number in enumerate(numbers):
            bookmark = bookmarks[number - root - 1]
            body = b"/Title %b/Dest[%d 0 R/Fit]/Parent %d 0 R" % (
                pdf_string(bookmark.title),
                pages[number - root - 1],
                above,
            )
            body += b"/Prev %d 0 R" % numbers[place - 1] if place else b""
            body += b"/Next %d 0 R" % numbers[place + 1] if place + 1 < len(numbers) else b""
            writing.add(b"<<%b%b>>" % (body, _outline_children(under.get(number, ()))), number)
    writing.add(b"<</Type/Outlines%b>>" % _outline_children(under[root]), root)
    return root


def _outline_children(numbers: Sequence[int]) -> bytes:
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (numbers[0], numbers[-1], len(numbers)) if numbers else b""


def _write_attachment(writing: _PdfObjects, inside: Attachment, facts: PdfMetadata) -> bytes:
    """Writes the file and the colours' profile; what the catalog says of them."""
    made = _pdf_date(facts.made)
    checksum = md5(inside.data, usedforsecurity=False).hexdigest().encode("ascii")
    params = b"/Params<</CheckSum<%b>/Size %d/CreationDate %b/ModDate %b>>" % (checksum, len(inside.data), made, made)
    file = writing.pack(inside.data, b"/Type/EmbeddedFile/Subtype/application#2Fjson" + params)
    spec = writing.add(
        b"<</Type/Filespec/F %b/UF %b/Desc %b/AFRelationship/Source/EF<</F %d 0 R/UF %d 0 R>>>>"
        % (pdf_string(inside.name), pdf_string(inside.name), pdf_string(inside.description), file, file)
    )
    profile = writing.pack(inside.profile, b"/N 3")
    return (
        b"/AF[%d 0 R]/Names<</EmbeddedFiles<</Names[%b %d 0 R]>>>>/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
        b"/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %d 0 R>>]"
        % (spec, pdf_string(inside.name), spec, profile)
    )


def _pdf_date(made: datetime) -> bytes:
    return made.strftime("(D:%Y%m%d%H%M%SZ)").encode("ascii")


def _write_metadata(writing: _PdfObjects, facts: PdfMetadata, *, archival: bool) -> None:
    made = _pdf_date(facts.made)
    writing.add(
        b"<</Title %b/Author %b/Subject %b/Creator %b/Producer %b/CreationDate %b/ModDate %b%b>>"
        % (
            *map(pdf_string, (facts.title, facts.author, facts.subject, facts.creator, facts.producer)),
            *(made, made, b"/Keywords " + pdf_string(facts.keywords) if facts.keywords else b""),
        ),
        _INFO,
    )
    packet = _xmp_packet(facts, archival=archival).encode("utf-8")
    writing.pack(packet, b"/Type/Metadata/Subtype/XML", _METADATA, plain=True)


_ARCHIVAL = """<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates the part of ISO 14289 the document conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def _xmp_packet(facts: PdfMetadata, *, archival: bool) -> str:
    made = facts.made.strftime("%Y-%m-%dT%H:%M:%SZ")

    def entry(name: str, kind: str, value: str) -> str:
        lang = ' xml:lang="x-default"' if kind == "Alt" else ""
        return f"<dc:{name}><rdf:{kind}><rdf:li{lang}>{escape(value)}</rdf:li></rdf:{kind}></dc:{name}>\n"

    keywords = f"<pdf:Keywords>{escape(facts.keywords)}</pdf:Keywords>" if facts.keywords else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\n'
        + entry("title", "Alt", facts.title)
        + entry("creator", "Seq", facts.author)
        + entry("description", "Alt", facts.subject)
        + f"<dc:language><rdf:Bag><rdf:li>{escape(facts.language)}</rdf:li></rdf:Bag></dc:language>\n"
        f"<xmp:CreatorTool>{escape(facts.creator)}</xmp:CreatorTool>\n"
        f"<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>\n"
        f"<pdf:Producer>{escape(facts.producer)}</pdf:Producer>{keywords}<pdfuaid:part>1</pdfuaid:part>\n"
        "</rdf:Description>\n" + (_ARCHIVAL if archival else "") + '</rdf:RDF></x:xmpmeta>\n<?xpacket end="r"?>'
    )


def _file_bytes(writing: _PdfObjects) -> bytes:
    """The file: streams first, then all else in object streams, then the table of both."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    packed = [number for number in sorted(writing.bodies) if number not in writing.streams]
    packed.sort(
        key=lambda number: writing.bodies[number].startswith(_STRUCTURE)
    )  # whoever reads pages need not read it
    held: dict[int, tuple[int, int]] = {}
    for at in range(0, len(packed), _MOST_IN_OBJECT_STREAM):
        batch = packed[at : at + _MOST_IN_OBJECT_STREAM]
        holder = writing.pack(*_object_stream([(number, writing.bodies[number]) for number in batch]))
        held.update((number, (holder, place)) for place, number in enumerate(batch))
    offsets: dict[int, int] = {}
    for number in sorted(writing.streams):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, writing.bodies[number])
    return bytes(out) + _cross_reference_stream(
        writing.next, held, offsets | {writing.next: len(out)}, sha256(out).hexdigest()[:32]
    )


#: How what tells of a page's structure begins. It stands apart from the rest, which is read without it.
_STRUCTURE = (b"<</Type /StructElem", b"<</Type /OBJR")

#: The most objects in one object stream, so that a reader need not unpack all for one.
_MOST_IN_OBJECT_STREAM = 2000


def _cross_reference_stream(
    number: int, held: Mapping[int, tuple[int, int]], offsets: Mapping[int, int], identity: str
) -> bytes:
    """The cross-reference stream, itself the object `number`, and the file's end."""
    rows = [pack(">BIH", 0, 0, 65535)]
    for one in range(1, number + 1):
        rows.append(pack(">BIH", 2, *held[one]) if one in held else pack(">BIH", 1, offsets[one], 0))
    entries = zlib.compress(b"".join(rows), 6)
    known = identity.encode("ascii")
    return (
        b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]/Filter/FlateDecode"
        b"/Length %d>>\nstream\n%b%b\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (number, number + 1, _CATALOG, _INFO, known, known, len(entries), entries, _STREAM_END, offsets[number])
    )


def _object_stream(bodies: Sequence[tuple[int, bytes]]) -> tuple[bytes, bytes]:
    offsets = accumulate((len(body) + 1 for _, body in bodies), initial=0)
    index = b" ".join(b"%d %d" % (number, offset) for (number, _), offset in zip(bodies, offsets, strict=False))
    data = index + b"\n" + b"\n".join(body for _, body in bodies)
    return data, b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(index) + 1)
