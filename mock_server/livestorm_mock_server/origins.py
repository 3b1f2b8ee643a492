"""Origins (RFC 6454) as browsers write them, and whose the hosts in them are."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from .patterns import compile_late

DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = compile_late(r"[\w.:\-]+", re.ASCII)


def origin_of(url: str) -> str | None:
    """Give scheme, host and port of a URL, the scheme's own port left out; None without them."""
    parts = split(url)
    try:
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not _HOST.fullmatch(parts.hostname or "") or port == 0:
        return None
    return write_origin(parts.hostname or "", port, parts.scheme)


def write_origin(host: str, port: int | None, scheme: str = "http") -> str:
    """Write an origin, an IPv6 address in brackets."""
    bracketed = f"[{host}]" if ":" in host else host
    shown = "" if port in (None, DEFAULT_PORTS[scheme]) else f":{port}"
    return f"{scheme}://{bracketed}{shown}"


def split(url: str) -> SplitResult:
    """Split a URL; all parts are empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    """Give the IP address that a host is, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_unspecified(host: str) -> bool:
    """Tell whether a host stands for all addresses of a machine."""
    address = address_of(host)
    return address is not None and address.is_unspecified


def unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the address of IPv4 that one of IPv6 may stand for (RFC 4291, section 2.5.5.2)."""
    return getattr(address, "ipv4_mapped", None) or address


def leads_to_loopback(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether who connects to an address comes to this machine's loopback."""
    plain = unmapped(address)
    return plain.is_loopback or plain.is_unspecified


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is this machine's alone."""
    address = address_of(host)
    return host.lower() == "localhost" if address is None else address.is_loopback
