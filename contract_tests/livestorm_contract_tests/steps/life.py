"""A client's life, with a failure at each step of it."""

from collections.abc import Callable, Mapping
from typing import Final

from ..suite.outcome import Outcome
from ..suite.stage import Stage
from .using import use

FAILURES: Final[Mapping[str, Mapping[str, object]]] = {
    "success": {},
    "invalid-client": {"fault": "oauth_error", "error": "invalid_client"},
    "invalid-grant": {"fault": "oauth_error", "error": "invalid_grant"},
    "html": {"fault": "html_page", "status": 502},
    "reset": {"fault": "reset"},
    "cut-json": {"fault": "truncated_json", "keep": 0.9},
    "cut-body": {"fault": "short_body"},
    "error-200": {"fault": "token_body", "variant": "error_200"},
}


def live_through(stage: Stage) -> list[Outcome]:
    """Connect, refresh and call, each under the variant's failure; give all outcomes."""
    connected = _under(stage, "token.authorization_code", stage.client.connect)
    refreshed = _under(stage, "token.refresh_token", lambda: _refresh(stage))
    return [*connected, *refreshed, *_calls(stage)]


def _refresh(stage: Stage) -> Outcome:
    stage.client.seed(expired=True)
    return use(stage)


def _under(stage: Stage, on: str, step: Callable[[], Outcome]) -> list[Outcome]:
    if not stage.given:
        return [step()]
    stage.fake.arm_keys({"on": on, **stage.given})
    failed = step()
    stage.fake.disarm()
    return [failed]


def _calls(stage: Stage) -> list[Outcome]:
    if not stage.client.can("call"):
        return []
    stage.client.seed()
    outcomes = [stage.client.call()]
    stage.fake.arm("api.me", "api_error", status=422)
    outcomes.append(stage.client.call())
    stage.fake.disarm()
    return outcomes
