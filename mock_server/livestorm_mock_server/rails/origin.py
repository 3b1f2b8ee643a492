"""The origin that a client addressed, as Puma, Rack 2.2 and Rails make it out behind proxies.

`Forwarded` (RFC 7239) and `X-Forwarded-Port` are not among what they go by.
"""

import re
from collections.abc import Callable

from ..patterns import compile_late

_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PORT = compile_late(r":(\d+)\Z", re.ASCII)
_COMMA = compile_late(r",\s?", re.ASCII)


def read_origin(header: Callable[[str], str | None], scheme: str) -> str:
    """Give scheme, host and port, the scheme's own port left out.

    `header` gives a header's value by its lower-case name; `scheme` is the connection's. Hosts
    come out as they came, also such that can't be.
    """
    scheme = _scheme(header) or scheme
    host = read_host(header)
    port = _PORT.search(host)
    if port is None:
        return f"{scheme}://{host}"
    bare, number = host[: port.start()], port[1].lstrip("0") or "0"
    return f"{scheme}://{bare}" + ("" if number == _DEFAULT_PORTS[scheme] else f":{number}")


def _scheme(header: Callable[[str], str | None]) -> str | None:
    """Give the scheme that a proxy tells, None without; of a list of them the first counts."""
    if header("x-forwarded-ssl") == "on":
        return "https"
    told = header("x-forwarded-proto") or ""
    for one in (header("x-forwarded-scheme"), told.partition(",")[0]):
        if one in _DEFAULT_PORTS:
            return one
    # Rack knows no such scheme; Puma looks at the first five letters.
    return "https" if told.startswith("https") else None


def read_host(header: Callable[[str], str | None]) -> str:
    """Give host and port as they came; of a list of forwarded ones the last counts."""
    # A list of nothing is an error of Rails, for which nobody puts up a proxy.
    named = [one for one in _COMMA.split(header("x-forwarded-host") or "") if one]
    if named:
        return named[-1]
    host = header("host")
    return "localhost" if host is None else host
