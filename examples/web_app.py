"""A web application: a button that connects an account, the callback, and who it is.

Run it with `uvicorn --app-dir examples web_app:app --port 3000`, against `livestorm-mock serve`
by LIVESTORM_APP_URL=http://127.0.0.1:8787 and LIVESTORM_API_URL=http://127.0.0.1:8787/v1.
"""

import json
import os
import secrets
from html import escape
from pathlib import Path

from livestorm_client import (
    AsyncLivestormClient,
    AuthorizationRequest,
    FileStore,
    LivestormError,
    ReauthorizationRequired,
)
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

FOLDER = Path(os.environ.get("LIVESTORM_TOKENS", Path.home() / ".livestorm"))
BUTTON = '<form method="post" action="/connect"><button>Connect Livestorm</button></form>'

# What a browser has begun, by its session: nobody else's callback finds it.
pending: dict[str, AuthorizationRequest] = {}


def session_of(request: Request) -> str:
    """Give the browser's session, "" when it has none."""
    return request.cookies.get("session", "")


def client_of(session: str) -> AsyncLivestormClient:
    """Make the client of one session's account; the tokens are in a file of its own."""
    return AsyncLivestormClient(
        client_id=os.environ.get("LIVESTORM_CLIENT_ID", "example-client-id"),
        client_secret=os.environ.get("LIVESTORM_CLIENT_SECRET", "example-client-secret"),
        redirect_uri=os.environ.get("LIVESTORM_REDIRECT_URI", "http://127.0.0.1:3000/callback"),
        app_url=os.environ.get("LIVESTORM_APP_URL", "https://app.livestorm.co"),
        api_url=os.environ.get("LIVESTORM_API_URL", "https://api.livestorm.co/v1"),
        store=FileStore.of(FOLDER, session),
    )


async def home(request: Request) -> Response:
    """Offer to connect."""
    return HTMLResponse(f"<h1>Not connected</h1>{BUTTON}")


async def connect(request: Request) -> Response:
    """Begin an authorization in a new session, and send the browser to Livestorm."""
    session = secrets.token_urlsafe(32)
    pending[session] = client_of(session).authorization_request(["identity:read"])
    response = RedirectResponse(pending[session].url, status_code=303)
    response.set_cookie("session", session, httponly=True, samesite="lax")
    return response


async def callback(request: Request) -> Response:
    """Finish what this browser has begun."""
    session = session_of(request)
    begun = pending.pop(session, None)
    if begun is None:
        return RedirectResponse("/", status_code=303)
    await client_of(session).connect(begun, str(request.url))
    return RedirectResponse("/me", status_code=303)


async def me(request: Request) -> Response:
    """Show the connected user."""
    user = await client_of(session_of(request)).me()
    return HTMLResponse(f"<h1>Connected</h1><pre>{escape(json.dumps(user, indent=2))}</pre>")


async def report(request: Request, error: Exception) -> Response:
    """Say what went wrong, and offer to connect where that helps."""
    button = BUTTON if isinstance(error, ReauthorizationRequired) else ""
    return HTMLResponse(f"<h1>Sorry</h1><p>{escape(str(error))}</p>{button}", status_code=502)


FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
app = Starlette(
    routes=[
        Route("/", home),
        Route("/connect", connect, methods=["POST"]),
        Route("/callback", callback),
        Route("/me", me),
    ],
    exception_handlers={LivestormError: report},
)
