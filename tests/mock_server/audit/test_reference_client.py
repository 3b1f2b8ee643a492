"""The reference client does nothing that the audit would find."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from livestorm_client import (
    LivestormClient,
    LivestormError,
    ReauthorizationRequired,
    RetryLater,
    TransportError,
)
from livestorm_mock_server import LivestormSandbox

pytestmark = pytest.mark.livestorm(consent="approve")


@pytest.fixture
def client(livestorm: LivestormSandbox) -> LivestormClient:
    """A client that lives and waits in the sandbox's time."""
    return LivestormClient(
        client_id=livestorm.client_id,
        client_secret=livestorm.client_secret,
        redirect_uri=livestorm.redirect_uri,
        app_url=livestorm.app_url,
        api_url=livestorm.api_url,
        clock=livestorm.clock.now,
        sleep=livestorm.clock.advance,
    )


@pytest.fixture
def connect(client: LivestormClient, audited_http: httpx.Client) -> Callable[[], None]:
    """Connect the client to an account, by way of the browser."""

    def go() -> None:
        request = client.authorization_request(["identity:read"])
        client.connect(request, audited_http.get(request.url).headers["location"])

    return go


def test_whole_life_has_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None]
) -> None:
    """Connect, call, expire and refresh, be limited, lose the grant, connect again."""
    connect()
    client.me()
    livestorm.clock.advance(7201)
    client.me()
    livestorm.faults.arm("api", "rate_limited", retry_after=2, times=1)
    client.me()
    assert client.tokens is not None
    livestorm.revoke_token(client.tokens.access_token)
    with pytest.raises(ReauthorizationRequired):
        client.me()
    with pytest.raises(ReauthorizationRequired):
        client.me()
    connect()
    client.me()
    labels = [entry.exchange.endpoint for entry in livestorm.journal]
    assert labels.count("token.refresh_token") == 2
    assert livestorm.audit() == []


def test_token_refused_while_fresh_has_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None]
) -> None:
    """One refresh after a 401, and one more call."""
    connect()
    livestorm.faults.arm("api", "expired_token", times=1)
    client.me()
    assert livestorm.audit() == []


def test_calls_refused_again_and_again_have_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None]
) -> None:
    """Each operation refreshes once and gives up."""
    connect()
    livestorm.faults.arm("api", "api_error", status=401)
    for _ in range(3):
        livestorm.clock.advance(2)
        with pytest.raises(ReauthorizationRequired):
            client.me()
    assert livestorm.audit() == []


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    "fault", ["close", "reset", "garbage", "truncated_json", "cut_chunked", "short_body"]
)
def test_refresh_with_a_lost_answer_has_no_findings(
    livestorm: LivestormSandbox,
    client: LivestormClient,
    connect: Callable[[], None],
    fault: str,
    phase: str,
) -> None:
    """The client may try the old refresh token again where it never saw the new one."""
    connect()
    livestorm.faults.arm("token.refresh_token", fault, phase=phase, times=1)
    for _ in range(2):
        _ignoring_errors(client.refresh)
    assert livestorm.audit() == []


@pytest.mark.parametrize("label", ["api", "token.refresh_token"])
def test_server_errors_have_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None], label: str
) -> None:
    """Retries after a 503 are fine."""
    connect()
    livestorm.faults.arm(label, "html_page")
    livestorm.clock.advance(7201)
    with pytest.raises(RetryLater):
        client.me()
    assert livestorm.audit() == []


def test_code_with_a_lost_answer_has_no_findings(
    livestorm: LivestormSandbox, connect: Callable[[], None]
) -> None:
    """The client does not send the code again, but begins a flow anew."""
    livestorm.faults.arm("token", "close", phase="after", times=1)
    with pytest.raises(TransportError):
        connect()
    connect()
    assert livestorm.audit() == []


@pytest.mark.livestorm(consent="approve", rate_limits=False)
def test_calls_in_parallel_have_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None]
) -> None:
    """Threads whose token was refused together share one refresh."""
    connect()
    assert client.tokens is not None
    livestorm.expire_token(client.tokens.access_token)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: client.me(), range(12)))
    assert livestorm.audit() == []


def test_redirections_have_no_findings(
    livestorm: LivestormSandbox, client: LivestormClient, connect: Callable[[], None]
) -> None:
    """The client follows no redirection to another origin."""
    connect()
    livestorm.faults.arm("api", "redirect", times=1)
    livestorm.faults.arm("token", "redirect", times=1)
    _ignoring_errors(client.me)
    _ignoring_errors(client.refresh)
    assert livestorm.audit() == []


def _ignoring_errors(operation: Callable[[], object]) -> None:
    try:
        operation()
    except LivestormError:
        return
