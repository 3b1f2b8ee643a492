"""The scopes of a grant that asks for them at the token endpoint."""

from ...exchange import Exchange
from ...rails.text import is_blank
from ...store.records import Application
from ..errors import InvalidScope
from ..scopes import default_scopes, is_valid_scope, split_scope


def read_requested_scopes(
    exchange: Exchange, application: Application, asked: str
) -> tuple[str, ...]:
    """Give the scopes asked for, or the defaults. Raises InvalidScope."""
    if is_blank(asked):
        return default_scopes(exchange.options.default_scopes, application.scopes)
    scopes = split_scope(asked)
    allowed = application.scopes or exchange.options.scopes
    if scopes and not is_valid_scope(" ".join(scopes), allowed):
        raise InvalidScope("a scope is unknown, or the application may not have it")
    return scopes
