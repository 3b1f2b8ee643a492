"""Cases of the token endpoint with authorization codes: transport, client, code, URI, PKCE."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    CHALLENGE,
    CONFIDENTIAL,
    FORM,
    JSON,
    OTHER,
    PUBLIC,
    TO_PUBLIC,
    VERIFIER,
    ask,
    authorize,
    case,
    exchange,
    resource,
    token,
)

WHOLE = f"grant_type=authorization_code&code=<CODE_1>&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}"
WHOLE_JSON = (
    '{"grant_type":"authorization_code","code":"<CODE_1>","redirect_uri":"<REDIRECT_URI>",'
    '"client_id":"<CLIENT_ID>","client_secret":"<CLIENT_SECRET>"}'
)

CONTENT_TYPES = {
    "form_uppercased": "APPLICATION/X-WWW-FORM-URLENCODED",
    "form_latin1": "application/x-www-form-urlencoded; charset=iso-8859-1",
    "form_unknown_charset": "application/x-www-form-urlencoded; charset=nope",
    "form_with_list": "application/x-www-form-urlencoded, application/json",
    "form_trailing_semicolon": "application/x-www-form-urlencoded;",
    "empty": "",
    "garbage": "garbage",
    "slash_only": "/",
    "image": "image/png",
    "html": "text/html",
    "javascript": "application/javascript",
    "octets": "application/octet-stream",
    "multipart_mixed": "multipart/mixed; boundary=XX",
}

JSON_TYPES = {
    "uppercased": "APPLICATION/JSON",
    "latin1": "application/json; charset=iso-8859-1",
    "suffix": "application/foo+json",
    "json_request": "application/jsonrequest",
    "profile": 'application/json; profile="x"',
    "space_before_semicolon": "application/json ; charset=utf-8",
    "trailing_semicolon": "application/json;",
    "ld_json": "application/ld+json",
    "manifest": "application/problem+json",
    "json_seq": "application/json-seq",
}

JSON_BODIES = {
    "empty": "",
    "space": " ",
    "empty_object": "{}",
    "empty_array": "[]",
    "text": '"grant_type"',
    "number": "1",
    "true": "true",
    "null_grant_type": '{"grant_type":null}',
    "true_grant_type": '{"grant_type":true}',
    "false_grant_type": '{"grant_type":false}',
    "zero_grant_type": '{"grant_type":0}',
    "array_grant_type": '{"grant_type":["authorization_code"]}',
    "object_grant_type": '{"grant_type":{"a":"b"}}',
    "empty_grant_type": '{"grant_type":""}',
    "blank_grant_type": '{"grant_type":" "}',
    "doubled_key": '{"grant_type":"authorization_code","grant_type":"nope"}',
    "escaped_letters": '{"grant_type":"\\u0061uthorization_code"}',
    "lone_surrogate": '{"grant_type":"\\ud800"}',
    "not_a_number": '{"grant_type":NaN}',
    "comment": '{"grant_type":"nope"/* x */}',
    "trailing_text": '{"grant_type":"nope"} x',
    "trailing_newline": '{"grant_type":"nope"}\n',
    "two_objects": "{}{}",
    "single_quotes": "{'grant_type':'nope'}",
    "nested_100_deep": '{"a":' * 99 + "1" + "}" * 99,
    "nested_102_deep": '{"a":' * 102 + "1" + "}" * 102,
    "number_code": '{"grant_type":"authorization_code","code":1}',
    "object_code": '{"grant_type":"authorization_code","code":{"a":1}}',
    "true_code": '{"grant_type":"authorization_code","code":true}',
    "false_code": '{"grant_type":"authorization_code","code":false}',
    "null_code": '{"grant_type":"authorization_code","code":null}',
    "number_redirect": '{"grant_type":"authorization_code","code":"x","redirect_uri":1}',
    "object_state": '{"grant_type":"nope","state":{"a":1}}',
    "number_state": '{"grant_type":"nope","state":1}',
    "array_state": '{"state":["a"]}',
    "null_state": '{"state":null}',
    "true_state": '{"state":true}',
    "unicode_state": '{"state":"\\u00e9 <b>&\\u2028"}',
    "bracket_keys": '{"a[b":1,"grant_type":"nope"}',
    "wrapped_in_token": '{"token":{"grant_type":"authorization_code"}}',
    "number_client": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y","client_id":1,'
        '"client_secret":"z"}'
    ),
    "null_secret": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"<CLIENT_ID>","client_secret":null}'
    ),
    "true_secret": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"<CLIENT_ID>","client_secret":true}'
    ),
    "array_secret": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"<CLIENT_ID>","client_secret":["<CLIENT_SECRET>"]}'
    ),
    "object_secret": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"<CLIENT_ID>","client_secret":{"a":"b"}}'
    ),
    "number_secret_unknown_client": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"nobody","client_secret":1}'
    ),
    "number_secret_public_client": (
        '{"grant_type":"authorization_code","code":"x","redirect_uri":"y",'
        '"client_id":"<PUBLIC_CLIENT_ID>","client_secret":1}'
    ),
}

FORM_BODIES = {
    "half_escape": "grant_type=%2",
    "bad_escape": "grant_type=%zz",
    "bad_escape_in_key": "%zz=1&grant_type=nope",
    "only_ampersands": "&&&",
    "no_equals": "grant_type",
    "equals_first": "=x&grant_type=nope",
    "doubled_first_right": "grant_type=authorization_code&grant_type=nope",
    "array_grant_type": "grant_type[]=authorization_code",
    "hash_grant_type": "grant_type[a]=authorization_code",
    "conflict": "grant_type=a&grant_type[b]=c",
    "conflict_other_parameter": "x=1&x[]=2&grant_type=nope",
    "semicolons": "grant_type=nope;state=s",
    "plus_in_grant_type": "grant_type=authorization+code",
    "newline_in_grant_type": "grant_type=authorization_code%0A",
    "leading_space": "+grant_type=nope",
    "trailing_newline": "grant_type=nope\n",
    "null_in_grant_type": "grant_type=nope%00",
    "invalid_utf8_grant_type": "grant_type=%ff",
    "invalid_utf8_other_parameter": "grant_type=nope&x=%ff",
    "invalid_utf8_state": "grant_type=nope&state=%ff",
    "invalid_utf8_code": "grant_type=authorization_code&code=%ff",
    "valid_utf8_raw": "grant_type=nope&state=\u00c3\u00a9",
    "state_with_missing_grant_type": "state=a+b%22%3C",
    "empty_state": "state=&grant_type=nope",
    "blank_state": "state=+&grant_type=nope",
    "array_state": "state[]=a&grant_type=nope",
    "hash_state": "state[a]=b",
    "state_twice": "state=a&state=b",
    "uppercase_key": "GRANT_TYPE=authorization_code",
    "grant_type_uppercased": "grant_type=AUTHORIZATION_CODE",
    "device_code": "grant_type=urn:ietf:params:oauth:grant-type:device_code",
    "jwt_bearer": "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x",
    "implicit": "grant_type=implicit",
    "code": "grant_type=code&code=x",
    "token": "grant_type=token",
    "refresh_token_disabled_name": "grant_type=refresh",
    "password": "grant_type=password&username=a&password=b&state=s",
    "client_credentials": f"grant_type=client_credentials&{CONFIDENTIAL}&state=s",
}

ACCEPTS = {
    "empty": "",
    "xml": "application/xml",
    "plain_text": "text/plain",
    "any_weighted_zero": "*/*;q=0",
    "json_then_html": "application/json, text/html",
    "html_then_any": "text/html, */*",
    "any_then_html": "*/*, text/html",
    "any_text": "text/*",
    "json_with_version": "application/json;version=1",
    "unknown_type": "application/x-unknown",
    "two_unparsable": "foo, bar",
    "one_unparsable_of_two": "application/json, foo",
    "comma": ",",
    "image": "image/png",
    "json_api": "application/vnd.api+json",
    "quoted": 'application/json; profile="a, b"',
}

REDIRECTS_AT_EXCHANGE = {
    "extra_query": "<REDIRECT_URI>%3Fa%3D1",
    "empty_query": "<REDIRECT_URI>%3F",
    "fragment": "<REDIRECT_URI>%23a",
    "default_port": "https%3A%2F%2Fclient.example.test%3A443%2Fcallback",
    "scheme_uppercased": "HTTPS%3A%2F%2Fclient.example.test%2Fcallback",
    "path_uppercased": "https%3A%2F%2Fclient.example.test%2FCALLBACK",
    "http": "http%3A%2F%2Fclient.example.test%2Fcallback",
    "user_info": "https%3A%2F%2Fa%40client.example.test%2Fcallback",
    "other_registered": "<REDIRECT_QUERY>",
    "of_another_client": "<OTHER_REDIRECT_URI>",
    "loopback": "<REDIRECT_LOOPBACK>",
    "blank": "+",
    "unparsable": "https%3A%2F%2F%5B",
    "relative": "%2Fcallback",
    "trailing_space": "<REDIRECT_URI>+",
    "twice_last_right": "x&redirect_uri=<REDIRECT_URI>",
    "twice_last_wrong": "<REDIRECT_URI>&redirect_uri=x",
    "extra_unparsable_query": "<REDIRECT_URI>%3Fa%3D%25zz",
}

AUTHORIZED_AND_SENT = {
    "query_same": ("<REDIRECT_URI>%3Fa%3D1%26b%3D2", "<REDIRECT_URI>%3Fa%3D1%26b%3D2"),
    "query_reordered": ("<REDIRECT_URI>%3Fa%3D1%26b%3D2", "<REDIRECT_URI>%3Fb%3D2%26a%3D1"),
    "query_missing": ("<REDIRECT_URI>%3Fa%3D1", "<REDIRECT_URI>"),
    "query_more": ("<REDIRECT_URI>%3Fa%3D1", "<REDIRECT_URI>%3Fa%3D1%26b%3D2"),
    "query_other_value": ("<REDIRECT_URI>%3Fa%3D1", "<REDIRECT_URI>%3Fa%3D2"),
    "query_encoded_differently": ("<REDIRECT_URI>%3Fa%3D1", "<REDIRECT_URI>%3Fa%3D%2531"),
    "registered_query": ("<REDIRECT_QUERY>", "<REDIRECT_QUERY>"),
    "registered_query_more": ("<REDIRECT_QUERY>", "<REDIRECT_QUERY>%26b%3D2"),
    "loopback_other_port": (
        "http%3A%2F%2F127.0.0.1%3A5000%2Floop",
        "http%3A%2F%2F127.0.0.1%3A5001%2Floop",
    ),
    "loopback_without_port": (
        "http%3A%2F%2F127.0.0.1%3A5000%2Floop",
        "http%3A%2F%2F127.0.0.1%2Floop",
    ),
    "loopback_same_port": (
        "http%3A%2F%2F127.0.0.1%3A5000%2Floop",
        "http%3A%2F%2F127.0.0.1%3A5000%2Floop",
    ),
    "localhost_for_loopback": ("<REDIRECT_LOOPBACK>", "http%3A%2F%2Flocalhost%3A7777%2Floop"),
    "query_with_space": ("<REDIRECT_URI>%3Fa%3D+b", "<REDIRECT_URI>%3Fa%3D+b"),
    "query_with_space_sent_encoded": ("<REDIRECT_URI>%3Fa%3D+b", "<REDIRECT_URI>%3Fa%3D%2520b"),
    "query_with_newline": ("<REDIRECT_URI>%3Fa%3D%0Ab", "<REDIRECT_URI>%3Fa%3D%0Ab"),
    "query_with_newline_sent_first_part": ("<REDIRECT_URI>%3Fa%3D%0Ab", "<REDIRECT_URI>%3Fa%3D"),
    "query_with_array": ("<REDIRECT_URI>%3Fa%5B%5D%3D1", "<REDIRECT_URI>%3Fa%5B%5D%3D1"),
    "query_empty": ("<REDIRECT_URI>%3F", "<REDIRECT_URI>%3F"),
    "query_empty_authorized": ("<REDIRECT_URI>%3F", "<REDIRECT_URI>"),
    "query_empty_authorized_more_sent": ("<REDIRECT_URI>%3F", "<REDIRECT_URI>%3Fa%3D1"),
    "custom_scheme": ("<REDIRECT_CUSTOM>", "<REDIRECT_CUSTOM>"),
    "custom_scheme_query": ("<REDIRECT_CUSTOM>", "<REDIRECT_CUSTOM>%3Fa%3D1"),
    "custom_scheme_uppercased": ("<REDIRECT_CUSTOM>", "COM.EXAMPLE.APP%3A%2Foauth2redirect"),
    "oob_for_callback": ("<REDIRECT_URI>", "<REDIRECT_OOB>"),
    "callback_for_oob": ("<REDIRECT_OOB>", "<REDIRECT_URI>"),
    "port_authorized": (
        "https%3A%2F%2Fclient.example.test%3A443%2Fcallback",
        "<REDIRECT_URI>",
    ),
    "host_uppercased_authorized": (
        "https%3A%2F%2FCLIENT.example.test%2Fcallback",
        "<REDIRECT_URI>",
    ),
}

AUTHORIZATIONS = {
    "two_spaces": "Basic  b64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "tab": "Basic\tb64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "trailing_text": "Basic b64(<CLIENT_ID>:<CLIENT_SECRET>) x",
    "no_space": "Basicb64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "uppercase_scheme": "BASIC b64(<CLIENT_ID>:<CLIENT_SECRET>)",
    "url_encoded_secret": "Basic b64(<CLIENT_ID>:conf%2Dclient%2Dsecret)",
    "colon_in_secret": "Basic b64(<CLIENT_ID>:<CLIENT_SECRET>:x)",
    "empty_id": "Basic b64(:<CLIENT_SECRET>)",
    "only_colon": "Basic b64(:)",
    "unknown_client": "Basic b64(nobody:<CLIENT_SECRET>)",
    "space_in_secret": "Basic b64(<CLIENT_ID>:<CLIENT_SECRET> )",
    "newline_in_secret": "Basic b64(<CLIENT_ID>:<CLIENT_SECRET>\n)",
    "id_uppercased": "Basic b64(<CLIENT_ID|upper>:<CLIENT_SECRET>)",
    "invalid_utf8": "Basic b64(\u00ff:\u00fe)",
    "other_client": "Basic b64(<OTHER_CLIENT_ID>:<OTHER_CLIENT_SECRET>)",
    "public_client": "Basic b64(<PUBLIC_CLIENT_ID>:)",
    "base64_with_spaces": "Basic Y29uZi1jbGllbnQtaWQ6 Y29uZi1jbGllbnQtc2VjcmV0",
    "base64_with_garbage": "Basic !Y29uZi1j*bGllbnQtaWQ6Y29uZi1jbGllbnQtc2VjcmV0",
    "base64_with_padding": "Basic Y29uZi1jbGllbnQtaWQ6Y29uZi1jbGllbnQtc2VjcmV0=",
    "base64_padding_inside": "Basic Y29uZi1jbGllbnQtaWQ6Y29uZg==LWNsaWVudC1zZWNyZXQ=",
    "base64_cut": "Basic Y29uZi1jbGllbnQtaWQ6Y29uZi1jbGllbnQtc2VjcmV",
    "base64_quoted": 'Basic "Y29uZi1jbGllbnQtaWQ6Y29uZi1jbGllbnQtc2VjcmV0"',
    "plain_text": "Basic <CLIENT_ID>:<CLIENT_SECRET>",
    "bearer": "Bearer <CODE_1>",
    "digest": 'Digest username="x"',
    "scheme_alone": "Basic",
    "empty": "",
}


def _transport() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"token.content_type.{name}",
                authorize(),
                ask("POST", "/oauth/token", WHOLE, ANY, ("Content-Type", content_type)),
            )
            for name, content_type in CONTENT_TYPES.items()
        ),
        *(
            case(
                f"token.json_type.{name}",
                authorize(),
                ask("POST", "/oauth/token", WHOLE_JSON, ANY, ("Content-Type", content_type)),
            )
            for name, content_type in JSON_TYPES.items()
        ),
        *(
            case(f"token.json.{name}", ask("POST", "/oauth/token", body, ANY, JSON))
            for name, body in JSON_BODIES.items()
        ),
        *(case(f"token.form.{name}", token(body)) for name, body in FORM_BODIES.items()),
        *(
            case(
                f"token.accept.success.{name}",
                authorize(),
                ask("POST", "/oauth/token", WHOLE, ("Accept", accept), FORM),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"token.accept.failure.{name}",
                ask("POST", "/oauth/token", "grant_type=nope&state=s", ("Accept", accept), FORM),
            )
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"token.malformed_json.{name}",
                ask("POST", "/oauth/token", "{", ("Accept", accept), JSON),
            )
            for name, accept in ACCEPTS.items()
        ),
    )


def _targets() -> tuple[Case, ...]:
    targets = {
        "xml_suffix": "/oauth/token.xml",
        "html_suffix": "/oauth/token.html",
        "unknown_suffix": "/oauth/token.foo",
        "two_suffixes": "/oauth/token.json.xml",
        "json_suffix_slash": "/oauth/token.json/",
        "format_parameter": "/oauth/token?format=xml",
        "format_parameter_unknown": "/oauth/token?format=nope",
        "query_x": "/oauth/token?x[]=1&x[]=2",
        "query_conflict": "/oauth/token?x=1&x[a]=2",
        "query_invalid_utf8": "/oauth/token?x=%ff",
        "query_empty": "/oauth/token?",
        "encoded_letter": "/oauth/t%6Fken",
        "longer": "/oauth/token/more",
        "question_in_path": "/oauth/token%3F",
        "uppercased": "/OAUTH/TOKEN",
    }
    queries = {
        "code_in_query_beats_body": "code=nope",
        "client_in_query_beats_body": "client_id=nobody",
        "secret_in_query_beats_body": "client_secret=wrong",
        "grant_type_in_query_beats_body": "grant_type=nope",
        "redirect_in_query_beats_body": "redirect_uri=https%3A%2F%2Fevil.example.test%2F",
        "empty_code_in_query_beats_body": "code=",
        "array_code_in_query_beats_body": "code[]=x",
        "verifier_in_query": f"code_verifier={VERIFIER}",
        "method_in_query": "_method=delete",
    }
    return (
        *(
            case(f"token.target.{name}", authorize(), ask("POST", target, WHOLE))
            for name, target in targets.items()
        ),
        *(
            case(f"token.query.{name}", authorize(), ask("POST", f"/oauth/token?{query}", WHOLE))
            for name, query in queries.items()
        ),
        *(
            case(
                f"token.query.json.{name}",
                authorize(),
                ask("POST", f"/oauth/token?{query}", WHOLE_JSON, ANY, JSON),
            )
            for name, query in queries.items()
        ),
        case(
            "token.transport.all_in_query_without_body",
            authorize(),
            ask("POST", f"/oauth/token?{WHOLE}", None, ANY),
        ),
        case(
            "token.transport.all_in_query_accept_json_type_json",
            authorize(),
            ask("POST", f"/oauth/token?{WHOLE}", "{}", AS_JSON, JSON),
        ),
        case(
            "token.transport.malformed_json_beside_query",
            authorize(),
            ask("POST", f"/oauth/token?{WHOLE}", "{", ANY, JSON),
        ),
        case(
            "token.transport.chunked",
            authorize(),
            ask(
                "POST",
                "/oauth/token",
                "10\r\ngrant_type=nope&\r\n7\r\nstate=s\r\n0\r\n\r\n",
                ANY,
                FORM,
                ("Transfer-Encoding", "chunked"),
            ),
        ),
        case(
            "token.transport.multipart_file_as_code",
            ask(
                "POST",
                "/oauth/token",
                '--XX\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\n'
                'authorization_code\r\n--XX\r\nContent-Disposition: form-data; name="code";'
                ' filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--\r\n',
                ANY,
                ("Content-Type", "multipart/form-data; boundary=XX"),
            ),
        ),
        case(
            "token.transport.multipart_cut_off",
            ask(
                "POST",
                "/oauth/token",
                '--XX\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nnope',
                ANY,
                ("Content-Type", "multipart/form-data; boundary=XX"),
            ),
        ),
        case(
            "token.transport.multipart_quoted_boundary",
            ask(
                "POST",
                "/oauth/token",
                '--X X\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nnope\r\n'
                '--X X\r\nContent-Disposition: form-data; name="state"\r\n\r\ns\r\n--X X--\r\n',
                ANY,
                ("Content-Type", 'multipart/form-data; boundary="X X"'),
            ),
        ),
        case(
            "token.transport.multipart_lone_newlines",
            ask(
                "POST",
                "/oauth/token",
                '--XX\nContent-Disposition: form-data; name="grant_type"\n\nnope\n--XX--\n',
                ANY,
                ("Content-Type", "multipart/form-data; boundary=XX"),
            ),
        ),
        case(
            "token.transport.multipart_empty",
            ask(
                "POST",
                "/oauth/token",
                "",
                ANY,
                ("Content-Type", "multipart/form-data; boundary=XX"),
            ),
        ),
        case(
            "token.transport.method_override_parameter_put",
            ask("POST", "/oauth/token", "_method=put&grant_type=nope"),
        ),
        case(
            "token.transport.method_override_parameter_get",
            ask("POST", "/oauth/token", "_method=get&grant_type=nope"),
        ),
        case(
            "token.transport.method_override_parameter_unknown",
            ask("POST", "/oauth/token", "_method=qux&grant_type=nope"),
        ),
        case(
            "token.transport.method_override_parameter_post",
            ask("POST", "/oauth/token", "_method=post&grant_type=nope"),
        ),
        case(
            "token.transport.method_override_in_json",
            ask("POST", "/oauth/token", '{"_method":"delete","grant_type":"nope"}', ANY, JSON),
        ),
        case(
            "token.transport.method_override_header_put",
            ask(
                "POST",
                "/oauth/token",
                "grant_type=nope",
                ANY,
                FORM,
                ("X-HTTP-Method-Override", "PUT"),
            ),
        ),
        case(
            "token.transport.origin_is_ignored",
            authorize(),
            exchange(CONFIDENTIAL, ("Origin", "https://evil.example.test")),
        ),
        case(
            "token.transport.preflight",
            ask(
                "OPTIONS",
                "/oauth/token",
                None,
                ANY,
                ("Origin", "https://client.example.test"),
                ("Access-Control-Request-Method", "POST"),
            ),
        ),
        case(
            "token.transport.script_request",
            ask(
                "POST",
                "/oauth/token",
                "grant_type=nope",
                ("Accept", "application/json, text/plain, */*"),
                FORM,
                ("X-Requested-With", "XMLHttpRequest"),
            ),
        ),
        case(
            "token.transport.cookie_is_ignored",
            authorize(),
            exchange(CONFIDENTIAL, ("Cookie", "_oracle_session=garbage; x=%ff")),
        ),
    )


def _clients() -> tuple[Case, ...]:
    return (
        *(
            case(
                f"token.authorization.{name}",
                authorize(),
                exchange("", ("Authorization", value)),
                exchange(CONFIDENTIAL, label="once more with the secret in the body"),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        *(
            case(
                f"token.authorization_beside_body.{name}",
                authorize(),
                exchange(CONFIDENTIAL, ("Authorization", value)),
            )
            for name, value in AUTHORIZATIONS.items()
        ),
        case(
            "token.client.two_authorization_headers",
            authorize(),
            exchange("", BASIC, BASIC),
        ),
        case(
            "token.client.header_name_lowercased",
            authorize(),
            exchange("", ("authorization", BASIC[1])),
        ),
        case("token.client.none_at_all", authorize(), exchange("")),
        case(
            "token.client.id_in_query_secret_in_body",
            authorize(),
            ask(
                "POST",
                "/oauth/token?client_id=<CLIENT_ID>",
                "grant_type=authorization_code&code=<CODE_1>&redirect_uri=<REDIRECT_URI>"
                "&client_secret=<CLIENT_SECRET>",
            ),
        ),
        case(
            "token.client.id_uppercased",
            authorize(),
            exchange("client_id=<CLIENT_ID|upper>&client_secret=<CLIENT_SECRET>"),
        ),
        case(
            "token.client.secret_uppercased",
            authorize(),
            exchange("client_id=<CLIENT_ID>&client_secret=<CLIENT_SECRET|upper>"),
        ),
        case(
            "token.client.secret_shortened",
            authorize(),
            exchange("client_id=<CLIENT_ID>&client_secret=<CLIENT_SECRET|short>"),
        ),
        case(
            "token.client.blank_secret",
            authorize(),
            exchange("client_id=<CLIENT_ID>&client_secret=+"),
        ),
        case(
            "token.client.secret_twice_last_right",
            authorize(),
            exchange("client_id=<CLIENT_ID>&client_secret=x&client_secret=<CLIENT_SECRET>"),
        ),
        case(
            "token.client.array_secret",
            authorize(),
            exchange("client_id=<CLIENT_ID>&client_secret[]=<CLIENT_SECRET>"),
        ),
        case(
            "token.client.array_id",
            authorize(),
            exchange("client_id[]=<CLIENT_ID>&client_secret=<CLIENT_SECRET>"),
        ),
        case(
            "token.client.assertion_is_ignored",
            authorize(),
            exchange(
                "client_id=<CLIENT_ID>&client_assertion=x"
                "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
            ),
        ),
        case(
            "token.public_client.blank_secret",
            authorize(to=TO_PUBLIC),
            exchange(f"{PUBLIC}&client_secret=+", to="<PUBLIC_REDIRECT_URI>"),
        ),
        case(
            "token.public_client.basic_with_secret",
            authorize(to=TO_PUBLIC),
            exchange(
                "",
                ("Authorization", "Basic b64(<PUBLIC_CLIENT_ID>:<PUBLIC_CLIENT_SECRET>)"),
                to="<PUBLIC_REDIRECT_URI>",
            ),
        ),
        case(
            "token.public_client.basic_wrong_secret",
            authorize(to=TO_PUBLIC),
            exchange(
                "",
                ("Authorization", "Basic b64(<PUBLIC_CLIENT_ID>:wrong)"),
                to="<PUBLIC_REDIRECT_URI>",
            ),
        ),
        case(
            "token.public_client.basic_without_colon",
            authorize(to=TO_PUBLIC),
            exchange(
                "", ("Authorization", "Basic b64(<PUBLIC_CLIENT_ID>)"), to="<PUBLIC_REDIRECT_URI>"
            ),
        ),
        case(
            "token.public_client.code_of_the_confidential_client",
            authorize(),
            exchange(PUBLIC),
            exchange(CONFIDENTIAL, label="the right client afterwards"),
        ),
        case(
            "token.client.code_of_the_public_client",
            authorize(to=TO_PUBLIC),
            exchange(CONFIDENTIAL, to="<PUBLIC_REDIRECT_URI>"),
            exchange(PUBLIC, to="<PUBLIC_REDIRECT_URI>"),
        ),
    )


def _uris() -> tuple[Case, ...]:
    return (
        case(
            "token.redirect_uri.authorized_with_a_word_that_is_no_uri",
            authorize(
                to="client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_URI>%3Fa%20%3Cb%3E",
                query="state=s",
            ),
            exchange(),
            exchange(to="<REDIRECT_URI>%3Fa%20%3Cb%3E"),
        ),
        *(
            case(f"token.redirect_uri.{name}", authorize(), exchange(to=uri))
            for name, uri in REDIRECTS_AT_EXCHANGE.items()
        ),
        *(
            case(
                f"token.redirect_uri_pair.{name}",
                authorize(to=f"client_id=<CLIENT_ID>&redirect_uri={authorized}"),
                exchange(to=sent),
            )
            for name, (authorized, sent) in AUTHORIZED_AND_SENT.items()
        ),
        case(
            "token.redirect_uri.array",
            authorize(),
            token(
                "grant_type=authorization_code&code=<CODE_1>&redirect_uri[]=<REDIRECT_URI>&"
                + CONFIDENTIAL
            ),
        ),
    )


def _pkce() -> tuple[Case, ...]:
    s256 = f"code_challenge={CHALLENGE}&code_challenge_method=S256"
    plain = f"code_challenge={VERIFIER}&code_challenge_method=plain"
    verifiers = {
        "right": f"code_verifier={VERIFIER}",
        "missing": "",
        "empty": "code_verifier=",
        "blank": "code_verifier=+",
        "challenge_itself": f"code_verifier={CHALLENGE}",
        "uppercased": f"code_verifier={VERIFIER.upper()}",
        "trailing_space": f"code_verifier={VERIFIER}+",
        "trailing_newline": f"code_verifier={VERIFIER}%0A",
        "array": f"code_verifier[]={VERIFIER}",
        "twice_last_right": f"code_verifier=x&code_verifier={VERIFIER}",
        "non_ascii": "code_verifier=%C3%A9",
        "long": "code_verifier=<REPEAT|v|2000>",
    }
    return (
        *(
            case(f"token.pkce.s256.{name}", authorize(s256), exchange(extra=verifier))
            for name, verifier in verifiers.items()
        ),
        *(
            case(f"token.pkce.plain.{name}", authorize(plain), exchange(extra=verifier))
            for name, verifier in verifiers.items()
        ),
        case(
            "token.pkce.plain_short_challenge",
            authorize("code_challenge=x&code_challenge_method=plain"),
            exchange(extra="code_verifier=x"),
        ),
        case(
            "token.pkce.plain_non_ascii_challenge",
            authorize("code_challenge=%C3%A9+%2B&code_challenge_method=plain"),
            exchange(extra="code_verifier=%C3%A9+%2B"),
        ),
        case(
            "token.pkce.s256_non_ascii_verifier",
            authorize(
                "code_challenge=uaPXvC8iXJEvuX4HOMrsy2BMCzVmPTg4FMdrymkK07U&code_challenge_method=S256"
            ),
            exchange(extra="code_verifier=%C3%A9"),
        ),
        case(
            "token.pkce.challenge_with_space_is_not_trimmed",
            authorize(f"code_challenge=+{VERIFIER}+&code_challenge_method=plain"),
            exchange(extra=f"code_verifier={VERIFIER}"),
            exchange(extra=f"code_verifier=+{VERIFIER}+"),
        ),
        case(
            "token.pkce.method_without_challenge_needs_no_verifier",
            authorize("code_challenge_method=S256"),
            exchange(),
        ),
        case(
            "token.pkce.verifier_without_challenge",
            authorize(),
            exchange(extra=f"code_verifier={VERIFIER}"),
            exchange(label="without it"),
        ),
        case(
            "token.pkce.empty_verifier_without_challenge",
            authorize(),
            exchange(extra="code_verifier="),
        ),
        case(
            "token.pkce.blank_verifier_without_challenge",
            authorize(),
            exchange(extra="code_verifier=+"),
        ),
        case(
            "token.pkce.wrong_verifier_does_not_use_up_the_code",
            authorize(s256),
            exchange(extra="code_verifier=x"),
            exchange(extra=f"code_verifier={VERIFIER}"),
        ),
        case(
            "token.pkce.json_number_verifier",
            authorize("code_challenge=1&code_challenge_method=plain"),
            ask(
                "POST",
                "/oauth/token",
                WHOLE_JSON[:-1] + ',"code_verifier":1}',
                ANY,
                JSON,
            ),
        ),
    )


def _order_of_checks() -> tuple[Case, ...]:
    s256 = f"code_challenge={CHALLENGE}&code_challenge_method=S256"
    wrong = "client_id=<CLIENT_ID>&client_secret=wrong"
    grant = "grant_type=authorization_code"
    bodies = {
        "no_code_no_redirect_no_client": grant,
        "empty_code": f"{grant}&code=&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}&state=s",
        "blank_code": f"{grant}&code=+&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}&state=s",
        "array_code": f"{grant}&code[]=x&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}&state=s",
        "no_redirect_wrong_client": f"{grant}&code=x&{wrong}&state=s",
        "unknown_code_wrong_client": f"{grant}&code=x&redirect_uri=<REDIRECT_URI>&{wrong}&state=s",
        "unknown_code": f"{grant}&code=x&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}&state=s",
        "unknown_code_bad_redirect": f"{grant}&code=x&redirect_uri=y&{CONFIDENTIAL}&state=s",
        "null_in_code": f"{grant}&code=x%00&redirect_uri=<REDIRECT_URI>&{CONFIDENTIAL}",
        "unsupported_without_client": "grant_type=nope&state=s",
        "empty_grant_type": "grant_type=&state=s",
        "blank_grant_type": "grant_type=+&state=s",
    }
    with_code = {
        "no_verifier_no_redirect": f"{grant}&code=<CODE_1>&{CONFIDENTIAL}&state=s",
        "no_verifier_wrong_client": f"{grant}&code=<CODE_1>&redirect_uri=<REDIRECT_URI>&{wrong}",
        "no_redirect_wrong_client": f"{grant}&code=<CODE_1>&{wrong}&code_verifier=x&state=s",
        "wrong_client_wrong_verifier": (
            f"{grant}&code=<CODE_1>&redirect_uri=<REDIRECT_URI>&{wrong}&code_verifier=x&state=s"
        ),
        "other_client_no_verifier": f"{grant}&code=<CODE_1>&redirect_uri=<REDIRECT_URI>&{OTHER}",
        "other_client_wrong_redirect": (
            f"{grant}&code=<CODE_1>&redirect_uri=x&{OTHER}&code_verifier=x"
        ),
        "wrong_redirect_wrong_verifier": (
            f"{grant}&code=<CODE_1>&redirect_uri=x&{CONFIDENTIAL}&code_verifier=x&state=s"
        ),
    }
    return (
        *(case(f"token.order.{name}", token(body)) for name, body in bodies.items()),
        *(
            case(
                f"token.order.with_challenge.{name}",
                authorize(s256),
                token(body),
                exchange(extra=f"code_verifier={VERIFIER}", label="the right request afterwards"),
            )
            for name, body in with_code.items()
        ),
        case(
            "token.order.used_code_no_verifier",
            authorize(s256),
            exchange(extra=f"code_verifier={VERIFIER}"),
            exchange(label="again without a verifier"),
            exchange("client_id=<CLIENT_ID>&client_secret=wrong", label="again, wrong secret"),
        ),
        case(
            "token.code.used_by_another_client_afterwards",
            authorize(),
            exchange(),
            exchange(OTHER, label="another client with the used code"),
            resource(),
        ),
        case(
            "token.code.reused_with_another_redirect",
            authorize(),
            exchange(),
            exchange(to="<REDIRECT_QUERY>", label="again"),
            resource(),
        ),
        case(
            "token.code.scope_of_three",
            authorize("scope=admin%3Aread+events%3Aread+identity%3Aread"),
            exchange(),
        ),
        case(
            "token.code.narrower_scope_is_ignored",
            authorize("scope=identity%3Aread+events%3Aread"),
            exchange(extra="scope=events%3Aread"),
        ),
        case("token.code.unknown_scope_is_ignored", authorize(), exchange(extra="scope=nope")),
    )


CASES = (
    *_transport(),
    *_targets(),
    *_clients(),
    *_uris(),
    *_pkce(),
    *_order_of_checks(),
)
