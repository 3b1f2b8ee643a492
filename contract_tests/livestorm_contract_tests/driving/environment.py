"""The environment that a process of the client is started with."""

import os
from typing import Final

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - nothing is bound
"""The names under which the suite serves: what is for them is for no proxy."""

TIME_ZONE: Final = "Pacific/Chatham"
"""Far from UTC, and not by whole hours: a date that is read as local time is read wrongly."""

EVERYWHERE: Final = "*"
"""What asks for no proxy at all."""


def client_environment() -> dict[str, str]:
    """Give this process's environment, in a time zone far away, with no proxy before the fake."""
    hosts = no_proxy()
    return {**os.environ, "NO_PROXY": hosts, "no_proxy": hosts, "TZ": TIME_ZONE}


def no_proxy() -> str:
    """Give the hosts that are asked without a proxy: those of either spelling, and loopback."""
    given = [os.environ.get(name, "") for name in ("NO_PROXY", "no_proxy")]
    hosts = [host.strip() for text in given for host in text.split(",") if host.strip()]
    return EVERYWHERE if EVERYWHERE in hosts else ",".join(dict.fromkeys([*hosts, *LOOPBACK]))
