"""What the tests with other people's clients share."""

import os
from collections.abc import Callable
from typing import cast

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from .node_packages import NodeMissingError, install_packages

RELEASES = ("5.5", "5.8", "5.9", "6.0")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node, the packages installed; where CI is "true", nothing is skipped."""
    try:
        return install_packages()
    except NodeMissingError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


@pytest.fixture(
    params=[
        pytest.param(release, marks=pytest.mark.livestorm(release=release, consent="approve"))
        for release in RELEASES
    ]
)
def release(request: pytest.FixtureRequest) -> str:
    """Each release in turn, with a user who consents."""
    return cast("str", request.param)


@pytest.fixture
def visit() -> Callable[[str], str]:
    """Open an authorization URL as a browser whose user consents; give the callback URL."""

    def follow(authorization_url: str) -> str:
        answer = httpx.get(authorization_url)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    return follow


@pytest.fixture
def me_status(livestorm: LivestormSandbox) -> Callable[[str], int]:
    """Tell the status that `GET /v1/me` has for an access token."""

    def ask(access_token: str) -> int:
        headers = {"Authorization": f"Bearer {access_token}"}
        return httpx.get(f"{livestorm.api_url}/me", headers=headers).status_code

    return ask
