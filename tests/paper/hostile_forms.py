"""Files that somebody might send: broken, of another kind, or made to take for ever."""

import io
import zlib
from collections.abc import Callable, Iterator

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


def edited(data: bytes, change: Callable[[pypdf.PdfWriter, DictionaryObject], None]) -> bytes:
    """The form after a change to its objects; the change is given the writer and the form's dictionary."""
    writer, out = pypdf.PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    change(writer, writer.root_object["/AcroForm"])
    writer.write(out)
    return out.getvalue()


def field(form: DictionaryObject, name: str) -> DictionaryObject:
    """The field of a form's dictionary with this name."""
    return next(each.get_object() for each in form["/Fields"] if each.get_object()["/T"] == name)


def renamed(data: bytes, name: str, to: str) -> bytes:
    return edited(data, lambda _, form: field(form, name).update({NameObject("/T"): TextStringObject(to)}))


def without(data: bytes, name: str) -> bytes:
    def change(_: pypdf.PdfWriter, form: DictionaryObject) -> None:
        left = [each for each in form["/Fields"] if each.get_object()["/T"] != name]
        form[NameObject("/Fields")] = ArrayObject(left)

    return edited(data, change)


def both_ticked(data: bytes, name: str, *options: str) -> bytes:
    """The form with several options of an item shown as chosen."""

    def change(_: pypdf.PdfWriter, form: DictionaryObject) -> None:
        for widget in (each.get_object() for each in field(form, name)["/Kids"]):
            for option in options:
                if f"/{option}" in widget["/AP"]["/N"]:
                    widget[NameObject("/AS")] = NameObject(f"/{option}")

    return edited(data, change)


def scripted(data: bytes) -> bytes:
    act = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    return edited(data, lambda writer, _: writer.root_object.update({NameObject("/OpenAction"): act}))


def with_xfa(data: bytes) -> bytes:
    return edited(data, lambda _, form: form.update({NameObject("/XFA"): TextStringObject("<xdp/>")}))


def scanned() -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(out)
    return out.getvalue()


def raw(*objects: bytes, root: int = 1) -> bytes:
    """A file of these objects, counted from 1."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"trailer <</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)


_PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def _form(fields: bytes, *more: bytes, pages: bytes = _PAGES, page: bytes = _PAGE) -> bytes:
    return raw(b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%b]>>>>" % fields, pages, page, *more)


def _stream(data: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 9)
    filters = b"/FlateDecode " * times
    return b"<</Length %d/Filter[%b]>>\nstream\n%b\nendstream" % (len(data), filters, data)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that would take much time or memory, each with what it is."""
    text = b"<</FT/Tx/T(assessor-form)/V %b>>"
    yield "a text of 100 MB", _form(b"4 0 R", text % b"5 0 R", _stream(bytes(100_000_000)))
    yield "a text packed twice", _form(b"4 0 R", text % b"5 0 R", _stream(b" " * 200_000_000, 2))
    yield "a thousand brackets", _form(b"4 0 R", b"[" * 200_000)
    yield "dictionaries within dictionaries", _form(b"4 0 R", b"<</A" * 100_000)
    yield "a field within itself", _form(b"4 0 R", b"<</T(a)/Kids[4 0 R]>>")
    yield "fields in a ring", _form(b"4 0 R", b"<</T(a)/Kids[5 0 R]>>", b"<</T(b)/Kids[4 0 R]>>")
    deep = [b"<</T(a)/Kids[%d 0 R]>>" % (number + 1) for number in range(4, 3000)]
    yield "fields 3,000 deep", _form(b"4 0 R", *deep, b"<</T(a)/FT/Tx>>")
    wide = b" ".join(b"4 0 R" for _ in range(90_000))
    yield "one field 90,000 times", _form(wide, b"<</T(a)/FT/Tx/V(b)>>")
    yield "pages in a ring", _form(b"4 0 R", b"<</T(a)/FT/Tx>>", pages=b"<</Type/Pages/Count 1/Kids[2 0 R]>>")
    kids = b" ".join(b"3 0 R" for _ in range(90_000))
    yield "a page 90,000 times", _form(b"4 0 R", b"<</T(a)/FT/Tx>>", pages=b"<</Type/Pages/Kids[%b]>>" % kids)
    levels = [b"<</Type/Pages/Kids[%b]>>" % (b"%d 0 R " % (at + 1) * 10) for at in range(5, 40)]
    yield "pages ten to the thirty-fifth", _form(b"4 0 R", b"<</T(a)/FT/Tx>>", *levels, pages=b"<</Kids[5 0 R]>>")
    yield "an object that is itself", _form(b"4 0 R", b"4 0 R")
    yield "references in a row", _form(b"4 0 R", *(b"%d 0 R" % (at + 1) for at in range(4, 9000)))
    annots = b"<</Type/Page/Parent 2 0 R/Annots[%b]>>" % (b"4 0 R " * 90_000)
    yield "one annotation 90,000 times", _form(b"4 0 R", b"<</T(a)/FT/Tx/Subtype/Widget>>", page=annots)
    first = b"<</Type/ObjStm/N 1000000/First 9/Length 9>>\nstream\n123456789\nendstream"
    yield "a million objects promised", _form(b"4 0 R", first)
    yield "a table that points to itself", b"%PDF-1.7\nxref\n0 1\ntrailer<</Prev 9/Root 1 0 R>>\nstartxref\n9\n%%EOF"
    yield "numbers without end", _form(b"4 0 R", b"9" * 5_000_000)
    yield "a name without end", _form(b"4 0 R", b"/" + b"A" * 5_000_000)
    yield "comments without end", b"%PDF-1.7\n" + b"%\n" * 4_000_000 + b"startxref\n1\n%%EOF"
    yield "ends of a table without end", b"%PDF-1.7\n" + b"startxref\n" * 900_000 + b"%%EOF"
    yield "nothing but its first letters", b"%PDF-1.7"


def large_bombs() -> Iterator[tuple[str, bytes]]:
    """Such files of up to ten megabytes, each of which takes seconds to refuse."""
    many = [b"<</T(f%d)/FT/Tx/V(b)>>" % number for number in range(60_000)]
    yield "60,000 fields", _form(b" ".join(b"%d 0 R" % (4 + at) for at in range(60_000)), *many)
    yield "a text without end", _form(b"4 0 R", b"(" * 5_000_000)
    yield "objects by guess", b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 500_000
    yield "zeros", b"%PDF-1.7\n" + bytes(9_000_000)
