"""A web application: /connect sends the browser to Livestorm, /callback connects the account.

Livestorm's hosts are constants, as in the application that is shipped. Against the fake:

    livestorm-mock run --auto-approve -- python connect.py     in this folder
    pytest                                                     the same, within one process
"""

import base64
import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import httpx
from fastapi import Cookie, FastAPI, HTTPException
from fastapi.responses import JSONResponse, RedirectResponse

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co/v1"
SECONDS = 10


@dataclass(frozen=True)
class Begun:
    """What a browser has begun: nobody else's callback finds it."""

    state: str
    verifier: str


@dataclass(frozen=True)
class Settings:
    """How Livestorm has registered the application."""

    client_id: str
    client_secret: str
    redirect_uri: str


def from_environment() -> Settings:
    """Read the settings."""
    return Settings(
        client_id=os.environ.get("LIVESTORM_CLIENT_ID", "example-client-id"),
        client_secret=os.environ.get("LIVESTORM_CLIENT_SECRET", "example-client-secret"),
        redirect_uri=os.environ.get("LIVESTORM_REDIRECT_URI", "http://localhost:8000/callback"),
    )


def make_app(settings: Settings) -> FastAPI:
    """Make the application."""
    app = FastAPI()
    begun: dict[str | None, Begun] = {}

    @app.get("/connect")
    async def connect() -> RedirectResponse:
        session = secrets.token_urlsafe(32)
        begun[session] = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        digest = hashlib.sha256(begun[session].verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": settings.client_id,
            "redirect_uri": settings.redirect_uri,
            "scope": "identity:read",
            "state": begun[session].state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        response = RedirectResponse(f"{APP}/oauth/authorize?{urlencode(query)}")
        response.set_cookie("session", session, httponly=True, samesite="lax")
        return response

    @app.get("/callback")
    async def callback(
        session: Annotated[str | None, Cookie()] = None,
        state: str | None = None,
        code: str | None = None,
        error: str | None = None,
    ) -> dict[str, str]:
        expected = begun.pop(session, None)
        if expected is None or state is None or not secrets.compare_digest(state, expected.state):
            raise HTTPException(400, "this browser has begun nothing of the kind")
        if code is None:
            raise HTTPException(403, error or "there is no code")
        return {"connected": await connected(settings, code, expected.verifier)}

    @app.exception_handler(httpx.HTTPError)
    async def report(request: object, error: Exception) -> JSONResponse:
        return JSONResponse({"error": f"Livestorm: {error}"}, status_code=502)

    return app


async def connected(settings: Settings, code: str, verifier: str) -> str:
    """Redeem a code, and give the e-mail address of who has connected. Raises httpx.HTTPError."""
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": settings.redirect_uri,
        "code_verifier": verifier,
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
    }
    async with httpx.AsyncClient(timeout=SECONDS) as livestorm:
        answer = await livestorm.post(f"{APP}/oauth/token", data=body)
        tokens: dict[str, Any] = answer.raise_for_status().json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        answer = await livestorm.get(f"{API}/me", headers=headers)
        return str(answer.raise_for_status().json()["data"]["attributes"]["email"])


app = make_app(from_environment())
