"""What the store's tests look for in files."""

from pathlib import Path


def canaries(folder: Path, canary: str) -> list[str]:
    """The files in which the canary still is."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if canary.encode() in path.read_bytes()]
