"""Which way will work for what, why another will not, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from .machine import Check, check_machine
from .runtimes import NO_SHIM, Found, find_all, find_of, why_not_started


class WayOf(msgspec.Struct, frozen=True, kw_only=True):
    """A way, for one runtime."""

    way: str
    works: bool
    why: str | None = None
    mend: str | None = None


class Patient(msgspec.Struct, frozen=True, kw_only=True):
    """A runtime and its ways, the best one first."""

    runtime: str
    path: str
    ways: tuple[WayOf, ...]
    misses: str | None

    @property
    def is_well(self) -> bool:
        """Whether any way will do."""
        return any(one.works for one in self.ways)


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """All that was found."""

    machine: tuple[Check, ...]
    runtimes: tuple[Patient, ...]
    missing: str | None = None
    """A command that can't be started."""
    why: str | None = None
    """The reason, as `run` has it."""

    @property
    def is_well(self) -> bool:
        """Whether each runtime has a way."""
        return self.missing is None and all(one.is_well for one in self.runtimes)

    def as_json(self) -> dict[str, Any]:
        """Give it as an object."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        return made | {"ok": self.is_well}


def diagnose(environment: Mapping[str, str], command: Sequence[str]) -> Diagnosis:
    """Look at the machine, and at the runtime of a command or at all that there are."""
    machine = tuple(check_machine(environment, command))
    found = find_of(command) if command else None
    missing = command[0] if command and found is None else None
    known = [found] if found else [] if missing else find_all()
    patients = tuple(_patient(one, machine[0]) for one in known)
    why = None if missing is None else why_not_started(missing)
    return Diagnosis(machine=machine, runtimes=patients, missing=missing, why=why)


def _patient(found: Found, namespaces: Check) -> Patient:
    return Patient(
        runtime=found.runtime.name,
        path=found.path,
        ways=tuple(_ways(found, namespaces)),
        misses=found.runtime.misses,
    )


def _ways(found: Found, namespaces: Check) -> Iterator[WayOf]:
    if namespaces.is_well:
        yield WayOf(way="namespace", works=True)
    else:
        yield WayOf(way="namespace", works=False, why=namespaces.found, mend=namespaces.mend)
    for way, why in (("shim", found.runtime.shim), ("proxy", found.runtime.proxy)):
        if why != NO_SHIM:
            yield WayOf(way=way, works=why is None, why=why)
