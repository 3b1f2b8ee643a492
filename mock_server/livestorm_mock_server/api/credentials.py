"""Who calls the API: an access token of an application, or a private token of a workspace."""

import re

import msgspec

from .. import grounds
from ..doorkeeper import bearer
from ..doorkeeper.errors import InsufficientScope, InvalidToken
from ..exchange import Exchange
from ..patterns import compile_late
from ..rails.response import Response, head
from ..rails.text import is_blank
from ..store.records import Organization, User
from .errors import error_object, render_error

_BEARER = compile_late(r"\ABearer ", re.IGNORECASE)


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace that a request acts for, and the user where an application calls."""

    organization: Organization
    user: User | None


class InvalidPrivateToken(Exception):
    """The `Authorization` header is no private token of a workspace."""


async def identify_caller(exchange: Exchange, scopes: tuple[str, ...] | None) -> Caller:
    """Give the caller, who needs any one of the scopes; None takes every valid credential.

    A private token may do everything. Raises InvalidToken, InsufficientScope or
    InvalidPrivateToken.
    """
    private_token = _read_private_token(exchange)
    if private_token is not None:
        return Caller(organization=_organization(exchange, private_token), user=None)
    if scopes is None:
        token = bearer.check_accessible(exchange, await bearer.present_token(exchange))
    else:
        token = await bearer.present_permitted_token(exchange, scopes)
    organization = token.user.organization if token.user else exchange.provider.organizations[0]
    return Caller(organization=organization, user=token.user)


async def bucket_of(exchange: Exchange) -> str:
    """Name the bucket that limits a request, without any effect: the workspace, if known."""
    private_token = _read_private_token(exchange)
    if private_token is not None:
        known = exchange.provider.signing.find_private_token_owner(private_token)
        return "unknown" if known is None else known.id
    token = await exchange.store.find_token(bearer.read_token(exchange))
    return "unknown" if token is None or token.user is None else token.user.organization.id


def refuse(exchange: Exchange, error: Exception) -> Response:
    """Answer for missing, wrong or insufficient credentials."""
    if isinstance(error, InvalidPrivateToken):
        exchange.note_refusal(grounds.PRIVATE_TOKEN_UNKNOWN)
        return render_error(exchange, 401, _UNAUTHORIZED)
    if isinstance(error, InvalidToken):
        return _refuse_access_token(exchange, error, 401, _UNAUTHORIZED)
    if isinstance(error, InsufficientScope):
        status = exchange.options.missing_scope_status
        shown = _FORBIDDEN if status == 403 else _UNAUTHORIZED
        return _refuse_access_token(exchange, error, status, shown)
    raise error


_UNAUTHORIZED = error_object(
    title="Unauthorized",
    detail="The credentials are missing or invalid",
    code="401",
    status="unauthorized",
)
_FORBIDDEN = error_object(
    title="Forbidden",
    detail="The access token lacks the scope that this resource needs",
    code="403",
    status="forbidden",
)


def _refuse_access_token(
    exchange: Exchange,
    error: InvalidToken | InsufficientScope,
    status: int,
    error_object: dict[str, str],
) -> Response:
    exchange.note_refusal(error.ground, error.reason)
    headers = error.headers(exchange.release)
    if exchange.options.bearer_401_body == "jsonapi":
        return render_error(exchange, status, error_object, headers=headers)
    return head(status, headers)


def _read_private_token(exchange: Exchange) -> str | None:
    """Read the header's value unless it is an access token's: told apart by `Bearer `."""
    value = exchange.request.header("authorization")
    if not exchange.options.private_tokens or value is None or is_blank(value):
        return None
    return None if _BEARER.match(value) or value.rstrip().lower() == "bearer" else value.strip()


def _organization(exchange: Exchange, private_token: str) -> Organization:
    organization = exchange.provider.signing.find_private_token_owner(private_token)
    if organization is None:
        raise InvalidPrivateToken(grounds.PRIVATE_TOKEN_UNKNOWN.reason)
    exchange.reason = "a private token"
    return organization
