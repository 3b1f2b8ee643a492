"""What ARCHITECTURE.md shows of the layers, made from the table of rooms."""

from collections.abc import Iterable

from ..architecture.rooms import ROOMS, component_of, layer_of

WIDTH = 96


def picture(component: str) -> str:
    """Draw the layers of a component, the highest first; each uses lower ones only."""
    rooms = [one for one in ROOMS if component_of(one) == component]
    highest = max(map(layer_of, rooms))
    lines = [line for layer in range(highest, 0, -1) for line in _row(layer, rooms)]
    return "".join(f"    {line}\n" for line in [component, *lines])


def _row(layer: int, rooms: Iterable[str]) -> list[str]:
    """Give the lines of one layer, its number before the first."""
    names = [room.partition("/")[2] for room in rooms if layer_of(room) == layer]
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > WIDTH:
            lines.append("")
        lines[-1] += f"   {name}"
    return [f"{layer if number == 0 else '':>3}{line}" for number, line in enumerate(lines)]
