"""What the table of the invariants and RFC 6749, section 5, allow for a token answer."""

import re
from collections.abc import Mapping
from typing import Final

from ..driving.kinds import Kind
from .allowance import MAY_BE_REPEATED, Allowance, Grant, allow, allow_either
from .readings import UNREADABLE, Reading, read_json

REFUSED: Final = allow(Kind.PROTOCOL_ERROR, Kind.CONFIG_ERROR)
"""A 4xx that means nothing in particular."""

NOT_A_TOKEN: Final = allow(Kind.PROTOCOL_ERROR)

REDIRECTED: Final = allow(Kind.PROTOCOL_ERROR, Kind.SECURITY_ERROR)
"""As at the API; H04 takes either, too."""

BY_ERROR: Final[Mapping[str, Allowance]] = {
    "invalid_grant": allow(Kind.REAUTH_REQUIRED),
    "invalid_client": allow(Kind.CONFIG_ERROR),
    "invalid_request": allow(Kind.CONFIG_ERROR),
    "invalid_scope": allow(Kind.CONFIG_ERROR),
    "unauthorized_client": allow(Kind.CONFIG_ERROR),
    "unsupported_grant_type": allow(Kind.CONFIG_ERROR),
    "server_error": allow(Kind.RETRY_LATER),
    "temporarily_unavailable": allow(Kind.RETRY_LATER),
}

MOST_SECONDS: Final = 10**10
"""A lifetime above this may be taken for junk."""


def allow_after_token_answer(
    status: int | None, content_type: str | None, body: bytes
) -> Allowance:
    """Tell what may follow an answer of the token endpoint.

    `status` is None where no complete answer was sent. An answer that correct readers may read
    in several ways allows what any of these readings allows.
    """
    if status is None:
        return allow(Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
    if status == 429 or status >= 500:
        return allow(Kind.RETRY_LATER)
    if 300 <= status < 400:
        return REDIRECTED
    readings = read_json(body, content_type, ["application/json"])
    if status == 205:
        # No content by RFC 9110, section 15.3.6, but there may be one on the wire.
        readings.append(UNREADABLE)
    return allow_either(allow_after_reading(status, reading) for reading in readings)


def allow_after_reading(status: int, reading: Reading) -> Allowance:
    """Tell what may follow one reading of a 2xx or 4xx; an error with a 2xx is no token."""
    if status >= 400:
        return allow_after_refusal(status, reading)
    if not isinstance(reading, dict):
        return NOT_A_TOKEN
    if "error" in reading:
        return allow_either([NOT_A_TOKEN, allow_after_code(reading["error"], NOT_A_TOKEN)])
    return allow_after_members(status, reading)


def allow_after_code(error: object, unknown: Allowance) -> Allowance:
    """Tell what may follow an error by its code; `unknown` is for what means nothing."""
    return BY_ERROR.get(error, unknown) if isinstance(error, str) else unknown


def allow_after_refusal(status: int, reading: Reading) -> Allowance:
    """Tell what may follow a 4xx (RFC 6749, section 5.2); an unknown code is just a refusal."""
    error = reading.get("error") if isinstance(reading, dict) else None
    allowed = allow_after_code(error, REFUSED)
    if error == "invalid_grant" and status not in (400, 401):
        allowed = allow_either([allowed, REFUSED])
    if status in MAY_BE_REPEATED:
        allowed = allow_either([allowed, allow(Kind.RETRY_LATER)])
    return allowed


def allow_after_members(status: int, members: Mapping[str, object]) -> Allowance:
    """Tell what may follow a 2xx with a JSON object (RFC 6749, section 5.1)."""
    access_token, token_type = members.get("access_token"), members.get("token_type")
    if not isinstance(access_token, str) or not access_token:
        return NOT_A_TOKEN
    if not isinstance(token_type, str) or token_type.lower() != "bearer":
        return NOT_A_TOKEN
    kinds = {Kind.OK}
    if status != 200 or not is_sendable(access_token) or not is_well_formed(members):
        kinds.add(Kind.PROTOCOL_ERROR)
    return Allowance(
        kinds=frozenset(kinds),
        grants=frozenset(
            Grant(access_token=access_token, refresh_token=refresh_token)
            for refresh_token in list_refresh_tokens(members)
        ),
    )


def list_refresh_tokens(members: Mapping[str, object]) -> list[str | None]:
    """List the refresh tokens that may be kept; one that nobody can send may be overlooked."""
    refresh_token = members.get("refresh_token")
    if not isinstance(refresh_token, str) or not refresh_token:
        return [None]
    return [refresh_token] if is_sendable(refresh_token) else [refresh_token, None]


def is_well_formed(members: Mapping[str, object]) -> bool:
    """Tell whether the members beside the access token are such that nobody may object."""
    refresh_token = members.get("refresh_token", "")
    return (
        (refresh_token in ("", None) or is_sendable(refresh_token))
        and is_lifetime(members.get("expires_in", 0))
        and isinstance(members.get("scope", ""), str)
    )


def is_sendable(token: object) -> bool:
    """Tell whether every client can send the token (RFC 6750, section 2.1: `b64token`)."""
    return isinstance(token, str) and re.fullmatch(r"[A-Za-z0-9\-._~+/]+=*", token) is not None


def is_lifetime(value: object) -> bool:
    """Tell whether `expires_in` is a number of seconds, as servers send it, in a string even."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value <= MOST_SECONDS and value == int(value)
