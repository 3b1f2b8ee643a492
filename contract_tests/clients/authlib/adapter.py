"""Authlib's `OAuth2Client` for httpx, which refreshes by itself ahead of expiry."""

import sys
from pathlib import Path
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.httpx_client import OAuth2Client
from livestorm_contract_tests.adapters.loop import serve

sys.path.insert(0, str(Path(__file__).parents[1]))
from protocol import LibraryAdapter, called


class AuthlibAdapter(LibraryAdapter):
    """A session for each operation, with the user's token."""

    package = "authlib"
    ops = ("begin", "callback", "seed", "refresh", "call", "state")
    features = {"refresh": "auto", "pkce": True, "state": "library"}  # noqa: RUF012
    expected = (AuthlibBaseError,)

    def session(self, user: dict[str, Any], state: str | None = None) -> OAuth2Client:
        """Make a session."""
        return OAuth2Client(
            self.config["client_id"],
            self.config["client_secret"],
            token_endpoint_auth_method="client_secret_post",
            scope=" ".join(self.config["scopes"]),
            redirect_uri=self.config["redirect_uri"],
            token_endpoint=self.config["token_url"],
            code_challenge_method="S256",
            token=user["token"] and dict(user["token"]),
            state=state,
            update_token=lambda token, **_: user.update(token=dict(token)),
            timeout=8,
            trust_env=False,
        )

    def begin(self, user: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        """Start an authorization."""
        verifier = generate_token(48)
        url, state = self.session(user).create_authorization_url(
            self.config["authorize_url"], code_verifier=verifier
        )
        user["flow"] = {"state": state, "verifier": verifier}
        return {"authorize_url": url}

    def callback(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Exchange the code."""
        flow = self.begun(user)
        session = self.session({"token": None}, flow["state"])
        token = session.fetch_token(
            authorization_response=message["url"], code_verifier=flow["verifier"]
        )
        user["token"] = dict(token)

    def refresh(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Refresh."""
        user["token"] = dict(self.session(user).refresh_token(self.config["token_url"]))

    def call(self, user: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        """Call the API."""
        url = self.config["api_base"] + message["path"]
        answer = self.session(user).request(message.get("method", "GET"), url)
        return called(answer, message["path"])


if __name__ == "__main__":
    serve(AuthlibAdapter())
