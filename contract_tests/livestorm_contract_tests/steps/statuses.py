"""All statuses of a class: what is claimed of the class is tried with each of them."""

from http import HTTPStatus
from typing import Final

from ..allowances.allowance import MAY_BE_REPEATED
from ..driving.kinds import Kind

# For `fetch` a 407 is no answer (https://fetch.spec.whatwg.org/#http-network-or-cache-fetch), and a
# 429 is a limit.
REFUSALS: Final = tuple(
    int(one) for one in HTTPStatus if 400 <= one < 500 and one not in (407, 429)
)
"""4xx that say that a request is not served as it is."""

OUTAGES: Final = (*(int(one) for one in HTTPStatus if one >= 500), 520, 522, 525, 530)
"""5xx, Cloudflare's own among them."""


def kinds_of_refusal(status: int) -> tuple[Kind, ...]:
    """Give the kinds that may be reported of a 4xx that says nothing of a grant or a token."""
    repeatable = (Kind.RETRY_LATER,) if status in MAY_BE_REPEATED else ()
    return (Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR, *repeatable)
