"""`WWW-Authenticate`, read by its grammar (RFC 9110, section 11.6.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = (
    rf'(?P<name>{_TOKEN})[ \t]*=[ \t]*(?:(?P<token>{_TOKEN})|"(?P<quoted>(?:[^"\\]|\\.)*)")'
)
_ELEMENT = re.compile(
    rf"(?:(?:(?P<scheme>{_TOKEN}) +)?{_PARAMETER}"
    rf"|(?P<alone>{_TOKEN})(?: +[A-Za-z0-9._~+/-]+=*)?)?[ \t]*(?:,[ \t]*|\Z)"
)
"""One element of the list: a parameter, the first one behind its scheme, or a scheme alone."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A scheme and its parameters, names in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def read_challenges(value: str) -> list[Challenge]:
    """Read the header's value, its lines joined by commas; [] where it breaks the grammar."""
    found: list[tuple[str, dict[str, str]]] = []
    value, place = value.strip(" \t"), 0
    while place < len(value):
        element = _ELEMENT.match(value, place)
        if element is None:
            return []
        place = element.end()
        if scheme := element["scheme"] or element["alone"]:
            found.append((scheme.lower(), {}))
        if name := element["name"]:
            if not found:
                return []
            quoted = re.sub(r"\\(.)", r"\1", element["quoted"] or "")
            found[-1][1][name.lower()] = element["token"] or quoted
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def read_error(value: str) -> str | None:
    """Give the error of the first Bearer challenge that has one (RFC 6750, section 3)."""
    bearer = (one.parameters for one in read_challenges(value) if one.scheme == "bearer")
    return next((one["error"] for one in bearer if "error" in one), None)
