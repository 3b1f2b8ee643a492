"""What passes between the two sides: what the child is to do, and what it gives back."""

from typing import Final

from msgspec import Struct

OBSERVERS: Final = (
    "urgent",
    "packets",
    "packets6",
    "icmp",
    "diagnosis",
    "queries",
    "query_connections",
)
"""The sockets that the child gives first."""

CA_FILE: Final = "ca.pem"
BUNDLE_FILE: Final = "bundle.pem"
"""In the folder for the command: the authority, and the system's certificates with it."""


class Listener(Struct, frozen=True):
    """Where to listen for TCP."""

    address: str
    port: int
    is_needed: bool = True
    """Whether there is no going on without it, as without ::1 where there is no IPv6."""


class Plan(Struct, frozen=True, kw_only=True):
    """What is known only once the fake is."""

    listeners: tuple[Listener, ...]
    ca_pem: str


class Done(Struct, frozen=True, kw_only=True):
    """The answer; descriptors come beside it, of the observers, the listeners and the tables."""

    error: str | None = None
    listeners: tuple[Listener, ...] = ()
    """Those that listen."""
    network: str = ""
    """The link of its namespace: https://man7.org/linux/man-pages/man7/namespaces.7.html"""
