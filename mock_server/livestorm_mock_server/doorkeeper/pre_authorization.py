"""The checks of an authorization request, in the engine's order."""

from collections.abc import Mapping

import msgspec

from .. import grounds
from ..exchange import Exchange
from ..rails.errors import InternalServerError
from ..rails.parameters import Parameter
from ..rails.text import is_blank, to_s
from ..store.records import Application
from .errors import (
    InvalidClient,
    InvalidCodeChallengeMethod,
    InvalidRedirectURI,
    InvalidRequest,
    InvalidScope,
    MissingCodeChallenge,
    MissingParameter,
    OAuthError,
    UnsupportedResponseMode,
    UnsupportedResponseType,
)
from .pkce import is_supported_method, needs_pkce
from .scopes import default_scopes, is_valid_scope, split_scope
from .uris import is_harmless_redirect_uri, is_out_of_band, matches_redirect_uri

PARAMETERS = (
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "response_type",
    "response_mode",
    "redirect_uri",
    "scope",
    "state",
)

# The response modes of each response type, the default one first.
RESPONSE_MODES = {
    "code": ("query", "fragment", "form_post"),
    "token": ("fragment", "form_post"),
}
_FLOW_OF = {"code": "authorization_code", "token": "implicit"}


class PreAuthorization(msgspec.Struct, kw_only=True):
    """An authorization request: its parameters as sent, and what the checks found.

    Arrays, objects and `false` count as absent; `response_mode` gets its default when checked.
    """

    client_id: str | None
    redirect_uri: str | None
    response_type: str | None
    response_mode: str | None
    scope: str | None
    state: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    scope_is_text: bool = True

    @property
    def answers_in_fragment(self) -> bool:
        """Tell whether an error goes into the fragment of the redirect URI."""
        if self.response_mode is None:
            return self.response_type == "token"
        return self.response_mode == "fragment"

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes to be granted; known once the checks have passed."""
        return split_scope(self.scope or "")


def read_pre_authorization(parameters: Mapping[str, Parameter]) -> PreAuthorization:
    """Read the authorization parameters; all else is ignored."""
    scalars = {name: _scalar(parameters.get(name)) for name in PARAMETERS}
    scope_is_text = scalars["scope"] is None or isinstance(parameters["scope"], str)
    return PreAuthorization(**scalars, scope_is_text=scope_is_text)


async def check_authorizable(exchange: Exchange, pre: PreAuthorization) -> Application:
    """Run all checks; give the client.

    Fills in the default scope and response mode. Raises the OAuthError of the first that fails.
    """
    application = await _check_client(exchange, pre)
    _check_redirect_uri(exchange, pre, application)
    _check_present(exchange, pre)
    _check_response_type(exchange, pre)
    _check_scope(exchange, pre, application)
    _check_code_challenge(exchange, pre, application)
    _check_code_challenge_method(exchange, pre)
    return application


def is_enabled_response_type(exchange: Exchange, response_type: str | None) -> bool:
    """Tell whether the provider has a flow for this response type."""
    return _FLOW_OF.get(response_type or "") in exchange.options.grant_flows


def is_redirectable(error: OAuthError, pre: PreAuthorization) -> bool:
    """Tell whether the client may be told of this error by a redirect (RFC 6749, 4.1.2.1)."""
    names_client = isinstance(error, MissingParameter) and error.name == "client_id"
    unredirectable = isinstance(error, InvalidClient | InvalidRedirectURI) or names_client
    return not unredirectable and not is_out_of_band(pre.redirect_uri)


async def _check_client(exchange: Exchange, pre: PreAuthorization) -> Application:
    if is_blank(pre.client_id):
        raise MissingParameter("client_id", state=pre.state)
    exchange.client_id = to_s(pre.client_id)
    application = await exchange.store.find_application(to_s(pre.client_id))
    if application is None:
        raise InvalidClient(
            grounds.CLIENT_UNKNOWN, f"there is no application {pre.client_id!r}", state=pre.state
        )
    return application


def _check_redirect_uri(
    exchange: Exchange, pre: PreAuthorization, application: Application
) -> None:
    exactly = exchange.release.matches_redirect_uri_exactly
    given = to_s(pre.redirect_uri)
    if matches_redirect_uri(given, application.redirect_uris, exactly=exactly):
        return
    if not exchange.options.any_redirect_uri or not is_harmless_redirect_uri(given):
        raise InvalidRedirectURI(grounds.REDIRECT_URI_UNREGISTERED, state=pre.state)
    exchange.has_unregistered_redirect_uri = True


def _check_present(exchange: Exchange, pre: PreAuthorization) -> None:
    if is_blank(pre.response_type):
        raise MissingParameter("response_type", state=pre.state)
    if is_blank(pre.scope) and not exchange.options.default_scopes:
        raise MissingParameter("scope", state=pre.state)
    if exchange.release.wants_scope_as_text and not pre.scope_is_text:
        raise InvalidRequest(grounds.SCOPE_NO_TEXT, state=pre.state)


def _check_response_type(exchange: Exchange, pre: PreAuthorization) -> None:
    response_type = pre.response_type or ""
    if not is_enabled_response_type(exchange, response_type):
        raise UnsupportedResponseType(
            grounds.RESPONSE_TYPE_UNSUPPORTED,
            f"response_type is {response_type!r}",
            state=pre.state,
        )
    modes = RESPONSE_MODES[response_type]
    if is_blank(pre.response_mode):
        pre.response_mode = modes[0]
    elif pre.response_mode not in modes:
        raise UnsupportedResponseMode(
            grounds.RESPONSE_MODE_UNSUPPORTED,
            f"response_mode is {pre.response_mode!r}",
            state=pre.state,
        )


def _check_scope(exchange: Exchange, pre: PreAuthorization, application: Application) -> None:
    options = exchange.options
    if not pre.scope_is_text:
        raise InternalServerError("the scope is no text")
    if is_blank(pre.scope):
        pre.scope = " ".join(default_scopes(options.default_scopes, application.scopes))
    if not is_valid_scope(pre.scope or "", application.scopes or options.scopes):
        raise InvalidScope(grounds.SCOPE_NOT_GRANTED, f"scope is {pre.scope!r}", state=pre.state)


def _check_code_challenge(
    exchange: Exchange, pre: PreAuthorization, application: Application
) -> None:
    if not is_blank(pre.code_challenge) or not needs_pkce(exchange.options, application):
        return
    # The change that forces all clients spares those that get no code to prove.
    if pre.response_type == "code" or exchange.options.force_pkce == "public":
        raise MissingCodeChallenge(grounds.CODE_CHALLENGE_MISSING, state=pre.state)


def _check_code_challenge_method(exchange: Exchange, pre: PreAuthorization) -> None:
    if not exchange.options.pkce or is_blank(pre.code_challenge):
        return
    multiline = exchange.release.accepts_multiline_challenge_method
    if not is_supported_method(pre.code_challenge_method, multiline=multiline):
        method = pre.code_challenge_method
        raise InvalidCodeChallengeMethod(
            grounds.CODE_CHALLENGE_METHOD, f"code_challenge_method is {method!r}", state=pre.state
        )


def _scalar(value: Parameter) -> str | None:
    absent = value is None or value is False or isinstance(value, list | dict)
    return None if absent else to_s(value)
