"""Modules that WeasyPrint imports and an ordinary document never uses: loaded when one of their functions is called.

They take a tenth of what a short document takes. HarfBuzz makes the subsets of fonts, and ours are no variable ones.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Final

DEFERRED: Final = ("fontTools.subset", "fontTools.varLib.instancer")


class _Deferred(ModuleType):
    """Stands for a module of which only functions and classes are called."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_call, self.__name__, name)


def _call(module: str, name: str, *arguments: Any, **options: Any) -> Any:
    return getattr(import_module(module), name)(*arguments, **options)


@contextmanager
def deferred_imports() -> Iterator[None]:
    """Whoever imports these modules meanwhile gets what loads them later; those that are loaded already stay."""
    put = {name: _Deferred(name) for name in DEFERRED if name not in sys.modules}
    sys.modules.update(put)
    try:
        yield
    finally:
        for name in put:
            sys.modules.pop(name, None)
