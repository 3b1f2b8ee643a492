"""Code exchanges that go wrong, and what must not come of them."""

import json
from collections.abc import Iterator, Mapping, Sequence

from ..driving.kinds import Kind
from ..driving.messages import StoredToken
from ..driving.outcome import Outcome
from ..suite.client import Unsupported
from ..suite.stage import Stage, token

CODE_ONCE = "the code is sent once"
STORE_UNCHANGED = "tokens that were stored stay what they were"

TRANSPORT = (Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
REFUSAL = (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR)


def seeded(stage: Stage) -> StoredToken | None:
    """Give the client tokens where it takes them; give what is then stored, as far as it tells."""
    if stage.client.can("seed"):
        stage.seed()
    return stage.stored_if_told()


def check_unchanged(stage: Stage, before: StoredToken | None, outcome: Outcome) -> None:
    """Check that what was stored is still there; without `state` nothing is judged."""
    if stage.client.can("state"):
        stage.check("store-unchanged", stage.stored() == before, outcome)


def check_code_once(stage: Stage, outcome: Outcome) -> None:
    """Check that no code was sent twice."""
    codes = [one.code for one in outcome.token_requests if one.code]
    stage.check("code-once", len(codes) == len(set(codes)), outcome)


def check_told(stage: Stage, check: str, outcome: Outcome, text: str) -> None:
    """Check that the error that is reported shows a text."""
    stage.check(check, text in outcome.told_text, outcome, told=f"{text} is not told")


def members_of(outcome: Outcome) -> Mapping[str, object]:
    """Give the members of the newest token answer of an operation, none where none came."""
    answered = [one for one in outcome.token_requests if one.status == 200]
    members: Mapping[str, object] = json.loads(answered[-1].body) if answered else {}
    return members


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
        stage.configure(auth_method=method)
        yield method
