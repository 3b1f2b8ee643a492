"""Where clients come in: a listening socket, with or without TLS, for all or for one sandbox."""

import socket
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, Literal

import msgspec

from .origins import leads_to_loopback, unmapped
from .tls.contexts import ServingContext

BOUND_TO: Final = "livestorm_mock.bound_to"
"""The key of the scope's state under which the application finds to which sandbox a connection
leads, whatever the path says."""

OF_LIVESTORM: Final = "livestorm_mock.of_livestorm"
"""The key of the scope's state that tells of a connection that was meant for Livestorm's hosts:
there is no control API, whatever a request says that its host is."""


Outcome = Literal["served", "passed", "refused", "failed"]
"""What became of a request to a proxy: the fake has it, another server, nobody."""


class ProxyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked a proxy for what: the two ends of the connection, and the place beyond."""

    peer: tuple[str, int]
    door: tuple[str, int]
    method: str
    host: str
    port: int
    outcome: Outcome


class Proxying(msgspec.Struct, frozen=True, kw_only=True):
    """How a proxy behaves; `tell` is called for each request, in the server's loop."""

    passes_others: bool = False
    """Whether hosts that are not Livestorm's are reached; else they are refused."""
    tell: Callable[[ProxyRequest], object] | None = None


class Door(msgspec.Struct, frozen=True, eq=False):
    """A way in. It belongs to the server that opens it, which closes the socket at its end.

    With `tls` clients may speak HTTPS or HTTP, which their first byte decides. All that comes
    through a door with a `sandbox_id` goes to that sandbox, without the prefix `/s/<id>`. With
    `proxying` clients take what is there for a proxy, behind which Livestorm's hosts are the fake.
    """

    listener: socket.socket
    tls: ssl.SSLContext | None = None
    sandbox_id: str | None = None
    proxying: Proxying | None = None
    of_livestorm: bool = False
    """Whether it is in the place of Livestorm's hosts, and of nothing else."""

    @property
    def can_be_flawed(self) -> bool:
        """Whether it can show bad certificates, too."""
        return isinstance(self.tls, ServingContext) and self.tls.flawed is not None


class OpenDoors(set[Door]):
    """The doors of a server, which `close` closes; it is there once the server begins."""

    close: Callable[[Door], None]

    def close_those_of(self, sandbox_id: str) -> None:
        """Close the doors that lead to one sandbox alone."""
        for door in [one for one in self if one.sandbox_id == sandbox_id]:
            self.close(door)

    def are_at(self, address: str, port: int) -> bool:
        """Tell whether a connection to an IP address and a port leads to one of them."""
        there = ip_address(address)
        return any(_leads_to(one.listener, there, port) for one in self)

    def have_handshakes_for(self, sandbox_id: str | None) -> bool:
        """Tell whether faults can strike a TLS handshake of a sandbox's, None for the default one.

        A door for all does not know yet to which further one a request will go.
        """
        return any(one.can_be_flawed and one.sandbox_id == sandbox_id for one in self)


def _leads_to(listener: socket.socket, address: IPv4Address | IPv6Address, port: int) -> bool:
    bound, bound_port = listener.getsockname()[:2]
    if port != bound_port:
        return False
    here, there = unmapped(ip_address(bound)), unmapped(address)
    if here.is_unspecified:
        return leads_to_loopback(there) or _is_of_this_machine(there)
    return here == there or (there.is_unspecified and here.is_loopback)


def _is_of_this_machine(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether one can listen at an address, which nobody can at that of another machine."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as trial:
            trial.bind((str(address), 0))
    except OSError:
        return False
    return True
