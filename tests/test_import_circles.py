"""No module imports itself by a detour, not even for types or inside a function."""

import ast
from collections.abc import Iterator, Mapping, Set
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("client", "mock_server", "scenarios")
"""The components that are held to it, by their source roots."""

Graph = Mapping[str, Set[str]]


def modules(package: Path) -> dict[str, Path]:
    """Give the modules of a package by their dotted names."""
    found = {
        path.relative_to(package.parent).with_suffix("").parts: path
        for path in sorted(package.rglob("*.py"))
        if "templates" not in path.parts  # What teams copy is no module of ours.
    }
    return {".".join(p[:-1] if p[-1] == "__init__" else p): path for p, path in found.items()}


def imported(name: str, path: Path) -> Iterator[str]:
    """Give the dotted names that a module imports anywhere, those of `from` with what follows."""
    parts = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = parts[: len(parts) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def import_graph(package: Path) -> Graph:
    """Give for each module the others of its package that it imports."""
    found = modules(package)
    return {
        name: {
            target
            for one in imported(name, path)
            for target in (one, one.rpartition(".")[0])[: 1 if one in found else 2]
            if target in found and target != name
        }
        for name, path in found.items()
    }


def reached(graph: Graph, start: str) -> Set[str]:
    """Give what is imported from a module on, however far the way."""
    seen: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += graph[name]
    return seen


def circles(graph: Graph) -> Set[Set[str]]:
    """Give the strongly connected components of more than one module."""
    ways = {name: reached(graph, name) for name in graph}
    return {
        frozenset(one for one in way if name in ways[one])
        for name, way in ways.items()
        if name in way
    }


@pytest.mark.parametrize("component", PACKAGES)
def test_no_module_imports_itself_by_a_detour(component: str) -> None:
    """The modules of the component can be put in an order in which each knows earlier ones only."""
    assert circles(import_graph(ROOT / component / f"livestorm_{component}")) == set()


def test_circles_of_types_and_late_imports_are_seen(tmp_path: Path) -> None:
    """An import for types, one in a function, relative or not, are all ways of the circle."""
    (tmp_path / "house").mkdir()
    for name, text in {
        "__init__": "",
        "door": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import room",
        "room": "def enter():\n    from .stairs import climb",
        "stairs": "import house.door",
        "garden": "from .door import Door",
    }.items():
        (tmp_path / "house" / f"{name}.py").write_text(text, encoding="utf-8")
    found = circles(import_graph(tmp_path / "house"))
    assert found == {frozenset({"house.door", "house.room", "house.stairs"})}
