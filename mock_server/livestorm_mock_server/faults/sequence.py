"""`sequence`: one thing after the other (`["ok", 500, "reset", "ok"]`)."""

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec

from ..reading import InvalidInputError, UnknownKeyError
from .fault import CHOOSING, Fault

_OF_THE_SEQUENCE = (*CHOOSING, "seed")
"""What a step has no say in."""

MOST_STEPS = 1000

Step = int | str | Mapping[str, object]


class SequenceFault(Fault, frozen=True, kw_only=True, tag="sequence"):
    """Strike matching requests by one step each; after the last, they pass."""

    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=MOST_STEPS)]
    """`"ok"` passes; a number is a status, with an HTML page; a text is a kind; a table is a
    fault without `on` and what else says which requests it strikes."""

    def check(self, where: str) -> None:
        """Check that a step does something, and each that does is reached.

        Raises InvalidInputError.
        """
        last = max((n for n, step in enumerate(self.steps, start=1) if step != "ok"), default=0)
        if not last:
            raise InvalidInputError(f"{where}steps", list(self.steps), 'a step that is not "ok"')
        if self.times is not None and self.times < last:
            expected = f"no such key, or {last} at least, for all steps to come"
            raise InvalidInputError(f"{where}times", self.times, expected)

    def step_keys(self, where: str) -> Iterator[Mapping[str, object] | None]:
        """Give the keys of each step's fault; None for a step that passes.

        Raises InvalidInputError.
        """
        for index, step in enumerate(self.steps):
            yield None if step == "ok" else self._keys(step, f"{where}steps[{index}]")

    def _keys(self, step: Step, where: str) -> Mapping[str, object]:
        keys: Mapping[str, object]
        if isinstance(step, int):
            keys = {"fault": "html_page", "status": step}
        else:
            keys = {"fault": step} if isinstance(step, str) else step
        for name in _OF_THE_SEQUENCE:
            if name in keys:
                expected = "it beside steps, not in one"
                raise UnknownKeyError(f"{where}.{name}", keys[name], expected)
        if keys.get("fault") == "sequence":
            raise InvalidInputError(where, step, "no sequence in a sequence")
        phase = {} if self.phase == "before" else {"phase": self.phase}
        return {**phase, **keys, "on": self.on}
