"""`sequence`: one thing after the other (`["ok", 500, "reset", "ok"]`)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

import msgspec

from ..reading import InvalidInputError, UnknownKeyError
from .fault import Fault
from .single import SINGLE_KINDS, read_kind_among

_OF_THE_SEQUENCE = ("on", "times", "after", "every", "probability", "seed", "when")
"""Keys that say which requests are struck; a step has no say in it."""

Step = int | str | Mapping[str, object]


class SequenceFault(Fault, frozen=True, kw_only=True, tag="sequence", dict=True):
    """Strike matching requests by one step each; after the last, they pass."""

    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    """`"ok"` passes; a number is a status, with an HTML page; a text is a kind; a table is a
    fault without `on` and what else says which requests it strikes."""

    def check(self, where: str) -> None:
        """Check each step. Raises InvalidInputError."""
        super().check(where)
        for index in range(len(self.steps)):
            self._read(index, where)

    def for_hit(self, number: int) -> Fault | None:
        """Give the fault of the step."""
        return self._faults[number - 1] if number <= len(self.steps) else None

    @cached_property
    def _faults(self) -> list[Fault | None]:
        return [self._read(index, "") for index in range(len(self.steps))]

    def _read(self, index: int, where: str) -> Fault | None:
        step = self.steps[index]
        if step == "ok":
            return None
        keys: Mapping[str, object]
        if isinstance(step, int):
            keys = {"fault": "html_page", "status": step}
        else:
            keys = {"fault": step} if isinstance(step, str) else step
        for name in _OF_THE_SEQUENCE:
            if name in keys:
                expected = "it beside steps, not in one"
                raise UnknownKeyError(f"{where}steps[{index}].{name}", keys[name], expected)
        if keys.get("fault") == "sequence":
            raise InvalidInputError(f"{where}steps[{index}]", step, "no sequence in a sequence")
        phase = {} if self.phase == "before" else {"phase": self.phase}
        given = {**phase, **keys, "on": self.on}
        return read_kind_among(SINGLE_KINDS, given, where=f"{where}steps[{index}].")
