"""`oauth_error`: an error of the OAuth server (RFC 6749, sections 4.1.2.1 and 5.2)."""

from typing import Annotated

import msgspec

from ..doorkeeper import errors
from ..exchange import Exchange
from ..rails.response import Response, render_json
from .bodies import check_status_with_body
from .fault import Fault, Proceed

_TEXTS: dict[str, str] = {
    kind.code: kind.text
    for kind in (
        errors.InvalidRequest,
        errors.InvalidClient,
        errors.UnauthorizedClient,
        errors.InvalidGrant,
        errors.InvalidScope,
        errors.UnsupportedGrantType,
        errors.UnsupportedResponseType,
        errors.AccessDenied,
    )
} | {
    "server_error": "The server met an unexpected condition.",
    "temporarily_unavailable": "The server is overloaded or under maintenance.",
}
_STATUSES = {"invalid_client": 401, "server_error": 500, "temporarily_unavailable": 503}


class OAuthErrorFault(Fault, frozen=True, kw_only=True, tag="oauth_error"):
    """Answer with `{"error", "error_description", "error_uri"}` and the challenge header."""

    error: str
    """The error code, known or not."""
    description: str | None = None
    """`error_description`; absent, the engine's own sentence for the code."""
    uri: str | None = None
    """`error_uri`."""
    status: Annotated[int, msgspec.Meta(ge=200, le=599)] | None = None
    """The HTTP status; absent, the one that goes with the code."""

    def check(self, where: str) -> None:
        """Check that the body is sent. Raises InvalidInputError."""
        check_status_with_body(self.status, where)

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer as the token endpoint answers errors."""
        if self.phase == "after":
            await proceed()
        body = {"error": self.error}
        if description := self.description or _TEXTS.get(self.error):
            body["error_description"] = description
        if self.uri is not None:
            body["error_uri"] = self.uri
        status = self.status or _STATUSES.get(self.error, 400)
        challenge = f'Bearer realm="{errors.REALM}", ' + ", ".join(
            f'{name}="{_quoted(value)}"' for name, value in body.items()
        )
        headers = {"Cache-Control": "no-store", "WWW-Authenticate": challenge}
        return render_json(exchange.request, body, status=status, headers=headers)


def _quoted(text: str) -> str:
    """Leave out what can't stand in a header's quoted string."""
    return "".join(c for c in text if c.isprintable() and c.isascii() and c not in '"\\')
