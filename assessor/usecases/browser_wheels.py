"""The one library with machine code that a published folder has beside Python: what reads spreadsheets, as a wheel.

PyPI has it built for browsers; pip fetches it for that platform, and its digest is pinned. A folder can do without.
"""

import hashlib
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

WHEEL: Final = "python_calamine-0.9.1-cp314-cp314-pyemscripten_2026_0_wasm32.whl"
WHEEL_SHA256: Final = "1f9a2f99d65f4cc647f3fc57ff80a2bb492bf8ce66a637b67064d1663697ae21"
_REQUIREMENT: Final = "python-calamine==0.9.1"
_PLATFORM: Final = (
    *("--platform", "pyemscripten_2026_0_wasm32", "--implementation", "cp"),
    *("--python-version", "3.14", "--abi", "cp314"),
)


def spreadsheet_wheel(given: Path | None, work: Path) -> bytes | None:
    """The wheel out of the folder `given`, else as pip fetches it into `work`; None where it cannot be had."""
    kept = given / WHEEL if given else None
    path = kept if kept and kept.is_file() else _fetched(work)
    data = path.read_bytes() if path and path.is_file() else b""
    return data if hashlib.sha256(data).hexdigest() == WHEEL_SHA256 else None


def _fetched(work: Path) -> Path | None:
    pip = _pip()
    if pip is None:
        return None
    options = ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:", *_PLATFORM, "--dest", str(work)]
    command = [*pip, "download", *options, _REQUIREMENT]
    try:
        subprocess.run(command, capture_output=True, check=True, timeout=120)  # noqa: S603 - our own words
    except (subprocess.SubprocessError, OSError):
        return None
    return work / WHEEL


def _pip() -> list[str] | None:
    """How pip is run here: our own, one on the path, uv's, or the wheel that Debian keeps."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    if found := shutil.which("pip3") or shutil.which("pip"):
        return [found]
    if found := shutil.which("uv"):
        return [found, "tool", "run", "pip"]
    kept = next(Path("/usr/share/python-wheels").glob("pip-*.whl"), None)
    return [sys.executable, f"{kept}/pip"] if kept else None
