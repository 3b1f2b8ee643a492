"""What holds for every kind of fault."""

from collections.abc import Callable

import httpx
import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.arming.kinds import KINDS, phases_of

from ..failure_log import FailureLog
from ..requests import ENDPOINTS, OF_REQUESTS, PARAMETERS, kinds_at, last_fault

pytestmark = pytest.mark.livestorm(rate_limits=False)

CUT_A_BODY = {"reset_in_body", "short_body", "truncated_json"}
WITHOUT_BODY = "api.ping"


@pytest.mark.livestorm(rate_limits=False, consent="approve")
@pytest.mark.parametrize(
    ("endpoint", "kind", "phase"),
    [
        (endpoint, kind, phase)
        for endpoint in ENDPOINTS
        for kind in kinds_at(endpoint)
        for phase in phases_of(KINDS[kind])
    ],
)
def test_kind_strikes_its_endpoints_without_a_failure(
    livestorm: LivestormSandbox,
    send_raw: Callable[[str], bytes],
    failures: FailureLog,
    endpoint: str,
    kind: str,
    phase: str,
) -> None:
    """Where a kind can strike, it does, and says so; none of them makes the fake itself fail."""
    armed = livestorm.faults.arm(endpoint, kind, phase=phase, **PARAMETERS.get(kind, {}))
    try:
        wire = send_raw(endpoint)
    except ConnectionResetError:
        wire = b""
    strikes = kind not in CUT_A_BODY or endpoint != WITHOUT_BODY
    assert (armed.hits, last_fault(livestorm) is not None) == (strikes, strikes)
    assert not failures.failures()
    assert b"Traceback" not in wire
    assert "traceback" not in (livestorm.journal.entries()[-1].exchange.reason or "")


@pytest.mark.parametrize("kind", OF_REQUESTS)
def test_armed_kind_can_be_listed(
    livestorm: LivestormSandbox, http: httpx.Client, kind: str
) -> None:
    """`GET faults` shows each kind with the keys it was armed with."""
    parameters = PARAMETERS.get(kind, {})
    on = next(iter(KINDS[kind].places), "api")
    livestorm.faults.arm(on, kind, **parameters)
    (listed,) = http.get(f"{livestorm.control_url}/faults").json()["faults"]
    assert (listed["fault"], listed["on"], listed["hits"]) == (kind, on, 0)
    assert parameters.items() <= listed.items()
