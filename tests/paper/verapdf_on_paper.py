"""Real veraPDF, as the report's tests call it."""

import importlib.util
from pathlib import Path

_AT = Path(__file__).parent.parent / "report" / "verapdf.py"
_SPEC = importlib.util.spec_from_file_location("verapdf_of_reports", _AT)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)

failures = _MODULE.failures
