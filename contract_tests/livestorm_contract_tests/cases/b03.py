"""B03: a callback of a flow that is unknown is an error like any other, not a crash."""

from functools import partial

from ..driving.kinds import Kind
from ..steps.callbacks import NO_TOKEN_REQUEST, REFUSALS
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def answer_no_flow(stage: Stage, *, query: str) -> None:
    """Deliver a callback of a flow that was never begun."""
    drawn = query.format(code=token(stage.random), state=token(stage.random))
    judge(stage, f"{stage.client.config.registration.redirect_uri}{drawn}")


def lose_session(stage: Stage) -> None:
    """Have the client killed between the two halves of a flow. Raises Unsupported."""
    if not stage.client.can("restart"):
        raise Unsupported("op restart")
    url = stage.client.obtain_callback()
    stage.client.restart()
    # A flow may be kept where a restart does not lose it.
    judge(stage, url, Kind.OK)


def judge(stage: Stage, url: str, *known: Kind) -> None:
    """Deliver a callback that the client does not wait for, and then go through a flow."""
    outcome = stage.client.callback(url)
    stage.check_kind("kind", outcome, *REFUSALS, *known)
    if outcome.kind not in known:
        stage.check("no-token-request", not outcome.token_requests, outcome)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


QUERIES = {
    "never-begun": "?code={code}&state={state}",
    "never-begun-denied": "?error=access_denied&state={state}",
    "no-state": "?code={code}",
    "no-query": "",
}


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
    variants=(
        *(
            Variant(name=name, play=partial(answer_no_flow, query=query))
            for name, query in QUERIES.items()
        ),
        Variant(name="session-lost", play=lose_session),
    ),
)
