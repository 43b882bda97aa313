"""The fields of PDF files, as plain values; the only home of pypdf, run as a process of its own within limits.

A file that somebody sends may be made to take for ever or to fill the memory: then this process ends, and not the one
that keeps the answers. Nothing in a file is ever executed, and nothing it points to is opened.
"""

import contextlib
import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Final

#: Seconds of processor for one file, and bytes of memory for the whole process.
_SECONDS: Final = 6
_MEMORY: Final = 400_000_000

#: Of what is unpacked from one stream, and of fields, pages and annotations.
_MOST_UNPACKED: Final = 12_000_000
_MOST_FIELDS: Final = 12_000
_MOST_PAGES: Final = 2_000
_MOST_DEPTH: Final = 12

#: Why nothing could be read.
BROKEN, ENCRYPTED, NO_FIELDS, XFA, SCRIPT, TOO_MUCH = "broken", "encrypted", "no_fields", "xfa", "script", "too_much"

#: What some of pypdf's exceptions mean, by name, as it is imported late.
_RAISED: Final = {
    "LimitReachedError": TOO_MUCH,
    "DependencyError": ENCRYPTED,
    "FileNotDecryptedError": ENCRYPTED,
    "WrongPasswordError": ENCRYPTED,
}

_ACTS: Final = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToE"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """One field as a file holds it."""

    name: str
    #: choice, tick, text, or other.
    kind: str
    #: What it says in words; for a choice or tick, every option that it says or shows to be chosen.
    values: list[str]
    #: Counted from 1; 0 where it stands on none.
    page: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """A file's fields; or why there are none."""

    refused: str = ""
    fields: list[Held] = field(default_factory=list)
    #: Names of places to fill in that belong to no field of the document.
    strays: list[str] = field(default_factory=list)
    #: What the document's facts say of its identity.
    identity: str = ""


class _Refused(Exception):
    """Ends the reading of a file with a reason."""


def read(data: bytes) -> Raw:
    """The fields of one file."""
    if b"%PDF-" not in data[:1024]:
        return Raw(refused=BROKEN)
    try:
        return _read(data)
    except _Refused as refused:
        return Raw(refused=str(refused))
    except (MemoryError, RecursionError):
        return Raw(refused=TOO_MUCH)
    except Exception as error:  # pypdf raises anything on what it does not expect
        return Raw(refused=_RAISED.get(type(error).__name__, BROKEN))


def _read(data: bytes) -> Raw:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise _Refused(ENCRYPTED)
    root = _plain(reader.trailer["/Root"])
    _refuse_acting(root)
    form = _plain(root.get("/AcroForm"))
    if not isinstance(form, dict) or not _list(form.get("/Fields")):
        raise _Refused(NO_FIELDS)
    if "/XFA" in form:
        raise _Refused(XFA)
    pages = dict(_pages(root))
    found, known = _fields(_list(form["/Fields"]), pages)
    info = _plain(reader.trailer.get("/Info"))
    told = _plain(info.get("/Keywords")) if isinstance(info, dict) else None
    return Raw(fields=found, strays=_strays(pages, known), identity=told if isinstance(told, str) else "")


def _plain(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _list(value: Any) -> list[Any]:
    value = _plain(value)
    return value if isinstance(value, list) else []


def _number(value: Any) -> int:
    """The number of an object, or something of its own for one without."""
    reference = getattr(value, "idnum", None)
    if reference is None:
        reference = getattr(getattr(value, "indirect_reference", None), "idnum", None)
    return reference if isinstance(reference, int) else -id(value)


def _refuse_acting(holder: Any) -> None:
    """Refuse what would act in a viewer: nothing of it comes from us."""
    names = _plain(holder.get("/Names"))
    if isinstance(names, dict) and "/JavaScript" in names:
        raise _Refused(SCRIPT)
    for key in ("/OpenAction", "/A", "/AA"):
        action = _plain(holder.get(key))
        acts = [action, *map(_plain, action.values())] if isinstance(action, dict) else []
        if any(isinstance(each, dict) and each.get("/S") in _ACTS for each in acts):
            raise _Refused(SCRIPT)


def _pages(root: dict[str, Any]) -> Iterator[tuple[int, tuple[int, list[Any]]]]:
    """By a page's object number, its place and its annotations."""
    waiting, seen, count = [(root.get("/Pages"), 0)], set[int](), 0
    while waiting:
        reference, depth = waiting.pop()
        node = _plain(reference)
        number = _number(reference)
        if not isinstance(node, dict) or number in seen:
            continue
        seen.add(number)
        if len(seen) > _MOST_PAGES or depth > _MOST_DEPTH:
            raise _Refused(TOO_MUCH)
        if "/Kids" in node:
            waiting += [(kid, depth + 1) for kid in reversed(_list(node["/Kids"])[: _MOST_PAGES + 1])]
            continue
        count += 1
        _refuse_acting(node)
        yield number, (count, _list(node.get("/Annots")))


def _fields(tops: list[Any], pages: dict[int, tuple[int, list[Any]]]) -> tuple[list[Held], set[int]]:
    """The fields of the document, and the numbers of all objects they are made of."""
    found: list[Held] = []
    known: set[int] = set()
    on = {_number(widget): page for page, widgets in pages.values() for widget in widgets[:_MOST_FIELDS]}
    waiting: list[tuple[Any, str, dict[str, Any], int]] = [(top, "", {}, 0) for top in reversed(tops)]
    while waiting:
        reference, above, inherited, depth = waiting.pop()
        node, number = _plain(reference), _number(reference)
        if not isinstance(node, dict) or number in known:
            continue
        known.add(number)
        if len(known) > _MOST_FIELDS or depth > _MOST_DEPTH:
            raise _Refused(TOO_MUCH)
        _refuse_acting(node)
        facts = inherited | {key: node[key] for key in ("/FT", "/Ff", "/V") if key in node}
        name = _joined(above, node.get("/T"))
        kids = _list(node.get("/Kids"))
        below = [kid for kid in kids if isinstance(_plain(kid), dict) and "/T" in _plain(kid)]
        if below:
            waiting += [(kid, name, facts, depth + 1) for kid in reversed(kids)]
            continue
        known |= {_number(kid) for kid in kids}
        found.append(_held(name, facts, [(reference, node), *((kid, _plain(kid)) for kid in kids)], on))
    return found, known


def _joined(above: str, name: Any) -> str:
    name = _plain(name)
    here = name if isinstance(name, str) else ""
    return f"{above}.{here}" if above and here else above or here


def _held(name: str, facts: dict[str, Any], widgets: list[tuple[Any, Any]], on: dict[int, int]) -> Held:
    kind, flags = _plain(facts.get("/FT")), _plain(facts.get("/Ff"))
    flags = flags if isinstance(flags, int) else 0
    page = min((on[_number(reference)] for reference, _ in widgets if _number(reference) in on), default=0)
    for _, widget in widgets:
        if isinstance(widget, dict):
            _refuse_acting(widget)
    if kind == "/Btn":
        shown = [_plain(widget.get("/AS")) for _, widget in widgets if isinstance(widget, dict)]
        said = [_option(each) for each in (_plain(facts.get("/V")), *shown)]
        kind = "choice" if flags & 1 << 15 else "other" if flags & 1 << 16 else "tick"
        return Held(name=name, kind=kind, values=list(dict.fromkeys(filter(None, said))), page=page)
    text = _text(_plain(facts.get("/V")))
    return Held(name=name, kind="text" if kind == "/Tx" else "other", values=[text] if text else [], page=page)


def _option(value: Any) -> str:
    """An option's name; empty for none."""
    told = value if isinstance(value, str) else ""
    return "" if told in ("/Off", "Off", "") else told.removeprefix("/")


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if hasattr(value, "get_data"):  # a long text may stand in a stream
        data: bytes = value.get_data()
        return data.decode("utf-16" if data[:2] in (b"\xfe\xff", b"\xff\xfe") else "latin-1", "replace")
    return str(value) if isinstance(value, str) else ""


def _strays(pages: dict[int, tuple[int, list[Any]]], known: set[int]) -> list[str]:
    """Places to fill in that no field has: pages of another form put behind, or fields taken out."""
    found: list[str] = []
    for _, widgets in pages.values():
        for reference in widgets[:_MOST_FIELDS]:
            widget = _plain(reference)
            if isinstance(widget, dict) and widget.get("/Subtype") == "/Widget" and _number(reference) not in known:
                name = _plain(widget.get("/T"))
                found.append(name if isinstance(name, str) else "")
    return found[:10]


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_time() -> None:
    """From now on, so many seconds more; then the process ends."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + _SECONDS, hard))


def _received(stream: BinaryIO) -> Iterator[bytes]:
    while head := stream.read(8):
        yield stream.read(int.from_bytes(head, "big"))


def main() -> None:
    """Read files from the standard input, each behind its length, and tell of each on a line of JSON."""
    import logging

    from pypdf import overwrite_configuration

    logging.disable()
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
    _bound_memory()
    for data in _received(sys.stdin.buffer):
        _bound_time()
        sys.stdout.write(json.dumps(asdict(read(data))) + "\n")
        sys.stdout.flush()


def from_told(line: str) -> Raw:
    """What the process told of a file."""
    plain = json.loads(line)
    return Raw(**{**plain, "fields": [Held(**each) for each in plain["fields"]]})
