"""The commands: paper out, paper in, as whole processes."""

import json
import os
import shutil
import subprocess
import sys

import pypdf
import pytest
from papers import NAMES, fill


@pytest.fixture(scope="module")
def home(compiled, tmp_path_factory):
    """Where a report was made before: a bank is compiled, and the fonts are known."""
    return shutil.copytree(compiled, tmp_path_factory.mktemp("command") / "home")


@pytest.fixture
def assessor(tmp_path, home):
    def run(*arguments, **environment):
        env = {**os.environ, "ASSESSOR_HOME": str(home), "ASSESSOR_LANG": "en", **environment}
        command = (sys.executable, "-m", "assessor", *arguments)
        return subprocess.run(command, capture_output=True, encoding="utf-8", env=env, cwd=tmp_path, check=False)

    return run


def test_from_a_blank_form_to_a_placement(assessor, tmp_path):
    out = assessor("form", "--lang", "fi", "-o", "lomake.pdf")
    assert (out.returncode, out.stderr) == (0, "Kirjoitettu: lomake.pdf\n")

    values = NAMES | {"creation": "/joint", "contribution": "/both", "activity": "/recurring", "agreement": "/none"}
    (tmp_path / "täytetty.pdf").write_bytes(fill((tmp_path / "lomake.pdf").read_bytes(), values))
    taken = assessor("import", "täytetty.pdf", "lomake.pdf")
    assert taken.returncode == 0
    assert taken.stderr == (
        "Added: collaborations 1, assessments 1, answers and notes 4\n"
        "Nothing has been filled in in lomake.pdf, so nothing was added\n"
        "Forms that were filled in and saved with Firefox, Chrome, Edge, Acrobat Reader or Document Viewer come back "
        "whole.\n"
    )
    listed = json.loads(assessor("list", "--json").stdout)
    assert (listed["id"], listed["responses"]["activity"]) == ("Exempelkören · Sång på torget", "recurring")

    named = assessor("form", "--all", "-o", "named.pdf")
    assert named.returncode == 0
    assert pypdf.PdfReader(tmp_path / "named.pdf").get_fields()["name-party"]["/V"] == "Exempelkören"
    cards = assessor("cards", "-o", "cards.pdf")
    assert cards.returncode == 0
    assert "Exempelkören" in pypdf.PdfReader(tmp_path / "cards.pdf").pages[0].extract_text()


def test_what_is_refused_names_every_file_and_leaves_nothing_behind(assessor, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n")
    (tmp_path / "list.pdf").write_bytes(b"id;score\n")
    refused = assessor("import", "scan.pdf", "list.pdf")

    assert refused.returncode == 65
    assert refused.stderr.splitlines()[0] == "Nothing was imported; correct this and give the forms again:"
    assert [line.split(":")[0] for line in refused.stderr.splitlines()[1:]] == ["scan.pdf", "list.pdf"]
    assert "Traceback" not in refused.stderr


def test_a_poster_is_written_over_no_file(assessor, tmp_path):
    (tmp_path / "taken.pdf").write_bytes(b"mine")
    refused = assessor("poster", "-o", "taken.pdf")

    assert (refused.returncode, (tmp_path / "taken.pdf").read_bytes()) == (73, b"mine")


def test_a_collaboration_that_is_not_there_is_told(assessor):
    assert assessor("form", "--collaboration", "nobody").returncode == 2


def test_a_language_that_the_questions_lack_is_told(assessor):
    refused = assessor("form", "--lang", "xx", "-o", "x.pdf")

    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert "fi" in refused.stderr


def test_other_files_are_taken_in_one_at_a_time(assessor):
    refused = assessor("import", "a.json", "b.json")

    assert refused.returncode == 2
    assert "one at a time" in refused.stderr
