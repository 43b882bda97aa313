"""A wheel that is built, installed in an environment of its own, and run there."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def run(*command: str | Path, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """With nothing of this checkout on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ASSESSOR"))}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**kept, "ASSESSOR_HOME": str(home), "ASSESSOR_LANG": "en"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT, home=folder)

    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Runs a program of an environment that has the wheel, and beside it this environment's packages."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    where = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder, home=folder)
    site = Path(where.stdout.strip())
    (site / "beside.pth").write_text(sysconfig.get_path("purelib"))
    pip = {**os.environ, "PYTHONPATH": str(pip_wheel())}
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--disable-pip-version-check", wheel],
        env=pip,
        check=True,
    )
    return lambda program, *arguments: run(
        folder / "venv" / "bin" / program, *arguments, cwd=folder, home=folder / "home"
    )


def pip_wheel() -> Path:
    """The pip that every Python carries, in the place where this one keeps it; a set-up without root unpacks it."""
    ensurepip = Path(sysconfig.get_path("stdlib")) / "ensurepip" / "_bundled"
    debian = Path("usr", "share", "python-wheels")
    places = (ensurepip, Path("/") / debian, ROOT / ".local-root" / debian)
    wheels = (wheel for place in places for wheel in place.glob("pip-*.whl"))
    unpacked = ROOT / ".local-root" / "pip"
    return unpacked if unpacked.is_dir() else next(wheels)


def test_the_wheel_holds_what_runs_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    kinds = {Path(name).suffix for name in names}

    assert {re.sub(r"-[\d.]+\.dist-info", ".dist-info", top) for top in tops} == {"assessor", "assessor.dist-info"}
    assert kinds & {".pyc", ".pdf", ".sqlite", ".db", ".log"} == set()


@pytest.mark.parametrize("folder", ["questions", "report_templates", "assessor"])
def test_every_file_that_the_program_reads_is_in_the_wheel(wheel, folder):
    names = set(zipfile.ZipFile(wheel).namelist())
    within = "assessor" if folder == "assessor" else f"assessor/_data/{folder}"
    files = (file for file in (ROOT / folder).rglob("*") if file.is_file() and file.suffix != ".pyc")
    missing = [file for file in files if f"{within}/{file.relative_to(ROOT / folder).as_posix()}" not in names]

    assert missing == []


def test_the_licence_and_that_of_the_fonts_are_in_the_wheel(wheel):
    licences = {name.split("/licenses/")[1] for name in zipfile.ZipFile(wheel).namelist() if "/licenses/" in name}

    assert "LICENSE" in licences
    assert any(name.startswith("report_templates/shared/fonts/LICENSE") for name in licences)


def test_the_licence_is_the_whole_eupl_1_2():
    text = (ROOT / "LICENSE").read_text("utf-8")
    headings = [int(number) for number in re.findall(r"^(\d+)\. ?[A-Z]", text, re.MULTILINE)]

    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert headings == list(range(1, 16))
    assert text.rstrip().endswith(
        "All other changes or additions to this Appendix require the production of a new EUPL version."
    )


def test_the_installed_program_is_not_that_of_the_checkout(installed):
    where = installed("python", "-c", "import assessor.resources as r; print(r.__file__, r.questions_folder())").stdout

    assert str(ROOT) not in where
    assert "assessor/_data/questions" in where


def test_the_installed_program_tells_its_version(installed, wheel):
    said = installed("assessor", "--version")

    assert (said.returncode, said.stdout) == (0, f"assessor {wheel.name.split('-')[1]}\n")


def test_the_installed_program_lists_its_banks(installed):
    said = installed("assessor", "bank", "list")

    assert (said.returncode, said.stderr) == (0, "")
    assert "dokk1" in said.stdout


def test_the_installed_program_lacks_nothing(installed):
    said = installed("assessor", "doctor", "--json")

    assert (said.returncode, said.stderr) == (0, "")
    assert [json.loads(line)["about"] for line in said.stdout.splitlines() if '"lacking"' in line] == []
    assert len(said.stdout.splitlines()) > 10


def test_the_installed_program_makes_its_report(installed, tmp_path):
    out = tmp_path / "demo.pdf"
    said = installed("assessor", "demo", "-o", str(out))

    assert said.returncode == 0, said.stderr
    assert out.read_bytes().startswith(b"%PDF-")
