"""The lock, written as pip reads it: every package pinned and hashed, no index named.

`uv export` does the same, but a machine that runs `start.sh` may have only Python and pip. Run before anything is
installed, so only the standard library is used.
"""

import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

#: A package, or one of its extras.
PackageNode = tuple[str, str, str]
#: The ways that lead to a package, each with the markers that must all hold on it.
MarkerSets = dict[PackageNode, set[frozenset[str]]]
_Table = dict[str, Any]


def requirements_text(lock: str, groups: Iterable[str] = ()) -> str:
    """A requirements file of what the project needs to run and what the named dependency groups add."""
    packages = tomllib.loads(lock)["package"]
    ways = _collect_markers(packages, tuple(groups))
    external = (package for package in packages if "registry" in package["source"])
    needed = ((package, ways.get((package["name"], package["version"], ""))) for package in external)
    return "".join(_requirement_line(package, markers) for package, markers in needed if markers)


def _collect_markers(packages: list[_Table], groups: tuple[str, ...]) -> MarkerSets:
    """Walk the lock's graph from the project; for each package, the sets of markers it is needed under.

    A set that another is part of is dropped, since it asks for more to reach the same package. That also ends the walk
    where packages need one another.
    """
    project = next(package for package in packages if "registry" not in package["source"])
    added = project.get("dev-dependencies", {})
    first = [*project.get("dependencies", []), *(edge for group in groups for edge in added[group])]
    ways: MarkerSets = {}
    queue = [(edge, frozenset[str]()) for edge in first]
    while queue:
        edge, inherited = queue.pop()
        markers = inherited | {edge["marker"]} if "marker" in edge else inherited
        for package, node in _edge_nodes(packages, edge):
            if not any(known <= markers for known in ways.setdefault(node, set())):
                ways[node] = {known for known in ways[node] if not markers <= known} | {markers}
                queue += [(further, markers) for further in _node_edges(package, node)]
    return ways


def _edge_nodes(packages: list[_Table], edge: _Table) -> Iterator[tuple[_Table, PackageNode]]:
    """The package that an edge leads to, and each of its extras that the edge asks for."""
    named = (package for package in packages if package["name"] == edge["name"])
    package = next(p for p in named if edge.get("version", p["version"]) == p["version"])
    for extra in ("", *edge.get("extra", ())):
        yield package, (package["name"], package["version"], extra)


def _node_edges(package: _Table, node: PackageNode) -> list[_Table]:
    extra = node[2]
    edges: list[_Table] = package["optional-dependencies"][extra] if extra else package.get("dependencies", [])
    return edges


def _requirement_line(package: _Table, ways: set[frozenset[str]]) -> str:
    """A package with its markers and the hashes of all its files; no markers where one way has none."""
    condition = "" if frozenset() in ways else f" ; {_marker_expression(ways)}"
    files = [*([package["sdist"]] if "sdist" in package else []), *package.get("wheels", [])]
    hashes = "".join(f" \\\n    --hash={file['hash']}" for file in files)
    return f"{package['name']}=={package['version']}{condition}{hashes}\n"


def _marker_expression(ways: set[frozenset[str]]) -> str:
    """The markers as one expression, sorted so that the same lock gives the same text."""
    conditions = (" and ".join(f"({marker})" for marker in sorted(markers)) for markers in ways)
    return " or ".join(sorted(conditions))


if __name__ == "__main__":
    sys.stdout.write(requirements_text(Path(sys.argv[1]).read_text("utf-8"), sys.argv[2:]))
