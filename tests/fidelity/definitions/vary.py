"""Cases of what `Vary` names: `Accept`, XMLHttpRequest and its content type, suffixes."""

from ..recordings import Case, Exchange, Header
from .steps import ANY, AS_JSON, BROWSER, CONFIDENTIAL, FORM, JSON, TO_CONFIDENTIAL, ask, case

SCRIPT: Header = ("X-Requested-With", "XMLHttpRequest")

HEADERS: dict[str, tuple[Header, ...]] = {
    "nothing": (),
    "any": (ANY,),
    "json": (AS_JSON,),
    "browser": (BROWSER,),
    "blank": (("Accept", " "),),
    "unknown": (("Accept", "application/x-unknown"),),
    "malformed": (("Accept", "foo"),),
    "script": (SCRIPT,),
    "script_lowercase": (("X-Requested-With", "xmlhttprequest"),),
    "script_in_a_list": (("X-Requested-With", "a, XMLHttpRequest"),),
    "no_script": (("X-Requested-With", "com.example.app"),),
    "script_any": (ANY, SCRIPT),
    "script_json": (AS_JSON, SCRIPT),
    "script_browser": (BROWSER, SCRIPT),
    "script_blank": (("Accept", ""), SCRIPT),
}

FAILURE = f"/oauth/authorize?response_type=nope&{TO_CONFIDENTIAL}"


def _all_endpoints(*headers: Header) -> tuple[Exchange, ...]:
    """Ask for an answer of each kind: rendered, raised, redirected, empty, static."""
    return (
        ask("GET", FAILURE, None, *headers, FORM),
        ask("GET", f"/oauth/authorize?response_type=code&{TO_CONFIDENTIAL}", None, *headers, FORM),
        ask("POST", "/oauth/token", "grant_type=nope", *headers, FORM),
        ask("POST", "/oauth/token", f"grant_type=refresh_token&{CONFIDENTIAL}", *headers, FORM),
        ask(
            "POST", "/oauth/token.json", f"grant_type=refresh_token&{CONFIDENTIAL}", *headers, FORM
        ),
        ask("POST", "/oauth/revoke", f"token=x&{CONFIDENTIAL}", *headers, FORM),
        ask("POST", "/oauth/revoke?format=json", f"token=x&{CONFIDENTIAL}", *headers, FORM),
        ask("POST", "/oauth/introspect", '{"token":"x"}', *headers, JSON),
        ask("GET", "/oauth/token/info", None, *headers, FORM),
        ask("GET", "/oauth/authorized_applications", None, *headers, FORM),
        ask("GET", "/oauth/authorized_applications.json", None, *headers, FORM),
        ask("GET", "/v1/me", None, *headers, FORM),
        ask("GET", "/nothing", None, *headers, FORM),
    )


CASES: tuple[Case, ...] = tuple(
    case(f"vary.{name}", *_all_endpoints(*headers)) for name, headers in HEADERS.items()
)

CASES_WITHOUT_ACCEPT: tuple[Case, ...] = tuple(
    case(f"noaccept.{name}", *_all_endpoints(*headers)) for name, headers in HEADERS.items()
)
"""Where Rails looks at no `Accept`."""
