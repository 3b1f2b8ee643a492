"""The items of one type, in order, with an index for each set of conditions that is asked for."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence

from .item import Item

MOST_INDEXES = 32
"""Of one table; what is asked for least lately is forgotten, and made anew when it is."""

Fold = Callable[[str], str]
"""What two texts have in common that count as the same."""


class Table:
    """Items by id, in the order in which they came.

    Each has a number, and an index has the numbers of those that are alike, in order: a page is a
    slice of such a list, however many items there are.
    """

    def __init__(self, fold: Fold = str, folded: Container[str] = ()) -> None:
        """`folded` are the names whose texts are folded; those of others count to the letter."""
        self._fold, self._folded = fold, folded
        self._numbers: dict[str, int] = {}
        self._items: dict[int, Item] = {}
        self._indexes: OrderedDict[tuple[str, ...], _Index] = OrderedDict()
        self._last = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[Item]:
        return map(self._items.__getitem__, self.matching({}))

    def fold(self, name: str, text: str) -> str:
        """Give what a text of this name has in common with those that count as the same."""
        return self._fold(text) if name in self._folded else text

    def get(self, item_id: str) -> Item | None:
        """Give the item with this id."""
        number = self._numbers.get(item_id)
        return None if number is None else self._items[number]

    def matching(self, conditions: Mapping[str, str]) -> Sequence[int]:
        """Give the numbers of the items whose values are these texts, in order."""
        names = tuple(sorted(conditions))
        found = self._indexes.get(names)
        if found is None:
            found = self._indexes[names] = self._index(names)
            if len(self._indexes) > MOST_INDEXES:
                self._indexes.popitem(last=False)
        else:
            self._indexes.move_to_end(names)
        return found.numbers(tuple(self.fold(name, conditions[name]) for name in names))

    def at(self, numbers: Sequence[int]) -> list[Item]:
        """Give the items that have these numbers."""
        return [self._items[number] for number in numbers]

    def alike(self, item: Item, names: tuple[str, ...]) -> Iterator[Item]:
        """Give the other items that have the same values, and of several ids the same ones."""
        keys = list(item.keys(names))
        found = [set(self.matching(dict(zip(names, key, strict=True)))) for key in keys]
        for one in self.at(sorted(set.intersection(*found) if found else ())):
            if one.id != item.id and len(list(one.keys(names))) == len(keys):
                yield one

    def add(self, item: Item, number: int | None = None) -> None:
        """Add an item whose id is new, at the end or at the place that it had."""
        if number is None:
            self._last = number = self._last + 1
        self._numbers[item.id] = number
        self._items[number] = item
        for index in self._indexes.values():
            index.add(item, number)

    def replace(self, item: Item) -> Item:
        """Put an item in the place of the one with its id, which is given back."""
        number = self._numbers[item.id]
        before, self._items[number] = self._items[number], item
        for index in self._indexes.values():
            index.replace(before, item, number)
        return before

    def remove(self, item_id: str) -> tuple[Item, int]:
        """Remove an item; give it with its number."""
        number = self._numbers.pop(item_id)
        item = self._items.pop(number)
        for index in self._indexes.values():
            index.remove(item, number)
        return item, number

    def _index(self, names: tuple[str, ...]) -> "_Index":
        index = _Index(names, self.fold)
        for number in sorted(self._items):
            index.add(self._items[number], number)
        return index


class _Index:
    """The numbers of items by the texts that their values have."""

    def __init__(self, names: tuple[str, ...], fold: Callable[[str, str], str]) -> None:
        self._names, self._fold = names, fold
        self._groups: dict[tuple[str, ...], list[int]] = {}

    def numbers(self, key: tuple[str, ...]) -> Sequence[int]:
        return self._groups.get(key, ())

    def add(self, item: Item, number: int) -> None:
        for key in self._keys(item):
            group = self._groups.setdefault(key, [])
            if not group or group[-1] < number:
                group.append(number)
            else:
                insort(group, number)

    def remove(self, item: Item, number: int) -> None:
        for key in self._keys(item):
            group = self._groups[key]
            del group[bisect_left(group, number)]
            if not group:
                del self._groups[key]

    def replace(self, before: Item, after: Item, number: int) -> None:
        if self._keys(before) != self._keys(after):
            self.remove(before, number)
            self.add(after, number)

    def _keys(self, item: Item) -> set[tuple[str, ...]]:
        return {tuple(map(self._fold, self._names, key)) for key in item.keys(self._names)}
