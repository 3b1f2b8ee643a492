"""httpx-oauth's `OAuth2`: it has no call layer, and leaves `state` to its user."""

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from httpx_oauth.exceptions import HTTPXOAuthError
from httpx_oauth.oauth2 import OAuth2
from livestorm_contract_tests.adapters.loop import serve

sys.path.insert(0, str(Path(__file__).parents[1]))
from protocol import KINDS, Failure, LibraryAdapter


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
        user["state"] = secrets.token_urlsafe(32)
        url = self.client.get_authorization_url(
            self.config["redirect_uri"], state=user["state"], scope=self.config["scopes"]
        )
        return {"authorize_url": asyncio.run(url)}

    def callback(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Check what the library leaves to its user, and exchange the code."""
        answer = parse_qs(urlsplit(message["url"]).query)
        if answer.get("state") != [user.pop("state", None)]:
            raise Failure("security_error")
        if "code" not in answer or "error" in answer:
            raise Failure(KINDS.get(answer.get("error", [""])[0], "protocol_error"))
        token = self.client.get_access_token(answer["code"][0], self.config["redirect_uri"])
        user["token"] = dict(asyncio.run(token))

    def refresh(self, user: dict[str, Any], message: dict[str, Any]) -> None:
        """Refresh; what the answer leaves out is up to the library."""
        held = (user["token"] or {}).get("refresh_token")
        if held is None:
            raise Failure("reauth_required")
        user["token"] = dict(asyncio.run(self.client.refresh_token(held)))


if __name__ == "__main__":
    serve(HttpxOAuthAdapter())
