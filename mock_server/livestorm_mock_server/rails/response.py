"""Answers as Rails and the Rack middleware around it frame them."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from math import isfinite

import msgspec
from msgspec.structs import replace

from ..delivery import Delivery, Silence
from ..patterns import compile_late
from .errors import BeyondLimits, NotAcceptable, RailsError
from .request import Request
from .text import escape_html

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
WITHOUT_BODY = (204, 304)
"""Statuses of answers that end with their head (RFC 9112, section 6.3)."""
REVALIDATE = "max-age=0, private, must-revalidate"

# What Rails sets on each answer of a controller.
DEFAULT_HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-XSS-Protection": "1; mode=block",
    "X-Content-Type-Options": "nosniff",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}

_ABSOLUTE = compile_late(r"\A(?:[a-z][a-z\d\-+.]*:|//)", re.IGNORECASE)

# The static pages of the recorded provider; Rails has none for 400, 405 and 406.
_STATIC_PAGES = {
    404: "not found",
    422: "change rejected",
    500: "server error",
}


class Response(msgspec.Struct, kw_only=True):
    """One answer before it is sent: status, headers in order, body bytes."""

    status: int = 200
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: bytes = b""
    fields: list[tuple[str, str]] = msgspec.field(default_factory=list)
    """Further header lines whose names may repeat, such as `Set-Cookie`."""
    delivery: Delivery | Silence | None = None
    """How it is brought to the client; None leaves that to the HTTP server."""

    def copy(self) -> "Response":
        """Give an answer of its own with the same content."""
        return replace(self, headers=dict(self.headers), fields=list(self.fields))

    def put(self, name: str, value: str) -> None:
        """Add a header in the place of one of its name in whatever case; cookies go beside."""
        if name.lower() == "set-cookie":
            self.fields.append((name, value))
            return
        kept = {one: kept for one, kept in self.headers.items() if one.lower() != name.lower()}
        self.headers = kept | {name: value}

    def header(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give the names and the values of all header lines, in order."""
        names, values = tuple(self.headers), tuple(self.headers.values())
        if self.fields:
            names += tuple([name for name, _ in self.fields])
            values += tuple([value for _, value in self.fields])
        return names, values

    def header_lines(self) -> list[tuple[str, str]]:
        """Give all header lines in order."""
        return [*self.headers.items(), *self.fields]


def render(
    request: Request,
    body: str,
    *,
    content_type: str,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a rendered body: `Vary`, `ETag` and `Cache-Control` as Rails sets them."""
    all_headers = {**DEFAULT_HEADERS, **(headers or {}), "Content-Type": content_type}
    if (vary := request.vary) is not None:
        all_headers["Vary"] = vary
    return _validated(request, Response(status=status, headers=all_headers, body=body.encode()))


def render_json(
    request: Request,
    value: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with compact JSON, key order kept, the five characters escaped that Rails escapes."""
    return render(request, dump_json(value), content_type=JSON, status=status, headers=headers)


def head(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with headers only: `text/html` without a charset, no body, as Rails' `head`."""
    all_headers = DEFAULT_HEADERS | dict(headers or {}) | {"Content-Type": "text/html"}
    all_headers.setdefault("Cache-Control", "no-cache")
    return Response(status=status, headers=all_headers)


def redirect(request: Request, location: str) -> Response:
    """Answer 302 with Rails' one-line page; a relative location is put behind the origin."""
    if not _ABSOLUTE.match(location):
        location = request.public_url + location
    location = re.sub("[\0\r\n]", "", location)
    body = (
        f'<html><body>You are being <a href="{escape_html(location)}">redirected</a>.</body></html>'
    )
    headers = {"Location": location, "Content-Type": HTML, "Cache-Control": "no-cache"}
    return Response(status=302, headers=DEFAULT_HEADERS | headers, body=body.encode())


def public_exception(request: Request, error: RailsError) -> Response:
    """Answer a failure of Rails itself: a static page, or `{"status", "error"}` where asked for."""
    if isinstance(error, BeyondLimits):
        return _LAST_RESORT.copy()
    reason = phrase_of(error.status)
    try:
        if request.body or request.media_type:
            _ = request.content_format
        asked = next(iter(request.formats), None)
    except BeyondLimits:
        return _LAST_RESORT.copy()
    except NotAcceptable:
        asked = None
    if asked == "json":
        body = dump_json({"status": error.status, "error": reason})
        return _page(error.status, "application/json", body)
    if asked == "xml":
        body = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<hash>\n'
            f'  <status type="integer">{error.status}</status>\n'
            f"  <error>{reason}</error>\n</hash>\n"
        )
        return _page(error.status, "application/xml", body)
    if asked == "yaml":
        body = f"---\n:status: {error.status}\n:error: {reason}\n"
        return _page(error.status, "application/x-yaml", body)
    return static_page(error.status)


def static_page(status: int) -> Response:
    """Answer with the page for a status, in HTML whatever was asked for."""
    text = _STATIC_PAGES.get(status)
    if text is None:
        return _page(status, "text/html", "")
    title = f"<title>{text} ({status})</title>"
    body = f"<!DOCTYPE html>\n<html><head>{title}</head><body><h1>{text}</h1></body></html>\n"
    return _page(status, "text/html", body)


# Those of Rack 2.2 that Python has otherwise, some of them only since 3.13.
# https://github.com/rack/rack/blob/2-2-stable/lib/rack/utils.rb
_PHRASES = {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Entity",
    451: "Unavailable for Legal Reasons",
}


def phrase_of(status: int) -> str:
    """Give the reason phrase of a status as Rack has it, empty for one that it does not know."""
    try:
        return _PHRASES.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return ""


def dump_json(value: object) -> str:
    """Serialise as Rails does: compact, UTF-8, with `<`, `>`, `&` and line separators escaped."""
    text = _dump_flat(value) if isinstance(value, dict) else None
    if text is None:
        text = _dump_any(value)
    is_plain = text.isascii() and "<" not in text and ">" not in text and "&" not in text
    return text if is_plain else text.translate(_JSON_ESCAPES)


def _dump_flat(value: dict[str, object]) -> str | None:
    """Serialise what holds nothing but texts and integers, in a tenth of the time.

    None leaves it to `_dump_any`: what is nested, floats, which msgspec writes otherwise, and what
    is no Unicode.
    """
    if not _FLAT.issuperset(map(type, value.values())):
        return None
    try:
        return _fast.encode(value).decode()
    except UnicodeEncodeError:
        return None


def _dump_any(value: object) -> str:
    try:
        return _encoder.encode(value)
    except ValueError:
        return _encoder.encode(finite(value))


def finite(value: object) -> object:
    """Put null in the place of each number that JSON can't hold, as Rails does."""
    if isinstance(value, dict):
        return {name: finite(one) for name, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not isfinite(value) else value


_fast = msgspec.json.Encoder()
_FLAT = frozenset({str, int, bool, type(None)})
# `json.dumps` would make one for each answer.
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_JSON_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


_LAST_RESORT = Response(
    status=500,
    headers={"Content-Type": "text/plain"},
    body=(
        b"500 Internal Server Error\n"
        b"If you are the administrator of this website, then please read this web application's "
        b"log file and/or the web server's log file to find out what went wrong."
    ),
)


def _page(status: int, media_type: str, body: str) -> Response:
    headers = {"Content-Type": f"{media_type}; charset=UTF-8"}
    return Response(status=status, headers=headers, body=body.encode())


def _etag(body: bytes) -> str:
    return (_known_etag if len(body) <= _SHORT else _read_etag)(body)


def _read_etag(body: bytes) -> str:
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


_known_etag = lru_cache(maxsize=64)(_read_etag)
_SHORT = 4096
"""Bytes of a body that is worth looking for among the last ones."""


def _validated(request: Request, response: Response) -> Response:
    """Add the validator and caching headers of Rack::ETag; answer 304 where it matches."""
    headers = response.headers
    if response.status in (200, 201) and response.body:
        given = headers.get("Cache-Control")
        if given is None or "no-cache" not in given:
            headers["ETag"] = _etag(response.body)
        if given is None:
            headers["Cache-Control"] = REVALIDATE
    else:
        headers.setdefault("Cache-Control", "no-cache")
    asked = request.header("if-none-match")
    matches = asked is not None and headers.get("ETag") == asked
    if matches and response.status == 200 and request.original_method in ("GET", "HEAD"):
        del headers["Content-Type"]
        return Response(status=304, headers=headers)
    return response
