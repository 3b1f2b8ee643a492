"""Cases of paths beside the five endpoints, and of Rails' own answers."""

from ..recordings import Case
from .steps import (
    ANY,
    AS_JSON,
    BROWSER,
    FORM,
    SESSION,
    ask,
    authorize,
    case,
    exchange,
    resource,
    tokens,
)

PATHS = {
    "root": "/",
    "oauth": "/oauth",
    "oauth_slash": "/oauth/",
    "tokens": "/oauth/tokens",
    "userinfo": "/oauth/userinfo",
    "discovery": "/oauth/discovery/keys",
    "openid_configuration": "/.well-known/openid-configuration",
    "authorization_server": "/.well-known/oauth-authorization-server",
    "jwks": "/.well-known/jwks.json",
    "favicon": "/favicon.ico",
    "robots": "/robots.txt",
    "static_page": "/404.html",
    "v1": "/v1",
    "json_suffix": "/nothing.json",
    "xml_suffix": "/nothing.xml",
    "format": "/nothing?format=json",
    "invalid_query": "/nothing?x=%ff",
    "conflicting_query": "/nothing?a=1&a[b]=2",
    "applications": "/oauth/applications",
    "applications_json": "/oauth/applications.json",
    "application": "/oauth/applications/1",
    "new_application": "/oauth/applications/new",
    "edit_application": "/oauth/applications/1/edit",
}

ACCEPTS = {
    "json": "application/json",
    "json_weighted": "application/json;q=0.5",
    "json_charset": "application/json; charset=utf-8",
    "json_and_any": "application/json, */*",
    "json_and_html": "application/json, text/html",
    "html_and_json": "text/html, application/json",
    "xml": "application/xml",
    "text_xml": "text/xml",
    "yaml": "application/x-yaml",
    "text_yaml": "text/yaml",
    "csv": "text/csv",
    "plain_text": "text/plain",
    "json_api": "application/vnd.api+json",
    "problem": "application/problem+json",
    "jsonrequest": "application/jsonrequest",
    "text_x_json": "text/x-json",
    "garbage": "garbage",
    "empty": "",
    "any_application": "application/*",
}


def _not_found() -> tuple[Case, ...]:
    return (
        *(case(f"routes.{name}", ask("GET", path, None, BROWSER)) for name, path in PATHS.items()),
        *(
            case(f"routes.accept_json.{name}", ask("GET", path, None, AS_JSON))
            for name, path in PATHS.items()
        ),
        *(
            case(
                f"routes.not_found.accept.{name}",
                ask("GET", "/nothing", None, ("Accept", accept)),
            )
            for name, accept in ACCEPTS.items()
        ),
        case(
            "routes.not_found.script_request",
            ask(
                "GET",
                "/nothing",
                None,
                ("Accept", "application/json, text/plain, */*"),
                ("X-Requested-With", "XMLHttpRequest"),
            ),
        ),
        case("routes.not_found.head", ask("HEAD", "/nothing", None, ANY)),
        case("routes.not_found.post", ask("POST", "/nothing", "a=b")),
        case("routes.not_found.post_malformed", ask("POST", "/nothing", "a=%zz")),
        case(
            "routes.not_found.post_malformed_json",
            ask("POST", "/nothing", "{", AS_JSON, ("Content-Type", "application/json")),
        ),
        case("routes.not_found.delete", ask("DELETE", "/nothing")),
        case("routes.applications_post", ask("POST", "/oauth/applications", "x=1")),
    )


def _authorized_applications() -> tuple[Case, ...]:
    path = "/oauth/authorized_applications"
    return (
        case("authorized_applications.accept_json", ask("GET", path, None, AS_JSON)),
        case(
            "authorized_applications.accept_xml",
            ask("GET", path, None, ("Accept", "application/xml")),
        ),
        case("authorized_applications.accept_any", ask("GET", path, None, ANY)),
        case("authorized_applications.format_json", ask("GET", f"{path}?format=json", None, ANY)),
        case("authorized_applications.unknown_suffix", ask("GET", f"{path}.foo", None, BROWSER)),
        case("authorized_applications.head", ask("HEAD", path, None, BROWSER)),
        case("authorized_applications.trailing_slash", ask("GET", f"{path}/", None, BROWSER)),
        case("authorized_applications.one", ask("GET", f"{path}/1", None, BROWSER)),
        case("authorized_applications.post", ask("POST", path, "x=1")),
        case("authorized_applications.delete_without_session", ask("DELETE", f"{path}/1")),
        case(
            "authorized_applications.delete_accept_json_without_session",
            ask("DELETE", f"{path}/1", None, AS_JSON),
        ),
        case(
            "authorized_applications.revoke",
            *tokens(),
            ask("GET", path, None, BROWSER),
            ask(
                "POST",
                f"{path}/1",
                "_method=delete&authenticity_token=<CSRF|1>&commit=Revoke",
                BROWSER,
                FORM,
                SESSION,
                label="revoke the first application",
            ),
            resource(),
            ask("GET", path, None, BROWSER, SESSION, label="afterwards"),
            ask("GET", path, None, BROWSER, SESSION, label="once more"),
            *tokens(code=2),
            resource(2),
        ),
        case(
            "authorized_applications.revoke_with_page_token_accept_json",
            *tokens(),
            ask("GET", path, None, BROWSER),
            ask(
                "DELETE",
                f"{path}/1",
                None,
                AS_JSON,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            resource(),
        ),
        case(
            "authorized_applications.revoke_unknown",
            *tokens(),
            ask("GET", path, None, BROWSER),
            ask(
                "DELETE",
                f"{path}/99",
                None,
                BROWSER,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            resource(),
        ),
        case(
            "authorized_applications.code_survives",
            *tokens(),
            authorize(),
            ask("GET", path, None, BROWSER),
            ask(
                "DELETE",
                f"{path}/1",
                None,
                BROWSER,
                SESSION,
                ("X-CSRF-Token", "<CSRF|page>"),
            ),
            exchange(code="<CODE_2>"),
        ),
    )


CASES = (*_not_found(), *_authorized_applications())
