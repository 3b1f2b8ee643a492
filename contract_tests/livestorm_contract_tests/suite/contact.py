"""Whether the client reaches its fake at all; where it does not, nothing is known of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from ..driving.carrier import DrivingError, check_driving
from ..driving.kinds import Kind
from ..fake.control import ControlError
from .client import Client, CutShort
from .driver import Unsupported
from .stage import Stage

CUT_OFF = (
    "nothing is known: the client reports transport errors, and none of its requests reaches the "
    "fake, which is on this machine's loopback; is a proxy, a container or a firewall between them?"
)


@contextmanager
def in_contact(stage: Stage) -> Iterator[None]:
    """Judge nothing of a client that can't reach its fake. Raises AdapterFailed."""
    try:
        yield
    except (CutShort, Unsupported):
        check_contact(stage)
        raise
    check_contact(stage)


def check_contact(stage: Stage) -> None:
    """Raise AdapterFailed where transport errors are reported and no request ever comes."""
    outcomes = stage.verdicts.outcomes
    if any(one.kind is Kind.TRANSPORT_ERROR for one in outcomes) and not any(
        one.exchanges for one in outcomes
    ):
        reached = reaches_fake(stage, lambda: stage.client)
        # A failure may outlive its cause in the client's memory, which is its own fault.
        check_driving(reached or reaches_fake(stage, stage.second_process), CUT_OFF)


def reaches_fake(stage: Stage, choose: Callable[[], Client]) -> bool:
    """Have a process do, without any fault, what makes it send a request.

    A case may be one in which a client has no reason to send any.
    """
    fake = stage.fake
    fake.disarm()
    with suppress(DrivingError, ControlError, Unsupported):
        client = choose()
        client.configure()
        if client.can("seed"):
            tokens = fake.issue_tokens()
            given = {name: tokens[name] for name in ("access_token", "refresh_token")}
            _tell(client, "seed", {"token": given})
        _tell(client, "call", {"path": "/me"})
        _tell(client, "refresh", {})
        if url := _tell(client, "begin", {}):
            _tell(client, "callback", {"url": fake.decide(url)})
    return bool(fake.exchanges())


def _tell(client: Client, op: str, members: Mapping[str, object]) -> str | None:
    """Send a command that is not judged, where the client has it; give the URL of its reply."""
    if not client.can(op):
        return None
    return client.ask({"type": "command", "op": op, **members}).authorize_url
