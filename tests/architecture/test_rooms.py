"""The table of rooms is what the code does, and what it may do."""

import ast
from collections.abc import Iterator

import pytest

from .imports import modules
from .rooms import ROOMS, component_of, layer_of, room_of, used_by

LAZY = {"jinja2", "jwt"}
"""Loaded where they are used only, so that a start of the fake stays quick."""


def test_every_module_has_a_room() -> None:
    """A new file has to be put somewhere before anything may use it."""
    assert [name for name in modules() if room_of(name) is None] == []


def test_every_room_has_a_module() -> None:
    """What was removed or moved leaves the table."""
    assert set(ROOMS) - {room_of(name) for name in modules()} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_room_uses_just_the_rooms_of_its_row(room: str) -> None:
    """What is not in a row is forbidden, and what nobody uses is not in it."""
    assert set(used_by(room)) == set(ROOMS[room]), used_by(room)


def test_rooms_stand_in_layers() -> None:
    """No row leads back, by whatever detour, and each stands above those that it uses."""
    components = list(dict.fromkeys(map(component_of, ROOMS)))
    order = [(components.index(component_of(room)), layer_of(room)) for room in ROOMS]
    assert order == sorted(order)


def absolute_imports(tree: ast.AST) -> Iterator[str]:
    """Give the packages that a module names in full."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("module", modules())
def test_module_names_its_own_component_relatively(module: str) -> None:
    """Inside a component imports are relative."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    assert module.partition(".")[0] not in set(absolute_imports(tree))


@pytest.mark.parametrize(
    "module", [name for name in modules() if name.startswith("livestorm_mock_server")]
)
def test_module_loads_slow_libraries_where_it_uses_them(module: str) -> None:
    """What takes long to load is not loaded with a module."""
    tree = ast.parse(modules()[module].read_text(encoding="utf-8"))
    loaded = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not {name for node in loaded for name in absolute_imports(node)} & LAZY
