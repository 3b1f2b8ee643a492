"""Cases of HTTP Basic beside credentials in the parameters, at each endpoint that reads them."""

from ..recordings import Exchange
from .steps import ANY, BASIC, CONFIDENTIAL, FORM, OTHER, ask, ask_in_json, case, token, tokens

BESIDE = {
    "same_id": "client_id=<CLIENT_ID>",
    "another_id": "client_id=<OTHER_CLIENT_ID>",
    "unknown_id": "client_id=nobody",
    "public_id": "client_id=<PUBLIC_CLIENT_ID>",
    "another_with_secret": OTHER,
    "same_with_secret": CONFIDENTIAL,
    "same_with_blank_secret": "client_id=<CLIENT_ID>&client_secret=+",
    "id_in_other_case": "client_id=<CLIENT_ID|upper>",
    "blank_id_with_secret": "client_id=+&client_secret=<CLIENT_SECRET>",
    "array": "client_id[]=<CLIENT_ID>",
    "hash": "client_id[a]=<CLIENT_ID>",
}

VALUES = {"number": "1", "true": "true", "false": "false", "array": '["a"]', "object": '{"a":1}'}

HEADERS = {
    "basic_garbage": "Basic <CLIENT_ID>:<CLIENT_SECRET>",
    "basic_lowercase": "basic b64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "digest": 'Digest username="a"',
    "token": "Token a",
    "bearer_alone": "Bearer",
    "bearer_with_tab": "Bearer\ta",
    "bearer_lowercase": "bearer a",
    "blank": "",
}

FLOWS = (
    "grant_type=client_credentials",
    "grant_type=password&username=host%40example.test&password=secret",
)


def _everywhere(beside: str, header: tuple[str, str] = BASIC) -> tuple[Exchange, ...]:
    """Ask each endpoint that needs a client, refreshing first and revoking last."""
    return (
        *tokens(),
        token(f"grant_type=refresh_token&refresh_token=<REFRESH_TOKEN_1>&{beside}", header),
        token(f"grant_type=authorization_code&code=x&redirect_uri=<REDIRECT_URI>&{beside}", header),
        ask("POST", "/oauth/introspect", f"token=<ACCESS_TOKEN_1>&{beside}", ANY, FORM, header),
        ask("POST", "/oauth/revoke", f"token=<ACCESS_TOKEN_1>&{beside}", ANY, FORM, header),
    )


MAIN = (
    *(
        case(f"credentials.basic_beside.{name}", *_everywhere(beside))
        for name, beside in BESIDE.items()
    ),
    *(
        case(
            f"credentials.basic_beside_json.{name}",
            *tokens(),
            ask_in_json(
                "/oauth/token",
                f'"grant_type":"refresh_token","refresh_token":"<REFRESH_TOKEN_1>","client_id":{value}',
                ANY,
                BASIC,
            ),
            ask_in_json("/oauth/revoke", f'"token":"x","client_id":{value}', ANY, BASIC),
        )
        for name, value in VALUES.items()
    ),
    case(
        "credentials.basic_beside.another_id_in_query",
        ask("POST", "/oauth/revoke?client_id=<OTHER_CLIENT_ID>", "token=x", ANY, FORM, BASIC),
        ask("POST", "/oauth/introspect?client_id=<OTHER_CLIENT_ID>", "token=x", ANY, FORM, BASIC),
    ),
    *(
        case(
            f"credentials.header_beside.{name}",
            *_everywhere("client_id=<PUBLIC_CLIENT_ID>", ("Authorization", header)),
        )
        for name, header in HEADERS.items()
    ),
)
"""Where only codes and refresh tokens can be exchanged."""

ALL_FLOWS = tuple(
    case(
        f"credentials.flows.basic_beside.{name}",
        *(token(f"{flow}&{beside}", BASIC) for flow in FLOWS),
    )
    for name, beside in BESIDE.items()
)
"""Where all flows are enabled."""
