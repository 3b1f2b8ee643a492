"""Cases of the profiles that change one option each."""

import msgspec

from ..recordings import Exchange
from .steps import (
    ANY,
    AS_JSON,
    BROWSER,
    CHALLENGE,
    CONFIDENTIAL,
    JSON,
    OTHER,
    PUBLIC,
    TO_CONFIDENTIAL,
    TO_OTHER,
    VERIFIER,
    ask,
    authorize,
    authorize_with,
    case,
    exchange,
    introspect,
    other_tokens,
    public_tokens,
    refresh,
    resource,
    revoke,
    token,
    token_info,
    tokens,
)

AFTER = 3
"""Seconds after which what lives 2 seconds has expired."""


def late(exchange: Exchange) -> Exchange:
    """Send a request only when everything before has expired."""
    return msgspec.structs.replace(exchange, wait=AFTER)


FAST = (
    case("fast.code_expired", authorize(), late(exchange())),
    case("fast.expired_code_wrong_redirect", authorize(), late(exchange(to="x"))),
    case(
        "fast.expired_code_with_challenge_without_verifier",
        authorize(f"code_challenge={CHALLENGE}&code_challenge_method=S256"),
        late(exchange()),
    ),
    case("fast.expired_code_wrong_client", authorize(), late(exchange("client_id=x"))),
    case(
        "fast.expired_presented_everywhere",
        *tokens(),
        late(resource(1)),
        ask("GET", "/v1/me?access_token=<ACCESS_TOKEN_1>"),
        resource(1, "/v1/any_of"),
        resource(1, "/v1/default"),
        token_info(1),
        introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        introspect("token=<ACCESS_TOKEN_1>", ("Authorization", "Bearer <ACCESS_TOKEN_1>")),
        introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
    ),
    case(
        "fast.new_token_after_expired_one",
        *tokens(),
        late(refresh(1)),
        resource(1),
        refresh(1, label="first again"),
        resource(2),
        refresh(1, label="first after use"),
        resource(1),
    ),
    case(
        "fast.expired_new_token_presented",
        *tokens(),
        refresh(1),
        late(resource(2)),
        refresh(1, label="first after that"),
        refresh(2),
    ),
    case(
        "fast.revoke_refresh_token_of_expired",
        *tokens(),
        late(revoke(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}")),
        refresh(1),
    ),
    case(
        "fast.revoke_expired_by_another_client",
        *tokens(),
        late(revoke(f"token=<ACCESS_TOKEN_1>&{OTHER}")),
        revoke("token=<ACCESS_TOKEN_1>", label="by nobody"),
    ),
    case(
        "fast.introspect_by_expired_bearer",
        *tokens(),
        late(authorize()),
        exchange(code="<CODE_2>"),
        introspect("token=<ACCESS_TOKEN_2>", ("Authorization", "Bearer <ACCESS_TOKEN_1>")),
        introspect("token=<ACCESS_TOKEN_1>", ("Authorization", "Bearer <ACCESS_TOKEN_2>")),
    ),
    case(
        "fast.used_code_after_expiry",
        authorize(),
        exchange(),
        late(exchange(label="again")),
    ),
)

INSTANT = (
    case(
        "instant.chain",
        *tokens(),
        refresh(1),
        resource(1),
        refresh(1, label="first again"),
        refresh(2),
        resource(2),
        resource(3),
        introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
        introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        introspect(f"token=<REFRESH_TOKEN_3>&{CONFIDENTIAL}"),
    ),
    case(
        "instant.failed_refresh_changes_nothing",
        *tokens(),
        refresh(1, "scope=admin%3Aread"),
        refresh(1, client="client_id=<CLIENT_ID>&client_secret=wrong"),
        refresh(1, client=OTHER),
        resource(1),
        refresh(1),
    ),
    case(
        "instant.old_token_by_another_client",
        *tokens(),
        refresh(1),
        refresh(1, client=OTHER, label="revoked, another client"),
        refresh(1, client="x=1", label="revoked, no client"),
    ),
    case(
        "instant.narrowed",
        *tokens("identity%3Aread+events%3Aread"),
        refresh(1, "scope=events%3Aread"),
        refresh(2, "scope=identity%3Aread+events%3Aread"),
        resource(2),
        token_info(2),
    ),
    case(
        "instant.revoke_old_pair",
        *tokens(),
        refresh(1),
        revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        resource(2),
    ),
    case(
        "instant.public_client",
        *public_tokens(),
        refresh(1, client=PUBLIC),
        resource(1),
        resource(2),
        refresh(1, client=PUBLIC, label="first again"),
    ),
)

NOSCOPE = (
    case("noscope.blank_scope", authorize("scope=+&state=s")),
    case("noscope.array_scope", authorize("scope[]=events%3Aread&state=s")),
    case("noscope.missing_scope_bad_type", authorize_with(f"response_type=x&{TO_CONFIDENTIAL}")),
    case("noscope.missing_type_missing_scope", authorize_with(TO_CONFIDENTIAL)),
    case("noscope.missing_scope_bad_mode", authorize("response_mode=nope")),
    case("noscope.unknown_scope", authorize("scope=nope")),
    case(
        "noscope.whole",
        *tokens("identity%3Aread"),
        resource(1),
        resource(1, "/v1/default"),
        refresh(1),
    ),
    case("noscope.post_without_session", ask("POST", "/oauth/authorize", "x=1")),
    case("noscope.no_token", ask("GET", "/v1/default")),
    case("noscope.accept_json", authorize("", AS_JSON)),
)

REUSE = (
    case(
        "reuse.reordered_scopes",
        *tokens("identity%3Aread+events%3Aread"),
        *tokens("events%3Aread+identity%3Aread", code=2),
    ),
    case(
        "reuse.subset",
        *tokens("identity%3Aread+admin%3Aread"),
        *tokens("admin%3Aread", code=2),
    ),
    case("reuse.clients_are_apart", *tokens("events%3Awrite"), *other_tokens(code=2)),
    case(
        "reuse.after_revocation",
        *tokens("webhooks%3Aread"),
        revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        *tokens("webhooks%3Aread", code=2),
    ),
    case(
        "reuse.refresh_gives_a_new_pair",
        *tokens("webhooks%3Awrite"),
        refresh(1),
        refresh(1),
        resource(2, "/v1/default"),
        *tokens("webhooks%3Awrite", code=2),
    ),
    case(
        "reuse.code_used_twice",
        authorize("scope=admin%3Awrite"),
        exchange(),
        exchange(label="again"),
        resource(1, "/v1/any_of"),
    ),
    case("reuse.public_client", *public_tokens(), *public_tokens(code=2)),
    case(
        "reuse.lifetime_counts_down",
        *tokens("events%3Aread+webhooks%3Awrite"),
        authorize("scope=events%3Aread+webhooks%3Awrite"),
        late(exchange(code="<CODE_2>")),
    ),
)

NEVER = (
    case("never.introspect", *tokens(), introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}")),
    case(
        "never.introspect_refresh_token",
        *tokens(),
        introspect(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
    ),
    case("never.refresh", *tokens(), refresh(1), resource(2), token_info(2), resource(1)),
    case(
        "never.revoke",
        *tokens(),
        revoke(f"token=<REFRESH_TOKEN_1>&{CONFIDENTIAL}"),
        resource(1),
        introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
    ),
    case("never.public_client", *public_tokens(), introspect(f"token=<ACCESS_TOKEN_1>&{PUBLIC}")),
)

CTYPE_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "form_uppercased": "Application/X-WWW-Form-URLencoded",
    "form_trailing_semicolon": "application/x-www-form-urlencoded;",
    "json": "application/json",
    "multipart": "multipart/form-data; boundary=XX",
    "text": "text/plain",
    "empty": "",
    "garbage": "garbage",
}

CTYPE = (
    *(
        case(
            f"ctype.{endpoint.replace('/', '_')}.{name}",
            ask(
                "POST",
                f"/oauth/{endpoint}",
                "grant_type=nope&token=x",
                ANY,
                ("Content-Type", content_type),
            ),
        )
        for endpoint in ("token", "revoke", "introspect")
        for name, content_type in CTYPE_TYPES.items()
    ),
    *(
        case(f"ctype.{endpoint}.none", ask("POST", f"/oauth/{endpoint}", "grant_type=nope", ANY))
        for endpoint in ("token", "revoke", "introspect")
    ),
    *(
        case(
            f"ctype.{endpoint}.query_only",
            ask("POST", f"/oauth/{endpoint}?grant_type=x", None, ANY),
        )
        for endpoint in ("token", "revoke", "introspect")
    ),
    case("ctype.token.malformed_json", ask("POST", "/oauth/token", "{", ANY, JSON)),
    case("ctype.token.json_accept_html", ask("POST", "/oauth/token", "{}", BROWSER, JSON)),
    case("ctype.resource.json", ask("POST", "/v1/default", "{}", ANY, JSON)),
    case("ctype.authorize.get", authorize("state=s")),
    case("ctype.authorize.get_with_json_type", authorize("state=s", BROWSER, JSON)),
    case("ctype.authorize.post_json", ask("POST", "/oauth/authorize", "{}", BROWSER, JSON)),
    case("ctype.token_info.get", ask("GET", "/oauth/token/info")),
    case("ctype.whole", *tokens(), token_info(), refresh(1)),
)

APPSCOPES = (
    case("appscopes.default", *tokens(), resource(1)),
    case("appscopes.known_but_not_allowed", authorize("scope=admin%3Aread&state=s")),
    case("appscopes.one_allowed_one_not", authorize("scope=identity%3Aread+admin%3Aread&state=s")),
    case("appscopes.unknown", authorize("scope=nope&state=s")),
    case("appscopes.blank", authorize("scope=+&state=s")),
    case(
        "appscopes.only_the_optional",
        *tokens("events%3Aread"),
        resource(1),
        resource(1, "/v1/default"),
    ),
    case(
        "appscopes.refresh",
        *tokens("identity%3Aread+events%3Aread"),
        refresh(1, "scope=admin%3Aread"),
        refresh(1, "scope=events%3Aread"),
        refresh(2, "scope=identity%3Aread"),
    ),
    case("appscopes.public_client", *public_tokens()),
    case("appscopes.other_client_not_allowed", authorize("scope=webhooks%3Aread", to=TO_OTHER)),
)

NOPKCE = (
    case(
        "nopkce.verifier_is_ignored",
        authorize(f"code_challenge={CHALLENGE}&code_challenge_method=S256"),
        exchange(extra="code_verifier=wrong"),
    ),
    case("nopkce.verifier_without_challenge", authorize(), exchange(extra="code_verifier=x")),
    case(
        "nopkce.challenge_without_method",
        authorize("code_challenge=x&state=s"),
        exchange(extra="code_verifier="),
    ),
    case(
        "nopkce.right_verifier",
        authorize(f"code_challenge={CHALLENGE}&code_challenge_method=S256"),
        exchange(extra=f"code_verifier={VERIFIER}"),
        resource(1),
    ),
    case(
        "nopkce.bad_method_bad_scope",
        authorize("code_challenge_method=x&scope=nope&code_challenge=x"),
    ),
)

REDIRECT = (
    case("redirect.bad_mode", authorize("response_mode=nope&state=s")),
    case("redirect.bad_challenge_method", authorize("code_challenge=x&state=s")),
    case(
        "redirect.unparsable_redirect_uri",
        authorize_with("response_type=code&client_id=<CLIENT_ID>&redirect_uri=https%3A%2F%2F%5B"),
    ),
    case("redirect.success", authorize("state=s")),
    case("redirect.accept_json", authorize("scope=nope&state=s", AS_JSON)),
    case("redirect.empty_type", authorize_with(f"response_type=&{TO_CONFIDENTIAL}&state=s")),
    case("redirect.token_failure", token("grant_type=nope")),
    case("redirect.resource_failure", ask("GET", "/v1/me")),
    case(
        "redirect.oob",
        authorize_with(
            "response_type=code&scope=nope&client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>"
        ),
    ),
)

ANONYMOUS = (
    case(
        "anonymous.unknown_client", authorize_with("response_type=code&client_id=x&redirect_uri=y")
    ),
    case("anonymous.bad_scope", authorize("scope=nope&state=s")),
    case(
        "anonymous.bad_redirect",
        authorize_with("response_type=code&client_id=<CLIENT_ID>&redirect_uri=x"),
    ),
    case("anonymous.success_accept_json", authorize("state=s", AS_JSON)),
    case(
        "anonymous.head",
        ask("HEAD", f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}", None, BROWSER),
    ),
    case("anonymous.form_post", authorize("response_mode=form_post")),
    case("anonymous.post_without_session", ask("POST", "/oauth/authorize", "x=1")),
    case("anonymous.native", ask("GET", "/oauth/authorize/native?code=x", None, BROWSER)),
    case(
        "anonymous.authorized_applications",
        ask("GET", "/oauth/authorized_applications", None, BROWSER),
    ),
    case(
        "anonymous.authorized_applications_json", ask("GET", "/oauth/authorized_applications.json")
    ),
    case("anonymous.token", token("grant_type=nope")),
    case("anonymous.unknown_code", exchange(code="x")),
    case("anonymous.resource", ask("GET", "/v1/me")),
)

SKIP = (
    *(
        case(
            f"skip.{verb.lower()}_{path.replace('/', '_')}",
            ask(verb, f"/oauth/{path}", None, BROWSER),
        )
        for verb, path in (
            ("GET", "applications"),
            ("POST", "applications"),
            ("GET", "applications/new"),
            ("DELETE", "applications/1"),
            ("GET", "authorized_applications"),
            ("DELETE", "authorized_applications/1"),
            ("GET", "token/info"),
        )
    ),
    case("skip.token_info_with_a_token", *tokens(), token_info(), resource()),
    case("skip.json", ask("GET", "/oauth/authorized_applications", None, AS_JSON)),
    case(
        "skip.the_rest_works",
        *tokens(),
        introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        refresh(),
        revoke(f"token=<ACCESS_TOKEN_2>&{CONFIDENTIAL}"),
        ask("GET", "/oauth/authorize/native?code=x", None, BROWSER),
    ),
)
