"""Cases of revocation and introspection."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    CONFIDENTIAL,
    FORM,
    JSON,
    OTHER,
    PUBLIC,
    ask,
    case,
    introspect,
    other_tokens,
    public_tokens,
    refresh,
    resource,
    revoke,
    tokens,
)

CLIENTS = {
    "none": "",
    "confidential": CONFIDENTIAL,
    "id_only": "client_id=<CLIENT_ID>",
    "empty_secret": "client_id=<CLIENT_ID>&client_secret=",
    "wrong_secret": "client_id=<CLIENT_ID>&client_secret=wrong",
    "secret_only": "client_secret=<CLIENT_SECRET>",
    "unknown": "client_id=nobody&client_secret=x",
    "other": OTHER,
    "public": PUBLIC,
    "public_with_secret": f"{PUBLIC}&client_secret=<PUBLIC_CLIENT_SECRET>",
    "public_wrong_secret": f"{PUBLIC}&client_secret=wrong",
    "array_id": "client_id[]=<CLIENT_ID>&client_secret=<CLIENT_SECRET>",
}

TOKENS = {
    "missing": "x=1",
    "empty": "token=",
    "blank": "token=+",
    "array": "token[]=x",
    "hash": "token[a]=x",
    "unknown": "token=nope",
    "null": "token=a%00",
    "state_is_not_echoed": "token=nope&state=s",
    "invalid_utf8": "token=%ff",
}

HINTS = {
    "access_token": "access_token",
    "refresh_token": "refresh_token",
    "unknown": "saml",
    "empty": "",
    "uppercased": "ACCESS_TOKEN",
}

AUTHORIZATIONS = {
    "basic": BASIC[1],
    "basic_wrong_secret": "Basic b64(<CLIENT_ID>:wrong)",
    "basic_lowercase": "basic b64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "basic_other": "Basic b64(<OTHER_CLIENT_ID>:<OTHER_CLIENT_SECRET>)",
    "basic_public": "Basic b64(<PUBLIC_CLIENT_ID>:)",
    "basic_garbage": "Basic !!!",
    "bearer_itself": "Bearer <ACCESS_TOKEN_1>",
    "bearer_unknown": "Bearer nope",
    "bearer_empty": "Bearer ",
}

METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUX")

ACCEPTS = {
    "xml": "application/xml",
    "html": "text/html",
    "garbage": "garbage",
    "list": "application/json, text/html",
    "axios": "application/json, text/plain, */*",
}


def _both(endpoint: str) -> tuple[Case, ...]:
    """Return the cases that the two endpoints share in form."""
    target = f"/oauth/{endpoint}"
    return (
        *(
            case(
                f"{endpoint}.client.{name}",
                *tokens(),
                ask("POST", target, f"token=<ACCESS_TOKEN_1>&{client}"),
                resource(),
            )
            for name, client in CLIENTS.items()
        ),
        *(
            case(
                f"{endpoint}.client_of_public_token.{name}",
                *public_tokens(),
                ask("POST", target, f"token=<ACCESS_TOKEN_1>&{client}"),
                resource(),
            )
            for name, client in CLIENTS.items()
        ),
        *(
            case(f"{endpoint}.token.{name}", ask("POST", target, f"{body}&{CONFIDENTIAL}"))
            for name, body in TOKENS.items()
        ),
        *(
            case(f"{endpoint}.token_without_client.{name}", ask("POST", target, body))
            for name, body in TOKENS.items()
        ),
        *(
            case(
                f"{endpoint}.authorization.{name}",
                *tokens(),
                ask("POST", target, "token=<ACCESS_TOKEN_1>", ANY, FORM, ("Authorization", value)),
                resource(),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        *(
            case(
                f"{endpoint}.authorization_beside_body.{name}",
                *tokens(),
                ask(
                    "POST",
                    target,
                    f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}",
                    ANY,
                    FORM,
                    ("Authorization", value),
                ),
                resource(),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        *(
            case(
                f"{endpoint}.hint.{name}_for_{kind}",
                *tokens(),
                ask(
                    "POST",
                    target,
                    f"token=<{kind.upper()}_1>&token_type_hint={hint}&{CONFIDENTIAL}",
                ),
                resource(),
            )
            for name, hint in HINTS.items()
            for kind in ("access_token", "refresh_token")
        ),
        *(
            case(f"{endpoint}.method.{method.lower()}", ask(method, target, None, ANY))
            for method in METHODS
        ),
        *(
            case(
                f"{endpoint}.accept.{name}",
                ask("POST", target, f"token=x&{CONFIDENTIAL}", ("Accept", accept), FORM),
                ask("POST", target, "token=x", ("Accept", accept), FORM, label="no client"),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"{endpoint}.target.{name}",
                ask("POST", f"{target}{suffix}", f"token=x&{CONFIDENTIAL}"),
            )
            for name, suffix in (
                ("json_suffix", ".json"),
                ("xml_suffix", ".xml"),
                ("trailing_slash", "/"),
                ("longer", "/x"),
                ("format", "?format=xml"),
            )
        ),
        case(
            f"{endpoint}.json",
            *tokens(),
            ask(
                "POST",
                target,
                '{"token":"<ACCESS_TOKEN_1>","client_id":"<CLIENT_ID>",'
                '"client_secret":"<CLIENT_SECRET>"}',
                AS_JSON,
                JSON,
            ),
            resource(),
        ),
        case(
            f"{endpoint}.json_number_secret",
            ask(
                "POST",
                target,
                '{"token":"x","client_id":"<CLIENT_ID>","client_secret":1}',
                AS_JSON,
                JSON,
            ),
        ),
        case(f"{endpoint}.json_number_token", ask("POST", target, '{"token":1}', ANY, JSON, BASIC)),
        case(f"{endpoint}.malformed_json", ask("POST", target, "{", ANY, JSON, BASIC)),
        case(f"{endpoint}.no_body", ask("POST", target, None, ANY)),
        case(
            f"{endpoint}.query_token_beats_body",
            *tokens(),
            ask("POST", f"{target}?token=nope", f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(),
        ),
        case(f"{endpoint}.code", *tokens(), ask("POST", target, f"token=<CODE_1>&{CONFIDENTIAL}")),
        case(
            f"{endpoint}.token_with_trailing_space",
            *tokens(),
            ask("POST", target, f"token=<ACCESS_TOKEN_1>+&{CONFIDENTIAL}"),
            resource(),
        ),
        case(
            f"{endpoint}.refresh_token_of_another_client",
            *other_tokens(),
            ask("POST", target, f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
            resource(),
        ),
    )


def _revocation() -> tuple[Case, ...]:
    return (
        case(
            "revoke.padding_before_the_credentials",
            *tokens(),
            revoke("token=<ACCESS_TOKEN_1>", (BASIC[0], BASIC[1].replace("Basic ", "Basic ="))),
            resource(),
        ),
        case(
            "revoke.access_token_then_refresh",
            *tokens(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            refresh(1),
        ),
        case(
            "revoke.refresh_token_then_both",
            *tokens(),
            revoke(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
            resource(),
            refresh(1),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}", label="the other one too"),
        ),
        case(
            "revoke.refused_then_allowed",
            *tokens(),
            revoke(f"token=<ACCESS_TOKEN_1>&{OTHER}", label="by another client"),
            resource(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(),
            revoke(f"token=<ACCESS_TOKEN_1>&{OTHER}", label="by another client, revoked already"),
        ),
        case(
            "revoke.old_pair_after_refresh",
            *tokens(),
            refresh(1),
            revoke(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1),
            resource(2),
            refresh(2),
        ),
        case(
            "revoke.public_token_by_no_client",
            *public_tokens(),
            revoke("token=<ACCESS_TOKEN_1>"),
            resource(),
        ),
    )


def _introspection() -> tuple[Case, ...]:
    bearer_1 = ("Authorization", "Bearer <ACCESS_TOKEN_1>")
    bearer_2 = ("Authorization", "Bearer <ACCESS_TOKEN_2>")
    return (
        case(
            "introspect.refresh_token",
            *tokens(),
            introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "introspect.bearer.refresh_token_of_the_bearer",
            *tokens(),
            introspect("token=<REFRESH_TOKEN_1>", bearer_1),
        ),
        case(
            "introspect.bearer.missing_token",
            *tokens(),
            introspect("x=1", bearer_1),
        ),
        case(
            "introspect.bearer.unknown_token",
            *tokens(),
            introspect("token=nope", bearer_1),
        ),
        case(
            "introspect.bearer.of_another_client",
            *tokens(),
            *other_tokens(code=2),
            introspect("token=<ACCESS_TOKEN_1>", bearer_2),
            introspect("token=<ACCESS_TOKEN_2>", bearer_1),
        ),
        case(
            "introspect.bearer.revoked",
            *tokens(),
            *tokens(code=2),
            revoke(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
            introspect("token=<ACCESS_TOKEN_1>", bearer_2),
        ),
        case(
            "introspect.bearer.about_a_revoked_one",
            *tokens(),
            *tokens(code=2),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            introspect("token=<ACCESS_TOKEN_1>", bearer_2),
        ),
        case(
            "introspect.bearer.with_hint",
            *tokens(),
            *tokens(code=2),
            introspect("token=<REFRESH_TOKEN_1>&token_type_hint=refresh_token", bearer_2),
        ),
        case(
            "introspect.bearer.in_parameters",
            *tokens(),
            *tokens(code=2),
            introspect("token=<ACCESS_TOKEN_1>&access_token=<ACCESS_TOKEN_2>"),
            introspect("token=<ACCESS_TOKEN_1>&bearer_token=<ACCESS_TOKEN_2>"),
        ),
        case(
            "introspect.bearer.bad_beside_client",
            *tokens(),
            introspect(f"token=<ACCESS_TOKEN_1>&access_token=bad&{CONFIDENTIAL}"),
        ),
        case(
            "introspect.bearer.public_clients",
            *public_tokens(),
            *public_tokens(code=2),
            introspect("token=<ACCESS_TOKEN_1>", bearer_2),
        ),
        case(
            "introspect.narrowed_scope",
            *tokens("identity%3Aread+events%3Aread"),
            refresh(1, "scope=events%3Aread"),
            introspect(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
            introspect(f"token=<REFRESH_TOKEN_2>&{CONFIDENTIAL}"),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "introspect.does_not_count_as_use",
            *tokens(),
            refresh(1),
            introspect(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
            resource(1),
        ),
    )


CASES = (*_both("revoke"), *_both("introspect"), *_revocation(), *_introspection())
