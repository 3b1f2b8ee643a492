"""What the table of API answers allows (RFC 6750, section 3.1; JSON:API 1.1)."""

from collections.abc import Mapping
from typing import Final

from ..driving.kinds import Kind
from .allowance import MAY_BE_REPEATED, Allowance, allow, allow_either
from .readings import Reading, read_json

MEDIA_TYPES: Final = ("application/vnd.api+json", "application/json")

BY_STATUS: Final[Mapping[int, Allowance]] = {
    # The table says ok; a client that was asked for a resource may miss it.
    204: allow(Kind.OK, Kind.PROTOCOL_ERROR),
    401: allow(Kind.REAUTH_REQUIRED),
    403: allow(Kind.CONFIG_ERROR, Kind.DENIED),
    429: allow(Kind.RETRY_LATER),
}


def allow_after_api_answer(
    status: int | None,
    content_type: str | None,
    body: bytes,
    *,
    challenge: str = "",
    empty_is_ok: bool = False,
) -> Allowance:
    """Tell what may follow an API answer after the client's own retries.

    `status` is None where no complete answer was sent; `challenge` is its `WWW-Authenticate`;
    `empty_is_ok` is for `/ping`, whose 200 has no body.
    """
    if status is None:
        return allow(Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
    # One page of Livestorm's documentation has 401 for a missing scope, which nothing but the
    # challenge can tell from a dead token.
    if status == 401 and "insufficient_scope" in challenge:
        return allow(Kind.REAUTH_REQUIRED, Kind.CONFIG_ERROR, Kind.DENIED)
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return allow(Kind.RETRY_LATER)
    if status in MAY_BE_REPEATED:
        return allow(Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR, Kind.RETRY_LATER)
    if status >= 400:
        return allow(Kind.CONFIG_ERROR, Kind.PROTOCOL_ERROR)
    if status >= 300:
        return allow(Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR)
    if empty_is_ok and not body:
        return allow(Kind.OK)
    readings = read_json(body, content_type, MEDIA_TYPES)
    allowed = allow_either(allow_after_document(reading) for reading in readings)
    return allowed if status == 200 else allow_either([allowed, allow(Kind.PROTOCOL_ERROR)])


def allow_after_document(reading: Reading) -> Allowance:
    """Tell what may follow a 2xx: a document has `data` or `meta`, and no `errors` beside it.

    A document without a resource object may be refused by a client that asked for one, and
    `errors` beside a resource object may be overlooked.
    """
    if not isinstance(reading, dict) or not {"data", "meta"} & set(reading):
        return allow(Kind.PROTOCOL_ERROR)
    if not is_resource(reading.get("data")):
        return allow(Kind.PROTOCOL_ERROR, *[] if "errors" in reading else [Kind.OK])
    return allow(Kind.OK, *[Kind.PROTOCOL_ERROR] if "errors" in reading else [])


def is_resource(data: object) -> bool:
    """Tell whether `data` is a resource object, with `type` and `id` (JSON:API, section 7.2)."""
    return isinstance(data, dict) and all(isinstance(data.get(n), str) for n in ("type", "id"))
