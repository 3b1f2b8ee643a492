"""The journal as an HTTP archive (HAR 1.2), which browsers and API tools import."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from importlib.metadata import version
from urllib.parse import parse_qsl

from ..rails.request import Request
from ..rails.response import phrase_of
from .entry import Entry, body_as_json
from .kept import KeptResponse

_UNKNOWN = -1
_OWN = ("seq", "endpoint", "fault", "reason", "at", "webhook")
_NOTHING = KeptResponse(0, (), (), b"", None)


def as_har(entries: Iterable[Entry]) -> dict[str, object]:
    """Give the archive as a JSON object; times are those of `VirtualClock.wall`.

    What HAR has no place for stands in members that begin with an underscore, as it allows:
    `_seq`, `_endpoint`, `_fault`, `_reason`, `_at`, the virtual time, and `_webhook` where the fake
    asked. Status 0 means that nothing was answered.
    """
    creator = {"name": "livestorm-mock", "version": version("livestorm-mock")}
    listed = [entry_as_har(entry) for entry in entries]
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": listed}}


def entry_as_har(entry: Entry) -> dict[str, object]:
    """Give the archive's entry of an exchange."""
    told = entry.as_json()
    took = max(0.0, (entry.answered_at or entry.wall) - entry.wall) * 1000
    return {
        "startedDateTime": datetime.fromtimestamp(entry.wall, UTC).isoformat(),
        "time": took,
        "request": _request(entry.exchange.request),
        "response": _response(entry.response or _NOTHING),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "connection": str(told["connection"] or ""),
        **{f"_{name}": told[name] for name in _OWN},
    }


def _request(request: Request) -> dict[str, object]:
    members: dict[str, object] = {
        "method": request.original_method,
        "url": request.base_url + request.target,
        "httpVersion": f"HTTP/{request.http_version}",
        "cookies": _cookies([request.header("cookie") or ""]),
        "headers": [{"name": name, "value": value} for name, value in request.headers],
        "queryString": _pairs(request.query.decode("latin-1")),
        "headersSize": _UNKNOWN,
        "bodySize": request.cut_from or len(request.body),
    }
    if request.body:
        media_type = request.header("content-type") or ""
        members["postData"] = {"mimeType": media_type, "text": body_as_json(request)["body"]}
    return members


def _response(response: KeptResponse) -> dict[str, object]:
    lines = response.header_lines()
    location = next((value for name, value in lines if name.lower() == "location"), "")
    return {
        "status": response.status,
        "statusText": phrase_of(response.status),
        "httpVersion": "HTTP/1.1",
        "cookies": _cookies(value for name, value in lines if name.lower() == "set-cookie"),
        "headers": [{"name": name, "value": value} for name, value in lines],
        "content": _content(response, lines),
        "redirectURL": location,
        "headersSize": _UNKNOWN,
        "bodySize": response.cut_from or len(response.body),
    }


def _content(response: KeptResponse, lines: Sequence[tuple[str, str]]) -> dict[str, object]:
    media_type = next((value for name, value in lines if name.lower() == "content-type"), "")
    size = response.cut_from or len(response.body)
    content: dict[str, object] = {"size": size, "mimeType": media_type}
    if response.cut_from is not None:
        content["comment"] = f"cut to {len(response.body)} bytes"
    body = body_as_json(response)
    if "body_base64" in body:
        return content | {"text": body["body_base64"], "encoding": "base64"}
    return content | {"text": body["body"]}


def _cookies(lines: Iterable[str]) -> list[dict[str, str]]:
    found: SimpleCookie = SimpleCookie()
    for line in lines:
        try:
            found.load(line)
        except CookieError:
            continue
    return [{"name": name, "value": morsel.value} for name, morsel in found.items()]


def _pairs(query: str) -> list[dict[str, str]]:
    pairs = parse_qsl(query, keep_blank_values=True, encoding="utf-8", errors="replace")
    return [{"name": name, "value": value} for name, value in pairs]
