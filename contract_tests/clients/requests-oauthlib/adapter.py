"""requests-oauthlib's `OAuth2Session`, with its automatic refresh."""

import os
import sys
from pathlib import Path
from typing import Any

from livestorm_contract_tests.adapters.loop import serve
from oauthlib.oauth2 import OAuth2Error
from requests_oauthlib import OAuth2Session

sys.path.insert(0, str(Path(__file__).parents[1]))
from protocol import LibraryAdapter, Members, called, is_loopback

SECONDS = 8


class RequestsAdapter(LibraryAdapter):
    """A session for each operation, with the user's token."""

    package = "requests-oauthlib"
    ops = ("begin", "callback", "seed", "refresh", "call", "state")
    features = {"refresh": "auto", "pkce": True, "state": "library"}  # noqa: RUF012
    expected = (OAuth2Error, Warning)

    def command(self, message: Members) -> Members:
        """Answer a message; plain HTTP is allowed to this machine only."""
        target = "api_base" if message.get("op") == "call" else "token_url"
        os.environ.pop("OAUTHLIB_INSECURE_TRANSPORT", None)
        if is_loopback(self.config.get(target, "")):
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        return super().command(message)

    def session(self, user: dict[str, Any], state: str | None = None) -> OAuth2Session:
        """Make a session."""
        session = OAuth2Session(
            self.config["client_id"],
            token=user["token"] and dict(user["token"]),
            state=state,
            scope=self.config["scopes"],
            redirect_uri=self.config["redirect_uri"],
            pkce="S256",
            auto_refresh_url=self.config["token_url"],
            auto_refresh_kwargs=self.credentials(),
            token_updater=lambda token: user.update(token=dict(token)),
        )
        session.trust_env = False
        return session

    def credentials(self) -> dict[str, str]:
        """Give what a refresh has to send beside the refresh token."""
        return {name: self.config[name] for name in ("client_id", "client_secret")}

    def begin(self, user: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        """Start an authorization."""
        session = self.session({"token": None})
        url, state = session.authorization_url(self.config["authorize_url"])
        user["flow"] = {"state": state, "verifier": session._code_verifier}
        return {"authorize_url": url}

    def callback(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Exchange the code."""
        flow = self.begun(user)
        session = self.session({"token": None}, flow["state"])
        session._code_verifier = flow["verifier"]
        token = session.fetch_token(
            self.config["token_url"],
            authorization_response=message["url"],
            client_secret=self.config["client_secret"],
            include_client_id=True,
            timeout=SECONDS,
        )
        user["token"] = dict(token)

    def refresh(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Refresh."""
        token = self.session(user).refresh_token(
            self.config["token_url"], timeout=SECONDS, **self.credentials()
        )
        user["token"] = dict(token)

    def call(self, user: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
        """Call the API."""
        url = self.config["api_base"] + message["path"]
        method = message.get("method", "GET")
        answer = self.session(user).request(method, url, timeout=SECONDS)
        return called(answer, message["path"])


if __name__ == "__main__":
    serve(RequestsAdapter())
