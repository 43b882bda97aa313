"""What WeasyPrint loads and an ordinary document never uses: modules wait until one of their functions is called.

They take a seventh of what a short document takes. HarfBuzz makes the subsets of fonts, ours are neither packed nor
variable nor in colour, few documents hold a photograph, and our HTML is parsed as XML. The rules for elements that
WeasyPrint parses as it is imported are a browser's; `paper.css` stands in their place.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

DEFERRED: Final = (
    "PIL.EpsImagePlugin",
    "PIL.Image",
    "PIL.ImageCms",
    "PIL.ImageFile",
    "PIL.ImageOps",
    "fontTools.subset",
    "fontTools.ttLib",
    "fontTools.ttLib.woff2",
    "fontTools.varLib.instancer",
    "tinyhtml5",
)


#: Settings that were made on modules that wait: by module, then by name.
_settings: dict[str, dict[str, Any]] = {}


class _Deferred(ModuleType):
    """Stands for a module of which only functions and classes are called, and to which settings may be given."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return partial(_call, self.__name__, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _settings.setdefault(self.__name__, {})[name] = value


def _call(module: str, name: str, *arguments: Any, **options: Any) -> Any:
    """Load a module and call what is meant, once all settings in its package are in place."""
    package = module.partition(".")[0]
    for set_on in [each for each in _settings if each.partition(".")[0] == package]:
        vars(import_module(set_on)).update(_settings.pop(set_on))
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


#: Files of rules that WeasyPrint parses as it is imported.
_BROWSER_RULES: Final = frozenset({"html5_ua.css", "html5_ua_form.css", "html5_ph.css"})


@contextmanager
def without_browser_rules() -> Iterator[None]:
    """Lets WeasyPrint read empty files for the rules that documents of ours do not start from."""
    read = Path.read_text

    def read_text(path: Path, *arguments: Any, **options: Any) -> str:
        return "" if path.name in _BROWSER_RULES else read(path, *arguments, **options)

    Path.read_text = read_text  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        Path.read_text = read  # type: ignore[method-assign]
