"""The machine's files as the command finds them: names lead to the fake, or nowhere."""

import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from ...real_hosts import is_livestorms, name_of
from ..daemons import FOLDER, SOCKETS
from .addresses import RESOLVER

HOSTS: Final = Path("/etc/hosts")
RESOLV_CONF: Final = Path("/etc/resolv.conf")
NSSWITCH: Final = Path("/etc/nsswitch.conf")

RESOLVING_DAEMONS: Final = tuple(Path(FOLDER, one) for one in SOCKETS)
"""What resolves names outside, whatever /etc/resolv.conf says."""

_ALWAYS: Final = ("127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback")


def hosts(machines: str, names: Mapping[str, str]) -> str:
    """Give /etc/hosts: names with their addresses, and what the machine's says of the loopback.

    What it says of Livestorm's is left out, and the machine's own name is added where it lacks.
    """
    lines = [f"{address} {name}" for name, address in names.items()]
    kept = list(_of_loopback(machines))
    known = {name for line in kept for name in line.split()[1:]}
    lines += [line for line in _ALWAYS if "localhost" not in known]
    if (own := socket.gethostname()) and own not in known:
        kept.append(f"127.0.0.1 {own}")
    return "\n".join([*lines, *kept, ""])


def _of_loopback(machines: str) -> Iterator[str]:
    for line in machines.splitlines():
        address, *names = line.partition("#")[0].split() or [""]
        left = [one for one in names if not is_livestorms(name_of(one))]
        with suppress(ValueError):
            if left and ip_address(address).is_loopback:
                yield " ".join([address, *left])


def resolv_conf() -> str:
    """Give /etc/resolv.conf, with the resolver that knows nothing, and no domain to try besides."""
    return f"nameserver {RESOLVER}\nsearch .\noptions timeout:1 attempts:1\n"


def nsswitch(machines: str) -> str:
    """Give /etc/nsswitch.conf: hosts are looked for in files, then by DNS, as the two above say."""
    others = [line for line in machines.splitlines() if not re.match(r"\s*hosts\s*:", line)]
    return "\n".join([*others, "hosts: files dns", ""])
