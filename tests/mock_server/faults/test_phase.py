"""Faults before and after the effect of a request."""

import contextlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox

from ..conftest import SendTokenRequest
from ..wire import ConnectionEnded
from .requests import Ping, Requests

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
@pytest.mark.parametrize(("phase", "is_rotated"), [("before", False), ("after", True)])
@pytest.mark.parametrize(
    ("fault", "parameters"),
    [
        ("oauth_error", {"error": "server_error"}),
        ("html_page", {"status": 502}),
        ("api_error", {"status": 500}),
        ("rate_limited", {}),
        ("answer", {"status": 200, "body": "lost"}),
        ("short_body", {}),
        ("close", {}),
        ("reset", {}),
        ("truncated_json", {}),
        ("garbage", {}),
    ],
)
def test_lost_refresh_has_its_effect_after_and_not_before(
    livestorm: LivestormSandbox,
    send: Ping,
    refresh: SendTokenRequest,
    requests: Requests,
    fault: str,
    parameters: dict[str, Any],
    phase: str,
    is_rotated: bool,
) -> None:
    """After the effect the refresh token is used up, though its answer is lost; else not."""
    livestorm.faults.arm("token.refresh_token", fault, phase=phase, times=1, **parameters)
    with contextlib.suppress(ConnectionEnded, ConnectionResetError, ValueError):
        send("token.refresh_token")
    assert (send("token.refresh_token").status == 400) == is_rotated


@pytest.mark.parametrize(("phase", "is_used"), [("before", False), ("after", True)])
def test_lost_exchange_has_its_effect_after_and_not_before(
    livestorm: LivestormSandbox, request_token: SendTokenRequest, phase: str, is_used: bool
) -> None:
    """After the effect the code is used up; before, it is not."""
    code = parse_qs(urlsplit(livestorm.authorize()).query)["code"][0]
    members = {"code": code, "redirect_uri": livestorm.redirect_uri}
    livestorm.faults.arm("token.authorization_code", "html_page", status=502, phase=phase, times=1)
    assert request_token(grant_type="authorization_code", **members).status_code == 502
    again = request_token(grant_type="authorization_code", **members)
    assert (again.status_code == 400) == is_used


@pytest.mark.parametrize("body", [b"{", b'{"grant_type":'])
def test_fault_after_the_effect_replaces_also_a_refusal(
    livestorm: LivestormSandbox, http: httpx.Client, body: bytes
) -> None:
    """What the journal says struck has struck, also where Rails refuses the request."""
    livestorm.faults.arm("token", "html_page", status=502, phase="after")
    answer = http.post(
        f"{livestorm.app_url}/oauth/token",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 502
