"""What the doctor finds, and the one command that mends it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assessor import __version__, doctor
from assessor.doctor import Health, HealthFinding

ROOT = Path(__file__).parent.parent.parent
NOWHERE = 'export ASSESSOR_HOME="$HOME/assessor-answers"'


def plainly(message: str) -> str:
    return message


def seen(finding: HealthFinding) -> tuple[str, Health, str]:
    return finding.about, finding.health, finding.message(plainly)


def test_this_machine_lacks_nothing_that_the_tests_need(monkeypatch, tmp_path):
    monkeypatch.setenv("ASSESSOR_HOME", str(tmp_path / "not made"))
    found = doctor.run_checks()

    assert [each.about for each in found if each.health is Health.LACKING] == []
    assert [each.about for each in found] == [
        *("python", "packages", "pango", "harfbuzz-subset", "questions", "fonts", "letters"),
        *("data", "cache", "network", "cloud", "sqlite", "encoding"),
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_does_not_load_is_named_with_a_command_that_installs_it():
    whole, smaller = doctor.check_libraries({"Pango": ("libno-such-pango.so.0", "no-such-pango")}, ("no-such-subset",))

    assert seen(whole) == ("pango", Health.LACKING, "no PDF without these libraries: Pango")
    assert seen(smaller)[:2] == ("harfbuzz-subset", Health.NOTE)
    assert whole.mend_command == smaller.mend_command
    assert re.search(r"start\.sh|pango", whole.mend_command)


def test_a_missing_package_is_named_with_a_command_that_brings_it_back():
    finding = doctor.check_packages(("json", "no_such_package"))

    assert seen(finding) == ("packages", Health.LACKING, "Python packages not found: no_such_package")
    assert finding.mend_command.endswith("start.sh doctor")


@pytest.mark.parametrize(
    ("version", "wants_one"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
    ],
)
def test_sqlite_is_told_to_want_one_writer_where_two_can_lose_a_commit_and_frightens_nobody(version, wants_one):
    finding = doctor.check_sqlite(version)

    assert ("wants one writer" in finding.message(plainly)) is wants_one
    assert finding.health is Health.FINE


def test_what_is_as_it_should_be_is_three_lines_and_what_is_not_stands_below(tmp_path):
    fine = (doctor.check_python((3, 11)), doctor.check_sqlite((3, 40, 1)), doctor.check_writable("data", tmp_path))
    note = doctor.check_encoding("cp437")

    assert [each.message(plainly) for each in doctor.summarize_checks(fine)] == [
        "assessor is installed as it should be",
        "PDFs can be made",
        f"answers are kept safely in {tmp_path}",
    ]
    assert doctor.summarize_checks((*fine, note))[-1] == note
    assert len(doctor.summarize_checks((*fine, note))) == 3


def test_a_python_before_3_11_is_lacking():
    assert seen(doctor.check_python((3, 10))) == ("python", Health.LACKING, "Python 3.10 is older than 3.11")
    assert seen(doctor.check_python((3, 11))) == ("python", Health.FINE, "Python 3.11")


def test_a_folder_below_a_file_cannot_be_written(tmp_path):
    (tmp_path / "taken").write_text("")
    finding = doctor.check_writable("data", tmp_path / "taken" / "answers")

    assert seen(finding)[:2] == ("data", Health.LACKING)
    assert finding.mend_command == NOWHERE


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_of_mine_that_is_shut_is_opened_by_its_command(tmp_path):
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    finding = doctor.check_writable("data", shut / "answers")
    subprocess.run(["sh", "-c", finding.mend_command], check=True)

    assert (finding.health, doctor.check_writable("data", shut / "answers").health) == (Health.LACKING, Health.FINE)


def test_answers_on_a_network_disk_are_sent_elsewhere():
    mounts = "disk / ext4 rw 0 0\nserver:/homes /srv/homes nfs4 rw 0 0\n"
    there = doctor.check_network(Path("/srv/homes/anna/assessor"), mounts)

    assert seen(there) == (
        "network",
        Health.LACKING,
        "/srv/homes/anna/assessor is on a network disk (nfs4), where answers can be lost",
    )
    assert there.mend_command == NOWHERE
    assert doctor.check_network(Path("/srv/assessor"), mounts).health is Health.FINE


def test_answers_in_a_copied_folder_are_a_note():
    assert seen(doctor.check_cloud(Path("/srv/anna/Dropbox/assessor"))) == (
        "cloud",
        Health.NOTE,
        "/srv/anna/Dropbox/assessor is copied by Dropbox, which can damage the store and shares what people wrote",
    )
    assert doctor.check_cloud(Path("/srv/anna/assessor")).health is Health.FINE


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf_8"])
def test_utf_8_is_fine_by_any_of_its_names(name):
    assert doctor.check_encoding(name).health is Health.FINE


def test_an_encoding_that_lacks_letters_is_a_note():
    assert seen(doctor.check_encoding("cp437")) == (
        "encoding",
        Health.NOTE,
        "the terminal uses cp437, which lacks some letters; they are shown as codes",
    )


def test_lost_templates_are_brought_back_from_the_checkout():
    finding = doctor.check_resource("fonts", ROOT / "report_templates" / "gone", "*.ttf")

    assert finding.health is Health.LACKING
    assert finding.mend_command.endswith("checkout -- report_templates/gone") or "install" in finding.mend_command


def test_an_installed_program_is_put_right_by_the_wheel_that_it_came_from(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "__file__", str(tmp_path / "assessor" / "doctor.py"))

    assert doctor.check_packages(("no_such_package",)).mend_command == (
        f"{sys.executable} -m pip install --force-reinstall assessor-{__version__}-py3-none-any.whl"
    )


def test_what_steers_a_terminal_never_reaches_it_through_a_folders_name(tmp_path):
    named = doctor.check_writable("data", tmp_path / "a\x1b[2Jb")

    assert "\x1b" not in named.message(plainly) + named.mend_command


def test_the_doctor_imports_nothing_that_it_looks_for():
    looks = (
        "import json, sys; from assessor import doctor; doctor.run_checks(); "
        "print(json.dumps([name for name in doctor.PACKAGES if name in sys.modules]))"
    )
    said = subprocess.run([sys.executable, "-c", looks], capture_output=True, text=True, check=True).stdout

    assert set(json.loads(said)) <= {"platformdirs"}
