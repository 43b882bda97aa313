"""The commands for many: what they write, what they say, and how they end."""

import json
import os
import subprocess
import sys

import pytest

from assessor import bank
from assessor.bank import open_bank
from assessor.scale.ledger import LEDGER_FILE
from assessor.scale.rules_sql import rules_expression
from assessor.setup.commands import checkout_folder, start_command
from assessor.store import Store
from assessor.usecases.assessments import Assessments, new_key


@pytest.fixture
def run(tmp_path):
    def run_(*arguments, **environment):
        env = {**os.environ, "ASSESSOR_HOME": str(tmp_path / "home"), "ASSESSOR_LANG": "en", **environment}
        command = (sys.executable, "-m", "assessor", *map(str, arguments))
        return subprocess.run(command, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, check=False)

    return run_


def said(done):
    """The last line; on a slow machine, progress stands above it."""
    return done.stderr.splitlines()[-1]


def test_a_file_is_placed_and_the_standard_output_stays_empty(run, tmp_path):
    (tmp_path / "in.csv").write_text("id;creation\r\na;joint\r\nb;\r\n", encoding="utf-8")
    done = run("place", "in.csv", "-o", "out.jsonl", "--as", "bits")

    assert (done.returncode, done.stdout) == (0, "")
    assert [json.loads(line)["placements"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == [63, 63]
    assert done.stderr.splitlines()[1:] == [
        *("  1 = strategic", "  2 = service", "  4 = network", "  8 = supplier", "  16 = customer", "  32 = outside"),
        "Written: out.jsonl (2 rows)",
    ]
    again = run("place", "in.csv", "-o", "out.jsonl")
    assert (again.returncode, "exists already" in again.stderr) == (73, True)


def test_of_several_files_the_bad_one_is_named_and_the_command_fails_in_the_end(run, tmp_path):
    (tmp_path / "a.csv").write_text("id,creation\n1,joint\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,creation\n1,x\n", encoding="utf-8")
    first = run("place", "a.csv", "b.csv", "-o", "out", "--to", "csv")

    assert first.returncode == 1
    assert "Not done: " in first.stderr
    assert "row 2, creation: 'x' is not one of" in first.stderr
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["a.csv", LEDGER_FILE]
    (tmp_path / "b.csv").write_text("id,creation\n1,ready\n", encoding="utf-8")
    second = run("place", "a.csv", "b.csv", "-o", "out", "--to", "csv")
    assert (second.returncode, said(second)) == (0, "Done now: 1. Done before: 1. Not done: 0.")


def test_parquet_without_an_output_says_what_to_add(run):
    assert (run("place", "a.parquet").returncode, "add -o" in run("place", "a.parquet").stderr) == (2, True)


def test_the_rules_are_printed_as_sql(run):
    assert run("bank", "sql").stdout == rules_expression(bank.open_bank("dokk1").instrument) + "\n"
    assert run("bank", "sql", "winwin", "--from", "answers").stdout.endswith("FROM answers AS answers\n")


def test_every_collaboration_gets_a_report_and_none_twice(run, tmp_path):
    with Store.open(tmp_path / "home" / "assessor.db", create=True) as store:
        library = Assessments(store, "Exempelbiblioteket", open_bank("dokk1"))
        for name in ("Exempelföreningen", "Provskolan"):
            opened = library.begin(library.add_collaboration(name, ""))
            library.respond(opened, "creation", "joint", new_key())
    first = run("report", "--each", "-o", "out")

    assert (first.returncode, said(first)) == (0, "Done now: 2. Done before: 0. Not done: 0.")
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "Exempelföreningen.pdf",
        "Provskolan.pdf",
        LEDGER_FILE,
    ]
    assert said(run("report", "--each", "-o", "out")) == "Done now: 0. Done before: 2. Not done: 0."
    assert run("report", "--each").returncode == 2


def test_what_is_not_set_up_is_told_with_the_command_that_fetches_it(run, tmp_path):
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "duckdb.py").write_text("raise ModuleNotFoundError('no', name='duckdb')", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path / "hidden"), *filter(None, sys.path)))
    (tmp_path / "in.csv").write_text("id,creation\n", encoding="utf-8")
    here = run("place", "in.csv", "-o", "out.csv", PYTHONPATH=path, ASSESSOR_COMMAND="sh assessor/start.sh")
    there = run("place", "in.csv", "-o", "out.csv", PYTHONPATH=path, ASSESSOR_COMMAND="")

    assert (here.returncode, there.returncode) == (69, 69)
    assert here.stderr.endswith("install them with: sh assessor/start.sh --group scale doctor\n")
    assert there.stderr.endswith(f"install them with: {start_command(checkout_folder())} --group scale doctor\n")
