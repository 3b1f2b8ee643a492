"""What `/v1/me` and `/v1/organization` may show, as far as nobody has published it."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from livestorm_mock_server import InvalidInputError, LivestormSandbox, Scenario
from livestorm_mock_server.scenario import OrganizationEntry, UserEntry

Document = dict[str, Any]
Show = Callable[..., Document]

READ_BY_CLIENTS = {
    "role",
    "created_at",
    "updated_at",
    "first_name",
    "last_name",
    "email",
    "avatar_link",
    "locale",
    "pending_invite",
    "website_link",
    "linkedin_link",
    "facebook_link",
    "twitter_handle",
}
ELSEWHERE = Scenario(
    organizations=(OrganizationEntry(name="First"), OrganizationEntry(name="Second")),
    users=(
        UserEntry(email="second@example.test", organization="Second"),
        UserEntry(email="first@example.test", organization="First"),
    ),
)


@pytest.fixture
def show(livestorm: LivestormSandbox, http: httpx.Client, tokens: Document) -> Show:
    """Ask the API, with an access token unless told."""

    def ask(path: str, authorization: str | None = None) -> Document:
        headers = {"Authorization": authorization or f"Bearer {tokens['access_token']}"}
        document: Document = http.get(f"{livestorm.api_url}/{path}", headers=headers).json()
        return document

    return ask


user_document = pytest.mark.livestorm(organization_document="user")


@user_document
@pytest.mark.parametrize("path", ["organization", "organization?include=organization"])
def test_organization_can_be_the_user_with_a_relationship(show: Show, path: str) -> None:
    """With the option the data is the connected user, who leads to the workspace."""
    data, me = show(path)["data"], show("me")["data"]
    assert (data["type"], data["id"]) == ("users", me["id"])
    assert data["relationships"] == {
        "organization": {
            "data": {"type": "organizations", "id": me["attributes"]["organization"]["id"]}
        }
    }


@user_document
def test_user_of_an_organization_has_what_clients_read(show: Show) -> None:
    """The attributes are those that a client knows there, and the time zone of team members."""
    assert set(show("organization")["data"]["attributes"]) == READ_BY_CLIENTS | {"timezone"}


@user_document
def test_organization_of_the_user_is_included_when_asked_for(show: Show) -> None:
    """`?include=organization` brings name and slug of the workspace that is related."""
    document = show("organization?include=organization")
    (included,) = document["included"]
    linkage = document["data"]["relationships"]["organization"]["data"]
    assert {name: included[name] for name in ("type", "id")} == linkage
    assert set(included["attributes"]) == {"name", "slug"}
    assert "included" not in show("organization")


@user_document
def test_private_token_shows_the_organization_all_the_same(
    show: Show, livestorm: LivestormSandbox
) -> None:
    """A private token has no connected user."""
    assert show("organization", livestorm.private_token)["data"]["type"] == "organizations"


@pytest.mark.livestorm(organization_document="user", attribute_case="camelCase")
def test_attributes_of_the_user_are_spelled_as_those_of_me(show: Show) -> None:
    """The spelling is the user's, wherever it is shown."""
    attributes = show("organization")["data"]["attributes"]
    assert {"firstName", "pendingInvite", "twitterHandle"} <= set(attributes)


@pytest.mark.livestorm(private_token_me="user")
def test_private_token_can_show_a_user(show: Show, livestorm: LivestormSandbox) -> None:
    """With the option `/me` is the same document for both credentials."""
    assert show("me", livestorm.private_token) == show("me")


@pytest.mark.livestorm(ELSEWHERE, private_token_me="user")
def test_user_of_a_private_token_is_of_its_workspace(
    show: Show, livestorm: LivestormSandbox
) -> None:
    """It is the first user of the workspace that the token is for, not the one logged in."""
    assert show("me", livestorm.private_token)["data"]["attributes"]["email"] == (
        "first@example.test"
    )


def test_user_of_a_private_token_has_to_be_there(livestorm: LivestormSandbox) -> None:
    """A workspace without a user can't show one, and the option says so."""
    nobody = Scenario(organizations=ELSEWHERE.organizations, users=ELSEWHERE.users[:1])
    with pytest.raises(InvalidInputError, match="as the first workspace has no user"):
        livestorm.sandbox(nobody, private_token_me="user")
