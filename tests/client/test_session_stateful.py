"""The client in sequences of faults, clock moves, parallel calls, kills and restarts.

`LIVESTORM_CLIENT_EXAMPLES` says how many sequences of up to fifty steps are tried.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from livestorm_client import FileStore, LivestormError, Tokens

from tests.client.world import ACTS, FAULTS, Operation, World, outcome_of

OPERATIONS: dict[str, Operation] = {
    "me": lambda client: client.me(),
    "post": lambda client: client.request("POST", "/events", json={}),
    "refresh": lambda client: client.refresh(),
}
PROCESSES = st.integers(0, 1)
CASES = st.lists(st.tuples(PROCESSES, st.sampled_from(sorted(OPERATIONS))), min_size=1, max_size=5)


class Life(RuleBasedStateMachine):
    """Two processes with one connection."""

    @initialize(strict=st.booleans())
    def connect_at_first(self, strict: bool) -> None:
        """Begin with a connection, at a provider of one of two sorts."""
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name, "tokens.json"), strict=strict)
        self.connect(0)

    def teardown(self) -> None:
        """Leave nothing behind."""
        if hasattr(self, "world"):
            self.world.close()
            self.folder.cleanup()

    @rule(
        label=st.sampled_from(["token", "api"]),
        fault=st.sampled_from([*FAULTS, *ACTS]),
        times=st.integers(1, 3),
    )
    def arm(self, label: str, fault: str, times: int) -> None:
        """Have the next requests of a server, or some after them, meet a fault."""
        self.world.faults[label] += [fault] * times

    @rule()
    def overtake(self) -> None:
        """Have another program refresh while a process waits for the lock."""
        self.world.faults["lock"] = ["overtaken"]

    @rule(when=st.sampled_from(["before", "after"]))
    def kill_at_save(self, when: str) -> None:
        """Have the next process that saves tokens die doing so."""
        self.world.kill_at_save = when

    @rule(seconds=st.sampled_from([0.3, 1.0, 2.5, 60.0, 7000.0, 7300.0, 1_728_001.0]))
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.world.skipped += seconds

    @rule(number=PROCESSES, offset=st.sampled_from([-3600.0, -1.0, 0.0, 300.0, 3600.0]))
    def move_clock(self, number: int, offset: float) -> None:
        """Set a process's clock; what it was asked to wait for cannot be measured then."""
        process = self.world.processes[number]
        process.offset = offset
        process.not_before = {"token": 0.0, "api": 0.0}

    @rule()
    def expire(self) -> None:
        """Have the API refuse all access tokens that were issued so far."""
        self.world.access.clear()

    @rule()
    def revoke(self) -> None:
        """Have the user disconnect the application."""
        self.world.access.clear()
        self.world.refresh.clear()

    @rule(number=PROCESSES)
    def kill(self, number: int) -> None:
        """End a process while nothing runs in it."""
        self.world.processes[number].kill()

    @rule(cases=CASES)
    def operate(self, cases: list[tuple[int, str]]) -> None:
        """Do some operations at once, in one process or two."""
        self._watch(cases, cancelled=0)

    @rule(cases=CASES, cancelled=st.integers(1, 5))
    def operate_and_cancel(self, cases: list[tuple[int, str]], cancelled: int) -> None:
        """Do some operations at once, and cancel the first few callers."""
        self._watch(cases, cancelled)

    @rule(number=PROCESSES)
    def connect(self, number: int) -> None:
        """Go through the authorization."""
        world = self.world
        process = world.processes[number]
        client, seen, before = process.client, len(world.requests), world.read_store()
        request = client.authorization_request(["identity:read"])
        task = process.start(client.connect(request, world.authorize(request)))
        (result,) = world.run(task)
        assert len(world.requests) - seen <= 1
        self._check_stored(before, refusals=world.refusals)
        assert outcome_of(result) != "ok" or world.read_store() != before
        self._check_result(result)

    @rule(number=PROCESSES, operation=st.sampled_from(["me", "refresh"]))
    @precondition(lambda self: self.world.read_store() is not None)
    def recover(self, number: int, operation: str) -> None:
        """INV-9, INV-10: without faults the connection works, unless it is really gone."""
        world = self.world
        world.faults = {"token": [], "api": [], "lock": []}
        world.kill_at_save = None
        process = world.processes[number]
        world.skipped += 1_740_000.0
        process.offset = 0.0
        stored = world.read_store()
        assert stored is not None
        alive = stored.refresh_token in world.refresh and not stored.needs_reauth
        (result,) = world.run(process.start(OPERATIONS[operation](process.client)))
        assert outcome_of(result) == ("ok" if alive else "reauth_required")
        self._check_result(result)

    def _watch(self, cases: list[tuple[int, str]], cancelled: int) -> None:
        world = self.world
        before, seen, refusals = world.read_store(), len(world.requests), world.refusals
        saves = world.saves
        for process in world.processes:
            process.waited = 0.0
        processes = list(world.processes)
        tasks = [
            processes[number].start(OPERATIONS[name](processes[number].client))
            for number, name in cases
        ]
        for number, task in enumerate(tasks[:cancelled]):
            world.loop.call_later(0.05 * number, task.cancel)
        results = world.run(*tasks)
        sent = world.requests[seen:]
        assert len(sent) <= 4 * len(cases)
        assert sent.count("token") <= 2 * len(cases)
        assert world.saves <= saves + 1, "tokens that nobody had found old were replaced"
        for number, process in enumerate(processes):
            mine = sum(one == number for one, _ in cases)
            assert process.waited <= 5.0 * mine + 0.001
        self._check_stored(before, refusals)
        for result in results:
            self._check_result(result)

    def _check_stored(self, before: Tokens | None, refusals: int) -> None:
        """INV-1, INV-2: what is stored was there before or was granted, in pairs."""
        world, stored = self.world, self.world.read_store()
        if stored is None:
            assert before is None
            return
        flagged = stored.needs_reauth and not (before and before.needs_reauth)
        assert not flagged or world.refusals > refusals
        pair = (stored.access_token, stored.refresh_token)
        old = before and (before.access_token, before.refresh_token)
        assert pair in (old, *world.granted.items())
        assert stored.refresh_token not in world.overtaken, "newer tokens were overwritten"

    def _check_result(self, result: object) -> None:
        """INV-6, INV-7: an expected outcome, and no secret in it."""
        assert not outcome_of(result).startswith("bug")
        if isinstance(result, LivestormError):
            assert "secret" not in f"{result!r} {result} {vars(result)}"

    @invariant()
    def nothing_is_broken(self) -> None:
        """INV-3, INV-5, INV-6, INV-8: what the provider must never see."""
        if hasattr(self, "world"):
            assert self.world.broken == []

    @invariant()
    def store_is_whole_private_and_free(self) -> None:
        """The file is readable, its owner's, and nobody holds its lock."""
        if hasattr(self, "world") and self.world.path.exists():
            assert self.world.read_store() is not None
            assert self.world.path.read_text() == self.world.saved, "not saved by a move"
            assert not self.world.unsynced, "the move is not on the disk"
            assert stat.S_IMODE(self.world.path.stat().st_mode) == 0o600
            with self.world.patched_files(), FileStore(self.world.path).lock() as held:
                assert held


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=int(os.environ.get("LIVESTORM_CLIENT_EXAMPLES", "60")),
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
