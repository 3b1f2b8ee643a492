"""The token endpoint's answer."""

import re
from collections.abc import Iterable

from .answer import Answer, check_available, read_detail, read_object
from .errors import LivestormError, ProtocolError, ReauthorizationRequired
from .refusals import issue_refusal, read_code
from .tokens import Tokens

LONGEST_LIFETIME = 10**15


def read_tokens(
    answer: Answer,
    *,
    sent_at: float,
    previous: Tokens | None = None,
    secrets: Iterable[str | None] = (),
) -> Tokens:
    """Read an access token response, or raise what the answer means (RFC 6749, section 5).

    `sent_at` is the moment of the request in Unix seconds, from which expiry is counted.
    What the answer leaves out is taken from `previous` (section 6).
    """
    check_available(answer, sent_at)
    members = read_object(answer)
    if not answer.succeeded or members is None or "error" in members:
        raise read_refusal(answer, members, tuple(secrets))
    lifetime = read_lifetime(members.get("expires_in"))
    tokens = Tokens(
        access_token=read_access_token(answer.status, members),
        refresh_token=read_token(members.get("refresh_token")),
        expires_at=None if lifetime is None else sent_at + lifetime,
        scope=read_scope(members.get("scope")),
        lifetime=lifetime,
    )
    return tokens.completed_by(previous) if previous else tokens


def read_refusal(
    answer: Answer, members: dict[str, object] | None, secrets: tuple[str | None, ...]
) -> LivestormError:
    """Read an answer that brings no token (RFC 6749, section 5.2).

    Error codes count in a 4xx only, and `invalid_grant` in 400 and 401 only, so that no
    gateway's page ends a connection. A 2xx is not quoted: it may be about new tokens.
    """
    code = read_code((members or {}).get("error"), secrets)
    message = f"the token endpoint answered {answer.status} {code or 'without a token'}"
    if not 400 <= answer.status < 500:
        return ProtocolError(message, status=answer.status, code=code)
    message += read_detail(members, secrets)
    if code == "invalid_grant" and answer.status in (400, 401):
        return ReauthorizationRequired(message, status=answer.status, code=code)
    return issue_refusal(code, message, answer.status)


def read_access_token(status: int, members: dict[str, object]) -> str:
    """Give the access token; ProtocolError when there is none or its type is not Bearer."""
    token_type = members.get("token_type")
    if not isinstance(token_type, str) or token_type.lower() != "bearer":
        raise ProtocolError("the token endpoint answered no token_type Bearer", status=status)
    access_token = read_token(members.get("access_token"))
    if access_token is None:
        raise ProtocolError("the token endpoint answered no usable access_token", status=status)
    return access_token


def read_token(value: object) -> str | None:
    """Give a token that can be sent again, None for anything else (RFC 6749, appendix A.12)."""
    if not isinstance(value, str) or value != value.strip():
        return None
    return value if value.isascii() and value.isprintable() and value else None


def read_lifetime(value: object) -> float | None:
    """Read `expires_in` as seconds, 0 when it is negative, None when it is no whole number.

    Numbers in strings are accepted: servers send them.
    """
    if isinstance(value, str):
        number = re.fullmatch(r"\s*(-?[0-9]{1,400})(\.0*)?\s*", value, re.ASCII)
        value = int(number[1]) if number else None
    if isinstance(value, float):
        value = int(value) if value.is_integer() else None
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return float(min(max(value, 0), LONGEST_LIFETIME))


def read_scope(value: object) -> tuple[str, ...] | None:
    """Read a space separated scope, None when the answer does not state it (section 3.3)."""
    return tuple(value.split()) or None if isinstance(value, str) else None
