"""B03: a callback of a flow that is unknown is an error like any other, not a crash."""

from functools import partial
from urllib.parse import parse_qsl

from ..driving.kinds import Kind
from ..steps.callbacks import NO_TOKEN_REQUEST, REFUSALS, check_untouched, extended
from ..steps.stored import STORE_UNCHANGED, Stored, connected_before
from ..suite.case import Case, Variant
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.tokens import token
from ..suite.verdicts import Level


def answer_no_flow(stage: Stage, *, query: str) -> None:
    """Deliver a callback of a flow that was never begun."""
    before = connected_before(stage)
    drawn = query.format(code=token(stage.random), state=token(stage.random))
    uri = stage.client.config.registration.redirect_uri
    judge(stage, extended(uri, *parse_qsl(drawn, keep_blank_values=True)), before)


def lose_session(stage: Stage) -> None:
    """Have the client killed between the two halves of a flow. Raises Unsupported."""
    if not stage.client.can("restart"):
        raise Unsupported("op restart")
    before = connected_before(stage)
    url = stage.client.obtain_callback()
    stage.client.restart()
    # A flow may be kept where a restart does not lose it.
    judge(stage, url, before, Kind.OK)


def judge(stage: Stage, url: str, before: Stored | None, *known: Kind) -> None:
    """Deliver a callback that the client does not wait for, and then go through a flow."""
    outcome = stage.client.callback(url)
    stage.check_kind("kind", outcome, *REFUSALS, *known)
    if outcome.kind not in known:
        check_untouched(stage, outcome, before)
    stage.check_kind("recovers", stage.client.connect(), Kind.OK)


QUERIES = {
    "never-begun": "code={code}&state={state}",
    "never-begun-denied": "error=access_denied&state={state}",
    "no-state": "code={code}",
    "empty-state": "code={code}&state=",
    "no-query": "",
    # Members that each object of JavaScript and Python has, and no table of flows.
    "constructor": "code={code}&state=constructor",
    "proto": "code={code}&state=__proto__",
    "to-string": "code={code}&state=toString",
    "dunder-class": "code={code}&state=__class__",
}


CASE = Case(
    id="B03",
    name="callback/unknown-flow",
    level=Level.ROBUST,
    severity=3,
    requirement="a callback of a flow that was never begun, or is forgotten, is a clean error",
    source="omniauth/omniauth-oauth2#189",
    injects="callbacks without a flow, also with a state that each object has as a member; one "
    "after the client was killed",
    observes="reported kind, journal, stored token, the process",
    checks={
        "kind": "a callback without a flow is refused as such",
        "no-token-request": NO_TOKEN_REQUEST,
        "store-unchanged": STORE_UNCHANGED,
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
