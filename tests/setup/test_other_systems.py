"""Windows and macOS, as far as they can be tried elsewhere: what they lack, wheels for them, their libraries."""

import ctypes.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.utils import parse_wheel_filename

from assessor.report.pdf.native_libraries import dylib_path, found_libraries

ROOT = Path(__file__).parent.parent.parent
WITHOUT_POSIX = Path(__file__).with_name("without_posix.py")

#: By name, what markers are evaluated with, and how the end of a wheel's platform tag must read.
SYSTEMS = {
    "win_amd64": ({"sys_platform": "win32", "platform_machine": "AMD64", "os_name": "nt"}, "win_amd64"),
    "win_arm64": ({"sys_platform": "win32", "platform_machine": "ARM64", "os_name": "nt"}, "win_arm64"),
    "macos_x86_64": ({"sys_platform": "darwin", "platform_machine": "x86_64"}, r"macosx_.*(x86_64|universal2)"),
    "macos_arm64": ({"sys_platform": "darwin", "platform_machine": "arm64"}, r"macosx_.*(arm64|universal2)"),
}
PLATFORM_NAMES = {"win32": "Windows", "darwin": "Darwin"}


def run(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command, warned of every text that is read in the machine's own encoding."""
    program = (sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning:assessor", WITHOUT_POSIX)
    env = {**os.environ, "ASSESSOR_HOME": str(home), "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
    return subprocess.run([*program, *words], env=env, cwd=home, capture_output=True, text=True, timeout=120)


def test_the_main_commands_run_without_what_only_posix_systems_have(tmp_path):
    (tmp_path / "list.csv").write_text("Party;creation\nExample School;joint\nExample Choir;\n", encoding="utf-8")
    (tmp_path / "in.json").write_text(json.dumps([{"id": "a", "responses": {"creation": "joint"}}]), encoding="utf-8")
    commands = [
        ["--version"],
        ["--help"],
        ["--library", "Example Library", "import", "list.csv"],
        ["list"],
        ["show", "Example School"],
        ["export", "-o", "answers.json"],
        ["import", "answers.json"],
        ["report", "-o", "report.pdf"],
        ["form", "-o", "form.pdf"],
        ["place", "in.json"],
        ["backup"],
        ["doctor"],
        ["erase", "--yes", "--collaboration", "Example School"],
    ]

    ended = {" ".join(words): run(tmp_path, *words) for words in commands}

    assert {words: done.returncode for words, done in ended.items()} == dict.fromkeys(ended, 0), [
        done.stderr[-2000:] for done in ended.values() if done.returncode
    ]
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Example School" in ended["list"].stdout


def test_an_interview_runs_without_them_too(tmp_path):
    done = run(tmp_path, "--plain", "--no-input", "assess", "Example School")

    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr


def _locked() -> dict[str, dict]:
    with (ROOT / "uv.lock").open("rb") as lock:
        return {package["name"]: package for package in tomllib.load(lock)["package"]}


def _needed(packages: dict[str, dict], environment: dict[str, str]) -> Iterator[dict]:
    """What an installed program needs on a system, with the libraries for the PDF."""
    system = {**environment, "platform_system": PLATFORM_NAMES[environment["sys_platform"]], "extra": "pdf"}
    system |= {"python_version": "3.13", "python_full_version": "3.13.5", "implementation_name": "cpython"}
    system |= {"platform_python_implementation": "CPython", "os_name": system.get("os_name", "posix")}
    own = packages["assessor"]
    left, seen = [*own["dependencies"], *own["optional-dependencies"]["pdf"]], set()
    while left:
        wanted = left.pop()
        if wanted["name"] in seen or not Marker(wanted.get("marker", "extra == 'pdf'")).evaluate(system):
            continue
        seen.add(wanted["name"])
        package = packages[wanted["name"]]
        left += package.get("dependencies", [])
        for extra in wanted.get("extra", []):
            left += package["optional-dependencies"][extra]
        yield package


def _installs(wheel: str, platform: str) -> bool:
    tags = parse_wheel_filename(wheel)[3]
    return any(
        (tag.platform == "any" or re.fullmatch(platform, tag.platform))
        and (tag.interpreter in ("py3", "cp313") or tag.abi == "abi3")
        and tag.abi in ("none", "abi3", "cp313")
        for tag in tags
    )


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_lock_has_a_wheel_of_everything_for_each_system(system):
    environment, platform = SYSTEMS[system]
    needed = list(_needed(_locked(), environment))
    names = {package["name"] for package in needed}
    without = {
        package["name"]
        for package in needed
        if not any(_installs(wheel["url"].rpartition("/")[2], platform) for wheel in package.get("wheels", []))
    }

    assert {"weasyprint", "filelock", "sqlalchemy"} <= names
    assert ("gstreamer-libs" in names) == (system != "win_arm64")
    assert without == set()


@pytest.fixture
def bundled(tmp_path, monkeypatch):
    """The packages of the extra as they lie when installed, without what is in their files."""
    for package, folder, files in (
        ("gstreamer_libs", "lib", ["libpango-1.0.dylib", "libpango-1.0.0.dylib", "libfontconfig.1.dylib"]),
        ("gstreamer_libs", "bin", ["pango-1.0-0.dll"]),
        ("gstreamer_ext_runtime", "bin", ["vcruntime140.dll"]),
    ):
        (tmp_path / package / folder).mkdir(parents=True)
        (tmp_path / package / "__init__.py").write_text("raise ImportError", encoding="utf-8")
        for file in files:
            (tmp_path / package / folder / file).touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("WEASYPRINT_DLL_DIRECTORIES", "")
    monkeypatch.delenv("WEASYPRINT_DLL_DIRECTORIES")
    return tmp_path


def test_windows_is_told_the_folders_of_the_libraries_unless_somebody_named_others(bundled, monkeypatch):
    with found_libraries("win32"):
        told = os.environ["WEASYPRINT_DLL_DIRECTORIES"]
    monkeypatch.setenv("WEASYPRINT_DLL_DIRECTORIES", "C:\\own")
    with found_libraries("win32"):
        assert os.environ["WEASYPRINT_DLL_DIRECTORIES"] == "C:\\own"

    assert told == f"{bundled / 'gstreamer_libs' / 'bin'};{bundled / 'gstreamer_ext_runtime' / 'bin'}"


def test_macos_loads_each_library_by_the_name_that_the_others_know_it_by(bundled):
    library = bundled / "gstreamer_libs" / "lib"
    before = ctypes.util.find_library
    with found_libraries("darwin"):
        found = [ctypes.util.find_library(name) for name in ("pango-1.0", "fontconfig")]

    assert found == [str(library / "libpango-1.0.0.dylib"), str(library / "libfontconfig.1.dylib")]
    assert dylib_path("harfbuzz", library) is None
    assert ctypes.util.find_library is before
