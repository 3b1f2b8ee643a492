"""Cases of the authorization endpoint, asked without a consent page."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BROWSER,
    CHALLENGE,
    CONFIDENTIAL,
    FORM,
    JSON,
    TO_CONFIDENTIAL,
    TO_PUBLIC,
    VERIFIER,
    ask,
    authorize,
    authorize_with,
    case,
    exchange,
    resource,
)

SUCCESS = f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}&state=s"
FAILURE = f"/oauth/authorize?response_type=nope&{TO_CONFIDENTIAL}&state=s"

STATES = {
    "plus": "a%2Bb",
    "slash_question": "%2F%3F%23",
    "ampersand": "a%26code%3Dx",
    "semicolon": "a;b",
    "encoded_semicolon": "a%3Bb",
    "quotes_and_tags": "%22%27%3Cb%3E",
    "emoji": "%F0%9F%98%80",
    "line_separator": "%E2%80%A8",
    "unreserved": "-._~!*()",
    "percent": "100%25",
    "tab": "a%09b",
    "delete_character": "%7F",
    "leading_and_trailing_space": "+a+",
    "zero_width_space": "%E2%80%8B",
    "no_break_space": "%C2%A0",
    "ideographic_space": "%E3%80%80",
    "equals": "a=b=c",
    "backslash_pipe": "%5C%7C%5E%60",
    "empty_after_full": "a&state=",
    "full_after_empty": "&state=a",
    "without_equals": "x&state",
    "array": "x&state[]=y",
    "array_only": "x",
}

REDIRECT_URIS = {
    "empty_query": "https%3A%2F%2Fclient.example.test%2Fcallback%3F",
    "trailing_slash": "<REDIRECT_URI>%2F",
    "dot_segment": "https%3A%2F%2Fclient.example.test%2F.%2Fcallback",
    "parent_segment": "https%3A%2F%2Fclient.example.test%2Fx%2F..%2Fcallback",
    "fragment": "<REDIRECT_URI>%23x",
    "user_info": "https%3A%2F%2Fuser%3Apw%40client.example.test%2Fcallback",
    "scheme_uppercased": "HTTPS%3A%2F%2Fclient.example.test%2Fcallback",
    "trailing_dot_of_host": "https%3A%2F%2Fclient.example.test.%2Fcallback",
    "subdomain": "https%3A%2F%2Fx.client.example.test%2Fcallback",
    "default_port": "https%3A%2F%2Fclient.example.test%3A443%2Fcallback",
    "empty_port": "https%3A%2F%2Fclient.example.test%3A%2Fcallback",
    "port_80": "https%3A%2F%2Fclient.example.test%3A80%2Fcallback",
    "double_slash_path": "https%3A%2F%2Fclient.example.test%2F%2Fcallback",
    "path_parameter": "<REDIRECT_URI>%3Bx%3D1",
    "longer_path": "<REDIRECT_URI>%2Fmore",
    "leading_space": "+<REDIRECT_URI>",
    "trailing_space": "<REDIRECT_URI>+",
    "trailing_newline": "<REDIRECT_URI>%0A",
    "tab_inside": "https%3A%2F%2Fclient.example.test%2Fcall%09back",
    "non_ascii_query": "<REDIRECT_URI>%3Fx%3D%C3%A9",
    "encoded_query": "<REDIRECT_URI>%3Fx%3D%2520y",
    "query_without_value": "<REDIRECT_URI>%3Fx",
    "query_with_code_and_state": "<REDIRECT_URI>%3Fcode%3Dmine%26state%3Dmine",
    "query_with_array": "<REDIRECT_URI>%3Fa%5B%5D%3D1%26a%5B%5D%3D2",
    "query_doubled_key": "<REDIRECT_URI>%3Fa%3D1%26a%3D2",
    "query_plus": "<REDIRECT_URI>%3Fa%3D1%2B2",
    "query_bracket": "<REDIRECT_URI>%3Fa%5B",
    "query_semicolon": "<REDIRECT_URI>%3Fa%3D1%3Bb%3D2",
    "query_space": "<REDIRECT_URI>%3Fa%3D+b",
    "query_newline": "<REDIRECT_URI>%3Fa%3D%0Ab",
    "query_tab": "<REDIRECT_URI>%3Fa%3D%09b",
    "query_tags_and_quotes": "<REDIRECT_URI>%3Fa%3D%3C%22%3E%7B%7D%7C%5C%5E%60",
    "query_null": "<REDIRECT_URI>%3Fa%3D%00",
    "query_only_equals": "<REDIRECT_URI>%3F%3D",
    "query_blank_value": "<REDIRECT_URI>%3Fa%3D%26b%3D%2520",
    "query_question_marks": "<REDIRECT_URI>%3F%3Fa%3D1%3Fb",
    "query_percent_key": "<REDIRECT_URI>%3F%2561%3D1",
    "query_invalid_utf8": "<REDIRECT_URI>%3Fa%3D%25ff",
    "path_pipe": "https%3A%2F%2Fclient.example.test%2Fcallback%7C",
    "path_quote": "https%3A%2F%2Fclient.example.test%2Fcallback%22",
    "path_tilde": "https%3A%2F%2Fclient.example.test%2F~callback",
    "path_bracket": "https%3A%2F%2Fclient.example.test%2Fcallback%5B",
    "host_underscore": "https%3A%2F%2Fclient_example.test%2Fcallback",
    "host_percent": "https%3A%2F%2Fclient%252Eexample.test%2Fcallback",
    "host_star": "https%3A%2F%2F*.example.test%2Fcallback",
    "port_letters": "https%3A%2F%2Fclient.example.test%3Ax%2Fcallback",
    "port_leading_zero": "https%3A%2F%2Fclient.example.test%3A0443%2Fcallback",
    "port_zero": "https%3A%2F%2Fclient.example.test%3A0%2Fcallback",
    "empty_user_info": "https%3A%2F%2F%40client.example.test%2Fcallback",
    "three_slashes": "https%3A%2F%2F%2Fclient.example.test%2Fcallback",
    "one_slash": "https%3A%2Fclient.example.test%2Fcallback",
    "no_slash": "https%3Aclient.example.test%2Fcallback",
    "ipv6_bad": "http%3A%2F%2F%5B%3A%3A%3A1%5D%2Floop",
    "ipv6_zone": "http%3A%2F%2F%5Bfe80%3A%3A1%25eth0%5D%2Floop",
    "ipv6_other_form": "http%3A%2F%2F%5B0%3A0%3A0%3A0%3A0%3A0%3A0%3A1%5D%3A7777%2Floop",
    "loopback_of_same_net": "http%3A%2F%2F127.0.0.2%3A7777%2Floop",
    "loopback_leading_zeros": "http%3A%2F%2F127.000.000.001%3A7777%2Floop",
    "loopback_empty_query": "http%3A%2F%2F127.0.0.1%3A1%2Floop%3F",
    "loopback_fragment": "http%3A%2F%2F127.0.0.1%3A1%2Floop%23",
    "registered_query_empty": "https%3A%2F%2Fclient.example.test%2Fquery%3F",
    "registered_query_plus_empty_pair": "<REDIRECT_QUERY>%26%26",
    "registered_query_newline": "<REDIRECT_QUERY>%0A",
    "registered_query_space": "<REDIRECT_QUERY>+",
    "registered_query_port": "https%3A%2F%2Fclient.example.test%3A443%2Fquery%3Ffixed%3D1",
    "two_separated_by_space": "<REDIRECT_URI>+<REDIRECT_QUERY>",
    "two_separated_by_newline": "<REDIRECT_URI>%0A<REDIRECT_QUERY>",
    "scheme_with_plus": "com.example%2Bapp%3A%2Foauth2redirect",
    "scheme_localhost": "localhost%3A3999%2Fcb",
    "mailto": "mailto%3Aa%40example.test",
    "custom_newline_query": "<REDIRECT_CUSTOM>%3Fa%3D%0A1",
    "query_empty_pair": "<REDIRECT_URI>%3F%26a%3D1%26",
    "registered_query_doubled": "<REDIRECT_QUERY>%26fixed%3D1",
    "registered_query_encoded": "https%3A%2F%2Fclient.example.test%2Fquery%3Ffixed%3D%2531",
    "registered_query_key_case": "https%3A%2F%2Fclient.example.test%2Fquery%3FFIXED%3D1",
    "registered_query_trailing_ampersand": "<REDIRECT_QUERY>%26",
    "registered_query_ampersand_first": "https%3A%2F%2Fclient.example.test%2Fquery%3F%26fixed%3D1",
    "registered_query_fragment": "<REDIRECT_QUERY>%23",
    "registered_query_without_value": "https%3A%2F%2Fclient.example.test%2Fquery%3Ffixed",
    "registered_query_host_uppercased": "https%3A%2F%2FCLIENT.example.test%2Fquery%3Ffixed%3D1",
    "loopback_without_port": "http%3A%2F%2F127.0.0.1%2Floop",
    "loopback_port_too_high": "http%3A%2F%2F127.0.0.1%3A99999%2Floop",
    "loopback_https": "https%3A%2F%2F127.0.0.1%3A7777%2Floop",
    "loopback_trailing_slash": "http%3A%2F%2F127.0.0.1%3A7777%2Floop%2F",
    "loopback_ipv6": "http%3A%2F%2F%5B%3A%3A1%5D%3A7777%2Floop",
    "loopback_name": "http%3A%2F%2Flocalhost%3A7777%2Floop",
    "loopback_query": "http%3A%2F%2F127.0.0.1%3A8080%2Floop%3Fx%3D1",
    "loopback_short_form": "http%3A%2F%2F127.1%3A7777%2Floop",
    "loopback_user_info": "http%3A%2F%2Fa%40127.0.0.1%3A7777%2Floop",
    "localhost_other_port": "http%3A%2F%2Flocalhost%3A4000%2Fcb",
    "localhost_without_port": "http%3A%2F%2Flocalhost%2Fcb",
    "localhost_uppercased": "http%3A%2F%2FLOCALHOST%3A3999%2Fcb",
    "localhost_as_address": "http%3A%2F%2F127.0.0.1%3A3999%2Fcb",
    "custom_query": "<REDIRECT_CUSTOM>%3Fx%3D1",
    "custom_uppercased": "COM.EXAMPLE.APP%3A%2Foauth2redirect",
    "custom_double_slash": "com.example.app%3A%2F%2Foauth2redirect",
    "custom_trailing_slash": "<REDIRECT_CUSTOM>%2F",
    "custom_opaque": "com.example.app%3Aoauth2redirect",
    "oob_auto": "urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob%3Aauto",
    "oob_uppercased": "URN%3AIETF%3AWG%3AOAUTH%3A2.0%3AOOB",
    "oob_query": "<REDIRECT_OOB>%3Fx%3D1",
    "data": "data%3Atext%2Fhtml%2Chello",
    "protocol_relative": "%2F%2Fclient.example.test%2Fcallback",
    "path_only": "%2Fcallback",
    "host_only": "https%3A%2F%2Fclient.example.test",
    "backslash": "https%3A%2F%2Fclient.example.test%5Ccallback",
    "bad_escape": "<REDIRECT_URI>%3Fx%3D%25zz",
    "non_ascii_host": "https%3A%2F%2Fcli%C3%A9nt.example.test%2Fcallback",
    "null_byte": "<REDIRECT_URI>%00",
    "raw_characters": "https://client.example.test/callback",
    "doubled_last_right": "https%3A%2F%2Fevil.example.test%2F&redirect_uri=<REDIRECT_URI>",
    "doubled_last_wrong": "<REDIRECT_URI>&redirect_uri=https%3A%2F%2Fevil.example.test%2F",
}

SCOPES = {
    "double_space": "identity%3Aread++events%3Aread",
    "no_break_space": "identity%3Aread%C2%A0events%3Aread",
    "tab": "identity%3Aread%09events%3Aread",
    "trailing_newline": "identity%3Aread%0A",
    "trailing_tab": "identity%3Aread%09",
    "comma_space": "identity%3Aread%2C+events%3Aread",
    "literal_plus": "identity%3Aread%2Bevents%3Aread",
    "reversed_order": "webhooks%3Awrite+identity%3Aread",
    "triple": "events%3Aread+events%3Aread+events%3Aread",
    "star": "*",
    "openid": "openid",
    "quoted": "%22identity%3Aread%22",
    "prefix": "identity",
    "hash": "identity%3Aread&scope[a]=b",
    "twice_last_wins": "events%3Aread&scope=admin%3Aread",
    "twice_last_empty": "events%3Aread&scope=",
    "null_byte": "identity%3Aread%00",
    "non_ascii": "%C3%A9",
    "vertical_tab": "identity%3Aread%0Bevents%3Aread",
}

CHALLENGES = {
    "empty_challenge_with_method": "code_challenge=&code_challenge_method=S256",
    "blank_challenge_with_bad_method": "code_challenge=+&code_challenge_method=nope",
    "empty_method": f"code_challenge={CHALLENGE}&code_challenge_method=",
    "lowercase_method": f"code_challenge={CHALLENGE}&code_challenge_method=s256",
    "plain_uppercased": f"code_challenge={CHALLENGE}&code_challenge_method=PLAIN",
    "method_with_space": f"code_challenge={CHALLENGE}&code_challenge_method=S256+",
    "method_with_newline": f"code_challenge={CHALLENGE}&code_challenge_method=S256%0A",
    "method_after_newline": f"code_challenge={CHALLENGE}&code_challenge_method=x%0Aplain",
    "method_twice": "code_challenge=x&code_challenge_method=x&code_challenge_method=plain",
    "method_array": f"code_challenge={CHALLENGE}&code_challenge_method[]=S256",
    "challenge_array": f"code_challenge[]={CHALLENGE}&code_challenge_method=S256",
    "challenge_array_bad_method": f"code_challenge[]={CHALLENGE}&code_challenge_method=nope",
    "challenge_one_character": "code_challenge=x&code_challenge_method=plain",
    "challenge_of_500": "code_challenge=<REPEAT|c|500>&code_challenge_method=S256",
    "challenge_not_url_safe": "code_challenge=%2B%2F%3D&code_challenge_method=S256",
}

UNNEEDED_ARRAYS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "state",
    "scope",
)

ACCEPTS = {
    "html": "text/html",
    "xml": "application/xml",
    "plain_text": "text/plain",
    "json_api": "application/vnd.api+json",
    "image": "image/png",
    "any_text": "text/*",
    "any_application": "application/*",
    "axios": "application/json, text/plain, */*",
    "html_first_json_second": "text/html, application/json",
    "json_first_html_second": "application/json, text/html",
    "json_weighted_lower": "application/json;q=0.1, text/html",
    "html_with_weight": "text/html;q=0.5",
    "unknown_type": "application/x-unknown",
    "garbage": "garbage",
    "empty": "",
    "javascript": "text/javascript",
    "any_with_weight": "*/*;q=0.1",
    "yaml": "application/x-yaml",
    "csv": "text/csv",
    "xhtml": "application/xhtml+xml",
    "form": "application/x-www-form-urlencoded",
}

SUFFIXES = ("json", "xml", "html", "txt", "js", "foo", "json.json", "")

PATHS = {
    "double_slash_inside": "/oauth//authorize",
    "double_slash_first": "//oauth/authorize",
    "double_slash_last": "/oauth/authorize//",
    "encoded_letter": "/oauth/%61uthorize",
    "encoded_slash": "/oauth%2Fauthorize",
    "longer": "/oauth/authorize/more",
    "semicolon": "/oauth/authorize;x=1",
    "dot_segment": "/oauth/./authorize",
    "parent_segment": "/x/../oauth/authorize",
    "trailing_encoded_space": "/oauth/authorize%20",
    "invalid_utf8": "/oauth/authorize%ff",
    "null_byte": "/oauth/authorize%00",
}

METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUX")

ENCODINGS = {
    "only_question_mark": "",
    "unclosed_bracket": f"response_type=code&{TO_CONFIDENTIAL}&a[b=1",
    "bracket_first": f"response_type=code&{TO_CONFIDENTIAL}&[a]=1",
    "text_after_bracket": f"response_type=code&{TO_CONFIDENTIAL}&a[]b=1",
    "nested_hash": f"response_type=code&{TO_CONFIDENTIAL}&a[b][c][]=1",
    "array_then_hash": f"response_type=code&{TO_CONFIDENTIAL}&a[]=1&a[b]=2",
    "hash_then_array": f"response_type=code&{TO_CONFIDENTIAL}&a[b]=2&a[]=1",
    "hash_then_text": f"response_type=code&{TO_CONFIDENTIAL}&a[b]=2&a=1",
    "empty_pairs": f"&&response_type=code&&{TO_CONFIDENTIAL}&&",
    "no_key": f"=x&response_type=code&{TO_CONFIDENTIAL}",
    "semicolons": "response_type=code;client_id=<CLIENT_ID>;redirect_uri=<REDIRECT_URI>;state=s",
    "encoded_keys": "response%5Ftype=code&client%5Fid=<CLIENT_ID>&redirect%5Furi=<REDIRECT_URI>",
    "space_before_key": f"response_type=code&{TO_CONFIDENTIAL}&+state=s",
    "uppercase_keys": "Response_Type=code&Client_Id=<CLIENT_ID>&Redirect_Uri=<REDIRECT_URI>",
    "half_escape": f"response_type=code&{TO_CONFIDENTIAL}&state=%2",
    "lone_percent": f"response_type=code&{TO_CONFIDENTIAL}&state=%",
    "invalid_utf8_in_key": f"response_type=code&{TO_CONFIDENTIAL}&%ff=1",
    "invalid_utf8_in_nested": f"response_type=code&{TO_CONFIDENTIAL}&a[b]=%ff",
    "invalid_utf8_in_client": "response_type=code&client_id=%ff&redirect_uri=<REDIRECT_URI>",
    "long_value": f"response_type=code&{TO_CONFIDENTIAL}&x=<REPEAT|x|8000>",
    "raw_bytes_in_state": f"response_type=code&{TO_CONFIDENTIAL}&state=\u00c3\u00a9",
    "format_json": f"response_type=code&{TO_CONFIDENTIAL}&format=json",
    "format_json_failure": f"response_type=nope&{TO_CONFIDENTIAL}&format=json",
    "format_html_failure": f"response_type=nope&{TO_CONFIDENTIAL}&format=html",
    "format_unknown_failure": f"response_type=nope&{TO_CONFIDENTIAL}&format=nope",
    "format_array_failure": f"response_type=nope&{TO_CONFIDENTIAL}&format[]=json",
    "method_parameter": f"response_type=code&{TO_CONFIDENTIAL}&_method=delete",
    "controller_parameter": f"response_type=code&{TO_CONFIDENTIAL}&controller=x&action=y",
}

PRECEDENCE = {
    "missing_client_bad_redirect": "response_type=code&redirect_uri=x",
    "unknown_client_missing_redirect": "response_type=code&client_id=nobody",
    "missing_redirect_missing_type": "client_id=<CLIENT_ID>",
    "bad_redirect_missing_type": "client_id=<CLIENT_ID>&redirect_uri=x",
    "missing_type_bad_mode": f"{TO_CONFIDENTIAL}&response_mode=nope",
    "bad_type_bad_mode": f"{TO_CONFIDENTIAL}&response_type=nope&response_mode=nope",
    "bad_mode_bad_scope": f"{TO_CONFIDENTIAL}&response_type=code&response_mode=nope&scope=nope",
    "bad_type_bad_scope": f"{TO_CONFIDENTIAL}&response_type=nope&scope=nope",
    "bad_mode_bad_pkce": f"{TO_CONFIDENTIAL}&response_type=code&response_mode=x&code_challenge=x",
    "empty_type": f"{TO_CONFIDENTIAL}&response_type=",
    "blank_type": f"{TO_CONFIDENTIAL}&response_type=+",
    "blank_client": "response_type=code&client_id=+&redirect_uri=<REDIRECT_URI>",
    "blank_redirect": "response_type=code&client_id=<CLIENT_ID>&redirect_uri=+",
    "client_uppercased": "client_id=<CLIENT_ID|upper>&redirect_uri=<REDIRECT_URI>",
    "code_twice_in_type": f"{TO_CONFIDENTIAL}&response_type=code+code",
    "type_none": f"{TO_CONFIDENTIAL}&response_type=none",
    "type_id_token": f"{TO_CONFIDENTIAL}&response_type=code+id_token",
    "type_with_newline": f"{TO_CONFIDENTIAL}&response_type=code%0A",
    "secret_of_the_client": f"{TO_CONFIDENTIAL}&response_type=code&client_secret=wrong",
}

MODES = {
    "query": "response_mode=query&state=s",
    "empty": "response_mode=&state=s",
    "blank": "response_mode=+&state=s",
    "uppercase": "response_mode=QUERY&state=s",
    "query_jwt": "response_mode=query.jwt&state=s",
    "form_post_without_state": "response_mode=form_post",
    "form_post_odd_state": "response_mode=form_post&state=%22%3E%3Cb%3E%26amp%3B",
    "form_post_registered_query": "response_mode=form_post&redirect_uri=<REDIRECT_QUERY>",
    "form_post_oob": "response_mode=form_post&redirect_uri=<REDIRECT_OOB>",
    "form_post_custom": "response_mode=form_post&redirect_uri=<REDIRECT_CUSTOM>",
    "fragment_registered_query": "response_mode=query&redirect_uri=<REDIRECT_QUERY>&state=s",
    "twice": "response_mode=nope&response_mode=query&state=s",
}

IGNORED = {
    "login_hint": "login_hint=host%40example.test",
    "max_age_zero": "max_age=0&auth_time=1",
    "resource_indicator": "resource=https%3A%2F%2Fapi.example.test",
    "request_object": "request=eyJhbGciOiJub25lIn0.e30.&request_uri=urn%3Ax",
    "claims": "claims=%7B%22userinfo%22%3A%7B%7D%7D",
    "dpop": "dpop_jkt=x",
    "access_token": "access_token=nope",
}


ODD_QUERIES = {
    "lone_percent": "%25",
    "percent_and_digit": "a=%252",
    "percent_and_letters": "a=%25zz",
    "invalid_text": "a=%25ff",
    "invalid_name": "%25ff=1",
    "invalid_name_alone": "%25ff",
}
"""Queries of a redirect URI, each `%` encoded once more."""


def _redirects() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"authorize.redirect_uri.{name}",
                authorize(to=f"client_id=<CLIENT_ID>&redirect_uri={uri}", query="state=s"),
            )
            for name, uri in REDIRECT_URIS.items()
        ),
        *(
            case(
                f"authorize.redirect_uri.odd_query.{name}",
                authorize(f"redirect_uri=<REDIRECT_URI>%3F{query}&state=s"),
                authorize(f"redirect_uri=<REDIRECT_URI>%3F{query}&state=s&response_mode=nope"),
            )
            for name, query in ODD_QUERIES.items()
        ),
    )


def _parameters() -> tuple[Case, ...]:
    return (
        *(
            case(f"authorize.state.{name}", authorize(f"state={state}"))
            for name, state in STATES.items()
        ),
        *(
            case(f"authorize.scope.{name}", authorize(f"state=s&scope={scope}"))
            for name, scope in SCOPES.items()
        ),
        *(
            case(f"authorize.pkce.{name}", authorize(f"state=s&{query}"))
            for name, query in CHALLENGES.items()
        ),
        *(case(f"authorize.mode.{name}", authorize(query)) for name, query in MODES.items()),
        *(case(f"authorize.ignored.{name}", authorize(query)) for name, query in IGNORED.items()),
        *(
            case(f"authorize.precedence.{name}", authorize_with(f"{query}&state=s"))
            for name, query in PRECEDENCE.items()
        ),
        *(
            case(f"authorize.array.{name}", authorize(f"state=s&{name}[]=x"))
            for name in UNNEEDED_ARRAYS
        ),
        *(
            case(f"authorize.array_alone.{name}", authorize_with(_only_array(name)))
            for name in ("client_id", "redirect_uri", "response_type")
        ),
        *(
            case(f"authorize.encoding.{name}", authorize_with(query))
            for name, query in ENCODINGS.items()
        ),
        case(
            "authorize.encoding.nested_100_deep",
            authorize(f"state=s&a{'[b]' * 99}=1"),
        ),
        case(
            "authorize.encoding.nested_102_deep",
            authorize(f"state=s&a{'[b]' * 101}=1"),
        ),
    )


def _only_array(name: str) -> str:
    query = f"response_type=code&{TO_CONFIDENTIAL}&state=s"
    return query.replace(f"{name}=", f"{name}[]=")


def _negotiation() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"authorize.accept.success.{name}",
                ask("GET", SUCCESS, None, ("Accept", accept)),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(f"authorize.accept.failure.{name}", ask("GET", FAILURE, None, ("Accept", accept)))
            for name, accept in ACCEPTS.items()
        ),
        case(
            "authorize.accept.failure.none",
            ask("GET", FAILURE, None, ("User-Agent", "none")),
        ),
        case(
            "authorize.accept.failure.script_request",
            ask("GET", FAILURE, None, ANY, ("X-Requested-With", "XMLHttpRequest")),
        ),
        case(
            "authorize.accept.failure.script_request_of_a_browser",
            ask("GET", FAILURE, None, BROWSER, ("X-Requested-With", "XMLHttpRequest")),
        ),
        *(
            case(
                f"authorize.suffix.{kind}.{suffix.replace('.', '_') or 'empty'}",
                ask("GET", target.replace("?", f".{suffix}?"), None, BROWSER),
            )
            for kind, target in (("success", SUCCESS), ("failure", FAILURE))
            for suffix in SUFFIXES
        ),
        *(
            case(
                f"authorize.path.{name}",
                ask("GET", SUCCESS.replace("/oauth/authorize", path), None, BROWSER),
            )
            for name, path in PATHS.items()
        ),
        *(
            case(
                f"authorize.method.{method.lower()}",
                ask(method, SUCCESS, None, BROWSER),
            )
            for method in METHODS
        ),
        *(
            case(
                f"authorize.method.{method.lower()}_accept_json",
                ask(method, SUCCESS, None, AS_JSON),
            )
            for method in ("POST", "PUT", "DELETE", "OPTIONS", "QUX")
        ),
        case("authorize.method.head_failure", ask("HEAD", FAILURE, None, BROWSER)),
        case(
            "authorize.method.get_with_form_body",
            ask("GET", "/oauth/authorize", f"response_type=code&{TO_CONFIDENTIAL}", BROWSER, FORM),
        ),
        case(
            "authorize.method.get_with_json_body",
            ask("GET", SUCCESS, '{"state":"body","scope":"nope"}', BROWSER, JSON),
        ),
        case(
            "authorize.method.get_with_malformed_json_body",
            ask("GET", SUCCESS, "{", BROWSER, JSON),
        ),
        case(
            "authorize.method.get_body_beside_query",
            ask("GET", SUCCESS, "state=body&scope=events%3Aread", BROWSER, FORM),
        ),
        case(
            "authorize.if_none_match.any",
            ask("GET", FAILURE, None, BROWSER, ("If-None-Match", "*")),
        ),
    )


def _native() -> tuple[Case, ...]:
    return (
        case("native.without_code", ask("GET", "/oauth/authorize/native", None, BROWSER)),
        case("native.empty_code", ask("GET", "/oauth/authorize/native?code=", None, BROWSER)),
        case("native.array", ask("GET", "/oauth/authorize/native?code[]=a", None, BROWSER)),
        case("native.hash", ask("GET", "/oauth/authorize/native?code[a]=b", None, BROWSER)),
        case("native.unicode", ask("GET", "/oauth/authorize/native?code=%C3%A9", None, BROWSER)),
        case("native.twice", ask("GET", "/oauth/authorize/native?code=a&code=b", None, BROWSER)),
        case("native.accept_json", ask("GET", "/oauth/authorize/native?code=a", None, AS_JSON)),
        case("native.json_suffix", ask("GET", "/oauth/authorize/native.json?code=a", None, ANY)),
        case("native.head", ask("HEAD", "/oauth/authorize/native?code=a", None, BROWSER)),
        case("native.post", ask("POST", "/oauth/authorize/native", "code=a")),
        case("native.trailing_slash", ask("GET", "/oauth/authorize/native/?code=a", None, BROWSER)),
        case("native.code_in_path", ask("GET", "/oauth/authorize/abc", None, BROWSER)),
        case(
            "native.code_from_oob_works",
            authorize(to="client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>", query="state=s"),
            ask("GET", "/oauth/authorize/native?code=<CODE_1>", None, BROWSER),
            exchange(to="<REDIRECT_OOB>"),
            resource(),
        ),
        case(
            "native.fragment_mode",
            authorize(
                to="client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>",
                query="state=s&response_mode=fragment",
            ),
        ),
    )


def _codes() -> tuple[Case, ...]:
    return (
        case(
            "authorize.head_issues_a_code",
            ask("HEAD", SUCCESS, None, BROWSER),
            exchange(),
        ),
        case(
            "authorize.two_codes_both_work",
            authorize(),
            authorize(),
            exchange(code="<CODE_2>"),
            exchange(code="<CODE_1>"),
        ),
        case(
            "authorize.public_client.plain_pkce",
            authorize(f"code_challenge={VERIFIER}&code_challenge_method=plain", to=TO_PUBLIC),
            exchange(
                "client_id=<PUBLIC_CLIENT_ID>",
                to="<PUBLIC_REDIRECT_URI>",
                extra=f"code_verifier={VERIFIER}",
            ),
        ),
        case(
            "authorize.public_client.missing_redirect",
            authorize(to="client_id=<PUBLIC_CLIENT_ID>", query="state=s"),
        ),
        case(
            "authorize.code_for_array_challenge_needs_no_verifier",
            authorize(f"code_challenge[]={CHALLENGE}&code_challenge_method=S256"),
            exchange(CONFIDENTIAL),
        ),
    )


CASES = (*_redirects(), *_parameters(), *_negotiation(), *_native(), *_codes())
