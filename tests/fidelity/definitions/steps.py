"""The requests that case definitions are put together from."""

import msgspec

from ..recordings import Case, Exchange, Header, Request

BROWSER: Header = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
ANY: Header = ("Accept", "*/*")
AS_JSON: Header = ("Accept", "application/json")
FORM: Header = ("Content-Type", "application/x-www-form-urlencoded")
JSON: Header = ("Content-Type", "application/json")
SESSION: Header = ("Cookie", "_oracle_session=<COOKIE>")

CONFIDENTIAL = "client_id=<CLIENT_ID>&client_secret=<CLIENT_SECRET>"
PUBLIC = "client_id=<PUBLIC_CLIENT_ID>"
OTHER = "client_id=<OTHER_CLIENT_ID>&client_secret=<OTHER_CLIENT_SECRET>"
BASIC: Header = ("Authorization", "Basic b64(<CLIENT_ID>:<CLIENT_SECRET>)")

TO_CONFIDENTIAL = "client_id=<CLIENT_ID>&redirect_uri=<REDIRECT_URI>"
TO_PUBLIC = "client_id=<PUBLIC_CLIENT_ID>&redirect_uri=<PUBLIC_REDIRECT_URI>"
TO_OTHER = "client_id=<OTHER_CLIENT_ID>&redirect_uri=<OTHER_REDIRECT_URI>"

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def case(name: str, *exchanges: Exchange) -> Case:
    """Define a case; it is recorded from the engine's release that Debian packages."""
    return Case(name=f"own.{name}", releases=("5.5",), exchanges=exchanges)


def ask(
    method: str,
    target: str,
    body: str | None = None,
    *headers: Header,
    label: str = "",
    setup: bool = False,
    wait: int = 0,
) -> Exchange:
    """Send anything; `body` without headers is sent as a form."""
    if not headers:
        headers = (ANY,) if body is None else (ANY, FORM)
    request = Request(method=method, target=target, headers=headers, body=body)
    return Exchange(label=label, setup=setup, wait=wait, request=request)


def ask_in_json(target: str, members: str, *headers: Header, method: str = "POST") -> Exchange:
    """Send a JSON object with these members."""
    return ask(method, target, f"{{{members}}}", *(headers or (ANY,)), JSON)


def authorize(query: str = "", *headers: Header, to: str = TO_CONFIDENTIAL) -> Exchange:
    """Ask for a code; `query` is added to the parameters that are always needed."""
    target = f"/oauth/authorize?response_type=code&{to}" + (f"&{query}" if query else "")
    return ask("GET", target, None, *(headers or (BROWSER,)), label="authorize")


def authorize_with(query: str, *headers: Header) -> Exchange:
    """Ask for a code with these parameters only."""
    return ask("GET", f"/oauth/authorize?{query}", None, *(headers or (BROWSER,)))


def token(body: str, *headers: Header, label: str = "token") -> Exchange:
    """Post a form to the token endpoint."""
    return ask("POST", "/oauth/token", body, *(ANY, FORM, *headers), label=label)


def exchange(
    client: str = CONFIDENTIAL,
    *headers: Header,
    extra: str = "",
    code: str = "<CODE_1>",
    to: str = "<REDIRECT_URI>",
    label: str = "exchange",
) -> Exchange:
    """Exchange a code for tokens."""
    parts = ("grant_type=authorization_code", f"code={code}", f"redirect_uri={to}", client, extra)
    return token("&".join(part for part in parts if part), *headers, label=label)


def refresh(
    number: int = 1, extra: str = "", *headers: Header, client: str = CONFIDENTIAL, label: str = ""
) -> Exchange:
    """Refresh with the refresh token of that number."""
    parts = ("grant_type=refresh_token", f"refresh_token=<REFRESH_TOKEN_{number}>", client, extra)
    return token(
        "&".join(part for part in parts if part), *headers, label=label or f"refresh {number}"
    )


def resource(
    number: int = 1, target: str = "/v1/me", *headers: Header, wait: int = 0, label: str = ""
) -> Exchange:
    """Ask for a protected resource with the access token of that number."""
    authorization = ("Authorization", f"Bearer <ACCESS_TOKEN_{number}>")
    label = label or f"resource with {number}"
    return ask("GET", target, None, ANY, authorization, *headers, wait=wait, label=label)


def revoke(body: str, *headers: Header, label: str = "revoke", wait: int = 0) -> Exchange:
    """Post a form to the revocation endpoint."""
    return ask("POST", "/oauth/revoke", body, *(ANY, FORM, *headers), label=label, wait=wait)


def introspect(body: str, *headers: Header, label: str = "introspect", wait: int = 0) -> Exchange:
    """Post a form to the introspection endpoint."""
    return ask("POST", "/oauth/introspect", body, *(ANY, FORM, *headers), label=label, wait=wait)


def token_info(number: int = 1, *headers: Header, wait: int = 0) -> Exchange:
    """Ask token/info about the access token of that number."""
    authorization = ("Authorization", f"Bearer <ACCESS_TOKEN_{number}>")
    headers = (ANY, authorization, *headers)
    return ask("GET", "/oauth/token/info", None, *headers, label=f"token/info {number}", wait=wait)


def tokens(scope: str = "", *, code: int = 1) -> tuple[Exchange, Exchange]:
    """Get the code of that number for the confidential client and exchange it."""
    query = f"scope={scope}" if scope else ""
    return _prepared(authorize(query), exchange(code=f"<CODE_{code}>"))


def public_tokens(*, code: int = 1) -> tuple[Exchange, Exchange]:
    """Get the code of that number for the public client and exchange it."""
    to = "<PUBLIC_REDIRECT_URI>"
    return _prepared(authorize(to=TO_PUBLIC), exchange(PUBLIC, code=f"<CODE_{code}>", to=to))


def other_tokens(*, code: int = 1) -> tuple[Exchange, Exchange]:
    """Get the code of that number for the other client and exchange it."""
    to = "<OTHER_REDIRECT_URI>"
    return _prepared(authorize(to=TO_OTHER), exchange(OTHER, code=f"<CODE_{code}>", to=to))


def _prepared(first: Exchange, second: Exchange) -> tuple[Exchange, Exchange]:
    """Mark two exchanges as preparation of a case; their answers are compared all the same."""
    return (
        msgspec.structs.replace(first, setup=True),
        msgspec.structs.replace(second, setup=True),
    )
