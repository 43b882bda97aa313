"""The declarations of Pango and what it needs, prepared once: parsing them takes a tenth of a short document.

WeasyPrint gives cffi 500 lines of C, which a parser written in Python reads at every start. cffi can write what it has
read as a module, which is kept on disk under the digest of those lines and read in its place from then on.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import StringIO
from types import ModuleType
from typing import Any

from assessor.report import disk_cache


class _PreparedFfi:
    """Stands for one `cffi.FFI`: what it declares is read from disk, or parsed, as soon as it is declared."""

    _ffi: Any

    def cdef(self, declarations: str) -> None:
        name = f"declarations-{sha256(f'{sys.version} {declarations}'.encode()).hexdigest()}"
        if prepared := disk_cache.load(name):
            self._ffi = _run(prepared)
        else:
            self._ffi, prepared = _parse(declarations)
            disk_cache.save(name, prepared)

    def dlopen(self, name: str, flags: int) -> Any:
        """A library, which is never closed: objects that are freed as the program ends still call it."""
        return _keep(self._ffi.dlopen(name, flags))

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ffi, name)
        setattr(self, name, found)  # so that it is found at once the next time
        return found


def _run(prepared: bytes) -> Any:
    module: dict[str, Any] = {}
    exec(compile(prepared, "declarations", "exec"), module)  # noqa: S102 - written by cffi, and by us under its digest
    return _keep(module["ffi"])


def _keep(lasting: Any) -> Any:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(lasting))
    return lasting


def _parse(declarations: str) -> tuple[Any, bytes]:
    """The declarations as cffi reads them, and as the module that it writes."""
    sys.modules.pop("cffi")  # what stands in for it
    import cffi  # type: ignore[import-untyped]
    from cffi.recompiler import make_py_source  # type: ignore[import-untyped]

    ffi, module = cffi.FFI(), StringIO()
    ffi.cdef(declarations)
    make_py_source(ffi, "declarations", module)
    return ffi, module.getvalue().encode()


@contextmanager
def prepared_declarations() -> Iterator[None]:
    """Lets WeasyPrint, while it is imported, declare to what reads from disk."""
    before, stand_in = sys.modules.get("cffi"), ModuleType("cffi")
    stand_in.__dict__["FFI"] = _PreparedFfi
    sys.modules["cffi"] = stand_in
    try:
        yield
    finally:
        if sys.modules.get("cffi") is stand_in:
            del sys.modules["cffi"]
        if before is not None:
            sys.modules["cffi"] = before
