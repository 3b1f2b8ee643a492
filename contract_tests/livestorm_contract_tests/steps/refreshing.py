"""Refreshes that are watched, held, or lost with their process."""

import time

from ..driving.messages import Reply
from ..driving.outcome import Outcome
from ..fake.journal import Exchange
from ..suite.client import Client, Running, Unsupported
from ..suite.stage import Stage

LONGEST_HOLD = 10.0
"""Seconds of real time that a request is waited for or held."""


def refresh_anyhow(stage: Stage, *, user: str = "u1") -> Outcome:
    """Have an expired token refreshed: on command, or by a call."""
    return start_refresh(stage.client, user=user).finish()


def start_refresh(client: Client, *, user: str = "u1") -> Running:
    """Begin to refresh an expired token, by a call or on command. Raises Unsupported."""
    if client.can("call") and client.ready.features.refresh == "auto":
        return client.start("call", user=user, path="/me")
    if client.can("refresh"):
        return client.start("refresh", user=user)
    raise Unsupported("refresh")


def wait_for_hits(stage: Stage, fault_id: str, hits: int) -> None:
    """Wait until a fault has struck so many requests. Raises Unsupported."""
    ends_at = time.monotonic() + LONGEST_HOLD
    while stage.sandbox.count_hits(fault_id) < hits:
        if time.monotonic() > ends_at:
            raise Unsupported(f"{hits} requests at once")
        time.sleep(0.005)


def refreshes(exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    """Give the exchanges that sent a refresh token."""
    return [one for one in exchanges if one.refresh_token is not None]


def state_of(stage: Stage, user: str = "u1") -> Reply | None:
    """Give what the client says of its store, None where it does not tell."""
    return stage.client.do("state", user=user).reply if stage.client.can("state") else None


def needs_process(stage: Stage) -> int:
    """Give the client's process id. Raises Unsupported where it runs within the suite."""
    pid = getattr(stage.client.carrier, "pid", None)
    if pid is None:
        raise Unsupported("a process of its own")
    return int(pid)
