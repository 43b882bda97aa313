"""What making a report leaves on the machine beside the report: nothing that anybody answered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from report_values import MIXED

from assessor import bank
from assessor.store import Store

#: Stands in every answer that is a text.
CANDID = "Kvastfening"

#: Runs a command; prints each path that Python opens for writing meanwhile.
TRACED = """
import os, sys
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def trace(event, args):
    if event == "open" and isinstance(args[0], (str, bytes)) and args[2] & WRITING:
        written.append(os.fsdecode(args[0]))
written = []
sys.addaudithook(trace)
from assessor.cli import run
code = run(sys.argv[1:])
print("\\n", *written, sep="\\n")
sys.exit(code)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A home folder with a store in which every text of a library's holds a word that stands nowhere else."""
    with Store.open(tmp_path / "data" / "assessor" / "assessor.db", create=True) as store:
        instrument, snapshot = bank.open_bank("dokk1").instrument, bank.open_bank("dokk1").snapshot
        for number, responses in enumerate(MIXED[:3]):
            made = store.add_collaboration(f"{CANDID} bibliotek", f"{CANDID} förening {number}", f"{CANDID} kväll")
            id_ = store.begin_assessment(made.id, instrument, snapshot)
            for item, response in responses.items():
                store.record_entry(id_, "response", item, response)
                store.record_entry(id_, "note", item, f"{CANDID} anteckning")
    for folder in ("cache", "config", "state", "run", "tmp", "out"):
        (tmp_path / folder).mkdir()
    return tmp_path


def written_by(machine: Path, *command: str) -> set[str]:
    """The paths that a command wrote to, from the home folder."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "ASSESSOR_HOME"},
        **{f"XDG_{name.upper()}_HOME": str(machine / name) for name in ("cache", "config", "data", "state")},
        **{"HOME": str(machine), "TMPDIR": str(machine / "tmp"), "XDG_RUNTIME_DIR": str(machine / "run")},
        "ASSESSOR_LANG": "sv",
    }
    told = subprocess.run(
        (sys.executable, "-c", TRACED, *command),
        env=environment,
        cwd=machine / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    paths = told.stdout.rpartition("\n\n")[2].split()
    return {os.path.relpath(machine / "out" / path, machine) for path in paths if path != os.devnull}


def holding_candid_text(machine: Path) -> set[str]:
    """The folders of files that hold the word, in any of the ways in which a program writes text, or are documents."""
    signs = [*(CANDID.encode(encoding) for encoding in ("utf-8", "utf-16-le")), b"%PDF", b"PK\3\4"]
    files = [path for path in machine.rglob("*") if path.is_file()]
    return {str(path.parent.relative_to(machine)) for path in files if any(sign in path.read_bytes() for sign in signs)}


def test_a_report_is_written_once_and_nothing_of_it_is_kept_elsewhere(machine: Path) -> None:
    written_by(machine, "demo")  # compiles templates, declarations and the bank
    (machine / "out" / "assessor demo.pdf").unlink()

    written = written_by(machine, "report", "-o", "report.pdf")

    assert {path.partition(".")[0] for path in written} <= {"cache/assessor/banks/", "data/assessor/assessor", "out/"}
    assert holding_candid_text(machine) == {"data/assessor", "out"}


@pytest.mark.full
def test_so_is_every_other_document(machine: Path) -> None:
    written_by(machine, "report", "--all-documents", "-o", "folder")

    assert holding_candid_text(machine) == {"data/assessor", "out/folder"}
