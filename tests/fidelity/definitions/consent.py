"""Cases of the consent page: its forms, the CSRF check, remembered consent."""

from ..recordings import Case, Exchange, Header
from .steps import (
    ANY,
    AS_JSON,
    BASIC,
    BROWSER,
    CHALLENGE,
    CONFIDENTIAL,
    FORM,
    JSON,
    OTHER,
    PUBLIC,
    SESSION,
    TO_CONFIDENTIAL,
    TO_OTHER,
    TO_PUBLIC,
    VERIFIER,
    ask,
    authorize,
    case,
    exchange,
    introspect,
    refresh,
    resource,
    revoke,
)

FIELDS = f"{TO_CONFIDENTIAL}&state=s&response_type=code&scope=admin%3Aread"

REQUEST_NAMES = (
    "code+",
    "+code",
    "Code",
    "_CODE",
    "cODE",
    "code_token",
    "Token",
    "token+",
    "authorizationCode",
    "Client+credentials",
    "object",
)
"""Response types that the engine makes the name of a class of, on Deny."""

UNREGISTERED = {
    "network_path": "//evil.example.test/cb",
    "network_path_with_port": "//evil.example.test:8080",
    "colon_in_a_later_segment": "a/b:c",
    "opaque_with_a_query": "data:text/html,x?a%20b",
    "address_that_is_none": "http://[::g]/cb",
    "short_address": "http://[:1]/cb",
    "user_without_a_host": "https://u@/cb",
    "mail": "mailto:host@example.test",
}
"""Redirect URIs that Deny goes to without a check."""

PAGES = {
    "html_in_state": "state=%22%3E%3Cscript%3E%26amp%3B",
    "unicode_in_state": "state=%C3%A9%F0%9F%98%80",
    "newline_in_state": "state=a%0D%0Ab",
    "null_in_state": "state=a%00b",
    "blank_state": "state=+",
    "array_state": "state[]=a",
    "scopes_in_order": "scope=webhooks%3Awrite+admin%3Aread+identity%3Aread",
    "doubled_scope": "scope=admin%3Aread+admin%3Aread",
    "surrounded_scope": "scope=++admin%3Aread++events%3Aread+",
    "blank_scope": "scope=++",
    "extra_query": "redirect_uri=<REDIRECT_URI>%3Fa%3D1%26b%3D%3C",
    "default_port": "redirect_uri=https%3A%2F%2FClient.example.test%3A443%2Fcallback",
    "oob": "redirect_uri=<REDIRECT_OOB>",
    "loopback": "redirect_uri=http%3A%2F%2F127.0.0.1%3A1234%2Floop",
    "fragment_mode": "response_mode=fragment",
    "form_post_mode": "response_mode=form_post",
    "query_mode": "response_mode=query",
    "unknown_mode": "response_mode=nope&state=s",
    "method_without_challenge": "code_challenge_method=nope",
    "challenge_plain": "code_challenge=x&code_challenge_method=plain",
    "challenge_array": "code_challenge[]=x&code_challenge_method=S256",
    "bad_method": "code_challenge=x&code_challenge_method=nope&state=s",
    "prompt_login": "prompt=login",
    "unknown_parameters": "foo=bar&nonce=n",
    "response_type_array": "response_type[]=x",
}

ACCEPTS = {
    "any": "*/*",
    "html": "text/html",
    "xml": "application/xml",
    "axios": "application/json, text/plain, */*",
    "json_and_html": "application/json, text/html",
    "html_and_json": "text/html, application/json",
    "json_api": "application/vnd.api+json",
    "plain_text": "text/plain",
    "garbage": "garbage",
    "empty": "",
}

APPROVALS = {
    "as_it_is": FIELDS,
    "empty_optional_fields": f"{FIELDS}&code_challenge=&code_challenge_method=&commit=Authorize",
    "without_scope": f"{TO_CONFIDENTIAL}&state=s&response_type=code",
    "blank_scope": f"{TO_CONFIDENTIAL}&state=s&response_type=code&scope=+",
    "other_scope": f"{TO_CONFIDENTIAL}&state=s&response_type=code&scope=webhooks%3Aread",
    "scope_with_tab": f"{TO_CONFIDENTIAL}&state=s&response_type=code&scope=admin%3Aread%09",
    "without_state": f"{TO_CONFIDENTIAL}&response_type=code&scope=admin%3Aread",
    "odd_state": f"{TO_CONFIDENTIAL}&state=a+%26%3D%23~*%C3%A9&response_type=code",
    "without_response_type": f"{TO_CONFIDENTIAL}&state=s&scope=admin%3Aread",
    "response_type_token": f"{TO_CONFIDENTIAL}&state=s&response_type=token&scope=admin%3Aread",
    "without_redirect_uri": "client_id=<CLIENT_ID>&state=s&response_type=code&scope=admin%3Aread",
    "bad_redirect_uri": (
        "client_id=<CLIENT_ID>&redirect_uri=https%3A%2F%2Fevil.example.test%2F&state=s"
        "&response_type=code&scope=admin%3Aread"
    ),
    "unparsable_redirect_uri": (
        "client_id=<CLIENT_ID>&redirect_uri=https%3A%2F%2F%5B&state=s&response_type=code"
    ),
    "another_registered_redirect_uri": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_QUERY>&state=s&response_type=code"
        "&scope=admin%3Aread"
    ),
    "custom_scheme": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_CUSTOM>&state=s&response_type=code"
    ),
    "unknown_client": (
        "client_id=nobody&redirect_uri=<REDIRECT_URI>&state=s&response_type=code&scope=admin%3Aread"
    ),
    "another_client": f"{TO_OTHER}&state=s&response_type=code&scope=admin%3Aread",
    "public_client": f"{TO_PUBLIC}&state=s&response_type=code&scope=admin%3Aread",
    "bad_challenge_method": f"{FIELDS}&code_challenge=x&code_challenge_method=nope",
    "challenge_without_method": f"{FIELDS}&code_challenge=x",
    "fragment_bad_challenge_method": (
        f"{FIELDS}&code_challenge=x&code_challenge_method=nope&response_mode=fragment"
    ),
    "query_mode": f"{FIELDS}&response_mode=query",
    "registered_query_error": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_QUERY>&state=s&response_type=code&scope=nope"
    ),
    "custom_scheme_error": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_CUSTOM>&state=s&response_type=code&scope=nope"
    ),
    "oob_error": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>&state=s&response_type=code&scope=nope"
    ),
    "missing_type_and_bad_scope": f"{TO_CONFIDENTIAL}&state=s&scope=nope",
    "error_without_state": f"{TO_CONFIDENTIAL}&response_type=code&scope=nope",
    "nothing": "x=1",
    "commit_deny": f"{FIELDS}&commit=Deny",
}

DENIALS = {
    "as_it_is": FIELDS,
    "without_state": f"{TO_CONFIDENTIAL}&response_type=code&scope=admin%3Aread",
    "odd_state": f"{TO_CONFIDENTIAL}&state=a+%26%3D%23~*%C3%A9&response_type=code",
    "without_scope": f"{TO_CONFIDENTIAL}&state=s&response_type=code",
    "unknown_scope": f"{TO_CONFIDENTIAL}&state=s&response_type=code&scope=nope",
    "without_redirect_uri": "client_id=<CLIENT_ID>&state=s&response_type=code",
    "without_client": "redirect_uri=<REDIRECT_URI>&state=s&response_type=code",
    "unparsable_redirect_uri": (
        "client_id=<CLIENT_ID>&redirect_uri=https%3A%2F%2F%5B&state=s&response_type=code"
    ),
    "relative_redirect_uri": "client_id=<CLIENT_ID>&redirect_uri=%2Fx&state=s&response_type=code",
    "redirect_uri_with_fragment": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_URI>%23x&state=s&response_type=code"
    ),
    "redirect_uri_with_query": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_QUERY>&state=s&response_type=code"
    ),
    "custom_scheme": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_CUSTOM>&state=s&response_type=code"
    ),
    "response_type_token": f"{TO_CONFIDENTIAL}&state=s&response_type=token",
    "bad_challenge_method": f"{FIELDS}&code_challenge=x&code_challenge_method=nope",
    "unknown_mode": f"{FIELDS}&response_mode=nope",
    "query_mode": f"{FIELDS}&response_mode=query",
    "response_type_array": f"{TO_CONFIDENTIAL}&state=s&response_type[]=code",
    "response_type_of_a_grant": f"{TO_CONFIDENTIAL}&state=s&response_type=password",
    "response_type_refresh_token": f"{TO_CONFIDENTIAL}&state=s&response_type=refresh_token",
    "response_type_uppercased": f"{TO_CONFIDENTIAL}&state=s&response_type=CODE",
    "response_type_token_in_query": (
        f"{TO_CONFIDENTIAL}&state=s&response_type=token&response_mode=query"
    ),
    "state_array": f"{TO_CONFIDENTIAL}&state[]=s&response_type=code",
    "redirect_uri_with_space_in_query": (
        "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_URI>%3Fa%3D+b&response_type=code"
    ),
    "redirect_uri_javascript": (
        "client_id=<CLIENT_ID>&redirect_uri=javascript%3Aalert(1)&response_type=code"
    ),
    "redirect_uri_of_text": "client_id=<CLIENT_ID>&redirect_uri=text&response_type=code",
    "nothing": "x=1",
}

CSRF = {
    "no_cookie": (("Cookie", "a=b"), "authenticity_token=<CSRF|1>"),
    "garbage_cookie": (("Cookie", "_oracle_session=garbage"), "authenticity_token=<CSRF|1>"),
    "no_token": (SESSION, "x=1"),
    "empty_token": (SESSION, "authenticity_token="),
    "array_token": (SESSION, "authenticity_token[]=<CSRF|1>"),
    "shortened_token": (SESSION, "authenticity_token=x"),
    "token_twice_last_right": (SESSION, "authenticity_token=x&authenticity_token=<CSRF|1>"),
    "page_token_in_field": (SESSION, "authenticity_token=<CSRF|page>"),
    "deny_token": (SESSION, "authenticity_token=<CSRF|2>"),
    "token_under_another_name": (SESSION, "csrf_token=<CSRF|1>"),
}

HEADERS: dict[str, tuple[Header, ...]] = {
    "own_origin": (("Origin", "<BASE>"),),
    "null_origin": (("Origin", "null"),),
    "empty_origin": (("Origin", ""),),
    "foreign_referer": (("Referer", "https://evil.example.test/"),),
    "wrong_header_token": (("X-CSRF-Token", "wrong"),),
    "script_request": (("X-Requested-With", "XMLHttpRequest"),),
    "authorization_header": (BASIC,),
    "two_cookies": (("Cookie", "other=1"),),
}

METHODS = {
    "delete_uppercased": "_method=DELETE",
    "put": "_method=put",
    "patch": "_method=patch",
    "get": "_method=get",
    "unknown": "_method=qux",
    "empty": "_method=",
    "array": "_method[]=delete",
}


def decide(body: str, *headers: Header, label: str = "decide") -> Exchange:
    """Post a decision in the page's session."""
    headers = headers or (BROWSER, FORM, SESSION)
    return ask("POST", "/oauth/authorize", body, *headers, label=label)


def approve(fields: str = FIELDS) -> Exchange:
    """Post the approving form."""
    return decide(f"authenticity_token=<CSRF|1>&{fields}", label="approve")


def deny(fields: str = FIELDS) -> Exchange:
    """Post the denying form."""
    return decide(f"_method=delete&authenticity_token=<CSRF|2>&{fields}", label="deny")


def page(query: str = "scope=admin%3Aread&state=s", *, to: str = TO_CONFIDENTIAL) -> Exchange:
    """Open the consent page."""
    return authorize(query, to=to)


def _pages() -> tuple[Case, ...]:
    return (
        *(case(f"consent.page.{name}", page(query)) for name, query in PAGES.items()),
        *(
            case(f"consent.page.accept.{name}", authorize("", ("Accept", accept)))
            for name, accept in ACCEPTS.items()
        ),
        *(
            case(
                f"consent.page.suffix.{suffix}",
                ask("GET", f"/oauth/authorize.{suffix}?response_type=code&{TO_CONFIDENTIAL}"),
            )
            for suffix in ("html", "json", "xml", "foo")
        ),
        case(
            "consent.page.head",
            ask("HEAD", f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}", None, BROWSER),
        ),
        case("consent.page.public_client", page("state=s", to=TO_PUBLIC)),
        case(
            "consent.page.second_time_in_the_session",
            page(),
            authorize("state=s", BROWSER, SESSION),
        ),
        case(
            "consent.page.garbage_session",
            authorize("state=s", BROWSER, ("Cookie", "_oracle_session=garbage")),
        ),
        case(
            "consent.page.script_request",
            authorize("state=s", ANY, ("X-Requested-With", "XMLHttpRequest")),
        ),
    )


def _decisions() -> tuple[Case, ...]:
    return (
        *(
            case(f"consent.approve.{name}", page(), approve(fields))
            for name, fields in APPROVALS.items()
        ),
        *(
            case(
                f"consent.approve_accept_json.{name}",
                page(),
                decide(f"authenticity_token=<CSRF|1>&{fields}", AS_JSON, FORM, SESSION),
            )
            for name, fields in APPROVALS.items()
        ),
        *(case(f"consent.deny.{name}", page(), deny(fields)) for name, fields in DENIALS.items()),
        *(
            case(
                f"consent.deny.unregistered.{name}",
                page(),
                deny(f"client_id=<CLIENT_ID>&redirect_uri={uri}&state=s&response_type=code"),
            )
            for name, uri in UNREGISTERED.items()
        ),
        *(
            case(
                f"consent.deny.response_type.{name.replace('+', '~')}",
                page(),
                deny(f"{TO_CONFIDENTIAL}&state=s&response_type={name}"),
            )
            for name in REQUEST_NAMES
        ),
        *(
            case(
                f"consent.csrf.path.{name}",
                page(),
                ask(
                    "POST",
                    path,
                    f"authenticity_token=<CSRF|1>&{FIELDS}",
                    BROWSER,
                    FORM,
                    SESSION,
                ),
            )
            for name, path in {
                "two_slashes": "/oauth/authorize//",
                "slashes_inside": "//oauth//authorize",
                "suffix": "/oauth/authorize.html",
            }.items()
        ),
        *(
            case(
                f"consent.csrf.{name}",
                page(),
                decide(f"{token}&{FIELDS}", BROWSER, FORM, cookie),
            )
            for name, (cookie, token) in CSRF.items()
        ),
        *(
            case(
                f"consent.csrf_accept_json.{name}",
                page(),
                decide(f"{token}&{FIELDS}", AS_JSON, FORM, cookie),
            )
            for name, (cookie, token) in CSRF.items()
        ),
        *(
            case(
                f"consent.header.{name}",
                page(),
                decide(f"authenticity_token=<CSRF|1>&{FIELDS}", BROWSER, FORM, SESSION, *headers),
            )
            for name, headers in HEADERS.items()
        ),
        *(
            case(
                f"consent.method.{name}",
                page(),
                decide(f"{method}&authenticity_token=<CSRF|page>&{FIELDS}"),
            )
            for name, method in METHODS.items()
        ),
        case(
            "consent.approve.form_post_by_public_client",
            page("state=s", to=TO_PUBLIC),
            approve(f"{TO_PUBLIC}&response_type=code&state=s&response_mode=form_post"),
        ),
        case(
            "consent.csrf.wrong_field_right_header",
            page(),
            decide(
                f"authenticity_token=wrong&{FIELDS}",
                BROWSER,
                FORM,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
        ),
        case(
            "consent.csrf.form_token_in_header",
            page(),
            decide(FIELDS, BROWSER, FORM, SESSION, ("X-CSRF-Token", "<CSRF|1>")),
        ),
        case(
            "consent.csrf.deny_token_in_header_approves_not",
            page(),
            decide(FIELDS, BROWSER, FORM, SESSION, ("X-CSRF-Token", "<CSRF|2>")),
        ),
        case(
            "consent.csrf.approve_token_used_to_deny",
            page(),
            decide(f"_method=delete&authenticity_token=<CSRF|1>&{FIELDS}"),
        ),
        case(
            "consent.csrf.page_token_denies",
            page(),
            decide(f"_method=delete&authenticity_token=<CSRF|page>&{FIELDS}"),
        ),
        case(
            "consent.csrf.real_delete",
            page(),
            ask(
                "DELETE",
                f"/oauth/authorize?{FIELDS}",
                None,
                BROWSER,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
        ),
        case(
            "consent.csrf.delete_by_header",
            page(),
            decide(
                f"authenticity_token=<CSRF|2>&{FIELDS}",
                BROWSER,
                FORM,
                SESSION,
                ("X-HTTP-Method-Override", "DELETE"),
            ),
        ),
        case(
            "consent.csrf.token_of_an_earlier_page",
            page(),
            authorize("state=s", BROWSER, SESSION),
            approve(),
            approve(),
        ),
        case(
            "consent.csrf.token_of_another_session",
            page(),
            page("state=t"),
            decide(f"authenticity_token=<CSRF|1>&{FIELDS}"),
        ),
        case(
            "consent.csrf.token_in_query",
            page(),
            ask(
                "POST",
                "/oauth/authorize?authenticity_token=<CSRF|1>",
                FIELDS,
                BROWSER,
                FORM,
                SESSION,
            ),
        ),
        case(
            "consent.csrf.everything_in_query",
            page(),
            ask(
                "POST",
                f"/oauth/authorize?authenticity_token=<CSRF|1>&{FIELDS}",
                None,
                BROWSER,
                SESSION,
            ),
        ),
        case(
            "consent.csrf.json_with_form_token",
            page(),
            decide(
                '{"authenticity_token":"<CSRF|1>","client_id":"<CLIENT_ID>","state":"s",'
                '"redirect_uri":"<REDIRECT_URI>","response_type":"code","scope":"admin:read"}',
                BROWSER,
                JSON,
                SESSION,
            ),
        ),
        case(
            "consent.csrf.trailing_slash",
            page(),
            ask(
                "POST",
                "/oauth/authorize/",
                f"authenticity_token=<CSRF|1>&{FIELDS}",
                BROWSER,
                FORM,
                SESSION,
            ),
        ),
        case(
            "consent.csrf.json_suffix",
            page(),
            ask(
                "POST",
                "/oauth/authorize.json",
                f"authenticity_token=<CSRF|1>&{FIELDS}",
                BROWSER,
                FORM,
                SESSION,
            ),
        ),
        case(
            "consent.csrf.token_on_token_endpoint_is_not_needed",
            page(),
            ask("POST", "/oauth/token", "grant_type=nope", BROWSER, FORM, SESSION),
        ),
    )


def _granted(scope: str, *, number: int = 1) -> tuple[Exchange, ...]:
    """Approve a scope for the other client and exchange the code."""
    fields = f"{TO_OTHER}&response_type=code&scope={scope}"
    return (
        authorize(f"scope={scope}", to=TO_OTHER),
        approve(fields),
        exchange(OTHER, code=f"<CODE_{number}>", to="<OTHER_REDIRECT_URI>"),
    )


def _forgotten(number: int) -> Exchange:
    """Revoke a token of the other client, so that later cases are asked again."""
    return revoke(f"token=<ACCESS_TOKEN_{number}>&{OTHER}", label="clean up")


def _remembered() -> tuple[Case, ...]:
    two = "events%3Aread+webhooks%3Aread"
    variants = {
        "same": f"scope={two}&state=s",
        "reordered": "scope=webhooks%3Aread+events%3Aread&state=s",
        "doubled": f"scope={two}+events%3Aread&state=s",
        "subset": "scope=events%3Aread&state=s",
        "superset": f"scope={two}+admin%3Aread&state=s",
        "default": "state=s",
        "prompt_consent": f"scope={two}&prompt=consent&state=s",
        "with_challenge": f"scope={two}&code_challenge={CHALLENGE}&code_challenge_method=S256",
        "form_post": f"scope={two}&response_mode=form_post&state=s",
        "bad_challenge_method": f"scope={two}&code_challenge=x&code_challenge_method=nope",
    }
    return (
        *(
            case(
                f"consent.remembered.{name}",
                *_granted(two),
                authorize(query, to=TO_OTHER),
                _forgotten(1),
            )
            for name, query in variants.items()
        ),
        case(
            "consent.remembered.head",
            *_granted(two),
            ask(
                "HEAD",
                f"/oauth/authorize?response_type=code&{TO_OTHER}&scope={two}",
                None,
                BROWSER,
            ),
            _forgotten(1),
        ),
        case(
            "consent.remembered.explicit_default",
            *_granted("identity%3Aread"),
            authorize("state=s", to=TO_OTHER),
            _forgotten(1),
        ),
        case(
            "consent.remembered.after_refresh",
            *_granted(two),
            refresh(1, client=OTHER),
            authorize(f"scope={two}", to=TO_OTHER),
            resource(2, "/v1/default"),
            authorize(f"scope={two}", to=TO_OTHER),
            _forgotten(2),
            authorize(f"scope={two}", to=TO_OTHER),
        ),
        case(
            "consent.remembered.after_narrowing_refresh",
            *_granted(two),
            refresh(1, "scope=events%3Aread", client=OTHER),
            resource(2, "/v1/default"),
            authorize("scope=events%3Aread", to=TO_OTHER),
            authorize(f"scope={two}", to=TO_OTHER),
            _forgotten(2),
        ),
        case(
            "consent.remembered.for_another_client",
            *_granted(two),
            authorize(f"scope={two}&state=s"),
            _forgotten(1),
        ),
        case(
            "consent.remembered.public_client_is_asked_again",
            authorize(to=TO_PUBLIC),
            approve(f"{TO_PUBLIC}&response_type=code"),
            exchange(PUBLIC, to="<PUBLIC_REDIRECT_URI>"),
            authorize(to=TO_PUBLIC),
        ),
        case(
            "consent.remembered.denial_is_not",
            authorize("scope=webhooks%3Awrite", to=TO_OTHER),
            deny(f"{TO_OTHER}&response_type=code&scope=webhooks%3Awrite"),
            authorize("scope=webhooks%3Awrite", to=TO_OTHER),
        ),
        case(
            "consent.remembered.after_application_was_revoked",
            *_granted(two),
            ask("GET", "/oauth/authorized_applications", None, BROWSER),
            ask(
                "DELETE",
                "/oauth/authorized_applications/3",
                None,
                BROWSER,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            authorize(f"scope={two}", to=TO_OTHER),
            refresh(1, client=OTHER),
        ),
    )


def _whole() -> tuple[Case, ...]:
    fields = f"{TO_CONFIDENTIAL}&response_type=code&scope=events%3Awrite"
    challenge = f"code_challenge={CHALLENGE}&code_challenge_method=S256"
    return (
        case(
            "consent.whole.with_challenge",
            page(f"scope=events%3Awrite&{challenge}"),
            approve(f"{fields}&{challenge}"),
            exchange(),
            exchange(extra=f"code_verifier={VERIFIER}"),
            resource(1, "/v1/any_of"),
            introspect(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "consent.whole.challenge_dropped_by_the_user",
            page(f"scope=events%3Awrite&{challenge}"),
            approve(fields),
            exchange(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "consent.whole.narrowed_by_the_user",
            page("scope=events%3Awrite+admin%3Aread"),
            approve(fields),
            exchange(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "consent.whole.oob",
            authorize(to="client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>"),
            approve("client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_OOB>&response_type=code&state=s"),
            ask("GET", "/oauth/authorize/native?code=<CODE_1>", None, BROWSER, SESSION),
            exchange(to="<REDIRECT_OOB>"),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "consent.whole.by_json_and_header",
            page("scope=webhooks%3Awrite"),
            ask(
                "POST",
                "/oauth/authorize",
                '{"client_id":"<CLIENT_ID>","redirect_uri":"<REDIRECT_URI>","response_type":"code",'
                '"scope":"webhooks:write","state":"s","response_mode":"form_post"}',
                BROWSER,
                JSON,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            exchange(),
            page("scope=webhooks%3Awrite"),
            ask(
                "DELETE",
                "/oauth/authorize?client_id=nobody&redirect_uri=other%3A%2F%2Fx&response_type=Token",
                None,
                BROWSER,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
        case(
            "consent.whole.approve_then_deny",
            page("scope=events%3Awrite"),
            approve(fields),
            deny(fields),
            exchange(),
            revoke(f"token=<ACCESS_TOKEN_1>&{CONFIDENTIAL}"),
        ),
    )


CASES = (*_pages(), *_decisions(), *_remembered(), *_whole())
