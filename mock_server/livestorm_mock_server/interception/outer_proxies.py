"""The proxies that a user has set, which would lead a client past the fake."""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

from .destinations import IPAddress

_VARIABLES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "FTP_PROXY")
_PORTS: Final = {"http": 80, "https": 443, "socks4": 1080, "socks5": 1080, "socks5h": 1080}
_SECONDS: Final = 2.0


def proxies(environment: Mapping[str, str]) -> set[tuple[str, int]]:
    """Give the hosts and ports of the proxies that the environment names."""
    found = set()
    for name in (*_VARIABLES, *map(str.lower, _VARIABLES)):
        value = environment.get(name, "")
        with suppress(ValueError):
            at = urlsplit(value if "://" in value else f"http://{value}")
            if at.hostname:
                found.add((at.hostname, at.port or _PORTS.get(at.scheme, 80)))
    return found


async def addresses_of_proxies(environment: Mapping[str, str]) -> set[IPAddress]:
    """Give their addresses; of one that is not found in time, nothing can be connected to."""
    loop = asyncio.get_running_loop()
    found: set[IPAddress] = set()
    for host, port in proxies(environment):
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_SECONDS):
                known = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.update((str(one[4][0]), port) for one in known)
    return found
