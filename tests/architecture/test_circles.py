"""No module imports itself by a detour, not even for types or inside a function."""

from pathlib import Path

from .imports import circles, graph, graph_of, modules_of


def test_no_module_imports_itself_by_a_detour() -> None:
    """All modules can be put in an order in which each knows earlier ones only."""
    assert circles(graph()) == []


def test_circle_of_types_and_late_imports_is_seen(tmp_path: Path) -> None:
    """An import for types, one in a function, relative or not, are all ways of a circle."""
    (tmp_path / "house").mkdir()
    for name, text in {
        "__init__": "",
        "door": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import room",
        "room": "def enter():\n    from .stairs import climb",
        "stairs": "import house.door",
        "garden": "from .door import Door",
    }.items():
        (tmp_path / "house" / f"{name}.py").write_text(text, encoding="utf-8")
    found = circles(graph_of(modules_of(tmp_path / "house")))
    assert found == [{"house.door", "house.room", "house.stairs"}]
