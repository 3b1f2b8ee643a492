"""What the collections for API tools do, step by step, as the two descriptions have it."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec
from livestorm_mock_server import ProviderOptions
from livestorm_mock_server.control.app import OPERATIONS
from livestorm_mock_server.control.openapi import describe
from livestorm_mock_server.provider_openapi.document import describe_provider

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
VARIABLES: Mapping[str, str] = {
    "app_url": "http://127.0.0.1:8787",
    "control_url": "http://127.0.0.1:8787/_mock",
    "control_token": "",
    "client_id": "example-client-id",
    "client_secret": "example-client-secret",
    "redirect_uri": "https://client.example.test/callback",
    "scope": "identity:read events:read",
    "state": "a-state-that-nobody-can-guess",
}
"""What a collection begins with: the fake as `serve` starts it."""
_APP, _CONTROL = "{{app_url}}", "{{control_url}}"
CODE_OF_LOCATION = "/[?&]code=([^&]+)/.exec({body}.location)[1]"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A request, and what has to come of it."""

    name: str
    operation: str
    """Its id in one of the descriptions."""
    body: Mapping[str, object] = {}
    expected: int = 200
    kept: Mapping[str, str] = {}
    """Variables that take something of the answer, whose body is `{body}` in JavaScript."""


_CLIENT = {"client_id": "{{client_id}}", "client_secret": "{{client_secret}}"}
_PAIR = {
    "access_token": "{body}.access_token",
    "refresh_token": "{body}.refresh_token",
}
STEPS = (
    Step(name="Begin anew", operation="reset", expected=204),
    Step(
        name="The user approves",
        operation="authorize",
        body={
            "client_id": "{{client_id}}",
            "redirect_uri": "{{redirect_uri}}",
            "scope": "{{scope}}",
            "state": "{{state}}",
        },
        kept={"code": CODE_OF_LOCATION},
    ),
    Step(
        name="Exchange the code",
        operation="requestTokens",
        body={
            "grant_type": "authorization_code",
            **_CLIENT,
            "code": "{{code}}",
            "redirect_uri": "{{redirect_uri}}",
        },
        kept=_PAIR,
    ),
    Step(name="Who is connected", operation="showMe"),
    Step(name="Which workspace it is", operation="showOrganization"),
    Step(name="What the token is", operation="showTokenInfo"),
    Step(
        name="Refresh",
        operation="requestTokens",
        body={"grant_type": "refresh_token", **_CLIENT, "refresh_token": "{{refresh_token}}"},
        kept=_PAIR,
    ),
    Step(
        name="Arm a fault",
        operation="armFault",
        body={"on": "api.me", "fault": "rate_limited", "retry_after": 2, "times": 1},
        expected=201,
    ),
    Step(name="Be limited", operation="showMe", expected=429),
    Step(name="Be let in again", operation="showMe"),
    Step(
        name="Revoke",
        operation="revoke",
        body={**_CLIENT, "token": "{{access_token}}"},
    ),
    Step(name="Be refused", operation="showMe", expected=401),
)
"""From nothing to tokens, a refresh, a fault and the end; it can be played again and again."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as a tool sends it."""

    name: str
    summary: str
    method: str
    url: str
    """With variables in double braces."""
    media_type: str
    """Empty where there is no body."""
    body: Mapping[str, object]
    token: str
    """The variable with the token that it is sent with; empty for none."""


Make = Callable[[str, Mapping[str, object]], Request]
"""Makes the request of an operation, with a name and a body."""


@cache
def provider_description() -> Mapping[str, Any]:
    """Describe the faked endpoints as they are without a scenario."""
    told = describe_provider(ProviderOptions(), app_url=VARIABLES["app_url"])
    return dict(json.loads(json.dumps(told)))


def provider_file() -> str:
    """Give the description as a file."""
    return json.dumps(provider_description(), indent=2) + "\n"


def request_of(step: Step) -> Request:
    """Give the request of a step."""
    return _requests()[step.operation](step.name, step.body)


def endpoints() -> Iterator[Request]:
    """Give a request for each faked endpoint, with the example of its body."""
    for path, verbs in provider_description()["paths"].items():
        for verb, operation in verbs.items():
            request = _request(_APP, path, verb, operation)
            yield request(operation["summary"], example(operation))


def example(operation: Mapping[str, Any]) -> Mapping[str, object]:
    """Give the first example of a body, with the client's variables; empty without one."""
    content = operation.get("requestBody", {}).get("content", {})
    found = [one for each in content.values() for one in each.get("examples", {}).values()]
    value = found[0]["value"] if found else {}
    kept = VARIABLES.keys() | {"code", "refresh_token"}
    return {name: f"{{{{{name}}}}}" if name in kept else one for name, one in value.items()}


@cache
def _requests() -> Mapping[str, Make]:
    control = json.loads(json.dumps(describe(OPERATIONS)))
    return {
        operation["operationId"]: _request(base, path.removeprefix(left_out), verb, operation)
        for described, base, left_out in (
            (provider_description(), _APP, ""),
            (control, _CONTROL, "/_mock"),
        )
        for path, verbs in described["paths"].items()
        for verb, operation in verbs.items()
    }


def _request(base: str, path: str, verb: str, operation: Mapping[str, Any]) -> Make:
    security = operation.get("security", [])
    takes_token = any(one.keys() & {"oauth", "accessToken"} for one in security)
    token = "control_token" if base == _CONTROL else "access_token" if takes_token else ""

    def make(name: str, body: Mapping[str, object]) -> Request:
        content = operation.get("requestBody", {}).get("content", {}) if body else {}
        return Request(
            name=name,
            summary=operation["summary"],
            method=verb.upper(),
            url=base + path,
            media_type=next(iter(content), ""),
            body=body,
            token=token,
        )

    return make
