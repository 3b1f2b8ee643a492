"""URIs as Ruby's `URI.parse` reads them, and the redirect URI rules built on it."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..rails.errors import InvalidUTF8
from ..rails.parameters import parse_flat
from ..rails.text import encode_form, is_blank, split_words

OUT_OF_BAND = ("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob:auto")

_UNRESERVED = r"[A-Za-z0-9\-._~!$&'()*+,;=%]"
_URI = re.compile(
    r"\A(?P<scheme>[A-Za-z][A-Za-z0-9+\-.]*):"
    r"(?:"
    rf"//(?:(?P<userinfo>(?:{_UNRESERVED}|:)*)@)?"
    rf"(?P<host>\[[0-9A-Fa-f:.]+\]|{_UNRESERVED}*)"
    r"(?::(?P<port>[0-9]*))?"
    rf"(?P<path>(?:/(?:{_UNRESERVED}|[:@])*)*)"
    rf"|(?P<rooted>/(?:(?:{_UNRESERVED}|[:@])+(?:/(?:{_UNRESERVED}|[:@])*)*)?)"
    rf"|(?P<opaque>(?:{_UNRESERVED}|[:@])(?:{_UNRESERVED}|[:@/?])*)?"
    r")"
    r"(?:\?(?P<query>[^#]*))?"
    rf"(?:\#(?P<fragment>(?:{_UNRESERVED}|[:@/?])*))?\Z"
)
_RELATIVE = re.compile(
    rf"\A(?P<path>(?!//)(?:/(?:{_UNRESERVED}|[:@/])*|(?:{_UNRESERVED}|@)(?:{_UNRESERVED}|[@/])*)?)"
    r"(?:\?(?P<query>[^#]*))?"
    rf"(?:\#(?P<fragment>(?:{_UNRESERVED}|[:@/?])*))?\Z"
)
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DROPPED = dict.fromkeys(map(ord, "\t\r\n"))
_NOT_IN_QUERY = re.compile(r"(?!%[0-9A-Fa-f]{2})[^!$-&(-;=?-_a-~]")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


class InvalidURIError(ValueError):
    """The text is no absolute URI."""


@dataclass(frozen=True, kw_only=True, slots=True)
class URI:
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
        authority = ""
        if self.host is not None:
            userinfo = f"{self.userinfo}@" if self.userinfo is not None else ""
            shown = self.port not in (None, _DEFAULT_PORTS.get(self.scheme))
            authority = f"//{userinfo}{self.host}" + (f":{self.port}" if shown else "")
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
    match = _URI.match(text)
    if match is None or _has_bad_characters(text):
        raise InvalidURIError(f"{text!r} is no absolute URI")
    scheme = match["scheme"].lower()
    return URI(
        scheme=scheme,
        userinfo=match["userinfo"] or None,
        host=match["host"] or None,
        port=_port(match["port"]) or _DEFAULT_PORTS.get(scheme),
        path=match["path"] or match["rooted"] or "",
        opaque=match["opaque"],
        query=_mended(match["query"]),
        fragment=match["fragment"],
    )


def parse_reference(text: str) -> URI:
    """Parse a URI, or a reference relative to one, whose scheme is then empty.

    Raises InvalidURIError.
    """
    try:
        return parse_uri(text)
    except InvalidURIError:
        match = _RELATIVE.match(text)
        if match is None or _has_bad_characters(text):
            raise
    query, fragment = _mended(match["query"]), match["fragment"]
    return URI(scheme="", path=match["path"], query=query, fragment=fragment)


def is_out_of_band(redirect_uri: object) -> bool:
    """Tell whether codes for this redirect URI are shown on the native page."""
    return redirect_uri in OUT_OF_BAND


def matches_redirect_uri(given: str, registered: Iterable[str], *, exactly: bool) -> bool:
    """Tell whether a redirect URI is one of the registered ones.

    Loopback addresses may have any port (RFC 8252, section 7.3). Until Doorkeeper 6, host and
    scheme are compared without case, and a query is free where none is registered; from 6.0 on,
    all is compared `exactly`.
    """
    if exactly:
        return _without_loopback_port(given) in map(_without_loopback_port, registered)
    # The engine keeps several URIs in one text and splits it, also that of a code.
    several = (one for text in registered for one in split_words(text))
    return _is_valid(given) and any(_matches(given, one) for one in several)


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
        if len(values) > 1 or not is_blank(values[0])
        for value in values
    ]
    kept += [(name, value) for name, value in parameters.items() if not is_blank(value)]
    return str(replace(parsed, query=encode_form(kept)))


def uri_with_fragment(uri: str, parameters: Mapping[str, str]) -> str:
    """Put parameters into the fragment of a URI or relative reference. Raises InvalidURIError."""
    kept = [(name, value) for name, value in parameters.items() if not is_blank(value)]
    return str(replace(parse_reference(uri), fragment=encode_form(kept)))


def _port(text: str | None) -> str | None:
    return (text.lstrip("0") or "0") if text else None


def _parse_query(uri: URI) -> dict[str, list[str]]:
    try:
        return parse_flat(uri.query or "")
    except InvalidUTF8 as error:
        raise InvalidURIError(f"the query of {uri} is no text") from error


def _has_bad_characters(text: str) -> bool:
    return not text.isascii() or _BAD_PERCENT.search(text) is not None


def _mended(query: str | None) -> str | None:
    """Drop line breaks and tabs from a query, and encode what may not stand in it."""
    if query is None:
        return None
    query = query.translate(_DROPPED)
    return _NOT_IN_QUERY.sub(lambda match: f"%{ord(match[0]):02X}", query)


def _is_valid(text: str) -> bool:
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


def _matches(given: str, registered: str) -> bool:
    if is_out_of_band(given) or is_out_of_band(registered):
        return given == registered
    try:
        uri, pattern = parse_uri(given).normalised, parse_uri(registered).normalised
    except InvalidURIError:
        return False
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
