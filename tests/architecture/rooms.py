"""The rooms of the distribution, as `rooms.toml` has them, and as the code uses them."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from .imports import graph, modules


def read_rooms() -> dict[str, Sequence[str]]:
    """Give each room by its path, `livestorm_mock_server/rails/`, with those that it uses."""
    table = tomllib.loads(Path(__file__).with_name("rooms.toml").read_text(encoding="utf-8"))
    return {
        f"{component}/{room}".removesuffix("./"): [
            one if one.startswith("livestorm_") else f"{component}/{one}" for one in used.split()
        ]
        for component, rows in table.items()
        for room, used in rows.items()
    }


ROOMS: Mapping[str, Sequence[str]] = read_rooms()


def component_of(room: str) -> str:
    """Give the component of a room."""
    return room.partition("/")[0]


@cache
def room_of(module: str) -> str | None:
    """Give the room of a module, None where the table has none."""
    parts = modules()[module].parts
    path = "/".join(parts[parts.index(module.partition(".")[0]) :])
    fitting = [one for one in ROOMS if path == one or (one.endswith("/") and path.startswith(one))]
    return max(fitting, key=len, default=None)


@cache
def used_by(room: str) -> Mapping[str | None, Sequence[str]]:
    """Give the rooms that a room really uses, each with the modules that import from it."""
    found: dict[str | None, list[str]] = {}
    for module, imported in graph().items():
        if room_of(module) == room:
            for other in {room_of(one) for one in imported} - {room}:
                found.setdefault(other, []).append(module)
    return found


@cache
def layer_of(room: str) -> int:
    """Give the layer of a room in its component, from 1: just above all that it uses there."""
    below = [one for one in ROOMS[room] if component_of(one) == component_of(room)]
    return 1 + max(map(layer_of, below), default=0)
