"""How a client proves who it is at the token, revocation and introspection endpoints."""

import binascii
import re

import msgspec

from .. import grounds
from ..exchange import Exchange
from ..patterns import compile_late
from ..rails.errors import InternalServerError
from ..rails.parameters import Parameter
from ..rails.text import is_blank, to_s
from ..store.records import Application
from .errors import SeveralClientAuthentications
from .raised import Raised

_BASIC = compile_late(r"\ABasic (.*)", re.DOTALL)
_BASIC_ANY_CASE = compile_late(r"\ABasic (.*)", re.DOTALL | re.IGNORECASE)
_NOT_BASE64 = compile_late(rb"[^A-Za-z0-9+/=]")
_QUADS = compile_late(rb"(?:=*[^=]=*[^=]{3})*(?:=*[^=]=*[^=]{1,2})?")


class Credentials(msgspec.Struct, frozen=True):
    """A `client_id` and what was sent as its secret."""

    client_id: Parameter
    client_secret: Parameter
    is_text: bool = True
    """Whether the id can be looked up: one of HTTP Basic may hold bytes beyond ASCII."""


def read_credentials(exchange: Exchange) -> Credentials | None:
    """Read the client's credentials: HTTP Basic first, then parameters (RFC 6749, 2.3.1).

    Basic values are not URL-decoded. None where a client named no credentials, or two clients
    where the release heeds neither. Raises Raised, with SeveralClientAuthentications, from 5.9 on.
    """
    basic = _read_basic(exchange)
    credentials = _read_posted(exchange) if basic is None else _check_single(exchange, basic)
    if credentials is not None and credentials.is_text:
        exchange.client_id = to_s(credentials.client_id)
    return credentials


def given_client_id(exchange: Exchange) -> str | None:
    """Give the `client_id` that was sent in whatever way; nothing is checked."""
    given = _read_basic(exchange) or _read_parameters(exchange)
    client_id = given.client_id
    return client_id if isinstance(client_id, str) and client_id and given.is_text else None


async def authenticate_client(
    exchange: Exchange, credentials: Credentials | None
) -> Application | None:
    """Give the client of these credentials, None where they are missing or wrong.

    A public client needs no secret, but a wrong one is refused. Raises InternalServerError
    where the engine does: for an id or a secret that is no text.
    """
    if credentials is None:
        return None
    if not credentials.is_text:
        raise InternalServerError("the client id of HTTP Basic holds bytes beyond ASCII")
    application = await exchange.store.find_application(to_s(credentials.client_id))
    if application is None:
        return None
    secret = credentials.client_secret
    if is_blank(secret) and not application.confidential:
        return application
    if secret is None:
        return None
    if not isinstance(secret, str):
        if exchange.release.compares_secrets_as_text:
            return None
        raise InternalServerError("the client secret is no string")
    return application if secret == application.client_secret else None


def _read_basic(exchange: Exchange) -> Credentials | None:
    authorization = exchange.request.header("authorization")
    if authorization is None:
        return None
    any_case = exchange.release.takes_basic_in_any_case
    match = (_BASIC_ANY_CASE if any_case else _BASIC).match(authorization)
    if match is None:
        return None
    client_id, colon, secret = _decode(match[1]).partition(b":")
    if not client_id.strip():
        return None
    text = secret.decode("utf-8", "replace") if colon else None
    escaped = client_id.decode("ascii", "surrogateescape")
    return Credentials(escaped, text, is_text=client_id.isascii())


def _read_parameters(exchange: Exchange) -> Credentials:
    request = exchange.request
    ignores_query = exchange.release.ignores_client_credentials_in_query
    source = request.request_parameters if ignores_query else request.parameters
    return Credentials(source.get("client_id"), source.get("client_secret"))


def _read_posted(exchange: Exchange) -> Credentials | None:
    posted = _read_parameters(exchange)
    if is_blank(posted.client_id):
        return None
    authorization = exchange.request.header("authorization")
    if authorization is None:
        return posted
    clean = is_blank(authorization) or authorization.lower().startswith("bearer ")
    may = clean or not is_blank(posted.client_secret) or not exchange.release.none_wants_no_header
    return posted if may else None


def _check_single(exchange: Exchange, basic: Credentials) -> Credentials | None:
    """Give the credentials of HTTP Basic unless the parameters name another client.

    Raises Raised where the release counts two authentications.
    """
    rule = exchange.release.several_client_authentications
    if rule == "allowed":
        return basic
    posted = _read_parameters(exchange)
    if is_blank(posted.client_id):
        return basic
    names_another = posted.client_id != basic.client_id
    collides = not is_blank(posted.client_secret)
    if rule == "one_client_one_secret":
        collides = names_another or (collides and not is_blank(basic.client_secret))
    if collides:
        raise Raised(
            SeveralClientAuthentications(
                grounds.SEVERAL_AUTHENTICATIONS,
                state=exchange.request.parameters.get("state"),
            )
        )
    return None if names_another else basic


def _decode(text: str) -> bytes:
    """Decode as Ruby's lenient `Base64.decode64`.

    Foreign characters are skipped, and so is `=` where no padding can be; other padding ends it.
    """
    read = _QUADS.match(_NOT_BASE64.sub(b"", text.encode("latin-1", "ignore")))
    digits = read[0].replace(b"=", b"") if read else b""
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
