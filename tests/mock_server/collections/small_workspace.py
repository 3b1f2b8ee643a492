"""A small scenario with collections, and a client that calls it."""

import json
from typing import Any

import httpx
from livestorm_mock_server import LivestormSandbox, Scenario
from livestorm_mock_server.scenario_files import read_scenario

TOML = """
[provider]
rate_limits = false

[[collections]]
type = "events"
path = "/v1/events"
read = ["events:read"]
write = ["events:write"]
required = ["title"]
defaults = { scheduling_status = "draft" }
filters = [
    "title",
    "scheduling_status",
    { name = "created_since", attribute = "created_at", compare = "at_least" },
]
relationships = [
    { name = "organization", type = "organizations" },
    { name = "owner", type = "people" },
]
items = [
    { id = "e1", title = "Début", scheduling_status = "live", created_at = 1000, owner_id = "p1" },
    { id = "e2", title = "Launch", scheduling_status = "ended", created_at = 2000 },
    { id = "e3", title = "launch", scheduling_status = "ended", created_at = 3000 },
]

[[collections]]
type = "sessions"
path = "/v1/sessions"
read = ["events:read"]
write = ["events:write"]
filters = ["status"]
relationships = [
    { name = "event", type = "events" },
    { name = "people", type = "people", many = true, inverse = "session" },
]
items = [
    { id = "s1", event = "e1", status = "live", ended_at = 0 },
    { id = "s2", event = "e2", status = "past", ended_at = 1900 },
    { id = "s3", event = "e2", status = "upcoming", ended_at = 0 },
]

[[collections]]
type = "sessions"
path = "/v1/events/{event}/sessions"
operations = ["list"]
read = ["events:read"]

[[collections]]
type = "people"
path = "/v1/sessions/{session}/people"
operations = ["list", "show", "create", "delete", "delete_matching"]
read = ["events:read"]
write = ["events:write"]
required = ["email"]
unique = ["session", "email"]
contacts = true
filters = ["email"]
relationships = [{ name = "session", type = "sessions" }, { name = "event", type = "events" }]
items = [
    { id = "p1", session = "s2", event = "e2", email = "zoe@example.test", first_name = "Zoë" },
    { id = "p2", session = "s2", event = "e2", email = "ada@example.test", first_name = "Ada" },
    { id = "p3", session = "s3", event = "e2", email = "zoe@example.test", first_name = "Zoë" },
]

[[collections]]
type = "users"
path = "/v1/users"
operations = ["list"]
read = ["admin:read"]
members = true
"""

UNLIMITED = "[provider]\nrate_limits = false\n"
EVENTS = '[[collections]]\ntype = "events"\npath = "/v1/events"\n'
SESSIONS = '[[collections]]\ntype = "sessions"\npath = "/v1/events/{event}/sessions"\n'
EVENT = 'relationships = [{ name = "event", type = "events" }]\n'
"""Parts of which other scenarios are made."""


def workspace(toml: str = TOML) -> Scenario:
    """Give the scenario."""
    return read_scenario(toml, "workspace.toml", None)


class Caller:
    """Calls the API of a sandbox with its private token, or with an access token."""

    def __init__(self, sandbox: LivestormSandbox, http: httpx.Client) -> None:
        self.sandbox, self._http = sandbox, http

    def send(
        self, method: str, path: str, body: object = None, *, scope: str | None = None
    ) -> httpx.Response:
        """Send a request; a body is sent as JSON:API."""
        token = self.sandbox.private_token
        if scope is not None:
            token = f"Bearer {self.sandbox.issue_tokens(scope=scope)['access_token']}"
        headers = {"Authorization": str(token), "Content-Type": "application/vnd.api+json"}
        content = None if body is None else json.dumps(body)
        url = f"{self.sandbox.api_url}/{path}"
        return self._http.request(method, url, headers=headers, content=content)

    def get(self, path: str) -> Any:
        """Get a document; the answer must be a 200."""
        answer = self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ids(self, path: str) -> list[str]:
        """Give the ids of a list."""
        return [one["id"] for one in self.get(path)["data"]]

    def errors(self, answer: httpx.Response) -> list[tuple[int, str, str]]:
        """Give status, word and detail of a refusal, which has the members of all errors."""
        errors = answer.json()["errors"]
        for one in errors:
            assert set(one) == {"title", "detail", "code", "status"}
            assert one["code"] == str(answer.status_code)
        return [(answer.status_code, one["status"], one["detail"]) for one in errors]


def document(type_name: str, **members: object) -> dict[str, object]:
    """Give a document with attributes, or with `id` and `relationships` beside them."""
    known = {name: members.pop(name) for name in ("id", "relationships") if name in members}
    data: dict[str, object] = {"type": type_name, "attributes": members}
    return {"data": data | known}


def linked(type_name: str, item_id: str) -> dict[str, object]:
    """Give a relationship to an item."""
    return {"data": {"type": type_name, "id": item_id}}
