"""Having a client use its tokens, whichever way it refreshes them."""

from ..driving.kinds import Kind
from ..driving.messages import DEADLINE_MS
from ..driving.outcome import Outcome
from ..fake.journal import newest_grant
from ..suite.client import LIFETIME, Client
from ..suite.driver import Running, Unsupported
from ..suite.stage import Stage
from .pauses import recovered


def refreshes_on_call(client: Client) -> bool:
    """Tell whether the client has a call layer that refreshes by itself."""
    return client.ready.features.refresh == "auto" and client.can("call")


def start_using(client: Client, *, user: str = "u1", deadline_ms: float = DEADLINE_MS) -> Running:
    """Begin to use tokens that the client takes for expired. Raises Unsupported.

    A client that refreshes by itself calls the API, another refreshes on command.
    """
    if refreshes_on_call(client):
        return client.start("call", user=user, path="/me", deadline_ms=deadline_ms)
    return client.start("refresh", user=user, deadline_ms=deadline_ms)


def use(stage: Stage, *, user: str = "u1", deadline_ms: float = DEADLINE_MS) -> Outcome:
    """Have the client use tokens that it takes for expired."""
    return start_using(stage.client, user=user, deadline_ms=deadline_ms).finish()


def use_at_once(stage: Stage, calls: int) -> Outcome:
    """Call so many times at once with an expired token, while its refresh takes its time.

    Raises Unsupported.
    """
    if stage.client.ready.features.parallel_calls < calls:
        raise Unsupported(f"feature parallel_calls>={calls}")
    stage.fake.arm("token.refresh_token", "delay", seconds=0.15, phase="after")
    return stage.client.call(parallel=calls)


def use_expired(stage: Stage) -> Outcome:
    """Let the newest access token expire, on the client's clock where it has one, and use it."""
    features = stage.client.ready.features
    if not refreshes_on_call(stage.client):
        return stage.client.refresh()
    if features.clock:
        stage.client.advance(LIFETIME + 1)
    elif features.on_401:
        expire_newest(stage)
    else:
        return stage.client.refresh()
    return stage.client.call()


def use_recovered(stage: Stage, before: Outcome) -> Outcome:
    """Lift all faults, wait for the end of a not-before, and use the tokens again (INV-9)."""
    return recovered(stage, before, lambda: use(stage))


def check_recovers(stage: Stage, check: str, before: Outcome) -> bool:
    """Check that the client goes on without a human once the faults are lifted (INV-9)."""
    return stage.check_kind(check, use_recovered(stage, before), Kind.OK)


def expire_newest(stage: Stage) -> None:
    """End the lifetime of the newest access token on the server's side, if one was delivered."""
    if granted := newest_grant(stage.fake.exchanges()):
        stage.fake.expire_token(str(granted["access_token"]))


def newest_refresh_token(stage: Stage, seeded: str) -> str:
    """Give the refresh token that the client should have."""
    return str(newest_grant(stage.fake.exchanges()).get("refresh_token", seeded))
