"""All that the collections of a sandbox hold, and who is told of what changes."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec
from msgspec.structs import replace

from ..randomness import Randomness
from ..reading import InvalidInputError, expected_one_of, read_struct
from .changes import Change, Listener, Listeners
from .declared import TASKS, Kind
from .exported import Exported, read_tables
from .item import Item, Linkage
from .relating import find_dangling, inherited
from .schedule import Planned, Schedule
from .table import Fold, Table

DONE, FAILED = {"status": "ended"}, {"status": "failed"}
TAKEN = "has already been taken"


class Collections:
    """Items by type. What is done here is told to whoever listens, unless it is a rehearsal."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now` gives the virtual time, in Unix seconds."""
        self._now = now
        self._listeners = Listeners()
        self._undo: list[Callable[[], object]] | None = None
        """What takes back the changes of a rehearsal, in the order of the changes."""
        self._is_catching_up = False
        self._schedule = Schedule(self._note)
        self.begin({}, Randomness())

    def begin(
        self,
        kinds: Mapping[str, Kind],
        randomness: Randomness,
        *,
        members: Iterable[tuple[str, Item]] = (),
        fold: Fold = str,
    ) -> None:
        """Hold what the types begin with, and nothing else; nobody is told.

        `members` are the team members, each with the id of the workspace.
        """
        self._kinds, self._randomness, self._fold = kinds, randomness, fold
        self._schedule.begin()
        members = list(members)
        self._workspaces = {one.id: workspace for workspace, one in members}
        items = [one for _, one in members]
        self._tables = {name: self._begun(kind, items) for name, kind in kinds.items()}

    def _begun(self, kind: Kind, members: Iterable[Item]) -> Table:
        table = Table(self._fold, kind.compared)
        for item in (*(members if kind.has_members else ()), *kind.items):
            table.add(item if item.id else replace(item, id=self._randomness.uuid()))
        return table

    def listen(self, listener: Listener) -> None:
        """Tell a listener of each change from now on, over resets, too."""
        self._listeners.add(listener)

    def call_when_planned(self, told: Callable[[], object]) -> None:
        """Call this whenever something is to happen at a time to come."""
        self._schedule.watch(told)

    @property
    def due_at(self) -> float | None:
        """The virtual time at which something happens next; None where nothing is to come."""
        return self._schedule.due_at

    @property
    def types(self) -> Sequence[str]:
        """The types that there are."""
        return list(self._kinds)

    def kind(self, type_name: str) -> Kind:
        """Give a type's rules. Raises InvalidInputError for one that there is not."""
        if type_name not in self._kinds:
            raise InvalidInputError("type", type_name, expected_one_of(type_name, self._kinds))
        return self._kinds[type_name]

    def table(self, type_name: str) -> Table:
        """Give the items of a type, all that is due having happened. Raises InvalidInputError."""
        self.kind(type_name)
        self.catch_up()
        return self._tables[type_name]

    def all(self, type_name: str) -> list[Item]:
        """Give the items of a type, in order. Raises InvalidInputError."""
        return list(self.table(type_name))

    def find(self, type_name: str, item_id: str) -> Item | None:
        """Give an item. Raises InvalidInputError for a type that there is not."""
        return self.table(type_name).get(item_id)

    def count_contacts(self, type_name: str) -> int:
        """Tell how many items of a type are no team members, those that are to come among them.

        Raises InvalidInputError.
        """
        table = self.table(type_name)
        to_come = sum(one.item is not None and one.type == type_name for one in self._schedule)
        members = self._workspaces if self._kinds[type_name].has_members else ()
        return len(table) + to_come - sum(table.get(one) is not None for one in members)

    def strangers(self, type_name: str, workspace: str) -> frozenset[str]:
        """Give the ids of the team members of other workspaces. Raises InvalidInputError."""
        of = self._workspaces if self.kind(type_name).has_members else {}
        return frozenset(item_id for item_id, one in of.items() if one != workspace)

    def create(
        self,
        type_name: str,
        attributes: Mapping[str, object],
        relationships: Mapping[str, Linkage] | None = None,
        *,
        item_id: str | None = None,
    ) -> Item:
        """Add an item, with what its type adds to each; its id is drawn where none is given.

        Raises InvalidInputError for a type that there is not, and for an id that is taken.
        """
        item = self.new_item(type_name, attributes, relationships, item_id=item_id)
        self.add(type_name, item)
        return item

    def new_item(
        self,
        type_name: str,
        attributes: Mapping[str, object],
        relationships: Mapping[str, Linkage] | None = None,
        *,
        item_id: str | None = None,
        at: float | None = None,
    ) -> Item:
        """Make an item that is not among the others yet, and comes at a virtual time, or now."""
        kind, now = self.kind(type_name), int(self._now() if at is None else at)
        stamps = {"created_at": now, "updated_at": now} if kind.has_timestamps else {}
        return Item(
            id=item_id or self._randomness.uuid(),
            attributes={**kind.defaults, **stamps, **attributes},
            relationships=dict(relationships or {}),
        )

    def add(self, type_name: str, item: Item) -> None:
        """Add an item. Raises InvalidInputError for an id that is taken."""
        if self.table(type_name).get(item.id) is not None:
            raise InvalidInputError("id", item.id, "an id of its own")
        self._add(type_name, item)

    def change(
        self,
        type_name: str,
        item_id: str,
        attributes: Mapping[str, object],
        relationships: Mapping[str, Linkage] | None = None,
        *,
        at: float | None = None,
    ) -> Item:
        """Change attributes and relationships of an item, at a virtual time, or now.

        Raises InvalidInputError.
        """
        before, now = self._known(type_name, item_id), int(self._now() if at is None else at)
        stamp = {"updated_at": now} if self.kind(type_name).has_timestamps else {}
        item = replace(
            before,
            attributes={**before.attributes, **stamp, **attributes},
            relationships={**before.relationships, **(relationships or {})},
        )
        table = self._tables[type_name]
        table.replace(item)
        self._note(lambda: table.replace(before))
        self._tell(Change(kind="changed", collection=type_name, item=item, before=before))
        return item

    def delete(self, type_name: str, item_id: str) -> Item:
        """Remove an item; give it as it was. Raises InvalidInputError."""
        self._known(type_name, item_id)
        table = self._tables[type_name]
        item, number = table.remove(item_id)
        self._note(lambda: table.add(item, number))
        self._tell(Change(kind="deleted", collection=type_name, item=item))
        return item

    def has_another(self, type_name: str, item: Item) -> bool:
        """Tell whether another item has all that must be unique. Raises InvalidInputError."""
        names = self.kind(type_name).unique
        return bool(names) and any(self._tables[type_name].alike(item, names))

    def find_dangling(self, type_name: str, item: Item) -> Iterator[tuple[str, str]]:
        """Give the relationships of an item that lead to none. Raises InvalidInputError."""
        return find_dangling(self._tables, self.kind(type_name), item)

    def inherited(self, type_name: str, linked: Mapping[str, Linkage]) -> dict[str, Linkage]:
        """Give what a new item that leads to others has from them. Raises InvalidInputError."""
        self.catch_up()
        return inherited(self._kinds, self._tables, self.kind(type_name), linked)

    def plan_item(self, at: float, type_name: str, item: Item, *, task: str = "") -> None:
        """Let an item come at a virtual time; the task with this id then tells whether it came."""
        self._schedule.plan(Planned(at=at, number=0, type=type_name, item=item, task=task))

    def plan_change(
        self, at: float, type_name: str, item_id: str, attributes: Mapping[str, object]
    ) -> None:
        """Change attributes of an item at a virtual time, if it is there then."""
        changed = dict(attributes)
        self._schedule.plan(
            Planned(at=at, number=0, type=type_name, id=item_id, attributes=changed)
        )

    def unplan(self, type_name: str, item_id: str) -> None:
        """Forget the changes of an item that are to come."""
        self._schedule.forget(type_name, item_id)

    def catch_up(self) -> None:
        """Let happen what is due, in its order; those who listen are told of it."""
        if self._undo is not None or self._is_catching_up:
            return
        self._is_catching_up = True
        try:
            while (planned := self._schedule.take(self._now())) is not None:
                self._carry_out(planned)
        finally:
            self._is_catching_up = False

    def _carry_out(self, planned: Planned) -> None:
        """Do what was planned, unless that is not possible any more."""
        if planned.item is None:
            if self._tables[planned.type].get(planned.id) is not None:
                self.change(planned.type, planned.id, planned.attributes, at=planned.at)
            return
        obstacle = self._obstacle(planned.type, planned.item)
        if obstacle is None:
            self._add(planned.type, planned.item)
        tasks = self._tables.get(TASKS)
        if planned.task and tasks is not None and tasks.get(planned.task) is not None:
            became = DONE if obstacle is None else FAILED | {"error": obstacle}
            self.change(TASKS, planned.task, became, at=planned.at)

    def _obstacle(self, type_name: str, item: Item) -> str | None:
        """Tell why a planned item can't come any more."""
        if self._tables[type_name].get(item.id) is not None or self.has_another(type_name, item):
            return TAKEN
        return next((" ".join(told) for told in self.find_dangling(type_name, item)), None)

    @contextmanager
    def rehearsal(self) -> Generator[None]:
        """Undo at the end what was done here; nobody is told."""
        self.catch_up()
        undo = self._undo = list[Callable[[], object]]()
        try:
            yield
        finally:
            self._undo = None
            for take_back in reversed(undo):
                take_back()

    def export(self) -> dict[str, object]:
        """Give all of it as plain data, which JSON can hold."""
        self.catch_up()
        items: dict[str, list[object]] = {name: list(table) for name, table in self._tables.items()}
        planned, last = list(self._schedule), self._schedule.last_number
        exported: dict[str, object] = msgspec.to_builtins(
            Exported(items=items, planned=planned, last_planned=last)
        )
        return exported

    def restore(self, data: object, *, where: str = "") -> None:
        """Hold just what was exported; nobody is told.

        `where` is the path of the data. Raises InvalidInputError, and then all is as it was.
        """
        exported = read_struct(data, Exported, where=where)
        self._tables = read_tables(exported, self._kinds, self._fold, where=where)
        self._schedule.begin(exported.planned, last_number=exported.last_planned)

    def _known(self, type_name: str, item_id: str) -> Item:
        found = self.find(type_name, item_id)
        if found is None:
            raise InvalidInputError("id", item_id, f"the id of one of the {type_name}")
        return found

    def _add(self, type_name: str, item: Item) -> None:
        table = self._tables[type_name]
        table.add(item)
        self._note(lambda: table.remove(item.id))
        self._tell(Change(kind="created", collection=type_name, item=item))

    def _note(self, take_back: Callable[[], object]) -> None:
        if self._undo is not None:
            self._undo.append(take_back)

    def _tell(self, change: Change) -> None:
        if self._undo is None:
            self._listeners.tell(change)
