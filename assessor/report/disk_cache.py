"""What is made from the program's own files and takes long, on disk: compiled templates and declarations.

Nothing of anybody's answers is ever in it. Files lie in a folder that only its owner can enter, each under a checksum;
whatever is wrong with one, it is made again, and a folder that cannot be written costs time and nothing else.
"""

import contextlib
from hashlib import sha256
from pathlib import Path

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from assessor import __version__, paths
from assessor.private_files import new_private_file

_UNUSABLE = (OSError, RuntimeError)


def load(name: str) -> bytes | None:
    """What was saved under a name by this version of the program; None when there is nothing whole."""
    with contextlib.suppress(*_UNUSABLE):
        checksum, _, content = _file(name).read_bytes().partition(b"\n")
        if checksum == sha256(content).hexdigest().encode():
            return content
    return None


def save(name: str, content: bytes) -> None:
    """Write a file that others find whole or not at all."""
    with contextlib.suppress(*_UNUSABLE):
        _file(name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_private_file(_file(name), replace=True) as part:
            part.write_bytes(sha256(content).hexdigest().encode() + b"\n" + content)


def _file(name: str) -> Path:
    return paths.cache_folder() / "documents" / f"{__version__}-{name}"


class TemplateCache(BytecodeCache):
    """Templates as Jinja2 compiled them; it tells a changed template by its text."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket from its file, where there is one."""
        if code := load(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Save what a template was compiled to."""
        save(bucket.key, bucket.bytecode_to_string())
