"""What the commands say, where they say it, and how they end."""

import json
import os
import re
import stat
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from assessor import bank
from assessor.bank import open_bank
from assessor.store import Store

RESPONSES = {
    "creation": "joint",
    "contribution": "both",
    "benefit": "both",
    "payment": "none",
    "control": "together",
    "respect": "both_ways",
    "vision": "spoken",
    "expectations": "both",
    "citizens": "direct",
    "activity": "recurring",
    "scope": "field",
    "agreement": "intent",
    "ownership": "unit",
    "strategy": "fits",
    "track": "no",
}


@pytest.fixture
def library(home):
    """A library with one collaboration fully answered and one that is not begun."""
    with Store.open(home / "assessor.db", create=True) as store:
        found = store.add_collaboration("Example Library", "Example School", "Evenings")
        store.add_collaboration("Example Library", "Example Choir", "Songs")
        id_ = store.begin_assessment(found.id, bank.open_bank("dokk1").instrument, bank.open_bank("dokk1").snapshot)
        for item, response in RESPONSES.items():
            store.record_entry(id_, "response", item, response)
        store.record_entry(id_, "gut", "", "network")
        store.record_entry(id_, "wanted", "", "strategic")
        store.record_entry(id_, "note", "agreement", "signed by both, =1+1")
    return home


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_version_is_told_at_once(assessor):
    done = assessor("--version")

    assert (done.returncode, done.stdout, done.stderr) == (0, "assessor 0.2.0\n", "")


@pytest.mark.parametrize("tongue", ["en", "sv", "sv_FI", "fi", "da", "nb"])
def test_the_page_of_help_names_every_command_and_every_option_before_it(assessor, tongue):
    listed = "import assessor.cli as cli; print(*cli.group.commands, *(o for p in cli.group.params for o in p.opts))"
    named = subprocess.run((sys.executable, "-c", listed), capture_output=True, text=True, check=True).stdout.split()

    page = assessor("--help", ASSESSOR_LANG=tongue).stdout

    assert [name for name in named if name not in page] == []


def test_the_first_words_import_nothing_slow(assessor):
    slow = ("click", "weasyprint", "sqlalchemy", "starlette", "babel", "numpy", "pydantic", "yaml", "questionary")
    program = (
        "import sys; sys.argv = ['assessor', '--help']\n"
        "from assessor.__main__ import main\n"
        f"main(); print([name for name in {slow!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)

    assert done.stderr == "[]\n"


def test_a_command_imports_nothing_slow_that_it_does_not_need(assessor, library, tmp_path):
    assessor("list")  # the bank is kept now
    program = (
        "import sys\n"
        "from assessor.cli import run\n"
        "code = run(['list', '--json'])\n"
        "slow = ('weasyprint', 'sqlalchemy', 'alembic', 'babel', 'numpy', 'pydantic', 'yaml', 'questionary')\n"
        "print([name for name in slow if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        (sys.executable, "-c", program),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "ASSESSOR_HOME": str(library)},
    )

    assert done.stderr == "[]\n"


def test_place_prints_one_verdict_a_line(assessor, tmp_path):
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([{"id": "a", "responses": RESPONSES, "keyed": "ignored"}, {"id": 2, "responses": {}}]))

    first, second = lines(assessor("place", str(file)))

    assert list(first) == [
        *("id", "instrument", "placements", "level", "certain_level", "reasons", "open_items"),
        *("way_up", "way_wanted", "way_down", "fragile", "marks", "signals"),
    ]
    assert (first["id"], first["instrument"]) == ("a", {"name": "dokk1", "version": "1.1"})
    assert (first["placements"], first["level"], first["open_items"]) == (["service"], 2, [])
    assert (second["id"], second["level"], len(second["placements"])) == (2, None, 6)


def test_place_reads_json_lines_from_the_standard_input(assessor):
    given = '{"id": "a", "responses": {"payment": "we_pay", "creation": "ready"}}\n{"id": "b", "responses": {}}\n'

    placed = lines(assessor("place", "-", given=given))

    assert [(each["id"], each["placements"]) for each in placed[:1]] == [("a", ["supplier"])]


def test_place_takes_another_instrument(assessor):
    placed = lines(assessor("place", "-", "--instrument", "winwin", given='[{"id": "a", "responses": {}}]'))

    assert placed[0]["instrument"]["name"] == "winwin"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('[{"id": "a", "responses": {"payment": "perhaps"}}]', "$[0].responses.payment"),
        ('[{"id": "a", "responses": {"colour": "blue"}}]', "$[0].responses"),
        ('[{"id": "a", "responses": {}}] x', "the standard input"),
        ("[" * 100_000, "the standard input"),
    ],
)
def test_place_refuses_what_it_cannot_read_and_prints_nothing(assessor, given, told):
    done = assessor("place", "-", given=given)

    assert (done.returncode, done.stdout) == (65, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 5


def test_list_shows_each_collaboration_with_where_it_stands(assessor, library):
    done = assessor("list")

    assert done.returncode == 0
    assert "Example School · Evenings\n  " in done.stdout
    assert "Service-based partnership" in done.stdout
    assert "Example Choir · Songs\n  not started" in done.stdout


def test_list_as_json_holds_the_verdicts(assessor, library):
    found = lines(assessor("list", "--json"))

    assert [(each["party"], each["placements"]) for each in found] == [
        ("Example School", ["service"]),
        ("Example Choir", None),
    ]


@pytest.mark.parametrize(
    ("tongue", "word"), [("en", "Service-based partnership"), ("sv", "Servicebaserat partnerskap")]
)
def test_show_tells_one_collaboration_by_a_part_of_its_name(assessor, library, tongue, word):
    done = assessor("--lang", tongue, "show", "school")

    assert done.returncode == 0
    assert word in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [("show", "Example", "School", "·", "Evenings"), ("show", "evénings"), ("list", "--lang", "sv"), ("assess", "-h")],
    ids=" ".join,
)
def test_blanks_marks_and_a_language_behind_the_command_are_understood(assessor, library, arguments):
    done = assessor(*arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert ("Servicebaserat partnerskap" in done.stdout) is ("--lang" in arguments)


def test_a_reports_help_has_no_word_of_clusters(assessor):
    assert "tcp://" not in assessor("report", "--help").stdout
    assert "tcp://" in assessor("place", "--help").stdout


def test_a_party_renamed_is_called_so_in_all_its_collaborations(assessor, library):
    with Store.open(library / "assessor.db") as store:
        store.add_collaboration("Example Library", "Example School", "")

    done = assessor(
        "rename", "Example", "School", "·", "Evenings", "--party", "Example  Academy", "--undertaking", "Talks"
    )

    assert (done.returncode, done.stderr) == (
        0,
        "Example School · Evenings is now called Example Academy · Talks\n"
        "Example School is now called Example Academy\n",
    )
    assert [each["id"] for each in lines(assessor("list", "--json"))] == [
        "Example Academy · Talks",
        "Example Choir · Songs",
        "Example Academy",
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("Example School · Evenings",), 2, "--party"),
        (("School", "--party", "Example Academy"), 2, "write the whole name"),
        (("Example School · Evenings", "--party", " "), 65, "A name is needed"),
        (("Example School · Evenings", "--undertaking", "Talks", "--party", "Example Choir"), 65, "Example Choir"),
    ],
    ids=["nothing new", "a part of a name", "no name", "another's name"],
)
def test_a_name_that_cannot_be_had_changes_nothing(assessor, library, arguments, status, told):
    before = assessor("list", "--json").stdout

    done = assessor("rename", *arguments)

    assert (done.returncode, done.stdout) == (status, "")
    assert told in done.stderr
    assert assessor("list", "--json").stdout == before


def test_a_name_that_is_none_is_refused_with_those_there_are(assessor, library):
    done = assessor("show", "Nowhere")

    assert (done.returncode, done.stdout) == (2, "")
    assert "'Example School · Evenings'" in done.stderr


def test_a_name_cannot_act_on_the_terminal(assessor, library):
    done = assessor("show", "\x1b]52;c;ZXZpbA==\x07")

    assert done.returncode == 2
    assert "\x1b" not in done.stderr
    assert "\x07" not in done.stderr


def test_an_empty_store_says_how_to_begin(assessor):
    done = assessor("list")

    assert done.returncode != 0
    assert done.stdout == ""
    assert "assessor" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_report_is_written_privately_and_never_over_another(assessor, library, tmp_path):
    first = assessor("report", "-o", "report.pdf")
    again = assessor("report", "-o", "report.pdf")

    file = tmp_path / "report.pdf"
    assert (first.returncode, again.returncode) == (0, 73)
    assert file.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert assessor("report", "-o", "report.pdf", "--overwrite").returncode == 0


def test_the_report_goes_to_the_standard_output_as_html(assessor, library):
    done = assessor("report", "-o", "-", "--format", "html")

    assert done.returncode == 0
    assert done.stdout.lower().startswith("<!doctype html>")
    assert "Example School" in done.stdout


@pytest.mark.parametrize("tongue", ["en", "sv"])
def test_demo_makes_a_report_without_a_keyboard(assessor, tmp_path, tongue):
    done = assessor("--lang", tongue, "demo", "-o", "demo.pdf")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "demo.pdf").read_bytes().startswith(b"%PDF-")
    assert len([line for line in done.stderr.splitlines() if line.startswith("  ")]) >= 12


def test_the_readme_shows_what_the_example_prints(assessor):
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
    shown = readme.partition("$ assessor demo\n")[2].partition("Written:")[0]

    assert assessor("--lang", "en", "demo", "-o", "demo.pdf").stderr.partition("Written:")[0] == shown


def test_two_copies_that_went_apart_are_merged_and_show_tells_what_is_to_be_settled(assessor, library, tmp_path):
    other = {"ASSESSOR_HOME": str(tmp_path / "other")}
    assessor("export", "-o", "answers.json")
    assessor("import", "answers.json", **other)
    for home, option in ((library, "shared"), (tmp_path / "other", "we_pay")):
        with Store.open(home / "assessor.db") as store:
            (held,) = store.assessments()
            store.record_entry(held.id, "response", "payment", option)
    assessor("export", "-o", "theirs.json", **other)

    planned = assessor("import", "--dry-run", "theirs.json")
    done = assessor("import", "theirs.json")
    shown = assessor("show", "Example School · Evenings").stdout

    assert planned.stderr.splitlines()[0].startswith("Would add: collaborations 0, assessments 1, answers and notes 1")
    assert planned.stderr.splitlines()[1:] == done.stderr.splitlines()[1:]
    texts = done.stderr.splitlines()[-1].strip(), " ".join(shown.split())
    told = [re.sub(r"\([^)]+ \d{4}\)", "(day)", text) for text in texts]
    difference = "Money between you: Shared or evened out (day) / We pay (day)"
    assert told[0] == f"Example School · Evenings. {difference}"
    assert f"answer the question again to settle it. • {difference}" in told[1]


def test_what_was_erased_comes_back_from_an_old_copy_only_on_a_yes(assessor, library):
    assessor("export", "-o", "answers.json")
    assessor("erase", "--yes", "--collaboration", "Example School · Evenings")

    kept_out, taken = assessor("import", "answers.json"), assessor("import", "--take-back", "answers.json")

    assert kept_out.stderr.splitlines() == [
        "Nothing new in answers.json; nothing was added",
        "Left out, because it was erased here or had expired: collaborations 1, assessments 1, people 0",
        "Erased here, and new again in the file: 'Example School · Evenings'. To take them in, import it with "
        "--take-back",
    ]
    assert taken.stderr == "Added: collaborations 1, assessments 1, answers and notes 18\n"


def test_what_was_exported_comes_back_the_same_and_twice_adds_nothing(assessor, library, tmp_path):
    assert assessor("export", "-o", "answers.json").returncode == 0
    other = {"ASSESSOR_HOME": str(tmp_path / "other")}

    first = assessor("import", "answers.json", **other)
    second = assessor("import", "answers.json", **other)
    assert assessor("export", "-o", "again.json", **other).returncode == 0

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert "Added: collaborations 2, assessments 1, answers and notes 18" in first.stderr
    assert "nothing was added" in second.stderr
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "answers.json").read_bytes()


def test_a_backup_comes_back_after_the_store_was_lost(assessor, library):
    assert assessor("backup", "copy.db").returncode == 0
    before = assessor("list", "--json").stdout
    (library / "assessor.db").unlink()

    assert assessor("list").returncode == 2
    assert assessor("restore", "copy.db", "--yes").stderr.splitlines() == ["Restored and verified: copy.db"]
    assert assessor("list", "--json").stdout == before


def test_neither_a_backup_nor_a_file_brings_back_what_was_erased_and_each_says_so(assessor, library):
    for command in (("backup", "copy.db"), ("export", "-o", "answers.json"), ("export", "-o", "answers.csv")):
        assert assessor(*command).returncode == 0
    assert assessor("erase", "--party", "Example School", "--yes").returncode == 0
    told = [assessor("restore", "copy.db", "--yes").stderr]
    told += [assessor("import", file).stderr for file in ("answers.json", "answers.csv")]

    said = "Left out, because it was erased here or had expired: collaborations 1, assessments 1, people 0"
    assert [said in each for each in told] == [True, True, True]
    assert [each["party"] for each in lines(assessor("list", "--json"))] == ["Example Choir"]


def test_a_backup_that_changed_is_refused_and_one_without_a_checksum_is_told_of(assessor, library, tmp_path):
    assert assessor("backup", "copy.db").returncode == 0
    whole = (tmp_path / "copy.db").read_bytes()
    (tmp_path / "older.db").write_bytes(whole[: len(whole) // 4096 * 4096])
    (tmp_path / "copy.db").write_bytes(whole.replace(b"joint", b"ready"))
    changed, older = (assessor("restore", name, "--yes") for name in ("copy.db", "older.db"))

    assert (changed.returncode, older.returncode) == (74, 0)
    assert "something in it changed afterwards; use another backup" in changed.stderr
    assert "The backup was made before backups had a checksum" in older.stderr


@pytest.mark.parametrize("ending", ["", "-wal", ".lock"])
def test_no_output_is_ever_written_over_a_store_or_what_belongs_to_it(assessor, library, tmp_path, ending):
    with Store.open(library / "assessor.db"):
        file = library / f"assessor.db{ending}"
        before = file.read_bytes()
        done = assessor("export", "-o", str(file), "--overwrite")
        after = file.read_bytes()

    assert done.returncode == 73
    assert "holds answers and was left as it is" in done.stderr
    assert after == before


def test_a_backup_replaces_an_earlier_one_and_neither_a_device_nor_another_store(assessor, library, tmp_path):
    assert assessor("backup", "copy.db").returncode == 0
    assert assessor("backup", "copy.db", "--overwrite").returncode == 0
    with Store.open(tmp_path / "other.db", create=True) as store:
        store.add_library("Second Library")
    os.mkfifo(tmp_path / "pipe")
    other, pipe = (assessor("backup", name, "--overwrite") for name in ("other.db", "pipe"))

    assert (other.returncode, pipe.returncode) == (73, 73)
    assert "is not an ordinary file and was left as it is" in pipe.stderr
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    with Store.open(tmp_path / "other.db", write=False) as store:
        assert store.libraries() == ("Second Library",)


def test_a_list_for_a_library_that_is_new_here_is_refused_without_the_option_for_it(assessor, library, tmp_path):
    (tmp_path / "list.csv").write_text("party;undertaking\nExample Club;Chess\n")
    typo = assessor("--library", "Exmaple Library", "import", "list.csv")
    meant = assessor("--library", "Second Library", "import", "list.csv", "--other-library")

    assert (typo.returncode, meant.returncode) == (2, 0)
    assert "No library is called 'Exmaple Library' here; there is: 'Example Library'" in typo.stderr
    with Store.open(library / "assessor.db", write=False) as store:
        assert store.libraries() == ("Example Library", "Second Library")


def test_a_name_that_two_collaborations_have_erases_neither(assessor, library):
    with Store.open(library / "assessor.db") as store:
        store.add_collaboration("Example Library", "Example School · Evenings")
    done = assessor("erase", "--collaboration", "Example School · Evenings", "--yes")

    assert done.returncode == 2
    assert "Two collaborations are called 'Example School · Evenings'" in done.stderr
    assert len(lines(assessor("list", "--json"))) == 3


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_nothing_is_called_added_that_the_disk_could_not_keep(assessor, tmp_path):
    (tmp_path / "home").mkdir()
    mounted = ("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path / "home"))
    if subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        rows = "\n".join(f"Example Club {n};Chess;{'a long note ' * 60}" for n in range(1500))
        (tmp_path / "list.csv").write_text(f"party;undertaking;note\n{rows}\n")
        done = assessor("--library", "Example Library", "import", "list.csv")
    finally:
        subprocess.run(("umount", "-l", str(tmp_path / "home")), check=True)

    assert done.returncode == 73
    assert "was not saved" in done.stderr
    assert "Added" not in done.stderr


def test_a_name_in_parted_letters_or_with_other_blanks_is_the_same_at_every_door(assessor, home, tmp_path):
    (tmp_path / "list.csv").write_text("party;undertaking;creation\nKörskolan;Läsning  nu;joint\n", encoding="utf-8")
    parted = unicodedata.normalize("NFD", "Åmåls  bibliotek\u200b")
    first = assessor("--library", "Åmåls bibliotek", "import", "list.csv")
    again = assessor("--library", parted, "import", "list.csv")
    shown = assessor("--library", parted, "show", unicodedata.normalize("NFD", "Körskolan · Läsning  nu"), "--json")
    erased = assessor("--library", parted, "erase", "--party", unicodedata.normalize("NFD", "Kör\u00adskolan"), "--yes")

    assert first.stderr == "Added: collaborations 1, assessments 1; changed: answers 0\n"
    assert again.stderr == "Nothing new in list.csv; nothing was added\n"
    assert [line["id"] for line in lines(shown)] == ["Körskolan · Läsning nu"]
    assert erased.returncode == 0, erased.stderr


def test_a_name_of_several_words_needs_no_quotation_marks(assessor, library):
    shown = assessor("show", "Example", "School", "--json")

    assert [line["id"] for line in lines(shown)] == ["Example School · Evenings"]
    assert "show [OPTIONS] NAME\n" in assessor("show", "--help").stdout


def test_nothing_is_erased_without_a_yes(assessor, library):
    done = assessor("erase", "--party", "Example School")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-2:] == [
        "Erase 'Example School' (15 answers, 1 note) for good? This cannot be undone.",
        "Nothing was changed. Add --yes to do it",
    ]
    assert len(assessor("list", "--json").stdout.splitlines()) == 2


def test_a_likeness_of_a_name_erases_nothing_and_the_whole_name_is_told(assessor, library):
    done = assessor("erase", "--collaboration", "example school · evenings", "--yes")

    assert (done.returncode, done.stderr) == (
        2,
        "No collaboration is called 'example school · evenings'; "
        "write the whole name if you mean 'Example School · Evenings'\n",
    )
    assert len(assessor("list", "--json").stdout.splitlines()) == 2


def test_erase_takes_a_party_and_leaves_the_others(assessor, library):
    assert assessor("erase", "--party", "Example School", "--yes").returncode == 0

    assert [each["party"] for each in lines(assessor("list", "--json"))] == ["Example Choir"]
    assert b"signed by both" not in b"".join(
        file.read_bytes() for file in library.rglob("*") if file.is_file() and "backups" not in file.parts
    )


def test_bank_check_ends_well_for_every_bank_there_is(assessor):
    for name in bank.available_banks():
        done = assessor("--bank", name, "bank", "check")

        assert (done.returncode, done.stdout) == (0, "")


def test_bank_check_prints_problems_as_places_and_ends_with_1(assessor, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "instrument.yaml").write_text("format: 1\nid: &a mine\n")

    done = assessor("bank", "check", "mine")

    assert done.returncode == 1
    assert "mine/instrument.yaml:2:5: " in done.stdout


def test_bank_show_tells_what_is_asked_and_the_shares(assessor):
    done = assessor("bank", "show", "dokk1")

    assert done.returncode == 0
    assert "955,514,880" in done.stdout
    assert "Network cooperation: 21.318%" in done.stdout


def test_defaults_may_stand_in_a_file_and_flags_stand_over_them(assessor, home, library):
    (home / "assessor.toml").write_text('lang = "sv"\n', encoding="utf-8")

    assert "Servicebaserat partnerskap" in assessor("show", "School", ASSESSOR_LANG="").stdout
    assert "Service-based partnership" in assessor("--lang", "en", "show", "School", ASSESSOR_LANG="").stdout


def test_a_bank_of_ones_own_may_be_the_default(assessor, home, tmp_path):
    assessor("bank", "new", "ladder")
    home.mkdir(exist_ok=True)
    (home / "assessor.toml").write_text('bank = "./ladder"\n', encoding="utf-8")

    assert assessor("bank", "check").stderr.startswith("Checked: ladder 0.1 in ladder; ")


def test_an_option_behind_the_command_is_said_to_stand_before_it(assessor):
    assert assessor("list", "--library", "Example Library").stderr.endswith("--library stands before the command\n")


def test_a_list_of_two_questionnaires_names_them(assessor, home, library):
    with Store.open(home / "assessor.db") as store:
        other = bank.open_bank("winwin")
        store.begin_assessment(
            store.add_collaboration("Example Library", "Example Band", "Gigs").id, other.instrument, other.snapshot
        )

    names = [bank.open_bank(name).wording("en").name for name in ("dokk1", "winwin")]
    assert [line.strip() for line in assessor("list").stdout.splitlines() if line.strip() in names] == names


def test_a_wrong_option_is_told_in_the_persons_language(assessor):
    done = assessor("--lang", "sv", "list", "--nope")

    assert done.returncode == 2
    assert "Användning" in done.stderr


def test_several_libraries_ask_which(assessor, library):
    with Store.open(library / "assessor.db") as store:
        store.add_library("Second Library")

    done = assessor("list")

    assert done.returncode == 2
    assert "--library" in done.stderr
    assert assessor("--library", "Second Library", "list").returncode == 0


def test_a_party_that_is_none_is_not_said_to_be_erased(assessor, library):
    done = assessor("erase", "--party", "example school", "--yes")

    assert done.returncode == 2
    assert "'Example School', 'Example Choir'" in done.stderr


def test_a_report_by_a_bank_that_nothing_was_answered_with_names_the_other(assessor, library):
    done = assessor("--bank", "winwin", "report", "-o", "report.pdf")

    assert done.returncode == 2
    assert "--bank NAME" in done.stderr
    assert "dokk1" in done.stderr


def test_help_after_a_language_is_the_same_page_in_it(assessor):
    assert assessor("--lang", "sv", "--help").stdout == assessor("--help", ASSESSOR_LANG="sv").stdout


def test_what_cannot_be_read_is_told_in_the_persons_language(assessor, tmp_path):
    told = assessor("--lang", "sv", "place", "nofile").stderr

    assert "No such file" not in told
    assert assessor("restore", "nofile").returncode == 74


def test_one_report_over_libraries_kept_here_and_files_that_others_exported(assessor, home, tmp_path):
    from assessor import bank
    from assessor.store import Store
    from assessor.usecases.assessments import Assessments

    case = next(case for case in bank.open_bank("dokk1").cases if case.placements == ("network",))
    names = [f"Library {number}" for number in range(1, 6)]
    home.mkdir()
    with Store.open(home / "assessor.db", create=True) as store:
        for name in names:
            at = Assessments(store, name, open_bank("dokk1"))
            opened = at.begin(at.add_collaboration("Example Club", "Chess"))
            for item, option in case.responses.items():
                opened = at.respond(opened, item, option, key=item)
    exported = assessor("--library", "Library 5", "export", "-o", "five.json")
    too_few = assessor("report", *names[:3], "-o", "few.pdf")
    done = assessor("report", *names[:4], "five.json", "-o", "all.pdf")
    twice = assessor("report", *names, "five.json", "-o", "twice.pdf")

    assert (exported.returncode, done.returncode, done.stderr) == (0, 0, "Written: all.pdf\n")
    assert (tmp_path / "all.pdf").read_bytes().startswith(b"%PDF-")
    assert (too_few.returncode, twice.returncode) == (2, 2)
    assert "here are 3: Library 1, Library 2, Library 3" in too_few.stderr
    assert "The library Library 5 is named twice" in twice.stderr
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == ["all.pdf"]


def test_a_list_by_a_chosen_questionnaire_leaves_out_the_others_and_says_so(assessor, library):
    with Store.open(library / "assessor.db") as store:
        found, winwin = store.add_collaboration("Example Library", "Museum", ""), open_bank("winwin")
        store.record_entry(store.begin_assessment(found.id, winwin.instrument, winwin.snapshot), "gut", "", "dont_know")
    every, chosen = assessor("list"), assessor("--bank", "dokk1", "list")

    assert assessor("list", "--bank", "dokk1").stdout == chosen.stdout
    assert ("Museum" in every.stdout, "Museum" in chosen.stdout) == (True, False)
    assert ("Example School" in chosen.stdout, "Example Choir" in chosen.stdout) == (True, True)
    assert chosen.stderr == "Not in this list: answers to the questionnaire winwin\n"
