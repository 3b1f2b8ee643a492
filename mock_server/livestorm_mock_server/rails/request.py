"""One HTTP request as Rack and Rails read it."""

import re
from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from ..cached import cached
from ..patterns import compile_late
from ..real_hosts import name_of
from . import negotiation
from .errors import BadRequest, BeyondLimits, InvalidUTF8, MalformedBody
from .negotiation import RULES, NegotiationRules
from .origin import read_host, read_origin
from .parameters import Parameters, parse_form, parse_json, parse_multipart, parse_query
from .text import is_blank, to_s

FORM = "application/x-www-form-urlencoded"
_FORM_TYPES = (FORM, "multipart/form-data")
_PARSEABLE_TYPES = ("multipart/related", "multipart/mixed")
_BOUNDARY = compile_late(
    r"\Amultipart/.*?boundary(\s*)=\"?([^\";,]+)\"?", re.IGNORECASE | re.DOTALL
)
_ANOTHER_BOUNDARY = compile_late(r"boundary\s*=", re.IGNORECASE)
_SLASHES = compile_late(r"/+")
_PARAMETER = compile_late(r"[,;]")
_EXTENSION = compile_late(r"\.(\w+)\Z")
_NEVER_WITH_UNDERSCORES = frozenset({"content-length", "content-type", "transfer-encoding"})
_OVERRIDABLE = frozenset(
    {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "LINK", "UNLINK"}
)

VERBS = frozenset(
    "OPTIONS GET HEAD POST PUT DELETE TRACE CONNECT PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK"
    " VERSION-CONTROL REPORT CHECKOUT CHECKIN UNCHECKOUT MKWORKSPACE UPDATE LABEL MERGE"
    " BASELINE-CONTROL MKACTIVITY ORDERPATCH ACL SEARCH MKCALENDAR PATCH".split()
)
"""The verbs that Rails knows; any other is a 405."""
_VERBS = {verb: verb for verb in VERBS}
"""The one text of each, for all heads that are kept."""


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the values by name, those of one name joined by a comma, as Puma does."""
    values: dict[str, str] = {}
    for name, value in headers:
        values[name] = f"{values[name]}, {value}" if name in values else value
    return values


class Head(msgspec.Struct, frozen=True, gc=False):
    """What came before the body of a request, and where it came; `Request` says what it means."""

    method: str
    raw_path: str
    query: bytes
    headers: tuple[tuple[str, str], ...]
    scheme: str
    prefix: str
    http_version: str
    port: int | None
    named_url: str | None
    rules: NegotiationRules
    length: int
    """Characters of path, query and header fields."""


class Request:
    """A request with Rails' view of it: overridden method, normalised path, merged parameters.

    `headers` are lower-case names and latin-1 values in order of arrival; `raw_path` is the
    path of the request line, not decoded; `query` and `body` are bytes as received. `named_url`
    is the origin at which the server says that it is reached, None for wherever it is addressed.
    """

    def __init__(
        self,
        *,
        method: str,
        raw_path: str,
        query: bytes,
        headers: Sequence[tuple[str, str]],
        body: bytes,
        scheme: str = "http",
        prefix: str = "",
        http_version: str = "1.1",
        port: int | None = None,
        named_url: str | None = None,
        rules: NegotiationRules = RULES,
    ) -> None:
        self.original_method = method
        self.raw_path = raw_path
        self.query = query
        self.headers = headers
        self.body = body
        self.scheme = scheme
        self.prefix = prefix
        """The sandbox's path prefix (`/s/<id>`), which Rails would call the script name."""
        self.http_version = http_version
        self.port = port
        """The port of this machine at which it came; None for a shortcut."""
        self.named_url = named_url
        self.rules = rules
        self.cut_from: int | None = None
        """How long the body was, where it is cut."""
        self.path_format: str | None = None
        """The suffix of the matched route, `json` for `/oauth/token.json`."""

    @classmethod
    def of(cls, head: Head, body: bytes) -> Self:
        """Give the request that has this head and this body."""
        return cls(
            method=head.method,
            raw_path=head.raw_path,
            query=head.query,
            headers=head.headers,
            body=body,
            scheme=head.scheme,
            prefix=head.prefix,
            http_version=head.http_version,
            port=head.port,
            named_url=head.named_url,
            rules=head.rules,
        )

    @cached
    def head(self) -> Head:
        """All but the body, as it came."""
        return Head(
            _VERBS.get(self.original_method, self.original_method),
            self.raw_path,
            self.query,
            tuple(self.headers),
            self.scheme,
            self.prefix,
            self.http_version,
            self.port,
            self.named_url,
            self.rules,
            len(self.raw_path) + len(self.query) + sum(len(k) + len(v) for k, v in self.headers),
        )

    def header(self, name: str) -> str | None:
        """Give a header's value as Rack does: underscores count where there are no hyphens."""
        value = self._exact.get(name)
        if value is None and self._underscored and name not in _NEVER_WITH_UNDERSCORES:
            return self._underscored.get(name)
        return value

    def exact_header(self, name: str) -> str | None:
        """Give the value of a header of just this name."""
        return self._exact.get(name)

    @cached
    def _exact(self) -> dict[str, str]:
        """The values by name."""
        return _joined(self.headers)

    @cached
    def _underscored(self) -> dict[str, str]:
        """The values of names with underscores, by the names with hyphens."""
        return _joined((k.replace("_", "-"), v) for k, v in self.headers if "_" in k)

    @property
    def target(self) -> str:
        """The path and query as received, the sandbox's prefix included."""
        query = f"?{self.query.decode('latin-1')}" if self.query else ""
        return f"{self.prefix}{self.raw_path}{query}"

    @cached
    def base_url(self) -> str:
        """The origin that the client addressed: scheme, host and port.

        Where that is the public URL, not each proxy tells so by its scheme.
        """
        read, named = read_origin(self.header, self.scheme), self.named_url
        return named if named is not None and _authority(read) == _authority(named) else read

    @cached
    def host(self) -> str:
        """The host that the client addressed, as a bare name in lower case."""
        return name_of(read_host(self.header))

    @property
    def public_url(self) -> str:
        """The origin that answers name: the one that was given to the server, else `base_url`."""
        return self.named_url or self.base_url

    @property
    def root_url(self) -> str:
        """Where the sandbox is: the public URL with its prefix."""
        return self.public_url + self.prefix

    @cached
    def method(self) -> str:
        """The verb after `_method` (forms) and `X-HTTP-Method-Override`, for POST only."""
        if self.original_method != "POST":
            return self.original_method
        try:
            override = self._rack_post.get("_method")
        except BadRequest:
            override = None
        override = override or self.header("x-http-method-override")
        verb = str(override).upper() if override else None
        return verb if verb in _OVERRIDABLE else self.original_method

    @cached
    def path(self) -> str:
        """The path as the router compares it: slashes squeezed, none at the end."""
        raw = self.raw_path
        if raw[:1] == "/" and raw[-1:] != "/" and "//" not in raw:
            return raw
        return _SLASHES.sub("/", "/" + raw).rstrip("/") or "/"

    @cached
    def media_type(self) -> str | None:
        """The media type of `Content-Type` without parameters, lower case."""
        content_type = self.header("content-type")
        return None if content_type is None else _PARAMETER.split(content_type)[0].strip().lower()

    @cached
    def content_format(self) -> str | None:
        """Rails' symbol for the body's media type. Raises NotAcceptable for a malformed one."""
        return None if self.media_type is None else negotiation.symbol_of(self.media_type)

    @cached
    def query_parameters(self) -> Parameters:
        """The parameters of the query string. Raises BadRequest."""
        return parse_query(self.query)

    @cached
    def request_parameters(self) -> Parameters:
        """The parameters of the body. Raises BadRequest or NotAcceptable."""
        if self.body and self.content_format == "json":
            return parse_json(self.body)
        return self._rack_post

    @cached
    def parameters(self) -> Parameters:
        """All parameters; those of the query string beat those of the body."""
        merged = self.request_parameters | self.query_parameters
        if self.path_format is not None:
            merged["format"] = self.path_format
        return merged

    @cached
    def formats(self) -> list[str]:
        """The formats that the client takes, best first; `*/*` is any. Raises NotAcceptable."""
        asked = self._format_parameter
        if asked is not None:
            symbol = negotiation.symbol_of_extension(asked)
            return [symbol] if symbol else []
        return self._formats_of_head

    @cached
    def _formats_of_head(self) -> list[str]:
        """The formats that are taken where no parameter names one. Raises NotAcceptable."""
        if self._accept_decides:
            accept = self.header("accept") or ""
            if not accept.strip():
                return [self.content_format] if self.content_format else []
            return negotiation.parse_accept(accept)
        extension = _EXTENSION.search(self.path)
        symbol = negotiation.symbol_of_extension(extension[1]) if extension else None
        return [symbol] if symbol else ["js" if self._is_xhr else "html"]

    @property
    def vary(self) -> str | None:
        """What `Vary` says on a rendered answer, None where there is none."""
        return self._vary_of_head if self._format_parameter is None else None

    @cached
    def _vary_of_head(self) -> str | None:
        if not self.rules.vary_names_all:
            return "Accept" if self._accept_decides else None
        if self.rules.ignores_accept:
            return "X-Requested-With"
        reads_content_type = self._is_xhr and is_blank(self.header("accept"))
        return f"Accept, {'Content-Type, ' if reads_content_type else ''}X-Requested-With"

    def takes(self, symbol: str) -> bool:
        """Tell whether a template of this format can be rendered for the client.

        One that asks for nothing that Rails knows takes anything, one for JavaScript also HTML.
        """
        asked = self.formats
        return not asked or asked == ["js"] or symbol in asked or negotiation.ALL in asked

    def check_readable(self) -> None:
        """Read parameters and formats, as Rails does before it calls a controller.

        A malformed JSON body is noticed later. Raises BadRequest or NotAcceptable.
        """
        _ = self.content_format
        try:  # noqa: SIM105  # `suppress` takes longer than what is read.
            _ = self.parameters
        except MalformedBody:
            pass
        _ = self.formats

    @cached
    def _format_parameter(self) -> str | None:
        """The `format` parameter or path suffix, also a blank one; None without."""
        try:
            asked = self.parameters.get("format")
        except BadRequest:
            return None
        return None if asked is None or asked is False else to_s(asked)

    @cached
    def _accept_decides(self) -> bool:
        if self.rules.ignores_accept:
            return False
        if self._is_xhr and (not is_blank(self.header("accept")) or self.media_type):
            return True
        return negotiation.accept_decides(self.header("accept"))

    @cached
    def _is_xhr(self) -> bool:
        return "xmlhttprequest" in (self.header("x-requested-with") or "").lower()

    @cached
    def _rack_post(self) -> Parameters:
        """The form or multipart parameters that Rack itself reads, whatever the verb."""
        content_type = self.header("content-type")
        if not content_type:
            return self._rack_post_untyped if self.original_method == "POST" else {}
        if self.media_type not in (*_FORM_TYPES, *_PARSEABLE_TYPES):
            return {}
        boundary = _BOUNDARY.match(content_type)
        if boundary is None:
            return parse_form(self.body)
        if boundary[1] or _ANOTHER_BOUNDARY.search(content_type, boundary.end()):
            return {}
        return parse_multipart(self.body, boundary[2])

    @property
    def _rack_post_untyped(self) -> Parameters:
        """The form of a body without a `Content-Type`, which only Rack takes for one.

        Where Rack fails on it, Rails does not try again.
        """
        try:
            return parse_form(self.body)
        except InvalidUTF8:
            raise
        except (BadRequest, BeyondLimits):
            return {}


def _authority(origin: str) -> str:
    return origin.partition("://")[2].lower()
