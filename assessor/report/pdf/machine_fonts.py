"""The machine's own fonts, looked up by the letters that ours lack; asked for those letters only.

fontconfig is asked directly, without WeasyPrint, so that `doctor` can tell what a document would show. Fonts are taken
in the order in which the machine prefers them for plain text in regular weight. Fonts in colour are passed over, since
their pictures are neither text nor archival, and so are variable ones, which take seconds to make one weight of.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assessor.report.pdf.native_libraries import FONTCONFIG_NAMES, load_library

_PATTERN_KIND, _MATCHED = 0, 0
_EMBEDDABLE = frozenset({b"TrueType", b"CFF"})
_SIGNATURES = frozenset({b"\0\1\0\0", b"true", b"OTTO", b"ttcf"})


class _FontSet(ctypes.Structure):
    _fields_ = (
        ("count", ctypes.c_int),
        ("room", ctypes.c_int),
        ("patterns", ctypes.POINTER(ctypes.c_void_p)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class MachineFont:
    """A font file of the machine's and fontconfig's set of the characters in it."""

    path: Path
    charset: ctypes.c_void_p


def machine_font(char: str) -> Path | None:
    """The font file that the machine would show a character with; None where no font has it."""
    library, fonts = _machine_fonts()
    return next((font.path for font in fonts if library.FcCharSetHasChar(font.charset, ord(char))), None)


@cache
def _machine_fonts() -> tuple[Any, tuple[MachineFont, ...]]:
    """fontconfig and the fonts it knows, the preferred first; none where it cannot be loaded."""
    library = load_library(FONTCONFIG_NAMES)
    if library is None:
        return None, ()
    for name in ("FcInitLoadConfigAndFonts", "FcPatternCreate"):
        getattr(library, name).restype = ctypes.c_void_p
    library.FcFontSort.restype = ctypes.POINTER(_FontSet)
    config, pattern = ctypes.c_void_p(library.FcInitLoadConfigAndFonts()), ctypes.c_void_p(library.FcPatternCreate())
    for wanted, value in ((b"family", b"sans-serif"), (b"lang", b"en")):  # not the language that the machine speaks
        library.FcPatternAddString(pattern, wanted, value)
    library.FcConfigSubstitute(config, pattern, _PATTERN_KIND)
    library.FcDefaultSubstitute(pattern)
    found = library.FcFontSort(config, pattern, False, None, ctypes.byref(ctypes.c_int()))
    return library, tuple(_usable_fonts(library, found.contents) if found else ())


def _usable_fonts(library: Any, found: _FontSet) -> Iterator[MachineFont]:
    for at in range(found.count):
        pattern = ctypes.c_void_p(found.patterns[at])
        charset, file = ctypes.c_void_p(), ctypes.c_char_p()
        if (
            library.FcPatternGetCharSet(pattern, b"charset", 0, ctypes.byref(charset)) == _MATCHED
            and library.FcPatternGetString(pattern, b"file", 0, ctypes.byref(file)) == _MATCHED
            and _is_embeddable(library, pattern)
        ):
            path = Path((file.value or b"").decode("utf-8", "surrogateescape"))
            if _is_plain_file(path):
                yield MachineFont(path=path, charset=charset)


def _is_plain_file(path: Path) -> bool:
    """Whether a font can be read and is not packed for the web, which Pango does not unpack."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _SIGNATURES
    except OSError:
        return False


def _is_embeddable(library: Any, pattern: ctypes.c_void_p) -> bool:
    """Whether a font has outlines in one weight and one colour."""
    kind, index = ctypes.c_char_p(), ctypes.c_int()
    library.FcPatternGetString(pattern, b"fontformat", 0, ctypes.byref(kind))
    library.FcPatternGetInteger(pattern, b"index", 0, ctypes.byref(index))
    return kind.value in _EMBEDDABLE and index.value < 1 << 16 and not any(_flags(library, pattern))


def _flags(library: Any, pattern: ctypes.c_void_p) -> Iterator[bool]:
    for name in (b"color", b"variable"):
        flag = ctypes.c_int()
        library.FcPatternGetBool(pattern, name, 0, ctypes.byref(flag))
        yield bool(flag.value)
