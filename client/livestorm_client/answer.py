"""What a server answered, and what it means."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import quote_plus

import httpx

from .challenges import read_error
from .errors import (
    ConfigurationError,
    LivestormError,
    ProtocolError,
    RateLimited,
    ReauthorizationRequired,
    RetryLater,
)
from .pacing import read_retry_after
from .tokens import Secret, Tokens

LARGEST_BODY, LONGEST_TEXT, LONGEST_LIFETIME = 1_000_000, 200, 1e15

# The codes of RFC 6749, sections 4.1.2.1 and 5.2, and those that Doorkeeper adds.
CONFIGURATION_CODES = """invalid_client invalid_code_challenge_method invalid_redirect_uri
    invalid_request invalid_scope unauthorized_client unsupported_grant_type
    unsupported_response_mode unsupported_response_type""".split()
ERRORS_BY_CODE: dict[str | None, type[LivestormError]] = {
    "server_error": RetryLater,
    "temporarily_unavailable": RetryLater,
    **dict.fromkeys(CONFIGURATION_CODES, ConfigurationError),
}

# A fresh access token that is refused asks for a human: the grant is gone at the API. One page of
# Livestorm's documentation has it that a scope is missing; the challenge tells. 402 is a used up
# allowance.
ERRORS_BY_STATUS: dict[int, type[LivestormError]] = {
    401: ReauthorizationRequired,
    402: ConfigurationError,
    403: ConfigurationError,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP response to a request that was sent at `sent_at`, in Unix seconds.

    `secrets` are what the request carried. `document` is the API's, once it was read.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)
    sent_at: float = 0.0
    secrets: tuple[str | None, ...] = field(default=(), repr=False)
    document: dict[str, object] = field(default_factory=dict, repr=False)

    @property
    def code(self) -> str | None:
        """The OAuth error code in the body (RFC 6749, section 5.2)."""
        return read_code((self.read_object() or {}).get("error"), self.secrets)

    @property
    def challenge(self) -> str | None:
        """The error code in `WWW-Authenticate` (RFC 6750, section 3.1)."""
        return read_code(read_error(self.headers.get("www-authenticate", "")), self.secrets)

    @property
    def misses_scope(self) -> bool:
        """Whether it is a 401 that says that the scope is at fault, not the token."""
        return self.status == 401 and self.challenge == "insufficient_scope"

    def read_object(self) -> dict[str, object] | None:
        """Read the body as a JSON object, None when it is anything else (RFC 8259).

        A byte order mark is skipped. Bytes that are not UTF-8 are replaced, so that one in an
        `error_description` does not hide the `error` beside it.
        """
        plain = self.headers.get("content-encoding", "identity").lower() == "identity"
        # Swallowed rather than chained: these exceptions hold the body, and so perhaps a token.
        with suppress(ValueError, RecursionError):
            document = json.loads(self.body.decode("utf-8-sig", errors="replace"))
            if plain and len(self.body) <= LARGEST_BODY and isinstance(document, dict):
                return document
        return None

    def fail(self, error: type[LivestormError], message: str, code: str | None) -> LivestormError:
        """Make the error that the answer means, with what the server explains."""
        detail = read_detail(self.read_object() or {}, self.secrets)
        return error(f"{message}{detail}", self.status, code)

    def check_available(self, now: float) -> None:
        """Raise RateLimited on a 429, RetryLater on a 5xx and on a 4xx that says to try again."""
        busy = self.status // 100 == 4 and ERRORS_BY_CODE.get(self.code) is RetryLater
        if busy or self.status == 429 or self.status // 100 == 5:
            error = RateLimited if self.status == 429 else RetryLater
            retry_after = read_retry_after(self.headers, now)
            raise error(f"the server answered {self.status}", self.status, self.code, retry_after)


def read_tokens(answer: Answer, previous: Tokens | None = None) -> Tokens:
    """Read an access token response, or raise what the answer means (RFC 6749, section 5).

    Expiry is counted from the moment of the request. What the answer leaves out is taken from
    `previous` (section 6). Error codes count in a 4xx only, and `invalid_grant` in 400 and 401
    only, so that no gateway's page ends a connection. A 2xx is never quoted.
    """
    members = answer.read_object()
    if answer.status // 100 != 2 or members is None or "error" in members:
        code, message = answer.code, f"the token endpoint answered {answer.status}"
        if answer.status // 100 != 4:
            raise ProtocolError(f"{message} without a token", answer.status, code)
        error = ERRORS_BY_CODE.get(code, ProtocolError)
        if code == "invalid_grant" and answer.status in (400, 401):
            error = ReauthorizationRequired
        raise answer.fail(error, f"{message} {code or 'without a token'}", code)
    # Masked, so that no traceback with local variables shows a token.
    members = {name: Secret(v) if isinstance(v, str) else v for name, v in members.items()}
    access_token = read_token(members.get("access_token"))
    if access_token is None or str(members.get("token_type")).lower() != "bearer":
        raise ProtocolError("the token endpoint answered no Bearer access_token", answer.status)
    lifetime, scope = read_lifetime(members.get("expires_in")), members.get("scope")
    return Tokens(
        access_token=access_token,
        refresh_token=read_token(members.get("refresh_token"))
        or (previous.refresh_token if previous else None),
        expires_at=None if lifetime is None else answer.sent_at + lifetime,
        scope=(tuple(scope.split()) if isinstance(scope, str) else ())
        or (previous.scope if previous else None),
        lifetime=lifetime,
    )


def read_token(value: object) -> str | None:
    """Give a token that can be sent again, None for anything else (RFC 6749, appendix A.12)."""
    sendable = isinstance(value, str) and re.fullmatch(r"[!-~]([ -~]*[!-~])?", value)
    return Secret(value) if sendable else None


def read_lifetime(value: object) -> float | None:
    """Read `expires_in` as seconds, 0 when it is negative, None when it is no plain number.

    Numbers in strings are accepted: servers send them.
    """
    number = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value))
    return min(max(float(number[0]), 0.0), LONGEST_LIFETIME) if number else None


def read_document(answer: Answer, *, may_be_empty: bool) -> dict[str, object]:
    """Read the JSON:API document of a 2xx, {} for a body that may be empty and is.

    Raises ReauthorizationRequired on 401, ConfigurationError on 402, 403 and a missing scope,
    ProtocolError on any other status and on a body that is no document with `data` (JSON:API,
    section 7.1).
    """
    if answer.status // 100 != 2:
        code, message = answer.challenge, f"the API answered {answer.status}"
        error = ERRORS_BY_STATUS.get(403 if answer.misses_scope else answer.status, ProtocolError)
        raise answer.fail(error, message, code)
    if not answer.body and (may_be_empty or answer.status == 204):
        return {}
    document = answer.read_object()
    if document is None or "data" not in document or "errors" in document:
        raise ProtocolError("the API answered no JSON:API document", answer.status)
    return document


def read_code(error: object, secrets: Iterable[str | None]) -> str | None:
    """Give an OAuth error code, None when it has other characters than RFC 6749 allows.

    One that is not known may be anything the server was sent, so it is redacted.
    """
    if not isinstance(error, str) or not re.fullmatch(r"[\x20\x21\x23-\x5b\x5d-\x7e]+", error):
        return None
    known = error in ERRORS_BY_CODE or error in ("access_denied", "invalid_grant")
    return error if known else redact(error, secrets)


def read_detail(members: Mapping[str, object], secrets: Iterable[str | None]) -> str:
    """Give ": " and the server's explanation, empty when it gave none.

    Understands `error_description` (RFC 6749, section 5.2) and JSON:API error objects.
    """
    errors = members.get("errors")
    objects = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    texts = [one.get(name) for one in objects for name in ("title", "detail")]
    shown = [text for text in [members.get("error_description"), *texts] if isinstance(text, str)]
    return f": {redact(', '.join(shown), secrets)}" if shown else ""


def redact(text: str, secrets: Iterable[str | None]) -> str:
    """Give at most 200 printable characters of a server's text, no tags, every secret masked."""
    text = "".join(c for c in text if c.isprintable() and c not in "<>")
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(quote_plus(secret, errors="replace"), "***")
    return text[:LONGEST_TEXT]
