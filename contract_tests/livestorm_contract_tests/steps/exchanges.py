"""Exchanges with the token endpoint, and what must not come of those that go wrong."""

from collections.abc import Iterator, Sequence

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.driver import Unsupported
from ..suite.stage import Stage
from ..suite.tokens import token

CODE_ONCE = "the code is sent once"

TRANSPORT = (Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
REFUSAL = (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR)


def check_code_once(stage: Stage, outcome: Outcome) -> None:
    """Check that no code was sent twice."""
    codes = [one.code for one in outcome.token_requests if one.code]
    stage.check("code-once", len(codes) == len(set(codes)), outcome)


def check_told(stage: Stage, check: str, outcome: Outcome, text: str) -> None:
    """Check that the error that is reported shows a text."""
    told = f"{text} is not told"
    stage.verdicts.check_told(check, text in outcome.told_text, outcome, told)


def drawn_members(stage: Stage, **changes: object) -> dict[str, object]:
    """Draw a token answer that the provider knows nothing of."""
    drawn = {name: token(stage.random) for name in ("access_token", "refresh_token")}
    rest = {"token_type": "Bearer", "expires_in": 7200, "scope": "identity:read"}
    return {**drawn, **rest, **changes}


def secret_methods(stage: Stage) -> Iterator[str]:
    """Configure the client for each method that sends a secret. Raises Unsupported."""
    methods: Sequence[str] = stage.client.ready.features.auth_methods
    secret = [one for one in methods if one != "none"]
    if not secret:
        raise Unsupported("a client secret")
    for method in secret:
        stage.client.configure(auth_method=method)
        yield method
