"""httpx-oauth's `OAuth2`; calls, the callback's parameters and the store are its user's."""

import asyncio
import json
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from httpx_oauth.exceptions import HTTPXOAuthError
from httpx_oauth.oauth2 import OAuth2
from livestorm_contract_tests.adapters.loop import serve

sys.path.insert(0, str(Path(__file__).parents[1]))
from protocol import Failure, LeftToUser, LibraryAdapter, is_transport


class HttpxOAuthAdapter(LibraryAdapter):
    """A client for each operation."""

    package = "httpx-oauth"
    ops = ("begin", "callback", "seed", "refresh", "state")
    features = {"refresh": "explicit", "state": "adapter"}  # noqa: RUF012
    expected = (HTTPXOAuthError,)

    @property
    def client(self) -> OAuth2:
        """Make a client."""
        return OAuth2(
            self.config["client_id"],
            self.config["client_secret"],
            self.config["authorize_url"],
            self.config["token_url"],
            refresh_token_endpoint=self.config["token_url"],
            token_endpoint_auth_method="client_secret_post",
        )

    def begin(self, user: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        """Start an authorization."""
        state = user["flow"] = secrets.token_urlsafe(32)
        url = self.client.get_authorization_url(
            self.config["redirect_uri"], state=state, scope=self.config["scopes"]
        )
        return {"authorize_url": asyncio.run(url)}

    def callback(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Exchange the code of a callback that is as it should be."""
        answer = parse_qs(urlsplit(message["url"]).query, keep_blank_values=True)
        code = answer.get("code", [])
        if answer.get("state") != [user.pop("flow", None)] or len(code) != 1 or "error" in answer:
            raise LeftToUser("reading the callback")
        token = self.client.get_access_token(code[0], self.config["redirect_uri"])
        user["token"] = dict(asyncio.run(token))

    def refresh(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Refresh; a refresh token is kept where none comes."""
        held = (user["token"] or {}).get("refresh_token")
        if held is None:
            raise Failure("reauth_required")
        token = asyncio.run(self.client.refresh_token(held))
        user["token"] = {"refresh_token": held, **token}

    def code_of(self, error: Exception) -> object:
        """Read the code from the response that the exception has."""
        response: httpx.Response | None = getattr(error, "response", None)
        try:
            told = None if response is None else response.json()
        except json.JSONDecodeError:
            return None
        return told.get("error") if isinstance(told, dict) else None

    def kind_of(self, error: Exception, code: object, status: object, known: bool) -> str:
        """Give the kind; what went wrong with the connection is the exception's cause."""
        cause = error.__cause__
        lost = status is None and isinstance(cause, Exception) and is_transport(cause)
        return "transport_error" if lost else super().kind_of(error, code, status, known)


if __name__ == "__main__":
    serve(HttpxOAuthAdapter())
