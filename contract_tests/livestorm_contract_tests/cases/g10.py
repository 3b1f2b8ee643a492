"""G10: the loopback has several addresses, and a server may listen on one of them only."""

from urllib.parse import urlsplit

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.client import Unsupported
from ..suite.front import open_front
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Name the server by another address of this machine."""
    port = urlsplit(stage.sandbox.origin).port
    assert port is not None
    if stage.variant.name == "[::1]":
        judge_ipv6(stage, port)
        return
    address(stage, f"localhost:{port}")
    outcome = stage.call()
    stage.check_kind("localhost", outcome, Kind.OK, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def judge_ipv6(stage: Stage, port: int) -> None:
    """Call [::1], first where the server listens, then where it does not."""
    try:
        with open_front(port, host="::1") as front:
            address(stage, front.authority)
            stage.check_kind("ipv6", stage.call(), Kind.OK)
    except OSError:
        raise Unsupported("this machine has no ::1") from None
    outcome = stage.call()
    stage.check_kind("nobody", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def address(stage: Stage, authority: str) -> None:
    """Configure the client for the server under another name, with a token."""
    url = f"http://{authority}"
    stage.configure(api_base=f"{url}/v1", token_url=f"{url}/oauth/token")
    stage.seed()


CASE = Case(
    id="G10",
    name="transport/loopback-addresses",
    level=Level.ROBUST,
    severity=4,
    requirement="localhost and [::1] are called at their addresses, or the error is a clear one",
    source="RFC 8252, sections 7.3 and 8.3",
    injects="a server on 127.0.0.1 only that is named localhost; one on [::1]",
    observes="reported kind",
    checks={
        "localhost": "the server is found, or the failure is reported as one of the connection",
        "ipv6": "a server on [::1] is found",
        "nobody": "where nobody listens it is reported as transport_error or retry_later",
    },
    needs=("seed", "call", "base_path"),
    variants=(Variant(name="localhost"), Variant(name="[::1]")),
    play=play,
)
