"""Cases of refreshing: scopes, clients, chains of rotation."""

from ..recordings import Case, Exchange
from .steps import (
    ANY,
    BASIC,
    CONFIDENTIAL,
    JSON,
    OTHER,
    PUBLIC,
    ask,
    case,
    introspect,
    public_tokens,
    refresh,
    resource,
    revoke,
    token,
    token_info,
    tokens,
)

TWO = "identity%3Aread+events%3Aread"

SCOPES = {
    "same_reversed": "scope=events%3Aread+identity%3Aread",
    "one_of_two": "scope=events%3Aread",
    "doubled": "scope=events%3Aread+events%3Aread",
    "known_but_not_held": "scope=admin%3Aread",
    "one_held_one_not": "scope=identity%3Aread+admin%3Aread",
    "one_held_one_unknown": "scope=identity%3Aread+nope",
    "uppercased": "scope=EVENTS%3AREAD",
    "comma": "scope=identity%3Aread%2Cevents%3Aread",
    "trailing_newline": "scope=events%3Aread%0A",
    "trailing_tab": "scope=events%3Aread%09",
    "double_space": "scope=identity%3Aread++events%3Aread",
    "blank": "scope=++",
    "tab_only": "scope=%09",
    "empty": "scope=",
    "array": "scope[]=events%3Aread",
    "hash": "scope[a]=events%3Aread",
    "alias": "scopes=events%3Aread",
    "alias_array": "scopes[]=events%3Aread",
    "alias_beside_scope": "scopes=events%3Aread&scope=identity%3Aread",
    "alias_beside_empty_scope": "scopes=events%3Aread&scope=",
    "alias_not_held": "scopes=admin%3Aread",
    "state_is_not_echoed": "scope=nope&state=s",
    "null": "scope=events%3Aread%00",
}

CLIENTS = {
    "none": "",
    "id_only": "client_id=<CLIENT_ID>",
    "empty_secret": "client_id=<CLIENT_ID>&client_secret=",
    "wrong_secret": "client_id=<CLIENT_ID>&client_secret=wrong",
    "unknown": "client_id=nobody&client_secret=x",
    "unknown_id_only": "client_id=nobody",
    "secret_only": "client_secret=<CLIENT_SECRET>",
    "empty_id": "client_id=&client_secret=<CLIENT_SECRET>",
    "other": OTHER,
    "public": PUBLIC,
    "array_id": "client_id[]=<CLIENT_ID>&client_secret=<CLIENT_SECRET>",
    "array_secret": "client_id=<CLIENT_ID>&client_secret[]=<CLIENT_SECRET>",
}

PUBLIC_CLIENTS = {
    "id_only": PUBLIC,
    "none": "",
    "right_secret": f"{PUBLIC}&client_secret=<PUBLIC_CLIENT_SECRET>",
    "wrong_secret": f"{PUBLIC}&client_secret=wrong",
    "empty_secret": f"{PUBLIC}&client_secret=",
    "confidential_client": CONFIDENTIAL,
    "other_id": "client_id=<OTHER_CLIENT_ID>",
}

UNKNOWN_TOKENS = {
    "missing": "grant_type=refresh_token",
    "missing_with_state": "grant_type=refresh_token&state=s",
    "empty": "grant_type=refresh_token&refresh_token=",
    "blank": "grant_type=refresh_token&refresh_token=+",
    "array": "grant_type=refresh_token&refresh_token[]=x",
    "hash": "grant_type=refresh_token&refresh_token[a]=x",
    "unknown": "grant_type=refresh_token&refresh_token=nope",
    "null": "grant_type=refresh_token&refresh_token=a%00",
    "token_parameter": "grant_type=refresh_token&token=nope",
}


def _parameters() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"refresh.scope.{name}",
                *tokens(TWO),
                refresh(1, extra),
                refresh(1, label="without a scope"),
            )
            for name, extra in SCOPES.items()
        ),
        *(
            case(
                f"refresh.client.{name}",
                *tokens(),
                refresh(1, client=client),
                refresh(1, label="the right client afterwards"),
            )
            for name, client in CLIENTS.items()
        ),
        *(
            case(f"refresh.public_client.{name}", *public_tokens(), refresh(1, client=client))
            for name, client in PUBLIC_CLIENTS.items()
        ),
        *(
            case(f"refresh.unknown.{name}.{kind}", token(f"{body}&{client}"))
            for name, body in UNKNOWN_TOKENS.items()
            for kind, client in (
                ("right_client", CONFIDENTIAL),
                ("wrong_client", "client_id=<CLIENT_ID>&client_secret=wrong"),
                ("no_client", "x=1"),
            )
        ),
        case("refresh.basic", *tokens(), refresh(1, "", BASIC, client="")),
        case(
            "refresh.basic_of_another_client",
            *tokens(),
            refresh(
                1,
                "",
                ("Authorization", "Basic b64(<OTHER_CLIENT_ID>:<OTHER_CLIENT_SECRET>)"),
                client="",
            ),
        ),
        case(
            "refresh.basic_right_id_of_another_client_in_body",
            *tokens(),
            refresh(1, "", BASIC, client="client_id=<OTHER_CLIENT_ID>"),
        ),
        case(
            "refresh.json",
            *tokens(TWO),
            ask(
                "POST",
                "/oauth/token",
                '{"grant_type":"refresh_token","refresh_token":"<REFRESH_TOKEN_1>",'
                '"client_id":"<CLIENT_ID>","client_secret":"<CLIENT_SECRET>",'
                '"scope":"events:read"}',
                ANY,
                JSON,
            ),
        ),
        case(
            "refresh.json_array_scope",
            *tokens(TWO),
            ask(
                "POST",
                "/oauth/token",
                '{"grant_type":"refresh_token","refresh_token":"<REFRESH_TOKEN_1>",'
                '"client_id":"<CLIENT_ID>","client_secret":"<CLIENT_SECRET>",'
                '"scope":["events:read"]}',
                ANY,
                JSON,
            ),
        ),
        case(
            "refresh.query_token_beats_body",
            *tokens(),
            ask(
                "POST",
                "/oauth/token?refresh_token=nope",
                f"grant_type=refresh_token&refresh_token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}",
            ),
        ),
        case("refresh.uppercased", *tokens(), refresh_with("<REFRESH_TOKEN_1|swapcase>")),
        case("refresh.shortened", *tokens(), refresh_with("<REFRESH_TOKEN_1|short>")),
        case("refresh.access_token", *tokens(), refresh_with("<ACCESS_TOKEN_1>")),
        case("refresh.code", *tokens(), refresh_with("<CODE_1>")),
        case(
            "refresh.redirect_and_code_are_ignored", *tokens(), refresh(1, "redirect_uri=x&code=y")
        ),
        case("refresh.verifier_is_ignored", *tokens(), refresh(1, "code_verifier=x")),
    )


def refresh_with(value: str) -> Exchange:
    """Refresh with any value."""
    return token(f"grant_type=refresh_token&refresh_token={value}&{CONFIDENTIAL}")


def _chains() -> tuple[Case, ...]:
    return (
        case(
            "rotation.three_generations",
            *tokens(),
            refresh(1),
            resource(2),
            refresh(2),
            resource(3),
            refresh(3),
            resource(4),
            refresh(1, label="first again"),
            refresh(2, label="second again"),
            refresh(3, label="third again"),
            resource(1, label="first access token"),
            resource(2, label="second access token"),
            resource(3, label="third access token"),
        ),
        case(
            "rotation.three_generations_unused",
            *tokens(),
            refresh(1),
            refresh(2),
            refresh(3),
            resource(4),
            resource(3),
            resource(2),
            resource(1),
            refresh(2, label="second again"),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.two_from_one",
            *tokens(),
            refresh(1),
            refresh(1, label="refresh 1 again"),
            resource(2),
            resource(3),
            refresh(2),
            refresh(3),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.two_from_one_second_used_first",
            *tokens(),
            refresh(1),
            refresh(1, label="refresh 1 again"),
            resource(3),
            resource(1),
            resource(2),
            refresh(1, label="first again"),
            refresh(2),
            resource(4),
            resource(2, label="second access token once more"),
        ),
        case(
            "rotation.successor_of_the_first_revoked_before_use",
            *tokens(),
            refresh(1),
            refresh(1, label="refresh 1 again"),
            revoke(f"token=<REFRESH_TOKEN_2>&{CONFIDENTIAL}"),
            resource(2),
            resource(1),
            refresh(3),
            resource(4),
            refresh(3, label="third again"),
            refresh(1, label="first again"),
            introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "rotation.expiry_is_the_first_tokens",
            *tokens(TWO),
            refresh(1, "scope=events%3Aread"),
            token_info(2),
            refresh(2, "scope="),
            introspect("token=<ACCESS_TOKEN_1>", ("Authorization", "Bearer <ACCESS_TOKEN_3>")),
            token_info(3),
            refresh(1, label="first again"),
            resource(3, "/v1/default"),
        ),
        case(
            "rotation.used_in_query",
            *tokens(),
            refresh(1),
            ask("GET", "/v1/me?access_token=<ACCESS_TOKEN_2>"),
            resource(1),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.used_on_another_resource",
            *tokens("events%3Awrite"),
            refresh(1),
            resource(2, "/v1/any_of"),
            resource(1, "/v1/any_of"),
        ),
        case(
            "rotation.used_by_head",
            *tokens(),
            refresh(1),
            ask("HEAD", "/v1/me", None, ANY, ("Authorization", "Bearer <ACCESS_TOKEN_2>")),
            resource(1),
        ),
        case(
            "rotation.used_on_unknown_path",
            *tokens(),
            refresh(1),
            resource(2, "/v1/nothing"),
            resource(1),
        ),
        case(
            "rotation.used_with_wrong_method",
            *tokens(),
            refresh(1),
            ask("POST", "/v1/me", "", ANY, ("Authorization", "Bearer <ACCESS_TOKEN_2>")),
            resource(1),
        ),
        case(
            "rotation.used_at_token_info",
            *tokens(),
            refresh(1),
            token_info(2),
            resource(1),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.used_as_bearer_at_introspection",
            *tokens(),
            refresh(1),
            introspect("token=<ACCESS_TOKEN_1>", ("Authorization", "Bearer <ACCESS_TOKEN_2>")),
            resource(1),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.old_one_introspected_after_use",
            *tokens(),
            refresh(1),
            resource(2),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
            introspect(f"token=<REFRESH_TOKEN_2>&{CONFIDENTIAL}"),
        ),
        case(
            "rotation.new_refresh_token_presented_as_bearer",
            *tokens(),
            refresh(1),
            ask("GET", "/v1/me", None, ANY, ("Authorization", "Bearer <REFRESH_TOKEN_2>")),
            resource(1),
        ),
        case(
            "rotation.new_refresh_token_revoked",
            *tokens(),
            refresh(1),
            revoke(f"token=<REFRESH_TOKEN_2>&{CONFIDENTIAL}"),
            resource(2),
            resource(1),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.revoked_new_one_presented",
            *tokens(),
            refresh(1),
            revoke(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
            resource(2),
            resource(1),
            refresh(1, label="first again"),
            refresh(2),
        ),
        case(
            "rotation.old_one_revoked_before_use",
            *tokens(),
            refresh(1),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(2),
            refresh(2),
            refresh(1, label="first again"),
        ),
        case(
            "rotation.old_one_presented_after_use_keeps_the_new_one",
            *tokens(),
            refresh(1),
            resource(2),
            resource(1),
            refresh(1, label="first again"),
            resource(2, label="new one still works"),
            refresh(2),
        ),
        case(
            "rotation.narrowed_scope_sticks",
            *tokens(TWO),
            refresh(1, "scope=events%3Aread"),
            refresh(2, f"scope={TWO}"),
            refresh(2, label="without a scope"),
            resource(2),
            refresh(1, label="the first after the narrowed one was presented"),
        ),
        case(
            "rotation.first_stays_wide_while_the_narrowed_is_unused",
            *tokens(TWO),
            refresh(1, "scope=events%3Aread"),
            refresh(1, label="the first again"),
            resource(3),
        ),
        case(
            "rotation.public_client",
            *public_tokens(),
            refresh(1, client=PUBLIC),
            resource(2),
            refresh(1, client=PUBLIC, label="first again"),
            refresh(2, client=PUBLIC),
        ),
        case(
            "rotation.failed_refresh_changes_nothing",
            *tokens(),
            refresh(1, "scope=admin%3Aread"),
            refresh(1, client="client_id=<CLIENT_ID>&client_secret=wrong"),
            resource(1),
            refresh(1),
            resource(2),
        ),
        case(
            "rotation.three_generations_and_the_first_presented_last",
            *tokens(TWO),
            refresh(1),
            refresh(2),
            resource(1, label="the first, never replaced by use"),
            resource(3),
            refresh(2, label="the second after the third was presented"),
            resource(2),
            refresh(1, label="the first still"),
            token_info(4),
        ),
        case(
            "rotation.introspection_by_the_successor_counts_as_presenting",
            *tokens(),
            refresh(1),
            introspect("token=<REFRESH_TOKEN_1>", ("Authorization", "Bearer <ACCESS_TOKEN_2>")),
            resource(1),
            refresh(1, label="the first after that"),
        ),
        case(
            "rotation.revoked_successor_and_scopes_alias",
            *tokens(TWO),
            refresh(1, "scopes=events%3Aread&scope="),
            revoke(f"token=<REFRESH_TOKEN_2>&{CONFIDENTIAL}"),
            resource(2),
            refresh(1, "scopes=identity%3Aread+events%3Aread"),
            resource(3),
            refresh(1, label="the first after the third was presented"),
        ),
    )


CASES = (*_parameters(), *_chains())
