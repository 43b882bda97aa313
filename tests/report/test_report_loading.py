"""What loading the renderer does to the machine."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Loads the renderer; prints every process that is started meanwhile.
LOADING = """
import sys
sys.addaudithook(lambda event, args: print(event, args[0]) if event in STARTS else None)
STARTS = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.fork", "os.forkpty", "os.system")
import ctypes.util
search = ctypes.util.find_library
import assessor.report.pdf.renderer
print("as before" if ctypes.util.find_library is search else "left changed")
"""


def test_loading_the_renderer_starts_no_process_and_leaves_the_search_for_libraries_as_it_was():
    loaded = subprocess.run((sys.executable, "-c", LOADING), capture_output=True, text=True, check=True)

    assert loaded.stdout == "as before\n"


UNUSED = """
import sys
import assessor.report.pdf.renderer
from assessor.report.pdf.deferred_imports import DEFERRED
print([name for name in DEFERRED if name in sys.modules])
import weasyprint.pdf.fonts
print(weasyprint.pdf.fonts.subset.Options(hinting=False).hinting, "fontTools.subset" in sys.modules)
"""


def test_what_makes_subsets_without_harfbuzz_is_loaded_when_it_is_called_only():
    loaded = subprocess.run((sys.executable, "-c", UNUSED), capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\nFalse True\n"


#: Prints the modules that a command loaded.
COMMAND = """
import sys
from assessor.cli import run
code = run(sys.argv[1:])
print("\\n", *sorted(sys.modules))
sys.exit(code)
"""


def loaded_by(tmp_path: Path, home: Path, *command: str) -> set[str]:
    """The modules of a process that wrote `made.pdf`."""
    told = subprocess.run(
        (sys.executable, "-c", COMMAND, *command, "-o", str(tmp_path / "made.pdf"), "--overwrite"),
        env={**os.environ, "ASSESSOR_HOME": str(home), "SOURCE_DATE_EPOCH": "1794484800"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(told.stdout.splitlines()[-1].split())


#: What other documents and faces need, and what WeasyPrint would import for them.
ELSEWHERE = """
assessor.exchange assessor.report.consortium assessor.report.draft assessor.report.pdf.form_fields assessor.report.wall
assessor.terminal docx pypdf sqlalchemy starlette yaml tinyhtml5 fontTools.subset PIL.ImageCms
"""


def test_the_report_loads_nothing_of_the_other_documents(tmp_path: Path, compiled: Path) -> None:
    loaded = loaded_by(tmp_path, compiled, "demo")

    assert {"weasyprint", "assessor.report.library.view"} <= loaded
    assert loaded & set(ELSEWHERE.split()) == set()


def test_what_was_compiled_is_read_from_disk_and_made_again_where_a_file_is_amiss(tmp_path: Path) -> None:
    def made() -> tuple[bytes, dict[str, tuple[bytes, int]]]:
        loaded_by(tmp_path, tmp_path, "guide", "--lang", "en")
        kept = {path.name: (path.read_bytes(), path.stat().st_ino) for path in (tmp_path / "cache/documents").iterdir()}
        return (tmp_path / "made.pdf").read_bytes(), kept

    first, again = made(), made()
    for path in (tmp_path / "cache" / "documents").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        path.write_bytes(path.read_bytes()[:-1])
    mended = made()

    assert again == first
    assert (mended[0], {name: content for name, (content, _) in mended[1].items()}) == (
        first[0],
        {name: content for name, (content, _) in first[1].items()},
    )
    assert len(first[1]) == 3


def test_weasyprint_parses_none_of_the_rules_that_ours_stand_for() -> None:
    from assessor.report.pdf import renderer

    assert renderer.weasyprint.html.UA + renderer.weasyprint.html.UA_FORM + renderer.weasyprint.html.PH == ""
    assert "h1" in Path(renderer.weasyprint.__file__).with_name("css").joinpath("html5_ua.css").read_text("utf-8")


def test_cycles_are_searched_for_again_whatever_happened_meanwhile() -> None:
    from assessor.garbage_collection import paused_garbage_collection

    def fail_within() -> None:
        with paused_garbage_collection():
            with paused_garbage_collection():
                pass
            seen.append(gc.isenabled())
            raise ValueError

    seen: list[bool] = []
    with pytest.raises(ValueError):  # noqa: PT011 - of our own
        fail_within()

    assert (seen, gc.isenabled()) == ([False], True)
