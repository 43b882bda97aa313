"""What the program is made of, as CycloneDX 1.5 JSON made from `uv.lock`: `python tests/sbom.py >assessor.cdx.json`.

What runs is required, what an extra brings is optional, what only tests and linters need is left out. Nothing in it
depends on the moment or the machine: the same lock gives the same bytes.
"""

import json
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assessor import __version__

ROOT = Path(__file__).resolve().parent.parent
#: An entry of the lock, and an edge to one.
Table = dict[str, Any]
#: The typefaces that lie in the repository instead of the lock.
DEJAVU = {
    "type": "data",
    "bom-ref": "dejavu-sans",
    "name": "DejaVu Sans",
    "scope": "required",
    "licenses": [{"license": {"id": "Bitstream-Vera"}}],
}
INTER = {
    "type": "data",
    "bom-ref": "inter",
    "name": "Inter",
    "scope": "required",
    "licenses": [{"license": {"id": "OFL-1.1"}}],
}


def bill_of_materials(lock: str) -> Table:
    """The whole document."""
    locked = tomllib.loads(lock)["package"]
    project = next(package for package in locked if "registry" not in package["source"])
    packages = [package for package in locked if package is not project]
    required = reachable(packages, project.get("dependencies", []))
    optional = reachable(
        packages, [edge for edges in project.get("optional-dependencies", {}).values() for edge in edges]
    )
    wanted = [package for package in packages if ref(package) in required | optional]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, lock)}",
        "version": 1,
        "metadata": {"component": program()},
        "components": [*(component(package, ref(package) in required) for package in wanted), INTER, DEJAVU],
        "dependencies": [
            {"ref": "assessor", "dependsOn": sorted({*targets(packages, all_edges(project)), "inter", "dejavu-sans"})},
            *({"ref": ref(each), "dependsOn": sorted(targets(packages, all_edges(each)))} for each in wanted),
        ],
    }


def program() -> Table:
    return {
        "type": "application",
        "bom-ref": "assessor",
        "name": "assessor",
        "version": __version__,
        "licenses": [{"license": {"id": "EUPL-1.2"}}],
    }


def component(package: Table, required: bool) -> Table:
    """A package with each of its files and their digests."""
    files = [*([package["sdist"]] if "sdist" in package else []), *package.get("wheels", [])]
    return {
        "type": "library",
        "bom-ref": ref(package),
        "name": package["name"],
        "version": package["version"],
        "scope": "required" if required else "optional",
        "purl": ref(package),
        "externalReferences": [
            {
                "type": "distribution",
                "url": file["url"],
                "hashes": [{"alg": "SHA-256", "content": file["hash"].removeprefix("sha256:")}],
            }
            for file in files
        ],
    }


def ref(package: Table) -> str:
    return f"pkg:pypi/{package['name']}@{package['version']}"


def reachable(packages: list[Table], edges: list[Table]) -> set[str]:
    """Everything that the edges lead to, on any system."""
    found: set[str] = set()
    queue = list(edges)
    while queue:
        for package in ends(packages, queue.pop()):
            if ref(package) not in found:
                found.add(ref(package))
                queue += all_edges(package)
    return found


def all_edges(package: Table) -> list[Table]:
    extras = package.get("optional-dependencies", {}).values()
    return [*package.get("dependencies", []), *(edge for edges in extras for edge in edges)]


def targets(packages: list[Table], edges: list[Table]) -> set[str]:
    return {ref(package) for edge in edges for package in ends(packages, edge)}


def ends(packages: list[Table], edge: Table) -> Iterator[Table]:
    """The packages that an edge may mean; the lock holds several versions where Pythons need them."""
    for package in packages:
        if package["name"] == edge["name"] and edge.get("version", package["version"]) == package["version"]:
            yield package


if __name__ == "__main__":
    json.dump(bill_of_materials((ROOT / "uv.lock").read_text("utf-8")), sys.stdout, indent=2)
    sys.stdout.write("\n")
