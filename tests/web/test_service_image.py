"""The image for containers, built as its file says: of Debian and this checkout alone, and it serves."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_services import BASE, free_port, health

ROOT = Path(__file__).parents[2]
FILE = ROOT / "assessor" / "web" / "deployment" / "Containerfile"
#: Whom this machine believes; more than Debian's, where a network has a certificate of its own.
BELIEVED = Path("/etc/ssl/certs/ca-certificates.crt")
LACKING = [each for each in ("buildah", "debootstrap") if shutil.which(each) is None]
pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(bool(LACKING), reason=f"needs root: apt-get install {' '.join(LACKING)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]


def run(*words: str | Path, **given: object) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, **given)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{words}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return str(done.stdout)


def copied(folder: Path) -> None:
    """What the file copies, as a fresh checkout has it: without what was set up or compiled here."""
    folder.mkdir()
    lines = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("COPY ")]
    for name in (name for _copy, *names, _where in lines for name in names):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)


def debian(folder: Path) -> None:
    """`debian.tar` in the checkout, by the commands that the file's first lines name."""
    commands = [line.removeprefix("#     ") for line in FILE.read_text(encoding="utf-8").splitlines()[:9]]
    bootstrap, pack = [line for line in commands if line.startswith(("debootstrap ", "tar "))]
    run(*bootstrap.split(), cwd=folder)
    if BELIEVED.exists():
        added = folder / "debian" / "usr" / "local" / "share" / "ca-certificates"  # read when Debian's are installed
        added.mkdir()
        shutil.copy(BELIEVED, added / "machine.crt")
    run(*pack.split(), cwd=folder)
    shutil.rmtree(folder / "debian")


class Buildah:
    """buildah with images and containers of its own, in a folder."""

    def __init__(self, folder: Path) -> None:
        places = ("--root", folder / "images", "--runroot", folder / "run", "--storage-driver", "vfs")
        self.command: tuple[str | Path, ...] = ("buildah", *places)

    def __call__(self, *words: str | Path, **given: object) -> str:
        return run(*self.command, *words, **given)


@pytest.fixture
def container(tmp_path: Path) -> Iterator[tuple[Buildah, str]]:
    checkout, buildah = tmp_path / "checkout", Buildah(tmp_path)
    copied(checkout)
    debian(checkout)
    buildah("build", "--isolation", "chroot", "-f", FILE.relative_to(ROOT), "-t", "assessor", ".", cwd=checkout)
    name = buildah("from", "--pull-never", "localhost/assessor").strip()
    yield buildah, name
    buildah("rm", name)
    for each in (tmp_path / "images", checkout):  # a gigabyte that pytest would keep
        shutil.rmtree(each)


def test_the_image_is_built_as_its_file_says_and_serves_as_a_user_without_rights(container, tmp_path: Path):
    buildah, name = container
    made = json.loads(buildah("inspect", name))["OCIv1"]["config"]
    port = free_port()
    options = ("--bind", "127.0.0.1", "--port", str(port), "--base-url", BASE, "--trusted-proxy", "127.0.0.1")
    command = (*buildah.command, "run", "--isolation", "chroot", name, "--", *made["Entrypoint"], *options)
    with (tmp_path / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, text=True)
        told = health(process, port)
        who = buildah("run", "--isolation", "chroot", name, "--", "id", "-un").strip()
        process.send_signal(signal.SIGINT)
        process.wait(60)

    assert told == 204, (tmp_path / "log").read_text(encoding="utf-8")
    assert (who, made["User"], list(made["Volumes"])) == ("assessor", "assessor", ["/var/lib/assessor"])
