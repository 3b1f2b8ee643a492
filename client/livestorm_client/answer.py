"""What a server answered, and what can be read from it."""

import json
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from .errors import RateLimited, RetryLater
from .redaction import redact
from .retries import read_retry_after

LARGEST_BODY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP response; `body` is as received, and cut just after `LARGEST_BODY` bytes."""

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)

    @property
    def succeeded(self) -> bool:
        """Tell whether the status is 2xx."""
        return 200 <= self.status < 300


def body_matters(status: int) -> bool:
    """Tell whether the answer's meaning depends on its body.

    It does not for redirects, 429 and 5xx; a cut body must not hide their `Retry-After`.
    """
    return status < 300 or (400 <= status < 500 and status != 429)


def check_available(answer: Answer, now: float) -> None:
    """Raise RateLimited on a 429 and RetryLater on a 5xx, whatever the body is."""
    if answer.status != 429 and not 500 <= answer.status < 600:
        return
    error = RateLimited if answer.status == 429 else RetryLater
    raise error(
        f"the server answered {answer.status}",
        status=answer.status,
        retry_after=read_retry_after(answer.headers, now),
    )


def read_object(answer: Answer) -> dict[str, object] | None:
    """Read the body as a JSON object, None when it is anything else (RFC 8259).

    A byte order mark is skipped. Bytes that are not UTF-8 are replaced, so that one in an
    `error_description` does not hide the `error` beside it.
    """
    # Swallowed rather than chained: these exceptions hold the body, and so perhaps a token.
    with suppress(ValueError, RecursionError, zlib.error):
        text = decode_body(answer).decode("utf-8-sig", errors="replace")
        document = json.loads(text)
        return document if isinstance(document, dict) else None
    return None


def decode_body(answer: Answer) -> bytes:
    """Undo the content coding, of which only gzip is asked for (RFC 9110, section 8.4).

    Raises ValueError or zlib.error when it is another, a lie, cut, or above `LARGEST_BODY`.
    """
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding in ("gzip", "x-gzip"):
        body = inflate(answer.body)
    elif coding in ("", "identity"):
        body = answer.body
    else:
        raise ValueError("unknown content coding")
    if len(body) > LARGEST_BODY:
        raise ValueError("body too large")
    return body


def inflate(compressed: bytes) -> bytes:
    """Decompress gzip, never into more than `LARGEST_BODY` bytes and one."""
    inflater = zlib.decompressobj(wbits=31)
    body = inflater.decompress(compressed, LARGEST_BODY + 1)
    if not inflater.eof and len(body) <= LARGEST_BODY:
        raise ValueError("gzip stream is cut")
    return body


def read_detail(document: dict[str, object] | None, secrets: Iterable[str | None]) -> str:
    """Give ": " and the server's explanation, empty when it gave none.

    Understands `error_description` (RFC 6749, section 5.2) and JSON:API error objects.
    """
    texts = [(document or {}).get("error_description"), *read_error_objects(document)]
    detail = ", ".join(text for text in texts if isinstance(text, str))
    return f": {redact(detail, secrets)}" if detail else ""


def read_error_objects(document: dict[str, object] | None) -> list[object]:
    """List the titles and details of the `errors` of a JSON:API document."""
    errors = (document or {}).get("errors")
    objects = [e for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
    return [error.get(member) for error in objects for member in ("title", "detail")]
