"""What a sandbox is, as a value, beside its journal."""

from collections.abc import Mapping

import msgspec

from ..arming.armed import NONE, Counts
from ..clock import ClockSetting
from ..registration import Registration
from ..scenario import Scenario
from ..scenario_records import Announcement
from ..store.content import StoreContent


class ArmedState(msgspec.Struct, frozen=True, kw_only=True):
    """A fault in place."""

    id: str
    keys: dict[str, object]
    """Those that it was armed with, defaults included."""
    counts: Counts = NONE


class SandboxState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a sandbox; each change makes another one, as a whole."""

    scenario: Scenario
    registration: Registration
    announced: Announcement
    clock: ClockSetting
    armed: tuple[ArmedState, ...]
    last_fault: int


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """Where what comes next is drawn from; all None where nothing could be repeated."""

    seed: int | str | None = None
    tokens: str | None = None
    """The position for tokens, codes and ids, see `Randomness.position`."""
    credentials: str | None = None
    """The same for the credentials of applications."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A sandbox whole, but for the exchanges in its journal."""

    state: SandboxState
    content: StoreContent
    collections: Mapping[str, object]
    """What `Collections.export` gives."""
    drawing: Drawing
    last_exchange: int
    """The number of the newest exchange, 0 without one."""

    @property
    def size(self) -> int:
        """How much there is to write: tokens, items and what is planned."""
        items, planned = self.collections["items"], self.collections["planned"]
        assert isinstance(items, Mapping)
        assert isinstance(planned, list)
        return len(self.content.tokens) + sum(map(len, items.values())) + len(planned)
