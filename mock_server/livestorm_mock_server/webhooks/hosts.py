"""Where webhooks may go: to this machine, and to the hosts that are named for it."""

import asyncio
import re
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import quote

import msgspec

from ..origins import (
    DEFAULT_PORTS,
    address_of,
    leads_to_loopback,
    split,
    unmapped,
    write_origin,
)
from ..patterns import compile_late
from ..reading import InvalidInputError
from ..real_hosts import is_livestorms

OPTION: Final = "--allow-webhooks-to"
_NAME = compile_late(r"(?!-)[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63})*\.?", re.IGNORECASE)
_NO_ESCAPE = compile_late(r"%(?![0-9A-Fa-f]{2})")
_HERE: Final = ("127.0.0.1", "::1")
_METADATA: Final = IPv6Network("fd00:ec2::/32")
"""Where a cloud keeps the metadata of its machines."""
_TRANSLATED: Final = tuple(map(IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""RFC 6052, RFC 8215, and RFC 4291, section 2.5.5.1."""
_UNRESERVED: Final = "!$%&'()*+,-./:;=?@_~"


class RefusedDeliveryError(Exception):
    """A webhook must not be sent there, or can't be: why, in words."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A URL, read."""

    scheme: str
    host: str
    """In lower case and ASCII, without brackets."""
    port: int
    path: str
    query: str

    @property
    def authority(self) -> str:
        """What the `Host` header has."""
        return write_origin(self.host, self.port, self.scheme).partition("://")[2]

    def at(self, address: str) -> str:
        """Give the URL of the same at an address."""
        query = f"?{self.query}" if self.query else ""
        return f"{write_origin(address, self.port, self.scheme)}{self.path}{query}"


def read_target(url: str) -> Target:
    """Read the URL of a webhook. Raises RefusedDeliveryError where nothing can be sent to it."""
    parts = split(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise RefusedDeliveryError("the URL is not absolute, or neither http nor https")
    if parts.username is not None or parts.password is not None:
        raise RefusedDeliveryError("the URL has a user's name, and nobody knows what comes of it")
    try:
        port = DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port
        host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode()
    except ValueError:
        host, port = "", 0
    if not port or (address_of(host) is None and _NAME.fullmatch(host) is None):
        raise RefusedDeliveryError("the URL has a host or a port that there can't be")
    return Target(
        scheme=parts.scheme,
        host=host.lower(),
        port=port,
        path=_folded(_quoted(parts.path) or "/"),
        query=_quoted(parts.query),
    )


def _quoted(text: str) -> str:
    """Escape what can't stand in a request line, and no escape once more."""
    escaped = _NO_ESCAPE.sub("%25", text)
    return quote(escaped, safe=_UNRESERVED, errors="replace")


def _folded(path: str) -> str:
    """Go up where a path does, as the one who sends would (RFC 3986, section 5.2.4)."""
    names, kept = path.split("/")[1:], list[str]()
    for name in names:
        if name == "..":
            del kept[-1:]
        elif name != ".":
            kept.append(name)
    end = [""] if names[-1] in (".", "..") else []
    return "/" + "/".join(kept + end)


class WebhookHosts(msgspec.Struct, frozen=True, kw_only=True):
    """Names and addresses, in lower case, to which webhooks may go beside the loopback."""

    names: frozenset[str] = frozenset()
    addresses: frozenset[IPv4Address | IPv6Address] = frozenset()
    no_loopback: str | None = None
    """Why the loopback is out of reach; None where it is not."""

    async def find(self, target: Target) -> Sequence[str]:
        """Give the addresses to connect to, each of them allowed.

        A name that nobody allowed is not looked up. Raises RefusedDeliveryError, and OSError for a
        name that is not known.
        """
        if is_livestorms(target.host.rstrip(".")):
            raise RefusedDeliveryError("no webhook goes to Livestorm")
        written = address_of(target.host)
        if written is not None:
            found: Sequence[str] = [target.host]
        elif _is_here(target.host):
            found = _HERE
        elif target.host.rstrip(".") in self.names:
            found = await _look_up(target)
        else:
            raise self._refusal(target.host, target.host)
        allowed = [one for one in found if self._allows(one, is_named=written is None)]
        if not allowed:
            raise self._refusal(target.host, next(iter(found), target.host))
        return allowed if self.no_loopback is None else self._beyond(allowed, self.no_loopback)

    @staticmethod
    def _beyond(found: Iterable[str], refusal: str) -> Sequence[str]:
        beyond = [one for one in found if not leads_to_loopback(ip_address(one))]
        if not beyond:
            raise RefusedDeliveryError(refusal)
        return beyond

    def _allows(self, found: str, *, is_named: bool) -> bool:
        plain = unmapped(ip_address(found))
        # A name may lead to any host but those that no name of a server leads to.
        return plain.is_loopback or plain in self.addresses or (is_named and not _is_odd(plain))

    def _refusal(self, host: str, found: str) -> RefusedDeliveryError:
        leads = "" if found == host else f", which leads to {found},"
        return RefusedDeliveryError(
            f"webhooks go to loopback addresses only, and {host}{leads} is none;"
            f" `{OPTION} {found}` would let them (in Python, `allow_webhooks_to`)"
        )


NO_HOSTS: Final = WebhookHosts()
"""Those of a server that was given none."""


def _is_odd(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether no server is at an address, but what a cloud or a router has for its own."""
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return True
    if isinstance(address, IPv4Address):
        return False
    within = _within(address)
    is_odd_within = within is not None and (within.is_loopback or _is_odd(within))
    return is_odd_within or address in _METADATA


def _within(address: IPv6Address) -> IPv4Address | None:
    """Give the address of IPv4 to which a translator or a tunnel would lead."""
    if any(address in one for one in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.sixtofour


def _is_here(name: str) -> bool:
    """Tell whether a name is this machine, whatever a resolver says (RFC 6761, section 6.3)."""
    return name.rstrip(".") == "localhost" or name.rstrip(".").endswith(".localhost")


async def _look_up(target: Target) -> Sequence[str]:
    look_up = asyncio.get_running_loop().getaddrinfo
    found = await look_up(target.host, target.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def read_webhook_hosts(hosts: Iterable[str], key: str = OPTION) -> WebhookHosts:
    """Read the hosts beside the loopback; `key` is where they stand. Raises InvalidInputError."""
    names: set[str] = set()
    addresses: set[IPv4Address | IPv6Address] = set()
    for host in hosts:
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        name = bare.lower().rstrip(".")
        if (address := address_of(bare)) is not None:
            addresses.add(unmapped(address))
        elif is_livestorms(name):
            raise InvalidInputError(key, host, "a host of yours, and none of Livestorm's")
        elif _NAME.fullmatch(bare):
            names.add(name)
        else:
            raise InvalidInputError(key, host, "a name or an address, without a port")
    return WebhookHosts(names=frozenset(names), addresses=frozenset(addresses))
