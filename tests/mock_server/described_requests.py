"""Requests at the faked endpoints, each with the operation that it is and its status."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from livestorm_mock_server import LivestormSandbox

Send = Callable[[LivestormSandbox, httpx.Client], httpx.Response]


def pair(livestorm: LivestormSandbox, scope: str = "identity:read events:read") -> dict[str, Any]:
    """Give the members of a token answer."""
    return dict(livestorm.issue_tokens(scope=scope))


def post(path: str, **form: str) -> Send:
    """Post a form with the client's credentials; `code` and such are given, `!` makes them new."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        secret = {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}
        made = {name: value for name, value in form.items() if value != "!"}
        if form.get("code") == "!":
            made["code"] = httpx.URL(livestorm.authorize()).params["code"]
        if form.get("refresh_token") == "!":
            made["refresh_token"] = pair(livestorm)["refresh_token"]
        if form.get("token") == "!":
            made["token"] = pair(livestorm)["access_token"]
        return http.post(f"{livestorm.app_url}{path}", data=secret | made)

    return send


def get(path: str, *, scope: str | None = None, times: int = 1, **headers: str) -> Send:
    """Get with an access token of a scope, or without one, so many times at one moment."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        bearer = f"Bearer {pair(livestorm, scope)['access_token']}" if scope else None
        given = {"Authorization": bearer, **headers} if bearer else headers
        url = livestorm.app_url + path
        livestorm.clock.freeze()
        return [http.get(url, headers=given) for _ in range(times)][-1]

    return send


def send_item(verb: str, path: str, document: object = None) -> Send:
    """Send a document of an item, with a token that may write."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {pair(livestorm, 'events:write')['access_token']}",
            "Content-Type": "application/vnd.api+json",
        }
        body = None if document is None else json.dumps(document)
        url = livestorm.app_url + path
        return http.request(verb, url, content=body, headers=headers)

    return send


def ask(**others: str) -> Send:
    """Open the consent page."""

    def send(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
        query = {
            "response_type": "code",
            "client_id": livestorm.client_id,
            "redirect_uri": livestorm.redirect_uri,
        }
        return http.get(f"{livestorm.app_url}/oauth/authorize", params=query | others)

    return send


def with_private_token(livestorm: LivestormSandbox, http: httpx.Client) -> httpx.Response:
    """Ask who is connected with a private token."""
    return http.get(f"{livestorm.api_url}/me", headers={"Authorization": livestorm.private_token})


BY_CODE = {
    "grant_type": "authorization_code",
    "redirect_uri": "https://client.example.test/callback",
}
BY_REFRESH = {"grant_type": "refresh_token"}
IDENTITY = "identity:read"
EVENT = {"data": {"type": "events", "attributes": {"title": "A"}}}
TABLE: Mapping[str, tuple[int, str, str, Send]] = {
    "consent": (200, "get", "/oauth/authorize", ask()),
    "unknown client": (401, "get", "/oauth/authorize", ask(client_id="nobody")),
    "approve forged": (422, "post", "/oauth/authorize", post("/oauth/authorize")),
    "native": (200, "get", "/oauth/authorize/native", get("/oauth/authorize/native?code=x")),
    "code": (200, "post", "/oauth/token", post("/oauth/token", **BY_CODE, code="!")),
    "wrong code": (400, "post", "/oauth/token", post("/oauth/token", **BY_CODE, code="x")),
    "refresh": (200, "post", "/oauth/token", post("/oauth/token", **BY_REFRESH, refresh_token="!")),
    "no grant": (400, "post", "/oauth/token", post("/oauth/token")),
    "wrong secret": (
        401,
        "post",
        "/oauth/token",
        post("/oauth/token", **BY_REFRESH, refresh_token="!", client_secret="x"),
    ),
    "revoke": (200, "post", "/oauth/revoke", post("/oauth/revoke", token="!")),
    "revoke as nobody": (
        403,
        "post",
        "/oauth/revoke",
        post("/oauth/revoke", token="!", client_secret="", client_id=""),
    ),
    "active": (200, "post", "/oauth/introspect", post("/oauth/introspect", token="!")),
    "not active": (200, "post", "/oauth/introspect", post("/oauth/introspect", token="x")),
    "introspect as nobody": (
        401,
        "post",
        "/oauth/introspect",
        post("/oauth/introspect", token="!", client_secret="x"),
    ),
    "token info": (200, "get", "/oauth/token/info", get("/oauth/token/info", scope=IDENTITY)),
    "no token info": (401, "get", "/oauth/token/info", get("/oauth/token/info")),
    "applications": (
        200,
        "get",
        "/oauth/authorized_applications",
        get("/oauth/authorized_applications", Accept="application/json"),
    ),
    "me": (200, "get", "/v1/me", get("/v1/me", scope=IDENTITY)),
    "workspace": (200, "get", "/v1/me", with_private_token),
    "no token": (401, "get", "/v1/me", get("/v1/me")),
    "wrong private token": (401, "get", "/v1/me", get("/v1/me", Authorization="wrong")),
    "lacking scope": (403, "get", "/v1/me", get("/v1/me", scope="events:read")),
    "limited": (429, "get", "/v1/me", get("/v1/me", scope=IDENTITY, times=9)),
    "unreadable": (
        400,
        "get",
        "/v1/me",
        get("/v1/me?x=%ff", scope=IDENTITY, Accept="application/json"),
    ),
    "not acceptable": (
        406,
        "get",
        "/v1/organization",
        get("/v1/organization", scope=IDENTITY, Accept="foo"),
    ),
    "ping": (200, "get", "/v1/ping", get("/v1/ping", scope="events:read")),
    "organization": (
        200,
        "get",
        "/v1/organization",
        get("/v1/organization?include=organization", scope="admin:read"),
    ),
    "resource": (
        200,
        "get",
        "/v1/jobs/{id}/tasks/{id2}",
        get("/v1/jobs/1/tasks/2", scope=IDENTITY),
    ),
    "list": (200, "get", "/v1/events", get("/v1/events?page[size]=1", scope="events:read")),
    "wrong page": (400, "get", "/v1/events", get("/v1/events?page[size]=x", scope="events:read")),
    "missing item": (404, "get", "/v1/events/{id}", get("/v1/events/x", scope="events:read")),
    "create": (201, "post", "/v1/events", send_item("POST", "/v1/events", EVENT)),
    "create nothing": (400, "post", "/v1/events", send_item("POST", "/v1/events", {})),
    "delete nothing": (404, "delete", "/v1/events/{id}", send_item("DELETE", "/v1/events/x")),
    "sessions of nothing": (
        404,
        "get",
        "/v1/events/{id}/sessions",
        get("/v1/events/x/sessions", scope="events:read"),
    ),
}
"""By what it shows: the status, the operation, and the request."""
