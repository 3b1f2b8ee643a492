"""What the modules of this distribution import from each other, read from their sources.

Imports for type checkers and within functions count, too: who reads a module follows them.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = {
    "livestorm_client": ROOT / "client",
    "livestorm_contract_tests": ROOT / "contract_tests",
    "livestorm_mock_server": ROOT / "mock_server",
    "livestorm_scenarios": ROOT / "scenarios",
}

Graph = Mapping[str, frozenset[str]]
"""Modules by their dotted names, each with those that it imports."""


def modules_of(package: Path) -> dict[str, Path]:
    """Give the files of a package by their modules' dotted names.

    What teams copy (`templates/`) is no module of ours.
    """
    paths = [path for path in sorted(package.rglob("*.py")) if "templates" not in path.parts]
    return {name_of(path, package.parent): path for path in paths}


def name_of(path: Path, source: Path) -> str:
    """Give the dotted name of a module."""
    parts = path.relative_to(source).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> Mapping[str, Path]:
    """Give the file of each module of the distribution."""
    listed = [modules_of(source / package) for package, source in SOURCES.items()]
    return {name: path for one in listed for name, path in one.items()}


@cache
def graph() -> Graph:
    """Give what each module of the distribution imports."""
    return graph_of(modules())


def graph_of(paths: Mapping[str, Path]) -> Graph:
    """Give what each of some modules imports of the others."""
    known = set(paths)
    return {name: frozenset(imported(name, path, known)) - {name} for name, path in paths.items()}


def imported(name: str, path: Path, known: set[str]) -> Iterator[str]:
    """Give the known modules that a module imports, whatever the place."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            base = base_of(node, package)
            for alias in node.names:
                submodule = f"{base}.{alias.name}"
                yield from {submodule if submodule in known else base} & known


def base_of(node: ast.ImportFrom, package: str) -> str:
    """Give the dotted name that stands between `from` and `import`, made absolute."""
    if not node.level:
        return node.module or ""
    parent = package.split(".")[: len(package.split(".")) - node.level + 1]
    return ".".join([*parent, *filter(None, [node.module])])


def circles(graph: Graph) -> list[set[str]]:
    """Give the sets of modules that reach each other (strongly connected components)."""
    reached = {name: reachable(graph, name) for name in graph}
    found = {
        frozenset({name} | {other for other in others if name in reached[other]})
        for name, others in reached.items()
    }
    return [set(one) for one in found if len(one) > 1]


def reachable(graph: Graph, start: str) -> set[str]:
    """Give all modules that a module leads to."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for name in graph[waiting.pop()]:
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return seen
