"""H03: an API that redirects elsewhere gets no token there."""

from functools import partial

from ..driving.kinds import Kind
from ..servers.behind_tls import behind_tls
from ..steps.secrets import elsewhere, other_host, sent_elsewhere
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def lead_to_port(stage: Stage, *, status: int) -> None:
    """Call, and be sent to another port."""
    judge(stage, status, "other_origin")


def lead_to_host(stage: Stage, *, status: int) -> None:
    """Call, and be sent to another host."""
    judge(stage, status, f"{other_host(stage)}/v1/me")


def lead_to_http(stage: Stage, *, status: int) -> None:
    """Call, and be sent from https to http."""
    with behind_tls(stage) as front:
        judge(stage, status, f"{stage.fake.origin}/v1/me", front.authority)


def judge(stage: Stage, status: int, to: str, configured: str | None = None) -> None:
    """Judge a call that is sent elsewhere."""
    stage.client.seed()
    stage.fake.arm("api.me", "redirect", status=status, to=to, times=4)
    outcome = stage.client.call()
    sent = sent_elsewhere(stage, configured)
    stage.check("no-token-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")
    # One that follows without its token is refused there, and may succeed when it tries again.
    followed = elsewhere(stage, configured)
    refused = (Kind.REAUTH_REQUIRED, Kind.CONFIG_ERROR, Kind.OK) if followed else ()
    if not sent:
        stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR, *refused)


CASE = Case(
    id="H03",
    name="secrets/api-redirect",
    level=Level.MUST,
    severity=1,
    requirement="an access token goes to the configured origin only",
    source="RFC 6749, section 10.3; RFC 9110, section 15.4",
    injects="a redirect from the API to another port or host, or from https to http",
    observes="journal, other origins included",
    checks={
        "no-token-elsewhere": "no access token is sent to another origin",
        "kind": "a redirect to another origin is reported as the failure that it is",
    },
    needs=("seed", "call"),
    variants=tuple(
        Variant(name=f"{status}-{to}", play=partial(play, status=status))
        for status in (301, 302, 303, 307, 308)
        for to, play in (("port", lead_to_port), ("host", lead_to_host), ("http", lead_to_http))
    ),
)
