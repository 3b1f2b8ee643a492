"""Plays of cases against the changed client, in processes that are forked for them."""

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from livestorm_contract_tests.check_command import REFERENCE
from livestorm_contract_tests.driving.carrier import Carrier
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.driving.stdio import StdioCarrier
from livestorm_contract_tests.suite.case import Case, Variant
from livestorm_contract_tests.suite.catalogue import all_cases
from livestorm_contract_tests.suite.pool import Lease
from livestorm_contract_tests.suite.runner import play
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_mock_server.control import app  # noqa: F401
from livestorm_mock_server.doorkeeper import pages  # noqa: F401
from mutmut.mutation import trampoline

from .mutants import COPY

SETTINGS = Settings(seed="mutants")
RIGHT = (Verdict.PASS, Verdict.SKIP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A variant of a case, and what it did with the unchanged client."""

    case: Case
    variant: Variant
    rank: int
    """Which of the case's variants it is."""
    seconds: float = 0.0
    functions: frozenset[str] = frozenset()
    """The functions that it runs, as mutmut calls them."""
    needs_process: bool = False
    """Whether it is right only with a client in a process of its own."""

    @property
    def name(self) -> str:
        """The case and its variant."""
        return f"{self.case.id} {self.variant.name}".strip()


@dataclass(slots=True, kw_only=True)
class Fork:
    """A child at work, and what it has told."""

    pid: int
    pipe: int
    ends: float
    """When it is given up."""
    told: bytearray = field(default_factory=bytearray)


def plays_of_catalogue() -> list[Play]:
    """Give all plays, of cases that mostly wait one each."""
    return [
        Play(case=case, variant=variant, rank=rank)
        for case in all_cases().values()
        for rank, variant in enumerate(case.variants)
        if not (case.is_slow and rank)
    ]


def in_forks(
    works: Iterable[Callable[[], object]], bounds: Iterable[float], count: int
) -> Iterator[tuple[int, object | None]]:
    """Do works in `count` forks at a time; give number and result as each ends.

    The result is None where a fork died or took longer than its bound, in seconds.
    """
    waiting = iter(enumerate(zip(works, bounds, strict=False)))
    running: dict[int, Fork] = {}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
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
            os.write(writing, json.dumps(work()).encode())
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


def observe(plays: Sequence[Play]) -> list[dict[str, object]]:
    """Play with the unchanged client; tell of each how long it took, what it ran, how it ended."""
    functions: set[str] = set()
    setattr(trampoline, "record_trampoline_hit", lambda name, caller=None: functions.add(name))  # noqa: B010
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    lease = Lease(in_this_process)
    _ = lease.carrier
    at_import = frozenset(functions)
    seen: list[dict[str, object]] = []
    for one in plays:
        functions.clear()
        lease.drop_if_dead()
        started = time.monotonic()
        result = play(one.case, one.variant, lease, settings=SETTINGS)
        told = {"seconds": time.monotonic() - started, "functions": sorted(functions | at_import)}
        seen.append({**told, "needs_process": result.verdict not in RIGHT})
    return seen


def find_killer(mutant: str, plays: Sequence[Play]) -> str | None:
    """Give the first play that notices a mutant, None where none does."""
    os.environ["MUTANT_UNDER_TEST"] = mutant
    here, apart = Lease(in_this_process), Lease(in_its_own_process)
    for one in sorted(plays, key=lambda one: one.needs_process):
        lease = apart if one.needs_process else here
        lease.drop_if_dead()
        if play(one.case, one.variant, lease, settings=SETTINGS).verdict not in RIGHT:
            return one.name
    return None


def in_this_process() -> Carrier:
    """Start the adapter here."""
    sys.path.insert(0, str(COPY))
    from livestorm_contract_tests.adapters.reference import ReferenceAdapter

    return InProcessCarrier(ReferenceAdapter)


def in_its_own_process() -> Carrier:
    """Start the adapter as a process."""
    path = os.pathsep.join([str(COPY), *filter(None, sys.path)])
    return StdioCarrier(REFERENCE, environment={**os.environ, "PYTHONPATH": path})
