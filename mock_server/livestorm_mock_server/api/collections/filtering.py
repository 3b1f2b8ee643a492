"""Which items of a collection pass the filters of a query."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from ...collections.declared import Filter, Kind
from ...collections.item import Item
from ...collections.table import Table
from ...exchange import Exchange
from ...patterns import compile_late
from .refusals import malformed

Test = Callable[[Item], bool]
_SECONDS = compile_late(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


def find_matching(
    exchange: Exchange,
    kind: Kind,
    scope: Mapping[str, str],
    filters: Sequence[tuple[Filter, str]],
    *,
    hidden: Collection[str] = (),
) -> Sequence[int]:
    """Give the numbers of the items of a scope that pass all filters, in order. Raises Refused.

    `hidden` are the ids of those that never do.
    """
    table = exchange.provider.collections.table(kind.type)
    parts = kind.compared if exchange.options.filter_comparison == "contains" else frozenset[str]()
    conditions, tests = dict(scope), list[Test]()
    for one, value in filters:
        is_whole = one.attribute not in parts
        if one.compare == "equal" and is_whole and one.attribute not in conditions:
            conditions[one.attribute] = value
        else:
            tests.append(_test(table, one, value, is_whole=is_whole))
    if hidden:
        tests.append(lambda item: item.id not in hidden)
    numbers = table.matching(conditions)
    if not tests:
        return numbers
    items = table.at(numbers)
    return [
        number
        for number, item in zip(numbers, items, strict=True)
        if all(test(item) for test in tests)
    ]


def _test(table: Table, one: Filter, value: str, *, is_whole: bool) -> Test:
    if one.compare == "at_least":
        return partial(_is_at_least, one.attribute, _read_time(one, value))
    if is_whole:
        fold = partial(table.fold, one.attribute)
        return partial(_is, one.attribute, fold, fold(value))
    return partial(_contains, one.attribute, value.casefold())


def _is(name: str, fold: Callable[[str], str], value: str, item: Item) -> bool:
    return any(fold(text) == value for text in item.texts(name))


def _contains(name: str, part: str, item: Item) -> bool:
    return any(part in text.casefold() for text in item.texts(name))


def _is_at_least(name: str, least: float, item: Item) -> bool:
    value = item.value(name)
    return isinstance(value, int | float) and value >= least


def _read_time(one: Filter, value: str) -> float:
    """Read Unix seconds, or a date of ISO 8601. Raises Refused."""
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise malformed(f"filter[{one.name}] is {value[:80]!r}, and no time") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
