"""The fields of PDF files, as plain values; the only home of pypdf, run as a process of its own within limits.

A PDF from outside can be made to take for ever or to fill the memory, and pypdf alone cannot prevent either: then this
process ends (`reader_process`), and not the one that holds the answers. `filled_forms` decides what the fields mean.

Nothing in a file is ever executed, nothing it points to is opened, and a document with an action in it is refused,
since no form of ours has one. The walk over the page and field trees is written here, not left to pypdf, because it
must stop at cycles, at depth and at numbers.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from assessor.exchange.reader_process import serve

#: Seconds of processor for one file, and bytes of memory for the whole process.
_CPU_SECONDS: Final = 6
_MEMORY_BYTES: Final = 400_000_000

#: What says the language of the text after it, between two escape characters.
_LANGUAGE_MARK: Final = re.compile("\x1b[A-Za-z-]{2,12}\x1b")

#: Most bytes unpacked from one stream; then most fields or annotations, pages, and levels of a tree.
_MOST_UNPACKED: Final = 12_000_000
_MOST_FIELDS: Final = 12_000
_MOST_PAGES: Final = 2_000
_MOST_DEPTH: Final = 12

#: Reasons for which nothing is read; `filled_forms` has the sentence for each.
BROKEN, ENCRYPTED, NO_FIELDS, XFA, SCRIPT, TOO_MUCH = "broken", "encrypted", "no_fields", "xfa", "script", "too_much"

#: Reasons by the names of pypdf's exceptions; by name, as pypdf is imported late.
_REASON_BY_EXCEPTION: Final = {
    "LimitReachedError": TOO_MUCH,
    "DependencyError": ENCRYPTED,
    "FileNotDecryptedError": ENCRYPTED,
    "WrongPasswordError": ENCRYPTED,
}

#: Actions that run something, send something, or open another file.
_FORBIDDEN_ACTIONS: Final = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/Rendition",
    "/RichMediaExecute",
    "/GoToE",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfField:
    """One field as a file holds it."""

    name: str
    #: `choice`, `tick`, `text` or `other`.
    kind: str
    #: Its text, several where its places say different things; for a choice or tick, every option that its value or
    #: its appearance shows as chosen.
    values: list[str]
    #: Counted from 1; 0 where it stands on no page.
    page: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PdfForm:
    """A file's fields, or the reason why it was refused."""

    #: One of the reasons above; empty where the fields were read.
    refused: str = ""
    fields: list[PdfField] = field(default_factory=list)
    #: Names of widgets that belong to no field of the document.
    strays: list[str] = field(default_factory=list)
    #: The document's keywords, where our forms state which instrument they ask.
    identity: str = ""


class _PdfRefused(Exception):
    """Ends the reading of a file; its argument is the reason."""


def read(data: bytes) -> PdfForm:
    """The fields of one file, or a reason; raises nothing, whatever is in it."""
    if b"%PDF-" not in data[:1024]:
        return PdfForm(refused=BROKEN)
    try:
        return _read_unguarded(data)
    except _PdfRefused as refused:
        return PdfForm(refused=str(refused))
    except (MemoryError, RecursionError):
        return PdfForm(refused=TOO_MUCH)
    except Exception as error:  # pypdf raises anything on what it does not expect
        return PdfForm(refused=_REASON_BY_EXCEPTION.get(type(error).__name__, BROKEN))


def _read_unguarded(data: bytes) -> PdfForm:
    """The fields of one file; raises `_PdfRefused`, or whatever pypdf raises."""
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):  # no password is asked for where only changes are forbidden
        raise _PdfRefused(ENCRYPTED)
    root = _resolve(reader.trailer["/Root"])
    _refuse_actions(root)
    form = _resolve(root.get("/AcroForm"))
    if not isinstance(form, dict) or not _resolve_list(form.get("/Fields")):
        raise _PdfRefused(NO_FIELDS)
    if "/XFA" in form:
        raise _PdfRefused(XFA)
    pages = dict(_page_annotations(root))
    fields, known = _collect_fields(_resolve_list(form["/Fields"]), pages)
    info = _resolve(reader.trailer.get("/Info"))
    keywords = _resolve(info.get("/Keywords")) if isinstance(info, dict) else None
    return PdfForm(
        fields=fields, strays=_stray_widgets(pages, known), identity=keywords if isinstance(keywords, str) else ""
    )


def _resolve(value: Any) -> Any:
    """The object that a reference points to; anything else as it is."""
    return value.get_object() if hasattr(value, "get_object") else value


def _resolve_list(value: Any) -> list[Any]:
    """The list that a value is or points to; an empty one for anything else."""
    value = _resolve(value)
    return value if isinstance(value, list) else []


def _object_number(value: Any) -> int:
    """The number of an indirect object; for a direct one, a negative number of its own."""
    reference = getattr(value, "idnum", None)
    if reference is None:
        reference = getattr(getattr(value, "indirect_reference", None), "idnum", None)
    return reference if isinstance(reference, int) else -id(value)


def _refuse_actions(holder: Any) -> None:
    """Raise `_PdfRefused` for an object with something that would act in a viewer: nothing of it is ours."""
    names = _resolve(holder.get("/Names"))
    if isinstance(names, dict) and "/JavaScript" in names:
        raise _PdfRefused(SCRIPT)
    for key in ("/OpenAction", "/A", "/AA"):
        action = _resolve(holder.get(key))
        actions = [action, *map(_resolve, action.values())] if isinstance(action, dict) else []
        if any(isinstance(candidate, dict) and candidate.get("/S") in _FORBIDDEN_ACTIONS for candidate in actions):
            raise _PdfRefused(SCRIPT)


def _page_annotations(root: dict[str, Any]) -> Iterator[tuple[int, tuple[int, list[Any]]]]:
    """For each page its object number, its number from 1, and its annotations; cycles are cut."""
    waiting, seen, count = [(root.get("/Pages"), 0)], set[int](), 0
    while waiting:
        reference, depth = waiting.pop()
        node = _resolve(reference)
        number = _object_number(reference)
        if not isinstance(node, dict) or number in seen:
            continue
        seen.add(number)
        if len(seen) > _MOST_PAGES or depth > _MOST_DEPTH:
            raise _PdfRefused(TOO_MUCH)
        if "/Kids" in node:
            waiting += [(kid, depth + 1) for kid in reversed(_resolve_list(node["/Kids"])[: _MOST_PAGES + 1])]
            continue
        count += 1
        _refuse_actions(node)
        yield number, (count, _resolve_list(node.get("/Annots")))


def _collect_fields(tops: list[Any], pages: dict[int, tuple[int, list[Any]]]) -> tuple[list[PdfField], set[int]]:
    """The fields of the document, and the numbers of all objects that belong to them."""
    fields: list[PdfField] = []
    known: set[int] = set()
    page_by_widget = {
        _object_number(widget): page for page, widgets in pages.values() for widget in widgets[:_MOST_FIELDS]
    }
    waiting: list[tuple[Any, str, dict[str, Any], int]] = [(top, "", {}, 0) for top in reversed(tops)]
    while waiting:
        reference, parent_name, inherited, depth = waiting.pop()
        node, number = _resolve(reference), _object_number(reference)
        if not isinstance(node, dict) or number in known:
            continue
        known.add(number)
        if len(known) > _MOST_FIELDS or depth > _MOST_DEPTH:
            raise _PdfRefused(TOO_MUCH)
        _refuse_actions(node)
        facts = inherited | {key: node[key] for key in ("/FT", "/Ff", "/V") if key in node}
        name = _qualified_name(parent_name, node.get("/T"))
        kids = _resolve_list(node.get("/Kids"))
        subfields = [kid for kid in kids if _is_field_of_its_own(_resolve(kid), node)]
        if subfields:
            waiting += [(kid, name, facts, depth + 1) for kid in reversed(kids)]
            continue
        known |= {_object_number(kid) for kid in kids}
        fields.append(
            _field_from_widgets(
                name, facts, [(reference, node), *((kid, _resolve(kid)) for kid in kids)], page_by_widget
            )
        )
    return fields, known


def _is_field_of_its_own(kid: Any, parent: dict[str, Any]) -> bool:
    """Whether a kid is a field and no widget of its parent; Apple's programs give a widget its field's own name."""
    return isinstance(kid, dict) and "/T" in kid and _resolve(kid["/T"]) != _resolve(parent.get("/T"))


def _qualified_name(parent_name: str, name: Any) -> str:
    """A field's full name: those of its parents and its own, joined by dots."""
    name = _resolve(name)
    own_name = name if isinstance(name, str) else ""
    return f"{parent_name}.{own_name}" if parent_name and own_name else parent_name or own_name


def _field_from_widgets(
    name: str, facts: dict[str, Any], widgets: list[tuple[Any, Any]], page_by_widget: dict[int, int]
) -> PdfField:
    """One field; bits 16 and 17 of its flags tell radio buttons and push buttons from ticks."""
    kind, flags = _resolve(facts.get("/FT")), _resolve(facts.get("/Ff"))
    flags = flags if isinstance(flags, int) else 0
    page = min(
        (
            page_by_widget[_object_number(reference)]
            for reference, _ in widgets
            if _object_number(reference) in page_by_widget
        ),
        default=0,
    )
    for _, widget in widgets:
        if isinstance(widget, dict):
            _refuse_actions(widget)
    kids = [widget for _, widget in widgets[1:] if isinstance(widget, dict)]
    if kind == "/Btn":
        kind = "choice" if flags & 1 << 15 else "other" if flags & 1 << 16 else "tick"
        return PdfField(name=name, kind=kind, values=_chosen_options(widgets[0][1], kids, facts), page=page)
    texts = _texts(_text_value(_resolve(facts.get("/V"))), kids)
    return PdfField(name=name, kind="text" if kind == "/Tx" else "other", values=texts, page=page)


def _chosen_options(node: dict[str, Any], kids: list[dict[str, Any]], facts: dict[str, Any]) -> list[str]:
    """The options that a button's value or looks show as chosen, each once.

    Where a widget bears the field's name too, a program wrote there and left the field as it was: then the looks count.
    """
    values = [] if any("/T" in kid for kid in kids) else [facts.get("/V")]
    shown = [_resolve(value) for value in (*values, *(widget.get("/AS") for widget in (node, *kids)))]
    return list(dict.fromkeys(filter(None, map(_option_name, shown))))


def _texts(value: str, kids: list[dict[str, Any]]) -> list[str]:
    """What a text says: its field's value, or what was written into a widget instead, which is what a person sees.

    Several where widgets were written to differently, which is for a person to settle.
    """
    written = [_text_value(_resolve(kid["/V"])) for kid in kids if "/V" in kid]
    texts = list(dict.fromkeys(text for text in written if text != value)) or [value]
    return texts if len(texts) > 1 else [text for text in texts if text]


def _option_name(value: Any) -> str:
    """The name of a chosen option; empty where none is chosen."""
    name = value if isinstance(value, str) else ""
    return "" if name in ("/Off", "Off", "") else name.removeprefix("/")


def _text_value(value: Any) -> str:
    """A field's text without marks of its language, from a string, bytes or a stream; empty for anything else."""
    if hasattr(value, "get_data"):  # a long text may stand in a stream
        value = value.get_data()
    text = _decoded(value) if isinstance(value, bytes) else str(value) if isinstance(value, str) else ""
    return _LANGUAGE_MARK.sub("", text)


def _decoded(data: bytes) -> str:
    """The text of bytes: by their mark; UTF-8 where they are that, else Latin-1, which PDF's own encoding nearly is."""
    if data[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _stray_widgets(pages: dict[int, tuple[int, list[Any]]], known: set[int]) -> list[str]:
    """Up to ten widgets that belong to no field: pages of another form were appended, or fields taken out."""
    names: list[str] = []
    for _, widgets in pages.values():
        for reference in widgets[:_MOST_FIELDS]:
            widget = _resolve(reference)
            if (
                isinstance(widget, dict)
                and widget.get("/Subtype") == "/Widget"
                and _object_number(reference) not in known
            ):
                name = _resolve(widget.get("/T"))
                names.append(name if isinstance(name, str) else "")
    return names[:10]


def read_plain(data: bytes) -> dict[str, Any]:
    """As `read`, as plain values, with pypdf's limits set."""
    import logging

    from pypdf import overwrite_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    overwrite_configuration(
        maximum_declared_stream_length=_MOST_UNPACKED,
        stream_decoding_work_maximum_length=4 * _MOST_UNPACKED,
        zlib_maximum_output_length=_MOST_UNPACKED,
        lzw_maximum_output_length=_MOST_UNPACKED,
        run_length_maximum_output_length=_MOST_UNPACKED,
        array_based_stream_maximum_output_length=_MOST_UNPACKED,
        brotli_maximum_output_length=_MOST_UNPACKED,
        disable_legacy_handling=True,
    )
    return asdict(read(data))


def main() -> None:
    """Read files from standard input and print the fields of each, as `reader_process` has it."""
    import logging

    logging.disable()
    serve(read_plain, cpu_seconds=_CPU_SECONDS, memory_bytes=_MEMORY_BYTES)


def parse_reply(reply: Any) -> PdfForm:
    """The form in the process's reply; one that takes too much where the process gave none."""
    if reply is None:
        return PdfForm(refused=TOO_MUCH)
    return PdfForm(**{**reply, "fields": [PdfField(**each) for each in reply["fields"]]})
