"""What Python 3.15 is to load late is what a module imports, before anything is imported."""

import ast

import pytest

from .imports import modules

_NAME = "__lazy_modules__"


def lazy_modules(tree: ast.Module) -> list[str] | None:
    """Give the names in `__lazy_modules__`, None for a module that has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == _NAME:
            return list(ast.literal_eval(node.value))
        if isinstance(node, ast.Import | ast.ImportFrom):
            break  # It would come too late.
    return None


def imported(tree: ast.Module) -> set[str]:
    """Give the modules that a module imports when it is loaded, by their full names."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(str(node.module))
    return found


LAZY = [name for name, path in modules().items() if _NAME in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("module", LAZY)
def test_lazy_modules_are_imported(module: str) -> None:
    """Each name is that of a module which is imported at the top, and the list comes before."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    named = lazy_modules(tree)
    assert named
    assert set(named) <= imported(tree)
