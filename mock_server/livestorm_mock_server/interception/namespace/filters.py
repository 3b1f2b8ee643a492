"""Which packets are looked at: programs that the kernel runs for each packet.

Classic BPF: https://www.kernel.org/doc/html/latest/networking/filter.html
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address
from typing import Final

from .addresses import REAL_HOSTS

RESET_OF_SYN: Final = 0x14
"""The flags of what answers where nobody listens: RST and ACK (RFC 9293, section 3.10.7.1)."""

_LOAD, _LOAD_BYTE, _AND, _IF_EQUAL, _RETURN = 0x20, 0x30, 0x54, 0x15, 0x06
# Loads the length of the IPv4 header; the other three count from its end.
_LOAD_LENGTH, _LOAD_BEHIND, _LOAD_HALF_BEHIND, _LOAD_BYTE_BEHIND = 0xB1, 0x40, 0x48, 0x50
_DROP, _TAKE = 0, 256
"""Bytes of a packet: enough for its headers, or for a question to a resolver."""
_RESOLVER_PORT: Final = 53

Instruction = tuple[int, int, int, int]
_Step = tuple[int, str, str, int] | str
"""An instruction that jumps to labels, or on where they are empty; or a label."""


def by_ipv4(own: Sequence[IPv4Address], *, urgent: bool) -> list[Instruction]:
    """Take what goes to no address of this machine's, and what the loopback refuses.

    `urgent` takes of it what may mean Livestorm: what the real hosts' address refuses, datagrams
    to it, and questions to resolvers. The others have another socket, which these can't fill.
    """
    return _assembled(
        (_LOAD, "", "", 16),
        *((_IF_EQUAL, "loopback", "", int(one)) for one in own),
        *((_IF_EQUAL, "real", "", int(one)) for one in REAL_HOSTS),
        (_AND, "", "", 0xFF000000),
        (_IF_EQUAL, "loopback", "", int(IPv4Address("127.0.0.0"))),
        (_LOAD_BYTE, "", "", 9),
        (_IF_EQUAL, "", "other", socket.IPPROTO_UDP),
        (_LOAD_LENGTH, "", "", 0),
        (_LOAD_HALF_BEHIND, "", "", 2),
        (_IF_EQUAL, "urgent", "other", _RESOLVER_PORT),
        "real",
        (_LOAD_BYTE, "", "", 9),
        (_IF_EQUAL, "urgent", "", socket.IPPROTO_UDP),
        "loopback",
        (_LOAD_BYTE, "", "", 9),
        (_IF_EQUAL, "", "drop", socket.IPPROTO_TCP),
        (_LOAD_LENGTH, "", "", 0),
        (_LOAD_BYTE_BEHIND, "", "", 13),
        (_IF_EQUAL, "", "drop", RESET_OF_SYN),
        # What answers a SYN has no sequence number of its own.
        (_LOAD_BEHIND, "", "", 4),
        (_IF_EQUAL, "", "drop", 0),
        (_LOAD, "", "", 12),
        *((_IF_EQUAL, "urgent", "", int(one)) for one in REAL_HOSTS),
        "other",
        (_RETURN, "", "", _DROP if urgent else _TAKE),
        "urgent",
        (_RETURN, "", "", _TAKE if urgent else _DROP),
        "drop",
        (_RETURN, "", "", _DROP),
    )


def by_ipv6() -> list[Instruction]:
    """Take what goes neither to a link nor to a group, and of the loopback what it refuses."""
    return _assembled(
        (_LOAD, "", "", 24),
        (_IF_EQUAL, "", "elsewhere", 0),
        (_LOAD_BYTE, "", "", 6),
        (_IF_EQUAL, "", "drop", socket.IPPROTO_TCP),
        (_LOAD_BYTE, "", "", 40 + 13),
        (_IF_EQUAL, "", "drop", RESET_OF_SYN),
        (_LOAD, "", "", 40 + 4),
        (_IF_EQUAL, "take", "drop", 0),
        "elsewhere",
        (_AND, "", "", 0xFFC00000),
        (_IF_EQUAL, "drop", "", 0xFE800000),
        (_AND, "", "", 0xFF000000),
        (_IF_EQUAL, "drop", "", 0xFF000000),
        "take",
        (_RETURN, "", "", _TAKE),
        "drop",
        (_RETURN, "", "", _DROP),
    )


def _assembled(*steps: _Step) -> list[Instruction]:
    """Turn labels into the number of instructions that a jump leaves out."""
    places: dict[str, int] = {}
    found: list[tuple[int, str, str, int]] = []
    for step in steps:
        if isinstance(step, str):
            places[step] = len(found)
        else:
            found.append(step)
    return [
        (
            code,
            places[yes] - number - 1 if yes else 0,
            places[no] - number - 1 if no else 0,
            operand,
        )
        for number, (code, yes, no, operand) in enumerate(found)
    ]
