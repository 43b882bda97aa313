"""Prints the figures of the code base: python tests/house.py [FOLDER]

One row for each package of `assessor` (or of FOLDER), one for all of it, then what is aimed at. What is counted:

- lines of a function: from `def` to its last line, without its docstring;
- one-word names: function names without an underscore inside, leading underscores stripped, dunders left out;
- prose: lines with a comment, and lines of docstrings, over all lines;
- code: lines that are not blank, not a docstring's, and not a comment alone;
- shared class names: classes at the top of a module that another module's class has the name of;
- circles: groups of modules that import each other, imports inside functions counted.
"""

import ast
import io
import sys
import tokenize
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).parents[1]

LONGEST_FUNCTION = 40

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Function:
    """One function or method."""

    name: str
    #: Without its docstring.
    lines: int


@dataclass(frozen=True, slots=True)
class Module:
    """What is counted of one file."""

    #: As it is imported: `assessor.core.ways`.
    name: str
    lines: int
    code: int
    prose: int
    functions: tuple[Function, ...]
    #: Names of the classes at its top.
    classes: tuple[str, ...]
    #: Modules and packages that it names in an import, wherever in the file that stands.
    imports: frozenset[str]

    @property
    def package(self) -> str:
        """The folder in which it lies below the top, or `top level`."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 2 else "top level"


def read_modules(folder: Path) -> tuple[Module, ...]:
    """All modules in a package's folder, in the order of their names."""
    named = {_module_name(path, folder): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.py"))}
    packages = {name for name in named if any(other.startswith(f"{name}.") for other in named)}
    return tuple(_module(name, text, frozenset(named), name in packages) for name, text in named.items())


def _module_name(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _module(name: str, text: str, known: frozenset[str], is_package: bool) -> Module:
    tree = ast.parse(text)
    docstrings = _docstring_lines(tree)
    comments = _comment_lines(text)
    lines = text.splitlines()
    no_code = {
        number
        for number, line in enumerate(lines, 1)
        if not line.strip() or (number in comments and line.lstrip().startswith("#"))
    }
    return Module(
        name=name,
        lines=len(lines),
        code=len(lines) - len(docstrings | no_code),
        prose=len(docstrings | comments),
        functions=tuple(_function(node) for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)),
        classes=tuple(node.name for node in tree.body if isinstance(node, ast.ClassDef)),
        imports=frozenset(_imported(tree, name if is_package else name.rpartition(".")[0], known)) - {name},
    )


def _docstring(node: ast.AST) -> ast.stmt | None:
    """The statement that is a node's docstring; None where it has none."""
    if isinstance(node, (ast.Module, ast.ClassDef, *_FUNCTIONS)) and ast.get_docstring(node, clean=False) is not None:
        return node.body[0]
    return None


def _span(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _docstring_lines(tree: ast.Module) -> set[int]:
    return {number for node in ast.walk(tree) if (found := _docstring(node)) for number in _span(found)}


def _comment_lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    found = _docstring(node)
    return Function(node.name, len(_span(node)) - (len(_span(found)) if found else 0))


def _imported(tree: ast.Module, package: str, known: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, package)
            names = {f"{source}.{alias.name}" for alias in node.names}
            yield from names & known
            if source in known and names - known:
                yield source


def _source(node: ast.ImportFrom, package: str) -> str:
    """The module that `from … import` names, the dots of a relative one resolved."""
    if not node.level:
        return node.module or ""
    above = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*above, *([node.module] if node.module else [])])


def shared_class_names(modules: Iterable[Module]) -> dict[str, tuple[str, ...]]:
    """Class names that stand at the top of several modules, each with those modules."""
    places = defaultdict(list)
    for module in modules:
        for name in module.classes:
            places[name].append(module.name)
    return {name: tuple(where) for name, where in sorted(places.items()) if len(where) > 1}


def import_circles(modules: Sequence[Module]) -> tuple[frozenset[str], ...]:
    """Groups of modules of which each imports, by way of others, each of the rest."""
    imports = {module.name: module.imports for module in modules}
    reached = {name: _reachable(name, imports) for name in imports}
    circles = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in imports
        if name in reached[name]
    }
    return tuple(sorted(circles, key=sorted))


def _reachable(start: str, imports: dict[str, frozenset[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = imports[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def is_one_word(name: str) -> bool:
    """Whether a function's name is a single word, leading underscores aside."""
    return "_" not in name.strip("_")


def one_word_share(functions: Iterable[Function]) -> float:
    """In percent of all functions that are no dunders; 0 where there are none."""
    names = [each.name for each in functions if not (each.name.startswith("__") and each.name.endswith("__"))]
    return 100 * sum(map(is_one_word, names)) / len(names) if names else 0.0


def is_in_report(name: str) -> bool:
    return name.split(".")[1:2] == ["report"]


def report_importers(modules: Iterable[Module]) -> tuple[str, ...]:
    """Modules of `web` that import `report`."""
    return tuple(m.name for m in modules if m.package == "web" and any(is_in_report(name) for name in m.imports))


def _lengths(modules: Iterable[Module]) -> list[int]:
    return [function.lines for module in modules for function in module.functions]


def _ninth_decile(lengths: list[int]) -> int:
    return round(quantiles(lengths, n=10)[-1]) if len(lengths) > 1 else sum(lengths)


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"


COLUMNS: dict[str, Callable[[Sequence[Module]], object]] = {
    "modules": len,
    "lines": lambda modules: sum(m.lines for m in modules),
    "code": lambda modules: sum(m.code for m in modules),
    "prose %": lambda modules: _percent(sum(m.prose for m in modules), sum(m.lines for m in modules)),
    "functions": lambda modules: len(_lengths(modules)),
    "median": lambda modules: f"{median(_lengths(modules) or [0]):g}",
    "90 %": lambda modules: _ninth_decile(_lengths(modules)),
    "over 40": lambda modules: sum(length > LONGEST_FUNCTION for length in _lengths(modules)),
    "one word %": lambda modules: f"{one_word_share(f for m in modules for f in m.functions):.0f}",
    "classes": lambda modules: sum(len(m.classes) for m in modules),
}


def package_table(modules: Sequence[Module]) -> list[list[str]]:
    """One row for each package, one for all, below the names of the columns."""
    packages = defaultdict(list)
    for module in modules:
        packages[module.package].append(module)
    groups: list[tuple[str, Sequence[Module]]] = [*sorted(packages.items()), ("all", modules)]
    return [
        ["package", *COLUMNS],
        *([name, *(str(count(group)) for count in COLUMNS.values())] for name, group in groups),
    ]


def aims_table(modules: Sequence[Module]) -> list[list[str]]:
    """Each figure that is aimed at, as it is now and as it ought to be."""
    now = {name: str(count(modules)) for name, count in COLUMNS.items()}
    shared = shared_class_names(modules)
    classes = sum(count for name, count in Counter(n for m in modules for n in m.classes).items() if name in shared)
    return [
        ["figure", "now", "aim"],
        ["functions: median / 90 % / over 40", f"{now['median']} / {now['90 %']} / {now['over 40']}", "5 / 14 / 0"],
        ["classes that share their name", f"{classes} of {now['classes']}", "under 10"],
        ["one-word function names", f"{now['one word %']} %", "under 50 %"],
        ["import circles, lazy imports counted", str(len(import_circles(modules))), "0"],
        ["prose", f"{now['prose %']} %", "15 %"],
        ["modules of web that import report", str(len(report_importers(modules))), "1"],
    ]


def _print_table(rows: list[list[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))]
        print("  ".join(cells).rstrip())
    print()


def _print_findings(modules: Sequence[Module]) -> None:
    """What is behind the figures, where there is little enough of it to be named."""
    for name, where in shared_class_names(modules).items():
        print(f"shared class name {name}: {', '.join(where)}")
    for circle in import_circles(modules):
        print(f"circle: {', '.join(sorted(circle))}")
    for module in modules:
        for function in module.functions:
            if function.lines > LONGEST_FUNCTION:
                print(f"long function {module.name}.{function.name}: {function.lines} lines")
    print(f"web imports report in: {', '.join(report_importers(modules)) or 'none'}")


def main(arguments: Sequence[str]) -> None:
    """Print all of it for the folder named, or for `assessor` beside these tests."""
    folder = Path(arguments[0]) if arguments else ROOT / "assessor"
    modules = read_modules(folder.resolve())
    _print_table(package_table(modules))
    _print_table(aims_table(modules))
    _print_findings(modules)


if __name__ == "__main__":
    main(sys.argv[1:])
