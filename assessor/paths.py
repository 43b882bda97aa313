"""Where a person's data belongs on this machine; `ASSESSOR_HOME` overrides all of it."""

import os
from pathlib import Path


def _user_folder(kind: str) -> Path:
    home = os.environ.get("ASSESSOR_HOME")
    if home:
        return Path(home).expanduser() if kind == "data" else Path(home).expanduser() / kind
    import platformdirs  # a slow import, not needed when the home is named

    found = {"data": platformdirs.user_data_path, "cache": platformdirs.user_cache_path}
    return found[kind]("assessor", appauthor=False)


def data_folder() -> Path:
    """The folder of the store and its backups; not made here."""
    return _user_folder("data")


def defaults_file() -> Path:
    """The file of a person's defaults for options, such as the language they chose; it may not be there."""
    return data_folder() / "assessor.toml"


def cache_folder() -> Path:
    """The folder of what can be made again; not made here."""
    return _user_folder("cache")
