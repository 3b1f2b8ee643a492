"""URIs as Ruby's `URI.parse` reads them, and the redirect URI rules built on it."""

import ipaddress
import re
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from ..patterns import compile_late
from ..rails.errors import BadRequest, InternalServerError
from ..rails.parameters import parse_flat
from ..rails.text import encode_form, is_blank, split_words

OUT_OF_BAND = ("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto")

_NAME = r"A-Za-z0-9\-._~!$&'()*+,;=%"
_AUTHORITY = (
    rf"//(?:(?P<userinfo>[{_NAME}:]*)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[{_NAME}]*)"
    rf"(?::(?P<port>[0-9]*))?(?P<path>(?:/[{_NAME}:@]*)*)"
)
_ROOTED = rf"(?P<rooted>/(?:[{_NAME}:@]+(?:/[{_NAME}:@]*)*)?)"
_QUERY_AND_FRAGMENT = rf"(?:\?(?P<query>[^#]*))?(?:\#(?P<fragment>[{_NAME}:@/?]*))?\Z"
_URI = compile_late(
    rf"\A(?P<scheme>[A-Za-z][A-Za-z0-9+\-.]*):"
    rf"(?:{_AUTHORITY}|{_ROOTED}|(?P<opaque>[{_NAME}:@][{_NAME}:@/]*)?){_QUERY_AND_FRAGMENT}"
)
_RELATIVE = compile_late(
    rf"\A(?:{_AUTHORITY}|{_ROOTED}|(?P<unrooted>[{_NAME}@]+(?:/[{_NAME}:@]*)*)?)"
    rf"{_QUERY_AND_FRAGMENT}"
)
_BAD_ESCAPE = compile_late(r"%(?![0-9A-Fa-f]{2})")
# Two characters that are no digits; with one, Ruby lets the query pass.
_BAD_ESCAPE_IN_QUERY = compile_late(r"%[^0-9A-Fa-f]{2}")
_DROPPED = dict.fromkeys(map(ord, "\t\r\n"))
_NOT_IN_QUERY = compile_late(r"(?!%[0-9A-Fa-f]{2})[^!$-&(-;=?-_a-~]")
# Documents of these have the origin of the page that leads to them.
_SCRIPTS = ("javascript", "data", "vbscript")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class InvalidURIError(ValueError):
    """The text is no absolute URI."""


class URI(msgspec.Struct, frozen=True, kw_only=True):
    """The components of an absolute URI; the scheme is lower case, a default port is filled in."""

    scheme: str
    userinfo: str | None = None
    host: str | None = None
    port: str | None = None
    """Decimal, without leading zeros; of any length, as the engine allows it."""
    path: str = ""
    opaque: str | None = None
    query: str | None = None
    fragment: str | None = None

    def __str__(self) -> str:
        slashes = "//" if self.host is not None else ""
        userinfo = f"{self.userinfo}@" if self.userinfo is not None else ""
        shown = self.port not in (None, _DEFAULT_PORTS.get(self.scheme))
        port = f":{self.port}" if shown else ""
        authority = f"{slashes}{userinfo}{self.host or ''}{port}"
        query = f"?{self.query}" if self.query is not None else ""
        fragment = f"#{self.fragment}" if self.fragment is not None else ""
        scheme = f"{self.scheme}:" if self.scheme else ""
        return f"{scheme}{authority}{self.opaque or self.path}{query}{fragment}"

    @property
    def is_loopback(self) -> bool:
        """Tell whether the host is a loopback address; a name such as localhost is not."""
        try:
            return ipaddress.ip_address((self.host or "").strip("[]")).is_loopback
        except ValueError:
            return False

    @property
    def normalised(self) -> "URI":
        """The URI with a lower-case host and `/` for an empty path."""
        return replace(self, host=self.host and self.host.lower(), path=self.path or "/")


def parse_uri(text: str) -> URI:
    """Parse an absolute URI (RFC 3986); its query is mended as Ruby does it.

    Raises InvalidURIError.
    """
    match = _match(_URI, text)
    if match is None or not text.isascii():
        raise InvalidURIError(f"{text!r} is no absolute URI")
    opaque, query = match["opaque"], match["query"]
    if opaque is None:
        return _hierarchical(match, match["scheme"].lower(), match["rooted"])
    opaque += f"?{query}" if query is not None else ""
    return URI(scheme=match["scheme"].lower(), opaque=opaque, fragment=match["fragment"])


def parse_reference(text: str) -> URI:
    """Parse a URI, or a reference relative to one, whose scheme is then empty.

    Raises InvalidURIError.
    """
    if _URI.match(text):
        return parse_uri(text)
    match = _match(_RELATIVE, text)
    if match is None or not text.isascii():
        raise InvalidURIError(f"{text!r} is no URI")
    return _hierarchical(match, "", match["rooted"] or match["unrooted"])


def is_out_of_band(redirect_uri: object) -> bool:
    """Tell whether codes for this redirect URI are shown on the native page."""
    return redirect_uri in OUT_OF_BAND


def matches_redirect_uri(given: str, registered: Iterable[str], *, exactly: bool) -> bool:
    """Tell whether a redirect URI is one of the registered ones.

    Loopback addresses may have any port (RFC 8252, section 7.3). Until Doorkeeper 6, host and
    scheme are compared without case, and a query is free where none is registered; from 6.0 on,
    all is compared `exactly`. Raises InternalServerError for a registered one that is no URI.
    """
    if exactly:
        return _without_loopback_port(given) in map(_without_loopback_port, registered)
    # The engine keeps several URIs in one text and splits it, also that of a code.
    several = (one for text in registered for one in split_words(text))
    return is_valid_redirect_uri(given) and any(_matches(given, one) for one in several)


def uri_with_query(uri: str, parameters: Mapping[str, str]) -> str:
    """Add parameters to the query of a URI or relative reference; single blank ones are dropped.

    Raises InvalidURIError.
    """
    parsed = parse_reference(uri)
    if parsed.opaque is not None:
        raise InvalidURIError(f"{uri!r} can't have a query")
    kept = [
        (name, value)
        for name, values in _parse_query(parsed).items()
        if len(values) > 1 or not _is_blank_text(values[0])
        for value in values
    ]
    kept += [(name, value) for name, value in parameters.items() if not is_blank(value)]
    return str(replace(parsed, query=encode_form(kept)))


def uri_with_fragment(uri: str, parameters: Mapping[str, str]) -> str:
    """Put parameters into the fragment of a URI or relative reference. Raises InvalidURIError."""
    kept = [(name, value) for name, value in parameters.items() if not is_blank(value)]
    return str(replace(parse_reference(uri), fragment=encode_form(kept)))


def _match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Match, unless there is a `%` without two digits in another part than the query."""
    match = pattern.match(text)
    if match is None:
        return None
    start, end = match.span("query")  # (-1, -1) where there is none, which leaves the whole text.
    outside = text[:start] + text[end:]
    return None if _BAD_ESCAPE.search(outside) else match


def _hierarchical(match: re.Match[str], scheme: str, path: str | None) -> URI:
    host = match["host"] or None
    if host is not None and host.startswith("["):
        _check_ipv6(host)
    return URI(
        scheme=scheme,
        userinfo=match["userinfo"] or None,
        host=host,
        port=_port(match["port"]) or _DEFAULT_PORTS.get(scheme),
        path=match["path"] or path or "",
        query=_mended(match["query"]),
        fragment=match["fragment"],
    )


def _check_ipv6(host: str) -> None:
    try:
        ipaddress.IPv6Address(host.strip("[]"))
    except ValueError as error:
        raise InvalidURIError(f"{host!r} is no address") from error


def _port(text: str | None) -> str | None:
    return (text.lstrip("0") or "0") if text else None


def _is_blank_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidURIError(f"{value!r} is no text") from error
    return is_blank(value)


def _parse_query(uri: URI) -> dict[str, list[str]]:
    try:
        return parse_flat(uri.query or "")
    except BadRequest as error:
        raise InvalidURIError("its query can't be decoded") from error


def _mended(query: str | None) -> str | None:
    """Drop line breaks and tabs from a query, and encode what may not stand in it.

    Raises InvalidURIError.
    """
    if query is None:
        return None
    query = query.translate(_DROPPED)
    if _BAD_ESCAPE_IN_QUERY.search(query):
        raise InvalidURIError("its query has an invalid percent escape")
    return _NOT_IN_QUERY.sub(lambda match: f"%{ord(match[0]):02X}", query)


def is_valid_redirect_uri(text: str) -> bool:
    """Tell whether the engine takes a URI when an application is registered."""
    if is_out_of_band(text):
        return True
    try:
        uri = parse_uri(text)
    except InvalidURIError:
        return False
    hypertext_without_host = uri.scheme in _DEFAULT_PORTS and uri.host is None
    return (
        uri.scheme != "localhost"
        and not hypertext_without_host
        and uri.fragment is None
        and uri.opaque is None
    )


def is_harmless_redirect_uri(text: str) -> bool:
    """Tell whether a browser can be sent there without more ado: a URI that is no script."""
    return is_valid_redirect_uri(text) and text.partition(":")[0].lower() not in _SCRIPTS


def _matches(given: str, registered: str) -> bool:
    if is_out_of_band(given) or is_out_of_band(registered):
        return given == registered
    try:
        uri, pattern = parse_uri(given).normalised, parse_reference(registered).normalised
    except InvalidURIError as error:
        raise InternalServerError(f"a registered redirect URI can't be parsed: {error}") from error
    if pattern.query is not None and not _same_pairs(uri.query, pattern.query):
        return False
    if uri.is_loopback and pattern.is_loopback:
        uri, pattern = replace(uri, port=None), replace(pattern, port=None)
    return replace(uri, query=None) == replace(pattern, query=None)


def _without_loopback_port(text: str) -> str:
    try:
        uri = parse_uri(text)
    except InvalidURIError:
        return text
    return str(replace(uri, port=None)) if uri.is_loopback else text


def _same_pairs(query: str | None, registered: str) -> bool:
    if not query or not registered:
        return not query and not registered
    return sorted(query.rstrip("&").split("&")) == sorted(registered.rstrip("&").split("&"))
