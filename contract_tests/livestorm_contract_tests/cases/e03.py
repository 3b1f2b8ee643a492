"""E03: 401s without a challenge, with several, with a broken one, and odd bodies."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from ..driving.kinds import Kind
from ..fake.control import Fault
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

CHALLENGES: Final[Mapping[str, str]] = {
    "malformed": 'Bearer error="invalid_token',
    "several": 'Basic realm="api", Bearer realm="api", error="invalid_token"',
    "foreign": "Negotiate",
    "empty-challenge": "",
    "like-named": 'Bearer realm="x", x_error="insufficient_scope", error="invalid_token"',
    "foreign-first": 'DPoP error="insufficient_scope", Bearer error="invalid_token"',
    "in-quotes": r'Bearer realm="error=\"insufficient_scope\"", error="invalid_token"',
    "token-form": "Bearer error=invalid_token",
    "spaces": 'Bearer  realm = "x" , error = "invalid_token"',
    "capitals": 'BEARER REALM="x", ERROR="invalid_token"',
}
BODIES: Final[Mapping[str, Fault]] = {
    "no-challenge": {"fault": "answer"},
    "html": {"fault": "html_page"},
    "jsonapi": {"fault": "api_error"},
    "no-errors": {"fault": "api_error", "count": 0},
}
REFUSALS: Final[Mapping[str, Fault]] = {
    **{
        name: {"fault": "answer", "headers": {"WWW-Authenticate": challenge}}
        for name, challenge in CHALLENGES.items()
    },
    **BODIES,
}


def play(stage: Stage, *, fault: Fault) -> None:
    """Call with a fresh token that is refused, until another comes."""
    access_token = stage.client.seed()["access_token"]
    stage.fake.expire_token(access_token)
    refused = {"header": {"Authorization": f"Bearer {access_token}"}}
    stage.fake.arm_keys({"on": "api.me", "status": 401, "when": refused, **fault})
    outcome = stage.client.call()
    answers_401 = stage.client.ready.features.on_401
    stage.check_kind("kind", outcome, Kind.OK if answers_401 else Kind.REAUTH_REQUIRED)
    stage.check("one-refresh", len(outcome.token_requests) <= 1, outcome)
    stage.check("one-retry", len(outcome.api_requests) <= 2, outcome)


CASE = Case(
    id="E03",
    name="call/401-odd-forms",
    level=Level.ROBUST,
    severity=3,
    requirement="a 401 is a 401, whatever its challenge and body are",
    source="RFC 6750, section 3; RFC 9110, section 11; Doorkeeper's `head 401` in its helpers",
    injects="a 401 without a challenge, with several, with one in a rare form or a malformed one; "
    "odd bodies",
    observes="journal, reported kind",
    checks={
        "kind": "the call is repeated after a refresh, or reported by a client that never does",
        "one-refresh": "there is one refresh",
        "one-retry": "the call is repeated once at most",
    },
    needs=("seed", "call"),
    variants=tuple(
        Variant(name=name, play=partial(play, fault=fault)) for name, fault in REFUSALS.items()
    ),
)
