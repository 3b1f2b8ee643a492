"""`/_mock/authorize` and `/_mock/tokens`: codes and tokens without a browser or a wait."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from .. import shortcuts
from .bodies import AuthorizeBody, TokenBody, TokensBody, read_body
from .context import sandbox_of
from .operation import Operation


async def _authorize(request: Request) -> Response:
    body = await read_body(request, AuthorizeBody)
    location = await shortcuts.decide_as_user(
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


OPERATIONS = (
    Operation(
        method="POST",
        path="authorize",
        summary="Decide as a user would, without a browser; gives the `location` of the callback.",
        answer=_authorize,
        body=AuthorizeBody,
    ),
    Operation(
        method="POST",
        path="tokens",
        summary="Issue a pair without any flow; gives the success body of the token endpoint.",
        answer=_issue_tokens,
        body=TokensBody,
    ),
    Operation(
        method="POST",
        path="tokens/expire",
        summary="End the lifetime of an access token.",
        answer=_expire_token,
        body=TokenBody,
        status=204,
    ),
    Operation(
        method="POST",
        path="tokens/revoke",
        summary="Revoke the pair of an access or refresh token.",
        answer=_revoke_token,
        body=TokenBody,
        status=204,
    ),
)
