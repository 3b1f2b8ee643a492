"""Granting less than was asked for: the fake's own, which RFC 6749, section 3.3, allows."""

from collections.abc import Mapping

from ..rails.parameters import Parameter
from .pre_authorization import PreAuthorization

NARROWED = "livestorm_mock_scopes"
"""The parameter with the scopes that the user leaves; no client sends it."""

WORDS: Mapping[str, str] = {
    "identity:read": "See your name, your e-mail address and your workspace.",
    "events:read": "See events, their sessions and their participants.",
    "events:write": "See and change events, their sessions and their participants.",
    "admin:read": "See the workspace and the members of its team.",
    "admin:write": "See and change the workspace and the members of its team.",
    "webhooks:read": "See webhooks.",
    "webhooks:write": "See and change webhooks.",
}
"""What scopes mean, by Livestorm's documentation; write includes read."""


def narrow(pre: PreAuthorization, parameters: Mapping[str, Parameter]) -> bool:
    """Leave of a checked request what the user chose; tell whether that is anything."""
    chosen = parameters.get(NARROWED)
    if not isinstance(chosen, list):
        return True
    left = [scope for scope in pre.scopes if scope in chosen]
    if left:
        pre.scope = " ".join(left)
    return bool(left)
