"""Cases of parameters that are no text: what JSON and nested forms can bring."""

from ..recordings import Case, Exchange
from .steps import (
    BROWSER,
    CONFIDENTIAL,
    TO_CONFIDENTIAL,
    ask_in_json,
    case,
    refresh,
    token,
    tokens,
)

VALUES = {
    "float": "1.5",
    "true": "true",
    "false": "false",
    "null": "null",
    "empty_array": "[]",
    "array_of_null": "[null]",
    "array_of_empty": '[""]',
    "array": '["events:read"]',
    "array_of_two_in_one": '["identity:read events:read"]',
    "array_of_object": '[{"a":"b"}]',
    "object": '{"a":"b"}',
    "empty_object": "{}",
    "empty": '""',
}

FORMS = {
    "hash": "scope[a]=events%3Aread",
    "array_of_empty": "scope[]=",
    "array_of_two": "scope[]=events%3Aread&scope[]=admin%3Aread",
    "array_of_hash": "scope[][a]=b",
}

RIGHT = '"client_id":"<CLIENT_ID>","client_secret":"<CLIENT_SECRET>"'
WRONG = '"client_id":"<CLIENT_ID>","client_secret":"wrong"'
WRONG_FORM = "client_id=<CLIENT_ID>&client_secret=wrong"
CLIENT_CREDENTIALS = '"grant_type":"client_credentials"'
PASSWORD = '"grant_type":"password","username":"host@example.test","password":"secret"'
WRONG_PASSWORD = '"grant_type":"password","username":"host@example.test","password":"wrong"'

AUTHORIZATION = {
    "scope": f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}",
    "state": f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}",
    "response_mode": f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}",
    "code_challenge": f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}",
    "response_type": f"/oauth/authorize?{TO_CONFIDENTIAL}",
    "redirect_uri": "/oauth/authorize?response_type=code&client_id=<CLIENT_ID>",
    "client_id": "/oauth/authorize?response_type=code&redirect_uri=<REDIRECT_URI>",
}
"""Each parameter of the authorization endpoint, and the target that has all others."""


def _token(members: str, value: str, name: str = "scope") -> Exchange:
    return ask_in_json("/oauth/token", f'{members},"{name}":{value},"state":"s"')


def _refresh(client: str, value: str, name: str = "scope") -> Exchange:
    grant = '"grant_type":"refresh_token","refresh_token":"<REFRESH_TOKEN_1>"'
    return _token(f"{grant},{client}", value, name)


MAIN: tuple[Case, ...] = (
    *(
        case(
            f"types.refresh.scope.{name}",
            *tokens("identity%3Aread+events%3Aread"),
            _refresh(WRONG, value),
            _refresh(RIGHT, value),
            _refresh(RIGHT, value, "scopes"),
        )
        for name, value in VALUES.items()
    ),
    *(
        case(
            f"types.refresh.scope_in_form.{name}",
            *tokens("identity%3Aread+events%3Aread"),
            refresh(1, form),
        )
        for name, form in FORMS.items()
    ),
    *(
        case(
            f"types.authorize.{name}",
            *(
                ask_in_json(target, f'"{parameter}":{value}', BROWSER, method="GET")
                for parameter, target in AUTHORIZATION.items()
            ),
        )
        for name, value in VALUES.items()
    ),
)
"""Where only codes and refresh tokens can be exchanged."""

ALL_FLOWS: tuple[Case, ...] = (
    *(
        case(
            f"types.flows.scope.{name}",
            _token(f"{CLIENT_CREDENTIALS},{RIGHT}", value),
            _token(f"{CLIENT_CREDENTIALS},{WRONG}", value),
            _token(f"{PASSWORD},{RIGHT}", value),
            _token(f"{PASSWORD},{WRONG}", value),
            _token(f"{WRONG_PASSWORD},{RIGHT}", value),
        )
        for name, value in VALUES.items()
    ),
    *(
        case(
            f"types.flows.scope_in_form.{name}",
            token(f"grant_type=client_credentials&{CONFIDENTIAL}&{form}"),
            token(f"grant_type=client_credentials&{WRONG_FORM}&{form}"),
        )
        for name, form in FORMS.items()
    ),
)
"""Where all flows are enabled."""
