"""The two commands: what they do where all is there, and what they say where something is lacking.

A whole set-up fetches from the network; here are the parts of it that need none.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
#: What every system has.
TOOLS = (
    *("cat", "chmod", "cksum", "date", "env", "flock", "id", "mkdir", "mv", "readlink", "rm", "sed", "sh"),
    *("sleep", "tail", "tr"),
)


class Place:
    """A checkout of its own, on a machine that has `TOOLS` and whatever is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a checkout"
        self.tools = folder / "bin"
        self.tools.mkdir()
        for tool in filter(shutil.which, TOOLS):
            (self.tools / tool).symlink_to(shutil.which(tool))
        (self.folder / "assessor" / "setup").mkdir(parents=True)
        for name in ("assessor/start.sh", "assessor/setup/requirements.py", "uv.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder / name)
        self.everybodys_bin = folder / "everybodys bin"  # for that of the machine, which tests leave alone
        start = self.folder / "assessor" / "start.sh"
        start.write_text(
            start.read_text("utf-8").replace("=/usr/local/bin\n", f"='{self.everybodys_bin}'\n"), encoding="utf-8"
        )

    @property
    def typed(self) -> str:
        """What `start` types, as messages repeat it."""
        return f"sh '{self.folder}/assessor/start.sh'"

    def add_tool(self, tool: str, does: str = "exit 1") -> None:
        """Adds a program to the machine."""
        (self.tools / tool).unlink(missing_ok=True)  # or the machine's own would be written over
        (self.tools / tool).write_text(f"#!/bin/sh\n{does}\n")
        (self.tools / tool).chmod(0o755)

    def make_whole(self, *parts: str, within: Path | None = None) -> None:
        """What a set-up leaves behind, but for the packages; in the checkout unless elsewhere."""
        venv = (within or self.folder) / ".venv"
        state = venv / ".set-up"
        state.mkdir(parents=True, exist_ok=True)
        python = venv / "bin" / "python"
        python.parent.mkdir()
        python.symlink_to(sys.executable)
        sums = subprocess.check_output(["cksum", self.folder / "uv.lock", self.folder / "pyproject.toml"], text=True)
        for part in parts:
            (state / f"whole-{part}").write_text(f"{sums}{python.resolve()}".replace("\n", " "))
        (python.parent / "assessor").write_text("import os, sys; print(sys.argv[1:], os.environ['ASSESSOR_COMMAND'])")

    def start(self, *arguments: str, stdin: str = "", **environment: str) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        libraries = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        done = subprocess.run(
            ["sh", self.folder / "assessor" / "start.sh", *arguments],
            env={"PATH": str(self.tools), "LANG": "C", **libraries, **environment},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.mark.parametrize("script", ["assessor/start.sh", "tests/run.sh", ".ci/run"])
def test_a_command_can_be_run_and_read_by_its_shell(script):
    shell = (ROOT / script).read_text("utf-8").splitlines()[0].removeprefix("#!")
    read = subprocess.run([shell, "-n", ROOT / script], capture_output=True, text=True)

    assert (shell in ("/bin/sh", "/bin/bash"), read.returncode, read.stderr) == (True, 0, "")
    assert os.access(ROOT / script, os.X_OK)


def test_where_all_is_there_it_starts_at_once_with_what_it_was_given(place):
    place.make_whole("base")
    code = "import sys; print(sys.argv[1:], input()); sys.exit(7)"

    assert place.start("--python", "-c", code, "a b", "", "--no-root", stdin="svar\n") == (
        7,
        "['a b', '', '--no-root'] svar\n",
        "",
    )


def test_the_command_line_is_started_with_the_words_that_people_typed(place):
    place.make_whole("base")

    assert place.start("list", "--json")[:2] == (0, f"['list', '--json'] {place.typed}\n")


def test_bytecode_is_kept_even_where_the_machine_says_not_to(place):
    place.make_whole("base")

    assert place.start("--python", "-c", "import sys; print(sys.dont_write_bytecode)", PYTHONDONTWRITEBYTECODE="1") == (
        0,
        "False\n",
        "",
    )


@pytest.mark.parametrize("changed", ["uv.lock", "pyproject.toml"])
def test_another_lock_or_project_is_set_up_anew(place, changed):
    place.make_whole("base")
    with (place.folder / changed).open("a") as file:
        file.write("\n")

    assert place.start("--python", "-c", "pass")[0] == 69


def test_a_checkout_that_cannot_be_written_to_is_set_up_in_ones_own_data_folder(place, tmp_path):
    (place.folder / ".venv").write_text("in the way, as a file system is that is read-only")
    data = tmp_path / "own data"
    first = place.start("list", XDG_DATA_HOME=str(data))
    [kept] = (data / "assessor-set-up").iterdir()
    place.make_whole("base", within=kept)
    code, out, _err = place.start("list", XDG_DATA_HOME=str(data))

    assert first[0] != 0  # nothing can be fetched here
    assert f"Cannot write in {place.folder}" not in first[2]
    assert (code, out) == (0, f"['list'] {place.typed}\n")


def test_where_nothing_can_be_written_it_is_said_what_would_help(place, tmp_path):
    (place.folder / ".venv").write_text("in the way")
    (tmp_path / "data").write_text("in the way too")
    code, _out, err = place.start("list", XDG_DATA_HOME=str(tmp_path / "data"))

    assert code == 73
    assert f"Cannot write in {tmp_path}/data/assessor-set-up/" in err
    assert "Set XDG_DATA_HOME to a folder where you may write" in err


def test_a_group_that_is_not_there_yet_is_set_up(place):
    place.make_whole("base")

    assert place.start("--group", "test", "--python", "-c", "pass")[0] == 69


def test_a_moved_checkout_is_set_up_anew(place):
    place.make_whole("base")
    place.folder = place.folder.rename(place.folder.with_name("moved"))

    assert place.start("--python", "-c", "pass")[0] == 69


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("brew", "  brew install python pango"),
        ("dnf", "  sudo dnf install python3 pango harfbuzz"),
        ("apk", "  sudo apk add python3 pango so:libharfbuzz-subset.so.0"),
        ("pacman", "  sudo pacman -S python pango harfbuzz"),
    ],
)
def test_a_system_without_apt_is_told_the_one_command(place, program, command):
    place.add_tool(program)
    code, out, err = place.start("--version")

    assert (code, out) == (69, "")
    assert err.splitlines() == [
        "Lacking: Python 3.11 or newer, or Pango. Install them, then give the same command again:",
        command,
    ]


def test_a_system_it_knows_nothing_of_is_told_what_is_lacking_in_swedish_where_that_is_spoken(place):
    said = place.start("--version", LANG="sv_FI.UTF-8")

    assert said == (
        69,
        "",
        "Här saknas Python 3.11 eller nyare med venv och pip, Pango 1.44 eller nyare och HarfBuzz. "
        "Installera dem och ge sedan samma kommando igen.\n",
    )


def test_what_will_be_installed_is_said_before_it_is(place):
    place.add_tool("dpkg-query")
    place.add_tool("dpkg", "exit 0")
    place.add_tool("uv")
    place.add_tool("sudo", 'echo "$@" >&2; exit 1')
    place.add_tool("apt-get", "exit 1")
    place.add_tool("id", "echo 0")
    code, out, err = place.start("--version", SSL_CERT_FILE=str(place.folder / "uv.lock"))

    assert (code, out) == (69, "")
    assert err.splitlines()[0] == "Installs with apt: libpangoft2-1.0-0 libharfbuzz-subset0"
    assert err.splitlines()[-1].startswith("Could not fetch all of it. Check the network")


@pytest.mark.parametrize(
    "words",
    [
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "Hash mismatch for `click==8.1.7`",
        "E: Failed to fetch http://deb.example/pango.deb  Hash Sum mismatch",
    ],
)
def test_a_package_that_is_another_is_told_as_that_and_not_as_the_network(place, words):
    place.add_tool("dpkg-query")
    place.add_tool("dpkg", "exit 0")
    place.add_tool("uv")
    place.add_tool("apt-get", f"echo '{words}'; exit 1")
    place.add_tool("id", "echo 0")
    code, out, err = place.start("--version", SSL_CERT_FILE=str(place.folder / "uv.lock"))

    assert (code, out) == (65, "")
    assert err.splitlines()[-1].startswith("A package that was fetched is not the one that this checkout names")
    assert "Check the network" not in err


def test_the_package_of_the_tests_server_starts_none_for_the_whole_machine(place):
    place.add_tool("dpkg-query")
    place.add_tool("uv")
    place.add_tool("apt-get")
    place.add_tool("id", "echo 0")
    place.add_tool("env", f'shift; echo "$@" >>"{place.tools}/asked"; case "$*" in *" install "*) exit 1 ;; esac')
    code, _, err = place.start("--debian", "postgresql", "--python", "-c", "pass")
    _, _, before, install, after = (place.tools / "asked").read_text().splitlines()

    assert (code, err.splitlines()[0].startswith("Installs with apt: postgresql")) == (69, True)
    assert before.endswith("echo 'create_main_cluster = false' >'/etc/postgresql-common/createcluster.d/assessor.conf'")
    assert install.startswith("apt-get install")
    assert after == "rm -f /etc/postgresql-common/createcluster.d/assessor.conf"


def test_the_package_of_the_tests_proxy_serves_nothing_on_the_machine_itself(place):
    for tool in ("dpkg-query", "uv", "apt-get", "systemctl"):
        place.add_tool(tool)
    place.add_tool("id", "echo 0")
    place.add_tool("env", f'shift; echo "$@" >>"{place.tools}/asked"; case "$*" in *" install "*) exit 1 ;; esac')
    place.start("--debian", "nginx", "--python", "-c", "pass")

    assert (place.tools / "asked").read_text().splitlines()[-1] == "systemctl disable --now nginx"


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--store", "postgresql://me@host/db", "list"), {}),
        (("store", "copy", "a.db", "postgres://host/db"), {}),
        (("list",), {"ASSESSOR_STORE": "postgresql+psycopg://host/db"}),
    ],
)
def test_who_names_a_server_gets_what_speaks_to_it(place, arguments, environment):
    place.make_whole("base")
    place.add_tool("uv", f'echo "$@" >>"{place.tools}/asked"; exit 1')
    without = place.start("--python", "-c", "pass")[0]
    place.start(*arguments, **environment)

    assert without == 0
    assert "--group postgresql" in (place.tools / "asked").read_text()


def test_without_root_or_sudo_nothing_is_installed_but_beside_the_checkout(place):
    place.add_tool("dpkg-query")
    place.add_tool("uv")
    place.add_tool("id", "echo 1000")
    place.add_tool("apt-get", f'echo "$@" >>"{place.tools}/asked"; exit 1')
    code, _, err = place.start("--version", SSL_CERT_FILE=str(place.folder / "uv.lock"))
    asked = (place.tools / "asked").read_text()

    assert code == 69
    assert err.startswith(f"Fetches with apt and unpacks in {place.folder}/.local-root, without root: libpango")
    assert f"Dir::State::Lists={place.folder}/.local-root/apt/lists" in asked


def test_a_start_cut_off_leaves_nothing_that_counts_as_whole(place):
    place.make_whole()
    left = place.folder / ".venv" / "lib" / "half-a-package"
    left.mkdir(parents=True)
    (place.folder / ".venv" / ".set-up" / "under-way").touch()
    place.add_tool("uv", f'[ -e "{left}" ] && echo "half left" >>"{place.tools}/seen"; exit 1')
    place.add_tool("brew")
    place.start("--version")

    assert (left.exists(), (place.tools / "seen").exists()) == (False, False)


@pytest.fixture
def anna(place):
    """A checkout that is set up, on a machine where one is no root and has a home."""
    place.make_whole("base")
    place.add_tool("id", "echo 1000")
    place.home = place.tools.parent / "anna's home"
    place.home.mkdir()
    place.command = place.home / ".local" / "bin" / "assessor"
    return place


def run_command(command: Path, *arguments: str, path: Path) -> tuple[int, str, str]:
    done = subprocess.run([command, *arguments], env={"PATH": str(path)}, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_after_the_first_start_assessor_is_a_command_and_messages_name_it(anna):
    first = anna.start("list", HOME=str(anna.home), PATH=f"{anna.tools}:{anna.command.parent}")
    second = anna.start("list", HOME=str(anna.home), PATH=f"{anna.tools}:{anna.command.parent}")

    assert first == (
        0,
        f"['list'] {anna.typed}\n",
        f"From now on it is enough to type: assessor (made in {anna.command.parent}; "
        "remove that file to be rid of the command)\n",
    )
    assert second == (0, f"['list'] {anna.typed}\n", "")
    assert run_command(anna.command, "show", "a b", "", path=anna.tools) == (0, "['show', 'a b', ''] assessor\n", "")


def test_where_its_folder_is_not_on_the_path_it_is_said_how_to_put_it_there(anna):
    _, _, said = anna.start("list", HOME=str(anna.home))

    assert said.splitlines() == [
        f"The command assessor is made in {anna.command.parent}, where this terminal does not look. "
        "A line for ~/.profile, or to type here:",
        f'  export PATH="{anna.command.parent}:$PATH"',
    ]


def test_root_makes_the_command_for_everybody(place):
    place.make_whole("base")
    place.add_tool("id", "echo 0")
    place.start("list", HOME=str(place.tools.parent), PATH=f"{place.tools}:{place.everybodys_bin}")

    assert os.access(place.everybodys_bin / "assessor", os.X_OK)
    assert not (place.tools.parent / ".local").exists()


def test_a_command_that_was_removed_is_not_made_again(anna):
    anna.start("list", HOME=str(anna.home))
    anna.command.unlink()

    assert anna.start("list", HOME=str(anna.home))[2] == ""
    assert not anna.command.exists()


@pytest.mark.parametrize("where", ["in its place", "elsewhere on the path"])
def test_another_program_of_that_name_is_left_alone_and_stays_the_one_that_is_found(anna, where):
    theirs = anna.command if where == "in its place" else anna.tools / "assessor"
    theirs.parent.mkdir(parents=True, exist_ok=True)
    theirs.write_text("#!/bin/sh\n# another's\n")
    theirs.chmod(0o755)
    _, _, said = anna.start("list", HOME=str(anna.home))

    assert said == (
        f"{theirs} is another program or another checkout and was left as it is; here, go on with: {anna.typed}\n"
    )
    assert theirs.read_text() == "#!/bin/sh\n# another's\n"
    assert where == "in its place" or not anna.command.exists()


def test_a_moved_checkout_takes_its_command_along_and_one_that_is_gone_says_so(anna):
    anna.start("list", HOME=str(anna.home))
    anna.folder = anna.folder.rename(anna.folder.with_name("moved"))
    code, out, err = run_command(anna.command, "list", path=anna.tools)
    shutil.rmtree(anna.folder / ".venv")
    anna.make_whole("base")
    anna.start("list", HOME=str(anna.home))

    assert (code, out) == (69, "")
    assert err.endswith(f"is gone; fetch the checkout anew, or remove {anna.command}\n")
    assert run_command(anna.command, "list", path=anna.tools) == (0, "['list'] assessor\n", "")


def test_the_tests_and_other_programs_of_the_set_up_make_no_command(anna):
    anna.start("--python", "-c", "pass", HOME=str(anna.home))

    assert not anna.command.exists()
