"""A client's life, with a failure at each step of it."""

from collections.abc import Callable, Mapping
from typing import Final

from ..driving.outcome import Outcome
from ..suite.stage import Stage
from .refreshing import refresh_anyhow

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
    connected = _under(stage, "token.authorization_code", stage.connect)
    refreshed = _under(stage, "token.refresh_token", lambda: _refresh(stage))
    return [*connected, *refreshed, *_calls(stage)]


def _refresh(stage: Stage) -> Outcome:
    stage.seed(expired=True)
    return refresh_anyhow(stage)


def _under(stage: Stage, on: str, step: Callable[[], Outcome]) -> list[Outcome]:
    if not stage.variant.given:
        return [step()]
    stage.sandbox.arm({"on": on, **stage.variant.given})
    failed = step()
    stage.disarm()
    return [failed]


def _calls(stage: Stage) -> list[Outcome]:
    if not stage.client.can("call"):
        return []
    stage.seed()
    outcomes = [stage.call()]
    stage.arm("api.me", "api_error", status=422)
    outcomes.append(stage.call())
    stage.disarm()
    return outcomes
