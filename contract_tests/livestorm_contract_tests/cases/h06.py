"""H06: plain http is for this machine only."""

from ..adapter import Kind
from ..suite.case import Case, Level, Variant
from ..suite.secrets import elsewhere, other_host
from ..suite.stage import Stage

REFUSED = (Kind.SECURITY_ERROR, Kind.CONFIG_ERROR)


def play(stage: Stage) -> None:
    """Configure a URL with plain http on an address that is not loopback, and use it."""
    path = str(stage.config[stage.variant.name]).removeprefix(stage.sandbox.origin)
    kind = stage.try_configure(**{stage.variant.name: other_host(stage) + path})
    if kind is Kind.OK:
        kind = stage.client.do("begin").kind
    if kind is Kind.OK and stage.variant.name == "api_base":
        stage.seed()
        kind = stage.call().kind
    elif kind is Kind.OK and stage.variant.name == "token_url":
        stage.connect()
    sent = elsewhere(stage)
    stage.configure()
    stage.check("refused", kind in REFUSED, told=f"reported as {kind}")
    stage.check("nothing-sent", not sent, told=f"{len(sent)} requests")


CASE = Case(
    id="H06",
    name="secrets/plain-http",
    level=Level.MUST,
    severity=1,
    requirement="plain http is refused unless the host is a loopback address",
    source="RFC 6749, sections 3.2 and 10.9",
    injects="a URL with plain http on another address than loopback",
    observes="reported kind, journal",
    checks={
        "refused": "plain http to another host is a security or configuration error",
        "nothing-sent": "nothing is sent over plain http to another host",
    },
    needs=("begin", "callback", "seed", "call", "base_path"),
    variants=(Variant(name="token_url"), Variant(name="api_base")),
    play=play,
)
