"""Retry-After and the budget of further requests."""

from email.utils import formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.errors import RetryLater, TransportError
from livestorm_client.retries import Retries, read_http_date, read_retry_after

NOW = 1_800_000_000.0
NO_WAIT_AT_ALL = ["", "0", "-1", "abc", "1.5", "1, 2", "Thu, 01 Jan 1970 00:00:00 GMT", "٣", "nan"]


@given(seconds=st.integers(1, 10**400))
def test_read_retry_after_takes_any_number_of_seconds(seconds: int) -> None:
    """Digits are seconds, and no number is too large."""
    wait = read_retry_after(httpx.Headers({"retry-after": str(seconds)}), NOW)
    assert wait is not None
    assert wait == (seconds if seconds < 2**53 else wait)
    assert 0 < wait < float("inf")


@given(ahead=st.integers(1, 10**8), fraction=st.floats(0, 0.999))
def test_read_retry_after_rounds_a_date_up(ahead: int, fraction: float) -> None:
    """A date gives whole seconds that never end before it."""
    headers = httpx.Headers({"retry-after": formatdate(NOW + ahead, usegmt=True)})
    wait = read_retry_after(headers, NOW + fraction)
    assert wait == ahead


@given(skew=st.integers(-(10**6), 10**6), ahead=st.integers(1, 1000))
def test_read_retry_after_trusts_the_servers_clock(skew: int, ahead: int) -> None:
    """A date counts from the answer's own Date, however wrong our clock is."""
    server = NOW + skew
    dates = {"date": formatdate(server), "retry-after": formatdate(server + ahead)}
    assert read_retry_after(httpx.Headers(dates), NOW) == ahead


@given(value=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0")))
def test_read_retry_after_never_fails(value: str) -> None:
    """Any header value gives a positive wait or none."""
    wait = read_retry_after(httpx.Headers({b"retry-after": value.encode("latin-1")}), NOW)
    assert wait is None or wait > 0


@pytest.mark.parametrize("value", NO_WAIT_AT_ALL)
def test_read_retry_after_ignores(value: str) -> None:
    """Nothing, zero, negative numbers, the past and junk all mean that no wait was asked for."""
    assert read_retry_after(httpx.Headers({b"retry-after": value.encode()}), NOW) is None


def test_read_http_date_without_a_zone_is_utc() -> None:
    """The local time zone plays no part."""
    assert read_http_date("Thu, 01 Jan 1970 00:01:00 -0000") == 60.0


@given(left=st.integers(0, 8), max_wait=st.floats(0.01, 10))
def test_pause_after_is_bounded(left: int, max_wait: float) -> None:
    """There are as many pauses as requests left, none of them zero or above `max_wait`."""
    retries, failure = Retries(left, max_wait), TransportError("reset")
    pauses = [retries.pause_after(failure) for _ in range(left)]
    assert all(0 < pause <= max_wait for pause in pauses)
    with pytest.raises(TransportError):
        retries.pause_after(failure)


def test_pause_after_grows_without_advice() -> None:
    """Each pause of our own choice lies in the next, doubled, range."""
    retries, failure = Retries(3, 60.0), TransportError("reset")
    first, second, third = (retries.pause_after(failure) for _ in range(3))
    assert 0.125 <= first <= 0.25 <= second <= 0.5 <= third <= 1.0


def test_pause_after_obeys_the_server() -> None:
    """The server's own wait is taken as it is, up to and including `max_wait`."""
    assert Retries(1, 5.0).pause_after(RetryLater("busy", retry_after=5.0)) == 5.0


def test_pause_after_parks_a_long_wait() -> None:
    """A longer wait is the caller's business, at once."""
    failure = RetryLater("busy", retry_after=1_728_000.0)
    with pytest.raises(RetryLater) as raised:
        Retries(2, 5.0).pause_after(failure)
    assert raised.value is failure
