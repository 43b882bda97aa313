"""What loading the renderer does to the machine."""

import subprocess
import sys

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
