"""Where the banks and the report templates are: beside a checkout's package, or inside an installed wheel's."""

from pathlib import Path

_PACKAGE_FOLDER = Path(__file__).resolve().parent


def _find_folder(name: str) -> Path:
    installed = _PACKAGE_FOLDER / "_data" / name
    return installed if installed.is_dir() else _PACKAGE_FOLDER.parent / name


def questions_folder() -> Path:
    """The folder with one folder per bank."""
    return _find_folder("questions")


def templates_folder() -> Path:
    """The folder with one folder per document, and `shared`."""
    return _find_folder("report_templates")
