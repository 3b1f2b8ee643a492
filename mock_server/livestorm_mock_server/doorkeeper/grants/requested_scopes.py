"""The scopes of a grant that asks for them at the token endpoint."""

from ... import grounds
from ...exchange import Exchange
from ...rails.errors import InternalServerError
from ...rails.parameters import Parameter
from ...rails.text import is_blank, to_s
from ...store.records import Application
from ..errors import InvalidRequest, InvalidScope
from ..raised import Raised
from ..scopes import default_scopes, is_valid_scope, split_scope


def read_scope(exchange: Exchange, asked: Parameter) -> str:
    """Give a scope parameter as text, empty for a blank one.

    What is no text is refused from Doorkeeper 6 on: raises Raised, with InvalidRequest. Before,
    an array is taken for a scope of that name, and all else raises InternalServerError.
    """
    if is_blank(asked):
        return ""
    if isinstance(asked, str):
        return asked
    if exchange.release.wants_scope_as_text:
        state = exchange.request.parameters.get("state")
        raise Raised(InvalidRequest(grounds.SCOPE_NO_TEXT, state=state))
    if isinstance(asked, list):
        return to_s(asked)
    raise InternalServerError("the scope is no text")


def check_requested_scopes(
    exchange: Exchange, application: Application, asked: str
) -> tuple[str, ...]:
    """Give the scopes asked for, or the defaults. Raises InvalidScope."""
    if is_blank(asked):
        return default_scopes(exchange.options.default_scopes, application.scopes)
    scopes = split_scope(asked)
    allowed = application.scopes or exchange.options.scopes
    if scopes and not is_valid_scope(" ".join(scopes), allowed):
        raise InvalidScope(grounds.SCOPE_NOT_GRANTED)
    return scopes
