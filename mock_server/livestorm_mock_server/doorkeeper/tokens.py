"""Issuing tokens, and the token endpoint's success body."""

from typing import Final

from ..exchange import Exchange
from ..rails.response import Response, render_json
from ..store.protocol import TokenRequest
from ..store.records import AccessToken, Application, User


def new_token(
    exchange: Exchange,
    application: Application,
    user: User | None,
    scopes: tuple[str, ...],
    *,
    expires_in: int | None,
    with_refresh_token: bool = True,
) -> TokenRequest:
    """Draw a new access token, and a refresh token beside it."""
    randomness, own_lifetime = exchange.provider.randomness, exchange.token_lifetime
    token = randomness.token()
    if exchange.options.token_format == "jwt":
        token = exchange.provider.signing.sign_access_token(
            user,
            scopes,
            jti=randomness.uuid(),
            issued_at=exchange.now,
            expires_in=expires_in if own_lifetime is None else own_lifetime,
        )
    return TokenRequest(
        token=token,
        refresh_token=randomness.token() if with_refresh_token else None,
        application=application,
        user=user,
        scopes=scopes,
        created_at=exchange.now,
        expires_in=expires_in,
        own_lifetime=own_lifetime,
    )


MEMBERS: Final = (
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "created_at",
)
"""The members that a token answer can have, in their order."""


def token_body(token: AccessToken, now: float) -> dict[str, object]:
    """Give the six members of a token answer in order; absent values are left out (RFC 6749, 5.1).

    `expires_in` is in seconds, `created_at` a Unix time.
    """
    values = (
        token.token,
        "Bearer",
        token.seconds_left(now),
        token.refresh_token,
        " ".join(token.scopes),
        int(token.created_at),
    )
    members = zip(MEMBERS, values, strict=True)
    return {name: value for name, value in members if value not in (None, "")}


def render_token(exchange: Exchange, token: AccessToken) -> Response:
    """Answer a token request with its token."""
    exchange.note_issued(token)
    headers = {"Cache-Control": "no-store"}
    if exchange.release.pragma != "never":
        headers["Pragma"] = "no-cache"
    return render_json(exchange.request, token_body(token, exchange.now), headers=headers)
