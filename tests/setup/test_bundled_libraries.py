"""The libraries of the extra for Windows and macOS: each finds all it needs in the wheels or in the system."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from test_wheel import pip_wheel

pytestmark = [pytest.mark.full]

#: What WeasyPrint loads, by the names that the extra has it under.
WINDOWS = ("gobject-2.0-0", "pango-1.0-0", "harfbuzz", "harfbuzz-subset", "fontconfig-1", "pangoft2-1.0-0")
MACOS = ("gobject-2.0.0", "pango-1.0.0", "harfbuzz.0", "harfbuzz-subset.0", "fontconfig.1", "pangoft2-1.0.0")
OF_WINDOWS = re.compile(
    r"(advapi32|dnsapi|iphlpapi|kernel32|ole32|shell32|shlwapi|user32|ws2_32|api-ms-win-crt-.*)\.dll"
)
OF_MACOS = re.compile(r"/usr/lib/.*|/System/Library/Frameworks/.*")


def unpacked(folder: Path, platform: str) -> Path:
    """The wheels of the extra for a platform, fetched and unpacked."""
    program = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder)
    packages = ("--platform", platform, "--python-version", "3.13", "gstreamer-libs", "gstreamer-ext-runtime")
    fetching = subprocess.run(
        [*program, *packages], env={**os.environ, "PYTHONPATH": str(pip_wheel())}, capture_output=True, text=True
    )
    if fetching.returncode:
        pytest.skip(f"needs a package index: {fetching.stderr[-200:]}")
    for wheel in folder.glob("*.whl"):
        with ZipFile(wheel) as packed:
            packed.extractall(folder)
    return folder


def imported_by_dll(path: Path) -> Iterator[str]:
    import pefile

    with pefile.PE(path, fast_load=True) as file:
        file.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_IMPORT"]])
        yield from (entry.dll.decode().lower() for entry in file.DIRECTORY_ENTRY_IMPORT)


def imported_by_dylib(path: Path) -> Iterator[str]:
    from macholib.MachO import MachO

    for header in MachO(str(path)).headers:
        yield from (name for _, _, name in header.walkRelocatables())


def outside(
    names: Iterable[str], files: dict[str, Path], imported: Callable[[Path], Iterator[str]]
) -> tuple[set[str], set[str]]:
    """What the named libraries need, all the way, that is not among the files; and all that was looked into."""
    waiting, seen, lacking = [*names], set(), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for needed in imported(files[name]):
            known = needed.rpartition("/")[2]
            if needed.startswith(("/usr/", "/System/")) or known not in files:
                lacking.add(needed)
            else:
                waiting.append(known)
    return lacking, seen


def test_what_weasyprint_loads_on_windows_needs_only_the_wheels_and_the_system(tmp_path):
    folder = unpacked(tmp_path, "win_amd64")
    files = {path.name.lower(): path for path in folder.rglob("*.dll")}

    lacking, seen = outside([f"{name}.dll" for name in WINDOWS], files, imported_by_dll)

    assert [name for name in lacking if not OF_WINDOWS.fullmatch(name)] == []
    assert {files[name].parent.parent.name for name in seen} == {"gstreamer_libs", "gstreamer_ext_runtime"}


def test_what_weasyprint_loads_on_macos_needs_only_the_wheels_and_the_system(tmp_path):
    folder = unpacked(tmp_path, "macosx_11_0_arm64")
    files = {path.name: path for path in folder.rglob("gstreamer_libs/lib/*.dylib")}

    lacking, _ = outside([f"lib{name}.dylib" for name in MACOS], files, imported_by_dylib)

    assert [name for name in lacking if not OF_MACOS.fullmatch(name)] == []
