"""Named outputs are whole or absent, private, never over another file, and never outside."""

import errno
import os
import resource
import stat
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor import output_files
from assessor.output_files import (
    CannotWrite,
    OutputExists,
    WrongEnding,
    default_folder,
    opening_command,
    require_ending,
    safe_file_name,
    write_new,
)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_whole_and_for_its_owner_only(tmp_path):
    old = os.umask(0o022)
    try:
        written = write_new(tmp_path / "report.pdf", b"whole")
    finally:
        os.umask(old)

    assert written.read_bytes() == b"whole"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert _names(tmp_path) == ["report.pdf"]


def test_a_file_that_is_there_stays_until_told(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")

    with pytest.raises(OutputExists) as refused:
        write_new(path, b"new")

    assert path.read_bytes() == b"old"
    assert refused.value.exit_code == 73
    assert write_new(path, b"new", overwrite=True).read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _names(tmp_path) == ["report.pdf"]


def test_a_link_to_nowhere_counts_as_there(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OutputExists):
        write_new(tmp_path / "link", b"new")

    assert _names(tmp_path) == ["link"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_folder_and_a_device_are_never_replaced(tmp_path, overwrite):
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(CannotWrite):
            write_new(path, b"new", overwrite=overwrite)

    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    assert _names(tmp_path) == ["pipe"]


@pytest.mark.parametrize("name", ["lacking/report.pdf", "a\0b", "x" * 300])
def test_what_cannot_be_a_file_is_refused_by_name_and_leaves_nothing(tmp_path, name):
    with pytest.raises(CannotWrite) as refused:
        write_new(tmp_path / name, b"new")

    assert refused.value.exit_code == 73
    assert "\0" not in str(refused.value)
    assert _names(tmp_path) == []


def test_a_folder_one_may_not_write_in_is_said_plainly(tmp_path):
    # Root may write anywhere, so root becomes nobody, once inside.
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    script = (
        "import os, sys, pathlib; from assessor.output_files import write_new, CannotWrite\n"
        "os.chdir(sys.argv[1])\n"
        "os.getuid() or (os.setgroups([]), os.setgid(65534), os.setuid(65534))\n"
        "try: write_new(pathlib.Path('report.pdf'), b'x')\n"
        "except CannotWrite as error: sys.exit(f'{error.exit_code} {error.facts[\"reason\"]}')\n"
    )
    done = subprocess.run([sys.executable, "-c", script, closed], capture_output=True, text=True, check=False)

    assert done.stderr == "73 Permission denied\n"
    assert _names(closed) == []


def test_a_full_disk_leaves_the_old_file_and_no_scrap(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(CannotWrite):
            write_new(path, b"x" * 1_000_000, overwrite=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["report.pdf"]


def test_where_there_are_no_hard_links_an_existing_file_still_stays(tmp_path, monkeypatch):
    def no_links(self, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    assert write_new(tmp_path / "a", b"one").read_bytes() == b"one"
    with pytest.raises(OutputExists):
        write_new(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert _names(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [errno.EEXIST, errno.EPERM], ids=["hard links", "no hard links"])
def test_a_file_that_comes_while_another_is_written_stays(tmp_path, monkeypatch, error):
    def quicker(self, target):
        self.write_bytes(b"one")
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(Path, "hardlink_to", quicker)

    with pytest.raises(OutputExists):
        write_new(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert _names(tmp_path) == ["a"]


def test_of_many_at_once_exactly_one_writes(tmp_path):
    outcomes: list[str] = []

    def attempt(number: int) -> None:
        try:
            write_new(tmp_path / "report.pdf", f"{number}".encode() * 1000)
            outcomes.append(f"{number}")
        except OutputExists:
            outcomes.append("refused")

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [outcome for outcome in outcomes if outcome != "refused"]
    assert (tmp_path / "report.pdf").read_text() == winner * 1000
    assert len(outcomes) == 8
    assert _names(tmp_path) == ["report.pdf"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Storvikens bibliotek", "Storvikens bibliotek.pdf"),
        ("../../etc/cron.d/x", "etc-cron.d-x.pdf"),
        ("/", "assessor.pdf"),
        ("", "assessor.pdf"),
        ("...", "assessor.pdf"),
        ("-rf", "rf.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.tar", "_nul.tar.pdf"),
        ("Console", "Console.pdf"),
        ("two\nlines\x1b[2J", "two lines [2J.pdf"),
        ("a\u202egpj", "agpj.pdf"),
        ("A\u030angermanland", "Ångermanland.pdf"),
        ("C:\\temp\\a", "C-temp-a.pdf"),
        ("x" * 300, "x" * 76 + ".pdf"),
        ("half \ud800", "half.pdf"),
    ],
)
def test_a_library_s_name_becomes_a_plain_file_name(text, name):
    assert safe_file_name(text, ".pdf") == name


@given(st.text(st.characters(), max_size=300))
def test_no_name_is_a_path_empty_hidden_or_too_long(text):
    name = safe_file_name(text, ".json")

    assert name == unicodedata.normalize("NFC", name)
    assert name.endswith(".json")
    assert len(name) <= 80
    assert len(name.encode()) <= 255
    assert name[0] not in ".- ~"
    assert not set(name) & set('/\\<>:"|?*\0\n')
    assert not any(unicodedata.category(char).startswith("C") for char in name)


@pytest.mark.parametrize(("name", "ending"), [("a.pdf", "pdf"), ("a.b.DOCX", "docx")])
def test_the_ending_of_a_name_says_what_is_written(name: str, ending: str) -> None:
    assert require_ending(Path(name), ("docx", "pdf")) == ending


@pytest.mark.parametrize(
    ("name", "better"),
    [("a", "a.docx / a.pdf"), ("a.png", "a.docx / a.pdf"), ("Mr. Ek & Co", "Mr. Ek & Co.docx / Mr. Ek & Co.pdf")],
)
def test_any_other_ending_is_refused_with_a_better_name(name: str, better: str) -> None:
    with pytest.raises(WrongEnding) as refused:
        require_ending(Path(name), ("docx", "pdf"))

    assert str(refused.value) == f"{name} does not end in .docx / .pdf, which is what is written here; name it {better}"


def test_nothing_is_put_beside_the_program_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_documents_path", lambda: tmp_path)
    monkeypatch.chdir(Path(output_files.__file__).parents[1])
    documents = default_folder()
    monkeypatch.chdir(tmp_path)

    assert (documents, default_folder()) == (tmp_path, Path())


def test_a_person_is_told_how_to_open_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setenv("DISPLAY", ":0")
    file = tmp_path / "a report.pdf"
    desktop = opening_command(file)
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

    assert desktop == f"xdg-open '{file}'"
    assert opening_command(file) == file.as_uri()
