"""Refresh tokens at the token endpoint (RFC 6749, section 6)."""

from .rule import Noticed
from .sent import PATIENCE, Sent
from .traffic import Traffic
from .wording import shown

_LABEL = "token.refresh_token"


def superseded_refresh_tokens(traffic: Traffic) -> Noticed:
    """Notice refresh tokens that are sent although the client has their successor."""
    for token, sent in traffic.with_text(_LABEL, "refresh_token").items():
        rotation = next((one for one in sent if _rotates(one)), None)
        if rotation and (late := [one for one in sent if one.follows(rotation)]):
            replaced = f"refresh token {shown(token)} was replaced by the answer to"
            yield f"{replaced} exchange {rotation.seq}, and is sent again", [rotation, *late]


def concurrent_refreshes(traffic: Traffic) -> Noticed:
    """Notice a refresh token in two requests at the same time."""
    for token, sent in traffic.with_text(_LABEL, "refresh_token").items():
        under_way: list[Sent] = []
        for one in sent:
            under_way = [earlier for earlier in under_way if _is_beside(one, earlier)]
            if under_way:
                message = f"refresh token {shown(token)} is in several requests at the same time"
                yield message, [*under_way, one]
            under_way.append(one)


def dead_grants(traffic: Traffic) -> Noticed:
    """Notice refresh tokens that are sent again after `invalid_grant`."""
    for token, sent in traffic.with_text(_LABEL, "refresh_token").items():
        end = next((one for one in sent if one.answer.get("error") == "invalid_grant"), None)
        if end and (late := [one for one in sent if one.follows(end)]):
            message = f"refresh token {shown(token)} was answered invalid_grant, and is sent again"
            yield message, [end, *late]


def _rotates(sent: Sent) -> bool:
    """Tell whether the answer is a token that a client has to take, with a new refresh token."""
    answer = sent.answer
    token_type, new = answer.get("token_type"), answer.get("refresh_token")
    is_token = bool(answer.get("access_token")) and "error" not in answer
    is_bearer = isinstance(token_type, str) and token_type.lower() == "bearer"
    is_new = isinstance(new, str) and new not in ("", sent.text("refresh_token"))
    return sent.status == 200 and is_token and is_bearer and is_new


def _is_beside(later: Sent, earlier: Sent) -> bool:
    """Tell whether the client can't have given up the earlier request."""
    gave_up = earlier.came_late and later.entry.wall - earlier.entry.wall > PATIENCE
    return not gave_up and not later.follows(earlier)
