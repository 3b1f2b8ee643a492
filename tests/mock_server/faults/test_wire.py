"""Each kind as it is on the wire: byte by byte, and as httpx takes it; then all is well again."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from ..requests import OF_REQUESTS, Requests
from ..wire import Wire

pytestmark = pytest.mark.livestorm(rate_limits=False, consent="approve")

PATIENCE = 0.1
"""Seconds after which the client has waited enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a socket saw: all bytes, and how it ended."""

    raw: bytes
    end: str
    """`fin`, `rst`, or `open` where nothing more came."""

    @property
    def head(self) -> str:
        """The status line and the header fields, in lower case."""
        return self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").lower()

    @property
    def body(self) -> bytes:
        """What comes after the head."""
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def status(self) -> int:
        """The status of the answer."""
        return int(self.head.split()[1])

    @property
    def length(self) -> int:
        """What `Content-Length` says."""
        return int(self.head.partition("content-length: ")[2].split()[0])

    def json(self) -> Any:
        """Parse the body."""
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A kind: how it is armed, what is on the wire, and what httpx makes of it."""

    wire: Callable[[Seen], bool]
    httpx: Callable[[httpx.Response], bool] | type[Exception]
    keys: dict[str, Any] = field(default_factory=dict)
    on: str = "api.me"
    patience: float = 15.0


def is_clean(seen: Seen) -> bool:
    """Tell whether it is a whole answer of `/v1/me`, and nothing else."""
    return (
        (seen.status, seen.end) == (200, "fin")
        and len(seen.body) == seen.length
        and seen.json()["data"]["type"] == "users"
    )


def is_me(response: httpx.Response) -> bool:
    """Tell whether httpx has the answer of `/v1/me`."""
    return response.status_code == 200 and response.json()["data"]["type"] == "users"


def has_status(status: int) -> Callable[[httpx.Response], bool]:
    """Expect a status."""
    return lambda response: response.status_code == status


def fails(parse: Callable[[], object]) -> bool:
    """Tell whether parsing fails."""
    try:
        parse()
    except (ValueError, EOFError):
        return True
    return False


def is_cut_json(response: httpx.Response) -> bool:
    """Tell whether httpx is content with a body that is not."""
    return response.status_code == 200 and fails(response.json)


REFRESH, AUTHORIZE = "token.refresh_token", "authorize"

CASES: dict[str, Case] = {
    "answer": Case(
        keys={"status": 418, "body": "tea"},
        wire=lambda seen: (seen.status, seen.body, seen.end) == (418, b"tea", "fin"),
        httpx=lambda response: response.text == "tea",
    ),
    "api_error": Case(
        keys={"status": 503},
        wire=lambda seen: seen.status == 503 and len(seen.json()["errors"]) == 1,
        httpx=lambda response: response.json()["errors"][0]["status"] == "service_unavailable",
    ),
    "barrier": Case(keys={"parties": 1}, wire=is_clean, httpx=is_me),
    "callback": Case(
        on=AUTHORIZE,
        keys={"variant": "wrong_state"},
        wire=lambda seen: "state=of-another-flow" in seen.head and "state=abc" not in seen.head,
        httpx=lambda response: "state=of-another-flow" in response.headers["location"],
    ),
    "close": Case(
        wire=lambda seen: (seen.raw, seen.end) == (b"", "fin"), httpx=httpx.RemoteProtocolError
    ),
    "close_delimited": Case(
        wire=lambda seen: (
            seen.head.startswith("http/1.0 200")
            and "content-length" not in seen.head
            and fails(seen.json)
        ),
        httpx=is_cut_json,
    ),
    "cut_chunked": Case(
        wire=lambda seen: (
            "transfer-encoding: chunked" in seen.head
            and not seen.raw.endswith(b"0\r\n\r\n")
            and seen.end == "fin"
        ),
        httpx=httpx.RemoteProtocolError,
    ),
    "cut_gzip": Case(
        wire=lambda seen: (
            len(seen.body) == seen.length and fails(lambda: gzip.decompress(seen.body))
        ),
        httpx=lambda response: response.status_code == 200,
    ),
    "delay": Case(
        keys={"seconds": 3},
        wire=lambda seen: (seen.raw, seen.end) == (b"", "open"),
        httpx=httpx.ReadTimeout,
        patience=PATIENCE,
    ),
    "drip": Case(
        keys={"size": 40, "seconds": 30},
        wire=lambda seen: (len(seen.raw), seen.end) == (40, "open"),
        httpx=httpx.ReadTimeout,
        patience=1.0,
    ),
    "endless_headers": Case(
        keys={"megabytes": 1},
        wire=lambda seen: len(seen.raw) > 500_000 and b"\r\n\r\n" not in seen.raw,
        httpx=httpx.RemoteProtocolError,
    ),
    "expired_token": Case(
        wire=lambda seen: seen.status == 401 and "the access token expired" in seen.head,
        httpx=has_status(401),
    ),
    "garbage": Case(
        wire=lambda seen: len(seen.body) == seen.length == 512 and fails(seen.json),
        httpx=is_cut_json,
    ),
    "gzip_lie": Case(
        wire=lambda seen: "content-encoding: gzip" in seen.head and bool(seen.json()["data"]),
        httpx=httpx.DecodingError,
    ),
    "hang": Case(
        wire=lambda seen: (seen.raw, seen.end) == (b"", "open"),
        httpx=httpx.ReadTimeout,
        patience=PATIENCE,
    ),
    "html_page": Case(
        keys={"status": 502},
        wire=lambda seen: seen.status == 502 and seen.body.startswith(b"<!DOCTYPE html>"),
        httpx=lambda response: response.headers["content-type"] == "text/html; charset=utf-8",
    ),
    "huge_body": Case(
        keys={"megabytes": 1},
        wire=lambda seen: len(seen.body) == seen.length >= 1_000_000,
        httpx=is_me,
    ),
    "insufficient_scope": Case(
        wire=lambda seen: (
            (seen.status, seen.body) == (403, b"") and 'error="insufficient_scope"' in seen.head
        ),
        httpx=has_status(403),
    ),
    "oauth_error": Case(
        on=REFRESH,
        keys={"error": "invalid_grant"},
        wire=lambda seen: seen.status == 400 and seen.json()["error"] == "invalid_grant",
        httpx=lambda response: response.json()["error"] == "invalid_grant",
    ),
    "rate_limited": Case(
        keys={"retry_after": 2},
        wire=lambda seen: seen.status == 429 and "\nretry-after: 2" in seen.head,
        httpx=lambda response: response.headers["Retry-After"] == "2",
    ),
    "redirect": Case(
        wire=lambda seen: seen.status == 307 and "\nlocation: http://127.0.0.1:" in seen.head,
        httpx=lambda response: response.has_redirect_location,
    ),
    "reset": Case(wire=lambda seen: (seen.raw, seen.end) == (b"", "rst"), httpx=httpx.ReadError),
    "reset_in_body": Case(
        wire=lambda seen: seen.end == "rst" and (not seen.raw or len(seen.body) < seen.length),
        httpx=httpx.ReadError,
    ),
    "revoked_grant": Case(
        wire=lambda seen: seen.status == 401 and "the access token was revoked" in seen.head,
        httpx=has_status(401),
    ),
    "sequence": Case(
        keys={"steps": [502, "ok"]}, wire=lambda seen: seen.status == 502, httpx=has_status(502)
    ),
    "short_body": Case(
        keys={"missing": 7},
        wire=lambda seen: len(seen.body) == seen.length - 7 and seen.end == "fin",
        httpx=httpx.RemoteProtocolError,
    ),
    "stale_keep_alive": Case(
        wire=lambda seen: is_clean(seen) and "connection: close" not in seen.head, httpx=is_me
    ),
    "token_body": Case(
        on=REFRESH,
        keys={"variant": "array"},
        wire=lambda seen: seen.status == 200 and isinstance(seen.json(), list),
        httpx=lambda response: isinstance(response.json(), list),
    ),
    "token_fields": Case(
        on=REFRESH,
        keys={"set": {"expires_in": "7200"}, "drop": ["refresh_token"]},
        wire=lambda seen: (
            seen.json()["expires_in"] == "7200" and "refresh_token" not in seen.json()
        ),
        httpx=lambda response: response.json()["expires_in"] == "7200",
    ),
    "token_lifetime": Case(
        on=REFRESH,
        keys={"expires_in": 5},
        wire=lambda seen: seen.json()["expires_in"] == 5,
        httpx=lambda response: response.json()["expires_in"] == 5,
    ),
    "truncated_json": Case(
        wire=lambda seen: len(seen.body) == seen.length and fails(seen.json), httpx=is_cut_json
    ),
    "workspace_blocked": Case(
        wire=lambda seen: seen.json()["errors"][0]["title"] == "Workspace blocked",
        httpx=has_status(403),
    ),
}


def look(url: str, request: bytes, patience: float = 15.0) -> Seen:
    """Send a request; give what comes until the end, or until nothing more comes."""
    raw = b""
    with Wire(url, timeout=patience) as wire:
        wire.send(request)
        try:
            while received := wire.receive():
                raw += received
        except ConnectionResetError:
            return Seen(raw=raw, end="rst")
        except TimeoutError:
            return Seen(raw=raw, end="open")
    return Seen(raw=raw, end="fin")


def with_httpx(url: str, request: bytes, patience: float) -> httpx.Response:
    """Send the same request with httpx. Raises what httpx raises."""
    head, _, body = request.partition(b"\r\n\r\n")
    line, *fields = head.decode().split("\r\n")
    method, target, _ = line.split()
    headers = dict(one.split(": ", 1) for one in fields if not one.startswith("Host"))
    with httpx.Client(trust_env=False, timeout=patience) as client:
        address = urlsplit(url)._replace(path="", query="").geturl() + target
        return client.request(method, address, headers=headers, content=body)


def test_every_kind_has_a_case() -> None:
    """Who adds a kind says what is on the wire."""
    assert sorted(CASES) == OF_REQUESTS


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_bytes_are_what_the_kind_says(
    livestorm: LivestormSandbox, requests: Requests, kind: str
) -> None:
    """A raw socket sees the kind, once; the next request is clean."""
    case = CASES[kind]
    livestorm.faults.arm(case.on, kind, times=1, **case.keys)
    request = requests.frame(case.on)
    if kind == "stale_keep_alive":
        request = request.replace(b"Connection: close\r\n", b"")
    seen = look(livestorm.app_url, request, case.patience)
    assert case.wire(seen), (seen.raw[:2000], seen.end)
    assert is_clean(look(livestorm.app_url, Requests(livestorm).frame("api.me")))


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_httpx_takes_the_kind_for_what_it_is(
    livestorm: LivestormSandbox, requests: Requests, kind: str
) -> None:
    """httpx has the answer, or fails, as the kind wants it; the next request is clean."""
    case = CASES[kind]
    armed = livestorm.faults.arm(case.on, kind, times=1, **case.keys)
    if isinstance(case.httpx, type):
        with pytest.raises(case.httpx):
            with_httpx(livestorm.app_url, requests.frame(case.on), case.patience)
    else:
        response = with_httpx(livestorm.app_url, requests.frame(case.on), case.patience)
        assert case.httpx(response), (response.status_code, response.headers, response.content)
    assert armed.hits == 1
    again = with_httpx(livestorm.app_url, Requests(livestorm).frame("api.me"), 15.0)
    assert is_me(again)


def test_hang_with_its_head_sends_no_body(livestorm: LivestormSandbox, requests: Requests) -> None:
    """The status and the length come at once, and nothing of what they promise."""
    livestorm.faults.arm("api.me", "hang", head=True)
    seen = look(livestorm.app_url, requests.frame("api.me"), PATIENCE)
    assert (seen.status, seen.body, seen.end) == (200, b"", "open")
    assert seen.length > 0
