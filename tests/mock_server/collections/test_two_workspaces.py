"""Whom the tokens of two workspaces are shown."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox, MockLivestorm

from .small_workspace import workspace

TOML = """
[provider]
rate_limits = false

[[organizations]]
name = "First"
[[organizations]]
name = "Second"

[[users]]
email = "ada@example.test"
organization = "First"
[[users]]
email = "grace@example.test"
organization = "Second"

[[collections]]
type = "users"
path = "/v1/users"
operations = ["list", "show", "delete"]
read = ["admin:read"]
write = ["admin:read"]
filters = ["email"]
members = true

[[collections]]
type = "events"
path = "/v1/users/{owner}/events"
read = ["admin:read"]
write = ["admin:read"]
relationships = [{ name = "owner", type = "users" }]
"""

Send = Callable[[str, str, str], httpx.Response]


@pytest.fixture
def sandbox(livestorm_server: MockLivestorm) -> Iterator[LivestormSandbox]:
    """A sandbox with two workspaces, each with one user."""
    with livestorm_server.sandbox(workspace(TOML)) as sandbox:
        yield sandbox


@pytest.fixture
def send(sandbox: LivestormSandbox, http: httpx.Client) -> Send:
    """Call the API with a token of a user: who, verb, path."""

    def send(name: str, method: str, path: str) -> httpx.Response:
        token = sandbox.issue_tokens(user=f"{name}@example.test", scope="admin:read")
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        return http.request(method, f"{sandbox.api_url}/{path}", headers=headers)

    return send


def member(sandbox: LivestormSandbox, name: str) -> str:
    """Give the id of a user."""
    users = {
        dict(one["attributes"])["email"]: one["id"]  # type: ignore[call-overload]  # JSON
        for one in sandbox.items("users")
    }
    return str(users[f"{name}@example.test"])


@pytest.mark.parametrize(("name", "other"), [("ada", "grace"), ("grace", "ada")])
def test_team_members_are_shown_to_their_own_workspace(
    sandbox: LivestormSandbox, send: Send, name: str, other: str
) -> None:
    """The list, its count and its filters know those of the caller's workspace alone."""
    found = send(name, "GET", "users").json()
    assert [one["id"] for one in found["data"]] == [member(sandbox, name)]
    assert found["meta"]["record_count"] == 1
    path = f"users?filter[email]={other}@example.test"
    assert send(name, "GET", path).json()["data"] == []
    assert send(name, "GET", f"users/{member(sandbox, name)}").status_code == 200


@pytest.mark.parametrize(
    ("method", "below"), [("GET", ""), ("DELETE", ""), ("GET", "/events"), ("POST", "/events")]
)
def test_team_member_of_another_workspace_is_not_there(
    sandbox: LivestormSandbox, send: Send, method: str, below: str
) -> None:
    """Whoever is of another workspace is a 404, and so is what is below."""
    path = f"users/{member(sandbox, 'grace')}{below}"
    assert send("ada", method, path).status_code == 404
    assert send("grace", "GET", "users").json()["meta"]["record_count"] == 1


def test_team_member_of_another_workspace_is_not_included(
    sandbox: LivestormSandbox, send: Send
) -> None:
    """`include` adds no such member, either."""
    owners = [member(sandbox, "grace"), member(sandbox, "ada")]
    event = sandbox.add_item("events", {}, {"owner": owners})
    path = f"users/{member(sandbox, 'ada')}/events/{event['id']}?include=owner"
    included = send("ada", "GET", path).json()["included"]
    assert [one["id"] for one in included] == [member(sandbox, "ada")]
