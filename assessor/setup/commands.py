"""What a person types to run this program, for the messages that name a command."""

import os
import shlex
import sys
from pathlib import Path


def typed_command() -> str:
    """The program as it was typed: `assessor`, or what `start.sh` says that it was started by."""
    return os.environ.get("ASSESSOR_COMMAND") or "assessor"


def checkout_folder() -> Path | None:
    """The checkout that this code runs from; None where it was installed from a wheel."""
    folder = Path(__file__).resolve().parent.parent.parent
    return folder if (folder / "uv.lock").is_file() else None


def start_command(checkout: Path) -> str:
    """What always starts a checkout, however this process was started."""
    return f"sh {shlex.quote(str(checkout / 'assessor' / 'start.sh'))}"


def install_extra_command(extra: str) -> str:
    """The command that installs an extra: by `start.sh` in a checkout, else by the pip of this Python."""
    checkout = checkout_folder()
    if checkout:
        return f"{os.environ.get('ASSESSOR_COMMAND') or start_command(checkout)} --group {extra} doctor"
    return shlex.join([sys.executable, "-m", "pip", "install", *_extra_requirements(extra)])


def _extra_requirements(extra: str) -> list[str]:
    """What the installed project requires for an extra, as pip takes it."""
    from importlib import metadata  # a slow import, and only needed where something is lacking

    marked = (text.partition(";") for text in metadata.requires("assessor") or ())
    return [name.strip() for name, _, marker in marked if f"extra == '{extra}'" in marker.replace('"', "'")]
