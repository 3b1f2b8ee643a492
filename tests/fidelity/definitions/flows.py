"""Cases of the flows that are off by default: client credentials, password, implicit."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    BROWSER,
    CHALLENGE,
    CONFIDENTIAL,
    JSON,
    OTHER,
    PUBLIC,
    TO_CONFIDENTIAL,
    TO_OTHER,
    TO_PUBLIC,
    ask,
    authorize_with,
    case,
    exchange,
    introspect,
    refresh,
    resource,
    revoke,
    token,
    token_info,
)

CLIENT_CREDENTIALS = "grant_type=client_credentials"
PASSWORD = "grant_type=password&username=host%40example.test&password=secret"

CLIENTS = {
    "confidential": CONFIDENTIAL,
    "none": "x=1",
    "id_only": "client_id=<CLIENT_ID>",
    "empty_secret": "client_id=<CLIENT_ID>&client_secret=",
    "wrong_secret": "client_id=<CLIENT_ID>&client_secret=wrong",
    "unknown": "client_id=nobody&client_secret=x",
    "unknown_id_only": "client_id=nobody",
    "empty_id": "client_id=&client_secret=",
    "public": PUBLIC,
    "public_with_secret": f"{PUBLIC}&client_secret=<PUBLIC_CLIENT_SECRET>",
    "public_wrong_secret": f"{PUBLIC}&client_secret=wrong",
    "other": OTHER,
    "secret_only": "client_secret=<CLIENT_SECRET>",
}

SCOPES = {
    "one": "scope=events%3Aread",
    "two": "scope=events%3Aread+admin%3Aread",
    "doubled": "scope=events%3Aread+events%3Aread",
    "unknown": "scope=nope",
    "one_unknown": "scope=events%3Aread+nope",
    "empty": "scope=",
    "blank": "scope=++",
    "tab": "scope=events%3Aread%09admin%3Aread",
    "array": "scope[]=events%3Aread",
    "unknown_with_state": "scope=nope&state=s",
}

OWNERS = {
    "wrong_password": "username=host%40example.test&password=wrong",
    "unknown_user": "username=nobody%40example.test&password=secret",
    "missing_password": "username=host%40example.test",
    "missing_username": "password=secret",
    "neither": "x=1",
    "empty_both": "username=&password=",
    "uppercased_username": "username=HOST%40EXAMPLE.TEST&password=secret",
    "trailing_space": "username=host%40example.test&password=secret+",
    "wrong_password_with_state": "username=host%40example.test&password=wrong&state=s",
}

IMPLICIT = {
    "plain": f"{TO_CONFIDENTIAL}",
    "state": f"{TO_CONFIDENTIAL}&state=a+b~%26",
    "two_scopes": f"{TO_CONFIDENTIAL}&scope=events%3Aread+admin%3Aread&state=s",
    "fragment_mode": f"{TO_CONFIDENTIAL}&response_mode=fragment&state=s",
    "query_mode": f"{TO_CONFIDENTIAL}&response_mode=query&state=s",
    "form_post_mode_without_state": f"{TO_CONFIDENTIAL}&response_mode=form_post",
    "unknown_mode": f"{TO_CONFIDENTIAL}&response_mode=nope&state=s",
    "registered_query": "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_QUERY>&state=s",
    "custom_scheme": "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_CUSTOM>&state=s",
    "oob": "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>&state=s",
    "public_client": f"{TO_PUBLIC}&state=s",
    "other_client": f"{TO_OTHER}&state=s",
    "challenge": f"{TO_CONFIDENTIAL}&code_challenge={CHALLENGE}&code_challenge_method=S256",
    "bad_challenge_method": f"{TO_CONFIDENTIAL}&code_challenge=x&code_challenge_method=x&state=s",
    "unknown_scope": f"{TO_CONFIDENTIAL}&scope=nope&state=s",
    "bad_redirect": "client_id=<CLIENT_ID>&redirect_uri=https%3A%2F%2Fevil.example.test%2F&state=s",
    "missing_client": "redirect_uri=<REDIRECT_URI>&state=s",
}

TYPES = ("token+code", "code+token", "id_token", "id_token+token", "TOKEN", "password", "none")


def _client_credentials() -> tuple[Case, ...]:
    return (
        *(
            case(f"flows.client_credentials.client.{name}", token(f"{CLIENT_CREDENTIALS}&{client}"))
            for name, client in CLIENTS.items()
        ),
        *(
            case(
                f"flows.client_credentials.scope.{name}",
                token(f"{CLIENT_CREDENTIALS}&{CONFIDENTIAL}&{scope}"),
            )
            for name, scope in SCOPES.items()
        ),
        case("flows.client_credentials.basic", token(CLIENT_CREDENTIALS, BASIC)),
        case(
            "flows.client_credentials.basic_wrong_body_right",
            token(
                f"{CLIENT_CREDENTIALS}&{CONFIDENTIAL}",
                ("Authorization", "Basic b64(<CLIENT_ID>:wrong)"),
            ),
        ),
        case(
            "flows.client_credentials.wrong_client_bad_scope",
            token(f"{CLIENT_CREDENTIALS}&client_id=nobody&client_secret=x&scope=nope"),
        ),
        case(
            "flows.client_credentials.json",
            ask(
                "POST",
                "/oauth/token",
                '{"grant_type":"client_credentials","client_id":"<CLIENT_ID>",'
                '"client_secret":"<CLIENT_SECRET>","scope":"events:read"}',
                AS_JSON,
                JSON,
            ),
        ),
        case(
            "flows.client_credentials.twice_two_tokens",
            token(f"{CLIENT_CREDENTIALS}&{CONFIDENTIAL}"),
            token(f"{CLIENT_CREDENTIALS}&{CONFIDENTIAL}"),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            introspect(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
        ),
        case(
            "flows.client_credentials.token_life",
            token(f"{CLIENT_CREDENTIALS}&{CONFIDENTIAL}&scope=events%3Awrite"),
            token_info(1),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1, "/v1/any_of"),
            resource(1, "/v1/default"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1, "/v1/any_of"),
        ),
    )


def _password() -> tuple[Case, ...]:
    return (
        *(
            case(f"flows.password.client.{name}", token(f"{PASSWORD}&{client}"))
            for name, client in CLIENTS.items()
        ),
        *(
            case(f"flows.password.scope.{name}", token(f"{PASSWORD}&{CONFIDENTIAL}&{scope}"))
            for name, scope in SCOPES.items()
        ),
        *(
            case(
                f"flows.password.owner.{name}", token(f"grant_type=password&{owner}&{CONFIDENTIAL}")
            )
            for name, owner in OWNERS.items()
        ),
        case("flows.password.basic", token(PASSWORD, BASIC)),
        case(
            "flows.password.order.wrong_client_wrong_password",
            token(
                "grant_type=password&username=a&password=b&client_id=<CLIENT_ID>&client_secret=x"
            ),
        ),
        case(
            "flows.password.order.wrong_password_bad_scope",
            token(f"grant_type=password&username=a&password=b&{CONFIDENTIAL}&scope=nope"),
        ),
        case(
            "flows.password.order.wrong_client_bad_scope",
            token(f"{PASSWORD}&client_id=<CLIENT_ID>&client_secret=x&scope=nope"),
        ),
        case(
            "flows.password.refresh",
            token(f"{PASSWORD}&{CONFIDENTIAL}"),
            resource(1),
            refresh(1),
            resource(2),
            resource(1),
            token_info(2),
        ),
        case(
            "flows.password.without_client_refresh",
            token(PASSWORD),
            resource(1),
            token_info(1),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            refresh(1, client="x=1"),
            refresh(1, label="with a client"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1),
        ),
        case(
            "flows.password.without_client_revoked_by_nobody",
            token(PASSWORD),
            revoke("token=<ACCESS_TOKEN_1>"),
            resource(1),
        ),
        case(
            "flows.password.in_query",
            ask("POST", f"/oauth/token?{PASSWORD}&{CONFIDENTIAL}", None, ANY),
        ),
    )


def _implicit() -> tuple[Case, ...]:
    return (
        *(
            case(f"flows.implicit.{name}", authorize_with(f"response_type=token&{query}"))
            for name, query in IMPLICIT.items()
        ),
        *(
            case(
                f"flows.response_type.{kind.replace('+', '_and_')}",
                authorize_with(f"response_type={kind}&{TO_CONFIDENTIAL}&state=s"),
            )
            for kind in TYPES
        ),
        case(
            "flows.implicit.token_life",
            authorize_with(f"response_type=token&{TO_CONFIDENTIAL}&scope=identity%3Aread"),
            resource(1),
            token_info(1),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1),
        ),
        case(
            "flows.implicit.head",
            ask("HEAD", f"/oauth/authorize?response_type=token&{TO_CONFIDENTIAL}", None, BROWSER),
            resource(1),
        ),
        case(
            "flows.code.challenge_still_works",
            authorize_with(f"response_type=code&{TO_CONFIDENTIAL}"),
            exchange(),
            resource(1),
        ),
        case("flows.unsupported.device_code", token(f"grant_type=device_code&{CONFIDENTIAL}")),
        case("flows.unsupported.implicit", token(f"grant_type=implicit&{CONFIDENTIAL}")),
        case("flows.unsupported.token", token(f"grant_type=token&{CONFIDENTIAL}")),
    )


CASES = (*_client_credentials(), *_password(), *_implicit())
