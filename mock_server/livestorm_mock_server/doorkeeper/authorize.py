"""`/oauth/authorize`: ask (GET), approve (POST), deny (DELETE) (RFC 6749, section 4.1.1)."""

from collections.abc import Mapping
from urllib.parse import urlencode

from .. import grounds
from ..exchange import Exchange
from ..rails.errors import InternalServerError
from ..rails.response import Response, redirect, render_json
from ..rails.text import camelize, is_blank, to_s
from ..store.records import AccessGrant, Application, User
from .account import account_of, render_sign_in_page
from .errors import AccessDenied, OAuthError, UnsupportedGrantType
from .narrowing import NARROWED, WORDS, narrow
from .pages import render_page
from .pre_authorization import (
    PARAMETERS,
    PreAuthorization,
    check_authorizable,
    is_redirectable,
    read_pre_authorization,
)
from .sessions import check_csrf, has_signed_out, keep_session, signed_in
from .tokens import new_token
from .uris import InvalidURIError, is_out_of_band, uri_with_fragment, uri_with_query

PATH = "/oauth/authorize"
# The engine's classes of requests that it finds by the response type, and which can be denied.
_IS_DENIABLE = {
    "Code": True,
    "Token": True,
    "AuthorizationCode": False,
    "ClientCredentials": False,
    "Password": False,
    "RefreshToken": False,
    "Strategy": False,
}
Answer = Mapping[str, object]


async def ask(exchange: Exchange) -> Response:
    """Show the consent page, or redirect at once where no consent is needed."""
    if has_signed_out(exchange):
        return render_sign_in_page(exchange)
    pre = read_pre_authorization(exchange.request.parameters)
    try:
        application = await check_authorizable(exchange, pre)
    except OAuthError as error:
        return _answer_ask_error(exchange, pre, error)
    if exchange.options.consent == "deny":
        return refuse(exchange, pre)
    if exchange.options.consent == "approve":
        return await grant_access(exchange, pre, application)
    if await _is_remembered(exchange, pre, application):
        exchange.reason = "a live token of the same scopes spares the user the page"
        return await grant_access(exchange, pre, application)
    return _render_consent_page(exchange, pre, application)


async def approve(exchange: Exchange) -> Response:
    """Authorize; everything is checked again."""
    session = check_csrf(exchange)
    return keep_session(exchange, session, await _approve(exchange))


async def deny(exchange: Exchange) -> Response:
    """Send the user back with `access_denied`; neither client nor redirect URI is checked."""
    session = check_csrf(exchange)
    return keep_session(exchange, session, _deny(exchange))


async def _approve(exchange: Exchange) -> Response:
    pre = read_pre_authorization(exchange.request.parameters)
    try:
        application = await check_authorizable(exchange, pre)
    except OAuthError as error:
        return _answer_error(exchange, pre, error)
    asked = pre.scope
    if not narrow(pre, exchange.request.parameters):
        return _render_consent_page(exchange, pre, application, grants_nothing=True)
    if pre.scope != asked:
        exchange.reason = f"the user granted less: {pre.scope} of {asked}"
    return await grant_access(exchange, pre, application)


def _deny(exchange: Exchange) -> Response:
    pre = read_pre_authorization(exchange.request.parameters)
    if is_blank(pre.response_type):
        raise InternalServerError("Deny without a response_type")
    deniable = _IS_DENIABLE.get(camelize(to_s(pre.response_type).replace(" ", "_")))
    if deniable is False:
        raise InternalServerError("Deny with the name of a grant")
    if deniable is None:
        if not exchange.release.deny_answers_unsupported_response_type:
            raise InternalServerError("Deny with an unsupported response_type")
        # The engine words this one as if it were the token endpoint's.
        error = UnsupportedGrantType(
            grounds.RESPONSE_TYPE_UNSUPPORTED, f"response_type is {pre.response_type!r}"
        )
        return _render_error_page(exchange, error, status=200)
    return refuse(exchange, pre)


def refuse(exchange: Exchange, pre: PreAuthorization) -> Response:
    """Send the user back with `access_denied` (RFC 6749, section 4.1.2.1)."""
    return _answer_error(exchange, pre, AccessDenied(grounds.USER_DENIED, state=pre.state))


async def issue_code(
    exchange: Exchange, pre: PreAuthorization, application: Application, user: User
) -> str:
    """Issue a code for a checked request."""
    options = exchange.options
    grant = AccessGrant(
        code=exchange.provider.randomness.token(),
        application=application,
        user=user,
        redirect_uri=to_s(pre.redirect_uri),
        scopes=pre.scopes,
        created_at=exchange.now,
        expires_in=options.authorization_code_expires_in,
        code_challenge=pre.code_challenge if options.pkce else None,
        code_challenge_method=pre.code_challenge_method if options.pkce else None,
    )
    await exchange.store.issue_code(grant)
    return grant.code


async def _is_remembered(
    exchange: Exchange, pre: PreAuthorization, application: Application
) -> bool:
    """Tell whether a live token of the same scopes spares the user the page."""
    user = signed_in(exchange)
    if not application.confidential or user is None:
        return False
    return await exchange.store.has_valid_token(user, application, pre.scopes)


async def grant_access(
    exchange: Exchange, pre: PreAuthorization, application: Application
) -> Response:
    """Send the user back with a code, or with a token in the implicit flow."""
    user = signed_in(exchange)
    if user is None:
        raise InternalServerError("nobody is logged in at the provider")
    if pre.response_type == "token":
        return await _grant_implicitly(exchange, pre, application, user)
    code = await issue_code(exchange, pre, application, user)
    exchange.reason = exchange.reason or "the user approved"
    if is_out_of_band(pre.redirect_uri) and pre.response_mode != "form_post":
        return redirect(exchange.request, f"{exchange.request.root_url}{PATH}/native?code={code}")
    in_fragment = pre.response_mode == "fragment" and exchange.release.code_honours_fragment_mode
    return _send(exchange, pre, {"code": code, "state": pre.state}, in_fragment=in_fragment)


async def _grant_implicitly(
    exchange: Exchange, pre: PreAuthorization, application: Application, user: User
) -> Response:
    new = new_token(
        exchange,
        application,
        user,
        pre.scopes,
        expires_in=exchange.options.access_token_lifetime,
        with_refresh_token=False,
    )
    token = await exchange.store.issue_token(new, reuse=exchange.options.reuse_access_token)
    exchange.note_issued(token)
    exchange.reason = exchange.reason or "the user approved"
    if is_out_of_band(pre.redirect_uri) and pre.response_mode != "form_post":
        return redirect(
            exchange.request,
            f"{exchange.request.root_url}/oauth/token/info?access_token={token.token}",
        )
    answer = {
        "access_token": token.token,
        "token_type": "Bearer",
        "expires_in": token.seconds_left(exchange.now),
        "state": pre.state,
    }
    return _send(exchange, pre, answer, in_fragment=True)


def _answer_ask_error(exchange: Exchange, pre: PreAuthorization, error: OAuthError) -> Response:
    redirects = exchange.options.handle_auth_errors == "redirect"
    if redirects and exchange.release.redirects_authorize_errors and is_redirectable(error, pre):
        return _answer_error(exchange, pre, error)
    status = error.status if exchange.release.authorize_errors_have_error_status else 200
    return _render_error_page(exchange, error, status=status)


def _answer_error(exchange: Exchange, pre: PreAuthorization, error: OAuthError) -> Response:
    """Redirect the error to the client where it may be, else answer it as JSON."""
    exchange.note_refusal(error.ground, error.reason)
    body = error.body(exchange.release)
    if not is_redirectable(error, pre):
        return render_json(exchange.request, body, status=error.status)
    if pre.response_mode == "form_post" and not exchange.release.form_post_answers_errors:
        raise InternalServerError("an error is to be sent by form_post")
    return _send(exchange, pre, body, in_fragment=pre.answers_in_fragment)


def _send(
    exchange: Exchange, pre: PreAuthorization, answer: Answer, *, in_fragment: bool
) -> Response:
    """Send an answer to the client: by form_post, in the fragment or in the query."""
    if pre.response_mode == "form_post":
        return _render_form_post(exchange, pre, answer)
    fields = {name: to_s(value) for name, value in answer.items()}
    if pre.redirect_uri is None:
        raise InternalServerError("there is no redirect URI")
    build = uri_with_fragment if in_fragment else uri_with_query
    try:
        return redirect(exchange.request, build(pre.redirect_uri, fields))
    except InvalidURIError as error:
        raise InternalServerError(f"the redirect URI can't be parsed: {error}") from error


def _render_form_post(exchange: Exchange, pre: PreAuthorization, answer: Answer) -> Response:
    release = exchange.release
    if release.form_post_leaks_authenticity_token and is_out_of_band(pre.redirect_uri):
        raise InternalServerError("the token of the form needs a path")
    kept = {n: v for n, v in answer.items() if v is not None or release.form_post_keeps_absent}
    return render_page(
        exchange,
        "form_post.html",
        status=200,
        action=to_s(pre.redirect_uri),
        fields={name: to_s(value) for name, value in kept.items()},
        leaks_authenticity_token=release.form_post_leaks_authenticity_token,
        submits_itself=release.form_post_submits_itself,
    )


def _render_error_page(exchange: Exchange, error: OAuthError, *, status: int) -> Response:
    exchange.note_refusal(error.ground, error.reason)
    description = error.description(exchange.release)
    return render_page(
        exchange,
        "error.html",
        status=status,
        description=description,
        reason=exchange.reason,
        ground=error.ground,
    )


def _query_of(pre: PreAuthorization) -> str:
    """Give the query that asks the same once more."""
    asked = {name: getattr(pre, name) for name in PARAMETERS}
    present = {name: value for name, value in asked.items() if value is not None}
    return urlencode(present, errors="surrogateescape")


def _render_consent_page(
    exchange: Exchange,
    pre: PreAuthorization,
    application: Application,
    *,
    grants_nothing: bool = False,
) -> Response:
    exchange.reason = "the user is asked"
    fields = {
        "client_id": application.client_id,
        "redirect_uri": pre.redirect_uri,
        "state": pre.state,
        "response_type": pre.response_type,
        "response_mode": pre.response_mode,
        "scope": pre.scope,
        "code_challenge": pre.code_challenge,
        "code_challenge_method": pre.code_challenge_method,
    }
    if not exchange.release.consent_form_carries_response_mode:
        del fields["response_mode"]
    return render_page(
        exchange,
        "consent.html",
        status=200,
        application=application,
        scopes=pre.scopes,
        action=exchange.request.prefix + PATH,
        words=WORDS,
        narrowed=NARROWED,
        grants_nothing=grants_nothing,
        account=account_of(exchange, _query_of(pre)),
        fields={name: to_s(value) for name, value in fields.items()},
    )
