"""The endpoints of the OAuth engine, in a provider's release and with its options."""

from collections.abc import Iterator, Mapping

import msgspec

from ..doorkeeper.routes import oauth_routes
from ..doorkeeper.token import GRANTS
from ..options import ProviderOptions
from . import bodies
from .api import limited
from .operation import HTML, JSON, RAILS, Answer, Bodies, ProviderOperation, Security

FORM = "application/x-www-form-urlencoded"
_PAGE: Bodies = {HTML: ()}
_FAILED: Bodies = {JSON: (bodies.OAuthFailure,)}
_REDIRECT = Answer(told="The browser is sent on.", bodies=_PAGE, headers=("Location",))
_FORGED = Answer(told="The authenticity token is missing or wrong.", bodies=RAILS)
_OVERRIDDEN = Answer(told="`_method` means another verb, which there is not.", bodies=RAILS)
_REFUSED = Answer(told="Refused; `error` says why.", bodies=_FAILED, headers=("WWW-Authenticate",))
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
    told = (*_authorization(), *_tokens(options), *_lists())
    for one in told:
        if one.labels[0].partition(".")[0] in there:
            overridden = {404: _OVERRIDDEN} if one.verb == "post" else {}
            yield msgspec.structs.replace(one, answers={**one.answers, **overridden})


def _answered(told: str, body: object) -> Answer:
    return Answer(told=told, bodies={JSON: (body,)})


def _authorization() -> Iterator[ProviderOperation]:
    path, labels = "/oauth/authorize", ("authorize",)
    unsure = Answer(
        told="The request can't be answered to the client.", bodies={**_PAGE, **_FAILED}
    )
    page = Answer(told="A page: the user is asked, or told what is wrong.", bodies=_PAGE)
    answers = {200: page, 302: _REDIRECT, 400: unsure, 401: unsure}
    yield ProviderOperation(
        id="askUser",
        verb="get",
        path=path,
        labels=labels,
        summary="Ask the user for consent, or send the browser back at once.",
        query=bodies.AuthorizationRequest,
        answers=answers,
    )
    for verb, name, summary in (
        ("post", "approve", "Approve, as the form of the page does."),
        ("delete", "deny", "Deny; the form of the page sends POST with `_method=delete`."),
    ):
        yield ProviderOperation(
            id=name,
            verb=verb,
            path=path,
            labels=labels,
            summary=summary,
            forms=(bodies.Decision,),
            media_types=(FORM,),
            answers=answers | {422: _FORGED},
        )
    yield ProviderOperation(
        id="showCode",
        verb="get",
        path=f"{path}/native",
        labels=("native",),
        summary="Show a code to the user of an application without a redirect URI of its own.",
        parameters=[{"name": "code", "in": "query", "schema": {"type": "string"}}],
        answers={200: Answer(told="A page with the code.", bodies=_PAGE)},
    )


def _tokens(options: ProviderOptions) -> Iterator[ProviderOperation]:
    untyped = {415: _UNTYPED} if options.enforce_content_type else {}
    media_types = (FORM,) if options.enforce_content_type else (FORM, JSON)
    grants = [one for one in GRANTS if one in ("refresh_token", *options.grant_flows)]
    issued = {
        200: _answered("A pair.", bodies.TokenPair),
        400: _REFUSED,
        401: _REFUSED,
        **untyped,
    }
    covered = options.rate_limits and options.rate_limits_cover_token_endpoint
    yield ProviderOperation(
        id="requestTokens",
        verb="post",
        path="/oauth/token",
        labels=[f"token.{one}" for one in grants],
        summary="Exchange a code, or a refresh token, for a pair.",
        forms=[_GRANTS[one] for one in grants],
        media_types=media_types,
        security=_CLIENT,
        answers=limited(options, issued) if covered else issued,
    )
    yield ProviderOperation(
        id="revoke",
        verb="post",
        path="/oauth/revoke",
        labels=("revoke",),
        summary="Revoke the pair of a token; one that is unknown is no error.",
        forms=(bodies.AboutToken,),
        media_types=media_types,
        security=_CLIENT,
        answers={
            200: _answered("Nothing opens with it any more.", bodies.Nothing),
            400: _REFUSED,
            401: _REFUSED,
            403: Answer(told="It belongs to another client.", bodies=_FAILED),
            **untyped,
        },
    )
    yield ProviderOperation(
        id="introspect",
        verb="post",
        path="/oauth/introspect",
        labels=("introspect",),
        summary="Tell whether a token is active, and what it may do.",
        forms=(bodies.AboutToken,),
        media_types=media_types,
        security=(*_CLIENT, *_TOKEN),
        answers={
            200: _answered("What is known of it.", bodies.Introspection),
            400: _REFUSED,
            401: _REFUSED,
            **untyped,
        },
    )
    yield ProviderOperation(
        id="showTokenInfo",
        verb="get",
        path="/oauth/token/info",
        labels=("token_info",),
        summary="Tell what the access token is that is sent.",
        security=_TOKEN,
        answers={
            200: _answered("What it is.", bodies.TokenInfo),
            400: _REFUSED,
            401: _REFUSED,
        },
    )


def _lists() -> Iterator[ProviderOperation]:
    path, labels = "/oauth/authorized_applications", ("authorized_applications",)
    listed = Answer(
        told="A page, or a list for who asks for JSON.",
        bodies={HTML: (), JSON: (list[bodies.AuthorizedApplication],)},
    )
    yield ProviderOperation(
        id="listAuthorizedApplications",
        verb="get",
        path=path,
        labels=labels,
        summary="List the applications that have a token of the user.",
        answers={200: listed},
    )
    yield ProviderOperation(
        id="disconnectApplication",
        verb="delete",
        path=f"{path}/{{id}}",
        labels=labels,
        summary="Revoke all codes and tokens of the user for an application.",
        answers={302: _REDIRECT, 422: _FORGED},
    )
    yield ProviderOperation(
        id="showMetadata",
        verb="get",
        path="/.well-known/oauth-authorization-server",
        labels=("metadata",),
        summary="Tell where the endpoints are, and what they can do.",
        answers={200: _answered("The metadata.", bodies.Metadata)},
    )
