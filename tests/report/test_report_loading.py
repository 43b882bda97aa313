"""What loading the renderer does to the machine."""

import gc
import os
import subprocess
import sys
import weakref
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


#: Draws a picture of one pixel, and tells what is set for pictures by then.
PICTURE = """
import sys
from assessor.report.pdf.renderer import lay_out
pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
before = "PIL.Image" in sys.modules
lay_out(f'<html><body><img alt="" src="data:image/png;base64,{pixel}"></body></html>', "img { width: 1cm }")
from PIL import EpsImagePlugin, ImageFile
print(before, EpsImagePlugin.gs_binary, ImageFile.LOAD_TRUNCATED_IMAGES)
"""


def test_a_picture_is_read_with_what_weasyprint_has_set_whenever_that_was():
    loaded = subprocess.run((sys.executable, "-c", PICTURE), capture_output=True, text=True, check=True)

    assert loaded.stdout == "False False True\n"


#: Writes a page by WeasyPrint as it is, and again by what ours exchange in it; tells whether both are the same.
SPARED = """
import weasyprint
PAGE = '''<html lang="fi"><style>
@page { size: 12cm } body { margin: 3% 1em 2ex; font: 9pt/1.4 serif; text-decoration: underline; color: #123 }
p { text-align: justify; margin-inline-start: 2em; padding-block: 1%; max-width: 80%; text-indent: 1em }
.right { direction: rtl; margin-inline: 3em 1em; border-inline-start: 2px solid; min-height: 2cm }
td { width: calc(20% + 3px); padding: 2px 1%; letter-spacing: .1em } q { display: inline-block; width: 50% }
</style><body><h1>Otsikko</h1><p>TEXT</p><div class="right"><p>TEXT <q>osa <b>vahva</b></q></p></div>
<table><tr><td>yksi<td>kaksi <i>kolme</i></table></body></html>'''.replace("TEXT", "sana toinen kolmas " * 30)

def written():
    return weasyprint.HTML(string=PAGE).write_pdf(uncompressed_pdf=True, pdf_variant="pdf/ua-1")

plain = written()
from assessor.report.pdf.pydyf_costs import spare_pydyf_costs
from assessor.report.pdf.style_costs import spare_style_costs
from assessor.report.pdf.text_costs import spare_text_costs
spare_pydyf_costs(), spare_style_costs(), spare_text_costs()
print(len(plain) > 9000, written() == plain)
"""


def test_what_is_spared_changes_no_page():
    compared = subprocess.run((sys.executable, "-c", SPARED), capture_output=True, text=True, check=True)

    assert compared.stdout == "True True\n"


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
assessor.store.store assessor.terminal docx pypdf sqlalchemy starlette yaml tinyhtml5 fontTools.subset
fontTools.ttLib PIL.Image PIL.ImageCms cffi pycparser
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


def test_what_a_document_leaves_is_searched_for_cycles_before_another_is_made_once_it_is_much() -> None:
    from assessor.garbage_collection import paused_garbage_collection

    class Left:
        """Holds itself, and much else."""

        def __init__(self) -> None:
            self.cycle = [self, [[each] for each in range(400_000)]]

    with paused_garbage_collection():
        left = weakref.ref(Left())
    after_the_first = left() is not None
    with paused_garbage_collection():
        pass

    assert (after_the_first, left()) == (True, None)
