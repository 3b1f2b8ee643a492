"""Playing a script on a stage, and noting what happens."""

import time
from collections.abc import Callable

from ..allowances.delivered import ends_with_refresh
from ..driving.kinds import Kind, fingerprint
from ..driving.messages import Reply
from ..driving.outcome import Outcome
from ..invariants.history import History, Restarted, stored_of
from ..invariants.inv_09 import must_recover, seconds_left
from ..invariants.registry import Judged, judge_history
from ..steps.callbacks import altered
from ..steps.pauses import pause
from ..suite.stage import Stage
from .script import (
    Advance,
    Arm,
    Begin,
    Call,
    Callback,
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

LONGEST_PAUSE = 1.0
"""Seconds of a pause that the provider asked for whose end the suite lets come."""

LONGEST_PACE = 2.0
"""Seconds that it waits for a client that paces itself, whether it was asked to or not."""

MOST_PACES = 2
"""How often it waits for one: before it calls, and again where that call had to refresh."""


class Player:
    """Plays the steps of one script; `history` is what has happened."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.open_flow: str | None = None
        self.history = History(secrets={stage.client.config.registration.client_secret})

    def play(self, script: Script) -> History:
        """Play all steps, then lift the faults and let the client recover."""
        for step in script.steps:
            PLAYS[type(step)](self, step)
        self._recover()
        self.history.replies = self.stage.verdicts.outcomes
        self.history.printed = self.stage.client.printed().decode("utf-8", "replace")
        return self.history

    # Steps

    def arm(self, step: Arm) -> None:
        """Arm a fault."""
        self.stage.fake.arm_keys(step.fault)

    def disarm(self, step: Disarm) -> None:
        """Lift all faults."""
        del step
        self.stage.fake.disarm()

    def connect(self, step: Connect) -> None:
        """Connect, where the client can."""
        del step
        self.begin(Begin())
        self.callback(Callback())

    def begin(self, step: Begin) -> None:
        """Begin a flow, where the client can. Raises CutShort."""
        del step
        if self.stage.client.can("begin") and self.stage.client.can("callback"):
            self._watch(self._begin)

    def callback(self, step: Callback) -> None:
        """End the flow that is open. Raises CutShort."""
        if self.open_flow is None:
            return
        decision = "deny" if step.how == "denied" else "approve"
        url = self.stage.client.approve(self.open_flow, decision=decision)
        if step.how == "forged":
            url = altered(url, state="drawn-state")
        self.open_flow = None
        self._watch(lambda: self.stage.client.callback(url))

    def seed(self, step: Seed) -> None:
        """Seed a pair."""
        issued = self.stage.client.seed(expired=step.expired)
        self.history.note_pair(issued["access_token"], issued["refresh_token"])
        if step.expired and not self._replaces:
            self.history.usable.discard(fingerprint(issued["access_token"]))

    def call(self, step: Call) -> None:
        """Call, several times at once where the client can."""
        calls = min(step.parallel, self.stage.client.ready.features.parallel_calls)
        if calls == 1:
            self._watch(self.stage.client.call)
        else:
            self.history.note(self.stage.client.call(parallel=calls))

    def refresh(self, step: Refresh) -> None:
        """Refresh."""
        del step
        if self.stage.client.can("refresh"):
            self._watch(self.stage.client.refresh)

    def expire(self, step: Expire) -> None:
        """Expire the newest access token at the provider."""
        del step
        if self.history.newest is not None:
            self.stage.fake.expire_token(self.history.newest)
            if not self.stage.client.ready.features.on_401:
                self.history.usable.discard(fingerprint(self.history.newest))

    def revoke(self, step: Revoke) -> None:
        """Revoke the newest pair."""
        del step
        if self.history.newest is not None:
            self.stage.fake.revoke_token(self.history.newest)
            self.history.alive.clear()

    def advance(self, step: Advance) -> None:
        """Move the clocks."""
        if self.stage.client.can("clock"):
            self.stage.client.advance(step.seconds)
            self.history.advanced += step.seconds
            if not self._replaces:
                self.history.usable.clear()

    def restart(self, step: Restart) -> None:
        """End the process between two operations, and start it again."""
        if self.stage.client.ready.features.persist != "file":
            return
        before = self._stored()
        self.stage.client.restart(step.how)
        if self.history.advanced:
            self.stage.client.do("clock", advance=self.history.advanced)
        self.history.restarts.append(Restarted(before=before, after=self._stored()))

    # What is noted

    @property
    def _replaces(self) -> bool:
        """Tell whether a call replaces a token that is over."""
        features = self.stage.client.ready.features
        return features.refresh == "auto" or features.on_401

    def _begin(self) -> Outcome:
        self.open_flow = self.stage.client.begin()
        return self.stage.verdicts.outcomes[-1]

    def _watch(self, run: Callable[[], Outcome]) -> None:
        before = self._stored()
        outcome = run()
        self.history.note(outcome, before, self._stored())

    def _recover(self) -> None:
        """Lift the faults, and have the client do what then has to succeed."""
        self.stage.fake.disarm()
        stored = self._stored()
        left = seconds_left(self.history, time.time())
        use = self._use(stored)
        if use is None or left > LONGEST_PAUSE or not must_recover(self.history, stored):
            return
        self._let_pass(left)
        self.history.recovery = self._noted(use())
        for _ in range(MOST_PACES):
            if told := pace(self.history.recovery):
                self._let_pass(told)
                self.history.recovery = self._noted(use())

    def _noted(self, outcome: Outcome) -> Outcome:
        self.history.note(outcome)
        return outcome

    def _let_pass(self, seconds: float) -> None:
        """Let time pass, by the clock of a client that has one."""
        if seconds > 0:
            pause(self.stage, seconds)
            self.history.advanced += seconds if self.stage.client.can("clock") else 0.0

    def _use(self, stored: Reply) -> Callable[[], Outcome] | None:
        """Give the operation that has to succeed, None where the client has none."""
        is_usable = stored.token is not None and stored.token.access_token in self.history.usable
        if is_usable and self.stage.client.can("call"):
            return self.stage.client.call
        return self.stage.client.refresh if self.stage.client.can("refresh") else None

    def _stored(self) -> Reply:
        return stored_of(self.stage.client.do("state").reply)


def pace(outcome: Outcome) -> float:
    """Give the seconds after which a client says that it asks again by its own pace, else 0."""
    told = outcome.not_before
    unasked = not outcome.exchanges or ends_with_refresh(outcome.exchanges)
    return told if outcome.kind is Kind.RETRY_LATER and unasked and told <= LONGEST_PACE else 0.0


PLAYS: dict[type[Step], Callable[..., None]] = {
    Arm: Player.arm,
    Disarm: Player.disarm,
    Connect: Player.connect,
    Begin: Player.begin,
    Callback: Player.callback,
    Seed: Player.seed,
    Call: Player.call,
    Refresh: Player.refresh,
    Expire: Player.expire,
    Revoke: Player.revoke,
    Advance: Player.advance,
    Restart: Player.restart,
}


def play_script(stage: Stage, script: Script) -> Judged:
    """Play a script, and judge what happened."""
    return judge_history(Player(stage).play(script))
