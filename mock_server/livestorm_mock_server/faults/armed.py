"""The faults of a sandbox: armed, counted, struck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..exchange import Exchange
from .fault import Fault
from .reading import read_fault


@dataclass(kw_only=True)
class ArmedFault:
    """A fault in place, with its counts."""

    id: str
    fault: Fault
    seen: int = 0
    """Matching requests, those that passed included."""
    hits: int = 0
    """Requests that it struck."""

    def takes(self, exchange: Exchange, label: str) -> bool:
        """Count a request; tell whether the fault strikes it."""
        fault = self.fault
        spent = fault.times is not None and self.hits >= fault.times
        if spent or not fault.covers(label) or not fault.when.holds(exchange):
            return False
        self.seen += 1
        if self.seen <= fault.after:
            return False
        self.hits += 1
        return True


class Faults:
    """What is armed in a sandbox; the first that takes a request strikes it, alone."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        self._armed: dict[str, ArmedFault] = {}
        self._last_number = 0

    def arm(self, on: str, fault: str, **parameters: object) -> ArmedFault:
        """Arm a fault. Raises InvalidInputError, which names the key and what was expected."""
        return self.arm_from({"on": on, "fault": fault, **parameters})

    def arm_from(self, keys: Mapping[str, object]) -> ArmedFault:
        """Arm a fault from the keys of a `[[faults]]` entry. Raises InvalidInputError."""
        fault = read_fault(keys, self._labels)
        self._last_number += 1
        armed = ArmedFault(id=f"fault-{self._last_number}", fault=fault)
        self._armed[armed.id] = armed
        return armed

    def disarm(self, fault_id: str | None = None) -> bool:
        """Disarm one fault, or all; tell whether there was one."""
        if fault_id is None:
            found = bool(self._armed)
            self._armed.clear()
            return found
        return self._armed.pop(fault_id, None) is not None

    def armed(self) -> list[ArmedFault]:
        """Give all armed faults, in the order of arming."""
        return list(self._armed.values())

    def take(self, exchange: Exchange, label: str) -> ArmedFault | None:
        """Give the fault that strikes this request."""
        return next((one for one in self._armed.values() if one.takes(exchange, label)), None)
