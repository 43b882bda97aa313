"""The prepared C declarations are WeasyPrint's; after a change of its version, run this file to make them anew."""

import ast
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import cffi

import assessor

PREPARED = Path(assessor.__file__).parent / "report" / "pdf" / "prepared_declarations.py"

HEADER = '''"""What cffi makes of WeasyPrint's C, made by tests/report/test_native_declarations.py and not by hand."""

# fmt: off
# ruff: noqa: E501
import _cffi_backend  # type: ignore[import-untyped]

#: SHA-256 of the declarations.
DIGEST = "{digest}"

'''


def declarations() -> str:
    """The C that WeasyPrint hands to cffi."""
    package = Path(str(find_spec("weasyprint").origin)).parent
    tree = ast.parse((package / "text" / "ffi.py").read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "ffi.cdef"]
    (call,) = calls
    return ast.literal_eval(call.args[0])


def prepared() -> str:
    ffi = cffi.FFI()
    ffi.cdef(declarations())
    ffi.set_source("pango", None)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "pango.py"
        ffi.emit_python_code(str(made))
        _, _, body = made.read_text("ascii").partition("import _cffi_backend\n\n")
    return HEADER.format(digest=sha256(declarations().encode()).hexdigest()) + body


def test_the_prepared_declarations_are_what_cffi_makes_of_weasyprints() -> None:
    assert PREPARED.read_text("utf-8") == prepared()


def test_a_pdf_needs_no_parser_for_c_and_other_declarations_get_one() -> None:
    code = """
import sys
import assessor.report.pdf.renderer
told = [name in sys.modules for name in ("cffi", "pycparser")]
from assessor.report.pdf.native_declarations import prepared_declarations
with prepared_declarations():
    import cffi
    ffi = cffi.FFI()
    ffi.cdef("int getpid(void);")
import cffi
print(told, ffi.dlopen(None).getpid() > 0, cffi.__file__ is not None, "pycparser" in sys.modules)
"""
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)

    assert done.stdout == "[False, False] True True True\n"


if __name__ == "__main__":
    PREPARED.write_text(prepared(), "utf-8")
