"""B03: a callback of a flow that is unknown is an error like any other, not a crash."""

from ..driving.kinds import Kind
from ..steps.callbacks import NO_TOKEN_REQUEST, REFUSALS
from ..suite.case import Case, Variant
from ..suite.client import Unsupported
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def play(stage: Stage) -> None:
    """Deliver a callback that the client does not wait for, and then go through a flow."""
    if stage.variant == "session-lost":
        url = approved_before_restart(stage)
    else:
        url = f"{stage.client.config.registration.redirect_uri}{unknown_callback(stage)}"
    outcome = stage.client.callback(url)
    # A flow may be kept where a restart does not lose it.
    known = (Kind.OK,) if stage.variant == "session-lost" else ()
    stage.check_kind("kind", outcome, *REFUSALS, *known)
    if outcome.kind not in known:
        stage.check("no-token-request", not outcome.token_requests, outcome)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


def approved_before_restart(stage: Stage) -> str:
    """Have the client killed between the two halves of a flow. Raises Unsupported."""
    if not stage.client.can("restart"):
        raise Unsupported("op restart")
    url = stage.client.obtain_callback()
    stage.client.restart()
    return url


def unknown_callback(stage: Stage) -> str:
    """Give a query that answers no flow."""
    code, state = token(stage.random), token(stage.random)
    return {
        "never-begun": f"?code={code}&state={state}",
        "never-begun-denied": f"?error=access_denied&state={state}",
        "no-state": f"?code={code}",
        "no-query": "",
    }[stage.variant]


CASE = Case(
    id="B03",
    name="callback/unknown-flow",
    level=Level.ROBUST,
    severity=3,
    requirement="a callback of a flow that was never begun, or is forgotten, is a clean error",
    source="omniauth/omniauth-oauth2#189",
    injects="callbacks without a flow, and one after the client was killed",
    observes="reported kind, journal, the process",
    checks={
        "kind": "a callback without a flow is refused as such",
        "no-token-request": NO_TOKEN_REQUEST,
        "recovers": "the next flow connects",
    },
    needs=("begin", "callback"),
    variants=tuple(
        Variant(name=name)
        for name in ("never-begun", "never-begun-denied", "no-state", "no-query", "session-lost")
    ),
    play=play,
)
