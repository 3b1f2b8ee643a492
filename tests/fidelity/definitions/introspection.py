"""Cases of the profiles that refuse introspection, or have none."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    CONFIDENTIAL,
    FORM,
    OTHER,
    PUBLIC,
    ask,
    case,
    introspect,
    other_tokens,
    public_tokens,
    resource,
    revoke,
    tokens,
)

BY_SECOND = ("Authorization", "Bearer <ACCESS_TOKEN_2>")
BY_ITSELF = ("Authorization", "Bearer <ACCESS_TOKEN_1>")
BY_UNKNOWN = ("Authorization", "Bearer nope")


def _asked_in_all_ways(profile: str) -> tuple[Case, ...]:
    return (
        case(f"{profile}.client", *tokens(), introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}")),
        case(
            f"{profile}.refresh_token",
            *tokens(),
            introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(f"{profile}.basic", *tokens(), introspect("token=<ACCESS_TOKEN_1>", BASIC)),
        case(f"{profile}.public", *public_tokens(), introspect(f"token=<ACCESS_TOKEN_1>&{PUBLIC}")),
        case(f"{profile}.other", *tokens(), introspect(f"token=<ACCESS_TOKEN_1>&{OTHER}")),
        case(f"{profile}.unknown_token", introspect(f"token=nope&{CONFIDENTIAL}")),
        case(f"{profile}.missing_token", introspect(CONFIDENTIAL)),
        case(
            f"{profile}.revoked_token",
            *tokens(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            f"{profile}.wrong_secret",
            *tokens(),
            introspect("token=<ACCESS_TOKEN_1>&client_id=<CLIENT_ID>&client_secret=wrong"),
        ),
        case(f"{profile}.nobody", introspect("token=nope")),
        case(
            f"{profile}.bearer",
            *tokens(),
            *tokens(code=2),
            introspect("token=<ACCESS_TOKEN_1>", BY_SECOND),
        ),
        case(
            f"{profile}.bearer_itself", *tokens(), introspect("token=<ACCESS_TOKEN_1>", BY_ITSELF)
        ),
        case(
            f"{profile}.bearer_of_another_client",
            *tokens(),
            *other_tokens(code=2),
            introspect("token=<ACCESS_TOKEN_1>", BY_SECOND),
        ),
        case(f"{profile}.bearer_unknown", introspect("token=nope", BY_UNKNOWN)),
        case(
            f"{profile}.bearer_revoked",
            *tokens(),
            *tokens(code=2),
            revoke(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
            introspect("token=<ACCESS_TOKEN_1>", BY_SECOND),
        ),
        case(
            f"{profile}.the_rest_works",
            *tokens(),
            resource(),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(label="after"),
        ),
        case(f"{profile}.get", ask("GET", "/oauth/introspect")),
        case(f"{profile}.accept_json", ask("POST", "/oauth/introspect", "token=x", AS_JSON, FORM)),
        case(f"{profile}.json_suffix", ask("POST", "/oauth/introspect.json", "token=x", ANY, FORM)),
    )


DISABLED = _asked_in_all_ways("nointrospect")
REFUSED = _asked_in_all_ways("refuseintrospect")
