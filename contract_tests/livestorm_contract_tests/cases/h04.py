"""H04: a token endpoint that redirects elsewhere gets no secret there, and its token is none."""

import json

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..steps.refreshing import refresh_anyhow
from ..steps.secrets import elsewhere, other_host, sent_elsewhere
from ..suite.case import Case, Level, Variant
from ..suite.stage import Stage


def play(stage: Stage) -> None:
    """Exchange a code or refresh, and be sent to another origin, where a token is served."""
    stage.seed(expired=True)
    before = stage.stored() if stage.client.can("state") else None
    outcome = _redirected(stage)
    sent = sent_elsewhere(stage)
    stage.check("no-secret-elsewhere", not sent, outcome, told=f"sent elsewhere: {sent}")
    stage.check("not-followed", not elsewhere(stage), outcome)
    stage.check_kind("kind", outcome, Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR)
    if stage.client.can("state"):
        stage.check("store-unchanged", stage.stored() == before, outcome)


def _redirected(stage: Stage) -> Outcome:
    given = stage.variant.given
    to = f"{other_host(stage)}/v1/me" if given["gift"] else "other_origin"
    stage.arm(f"token.{given['grant']}", "redirect", status=given["status"], to=to, times=2)
    token = {"access_token": "foreign-access-token", "token_type": "Bearer", "expires_in": 7200}
    stage.arm("api.me", "answer", content_type="application/json", body=json.dumps(token))
    return stage.connect() if given["grant"] == "authorization_code" else refresh_anyhow(stage)


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
            given={"grant": grant, "status": status, "gift": gift},
        )
        for grant in ("authorization_code", "refresh_token")
        for status in (301, 302, 303, 307, 308)
        for gift in (False, True)
    ),
    play=play,
)
