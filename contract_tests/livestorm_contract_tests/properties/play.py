"""Playing a script on a stage, and judging it by the ten invariants."""

import json
import time
from collections.abc import Callable

from ..driving.kinds import Kind, fingerprint
from ..driving.outcome import Outcome
from ..invariants.evidence import Evidence, Operation, Result, State, StoredToken
from ..invariants.history import History, as_delivered, judge_parallel, leaked
from ..invariants.invariants import list_violations
from ..steps.pauses import pause
from ..suite.stage import Stage
from .script import (
    Advance,
    Arm,
    Call,
    Connect,
    Disarm,
    Expire,
    Refresh,
    Restart,
    Revoke,
    Script,
    Seed,
    Step,
)

FINAL = (Kind.DENIED, Kind.REAUTH_REQUIRED, Kind.CONFIG_ERROR)
"""After these a human, or whoever runs the client, has to do something."""

LONGEST_PAUSE = 1.0
"""Seconds of a pause that the provider asked for whose end the suite lets come."""

LONGEST_PACE = 2.0
"""Seconds that it waits for a client that paces itself, whether it was asked to or not."""


class Player:
    """Plays the steps of one script; `broken` lists what did not hold, in words."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.broken: list[str] = []
        self.history = History()
        self.last_kind: Kind | None = None
        self.newest: str | None = None
        """The access token that the provider issued last, as far as the client was told."""
        self.known: set[str] = set()
        """Access tokens, by their fingerprints, that the provider issued."""
        self.can_be_called = True
        """Whether a call works with the newest one, as it is or because the client replaces it."""
        self.alive: set[str] = set()
        """Refresh tokens, by their fingerprints, that the provider would take."""
        self.secrets: set[str] = {stage.registration.client_secret}

    def play(self, script: Script) -> list[str]:
        """Play all steps, then lift the faults and see whether the client recovers."""
        for step in script.steps:
            PLAYS[type(step)](self, step)
        self._recover()
        self._look_for_leaks()
        return self.broken

    # Steps

    def arm(self, step: Arm) -> None:
        """Arm a fault."""
        self.stage.sandbox.arm(step.fault)

    def disarm(self, step: Disarm) -> None:
        """Lift all faults."""
        del step
        self.stage.disarm()

    def connect(self, step: Connect) -> None:
        """Connect, where the client can."""
        del step
        if not (self.stage.client.can("begin") and self.stage.client.can("callback")):
            return
        url = self.stage.approve(self.stage.begin())
        self._watch(Operation.CALLBACK, lambda: self.stage.callback(url))

    def seed(self, step: Seed) -> None:
        """Seed a pair."""
        issued = self.stage.seed(expired=step.expired)
        self._learn(issued["access_token"], issued["refresh_token"])
        features = self.stage.client.ready.features
        self.can_be_called = not step.expired or features.refresh == "auto" or features.on_401

    def call(self, step: Call) -> None:
        """Call, several times at once where the client can."""
        most = self.stage.client.ready.features.parallel_calls
        if step.parallel == 1 or most == 1:
            self._watch(Operation.CALL, self.stage.call)
            return
        calls = min(step.parallel, most)
        outcome = self.stage.call(parallel=calls)
        self._note(outcome)
        self.broken += judge_parallel(outcome, calls)

    def refresh(self, step: Refresh) -> None:
        """Refresh."""
        del step
        if self.stage.client.can("refresh"):
            self._watch(Operation.REFRESH, self.stage.refresh)

    def expire(self, step: Expire) -> None:
        """Expire the newest access token at the provider."""
        del step
        if self.newest is not None:
            self.stage.sandbox.expire_token(self.newest)
            self.can_be_called = self.stage.client.ready.features.on_401

    def revoke(self, step: Revoke) -> None:
        """Revoke the newest pair."""
        del step
        if self.newest is not None:
            self.stage.sandbox.revoke_token(self.newest)
            self.alive.clear()

    def advance(self, step: Advance) -> None:
        """Move the clocks."""
        if self.stage.client.can("clock"):
            self.stage.advance(step.seconds)
            self.history.advanced += step.seconds

    def restart(self, step: Restart) -> None:
        """INV-10: between two operations nothing is lost by the end of the process."""
        if self.stage.client.ready.features.persist != "file":
            return
        before = self._state()
        self.stage.client.restart(step.how)
        if self.history.advanced:
            self.stage.client.do("clock", advance=self.history.advanced)
        if self._state() != before:
            self.broken.append("INV-10: what was stored is not what is found after a restart")

    # Judging

    def _watch(self, operation: Operation, run: Callable[[], Outcome]) -> Outcome:
        before = self._state()
        outcome = run()
        self._note(outcome)
        evidence = Evidence(
            operation=operation,
            result=Result(kind=outcome.kind, not_before_s=outcome.reply.not_before_s),
            exchanges=tuple(map(as_delivered, outcome.exchanges)),
            before=before,
            after=self._state(),
        )
        found = list_violations(evidence)
        self.broken += [f"{one.invariant}: {one.requirement}" for one in found]
        return outcome

    def _note(self, outcome: Outcome) -> None:
        self.last_kind = outcome.kind
        self.broken += self.history.add(outcome)
        for exchange in outcome.exchanges:
            given = (exchange.code, exchange.refresh_token, exchange.bearer_token)
            self.secrets |= {one for one in given if one is not None}
            if exchange.at_token_endpoint and exchange.status == 200 and exchange.fault is None:
                members = json.loads(exchange.body)
                self._learn(members["access_token"], members["refresh_token"])

    def _recover(self) -> None:
        """INV-9: without the faults the next operation succeeds, unless a human is needed."""
        self.stage.disarm()
        state = self._state()
        stored = None if state.token is None else state.token.refresh_token
        left = self.history.seconds_left(time.time())
        if self.last_kind in (None, *FINAL) or left > LONGEST_PAUSE:
            return
        is_known = state.token is not None and state.token.access_token in self.known
        if stored not in self.alive or not is_known or state.needs_reauth:
            return
        use = self._use()
        if use is None:
            return
        self._let_pass(left)
        outcome = use()
        self._note(outcome)
        told = outcome.reply.not_before_s or 0
        if outcome.kind is Kind.RETRY_LATER and not outcome.exchanges and 0 < told <= LONGEST_PACE:
            self._let_pass(told)
            outcome = use()
            self._note(outcome)
        if outcome.kind is not Kind.OK:
            found = f"INV-9: after the faults the next operation ends as {outcome.kind}"
            self.broken.append(found)

    def _let_pass(self, seconds: float) -> None:
        """Let time pass, by the clock of a client that has one."""
        if seconds > 0:
            pause(self.stage, seconds)
            self.history.advanced += seconds if self.stage.client.can("clock") else 0.0

    def _use(self) -> Callable[[], Outcome] | None:
        """Give the operation that has to succeed, None where the client has none."""
        if self.can_be_called and self.stage.client.can("call"):
            return self.stage.call
        return self.stage.refresh if self.stage.client.can("refresh") else None

    def _look_for_leaks(self) -> None:
        texts = [self.stage.client.printed().decode("utf-8", "replace")]
        for outcome in self.stage.outcomes:
            for error in (outcome.reply.error, *(one.error for one in outcome.reply.results)):
                if error is not None:
                    texts += [error.message or "", error.repr or "", error.trace or ""]
        if told := leaked(self.secrets, self.history.exchanges, texts):
            self.broken.append(told)

    def _learn(self, access_token: str, refresh_token: str) -> None:
        """Note a pair that the provider issued."""
        self.newest = access_token
        self.can_be_called = True
        self.known.add(fingerprint(access_token))
        self.alive.add(fingerprint(refresh_token))
        self.secrets |= {access_token, refresh_token}

    def _state(self) -> State:
        reply = self.stage.client.do("state").reply
        if reply.token is None or reply.token.access_token is None:
            return State(needs_reauth=reply.needs_reauth)
        token = StoredToken(
            access_token=reply.token.access_token,
            refresh_token=reply.token.refresh_token,
            expires_at=reply.token.expires_at,
            scope=reply.token.scope,
        )
        return State(token=token, needs_reauth=reply.needs_reauth)


PLAYS: dict[type[Step], Callable[..., None]] = {
    Arm: Player.arm,
    Disarm: Player.disarm,
    Connect: Player.connect,
    Seed: Player.seed,
    Call: Player.call,
    Refresh: Player.refresh,
    Expire: Player.expire,
    Revoke: Player.revoke,
    Advance: Player.advance,
    Restart: Player.restart,
}


def play_script(stage: Stage, script: Script) -> list[str]:
    """Play a script; give what does not hold, in words, nothing where all does."""
    return Player(stage).play(script)
