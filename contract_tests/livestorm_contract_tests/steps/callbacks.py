"""Callbacks, as they should be and not, and what a client must leave alone after a bad one."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..suite.stage import Stage
from .stored import Stored, check_unchanged

REFUSALS = (Kind.SECURITY_ERROR, Kind.PROTOCOL_ERROR)
"""How a callback that does not belong to a flow is reported."""

REFUSED = "a callback that is not the answer to the flow is refused as such"
NO_TOKEN_REQUEST = "no request goes to the token endpoint"

LONGEST_URL = 8_000
"""Octets of a URL that servers should take at least; many take little more."""
SHORT_ENOUGH = f"an authorization URL has at most {LONGEST_URL} octets"


def check_length(stage: Stage, url: str) -> None:
    """Check that each server takes an authorization URL (RFC 9110, section 4.1)."""
    octets = len(url.encode("utf-8", "surrogatepass"))
    stage.check("short-enough", octets <= LONGEST_URL, told=f"{octets} octets")


def read_parameter(url: str, name: str) -> str | None:
    """Give the first value of a parameter, None where there is none."""
    return next((value for key, value in read_pairs(url) if key == name), None)


def read_pairs(url: str) -> list[tuple[str, str]]:
    """Give the parameters of a URL, in their order."""
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def with_pairs(url: str, pairs: list[tuple[str, str]]) -> str:
    """Replace all parameters of a URL."""
    return urlsplit(url)._replace(query=urlencode(pairs, quote_via=quote)).geturl()


def altered(url: str, **parameters: str | None) -> str:
    """Replace parameters of a URL, each in its place or else at the end; None leaves one out."""
    pairs = [(name, parameters.get(name, value)) for name, value in read_pairs(url)]
    pairs += [(name, value) for name, value in parameters.items() if name not in dict(pairs)]
    return with_pairs(url, [(name, value) for name, value in pairs if value is not None])


def extended(url: str, *pairs: tuple[str, str], first: bool = False) -> str:
    """Add parameters to a URL at its end, or before all others."""
    known = read_pairs(url)
    return with_pairs(url, [*pairs, *known] if first else [*known, *pairs])


def failed(stage: Stage, error: str, description: str = "It failed.", user: str = "u1") -> str:
    """Begin a flow that ends with an error; give the URL of the callback."""
    denied = stage.client.obtain_callback(user, decision="deny")
    return altered(denied, error=error, error_description=description)


def check_untouched(
    stage: Stage, outcome: Outcome, before: Stored | None, user: str = "u1"
) -> None:
    """Check that a callback led to no token request, and left what was stored alone."""
    stage.check("no-token-request", not outcome.token_requests, outcome)
    check_unchanged(stage, before, outcome, user=user)


def texts_of(outcome: Outcome) -> list[str]:
    """Give the texts of an error that a user may get to see."""
    error = outcome.reply.error
    told = () if error is None else (error.message, error.repr)
    return [text for text in told if text is not None]
