"""The C declarations of Pango and its libraries as WeasyPrint needs them, parsed beforehand.

WeasyPrint hands 16 kB of C to cffi as it is imported, whose parser is written in Python and takes a tenth of a short
document. `prepared_declarations` is what cffi makes of the same C for such a case, a module to import; while WeasyPrint
declares anything else, it is parsed as ever. A test makes that module anew and compares.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import ModuleType
from typing import Any

from assessor.report.pdf.prepared_declarations import DIGEST, ffi


class _Ffi:
    """Stands for `cffi.FFI()` until it is told what is declared, and is then the prepared one or a real one."""

    def cdef(self, declarations: str) -> None:
        """Take over everything that an FFI with these declarations has."""
        prepared = sha256(declarations.encode()).hexdigest() == DIGEST
        real = ffi if prepared else _parsed(declarations)
        vars(self).update({name: getattr(real, name) for name in dir(real) if not name.startswith("_")})
        if prepared:
            self.dlopen = _load_for_good


def _load_for_good(name: str, flags: int) -> Any:
    """A library that stays loaded when the process ends, when objects of its own may be freed after it."""
    library = ffi.dlopen(name, flags)
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(library))
    return library


def _parsed(declarations: str) -> Any:
    sys.modules.pop("cffi", None)
    import cffi  # type: ignore[import-untyped]

    real = cffi.FFI()
    real.cdef(declarations)
    return real


@contextmanager
def prepared_declarations() -> Iterator[None]:
    """Whoever imports cffi meanwhile gets what needs no parser, unless it is loaded already."""
    if "cffi" in sys.modules:
        yield
        return
    stand_in = ModuleType("cffi")
    vars(stand_in)["FFI"] = _Ffi
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        if sys.modules.get("cffi") is stand_in:
            del sys.modules["cffi"]
