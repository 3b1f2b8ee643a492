"""An example of each body, by the name of its struct."""

from collections.abc import Mapping

from ..api.users import camel_case
from ..options import ProviderOptions

_TOKEN = "dGhpcyBpcyBvbmx5IGFuIGV4YW1wbGUgb2YgYSBjb2Rl"
_CLIENT = {"client_id": "example-client-id", "client_secret": "example-client-secret"}
_CALLBACK = "https://client.example.test/callback"
_WORKSPACE_ID = "1f6b3c52-98a0-4f0f-8f2e-3c7f2b1f7a10"
_WORKSPACE = {
    "id": _WORKSPACE_ID,
    "type": "organizations",
    "attributes": {"name": "Example Workspace", "slug": "example-workspace"},
}
_USER_ATTRIBUTES = {
    "role": "admin",
    "created_at": 1600000000,
    "updated_at": 1600000000,
    "timezone": "Europe/Paris",
    "first_name": "Ada",
    "last_name": "Martin",
    "email": "ada.martin@example.test",
    "avatar_link": None,
    "organization": {"id": _WORKSPACE_ID, "name": "Example Workspace"},
}
_USER = {
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "type": "users",
    "attributes": _USER_ATTRIBUTES,
}
_ITEM = {
    "id": "0b5f5b0e-2c59-4cf7-9a46-7a0f3d0d9a55",
    "type": "events",
    "attributes": {"title": "Weekly demo"},
}

_EXAMPLES: Mapping[str, object] = {
    "CodeExchange": {
        "grant_type": "authorization_code",
        **_CLIENT,
        "code": _TOKEN,
        "redirect_uri": _CALLBACK,
    },
    "Refresh": {"grant_type": "refresh_token", **_CLIENT, "refresh_token": _TOKEN},
    "ClientGrant": {"grant_type": "client_credentials", **_CLIENT},
    "PasswordGrant": {
        "grant_type": "password",
        **_CLIENT,
        "username": "ada.martin@example.test",
        "password": "a password",
    },
    "AboutToken": {**_CLIENT, "token": _TOKEN},
    "TokenPair": {
        "access_token": _TOKEN,
        "token_type": "Bearer",
        "expires_in": 7200,
        "refresh_token": _TOKEN[::-1],
        "scope": "identity:read events:read",
        "created_at": 1795521600,
    },
    "OAuthFailure": {
        "error": "invalid_grant",
        "error_description": (
            "The provided authorization grant is invalid, expired, revoked, does not match the"
            " redirection URI used in the authorization request, or was issued to another client."
        ),
    },
    "Nothing": {},
    "Introspection": {
        "active": True,
        "scope": "identity:read",
        "client_id": "example-client-id",
        "token_type": "Bearer",
        "exp": 1795528800,
        "iat": 1795521600,
    },
    "TokenInfo": {
        "resource_owner_id": 1,
        "scope": ["identity:read"],
        "expires_in": 7200,
        "application": {"uid": "example-client-id"},
        "created_at": 1795521600,
    },
    "RailsFailure": {"status": 400, "error": "Bad Request"},
    "MeDocument": {"data": _USER},
    "OrganizationDocument": {"data": _WORKSPACE},
    "ItemDocument": {"data": _ITEM},
    "SentDocument": {"data": {"type": "events", "attributes": {"title": "Weekly demo"}}},
    "ListDocument": {
        "data": [_ITEM],
        "meta": {
            "current_page": 0,
            "previous_page": None,
            "next_page": None,
            "record_count": 1,
            "page_count": 1,
            "items_per_page": 20,
        },
    },
    "APIFailure": {
        "errors": [
            {
                "title": "Unauthorized",
                "detail": "The credentials are missing or invalid",
                "code": "401",
                "status": "unauthorized",
            }
        ]
    },
}


def examples_for(options: ProviderOptions) -> Mapping[str, object]:
    """Give an example of each body by the name of its struct, as it is with these options."""
    if options.attribute_case == "snake_case":
        return _EXAMPLES
    attributes = {camel_case(name): value for name, value in _USER_ATTRIBUTES.items()}
    return {**_EXAMPLES, "MeDocument": {"data": {**_USER, "attributes": attributes}}}
