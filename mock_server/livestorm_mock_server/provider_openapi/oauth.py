"""The endpoints of the OAuth engine, in a provider's release and with its options."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from ..doorkeeper.routes import oauth_routes
from ..doorkeeper.token import GRANTS
from ..options import ProviderOptions
from . import bodies
from .api import limited
from .operation import HTML, JSON, RAILS, Answer, Bodies, ProviderOperation, Security

FORM = "application/x-www-form-urlencoded"
_TOKEN_PATH = "/oauth/token"
_PAGE: Bodies = {HTML: ()}
_FAILED: Bodies = {JSON: (bodies.OAuthFailure,)}
_REDIRECT = Answer(told="The browser is sent on.", bodies=_PAGE, headers=("Location",))
_FORGED = Answer(told="The authenticity token is missing or wrong.", bodies=RAILS)
_OVERRIDDEN = Answer(told="`_method` means another verb, which there is not.", bodies=RAILS)
_REFUSED = Answer(told="Refused; `error` says why.", bodies=_FAILED, headers=("WWW-Authenticate",))
_REFUSALS = {400: _REFUSED, 401: _REFUSED}
_UNTYPED = Answer(told="The body is no form.", bodies={JSON: (bodies.Nothing,)})
_CLIENT: Security = ({"client": ()}, {})
_TOKEN: Security = ({"accessToken": ()},)
_GRANTS: Mapping[str, type[msgspec.Struct]] = {
    "authorization_code": bodies.CodeExchange,
    "refresh_token": bodies.Refresh,
    "client_credentials": bodies.ClientGrant,
    "password": bodies.PasswordGrant,
}


def oauth_operations(options: ProviderOptions) -> Iterator[ProviderOperation]:
    """Give what there is of the engine."""
    there = {route.label for route in oauth_routes(options)}
    for one in _OPERATIONS:
        if one.labels[0].partition(".")[0] in there:
            found = _as_it_is_sent(options, one) if JSON in one.media_types else one
            found = _with_grants(options, found) if one.path == _TOKEN_PATH else found
            overridden = {404: _OVERRIDDEN} if one.verb == "post" else {}
            yield replace(found, answers={**found.answers, **overridden})


def _as_it_is_sent(options: ProviderOptions, one: ProviderOperation) -> ProviderOperation:
    """Leave what is no form to those providers that take it."""
    if not options.enforce_content_type:
        return one
    return replace(one, media_types=(FORM,), answers={**one.answers, 415: _UNTYPED})


def _with_grants(options: ProviderOptions, one: ProviderOperation) -> ProviderOperation:
    """Leave the grants that there are, and say how they are limited."""
    grants = [name for name in GRANTS if name in ("refresh_token", *options.grant_flows)]
    covered = options.rate_limits and options.rate_limits_cover_token_endpoint
    return replace(
        one,
        labels=[f"token.{name}" for name in grants],
        forms=[_GRANTS[name] for name in grants],
        answers=limited(options, one.answers) if covered else one.answers,
    )


def _answered(told: str, body: object) -> Answer:
    return Answer(told=told, bodies={JSON: (body,)})


_ASKED = {
    200: Answer(told="A page: the user is asked, or told what is wrong.", bodies=_PAGE),
    302: _REDIRECT,
    **dict.fromkeys(
        (400, 401),
        Answer(told="The request can't be answered to the client.", bodies={**_PAGE, **_FAILED}),
    ),
}
_OPERATIONS: Sequence[ProviderOperation] = (
    ProviderOperation(
        id="askUser",
        verb="get",
        path="/oauth/authorize",
        labels=("authorize",),
        summary="Ask the user for consent, or send the browser back at once.",
        query=bodies.AuthorizationRequest,
        answers=_ASKED,
    ),
    ProviderOperation(
        id="approve",
        verb="post",
        path="/oauth/authorize",
        labels=("authorize",),
        summary="Approve, as the form of the page does.",
        forms=(bodies.Decision,),
        media_types=(FORM,),
        answers={**_ASKED, 422: _FORGED},
    ),
    ProviderOperation(
        id="deny",
        verb="delete",
        path="/oauth/authorize",
        labels=("authorize",),
        summary="Deny; the form of the page sends POST with `_method=delete`.",
        forms=(bodies.Decision,),
        media_types=(FORM,),
        answers={**_ASKED, 422: _FORGED},
    ),
    ProviderOperation(
        id="showCode",
        verb="get",
        path="/oauth/authorize/native",
        labels=("native",),
        summary="Show a code to the user of an application without a redirect URI of its own.",
        parameters=[{"name": "code", "in": "query", "schema": {"type": "string"}}],
        answers={200: Answer(told="A page with the code.", bodies=_PAGE)},
    ),
    ProviderOperation(
        id="requestTokens",
        verb="post",
        path=_TOKEN_PATH,
        labels=("token",),
        summary="Exchange a code, or a refresh token, for a pair.",
        media_types=(FORM, JSON),
        security=_CLIENT,
        answers={200: _answered("A pair.", bodies.TokenPair), **_REFUSALS},
    ),
    ProviderOperation(
        id="revoke",
        verb="post",
        path="/oauth/revoke",
        labels=("revoke",),
        summary="Revoke the pair of a token; one that is unknown is no error.",
        forms=(bodies.AboutToken,),
        media_types=(FORM, JSON),
        security=_CLIENT,
        answers={
            200: _answered("Nothing opens with it any more.", bodies.Nothing),
            **_REFUSALS,
            403: Answer(told="It belongs to another client.", bodies=_FAILED),
        },
    ),
    ProviderOperation(
        id="introspect",
        verb="post",
        path="/oauth/introspect",
        labels=("introspect",),
        summary="Tell whether a token is active, and what it may do.",
        forms=(bodies.AboutToken,),
        media_types=(FORM, JSON),
        security=(*_CLIENT, *_TOKEN),
        answers={200: _answered("What is known of it.", bodies.Introspection), **_REFUSALS},
    ),
    ProviderOperation(
        id="showTokenInfo",
        verb="get",
        path="/oauth/token/info",
        labels=("token_info",),
        summary="Tell what the access token is that is sent.",
        security=_TOKEN,
        answers={200: _answered("What it is.", bodies.TokenInfo), **_REFUSALS},
    ),
    ProviderOperation(
        id="listAuthorizedApplications",
        verb="get",
        path="/oauth/authorized_applications",
        labels=("authorized_applications",),
        summary="List the applications that have a token of the user.",
        answers={
            200: Answer(
                told="A page, or a list for who asks for JSON.",
                bodies={HTML: (), JSON: (list[bodies.AuthorizedApplication],)},
            )
        },
    ),
    ProviderOperation(
        id="disconnectApplication",
        verb="delete",
        path="/oauth/authorized_applications/{id}",
        labels=("authorized_applications",),
        summary="Revoke all codes and tokens of the user for an application.",
        answers={302: _REDIRECT, 422: _FORGED},
    ),
    ProviderOperation(
        id="showMetadata",
        verb="get",
        path="/.well-known/oauth-authorization-server",
        labels=("metadata",),
        summary="Tell where the endpoints are, and what they can do.",
        answers={200: _answered("The metadata.", bodies.Metadata)},
    ),
)
