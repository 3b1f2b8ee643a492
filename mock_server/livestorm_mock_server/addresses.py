"""The addresses at which a server is reached, which need not be those where it listens."""

import re
import socket
from functools import cache
from ipaddress import ip_address

import msgspec

from .origins import DEFAULT_PORTS, address_of, is_unspecified, origin_of, split, write_origin
from .patterns import compile_late
from .reading import InvalidInputError

_ORIGIN = compile_late(r"https?://[\w.:\-\[\]]+/?", re.ASCII | re.IGNORECASE)


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where a server listens, and what it is called there; each URL is an origin.

    `host` is an IP address, `port` and `other_port` are those of its two listeners. Raises
    InvalidInputError for a URL that is no origin.
    """

    host: str = "127.0.0.1"
    port: int | None = None
    other_port: int | None = None
    public_url: str | None = None
    """Where clients are told to go; None for wherever they went."""
    other_url: str | None = None
    """Where they find the second listener, another origin; None for what can be derived."""
    ca_file: str | None = None
    """What they have to trust where they speak HTTPS to the listeners; None where they can't."""
    proxy_port: int | None = None
    """Where there is a proxy; None without one."""

    def __post_init__(self) -> None:
        for key in ("public_url", "other_url"):
            if (url := getattr(self, key)) is not None:
                msgspec.structs.force_setattr(self, key, _read_origin(key, url))
        if self.other_url is not None and self.other_url == self.public_url:
            raise InvalidInputError("other_url", self.other_url, "another origin than public_url")

    def url(self, base_url: str | None = None) -> str:
        """Give where to reach the server; `base_url` is how the one who asks addressed it."""
        return self.public_url or base_url or write_origin(_reachable(self.host), self.port)

    def other(self, base_url: str | None = None) -> str:
        """Give where to reach the second listener; `base_url` as with `url`.

        One that listens at every address is taken to have the host that the one who asks uses.
        """
        if self.other_url is not None:
            return self.other_url
        used = split(base_url or self.public_url or "").hostname
        is_everywhere = is_unspecified(self.host)
        host = used if used and is_everywhere else _reachable(self.host)
        is_secure = self.ca_file is not None and split(base_url or self.url()).scheme == "https"
        return write_origin(host, self.other_port, "https" if is_secure else "http")

    @property
    def proxy_url(self) -> str | None:
        """Where the proxy is, None without one."""
        if self.proxy_port is None:
            return None
        return write_origin(_reachable(self.host), self.proxy_port)

    def includes(self, url: str, base_url: str | None = None) -> bool:
        """Tell whether a URL leads to the server; `base_url` as with `url`."""
        parts, origin = split(url), origin_of(url)
        if origin is None:
            return False
        named = [one for one in (self.public_url, self.other_url, base_url) if one is not None]
        if origin in map(origin_of, named):
            return True
        listens = (parts.port or DEFAULT_PORTS[parts.scheme]) in (self.port, self.other_port)
        is_spoken = parts.scheme == "http" or self.ca_file is not None
        return listens and is_spoken and _leads_to(self.host, parts.hostname or "")

    def port_of(self, url: str) -> int | None:
        """Give the port of this machine to which a URL leads that leads to the server."""
        origin = origin_of(url)
        if origin == self.public_url:
            return self.port
        is_other = origin == self.other_url or split(url).port == self.other_port
        return self.other_port if is_other else self.port


NOWHERE = Addresses()
"""The addresses of what no server serves."""


def _read_origin(key: str, url: str) -> str:
    """Give an origin as browsers write it. Raises InvalidInputError where it is none."""
    origin = origin_of(url)
    if origin is None:
        raise InvalidInputError(key, url, "an origin such as https://fake.example.test:8443")
    if not _ORIGIN.fullmatch(url):
        raise InvalidInputError(key, url, f"the origin alone, {origin}")
    if is_unspecified(split(url).hostname or ""):
        raise InvalidInputError(key, url, "an address that clients can go to")
    return origin


def _reachable(bound: str) -> str:
    """Give an address to connect to, the loopback one for a listener at every address."""
    if not is_unspecified(bound):
        return bound
    return "::1" if ":" in bound and _has_ipv6() else "127.0.0.1"


@cache
def _has_ipv6() -> bool:
    """Tell whether IPv6 leads to this machine: a system may bind to `::` and have no `::1`."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


def _leads_to(bound: str, host: str) -> bool:
    """Tell whether an address, or `localhost`, leads to what listens at `bound`."""
    here = ip_address(bound)
    if host == "localhost":
        return here.is_loopback or here.is_unspecified
    there = address_of(host)
    if there is None:
        return False
    return there == here or (here.is_unspecified and there.is_loopback)
