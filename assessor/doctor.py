"""What this machine lacks for `assessor` to work well, and the one command that mends each thing.

Everything heavy is looked for, never imported, so that this runs where next to nothing works. Each check is a function
from what was observed (a version, a folder, the text of the mount table) to a `HealthFinding`, so that tests can give
it a machine that they do not have. `cli.machine_commands` prints the findings.
"""

import os
import shlex
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from assessor import __version__, paths, resources
from assessor.errors import N_
from assessor.platform_calls import is_administrator, is_own
from assessor.presentation.typeface import lacking_characters
from assessor.problems import Problem
from assessor.report.pdf.machine_fonts import machine_font
from assessor.report.pdf.native_libraries import FONTCONFIG_NAMES, load_library
from assessor.safe_text import escape_controls
from assessor.store import store_files
from assessor.store.sqlite import may_lose_commits


class Health(Enum):
    """How one thing stands; a note never stops the work."""

    FINE = "fine"
    NOTE = "note"
    LACKING = "lacking"


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthFinding(Problem[None]):
    """One thing that was looked at; a problem unless it is fine."""

    place: None = None
    about: str
    health: Health
    #: The one command that mends it; empty where there is nothing to do.
    mend_command: str = ""


#: The packages of pyproject.toml, by the name they are imported by.
PACKAGES = (
    *("alembic", "babel", "click", "filelock", "jinja2", "platformdirs", "yaml", "questionary"),
    *("sqlalchemy", "weasyprint"),
)
#: A letter of each script that our typefaces lack and names are often in: Chinese, Japanese, Thai, Korean, Amharic,
#: Tamil and Hindi; and an emoji.
_RARER_LETTERS = "中かไ한አதह🦊"
#: What the PDF is drawn with, by the names that the systems give it.
PDF_LIBRARIES: Mapping[str, tuple[str, ...]] = {
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "gobject-2.0"),
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "pango-1.0"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "harfbuzz"),
    "Fontconfig": FONTCONFIG_NAMES,
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "pangoft2-1.0"),
}
#: Makes smaller files in less time; PDFs are made without it where it is lacking.
SUBSETTER_LIBRARY = ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "harfbuzz-subset")

#: What installs the libraries, by the program that does it.
_INSTALLERS: Mapping[str, str] = {
    "apt-get": "apt-get install -y libpangoft2-1.0-0 libharfbuzz-subset0",
    "brew": "brew install pango",
    "dnf": "dnf install -y pango harfbuzz",
    "apk": "apk add pango so:libharfbuzz-subset.so.0",
    "pacman": "pacman -S --noconfirm pango harfbuzz",
    "zypper": "zypper install -y libpango-1_0-0 libharfbuzz-subset0",
}


def run_checks() -> tuple[HealthFinding, ...]:
    """Every finding, in the order in which to mend them."""
    return (
        check_python(sys.version_info[:2]),
        check_packages(PACKAGES),
        *check_libraries(PDF_LIBRARIES, SUBSETTER_LIBRARY),
        check_resource("questions", resources.questions_folder(), "*/instrument.yaml"),
        check_resource("fonts", resources.templates_folder() / "shared" / "fonts", "*.ttf"),
        check_letters(_RARER_LETTERS),
        *_check_data_folders(),
        check_sqlite(sqlite3.sqlite_version_info[:3]),
        check_encoding(getattr(sys.stdout, "encoding", None) or "ascii"),
    )


#: What people want to know, by the checks that it hangs on.
_SUMMARIES: Mapping[str, frozenset[str]] = {
    N_("assessor is installed as it should be"): frozenset({"python", "packages", "questions", "encoding"}),
    N_("PDFs can be made"): frozenset({"pango", "harfbuzz-subset", "fonts"}),
    N_("answers are kept safely in {folder}"): frozenset({"data", "cache", "network", "cloud", "sqlite"}),
}


def summarize_checks(findings: Iterable[HealthFinding]) -> tuple[HealthFinding, ...]:
    """What is not as it should be, and a line for each group of checks that all are."""
    found = tuple(findings)
    amiss = tuple(finding for finding in found if finding.health is not Health.FINE)
    names = {finding.about for finding in amiss}
    folder = next((finding.facts["folder"] for finding in found if finding.about == "data" and finding.facts), "")
    well = (
        HealthFinding(about="", health=Health.FINE, template=template, facts={"folder": folder})
        for template, group in _SUMMARIES.items()
        if not group & names
    )
    return (*well, *amiss)


def check_python(version: tuple[int, int]) -> HealthFinding:
    """Whether Python is at least 3.11, which is what Debian 12 has."""
    old = version < (3, 11)
    return HealthFinding(
        about="python",
        health=Health.LACKING if old else Health.FINE,
        template=N_("Python {version} is older than 3.11") if old else N_("Python {version}"),
        facts={"version": ".".join(map(str, version))},
        mend_command="uv python install 3.11" if old else "",
    )


def check_packages(names: Iterable[str]) -> HealthFinding:
    """Whether each Python package can be found; none is imported."""
    missing = ", ".join(name for name in names if not find_spec(name))
    return HealthFinding(
        about="packages",
        health=Health.LACKING if missing else Health.FINE,
        template=N_("Python packages not found: {missing}") if missing else N_("every Python package found"),
        facts={"missing": missing},
        mend_command=_reinstall_command() if missing else "",
    )


def check_libraries(
    needed: Mapping[str, tuple[str, ...]], subset: tuple[str, ...]
) -> tuple[HealthFinding, HealthFinding]:
    """Whether the libraries that draw the PDF load, and the one that makes it smaller."""
    missing = ", ".join(name for name, known_as in needed.items() if load_library(known_as) is None)
    whole = HealthFinding(
        about="pango",
        health=Health.LACKING if missing else Health.FINE,
        template=N_("no PDF without these libraries: {missing}") if missing else N_("Pango and its libraries load"),
        facts={"missing": missing},
        mend_command=_install_libraries_command() if missing else "",
    )
    smaller = load_library(subset) is not None
    return whole, HealthFinding(
        about="harfbuzz-subset",
        health=Health.FINE if smaller else Health.NOTE,
        template=N_("HarfBuzz's subsetter loads")
        if smaller
        else N_("HarfBuzz's subsetter is missing: PDFs take longer to make"),
        mend_command="" if smaller else _install_libraries_command(),
    )


def check_letters(chars: str) -> HealthFinding:
    """Which of these characters no font here has; documents can be made without."""
    missing = " ".join(char for char in lacking_characters(chars) if not machine_font(char))
    return HealthFinding(
        about="letters",
        health=Health.NOTE if missing else Health.FINE,
        template=N_("documents draw □ for letters such as {missing}, which are still read aloud: no font here has them")
        if missing
        else N_("documents show the letters of every script that was tried"),
        facts={"missing": missing},
        mend_command=_install_fonts_command() if missing else "",
    )


def check_resource(about: str, folder: Path, pattern: str) -> HealthFinding:
    """Whether the files that come with `assessor` are there; `pattern` is a glob within the folder."""
    there = any(folder.glob(pattern))
    return HealthFinding(
        about=about,
        health=Health.FINE if there else Health.LACKING,
        template=N_("{pattern} found in {folder}") if there else N_("no {pattern} in {folder}"),
        facts={"pattern": pattern, "folder": store_files.display_path(folder)},
        mend_command="" if there else _restore_command(folder),
    )


def check_writable(about: str, folder: Path) -> HealthFinding:
    """Whether a folder can be written, or the nearest above it that exists; nothing is made."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    may = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return HealthFinding(
        about=about,
        health=Health.FINE if may else Health.LACKING,
        template=N_("{folder} can be written") if may else N_("{folder} cannot be written (see {there})"),
        facts={"folder": store_files.display_path(folder), "there": store_files.display_path(there)},
        mend_command="" if may else _permissions_command(there),
    )


def check_network(folder: Path, mounts: str) -> HealthFinding:
    """Whether a folder lies on a network disk, where the store refuses to be; `mounts` as in /proc/mounts."""
    kind = store_files.network_file_system(folder, mounts)
    return HealthFinding(
        about="network",
        health=Health.LACKING if kind else Health.FINE,
        template=N_("{folder} is on a network disk ({kind}), where answers can be lost")
        if kind
        else N_("{folder} is on a disk in this machine"),
        facts={"folder": store_files.display_path(folder), "kind": kind or ""},
        mend_command=_other_folder_command() if kind else "",
    )


def check_cloud(folder: Path) -> HealthFinding:
    """Whether a service copies the folder elsewhere while answers are written."""
    cloud = store_files.find_cloud_folder(folder)
    return HealthFinding(
        about="cloud",
        health=Health.NOTE if cloud else Health.FINE,
        template=N_("{folder} is copied by {service}, which can damage the store and shares what people wrote")
        if cloud
        else N_("{folder} is not copied by any service recognised by its name"),
        facts={"folder": store_files.display_path(folder), "service": cloud.service if cloud else ""},
        mend_command=_other_folder_command() if cloud else "",
    )


def check_sqlite(version: tuple[int, int, int]) -> HealthFinding:
    """Which SQLite this is.

    3.7.0 to 3.51.2 can lose a commit when two write to one file; 3.44.6 and 3.50.7 are mended. One writes here.
    """
    return HealthFinding(
        about="sqlite",
        health=Health.FINE,
        template=N_("SQLite {version}, which wants one writer at a time and has one; let no other program write there")
        if may_lose_commits(version)
        else N_("SQLite {version}"),
        facts={"version": ".".join(map(str, version))},
    )


def check_encoding(name: str) -> HealthFinding:
    """Whether å, ä and ö reach the screen as they are; `name` is the output's encoding."""
    complete = name.lower().replace("-", "").replace("_", "") == "utf8"
    return HealthFinding(
        about="encoding",
        health=Health.FINE if complete else Health.NOTE,
        template=N_("the terminal uses UTF-8")
        if complete
        else N_("the terminal uses {encoding}, which lacks some letters; they are shown as codes"),
        facts={"encoding": escape_controls(name)},
        mend_command="" if complete else "export PYTHONUTF8=1 LC_ALL=C.UTF-8",
    )


def _check_data_folders() -> tuple[HealthFinding, ...]:
    """The findings about the folder of the answers and the one of the cache."""
    try:
        data, cache = paths.data_folder().absolute(), paths.cache_folder().absolute()
    except (ImportError, RuntimeError):  # platformdirs is lacking, or there is no home folder
        return (_no_data_folder(),)
    mounts = store_files.MOUNTS.read_text("utf-8", "surrogateescape") if store_files.MOUNTS.is_file() else ""
    return (
        check_writable("data", data),
        check_writable("cache", cache),
        check_network(data.resolve(), mounts),
        check_cloud(data.resolve()),
    )


def _no_data_folder() -> HealthFinding:
    template = N_("no folder for the answers can be found on this machine")
    return HealthFinding(about="data", health=Health.LACKING, template=template, mend_command=_other_folder_command())


def _checkout_root() -> Path | None:
    """The checkout that this runs from; None where it was installed from a wheel."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "uv.lock").is_file() else None


def _install_libraries_command() -> str:
    """The command for this machine's package manager; conda's where none of them is known."""
    checkout = _checkout_root()
    if checkout and shutil.which("apt-get"):
        return f"sh {_shell_quoted(checkout / 'assessor' / 'start.sh')} doctor"
    if sys.platform == "win32" or (sys.platform == "darwin" and not shutil.which("brew")):
        return f"{_shell_quoted(sys.executable)} -m pip install gstreamer-libs"
    for program, command in _INSTALLERS.items():
        if shutil.which(program):
            root = program == "brew" or is_administrator()
            return command if root else f"sudo {command}"
    return "conda install -c conda-forge pango"


def _install_fonts_command() -> str:
    """The command that installs fonts for most scripts; empty where no package manager of a known kind is."""
    if not shutil.which("apt-get"):
        return ""
    return (
        f"{'' if is_administrator() else 'sudo '}apt-get install -y fonts-noto-core fonts-droid-fallback fonts-symbola"
    )


def _reinstall_command() -> str:
    """The command that installs the Python packages anew."""
    checkout = _checkout_root()
    if checkout:
        return f"rm -rf {_shell_quoted(sys.prefix)}; sh {_shell_quoted(checkout / 'assessor' / 'start.sh')} doctor"
    wheel = f"assessor-{__version__}-py3-none-any.whl"  # on no index: the file that it was installed from
    return f"{_shell_quoted(sys.executable)} -m pip install --force-reinstall {wheel}"


def _restore_command(folder: Path) -> str:
    """The command that brings back a file of ours: from git in a checkout, else from the wheel."""
    checkout = _checkout_root()
    if checkout and folder.is_relative_to(checkout):
        return f"git -C {_shell_quoted(checkout)} checkout -- {_shell_quoted(folder.relative_to(checkout))}"
    return _reinstall_command()


def _permissions_command(there: Path) -> str:
    """The command that lets the owner write; another folder where it belongs to somebody else."""
    mine = there.is_dir() and is_own(there)
    return f"chmod u+rwx {_shell_quoted(there)}" if mine else _other_folder_command()


def _other_folder_command() -> str:
    return 'export ASSESSOR_HOME="$HOME/assessor-answers"'


def _shell_quoted(path: object) -> str:
    return shlex.quote(escape_controls(str(path)))
