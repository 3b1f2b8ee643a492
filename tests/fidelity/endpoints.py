"""Which endpoint a recorded case is about."""

import re

from .recordings import Case, Request

ENDPOINTS = (
    "authorize",
    "token: authorization_code",
    "token: refresh_token",
    "token: other grants",
    "revoke",
    "introspect",
    "token/info",
    "protected resources",
    "other routes",
)

_GRANT_TYPE = re.compile(r'grant_type(?:=|": ?")(authorization_code|refresh_token)\b')
_PATHS = (
    (re.compile(r"/+oauth/+authorize\b(?!d)"), "authorize"),
    (re.compile(r"/+oauth/+token/info\b"), "token/info"),
    (re.compile(r"/+oauth/+token\b"), "token"),
    (re.compile(r"/+oauth/+revoke\b"), "revoke"),
    (re.compile(r"/+oauth/+introspect\b"), "introspect"),
    (re.compile(r"/+v1\b", re.IGNORECASE), "protected resources"),
)


def endpoint_of(case: Case) -> str:
    """Name the endpoint of the first request that is no preparation and does not ask for a code."""
    asked = [_endpoint(step.request) for step in case.exchanges if not step.setup]
    return next((endpoint for endpoint in asked if endpoint != "authorize"), "authorize")


def _endpoint(request: Request) -> str:
    for path, endpoint in _PATHS:
        if path.match(request.target):
            return endpoint if endpoint != "token" else _token_endpoint(request)
    return "other routes"


def _token_endpoint(request: Request) -> str:
    found = _GRANT_TYPE.search(f"{request.target} {request.body or ''}")
    return f"token: {found[1]}" if found else "token: other grants"
