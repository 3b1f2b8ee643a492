"""What the command may reach beside the fake: `--allow HOST:PORT`."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

from msgspec import Struct

from ...reading import InvalidInputError
from ...real_hosts import is_livestorms
from .addresses import FIRST_ALLOWED
from .plan import Listener

_PLACE = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<host>[^:\[\]\s/]+)):(?P<port>\d{1,5})")
_NAME = re.compile(r"(?!-)[a-z0-9_\-]{1,63}(?:\.[a-z0-9_\-]{1,63})*\.?", re.IGNORECASE)
_LOCALHOST = ("127.0.0.1", "::1")


class Allowed(Struct, frozen=True):
    """A place outside, and where it is found inside."""

    host: str
    port: int
    inside: tuple[str, ...]

    @property
    def told(self) -> str:
        """As the user wrote it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def listeners(self) -> list[Listener]:
        """Where to listen for it inside."""
        return [Listener(one, self.port, is_needed=one != "::1") for one in self.inside]


def read_allowed(given: Iterable[str]) -> list[Allowed]:
    """Read what was given. Raises InvalidInputError for no host and port, and for Livestorm's."""
    inside: dict[str, tuple[str, ...]] = {"localhost": _LOCALHOST}
    found = []
    for text in dict.fromkeys(given):
        host, port = _read(text)
        if host not in inside:
            named = sum(1 for one in inside.values() if one[0].startswith("127.77."))
            inside[host] = (_address(host) or str(FIRST_ALLOWED + named),)
        found.append(Allowed(host, port, inside[host]))
    return found


def names_of(allowed: Iterable[Allowed]) -> dict[str, str]:
    """Give the names that have to be resolved inside, with their addresses."""
    named = (one for one in allowed if one.host != "localhost" and _address(one.host) is None)
    return {one.host: one.inside[0] for one in named}


def addresses_of(allowed: Iterable[Allowed]) -> list[str]:
    """Give the addresses that have to be this machine's inside."""
    found = (_address(one.host) for one in allowed)
    return [one for one in dict.fromkeys(found) if one and not ip_address(one).is_loopback]


def _read(text: str) -> tuple[str, int]:
    match = _PLACE.fullmatch(text)
    host = (match["six"] or match["host"]).lower().rstrip(".") if match else ""
    if (
        match is None
        or not 0 < int(match["port"]) < 65536
        or not (_address(host) or _is_name(host))
    ):
        raise InvalidInputError("--allow", text, "a name or an address and a port, as db.test:5432")
    if is_livestorms(host):
        raise InvalidInputError("--allow", text, "another host than Livestorm's")
    return host, int(match["port"])


def _is_name(host: str) -> bool:
    return _NAME.fullmatch(host) is not None and not host.rpartition(".")[2].isdigit()


def _address(host: str) -> str | None:
    try:
        return str(ip_address(host))
    except ValueError:
        return None
