"""A browser that a short cut opens at the fake: real requests, without a socket and a window."""

from collections.abc import Mapping
from html.parser import HTMLParser
from http.client import HTTPException, HTTPMessage, HTTPResponse
from io import BytesIO
from urllib.parse import quote, urlencode, urljoin, urlsplit

import msgspec

from .connection import Connection
from .exchange import Visitor
from .loopback import Loopback

_REDIRECTIONS = (301, 302, 303, 307, 308)
_FORM = "application/x-www-form-urlencoded"
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# What browsers send as it is; all else of a URL they encode.
# https://url.spec.whatwg.org/#query-percent-encode-set
_LEFT_AS_IT_IS = "!$%&()*+,/:;=?@[\\]^`{|}~"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What came for a URL; `status` is None where no HTTP answer did."""

    url: str
    connection: Connection
    status: int | None
    headers: HTTPMessage
    body: bytes

    @property
    def location(self) -> str | None:
        """Where the browser is sent; None where it stays."""
        value = self.headers.get("location")
        if value is None or self.status not in _REDIRECTIONS:
            return None
        return value.encode("latin-1").decode("utf-8", "replace")

    def forms(self) -> list["Form"]:
        """Give the forms of the page."""
        reader = _FormReader()
        reader.feed(self.body.decode("utf-8", "replace"))
        return reader.forms


class Form(msgspec.Struct, frozen=True):
    """A form that is posted: where to, and the values of its inputs."""

    action: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class Browser:
    """A new browser of a visitor, with no cookies yet.

    It connects to one port of the server, at a door to a sandbox where `bound_to` names one.
    """

    def __init__(
        self,
        loopback: Loopback,
        visitor: Visitor,
        *,
        port: int | None,
        bound_to: str | None = None,
    ) -> None:
        self._loopback = loopback
        self._port, self._bound_to = port, bound_to
        self._visitor = visitor
        self._cookies: dict[str, str] = {}

    async def open(self, url: str) -> Page:
        """Open a URL; redirections are not followed."""
        return await self._send("GET", url, {})

    async def submit(self, page: Page, form: Form) -> Page:
        """Send a form of a page."""
        origin = f"{urlsplit(page.url).scheme}://{_host_of(page.url)}"
        headers = {"Origin": origin, "Content-Type": _FORM}
        body = urlencode(form.fields).encode()
        return await self._send("POST", urljoin(page.url, form.action), headers, body)

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Page:
        fields = {"Host": _host_of(url), "Accept": _ACCEPT, **headers, "Connection": "close"}
        if self._cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if method == "POST":
            fields["Content-Length"] = str(len(body))
        lines = [f"{method} {_target(url)} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items())]
        request = "\r\n".join([*lines, "", ""]).encode() + body
        connection, answer = await self._loopback.send(
            request,
            port=self._port,
            is_secure=urlsplit(url).scheme == "https",
            visitor=self._visitor,
            bound_to=self._bound_to,
        )
        page = _read_page(url, connection, answer)
        for line in page.headers.get_all("set-cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name.strip()] = value.strip()
        return page


class _FormReader(HTMLParser):
    """Collects the forms of a page with their inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or an input of the last one."""
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(attributes.get("action", "")))
        elif tag == "input" and self.forms and "name" in attributes:
            self.forms[-1].fields[attributes["name"]] = attributes.get("value", "")


class _Received:
    """What came, in the place of a socket."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def makefile(self, mode: str) -> BytesIO:
        """Give it as a file."""
        del mode
        return BytesIO(self._answer)


def _read_page(url: str, connection: Connection, answer: bytes) -> Page:
    response = HTTPResponse(_Received(answer))  # type: ignore[arg-type]  # no socket
    status, headers, body = None, HTTPMessage(), b""
    try:
        response.begin()
        status, headers = response.status, response.headers
        body = response.read()
    except (HTTPException, ValueError):
        pass  # Of an answer that breaks off, its head counts.
    return Page(url=url, connection=connection, status=status, headers=headers, body=body)


def _host_of(url: str) -> str:
    """Give host and port as a browser writes them: in lower case, the scheme's port left out."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    return host.removesuffix(":443" if parts.scheme == "https" else ":80")


def _target(url: str) -> str:
    """Give the request target of a URL, as a browser encodes it."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return quote(f"{parts.path or '/'}{query}", _LEFT_AS_IT_IS, errors="replace")
