"""Where the banks and the report templates lie: beside a checkout's package, inside an installed wheel's."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def questions() -> Path:
    """The folder with one folder per bank."""
    return _find("questions")


def report_templates() -> Path:
    """The folder with one folder per document, and `shared`."""
    return _find("report_templates")
