"""The rules on the pace of requests."""

import pytest
from livestorm_mock_server import LivestormSandbox
from livestorm_mock_server.audit.pace import read_retry_after
from livestorm_mock_server.clock import VirtualClock

from .sender import Sender, found

pytestmark = pytest.mark.livestorm(rate_limits=False)


@pytest.fixture
def token(livestorm: LivestormSandbox) -> str:
    """An access token."""
    return str(livestorm.issue_tokens()["access_token"])


@pytest.mark.parametrize("form", ["seconds", "http_date"])
def test_request_during_retry_after_is_found(
    livestorm: LivestormSandbox, sender: Sender, token: str, form: str
) -> None:
    """A request that does not wait is found, in both forms of the header."""
    livestorm.faults.arm("api", "rate_limited", retry_after=9, retry_after_form=form, times=1)
    sender.call(token)
    livestorm.clock.advance(5)
    sender.call(token)
    assert found(livestorm) == {"request_during_retry_after": (1, 2)}


@pytest.mark.parametrize("form", ["seconds", "http_date"])
def test_request_after_retry_after_is_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str, form: str
) -> None:
    """A client that waits in virtual time has no finding."""
    livestorm.faults.arm("api", "rate_limited", retry_after=9, retry_after_form=form, times=1)
    sender.call(token)
    livestorm.clock.advance(9)
    sender.call(token)
    assert found(livestorm) == {}


@pytest.mark.parametrize(
    ("leaps", "passes", "is_found"),
    [(0, 9, False), (9, 0, False), (5, 5, True), (-9, 9, False)],
    ids=["stands", "leaps", "neither", "goes-back"],
)
def test_either_way_to_wait_is_one_where_the_time_of_the_process_is_not_real(
    livestorm: LivestormSandbox,
    sender: Sender,
    token: str,
    leaps: int,
    passes: int,
    is_found: bool,
) -> None:
    """A client whose time stands waits in real time, one that travels is there at once."""
    times = {"process": 1_700_000_000.0, "steady": 0.0}
    clock = VirtualClock(lambda: times["process"], lambda: times["steady"])
    livestorm._sandbox.clock = clock
    livestorm.faults.arm("api", "rate_limited", retry_after=9, times=1)
    sender.call(token)
    times["process"] += leaps
    times["steady"] += passes
    sender.call(token)
    assert (found(livestorm) != {}) is is_found


def test_longest_retry_after_counts(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """A short Retry-After does not shorten a longer one."""
    livestorm.faults.arm("api", "rate_limited", retry_after=60, times=1)
    sender.call(token)
    livestorm.faults.arm("api", "rate_limited", retry_after=1, times=1)
    sender.call(token)
    livestorm.clock.advance(2)
    sender.call(token)
    assert found(livestorm) == {"request_during_retry_after": (1, 2, 3)}


def test_retry_after_of_another_user_is_not_meant(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Requests without credentials, of another token or to another endpoint need not wait."""
    livestorm.faults.arm("api", "rate_limited", retry_after=9, times=1)
    sender.call(token)
    sender.call("unknown-token")
    sender.http.get(f"{livestorm.api_url}/me")
    sender.refresh("unknown-token")
    assert found(livestorm) == {}


def test_refreshed_token_does_not_end_the_wait(livestorm: LivestormSandbox, sender: Sender) -> None:
    """The wait is the client's and its workspace's, not the token's."""
    pair = livestorm.issue_tokens()
    livestorm.faults.arm("api", "rate_limited", retry_after=9, times=1)
    sender.call(str(pair["access_token"]))
    sender.call(sender.refresh(str(pair["refresh_token"])).json()["access_token"])
    assert found(livestorm) == {"request_during_retry_after": (1, 3)}


def test_token_request_during_retry_after_is_found(
    livestorm: LivestormSandbox, sender: Sender
) -> None:
    """The token endpoint is limited for a client."""
    livestorm.faults.arm("token", "rate_limited", retry_after=9, times=1)
    sender.refresh("unknown-token")
    sender.refresh("another-token")
    sender.refresh("unknown-token", client_id=livestorm.public_client_id)
    assert found(livestorm) == {"request_during_retry_after": (1, 2)}


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [("Basic YS1jbGllbnQ6c2VjcmV0", {"request_during_retry_after": (1, 2)}), ("Basic a", {})],
    ids=["a-client", "unreadable"],
)
def test_client_of_a_token_request_is_read_from_basic(
    livestorm: LivestormSandbox,
    sender: Sender,
    authorization: str,
    expected: dict[str, tuple[int, ...]],
) -> None:
    """HTTP Basic names the client, also where a fault answers before the engine reads it."""
    livestorm.faults.arm("token", "rate_limited", retry_after=9)
    for token in ("unknown-token", "another-token"):
        members = {"grant_type": "refresh_token", "refresh_token": token}
        none = {"client_id": None, "client_secret": None}
        sender.request_token({"Authorization": authorization}, **members, **none)
    assert found(livestorm) == expected


@pytest.mark.parametrize("value", [0, -5, "soon", "1.5", "1, 2", "Thu, 01 Jan 1970 00:00:09 GMT"])
def test_retry_after_that_says_nothing_is_not_judged(
    livestorm: LivestormSandbox, sender: Sender, token: str, value: int | str
) -> None:
    """Where the header asks for no wait, there is nothing to keep to."""
    livestorm.faults.arm("api", "rate_limited", retry_after=value, times=1)
    sender.call(token)
    sender.call(token)
    assert found(livestorm) == {}


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("7", 1007.0),
        ("0007", 1007.0),
        ("Thu, 01 Jan 1970 00:16:47 GMT", 1007.0),
        ("Thu, 01 Jan 1970 00:16:47", 1007.0),
        ("9" * 400, None),
        ("\u0667", None),
        ("", None),
        ("Thu, 99 Jan 1970 00:16:47 GMT", None),
    ],
)
def test_retry_after_is_read(value: str, moment: float | None) -> None:
    """Seconds and dates become a moment, all else nothing."""
    assert read_retry_after(value, 1000.0) == moment


@pytest.mark.livestorm
def test_sixth_request_in_a_second_is_found(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """More than five API requests in a second are found."""
    livestorm.clock.freeze()
    for _ in range(6):
        sender.call(token)
    assert found(livestorm) == {"over_rate_limit": (1, 2, 3, 4, 5, 6)}


@pytest.mark.livestorm
def test_five_requests_in_each_second_are_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Five requests in a second of virtual time are allowed, and five in the next."""
    livestorm.clock.freeze()
    for number in range(10):
        if number == 5:
            livestorm.clock.advance(1)
        assert sender.call(token).status_code == 200
    assert found(livestorm) == {}


def test_requests_without_a_limit_are_fine(
    livestorm: LivestormSandbox, sender: Sender, token: str
) -> None:
    """Where nothing is limited, nothing is exceeded."""
    livestorm.clock.freeze()
    for _ in range(6):
        sender.call(token)
    assert found(livestorm) == {}
