"""Where WeasyPrint finds Pango and what it needs: the system's own libraries, or those of the extra `pdf`.

Windows and macOS have no Pango. There the extra brings the package `gstreamer-libs`, which carries it; its modules are
not imported, as they would start much that is not needed.
"""

import ctypes
import ctypes.util
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final

#: The folders of libraries in the packages that the extra brings, on Windows and on macOS.
_DLL_FOLDERS: Final = (("gstreamer_libs", "bin"), ("gstreamer_ext_runtime", "bin"))
_DYLIB_FOLDERS: Final = (("gstreamer_libs", "lib"),)

#: fontconfig, by the names that the systems give it.
FONTCONFIG_NAMES: Final = ("libfontconfig.so.1", "libfontconfig.1.dylib", "fontconfig")


def load_library(names: Iterable[str]) -> ctypes.CDLL | None:
    """The first library of these names that loads; one that is found may still lack what it needs itself."""
    for name in names:
        with found_libraries():
            path = name if ".so" in name or ".dylib" in name else dll_path(name) or ctypes.util.find_library(name)
        with suppress(OSError):
            if path:
                return ctypes.CDLL(path)
    return None


@contextmanager
def found_libraries(platform: str = sys.platform) -> Iterator[None]:
    """Lets WeasyPrint load its libraries while it is imported.

    WeasyPrint tries several names for each of its seven libraries, and cffi has `ctypes.util` search for each that is
    no file name: 22 searches, each starting ldconfig and mostly gcc too. On Linux the file names, which the loader
    finds on its own, come next in WeasyPrint's lists, so that the search finds nothing there. On macOS it finds the
    extra's; Windows is told their folders.
    """
    search = ctypes.util.find_library
    dylibs = _package_folders(_DYLIB_FOLDERS) if platform == "darwin" else []
    if platform == "win32" and (folders := _package_folders(_DLL_FOLDERS)):
        os.environ.setdefault("WEASYPRINT_DLL_DIRECTORIES", ";".join(map(str, folders)))
    if platform.startswith("linux"):
        ctypes.util.find_library = lambda name: None
    elif dylibs:
        ctypes.util.find_library = lambda name: dylib_path(name, dylibs[0]) or search(name)
    try:
        yield
    finally:
        ctypes.util.find_library = search


def dylib_path(name: str, folder: Path) -> str | None:
    """The file of a library by the name that others in the folder know it by: under another it would load twice."""
    versioned = (folder / f"lib{name}.{version}.dylib" for version in (0, 1))
    return next((str(path) for path in versioned if path.is_file()), None)


def dll_path(name: str) -> str:
    """The file of a library in the extra's folders on Windows; empty where there is none."""
    files = (
        folder / f"{stem}.dll" for folder in _package_folders(_DLL_FOLDERS) for stem in (name, f"{name}-0", f"{name}-1")
    )
    return next((str(path) for path in files if path.is_file()), "")


def _package_folders(places: tuple[tuple[str, str], ...]) -> list[Path]:
    """Those of the packages' folders that are installed."""
    specs = ((find_spec(package), folder) for package, folder in places)
    found = (Path(spec.origin).parent / folder for spec, folder in specs if spec and spec.origin)
    return [folder for folder in found if folder.is_dir()]
