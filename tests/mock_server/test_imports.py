"""Which package may import which."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "livestorm_client": ROOT / "client" / "livestorm_client",
    "livestorm_contract_tests": ROOT / "contract_tests" / "livestorm_contract_tests",
    "livestorm_mock_server": ROOT / "mock_server" / "livestorm_mock_server",
    "livestorm_scenarios": ROOT / "scenarios" / "livestorm_scenarios",
}

# Who may import whom; the contract tests reach servers over HTTP, but for the module that starts
# one and the one that drives the reference client.
MAY_IMPORT = {
    "livestorm_client": set(),
    "livestorm_contract_tests": set(),
    "livestorm_mock_server": {"livestorm_scenarios"},
    "livestorm_scenarios": set(),
}
EXCEPTIONS = {
    ("livestorm_mock_server", "cli.py"): {"livestorm_contract_tests"},
    ("livestorm_contract_tests", "server.py"): {"livestorm_mock_server"},
    ("livestorm_contract_tests", "reference.py"): {"livestorm_client"},
}

# Inside the fake: how Rails reads and answers knows nothing of OAuth, the store nothing of HTTP.
LAYERS = {
    "rails": {"rails", "reading", "delivery"},
    "store": {"store"},
}

# Loaded where they are used only, so that a start stays quick.
LAZY = {"jinja2", "jwt"}

MODULES = [
    pytest.param(package, path, id=str(path.relative_to(ROOT)))
    for package, source in SOURCES.items()
    for path in sorted(source.rglob("*.py"))
    if "templates" not in path.parts  # What teams copy is no module of ours.
]


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Give each imported module, with the number of dots in front."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, 0) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", node.level


def top_level_imports(tree: ast.Module) -> set[str]:
    """Give the packages that are loaded with the module."""
    found = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [name for node in found for name, level in imports(node) if level == 0]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_module_imports_only_packages_it_may(package: str, path: Path) -> None:
    """The table of components holds, and inside a component imports are relative."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = {name.partition(".")[0] for name, level in imports(tree) if level == 0}
    allowed = MAY_IMPORT[package] | EXCEPTIONS.get((package, path.name), set())
    assert named & set(SOURCES) <= allowed


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_layer_imports_nothing_above_it(layer: str) -> None:
    """The lower layers of the fake don't know the upper ones."""
    folder = SOURCES["livestorm_mock_server"] / layer
    reached = {
        name.partition(".")[0]
        for path in folder.rglob("*.py")
        for name, level in imports(ast.parse(path.read_text(encoding="utf-8")))
        if level == 2
    }
    assert reached <= LAYERS[layer]


@pytest.mark.parametrize(("package", "path"), MODULES)
def test_module_loads_slow_libraries_where_it_uses_them(package: str, path: Path) -> None:
    """What takes long to load is not loaded with a module."""
    if package == "livestorm_mock_server":
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not top_level_imports(tree) & LAZY
