"""Faults before and after the effect of a request."""

import contextlib
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS, phases_of

from ..conftest import SendTokenRequest
from ..requests import PARAMETERS, Ping, kinds_at, last_fault
from ..wire import ConnectionEnded

pytestmark = pytest.mark.livestorm(rate_limits=False)

REFRESH = "token.refresh_token"
LETS_PASS = {"barrier", "delay", "expired_token", "revoked_grant", "token_lifetime"}
"""Kinds behind which the request goes on."""


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
@pytest.mark.parametrize(
    "kind", [name for name in kinds_at(REFRESH) if "after" in phases_of(KINDS[name])]
)
def test_request_struck_after_the_effect_has_it(
    livestorm: LivestormSandbox, send: Ping, kind: str
) -> None:
    """The refresh token is used up, whatever came of the answer."""
    parameters = PARAMETERS.get(kind, {})
    livestorm.faults.arm("token.refresh_token", kind, phase="after", times=1, **parameters)
    with contextlib.suppress(ConnectionEnded, ConnectionResetError, ValueError):
        send("token.refresh_token")
    assert send("token.refresh_token").status == 400


@pytest.mark.livestorm(rate_limits=False, rotation="instant")
@pytest.mark.parametrize("kind", [name for name in kinds_at(REFRESH) if name not in LETS_PASS])
def test_request_struck_before_the_effect_has_none(
    livestorm: LivestormSandbox, send: Ping, kind: str
) -> None:
    """The refresh token is good for another try."""
    parameters = PARAMETERS.get(kind, {})
    livestorm.faults.arm("token.refresh_token", kind, phase="before", times=1, **parameters)
    with contextlib.suppress(ConnectionEnded, ConnectionResetError, ValueError):
        send("token.refresh_token")
    assert send("token.refresh_token").status == 200


@pytest.mark.parametrize("kind", sorted(LETS_PASS & set(kinds_at(REFRESH))))
def test_request_that_is_let_pass_is_decided_by_the_engine(
    livestorm: LivestormSandbox, send: Ping, kind: str
) -> None:
    """The journal names the fault, but not as the reason."""
    livestorm.faults.arm("token", kind, phase="before", **PARAMETERS.get(kind, {}))
    send("token.refresh_token")
    told = livestorm.journal.entries()[-1].as_json()
    assert (last_fault(livestorm), "fault" in str(told["reason"])) == (
        {"id": "fault-1", "fault": kind, "phase": "before"},
        False,
    )


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


def test_refusal_behind_a_delay_keeps_its_reason(
    livestorm: LivestormSandbox, http: httpx.Client
) -> None:
    """The journal says why Rails refused, though the answer waited for its fault."""
    livestorm.faults.arm("token", "delay", seconds=0, phase="after")
    headers = {"Content-Type": "application/json"}
    http.post(f"{livestorm.app_url}/oauth/token", content=b"{", headers=headers)
    assert livestorm.journal.entries()[-1].as_json()["reason"] is not None
