"""Plays of cases and properties against the changed client, in processes forked for them."""

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from livestorm_contract_tests.driving.carrier import Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.driving.under_test import REFERENCE
from livestorm_contract_tests.properties.properties import PROPERTIES, run_property
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import play
from livestorm_contract_tests.suite.case_result import CaseResult
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_mock_server.control import app  # noqa: F401
from livestorm_mock_server.doorkeeper import pages  # noqa: F401

from .mutants import COPY

SETTINGS = Settings(seed="mutants", strict=True)
RIGHT = (Verdict.PASS, Verdict.SKIP)
LONG = 1.0
"""Seconds; of the plays of a case that take longer, one has to do."""
EXAMPLES = 15
"""How many scripts are drawn for a property."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A variant of a case, or a property, and what it did with the unchanged client."""

    case: str
    name: str
    run: Callable[[Lease], CaseResult]
    seconds: float = 0.0
    lines: frozenset[tuple[str, int]] = frozenset()
    """The lines of the client that it runs: the file's name and the number."""
    needs_process: bool = False
    """Whether it is right only with a client in a process of its own."""


@dataclass(slots=True, kw_only=True)
class Fork:
    """A child at work, and what it has told."""

    pid: int
    pipe: int
    ends: float
    """When it is given up."""
    told: bytearray = field(default_factory=bytearray)


def all_plays() -> list[Play]:
    """Give a play for each variant of each case, and for each property."""
    variants = [
        Play(
            case=case.id,
            name=f"{case.id} {variant.name}".strip(),
            run=partial(play, case, variant, settings=SETTINGS),
        )
        for case in all_cases().values()
        for variant in case.variants
    ]
    properties = [
        Play(
            case=one.case.id,
            name=one.case.id,
            run=partial(run_property, replace(one, examples=EXAMPLES), settings=SETTINGS),
        )
        for one in PROPERTIES.values()
    ]
    return variants + properties


def distinct(plays: Sequence[Play]) -> list[Play]:
    """Leave out the variants of a case that run just the lines of a quicker one."""
    slowest_first = sorted(plays, key=lambda one: -one.seconds)
    return list({(one.case, one.lines, one.needs_process): one for one in slowest_first}.values())


def reaching(plays: Sequence[Play], line: tuple[str, int]) -> list[Play]:
    """Give the plays that run a line, the quickest first."""
    return sorted((one for one in plays if line in one.lines), key=lambda one: one.seconds)


def most_promising(plays: Sequence[Play]) -> list[Play]:
    """Leave out what takes time and tells little: variants that run the same lines, long plays."""
    quickest_first = sorted(distinct(plays), key=lambda one: one.seconds)
    long = {one.case: one for one in reversed(quickest_first) if one.seconds > LONG}
    return [one for one in quickest_first if one.seconds <= LONG or long[one.case] is one]


def in_forks(
    works: Iterable[Callable[[], object]], bounds: Iterable[float], count: int
) -> Iterator[tuple[int, object | None]]:
    """Do works in `count` forks at a time; give number and result as each ends.

    The result is None where a fork died or took longer than its bound, in seconds.
    """
    waiting = iter(enumerate(zip(works, bounds, strict=False)))
    running: dict[int, Fork] = {}
    try:
        while True:
            while len(running) < count and (taken := next(waiting, None)) is not None:
                number, (work, bound) = taken
                running[number] = start_fork(work, bound)
            if not running:
                return
            for number, fork in list(running.items()):
                if has_ended(fork):
                    del running[number]
                    yield number, json.loads(fork.told) if fork.told else None
            select.select([fork.pipe for fork in running.values()], [], [], 0.5)
    finally:
        for fork in running.values():
            os.kill(fork.pid, signal.SIGKILL)


def start_fork(work: Callable[[], object], bound: float) -> Fork:
    """Do a work in a fork, whose process group is its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.close(reading)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        try:
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(work()).encode())
        finally:
            os.killpg(0, signal.SIGKILL)
    os.close(writing)
    return Fork(pid=pid, pipe=reading, ends=time.monotonic() + bound)


def has_ended(fork: Fork) -> bool:
    """Take what a fork tells, and tell whether that was all; one that is late is killed."""
    ended = time.monotonic() > fork.ends
    if select.select([fork.pipe], [], [], 0)[0]:
        chunk = os.read(fork.pipe, 1 << 20)
        fork.told += chunk
        ended = ended or not chunk
    if ended:
        os.kill(fork.pid, signal.SIGKILL)
        os.waitpid(fork.pid, 0)
        os.close(fork.pipe)
    return ended


def observe(plays: Sequence[Play]) -> list[dict[str, Any]]:
    """Play with the unchanged client; tell of each how long it took, what it ran, how it ended."""
    os.environ["MUTANT_UNDER_TEST"] = ""
    lines: set[tuple[str, int]] = set()
    folder = f"{COPY}{os.sep}"

    def note(frame: FrameType, event: str, argument: object) -> Any:
        if event == "line":
            lines.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
        return note

    def watch(frame: FrameType, event: str, argument: object) -> Any:
        return note if frame.f_code.co_filename.startswith(folder) else None

    threading.settrace(watch)
    sys.settrace(watch)
    lease = Lease(in_this_process)
    seen = []
    for one in plays:
        lines.clear()
        started = time.monotonic()
        verdict = one.run(fresh(lease)).verdict
        told = {"seconds": time.monotonic() - started, "lines": sorted(lines)}
        seen.append({**told, "needs_process": verdict not in RIGHT})
    return seen


def find_killer(mutant: str, plays: Sequence[Play]) -> str | None:
    """Give the first play that notices a mutant, and does so again; None where none does.

    A busy machine makes some fail once.
    """
    os.environ["MUTANT_UNDER_TEST"] = mutant
    here, apart = Lease(in_this_process), Lease(in_its_own_process)
    for one in plays:
        lease = apart if one.needs_process else here
        if all(one.run(fresh(lease)).verdict not in RIGHT for _ in range(2)):
            return one.name
    return None


def fresh(lease: Lease) -> Lease:
    """Have a client that has died started anew."""
    lease.drop_if_dead()
    return lease


def load_client() -> None:
    """Import the changed client, once for all forks: which mutant runs is asked at each call."""
    sys.path.insert(0, str(COPY))
    import_module("livestorm_contract_tests.adapters.reference")


def in_this_process() -> Carrier:
    """Start the adapter here."""
    from livestorm_contract_tests.adapters.reference import ReferenceAdapter

    return InProcessCarrier(ReferenceAdapter)


def in_its_own_process() -> Carrier:
    """Start the adapter as a process."""
    path = os.pathsep.join([str(COPY), *filter(None, sys.path)])
    return StdioCarrier(REFERENCE.command, environment={**os.environ, "PYTHONPATH": path})
