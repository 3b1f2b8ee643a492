"""The addresses inside: each server has one of its own, so that the command may bind 127.0.0.1."""

from ipaddress import IPv4Address
from typing import Final

from ...real_hosts import SERVES

FIRST_REAL_HOST: Final = IPv4Address("127.77.0.1")
REAL_HOSTS: Final = tuple(FIRST_REAL_HOST + number for number in range(len(SERVES)))
RESOLVER: Final = IPv4Address("127.77.0.53")
FIRST_ALLOWED: Final = IPv4Address("127.77.1.1")
OWN: Final = IPv4Address("192.0.2.1")
"""Where packets that go elsewhere come from: no loopback address, without which resolvers think
that there is no IPv4, and nobody's. https://www.rfc-editor.org/rfc/rfc5737"""
