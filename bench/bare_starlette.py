"""Starlette on uvicorn that answers with a constant: what the stack costs without the fake."""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_ANSWER = {
    "access_token": "a" * 43,
    "token_type": "Bearer",
    "expires_in": 7200,
    "refresh_token": "b" * 43,
    "scope": "events:read",
    "created_at": 1_700_000_000,
}


async def _answer(request: Request) -> JSONResponse:
    return JSONResponse(_ANSWER)


app = Starlette(routes=[Route("/oauth/token", _answer, methods=["POST"])])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)
