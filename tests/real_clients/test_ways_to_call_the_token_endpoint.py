"""Five ways in which clients in the field call `/oauth/token`, and how the releases answer."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

Members = Mapping[str, str]
OK = (200, None)


def _credentials(livestorm: LivestormSandbox) -> Members:
    return {"client_id": livestorm.client_id, "client_secret": livestorm.client_secret}


def form(livestorm: LivestormSandbox, members: Members) -> httpx.Response:
    """All members in a form body, as Livestorm's own applications do."""
    data = {**members, **_credentials(livestorm)}
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=data)


def json(livestorm: LivestormSandbox, members: Members) -> httpx.Response:
    """The same members as a JSON body, as axios does by default."""
    body = {**members, **_credentials(livestorm)}
    return httpx.post(f"{livestorm.app_url}/oauth/token", json=body)


def query(livestorm: LivestormSandbox, members: Members) -> httpx.Response:
    """All members in the query string of a POST without a body."""
    parameters = {**members, **_credentials(livestorm)}
    return httpx.post(f"{livestorm.app_url}/oauth/token", params=parameters)


def query_and_bearer(livestorm: LivestormSandbox, members: Members) -> httpx.Response:
    """As `query`, with the refresh token, where there is one, as a bearer token too."""
    parameters = {**members, **_credentials(livestorm)}
    refresh_token = members.get("refresh_token")
    headers = {"Authorization": f"Bearer {refresh_token}"} if refresh_token else {}
    return httpx.post(f"{livestorm.app_url}/oauth/token", params=parameters, headers=headers)


def basic(livestorm: LivestormSandbox, members: Members) -> httpx.Response:
    """The credentials by HTTP Basic, the other members in a form body."""
    auth = (livestorm.client_id, livestorm.client_secret)
    return httpx.post(f"{livestorm.app_url}/oauth/token", data=dict(members), auth=auth)


class Case(NamedTuple):
    """A way, and the status and `error` that it meets at the exchange and at the refresh."""

    release: str
    way: Callable[[LivestormSandbox, Members], httpx.Response]
    exchange: tuple[int, str | None]
    refresh: tuple[int, str | None]


# Doorkeeper 6 reads client credentials from the body only. Without any, a code meets a missing
# client first, and a refresh token a client that it wasn't issued to.
CASES = [
    Case("5.9", form, OK, OK),
    Case("5.9", json, OK, OK),
    Case("5.9", query, OK, OK),
    Case("5.9", query_and_bearer, OK, OK),
    Case("5.9", basic, OK, OK),
    Case("6.0", form, OK, OK),
    Case("6.0", json, OK, OK),
    Case("6.0", query, (401, "invalid_client"), (400, "invalid_grant")),
    Case("6.0", query_and_bearer, (401, "invalid_client"), (400, "invalid_grant")),
    Case("6.0", basic, OK, OK),
]
EACH_CASE = pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=f"{case.release}-{case.way.__name__}",
            marks=pytest.mark.livestorm(release=case.release),
        )
        for case in CASES
    ],
)


def outcome(answer: httpx.Response) -> tuple[int, str | None]:
    """Give the status and the `error` of an answer."""
    return answer.status_code, answer.json().get("error")


@EACH_CASE
def test_code_exchange_is_answered_as_the_release_does(
    livestorm: LivestormSandbox, case: Case
) -> None:
    """A code is exchanged in each way that the release accepts, and in no other."""
    code = httpx.URL(livestorm.authorize()).params["code"]
    members = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": livestorm.redirect_uri,
    }
    assert outcome(case.way(livestorm, members)) == case.exchange


@EACH_CASE
def test_refresh_is_answered_as_the_release_does(livestorm: LivestormSandbox, case: Case) -> None:
    """A refresh token is taken in each way that the release accepts, and in no other."""
    refresh_token = str(livestorm.issue_tokens()["refresh_token"])
    members = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    assert outcome(case.way(livestorm, members)) == case.refresh
