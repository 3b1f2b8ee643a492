"""Reading a fault from a scenario, the control API, Python or a request header."""

from collections.abc import Mapping, Sequence

from ..reading import InvalidInputError, expected_one_of, read_struct
from .answer import AnswerFault
from .api_error import APIErrorFault
from .delay import DelayFault
from .expired_token import ExpiredTokenFault
from .fault import Fault
from .html_page import HTMLPageFault
from .oauth_error import OAuthErrorFault
from .rate_limited import RateLimitedFault
from .revoked_grant import RevokedGrantFault

KINDS: dict[str, type[Fault]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        AnswerFault,
        APIErrorFault,
        DelayFault,
        ExpiredTokenFault,
        HTMLPageFault,
        OAuthErrorFault,
        RateLimitedFault,
        RevokedGrantFault,
    )
}

HEADER = "x-livestorm-mock-fault"


def read_fault(
    keys: Mapping[str, object], labels: Sequence[str], *, where: str = "", strict: bool = True
) -> Fault:
    """Read a fault from its keys. Raises InvalidInputError with the key that is wrong.

    Without `strict`, numbers may be given as text.
    """
    kind = keys.get("fault")
    if kind not in KINDS:
        raise InvalidInputError(f"{where}fault", kind, expected_one_of(kind, KINDS))
    fault = read_struct(keys, KINDS[str(kind)], where=where, strict=strict)
    if fault.on not in labels:
        raise InvalidInputError(f"{where}on", fault.on, expected_one_of(fault.on, labels))
    fault.check(where)
    return fault


def read_header(value: str, label: str, labels: Sequence[str]) -> Fault:
    """Read a request's own fault: `rate_limited; retry_after=2`. Raises InvalidInputError."""
    kind, *pairs = (part.strip() for part in value.split(";"))
    keys: dict[str, object] = {"on": label, "fault": kind}
    for pair in filter(None, pairs):
        name, _, text = pair.partition("=")
        keys[name.strip()] = text.strip().strip('"')
    return read_fault(keys, labels, where="X-Livestorm-Mock-Fault: ", strict=False)
