"""G10: the loopback has several addresses, and a server may listen on one of them only."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..driving.kinds import Kind
from ..servers.front import Front, open_front
from ..servers.ports import hold_port
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level


def name_localhost(stage: Stage) -> None:
    """Call the server localhost, while it listens on 127.0.0.1 only."""
    with open_front(stage.fake.port) as front:
        call_at(stage, "localhost", f"localhost:{front.port}")


def name_localhost_on_ipv6(stage: Stage) -> None:
    """Call the server localhost, while it listens on [::1] only."""
    with on_ipv6(stage) as front:
        call_at(stage, "localhost", f"localhost:{front.port}")


def name_ipv6(stage: Stage) -> None:
    """Call the server by its address [::1], also when nobody listens there any more."""
    with on_ipv6(stage) as front:
        call_at(stage, "ipv6", front.authority)
    with hold_port("::1", front.port):
        outcome = stage.client.call()
    stage.check_kind("nobody", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


@contextmanager
def on_ipv6(stage: Stage) -> Iterator[Front]:
    """Serve the fake on [::1] as well. Raises Unsupported."""
    try:
        with open_front(stage.fake.port, host="::1") as front:
            yield front
    except OSError:
        raise Unsupported("this machine has no ::1") from None


def call_at(stage: Stage, check: str, authority: str) -> None:
    """Call the server by another name; a clear error of the connection will do."""
    address(stage, authority)
    stage.check_kind(check, stage.client.call(), Kind.OK, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def address(stage: Stage, authority: str) -> None:
    """Configure the client for the server under another name, with a token."""
    stage.client.move(f"http://{authority}")
    stage.client.seed()


CASE = Case(
    id="G10",
    name="transport/loopback-addresses",
    level=Level.ROBUST,
    severity=4,
    requirement="localhost and [::1] are called at their addresses, or the error is a clear one",
    source="RFC 8252, sections 7.3 and 8.3",
    injects="a server on 127.0.0.1 only that is named localhost; one on [::1], by either name",
    observes="reported kind",
    checks={
        "localhost": "the server is found, or the failure is reported as one of the connection",
        "ipv6": "a server on [::1] is found, or the failure is reported as one of the connection",
        "nobody": "where nobody listens it is reported as transport_error or retry_later",
    },
    needs=("seed", "call", "base_path"),
    variants=(
        Variant(name="localhost", play=name_localhost),
        Variant(name="localhost on [::1]", play=name_localhost_on_ipv6),
        Variant(name="[::1]", play=name_ipv6),
    ),
)
