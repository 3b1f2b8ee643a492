"""A client's life, with a failure at each step of it."""

from collections.abc import Callable, Mapping
from typing import Final

from ..driving.outcome import Outcome
from ..fake.control import Fault
from ..suite.stage import Stage
from .using import use

FAILURES: Final[Mapping[str, Fault]] = {
    "success": {},
    "invalid-client": {"fault": "oauth_error", "error": "invalid_client"},
    "invalid-grant": {"fault": "oauth_error", "error": "invalid_grant"},
    "html": {"fault": "html_page", "status": 502},
    "reset": {"fault": "reset"},
    "cut-json": {"fault": "truncated_json", "keep": 0.9},
    "cut-body": {"fault": "short_body"},
    "error-200": {"fault": "token_body", "variant": "error_200"},
    "unknown-type": {"fault": "token_fields", "set": {"token_type": "mac"}},
    "error-beside-tokens": {"fault": "token_fields", "set": {"error": "invalid_scope"}},
}


def live_through(stage: Stage, fault: Fault) -> list[Outcome]:
    """Connect and refresh, each under a fault if there is one, and call; give all outcomes."""
    connected = _under(stage, "token.authorization_code", fault, stage.client.connect)
    refreshed = _under(stage, "token.refresh_token", fault, lambda: _refresh(stage))
    return [connected, refreshed, *_calls(stage)]


def _refresh(stage: Stage) -> Outcome:
    stage.client.seed(expired=True)
    return use(stage)


def _under(stage: Stage, on: str, fault: Fault, step: Callable[[], Outcome]) -> Outcome:
    if fault:
        stage.fake.arm_keys({"on": on, **fault})
    outcome = step()
    stage.fake.disarm()
    return outcome


def _calls(stage: Stage) -> list[Outcome]:
    if not stage.client.can("call"):
        return []
    stage.client.seed()
    outcomes = [stage.client.call()]
    stage.fake.arm("api.me", "api_error", status=422)
    outcomes.append(stage.client.call())
    stage.fake.disarm()
    return outcomes
