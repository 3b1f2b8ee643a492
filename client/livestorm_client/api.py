"""The API, called with an access token (RFC 6750)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from json import dumps
from typing import TypeAlias

import httpx

from .answer import Answer
from .errors import RateLimited, SecurityError
from .pacing import Budget
from .sending import HEADERS, REPEATABLE, Sender
from .tokens import Tokens

Query: TypeAlias = Mapping[str, str] | None

JSON_API = "application/vnd.api+json"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class API:
    """Where access tokens are used; a call is sent at most `max_retries` times more."""

    url: str
    max_retries: int
    sender: Sender

    def url_of(self, path: str, params: Query) -> httpx.URL:
        """Append a path to the API's address; SecurityError for anything that is no path."""
        if path.startswith("/"):
            with suppress(httpx.InvalidURL, UnicodeError):
                url = httpx.URL(self.url + path)
                return url.copy_merge_params(params) if params else url
        raise SecurityError("a path below the API begins with a slash, and is no URL")

    async def call(
        self, method: str, url: httpx.URL, json: object, tokens: Tokens, budget: Budget
    ) -> Answer:
        """Call the API once, or more often if it cannot be reached."""
        request = httpx.Request(
            method,
            url,
            headers={**HEADERS, "Accept": JSON_API, "Content-Type": JSON_API},
            content=None if json is None else dumps(json).encode(),
        )
        request.headers["Authorization"] = f"Bearer {tokens.access_token}"
        # What may have had its effect is not sent again (RFC 9110, section 9.2.2).
        after = REPEATABLE if method == "GET" else (RateLimited,)
        secrets = (tokens.access_token, tokens.refresh_token)
        return await self.sender.send(request, secrets, budget, self.max_retries, after)
