"""Checkers beside axe: the Nu Html Checker for the markup, and IBM's engine for what people can perceive and use.

They come from npm by its ordinary client and are checked against pinned digests, as the browsers' Python is.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: By package: its version and the SHA-256 of its archive.
PACKAGES = {
    "accessibility-checker-engine": ("4.0.34", "991d87e0a54941aeccc1be8c159dbc56c06880d35069b6332ab4f4a6e1cda9b3"),
    "vnu-jar": ("26.9.27", "5970d3ffca91a627cf0965e5d91bb2e4242307c29292998de0b419d6a901b2b7"),
}


def needed() -> str:
    """What is lacking to run it; empty for nothing."""
    return ", ".join(each for each in ("npm", "java") if not shutil.which(each))


@cache
def _file(package: str, member: str) -> bytes:
    """A file of a package from npm; raises `AssertionError` where it is another one."""
    version, digest = PACKAGES[package]
    with TemporaryDirectory() as folder:
        command = ["npm", "pack", f"{package}@{version}", "--pack-destination", folder]
        subprocess.run(command, capture_output=True, check=True, timeout=600)
        (archive,) = Path(folder).glob("*.tgz")
        assert hashlib.sha256(archive.read_bytes()).hexdigest() == digest, package
        with tarfile.open(archive) as packed:
            found = packed.extractfile(f"package/{member}")
            assert found is not None, member
            return found.read()


def markup_faults(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What the Nu Html Checker finds in pages, by their names."""
    (folder / "vnu.jar").write_bytes(_file("vnu-jar", "build/dist/vnu.jar"))
    for number, html in enumerate(pages.values()):
        (folder / f"{number}.html").write_text(html, encoding="utf-8")
    files = [str(folder / f"{number}.html") for number in range(len(pages))]
    command = ["java", "-jar", str(folder / "vnu.jar"), "--format", "json", "--stdout", "--exit-zero-always", *files]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout
    names, found = list(pages), dict[str, list[str]]()
    for each in json.loads(told)["messages"]:
        if each["type"] != "info" or each.get("subType") == "warning":
            name = names[int(Path(each["url"]).stem)]
            found.setdefault(name, []).append(f"{each.get('lastLine')}: {each['message']}")
    return found


#: Runs IBM's engine on the page that is shown, and returns what it is sure of.
_RUN_ENGINE = """async () => (await new ace.Checker().check(document, ["IBM_Accessibility"])).results
    .filter(each => each.value[1] === "FAIL")
    .map(each => [each.ruleId, each.message, each.snippet])"""

#: What it finds wrongly: a rule, and how the elements begin.
_FALSE = {
    # A form without a name is no landmark (HTML-AAM 1.0, "form"); the engine takes several for unnamed ones.
    ("aria_form_label_unique", "<form "),
    ("aria_landmark_name_unique", "<form "),
    # The heading of a column of buttons is for screen readers alone; clipped text is taken for none.
    ("aria_accessiblename_exists", '<th scope="col">'),
}


def accessibility_faults(page: Any) -> list[str]:
    """What IBM's engine finds on the page that a browser shows, without what is listed as false."""
    page.evaluate(_file("accessibility-checker-engine", "ace.js").decode())
    return [
        f"{rule}: {message} {snippet}"
        for rule, message, snippet in page.evaluate(_RUN_ENGINE)
        if not any(rule == wrong and snippet.startswith(begin) for wrong, begin in _FALSE)
    ]
