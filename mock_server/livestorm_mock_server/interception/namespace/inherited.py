"""Sockets of the machine's network that a command has from whoever started `run`."""

import os
import socket
from contextlib import suppress


def inherited_sockets() -> list[int]:
    """Give the descriptors of sockets of IPv4 and IPv6 that are passed on to the command.

    A socket stays in the network in which it was opened: these lead out of the command's.
    """
    found = []
    for number in sorted(int(one) for one in os.listdir("/proc/self/fd")):
        with suppress(OSError):  # Not a socket, or the folder's own.
            if os.get_inheritable(number):
                with socket.socket(fileno=os.dup(number)) as one:
                    if one.family in (socket.AF_INET, socket.AF_INET6):
                        found.append(number)
    return found


def warning(numbers: list[int]) -> str:
    """Say so, in a line."""
    told = ", ".join(map(str, numbers))
    return (
        f"livestorm-mock: the command inherits sockets that lead out of its network, as "
        f"descriptor {told}: what goes through them is not seen\n"
    )
