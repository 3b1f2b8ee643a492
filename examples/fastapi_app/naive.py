"""A web application as a guide to "OAuth 2 with FastAPI and httpx" would write it.

It works: the user connects, and /me answers. What `livestorm-mock check` says of it, and what
`app.py` does instead, is on a page of the documentation: docs/examples-under-check.md.
"""

import os
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse
from starlette.datastructures import QueryParams

APP = "https://app.livestorm.co"
API = "https://api.livestorm.co"


@dataclass(frozen=True)
class Settings:
    """How Livestorm has registered the application, and where it is."""

    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: tuple[str, ...] = ("identity:read",)
    authorize_url: str = f"{APP}/oauth/authorize"
    token_url: str = f"{APP}/oauth/token"
    api_url: str = f"{API}/v1"


@dataclass
class User:
    """What is known of one browser's session."""

    token: dict[str, Any] = field(default_factory=dict)


class Livestorm:
    """The connections of all users."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.users: dict[str, User] = {}

    def connect(self, user: User) -> str:
        """Give the URL that the browser is sent to."""
        return (
            f"{self.settings.authorize_url}?response_type=code"
            f"&client_id={self.settings.client_id}"
            f"&redirect_uri={self.settings.redirect_uri}"
            f"&scope={' '.join(self.settings.scopes)}"
        )

    async def callback(self, user: User, query: QueryParams) -> None:
        """Connect the user whose browser came back with this."""
        form = {"grant_type": "authorization_code", "code": query["code"]}
        form |= {"redirect_uri": self.settings.redirect_uri}
        user.token = await self.get_token(form)

    async def refresh(self, user: User) -> None:
        """Refresh the user's token now."""
        form = {"grant_type": "refresh_token", "refresh_token": user.token["refresh_token"]}
        user.token = await self.get_token(form)

    async def call(self, user: User, method: str, path: str, body: object = None) -> Any:
        """Call the API; give the document."""
        if time.time() > user.token["expires_at"]:
            await self.refresh(user)
        headers = {"Authorization": f"Bearer {user.token['access_token']}"}
        async with httpx.AsyncClient() as http:
            url = self.settings.api_url + path
            answer = await http.request(method, url, headers=headers, json=body)
        answer.raise_for_status()
        return answer.json()

    async def get_token(self, form: dict[str, str]) -> dict[str, Any]:
        """Ask for a token; give it as it is stored."""
        known = {
            "client_id": self.settings.client_id,
            "client_secret": self.settings.client_secret,
        }
        async with httpx.AsyncClient() as http:
            answer = await http.post(self.settings.token_url, data={**form, **known})
        answer.raise_for_status()
        token = answer.json()
        return {**token, "expires_at": time.time() + token["expires_in"]}


def make_app(settings: Settings) -> FastAPI:
    """Make the application."""
    livestorm = Livestorm(settings)
    app = FastAPI()
    app.state.livestorm = livestorm

    @app.get("/connect")
    async def connect(request: Request) -> RedirectResponse:
        session = request.cookies.get("session") or str(uuid.uuid4())
        user = livestorm.users.setdefault(session, User())
        response = RedirectResponse(livestorm.connect(user))
        response.set_cookie("session", session)
        return response

    @app.get("/callback")
    async def callback(request: Request) -> RedirectResponse:
        await livestorm.callback(user_of(request), request.query_params)
        return RedirectResponse("/me", status_code=303)

    @app.get("/me")
    async def me(request: Request) -> dict[str, str]:
        document = await livestorm.call(user_of(request), "GET", "/me")
        return {"connected": document["data"]["attributes"]["email"]}

    def user_of(request: Request) -> User:
        return livestorm.users[request.cookies["session"]]

    return app


def from_environment() -> Settings:
    """Read the settings."""
    return Settings(
        client_id=os.environ.get("LIVESTORM_CLIENT_ID", "example-client-id"),
        client_secret=os.environ.get("LIVESTORM_CLIENT_SECRET", "example-client-secret"),
        redirect_uri=os.environ.get("LIVESTORM_REDIRECT_URI", "http://localhost:8000/callback"),
    )


app = make_app(from_environment())
