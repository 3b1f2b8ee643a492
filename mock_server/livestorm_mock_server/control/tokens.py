"""`/_mock/authorize` and `/_mock/tokens`: codes and tokens without a browser or a wait."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .. import shortcuts
from .bodies import AuthorizeBody, TokenBody, TokensBody, read_body
from .context import sandbox_of


async def _authorize(request: Request) -> Response:
    body = await read_body(request, AuthorizeBody)
    location = await shortcuts.authorize(
        sandbox_of(request),
        body.url,
        decision=body.decision,
        user=body.user,
        **body.parameters(),
    )
    return JSONResponse({"location": location})


async def _issue_tokens(request: Request) -> Response:
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


async def _expire_token(request: Request) -> Response:
    body = await read_body(request, TokenBody)
    await shortcuts.expire_token(sandbox_of(request), body.token)
    return Response(status_code=204)


async def _revoke_token(request: Request) -> Response:
    body = await read_body(request, TokenBody)
    await shortcuts.revoke_token(sandbox_of(request), body.token)
    return Response(status_code=204)


ROUTES = (
    Route("/_mock/authorize", _authorize, methods=["POST"]),
    Route("/_mock/tokens", _issue_tokens, methods=["POST"]),
    Route("/_mock/tokens/expire", _expire_token, methods=["POST"]),
    Route("/_mock/tokens/revoke", _revoke_token, methods=["POST"]),
)
