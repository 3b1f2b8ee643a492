"""`/_pages/callback`: where the browser ends whose client has no callback of its own."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from ..exchange import Exchange
from ..printable import printable
from ..rails.request import Request
from ..rails.response import Response
from ..store.records import AccessGrant
from .links import Variable, curl
from .page import render
from .surroundings import Surroundings

MOST = 50
"""Parameters that are shown."""
LONGEST = 2_000
"""Characters that are shown of one."""
MOST_OF_BODY = 64 * 1024
"""Bytes that are read of a form."""
_SECRET_ELSEWHERE = Variable("LIVESTORM_CLIENT_SECRET")


async def show(exchange: Exchange, surroundings: Surroundings) -> Response:
    """Show what the provider sent back, and the command that goes on with it."""
    parameters = _read(exchange.request)
    code = dict(parameters).get("code")
    grant = None if code is None else await exchange.store.find_code(code)
    return render(
        "callback.html",
        surroundings=surroundings,
        parameters=[(_cut(name), _cut(value)) for name, value in parameters],
        has_code=code is not None,
        grant=grant,
        is_expired=grant is not None and grant.is_expired(exchange.now),
        command=None if grant is None else _exchange_command(grant, surroundings),
    )


def _read(request: Request) -> Sequence[tuple[str, str]]:
    """Read what came in the query, or in a form, as it is: nothing is refused here."""
    sent = request.query or request.body[:MOST_OF_BODY]
    pairs = parse_qsl(sent.decode("latin-1"), keep_blank_values=True, errors="replace")
    return pairs[:MOST]


def _cut(text: str) -> str:
    text = printable(text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _exchange_command(grant: AccessGrant, surroundings: Surroundings) -> str:
    """Give the token request for a code (RFC 6749, section 4.1.3)."""
    client = grant.application
    fields = [
        ("grant_type", "authorization_code"),
        ("client_id", client.client_id),
        ("code", grant.code),
        ("redirect_uri", grant.redirect_uri),
    ]
    if client.confidential:
        secret = client.client_secret if surroundings.may_control else _SECRET_ELSEWHERE
        fields.insert(2, ("client_secret", secret))
    if grant.code_challenge:
        fields.append(("code_verifier", Variable("CODE_VERIFIER")))
    return curl(f"{surroundings.app_url}/oauth/token", fields)
