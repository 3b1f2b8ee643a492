"""H06: plain http is for this machine only."""

from collections.abc import Iterator
from functools import partial

from ..driving.kinds import Kind, may_be
from ..servers.behind_tls import behind_tls
from ..steps.secrets import elsewhere, other_host
from ..steps.using import refreshes_on_call, use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

REFUSED = (Kind.SECURITY_ERROR, Kind.CONFIG_ERROR)
REDIRECTED = (Kind.SECURITY_ERROR, Kind.PROTOCOL_ERROR)


def configure(stage: Stage, *, name: str) -> None:
    """Configure plain http for another machine."""
    kinds = list(configured(stage, name))
    stage.client.configure()
    judge(stage, kinds, REFUSED)


def redirect(stage: Stage, *, grant: str) -> None:
    """Redirect from https to http."""
    with behind_tls(stage) as front:
        kind = redirected(stage, grant)
        judge(stage, [kind], REDIRECTED, front.authority)


def judge(
    stage: Stage, kinds: list[Kind], allowed: tuple[Kind, ...], authority: str | None = None
) -> None:
    """Judge how plain http was reported, and what went over it."""
    told = f"reported as {', '.join(kinds)}"
    stage.check("refused", all(may_be(kind, *allowed) for kind in kinds), told=told)
    sent = elsewhere(stage, authority)
    stage.check("nothing-sent", not sent, told=f"{len(sent)} requests")


def configured(stage: Stage, name: str) -> Iterator[Kind]:
    """Use a URL with plain http until it is refused for good; give the kinds that decide.

    It may be refused from the beginning, or wherever the URL is about to be used.
    """
    path = stage.client.urls[name].removeprefix(stage.fake.origin)
    kind = stage.client.try_configure(**{name: other_host(stage) + path})
    if kind is Kind.OK and stage.client.can("begin"):
        kind = stage.client.do("begin").kind
    if kind is not Kind.OK:
        yield kind
    elif name == "api_base":
        stage.client.seed()
        yield stage.client.call().kind
    else:
        if stage.client.can("begin"):
            yield stage.client.connect().kind
        if refreshes(stage) or not stage.client.can("begin"):
            stage.client.seed(expired=True)
            yield use(stage).kind


def refreshes(stage: Stage) -> bool:
    """Tell whether the client refreshes, by a call or on command."""
    return refreshes_on_call(stage.client) or stage.client.can("refresh")


def redirected(stage: Stage, grant: str) -> Kind:
    """Exchange a code or refresh, and be sent from https to http; give the reported kind."""
    to = f"{stage.fake.origin}/oauth/token"
    stage.fake.arm(f"token.{grant}", "redirect", status=307, to=to, times=2)
    if grant == "authorization_code":
        return stage.client.connect().kind
    stage.client.seed(expired=True)
    return use(stage).kind


CASE = Case(
    id="H06",
    name="secrets/plain-http",
    level=Level.MUST,
    severity=1,
    requirement="plain http is refused unless the host is a loopback address",
    source="RFC 6749, sections 3.2 and 10.9",
    injects="a URL with plain http on another address than loopback; a redirect from https to http",
    observes="reported kind, journal",
    checks={
        "refused": "plain http to another host, or after https, is reported as a failure",
        "nothing-sent": "nothing is sent over plain http to another host, or after https",
    },
    needs=("seed", "base_path"),
    variants=(
        *(
            Variant(name=name, play=partial(configure, name=name))
            for name in ("token_url", "api_base")
        ),
        *(
            Variant(name=grant, play=partial(redirect, grant=grant))
            for grant in ("authorization_code", "refresh_token")
        ),
    ),
)
