"""Who may use the control API: whoever can reach it, but not by way of a web page.

A page can have a browser send requests anywhere, and with a name that it makes lead here (DNS
rebinding) read the answers. What a browser tells of such a request gives it away, and what no
browser tells can't come from one. https://fetch.spec.whatwg.org/#sec-fetch-site-header
"""

import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from .reading import InvalidInputError

ORIGINS_OWN: Final = ("same-origin", "none")
"""`Sec-Fetch-Site` of the fake's own pages, and of an address that a person entered."""

HEALTH: Final = "/_mock/health"
"""Needs no token: it is what container platforms ask, and tells nothing of the clients."""

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:@/?#\s\[\]]+)(?::[0-9]*)?")
_JSON = re.compile(r"application/(?:[\w.\-]+\+)?json", re.IGNORECASE)
_TOKEN = re.compile(r"[\x21-\x7e]+")
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a control request is not carried out, as an HTTP status and in words."""

    status: int
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAccess:
    """Under which names the control API answers, and whether it wants a token."""

    hosts: frozenset[str] = frozenset()
    """Names and addresses beside those of the loopback, in lower case."""
    any_address: bool = False
    """Whether it listens on all addresses of the machine, and may be called by each."""
    is_exposed: bool = False
    """Whether other machines may reach it."""
    token: str | None = None
    """What `Authorization: Bearer` must bring, None where nothing."""

    @classmethod
    def for_server(
        cls,
        host: str,
        public_url: str | None = None,
        *,
        allowed_hosts: Iterable[str] = (),
        token: str | None = None,
        insecure: bool = False,
    ) -> Self:
        """Choose for a server that listens on `host`; elsewhere than on the loopback with a token.

        It may be called at `public_url`, too. The token is drawn where none is given; `insecure`
        does without. Raises InvalidInputError for a name that no Host header can have, and for a
        token that no header can bring.
        """
        if token is not None and not _TOKEN.fullmatch(token):
            raise InvalidInputError("--control-token", "[hidden]", "ASCII without spaces")
        address = _address(host)
        named = {urlsplit(public_url).hostname or ""} if public_url else ()
        is_exposed = not is_loopback(host)
        if is_exposed and token is None and not insecure:
            token = secrets.token_urlsafe(32)
        return cls(
            is_exposed=is_exposed,
            hosts=frozenset({host.lower(), *named, *map(_allowed, allowed_hosts)}),
            any_address=address is not None and address.is_unspecified,
            token=token,
        )

    def refusal(
        self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]]
    ) -> Refusal | None:
        """Say why a request is not carried out, None where it is; names are in lower case."""
        given: dict[str, list[str]] = {}
        for name, value in headers:
            given.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1").strip())
        return (
            self._refuse_host(given.get("host", []))
            or _refuse_origin(given)
            or (self._refuse_token(given.get("authorization", [])) if path != HEALTH else None)
            or _refuse_content(method, given)
        )

    def _refuse_host(self, hosts: Sequence[str]) -> Refusal | None:
        if len(hosts) != 1:
            return Refusal(status=403, told=f"{len(hosts)} Host headers; expected one")
        match = _HOST.fullmatch(hosts[0])
        if match is not None and self._is_own(match["name"].lower().strip("[]")):
            return None
        told = f"the Host header is {hosts[0][:80]!r}; expected a loopback name or address"
        return Refusal(status=403, told=f"{told}, or one that --allowed-host names")

    def _is_own(self, name: str) -> bool:
        is_address = _address(name) is not None
        return name in self.hosts or is_loopback(name) or (self.any_address and is_address)

    def _refuse_token(self, given: Sequence[str]) -> Refusal | None:
        if self.token is None:
            return None
        expected = f"Bearer {self.token}".encode()
        if len(given) == 1 and hmac.compare_digest(given[0].encode(), expected):
            return None
        told = "the control API wants `Authorization: Bearer` with the token that serve printed"
        return Refusal(status=401, told=told)


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is this machine's alone."""
    address = _address(host)
    return host == "localhost" if address is None else address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _allowed(host: str) -> str:
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if _address(bare) is None and _HOST_NAME.fullmatch(bare) is None:
        raise InvalidInputError("--allowed-host", host, "a name or an address, without a port")
    return bare.lower()


def _refuse_origin(given: Mapping[str, list[str]]) -> Refusal | None:
    for site in given.get("sec-fetch-site", []):
        if site not in ORIGINS_OWN:
            return Refusal(status=403, told=f"a web page of another origin ({site[:40]}) asks")
    for origin in given.get("origin", []):
        if _authority(origin) != _authority(f"//{given['host'][0]}"):
            return Refusal(status=403, told=f"a web page of {origin[:80]!r} asks")
    return None


def _authority(url: str) -> tuple[str, int | None] | None:
    """Give host and port; the port of a scheme goes without saying."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname:
        return None
    return parts.hostname, None if port in (80, 443) else port


def _refuse_content(method: str, given: Mapping[str, list[str]]) -> Refusal | None:
    has_body = given.get("content-length", ["0"]) != ["0"] or "transfer-encoding" in given
    if method in ("GET", "HEAD") or not has_body:
        return None
    types = given.get("content-type", [])
    if len(types) == 1 and _JSON.fullmatch(types[0].partition(";")[0].strip()):
        return None
    told = types[0][:80] if types else "nothing"
    return Refusal(status=415, told=f"the Content-Type is {told!r}; expected application/json")
