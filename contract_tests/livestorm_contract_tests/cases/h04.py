"""H04: a token endpoint that redirects elsewhere gets no secret there, and its token is none."""

import json
from functools import partial

from ..driving.kinds import Kind
from ..steps.secrets import elsewhere, other_host, sent_elsewhere
from ..steps.stored import check_unchanged, stored_now
from ..steps.using import use
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level


def play(stage: Stage, *, grant: str, status: int, gift: bool) -> None:
    """Exchange a code or refresh, and be sent to another origin, where a token is served."""
    stage.client.seed(expired=True)
    before = stored_now(stage)
    to = f"{other_host(stage)}/v1/me" if gift else "other_origin"
    stage.fake.arm(f"token.{grant}", "redirect", status=status, to=to, times=2)
    token = {"access_token": "foreign-access-token", "token_type": "Bearer", "expires_in": 7200}
    stage.fake.arm("api.me", "answer", content_type="application/json", body=json.dumps(token))
    outcome = stage.client.connect() if grant == "authorization_code" else use(stage)
    sent = sent_elsewhere(stage)
    stage.check("no-secret-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")
    stage.check("not-followed", not elsewhere(stage), outcome)
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR)
    check_unchanged(stage, before, outcome)


CASE = Case(
    id="H04",
    name="secrets/token-redirect",
    level=Level.MUST,
    severity=1,
    requirement="a redirect of the token endpoint is a failure: no secret follows, no token comes",
    source="RFC 6749, sections 10.3 and 10.4; RFC 9700, section 4.12",
    injects="a redirect from the token endpoint to another port, or to a host that serves a token",
    observes="journal, other origins included; stored token",
    checks={
        "no-secret-elsewhere": "neither secret nor code nor token is sent to another origin",
        "not-followed": "a redirect of the token endpoint to another origin is not followed",
        "kind": "a redirect of the token endpoint is reported as a failure",
        "store-unchanged": "a token that another origin serves is not stored",
    },
    needs=("seed",),
    variants=tuple(
        Variant(
            name=f"{grant}-{status}{'-gift' if gift else ''}",
            play=partial(play, grant=grant, status=status, gift=gift),
        )
        for grant in ("authorization_code", "refresh_token")
        for status in (301, 302, 303, 307, 308)
        for gift in (False, True)
    ),
)
