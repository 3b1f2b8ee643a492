"""Cases of Rails' own rules where they meet: formats, content types, parameters, verbs."""

from ..recordings import Case, Exchange
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    BROWSER,
    CONFIDENTIAL,
    FORM,
    JSON,
    TO_CONFIDENTIAL,
    ask,
    ask_in_json,
    authorize,
    case,
    tokens,
)

FAILURE = f"/oauth/authorize?response_type=nope&{TO_CONFIDENTIAL}&state=s"
METADATA = "/.well-known/oauth-authorization-server"
SCRIPT = ("X-Requested-With", "XMLHttpRequest")

ACCEPTS = {
    "json_with_charset_then_html": "application/json; charset=utf-8, text/html",
    "html_with_level_then_json": "text/html;level=1, application/json",
    "html_zero_then_json": "text/html;q=0, application/json",
    "equal_weights": "application/json;q=0.9, application/xml;q=0.9",
    "xml_then_json": "application/xml, application/json",
    "json_then_xml": "application/json, application/xml",
    "text_xml_then_xml": "text/xml, application/xml",
    "app_xml_between": "text/html;q=0.5, application/xml, application/atom+xml",
    "any_text_then_json": "text/*, application/json",
    "any_image": "image/*",
    "any_last_weighted": "application/json, */*;q=0.1",
    "leading_space": " application/json",
    "trailing_comma": "application/json,",
    "uppercased": "APPLICATION/JSON",
    "quoted_weight": 'application/json;q="0.1", text/html',
    "weight_not_a_number": "application/json;q=x, text/html",
    "spaces_around_weight": "application/json ; q = 0.1, text/html",
    "weight_above_one": "application/json;q=5, text/html",
    "two_parameters": "application/json;a=b;q=0.1, text/html",
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "css": "text/css",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "multipart": "multipart/form-data",
    "star_slash_html": "*/html",
    "double_star_weighted_list": "text/html;q=0.1,*/*;q=0.2",
}

EMPTY_BODY_TYPES = {
    "empty": "",
    "garbage": "garbage",
    "slash": "/",
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "unknown": "application/x-unknown",
}

EMPTY_VALUES = {
    "empty_array": "[]",
    "array_of_null": "[null]",
    "empty_object": "{}",
    "float": "1.5",
    "negative": "-1",
}

INVALID_FIRST = {
    "grant_type": "grant_type=%ff&grant_type=nope",
    "code": "grant_type=authorization_code&code=%ff&code=x",
    "grant_type_bad_escape": "grant_type=%zz&grant_type=nope",
    "valid_first": "grant_type=nope&grant_type=%ff",
    "array": "x[]=%ff&grant_type=nope",
    "key": "%ff=1&grant_type=nope",
}

UNPROTECTED = ("POST", "PUT", "PATCH", "DELETE")


def _formats() -> tuple[Case, ...]:
    return (
        *(
            case(f"negotiation.page.{name}", ask("GET", FAILURE, None, ("Accept", accept)))
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(f"negotiation.static.{name}", ask("GET", "/nothing", None, ("Accept", accept)))
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"negotiation.token.{name}",
                ask("POST", "/oauth/token", "grant_type=nope", ("Accept", accept), FORM),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"negotiation.script.{name}",
                ask("GET", "/nothing", None, ("Accept", accept), SCRIPT),
                ask("GET", FAILURE, None, ("Accept", accept), SCRIPT),
            )
            for name, accept in ACCEPTS.items()
        ),
        case(
            "negotiation.script.empty_accept_form",
            ask("POST", "/oauth/token", "grant_type=nope", ("Accept", ""), FORM, SCRIPT),
        ),
        case(
            "negotiation.script.no_accept_form",
            ask("POST", "/oauth/token", "grant_type=nope", FORM, SCRIPT),
        ),
        case(
            "negotiation.script.no_accept_json",
            ask("POST", "/oauth/token", '{"grant_type":"nope"}', JSON, SCRIPT),
            ask("POST", "/nothing", "{}", JSON, SCRIPT),
            ask("POST", "/oauth/token", "{", JSON, SCRIPT),
        ),
        case("negotiation.script.no_accept_get", ask("GET", "/nothing", None, SCRIPT)),
        case("negotiation.script.no_accept_page", ask("GET", FAILURE, None, SCRIPT)),
        case(
            "negotiation.script.empty_accept_page_with_json_type",
            ask("GET", FAILURE, None, ("Accept", ""), JSON, SCRIPT),
        ),
    )


def _parameters() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"negotiation.type_without_body.{name}.{endpoint}",
                ask(
                    "POST",
                    f"/oauth/{endpoint}?grant_type=nope&token=x&{CONFIDENTIAL}",
                    None,
                    ANY,
                    ("Content-Type", content_type),
                ),
            )
            for name, content_type in EMPTY_BODY_TYPES.items()
            for endpoint in ("token", "revoke", "introspect")
        ),
        *(
            case(
                f"negotiation.type_of_get.{name}",
                ask("GET", FAILURE, None, BROWSER, ("Content-Type", content_type)),
                ask("GET", "/v1/me", None, ANY, ("Content-Type", content_type)),
                ask("GET", "/oauth/token/info", None, ANY, ("Content-Type", content_type)),
                ask("GET", "/nothing", None, ANY, ("Content-Type", content_type)),
            )
            for name, content_type in EMPTY_BODY_TYPES.items()
        ),
        *(
            case(
                f"negotiation.json_value.{name}",
                authorize(),
                _exchange_with("client_secret", value),
                _exchange_with("client_id", value),
                _exchange_with("code", value),
                _exchange_with("redirect_uri", value),
                _exchange_with("grant_type", value),
                _exchange_with("state", value),
                _exchange_with("code_verifier", value),
            )
            for name, value in EMPTY_VALUES.items()
        ),
        *(
            case(
                f"negotiation.json_value.{name}.elsewhere",
                *tokens(),
                ask_in_json(
                    "/oauth/token", f'"grant_type":"refresh_token","refresh_token":{value}'
                ),
                ask_in_json(
                    "/oauth/token",
                    '"grant_type":"refresh_token","refresh_token":"<REFRESH_TOKEN_1>",'
                    f'"client_id":"<CLIENT_ID>","client_secret":"<CLIENT_SECRET>","scope":{value}',
                ),
                ask_in_json("/oauth/revoke", f'"token":{value}'),
                ask_in_json("/oauth/introspect", f'"token":{value}'),
                ask_in_json("/v1/default", f'"access_token":{value}'),
            )
            for name, value in EMPTY_VALUES.items()
        ),
        *(
            case(f"negotiation.invalid_first.{name}", ask("POST", "/oauth/token", body))
            for name, body in INVALID_FIRST.items()
        ),
        case(
            "negotiation.invalid_first.in_query",
            ask("GET", f"/oauth/authorize?response_type=%ff&response_type=x&{TO_CONFIDENTIAL}"),
            ask(
                "GET",
                f"/oauth/authorize?response_type=%ff&response_type=x&{TO_CONFIDENTIAL}",
                None,
                AS_JSON,
            ),
        ),
    )


def _exchange_with(name: str, value: str) -> Exchange:
    """Exchange the code by JSON, with one member replaced by a JSON value."""
    members = {
        "grant_type": '"authorization_code"',
        "code": '"<CODE_1>"',
        "redirect_uri": '"<REDIRECT_URI>"',
        "client_id": '"<CLIENT_ID>"',
        "client_secret": '"<CLIENT_SECRET>"',
    } | {name: value}
    return ask_in_json(
        "/oauth/token", ",".join(f'"{key}":{value}' for key, value in members.items())
    )


def _verbs() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"negotiation.malformed_beside_csrf.{method.lower()}",
                ask(method, "/oauth/applications/1", "{", ANY, JSON),
                ask(method, "/oauth/authorize", "{", ANY, JSON),
                ask(method, "/oauth/authorized_applications/1", "{", ANY, JSON),
                ask(method, "/oauth/authorize?x=%ff", None, ANY),
                ask(method, "/oauth/authorize?a=1&a[b]=1", None, ANY),
            )
            for method in UNPROTECTED
        ),
        case(
            "negotiation.malformed_beside_unknown_path",
            ask("GET", "/nothing?a=1&a[b]=1", None, AS_JSON),
            ask("POST", "/nothing", "{", AS_JSON, JSON),
            ask("GET", "/v1/nothing?x=%ff", None, ANY),
            ask("QUX", "/oauth/token?x=%ff", None, ANY),
            ask("QUX", "/nothing", "{", ANY, JSON),
        ),
    )


UNTYPED_FORMS = {
    "bad_escape": "grant_type=nope&x=%zz",
    "hash_after_text": "grant_type=nope&x=1&x[a]=2",
    "bad_text": "grant_type=nope&x=%ff",
    "bad_name": "grant_type=nope&%ff=1",
    "override": "_method=delete&x=%zz",
}
"""Forms without a type, on which Rack fails before Rails would read them."""

CONTROL_CHARACTERS = ("%1C", "%1D", "%1E", "%1F", "%85", "%C2%85", "%E2%80%80", "%0B", "%00")
"""What Unicode or Python may count as white space."""


def _unusual_bodies() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"negotiation.untyped_form.{name}",
                ask("POST", "/oauth/token", body, ANY),
                ask("POST", "/oauth/revoke", f"{body}&{CONFIDENTIAL}", ANY),
                ask("POST", "/oauth/token", body, ("Accept", "foo")),
                ask("POST", f"/oauth/introspect?token=x&{CONFIDENTIAL}", body, ANY),
                ask("POST", "/oauth/authorize", body, ANY),
            )
            for name, body in UNTYPED_FORMS.items()
        ),
        *(
            case(
                f"negotiation.multipart_without_boundary.{name}",
                ask("POST", "/oauth/token", "grant_type=nope&state=s", ANY, header),
                ask("POST", "/oauth/token", "grant_type=nope&a=%zz", ANY, header),
                ask("POST", "/oauth/authorized_applications/9", "_method=delete", ANY, header),
            )
            for name, header in {
                "none": ("Content-Type", "multipart/form-data"),
                "empty": ("Content-Type", "multipart/form-data; boundary="),
                "mixed": ("Content-Type", "multipart/mixed"),
                "of_two": ("Content-Type", "multipart/form-data, application/json"),
            }.items()
        ),
        case(
            "negotiation.multipart.file_before_field",
            ask(
                "POST",
                "/oauth/token",
                "\r\n".join(
                    (
                        "--b",
                        'Content-Disposition: form-data; name="grant_type"; filename="f"',
                        "",
                        "nope",
                        "--b",
                        'Content-Disposition: form-data; name="grant_type[]"',
                        "",
                        "nope",
                        "--b--",
                        "",
                    )
                ),
                ANY,
                ("Content-Type", "multipart/form-data; boundary=b"),
            ),
        ),
        *(
            case(
                f"negotiation.multipart.{name}",
                ask(
                    "POST",
                    "/oauth/token",
                    f'{before}--b\r\nContent-Disposition: form-data; name="grant_type"'
                    "\r\n\r\nnope\r\n--b--\r\n",
                    ANY,
                    ("Content-Type", f"multipart/form-data; {parameters}"),
                ),
            )
            for name, (parameters, before) in {
                "preamble": ("boundary=b", "to whom it may concern\r\n"),
                "two_boundaries": ("boundary=b; boundary=c", ""),
                "space_after_boundary": ("boundary =b", ""),
            }.items()
        ),
        *(
            case(
                f"negotiation.many_parameters.{name}",
                ask("POST", "/oauth/token", body, *headers),
            )
            for name, body, headers in (
                ("limit", "grant_type=nope<REPEAT|&a=1|4095>", (ANY, FORM)),
                ("beyond", "grant_type=nope<REPEAT|&a=1|4096>", (ANY, FORM)),
                ("beyond_untyped", "grant_type=nope<REPEAT|&a=1|4096>", (ANY,)),
            )
        ),
        case(
            "negotiation.form.spaces_between_pairs",
            ask("POST", "/oauth/token", "x=1&  grant_type=nope& state=s"),
            ask("POST", "/oauth/token", "x=1 & grant_type=nope ;state=s"),
        ),
        case(
            "negotiation.form.array_in_array_of_hashes",
            ask("POST", "/oauth/token", "grant_type[][a][]=1&grant_type[][a][]=2&state=s"),
        ),
        *(
            case(
                f"negotiation.blank.{character.removeprefix('%').replace('%', '_').lower()}",
                ask("POST", "/oauth/token", f"grant_type={character}&state=s"),
                ask(
                    "GET",
                    f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}&state={character}",
                ),
                authorize(f"scope={character}"),
            )
            for character in CONTROL_CHARACTERS
        ),
        case(
            "negotiation.malformed_json_is_not_read.revoke",
            ask("POST", "/oauth/revoke", "{", ANY, JSON, ("Authorization", "Basic b64(x:y)")),
            ask("POST", "/oauth/revoke", "{", ANY, JSON, BASIC),
            ask("POST", "/oauth/introspect", "{", ANY, JSON, BASIC),
        ),
        case(
            "negotiation.malformed_json_of_another_origin",
            ask("POST", "/oauth/authorize", "{", ANY, JSON, ("Origin", "http://evil.example")),
        ),
        case(
            "negotiation.format_parameter.blank",
            ask("GET", f"{FAILURE}&format=", None, ANY),
            ask("GET", f"{FAILURE}&format=", None, AS_JSON),
            ask("GET", "/nothing?format=", None, AS_JSON),
            ask("POST", "/oauth/token", "grant_type=nope&format=+", AS_JSON, FORM),
            ask("GET", f"{FAILURE}&format[]=json", None, BROWSER),
            ask("GET", "/oauth/authorized_applications?format=", None, BROWSER),
        ),
        case(
            "negotiation.suffix_before_slash",
            ask("DELETE", "/oauth/introspect.json/", None, BROWSER),
            ask("GET", "/nothing.json//", None, BROWSER),
            ask("GET", "/nothing.xml/", None, ANY),
        ),
        case(
            "negotiation.unknown_type_without_body",
            *(
                ask("POST", "/oauth/introspect", None, AS_JSON, ("Content-Type", content_type))
                for content_type in ("", "foo", "/")
            ),
        ),
        case(
            "negotiation.override_without_a_type",
            ask("POST", "/oauth/token", "_method=put", ANY),
            ask("POST", "/oauth/token", "_method=put", ANY, ("Content-Type", "")),
            ask("POST", "/oauth/token", "_method=put", ANY, ("Content-Type", " ;")),
            ask("POST", "/oauth/token", "_method=put", ANY, ("Content-Type", "text/plain")),
            ask("POST", "/oauth/token", "grant_type=nope", ANY, ("Content-Type", "")),
        ),
        case(
            "negotiation.metadata_route_of_later_releases",
            ask("GET", f"{METADATA}.xml", None, ANY),
            ask("GET", METADATA, None, ("Accept", "text/html,foo")),
            ask("GET", f"{METADATA}.json", None, BROWSER),
        ),
    )


CASES = (*_formats(), *_parameters(), *_verbs(), *_unusual_bodies())
