"""The token endpoint (RFC 6749, section 3.2)."""

from dataclasses import dataclass
from urllib.parse import urlencode

import httpx

from .answer import read_tokens
from .pacing import Budget
from .sending import HEADERS, Sender
from .tokens import Tokens

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TokenEndpoint:
    """Where an application gets tokens; `client_secret` is None for a public one."""

    url: str
    client_id: str
    client_secret: str | None
    sender: Sender

    async def request_tokens(
        self,
        grant_type: str,
        form: dict[str, str],
        budget: Budget,
        old: Tokens | None = None,
        repeats: int = 0,
    ) -> Tokens:
        """Ask for tokens with a grant, in the place of `old` ones; the store's lock is held.

        Raises what `read_tokens` raises, and RetryLater or TransportError without an answer.
        """
        sent = {"grant_type": grant_type, **form, "client_id": self.client_id}
        if self.client_secret is not None:
            sent["client_secret"] = self.client_secret
        request = httpx.Request(
            "POST",
            self.url,
            headers={**HEADERS, "Accept": "application/json", "Content-Type": FORM},
            content=urlencode(sent).encode("ascii"),
        )
        secrets = (old.access_token if old else None, *form.values())
        return read_tokens(await self.sender.send(request, secrets, budget, repeats), old)
