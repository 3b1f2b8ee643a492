"""Secrets and tokens in the query string, where logs, histories and referrers keep them."""

from ..rails.text import is_blank
from .rule import Noticed
from .sent import Sent
from .traffic import Traffic

_SECRETS = ("client_secret", "code_verifier", "refresh_token")
# Names that mean something else outside of the OAuth engine.
_SECRETS_OF_OAUTH = ("code", "password", "token")
_ACCESS_TOKENS = ("access_token", "bearer_token")


def secrets_in_query(traffic: Traffic) -> Noticed:
    """Notice client secrets, codes, verifiers and refresh tokens."""
    for sent in traffic.all:
        # The provider itself redirects the browser to `native?code=...`.
        of_oauth = _SECRETS_OF_OAUTH if sent.is_to_oauth and sent.label != "native" else ()
        for name in _in_query(sent, (*_SECRETS, *of_oauth)):
            yield f"{name} is in the query string", [sent]


def access_tokens_in_query(traffic: Traffic) -> Noticed:
    """Notice access tokens."""
    for sent in traffic.all:
        for name in _in_query(sent, _ACCESS_TOKENS):
            yield f"{name} is in the query string", [sent]


def _in_query(sent: Sent, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if not is_blank(sent.query.get(name))]
