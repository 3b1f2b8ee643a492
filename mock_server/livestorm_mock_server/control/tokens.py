"""`/_mock/authorize` and `/_mock/tokens`: codes and tokens without a browser or a wait."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import shortcuts
from ..token_families import Families, token_families
from .answers import Location, TokenPair
from .bodies import AuthorizeBody, TokenBody, TokensBody, read_body
from .context import base_url_of, sandbox_of, sandboxes_of
from .operation import operation


@operation("POST", "authorize", body=AuthorizeBody, answers=Location)
async def authorize(request: Request) -> Response:
    """Open an authorization URL at the fake and decide as a user would; gives the `location` to
    which the browser is sent.
    """
    body = await read_body(request, AuthorizeBody)
    location = await shortcuts.decide_as_user(
        sandbox_of(request),
        sandboxes_of(request).loopback,
        body.url,
        base_url_of(request),
        decision=body.decision,
        user=body.user,
        **body.parameters(),
    )
    return JSONResponse({"location": location})


@operation("GET", "tokens", answers=Families)
async def list_families(request: Request) -> Response:
    """List the families of tokens, the newest first: code, pairs, states, and the requests that
    used or ended each.
    """
    families = await token_families(sandbox_of(request))
    return Response(msgspec.json.encode(families), media_type="application/json")


@operation("POST", "tokens", body=TokensBody, answers=TokenPair)
async def issue_tokens(request: Request) -> Response:
    """Issue a pair without any flow; gives the success body of the token endpoint."""
    body = await read_body(request, TokensBody)
    return JSONResponse(
        await shortcuts.issue_tokens(
            sandbox_of(request),
            client_id=body.client_id,
            user=body.user,
            scope=body.scope,
            expires_in=body.expires_in,
        )
    )


@operation("POST", "tokens/expire", body=TokenBody, status=204)
async def expire_token(request: Request) -> Response:
    """End the lifetime of an access token."""
    body = await read_body(request, TokenBody)
    await shortcuts.expire_token(sandbox_of(request), body.token)
    return Response(status_code=204)


@operation("POST", "tokens/revoke", body=TokenBody, status=204)
async def revoke_token(request: Request) -> Response:
    """Revoke the pair of an access or refresh token."""
    body = await read_body(request, TokenBody)
    await shortcuts.revoke_token(sandbox_of(request), body.token)
    return Response(status_code=204)
