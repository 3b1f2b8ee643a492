"""What the parts of the client hand to each other."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

from livestorm_contract_tests.driving.kinds import Kind

Message = dict[str, Any]

CONFIG_CODES = {
    "invalid_client",
    "invalid_request",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "invalid_redirect_uri",
    "invalid_code_challenge_method",
}
BUSY_CODES = {"server_error", "temporarily_unavailable"}


class Failure(Exception):
    """An outcome other than ok; its text holds no secret."""

    def __init__(
        self,
        kind: Kind,
        told: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        not_before: float | None = None,
    ) -> None:
        super().__init__(told or kind)
        self.kind, self.code, self.status, self.not_before = kind, code, status, not_before
        self.at_api = True
        """Whether the status is one of the API."""
        self.was_slow = False
        """Whether a time-out ended it, after which nobody wants to wait once more."""


@dataclass
class Answer:
    """An HTTP answer, read to its end."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:
        """Parse the body; None where it is no JSON."""
        with suppress(ValueError, RecursionError):
            return json.loads(self.body.decode("utf-8-sig", "replace"))
        return None


@dataclass
class Pending:
    """An authorization that was begun."""

    state: str
    verifier: str
    redirect_uri: str
    begun_at: float


@dataclass
class User:
    """What is known of one user."""

    path: Path
    pending: Pending | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)
    not_before: float = 0.0
    """No API request before this moment of the client's time."""
    no_refresh_before: float = 0.0
    """No refresh before this one."""
