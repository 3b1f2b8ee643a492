"""Cases of presenting access tokens: at resources and at token/info."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    BROWSER,
    CONFIDENTIAL,
    FORM,
    JSON,
    ask,
    authorize,
    case,
    introspect,
    public_tokens,
    refresh,
    resource,
    revoke,
    token_info,
    tokens,
)

AUTHORIZATIONS = {
    "uppercase": "BEARER <ACCESS_TOKEN_1>",
    "mixed_case": "bEaReR <ACCESS_TOKEN_1>",
    "no_space": "Bearer<ACCESS_TOKEN_1>",
    "colon": "Bearer: <ACCESS_TOKEN_1>",
    "comma": "Bearer <ACCESS_TOKEN_1>,",
    "realm": 'Bearer realm="x" <ACCESS_TOKEN_1>',
    "token_scheme": "Token token=<ACCESS_TOKEN_1>",
    "oauth_scheme": "OAuth <ACCESS_TOKEN_1>",
    "api_token": "<ACCESS_TOKEN_1>",
    "two_trailing_spaces": "Bearer <ACCESS_TOKEN_1>  ",
    "two_tokens": "Bearer <ACCESS_TOKEN_1> <ACCESS_TOKEN_1>",
    "swapped_case": "Bearer <ACCESS_TOKEN_1|swapcase>",
    "shortened": "Bearer <ACCESS_TOKEN_1|short>",
    "url_encoded": "Bearer %3CACCESS%3E",
    "null_text": "Bearer null",
    "undefined": "Bearer undefined",
    "bearer_of_bearer_only": "Bearer Bearer",
    "blank": "   ",
}

SOURCES = {
    "query_good_then_bad": "/v1/me?access_token=<ACCESS_TOKEN_1>&access_token=bad",
    "query_bad_then_good": "/v1/me?access_token=bad&access_token=<ACCESS_TOKEN_1>",
    "access_token_bad_bearer_token_good": "/v1/me?access_token=bad&bearer_token=<ACCESS_TOKEN_1>",
    "access_token_good_bearer_token_bad": "/v1/me?access_token=<ACCESS_TOKEN_1>&bearer_token=bad",
    "access_token_empty_bearer_token_good": "/v1/me?access_token=&bearer_token=<ACCESS_TOKEN_1>",
    "access_token_blank_bearer_token_good": "/v1/me?access_token=+&bearer_token=<ACCESS_TOKEN_1>",
    "access_token_array_bearer_token_good": (
        "/v1/me?access_token[]=bad&bearer_token=<ACCESS_TOKEN_1>"
    ),
    "token_parameter": "/v1/me?token=<ACCESS_TOKEN_1>",
    "oauth_token_parameter": "/v1/me?oauth_token=<ACCESS_TOKEN_1>",
    "uppercase_parameter": "/v1/me?ACCESS_TOKEN=<ACCESS_TOKEN_1>",
    "hash": "/v1/me?access_token[a]=<ACCESS_TOKEN_1>",
    "trailing_space": "/v1/me?access_token=<ACCESS_TOKEN_1>+",
    "null": "/v1/me?access_token=%00",
    "invalid_utf8": "/v1/me?access_token=%ff",
    "conflict": "/v1/me?access_token=a&access_token[b]=c",
}

TARGETS = {
    "trailing_slash": "/v1/me/",
    "double_slash": "//v1//me",
    "json_suffix": "/v1/me.json",
    "xml_suffix": "/v1/me.xml",
    "unknown_suffix": "/v1/me.foo",
    "uppercased": "/V1/ME",
    "longer": "/v1/me/more",
    "query": "/v1/me?include=organization",
    "format": "/v1/me?format=xml",
    "any_of_with_another_scope": "/v1/any_of",
    "default": "/v1/default",
}

ACCEPTS = {
    "xml": "application/xml",
    "json_api": "application/vnd.api+json",
    "garbage": "garbage",
    "empty": "",
    "list": "application/json, text/html",
    "image": "image/png",
}

METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUX")


def _headers() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"resource.authorization.{name}",
                *tokens(),
                ask("GET", "/v1/me", None, ANY, ("Authorization", value)),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        *(
            case(
                f"resource.authorization_beside_good_query.{name}",
                *tokens(),
                ask(
                    "GET",
                    "/v1/me?access_token=<ACCESS_TOKEN_1>",
                    None,
                    ANY,
                    ("Authorization", value),
                ),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        *(
            case(f"resource.source.{name}", *tokens(), ask("GET", target))
            for name, target in SOURCES.items()
        ),
        *(
            case(f"resource.target.{name}", *tokens(), resource(1, target))
            for name, target in TARGETS.items()
        ),
        *(
            case(f"resource.target_without_token.{name}", ask("GET", target))
            for name, target in TARGETS.items()
        ),
        *(
            case(
                f"resource.accept.{name}",
                *tokens(),
                ask(
                    "GET",
                    "/v1/me",
                    None,
                    ("Accept", accept),
                    ("Authorization", "Bearer <ACCESS_TOKEN_1>"),
                    label="granted",
                ),
                ask("GET", "/v1/me", None, ("Accept", accept), label="no token"),
                ask(
                    "GET",
                    "/v1/any_of",
                    None,
                    ("Accept", accept),
                    ("Authorization", "Bearer <ACCESS_TOKEN_1>"),
                    label="forbidden",
                ),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"resource.method.{method.lower()}",
                *tokens(),
                ask(method, "/v1/me", None, ANY, ("Authorization", "Bearer <ACCESS_TOKEN_1>")),
            )
            for method in METHODS
        ),
    )


def _bodies() -> tuple[Case, ...]:
    good = '{"access_token":"<ACCESS_TOKEN_1>"}'
    return (
        case(
            "resource.body.form_post",
            *tokens(),
            ask("POST", "/v1/default", "access_token=<ACCESS_TOKEN_1>"),
        ),
        case(
            "resource.body.bearer_token_in_form",
            *tokens(),
            ask("POST", "/v1/default", "bearer_token=<ACCESS_TOKEN_1>"),
        ),
        case("resource.body.json_post", *tokens(), ask("POST", "/v1/default", good, ANY, JSON)),
        case(
            "resource.body.json_api",
            *tokens(),
            ask("POST", "/v1/default", good, ANY, ("Content-Type", "application/vnd.api+json")),
        ),
        case(
            "resource.body.json_null",
            *tokens(),
            ask("POST", "/v1/default", '{"access_token":null}', ANY, JSON),
        ),
        case(
            "resource.body.json_number",
            ask("POST", "/v1/default", '{"access_token":1}', ANY, JSON),
        ),
        case(
            "resource.body.json_object",
            ask("POST", "/v1/default", '{"access_token":{"a":1}}', ANY, JSON),
        ),
        case("resource.body.malformed_json", ask("POST", "/v1/default", "{", ANY, JSON)),
        case(
            "resource.body.malformed_json_beside_good_header",
            *tokens(),
            ask(
                "POST",
                "/v1/default",
                "{",
                ANY,
                JSON,
                ("Authorization", "Bearer <ACCESS_TOKEN_1>"),
            ),
        ),
        case(
            "resource.body.query_bad_body_good",
            *tokens(),
            ask("POST", "/v1/default?access_token=bad", "access_token=<ACCESS_TOKEN_1>"),
        ),
        case(
            "resource.body.query_good_body_bad",
            *tokens(),
            ask("POST", "/v1/default?access_token=<ACCESS_TOKEN_1>", "access_token=bad"),
        ),
        case(
            "resource.body.header_good_body_bad",
            *tokens(),
            ask(
                "POST",
                "/v1/default",
                "access_token=bad",
                ANY,
                FORM,
                ("Authorization", "Bearer <ACCESS_TOKEN_1>"),
            ),
        ),
        case(
            "resource.body.multipart",
            *tokens(),
            ask(
                "POST",
                "/v1/default",
                '--XX\r\nContent-Disposition: form-data; name="access_token"\r\n\r\n'
                "<ACCESS_TOKEN_1>\r\n--XX--\r\n",
                ANY,
                ("Content-Type", "multipart/form-data; boundary=XX"),
            ),
        ),
        case(
            "resource.body.text_plain",
            *tokens(),
            ask(
                "POST",
                "/v1/default",
                "access_token=<ACCESS_TOKEN_1>",
                ANY,
                ("Content-Type", "text/plain"),
            ),
        ),
        case(
            "resource.body.basic_header_form_good",
            *tokens(),
            ask("POST", "/v1/default", "access_token=<ACCESS_TOKEN_1>", ANY, FORM, BASIC),
        ),
        case(
            "resource.method_override",
            *tokens(),
            ask("POST", "/v1/me", "_method=get&access_token=<ACCESS_TOKEN_1>"),
        ),
    )


def _validity() -> tuple[Case, ...]:
    return (
        case(
            "resource.scope.two_held",
            *tokens("events%3Awrite+admin%3Awrite"),
            resource(1, "/v1/any_of"),
            resource(1, "/v1/me"),
            resource(1, "/v1/default"),
        ),
        case(
            "resource.scope.explicit_replaces_default",
            *tokens("events%3Aread"),
            resource(1, "/v1/me"),
            resource(1, "/v1/default"),
            ask(
                "POST",
                "/v1/default",
                "",
                AS_JSON,
                ("Authorization", "Bearer <ACCESS_TOKEN_1>"),
            ),
        ),
        case(
            "resource.revoked_and_wrong_scope",
            *tokens("events%3Aread"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            resource(1),
        ),
        case(
            "resource.if_none_match",
            *tokens(),
            resource(1),
            resource(1, "/v1/me", ("If-None-Match", "W/<ETAG>"), label="same tag"),
            resource(1, "/v1/me", ("If-None-Match", "<ETAG>"), label="strong tag"),
            resource(1, "/v1/me", ("If-None-Match", "*"), label="any tag"),
            resource(1, "/v1/me", ("If-None-Match", 'W/"x", W/<ETAG>'), label="list of tags"),
        ),
        case(
            "resource.cors",
            *tokens(),
            resource(1, "/v1/me", ("Origin", "https://client.example.test")),
        ),
        case("resource.unknown_path_with_token", *tokens(), resource(1, "/v1/nothing")),
        case("resource.unknown_path_without_token", ask("GET", "/v1/nothing")),
        case("resource.unknown_path_accept_json", ask("GET", "/v1/nothing", None, AS_JSON)),
        case("resource.session_cookie_is_no_token", ask("GET", "/v1/me", None, BROWSER)),
    )


def _token_info() -> tuple[Case, ...]:
    info = "/oauth/token/info"
    sources = {
        "query_bearer_token": f"{info}?bearer_token=<ACCESS_TOKEN_1>",
        "token_parameter": f"{info}?token=<ACCESS_TOKEN_1>",
        "array": f"{info}?access_token[]=<ACCESS_TOKEN_1>",
        "json_suffix": f"{info}.json?access_token=<ACCESS_TOKEN_1>",
        "xml_suffix": f"{info}.xml?access_token=<ACCESS_TOKEN_1>",
        "trailing_slash": f"{info}/?access_token=<ACCESS_TOKEN_1>",
        "format": f"{info}?access_token=<ACCESS_TOKEN_1>&format=xml",
        "code": f"{info}?access_token=<CODE_1>",
        "state_is_not_echoed": f"{info}?access_token=bad&state=s",
        "state_array": f"{info}?access_token=bad&state[]=s",
        "nothing": info,
        "invalid_utf8": f"{info}?access_token=%ff",
    }
    return (
        *(
            case(f"token_info.{name}", *tokens(), ask("GET", target))
            for name, target in sources.items()
        ),
        *(
            case(
                f"token_info.accept.{name}",
                *tokens(),
                ask("GET", f"{info}?access_token=<ACCESS_TOKEN_1>", None, ("Accept", accept)),
                ask("GET", info, None, ("Accept", accept), label="no token"),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(f"token_info.method.{method.lower()}", ask(method, info, None, ANY))
            for method in METHODS
        ),
        case(
            "token_info.three_scopes",
            *tokens("admin%3Aread+events%3Aread+identity%3Aread"),
            token_info(),
        ),
        case(
            "token_info.head",
            *tokens(),
            ask("HEAD", info, None, ANY, ("Authorization", "Bearer <ACCESS_TOKEN_1>")),
        ),
        case(
            "token_info.revoked",
            *tokens(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            token_info(),
        ),
        case(
            "token_info.after_refresh",
            *tokens(),
            refresh(1),
            token_info(1),
            token_info(2),
            token_info(1),
        ),
        case("token_info.public_client", *public_tokens(), token_info()),
        case(
            "token_info.basic_header",
            *tokens(),
            ask("GET", info, None, ANY, BASIC),
        ),
        case(
            "token_info.form_body_on_get",
            *tokens(),
            ask("GET", info, "access_token=<ACCESS_TOKEN_1>"),
        ),
        case(
            "token_info.if_none_match",
            *tokens(),
            token_info(1),
            token_info(1, ("If-None-Match", "W/<ETAG>")),
        ),
        case(
            "token_info.unused_code_does_nothing",
            authorize(),
            ask("GET", f"{info}?access_token=<CODE_1>"),
            introspect(f"token=<CODE_1>&{CONFIDENTIAL}"),
        ),
    )


CASES = (*_headers(), *_bodies(), *_validity(), *_token_info())
