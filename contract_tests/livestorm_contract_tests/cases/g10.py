"""G10: the loopback has several addresses, and a server may listen on one of them only."""

from urllib.parse import urlsplit

from ..driving.kinds import Kind
from ..servers.front import open_front
from ..suite.case import Case, Variant
from ..suite.client import Unsupported
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Name the server by another address of this machine."""
    port = urlsplit(stage.fake.origin).port
    assert port is not None
    if stage.variant == "localhost":
        call_at(stage, "localhost", f"localhost:{port}")
        return
    try:
        with open_front(port, host="::1") as front:
            if stage.variant == "[::1]":
                call_at(stage, "ipv6", front.authority)
            else:
                call_at(stage, "localhost", f"localhost:{front.port}")
    except OSError:
        raise Unsupported("this machine has no ::1") from None
    if stage.variant == "[::1]":
        outcome = stage.client.call()
        stage.check_kind("nobody", outcome, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def call_at(stage: Stage, check: str, authority: str) -> None:
    """Call the server by another name; a clear error of the connection will do."""
    address(stage, authority)
    stage.check_kind(check, stage.client.call(), Kind.OK, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)


def address(stage: Stage, authority: str) -> None:
    """Configure the client for the server under another name, with a token."""
    url = f"http://{authority}"
    stage.client.configure(api_base=f"{url}/v1", token_url=f"{url}/oauth/token")
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
        Variant(name="localhost"),
        Variant(name="localhost on [::1]"),
        Variant(name="[::1]"),
    ),
    play=play,
)
