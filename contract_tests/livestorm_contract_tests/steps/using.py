"""Steps that several cases share."""

import json
import time
from collections.abc import Mapping

from ..driving.bare import BareCarrier
from ..driving.kinds import Kind, fingerprint
from ..driving.messages import DEADLINE_MS
from ..driving.outcome import Outcome
from ..suite.stage import LIFETIME, Stage

LONGEST_WAIT = 8.0
"""Seconds that a case waits for a not-before: what a client may make of two."""


def use(stage: Stage, *, deadline_ms: float = DEADLINE_MS) -> Outcome:
    """Have the client use tokens that it takes for expired.

    A client that refreshes by itself calls the API, another refreshes on command.
    """
    if refreshes_on_call(stage):
        return stage.call(deadline_ms=deadline_ms)
    return stage.refresh(deadline_ms=deadline_ms)


def use_expired(stage: Stage) -> Outcome:
    """Let the newest access token expire, on the client's clock where it has one, and use it."""
    features = stage.client.ready.features
    if not refreshes_on_call(stage):
        return stage.refresh()
    if features.clock:
        stage.advance(LIFETIME + 1)
    elif features.on_401:
        expire_newest(stage)
    else:
        return stage.refresh()
    return stage.call()


def use_recovered(stage: Stage, before: Outcome) -> Outcome:
    """Lift all faults, wait for the end of a not-before, and use the tokens again (INV-9)."""
    stage.disarm()
    wait_out(before)
    return use(stage)


def wait_out(outcome: Outcome) -> None:
    """Wait until the client may be asked again, at most for some seconds."""
    if outcome.reply.not_before_s is not None:
        time.sleep(min(max(outcome.reply.not_before_s, 0) + 0.05, LONGEST_WAIT))


def refreshes_on_call(stage: Stage) -> bool:
    """Tell whether the client has a call layer that refreshes by itself."""
    return stage.client.ready.features.refresh == "auto" and stage.client.can("call")


def is_bare(stage: Stage) -> bool:
    """Tell whether the client is a command without an adapter: it says no more than its kind."""
    return isinstance(stage.client.carrier, BareCarrier)


def arm_variant(stage: Stage, on: str, **keys: object) -> None:
    """Arm the fault that the variant gives."""
    fault = {"on": on, **keys, **stage.variant.given}
    stage.sandbox.arm({name: value for name, value in fault.items() if value is not None})


def expire_newest(stage: Stage) -> None:
    """End the lifetime of the newest access token on the server's side, if one was delivered."""
    if granted(stage):
        stage.sandbox.expire_token(str(granted(stage)["access_token"]))


def granted(stage: Stage) -> Mapping[str, object]:
    """Give the members of the newest token answer that was delivered, none without one."""
    answered = [one for one in stage.exchanges() if one.at_token_endpoint and one.status == 200]
    members: Mapping[str, object] = json.loads(answered[-1].body) if answered else {}
    return members


def newest_refresh_token(stage: Stage, seeded: str) -> str:
    """Give the refresh token that the client should have."""
    return str(granted(stage).get("refresh_token", seeded))


def reports_status(outcome: Outcome, status: int) -> bool:
    """Tell whether a reply names this status of an answer."""
    error = outcome.reply.error
    return status in (outcome.reply.http_status, error and error.http_status)


def check_kept(stage: Stage, check: str, refresh_token: str, outcome: Outcome) -> None:
    """Check that the client holds this refresh token still; without `state` nothing is judged."""
    if not stage.client.can("state"):
        return
    state = stage.client.do("state").reply
    kept = state.token is not None and state.token.refresh_token == fingerprint(refresh_token)
    told = "flagged as dead" if kept else "another refresh token, or none, is stored"
    stage.check(check, kept and not state.needs_reauth, outcome, told=told)


def check_recovers(stage: Stage, check: str, before: Outcome) -> None:
    """Check that the client goes on without a human once the faults are lifted (INV-9)."""
    stage.check_kind(check, use_recovered(stage, before), Kind.OK)
