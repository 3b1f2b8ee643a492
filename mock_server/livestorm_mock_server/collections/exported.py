"""What collections hold as plain data."""

from collections.abc import Mapping

import msgspec

from ..reading import InvalidInputError, expected_one_of, read_struct
from .declared import Kind
from .item import Item
from .schedule import Planned, due
from .table import Fold, Table


class Exported(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it."""

    items: dict[str, list[object]] = msgspec.field(default_factory=dict)
    """By type, in order."""
    planned: list[Planned] = msgspec.field(default_factory=list)
    last_planned: int = 0
    """The number of what was planned last."""


def read_tables(
    exported: Exported, kinds: Mapping[str, Kind], fold: Fold, *, where: str
) -> dict[str, Table]:
    """Give the items of all types; `where` is the path of the data. Raises InvalidInputError."""
    prefix = f"{where}." if where else ""
    for name in exported.items:
        if name not in kinds:
            expected = f"a type: {expected_one_of(name, kinds)}"
            raise InvalidInputError(f"{prefix}items.{name}", name, expected)
    for index, one in enumerate(exported.planned):
        where = f"{prefix}planned[{index}]."
        if one.type not in kinds:
            raise InvalidInputError(f"{where}type", one.type, expected_one_of(one.type, kinds))
        _check_order(exported, index, where)
        _check_plan(one, where)
    tables = {name: Table(fold, kind.compared) for name, kind in kinds.items()}
    for name, items in exported.items.items():
        _fill(tables[name], items, f"{prefix}items.{name}")
    return tables


def _check_order(exported: Exported, index: int, where: str) -> None:
    """Check that what is planned happens after what stands before it."""
    one, last = exported.planned[index], exported.last_planned
    if one.number > last:
        raise InvalidInputError(f"{where}number", one.number, f"{last} at most, by last_planned")
    if index and due(before := exported.planned[index - 1]) >= due(one):
        expected = f"no earlier time than {before.at}, with a higher number"
        raise InvalidInputError(f"{where}at", one.at, expected)


def _check_plan(planned: Planned, where: str) -> None:
    """Check that either an item comes or one is changed."""
    if planned.item is not None and not planned.item.id:
        raise InvalidInputError(f"{where}item.id", planned.item.id, "an id of its own")
    if (planned.item is None) != bool(planned.id):
        expected = "the id of what is changed, or an item that comes"
        raise InvalidInputError(f"{where}id", planned.id, expected)


def _fill(table: Table, items: list[object], where: str) -> None:
    for index, item in enumerate(read_struct(items, list[Item], where=where)):
        if not item.id or table.get(item.id) is not None:
            raise InvalidInputError(f"{where}[{index}].id", item.id, "an id of its own")
        table.add(item)
