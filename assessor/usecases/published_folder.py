"""A folder of static files with which a browser runs the whole program: any HTTPS site can serve it.

Python itself comes from the npm package `pyodide`, checked against a pinned digest; this program and the libraries that
its pages need are copied as they are installed here. Libraries are pure Python there. Files lie packed.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from assessor import resources
from assessor.bank import Bank
from assessor.errors import N_, AssessorError
from assessor.language import LANGUAGES
from assessor.output_files import CannotWrite
from assessor.report.browser_shell import POLICY, browser_shell
from assessor.resources import templates_folder
from assessor.safe_text import escape_controls
from assessor.usecases.browser_wheels import spreadsheet_wheel

PYODIDE: Final = "pyodide@314.0.7"
PYODIDE_SHA256: Final = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"

#: From the npm package, and the media type that a browser needs.
_RUNTIME: Final = {
    "pyodide.mjs": "text/javascript",
    "pyodide.asm.mjs": "text/javascript",
    "pyodide.asm.wasm": "application/wasm",
    "python_stdlib.zip": "application/zip",
    "pyodide-lock.json": "application/json",
}
#: Of Python's own library, what no page needs.
_UNUSED_OF_PYTHON: Final = (
    *("_pyrepl/", "unittest/", "xmlrpc/", "wsgiref/", "ensurepip/", "venv/", "idlelib/", "pydoc_data/", "test/"),
    *("pdb.py", "doctest.py", "imaplib.py", "mailbox.py", "poplib.py", "smtplib.py", "ftplib.py", "turtle"),
    *("encodings/mac_", "encodings/iso2022", "encodings/iso8859_", "encodings/cp7", "encodings/cp8", "encodings/cp10"),
)
#: Of those, what spreadsheets (CSV) and forms may be written in.
_USED_OF_PYTHON: Final = ("encodings/cp850.py", "encodings/mac_roman.py")
#: The libraries that the pages import.
LIBRARIES: Final = (
    *("anyio", "babel", "filelock", "idna", "jinja2", "markupsafe", "pydyf", "pyyaml", "segno", "starlette"),
    "typing_extensions",
)
#: Libraries that only spreadsheets and filled-in forms need: fetched once such a file is asked for, as one part.
_LATER: Final = ("pypdf", "xlsxwriter")
_PART: Final = "files.tar"
#: Babel's data: our languages, and what theirs are laid over.
_LOCALES: Final = {*LANGUAGES, "root", "no", "en_001", "en_150", "en_GB"}
#: Parts of the program that no page needs.
_LEFT_OUT: Final = ("cli", "scale", "terminal", "web/deployment", "start.sh")
#: Our own files among what is published: each by its name among the templates.
_SCRIPTS: Final = {
    "browser_parts.js": "parts.js",
    "browser_shell.js": "shell.js",
    "browser_shell.css": "shell.css",
    "browser_worker.js": "worker.js",
}
#: Every file's time in the program: the compiled bank is found by the times of modules, and bytes stay the same.
_TIME: Final = 1_700_000_000


class FolderNotEmpty(AssessorError):
    """A folder to publish that holds something already."""

    template = N_("{folder} holds something already and was left as it is; name a new or an empty folder")
    exit_code = 73


class RuntimeNotFetched(AssessorError):
    """Python for browsers could not be fetched, or is not what was expected."""

    template = N_("{package} could not be fetched ({why}); it needs npm and a network, or the file with --pyodide")
    exit_code = 69


@dataclass(frozen=True, slots=True)
class Published:
    """A folder that was written."""

    files: int
    #: What a first visit fetches, and what is fetched once files are taken in or out that need it.
    packed_bytes: int
    later_bytes: int
    #: Whether workbooks (XLSX, ODS) are read there: what reads them could be had.
    reads_workbooks: bool


def publish_folder(folder: Path, bank: Bank, *, contact: str, language: str, runtime: Path | None) -> Published:
    """Write everything, or nothing; raises `FolderNotEmpty`, `RuntimeNotFetched` or `CannotWrite`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder=escape_controls(str(folder)))
    facts = {"bank": bank.name, "contact": contact, "language": language}
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".assessor-publish-", dir=folder.parent) as name:
            work = Path(name)
            files = {**_runtime_files(runtime or _fetch(work)), "program.tar": _program(work / "program", bank)}
            wheel = spreadsheet_wheel(runtime.parent if runtime else None, work)
            later = {_PART: _files_part(work / "part", wheel)}
            first_bytes, later_bytes = _write_site(work / "site", files, later, facts)
            count = sum(1 for each in (work / "site").rglob("*") if each.is_file())
            if folder.exists():
                folder.rmdir()
            (work / "site").rename(folder)
    except OSError as problem:
        reason = escape_controls(problem.strerror or str(problem))
        raise CannotWrite(path=escape_controls(str(folder)), reason=reason) from problem
    return Published(count, first_bytes, later_bytes, reads_workbooks=wheel is not None)


def _fetch(work: Path) -> Path:
    """The npm package as an ordinary client fetches it."""
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeNotFetched(package=PYODIDE, why="npm")
    command = [npm, "pack", PYODIDE, "--pack-destination", str(work)]
    try:
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=600)  # noqa: S603 - our own words
    except (subprocess.SubprocessError, OSError) as problem:
        raise RuntimeNotFetched(package=PYODIDE, why=escape_controls(str(problem))) from problem
    return next(work.glob("*.tgz"))


def _runtime_files(package: Path) -> dict[str, bytes]:
    """Python for browsers out of the npm package; raises `RuntimeNotFetched` where it is another one."""
    try:
        data = package.read_bytes()
    except OSError as problem:
        raise RuntimeNotFetched(package=PYODIDE, why=problem.strerror) from problem
    if hashlib.sha256(data).hexdigest() != PYODIDE_SHA256:
        raise RuntimeNotFetched(package=PYODIDE, why="SHA-256")
    with tarfile.open(fileobj=BytesIO(data), mode="r:gz") as archive:
        members = {name: archive.extractfile(f"package/{name}") for name in _RUNTIME}
        files = {name: member.read() for name, member in members.items() if member}
    lock = json.loads(files["pyodide-lock.json"])
    files["pyodide-lock.json"] = json.dumps({**lock, "packages": {}}).encode()  # none is ever asked for
    return {**files, "python_stdlib.zip": _needed_of(files["python_stdlib.zip"])}


def _needed_of(library: bytes) -> bytes:
    """The standard library without what only developers and servers use; stored, as the whole is packed anyway."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(library)) as read, zipfile.ZipFile(written, "w") as kept:
        for entry in read.infolist():
            if entry.filename in _USED_OF_PYTHON or not entry.filename.startswith(_UNUSED_OF_PYTHON):
                kept.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), read.read(entry))
    return written.getvalue()


def _program(stage: Path, bank: Bank) -> bytes:
    """This program, its libraries and the compiled bank, as one archive whose bytes depend on nothing else."""
    package = Path(resources.__file__).parent
    shutil.copytree(package, stage / "assessor", ignore=shutil.ignore_patterns("__pycache__", "*.po", "*.md", "_data"))
    for part in _LEFT_OUT:
        path = stage / "assessor" / part
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    data = stage / "assessor" / "_data"
    shutil.copytree(templates_folder(), data / "report_templates", ignore=shutil.ignore_patterns("*.png", "browser_*"))
    shutil.copytree(bank.folder or resources.questions_folder() / bank.name, data / "questions" / bank.name)
    _copy_libraries(stage, LIBRARIES)
    _set_times(stage)
    _compile_bank(stage, bank.name)
    return _archived(stage)


def _files_part(stage: Path, wheel: bytes | None) -> bytes:
    """What takes spreadsheets and forms in and out."""
    _copy_libraries(stage, _LATER)
    if wheel:
        with zipfile.ZipFile(BytesIO(wheel)) as packed:
            packed.extractall(stage)  # noqa: S202 - its digest is pinned
    return _archived(stage)


def _copy_libraries(stage: Path, libraries: Iterable[str]) -> None:
    for source, target in _library_files(libraries):
        (stage / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, stage / target)


def _library_files(libraries: Iterable[str]) -> Iterator[tuple[Path, Path]]:
    """Each file of the libraries as installed here, and its place."""
    for library in libraries:
        for file in metadata.files(library) or ():
            path = Path(str(file))
            if ".." not in path.parts and _is_needed(path):
                yield Path(str(file.locate())), path


def _is_needed(path: Path) -> bool:
    """Python's own files, licences, and the locales of our languages."""
    if path.parent.name == "locale-data":
        return path.stem in _LOCALES
    return path.suffix in (".py", ".dat") or "license" in path.as_posix().lower()


def _set_times(stage: Path) -> None:
    for path in stage.rglob("*"):
        os.utime(path, (_TIME, _TIME))


def _compile_bank(stage: Path, bank: str) -> None:
    """Fill the cache that the program finds in the browser, so that nothing is parsed there."""
    script = (
        f"from assessor.bank import open_bank; bank = open_bank({bank!r}); bank.require_instrument(); "
        "[bank.nearest_wording(code) for code in bank.languages]; bank.sides if bank.has_party_side else None"
    )
    environment = {**os.environ, "ASSESSOR_HOME": str(stage / "home"), "PYTHONPATH": str(stage)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", script]
    subprocess.run(command, env=environment, check=True, timeout=300, cwd=stage)  # noqa: S603 - this program itself


def _archived(stage: Path) -> bytes:
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(each for each in stage.rglob("*") if each.is_file()):
            member = tarfile.TarInfo(path.relative_to(stage).as_posix())
            member.size, member.mtime, member.mode = path.stat().st_size, _TIME, 0o644
            archive.addfile(member, BytesIO(path.read_bytes()))
    return written.getvalue()


def _write_site(site: Path, files: dict[str, bytes], later: dict[str, bytes], facts: dict[str, Any]) -> tuple[int, int]:
    """The folder's files, packed or as a browser asks for them; the bytes of a first visit, and of what comes later.

    The service worker's name has the version in it, so that a newer folder changes nothing until a person takes it.
    """
    (site / "published").mkdir(parents=True)
    ours = {target: (templates_folder() / "web" / name).read_bytes() for name, target in _SCRIPTS.items()}
    service = (templates_folder() / "web" / "browser_service.js").read_bytes()
    listed = [_packed(site, f"published/{name}", data) for name, data in {**files, **ours}.items()]
    parts = [_packed(site, f"published/{name}", data) for name, data in later.items()]
    version = hashlib.sha256(json.dumps([listed, parts, facts]).encode() + service + browser_shell(facts)).hexdigest()[
        :16
    ]
    shell = browser_shell({**facts, "version": version})
    listed.append(_packed(site, "index.html", shell))
    for name, data in ours.items():
        (site / "published" / name).write_bytes(data)
    (site / "index.html").write_bytes(shell)
    (site / f"service-worker-{version}.js").write_bytes(service)
    manifest = json.dumps({"version": version, "files": listed, "later": parts})
    (site / "published" / "manifest.json").write_text(manifest, encoding="utf-8")
    headers = f"/*\n  Content-Security-Policy: {POLICY}; frame-ancestors 'self'\n  Referrer-Policy: no-referrer\n"
    (site / "_headers").write_text(headers + "  X-Content-Type-Options: nosniff\n", encoding="utf-8")
    return sum(each["packed"] for each in listed), sum(each["packed"] for each in parts)


_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".tar": "application/x-tar",
}


def _packed(site: Path, address: str, data: bytes) -> dict[str, Any]:
    """A file written packed, as the manifest lists it."""
    name = Path(address).name
    packed = gzip.compress(data, 9, mtime=0)
    (site / "published" / f"{name}.gz").write_bytes(packed)
    kind = _RUNTIME.get(name) or _MEDIA_TYPES[Path(name).suffix]
    digest = hashlib.sha256(data).hexdigest()
    return {"name": name, "path": address, "packed": len(packed), "sha256": digest, "type": kind}
