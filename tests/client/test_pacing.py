"""Retry-After and the budget of further requests."""

import time
from collections.abc import Iterator
from email.utils import formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.pacing import LONGEST_PAUSE, Budget, Gate, read_http_date, read_retry_after

NOW = 1_800_000_000.0
NO_WAIT_AT_ALL = ["", "0", "-1", "abc", "1.5", "1, 2", "Thu, 01 Jan 1970 00:00:00 GMT", "٣", "nan"]


@given(seconds=st.integers(1, 10**400))
def test_read_retry_after_takes_any_number_of_seconds(seconds: int) -> None:
    """Digits are seconds, and more than a month is a month."""
    wait = read_retry_after(httpx.Headers({"retry-after": str(seconds)}), NOW)
    assert wait == min(seconds, LONGEST_PAUSE)


@given(ahead=st.integers(1, 31 * 86400), fraction=st.floats(0, 0.999))
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


def test_read_retry_after_of_a_date_is_a_month_at_most() -> None:
    """A date in a hundred years is a mistake."""
    headers = httpx.Headers({"retry-after": formatdate(NOW + 1e8)})
    assert read_retry_after(headers, NOW) == LONGEST_PAUSE


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"ratelimit-reset": f"{NOW + 60:.0f}"}, 60),
        ({"ratelimit-reset": f"{NOW + 60:.0f}", "ratelimit-monthly-remaining": "0"}, 60),
        ({"ratelimit-reset": f"{NOW + 60:.0f}", "ratelimit-monthly-remaining": "7"}, None),
        ({"ratelimit-reset": f"{NOW + 60:.0f}", "retry-after": "2"}, 2),
        ({"ratelimit-reset": f"{NOW + 60:.0f}", "date": formatdate(NOW + 50)}, 10),
        ({"ratelimit-reset": f"{NOW + 60:.0f}", "retry-after": "soon"}, 60),
        ({"ratelimit-reset": f"{NOW + LONGEST_PAUSE:.0f}"}, LONGEST_PAUSE),
        ({"ratelimit-reset": f"{NOW + LONGEST_PAUSE + 1:.0f}"}, None),
        ({"ratelimit-reset": f"{NOW:.0f}"}, None),
        ({"ratelimit-reset": f"{NOW + 60:.0f}000"}, None),
        ({"ratelimit-reset": "2027-01-15T08:00:00Z"}, None),
        ({"ratelimit-reset": "60"}, None),
        ({"ratelimit-reset": ""}, None),
    ],
)
def test_rate_limit_reset_is_a_moment(headers: dict[str, str], wait: float | None) -> None:
    """Without Retry-After the next month counts, when this one is used up and it is plausible."""
    assert read_retry_after(httpx.Headers(headers), NOW) == wait


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine whose local time is nine hours ahead."""
    monkeypatch.setenv("TZ", "XXX-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["GMT", "-0000"])
def test_read_http_date_is_utc(far_east: None, zone: str) -> None:
    """The local time zone plays no part, with or without one in the date."""
    assert read_http_date(f"Thu, 01 Jan 1970 00:01:00 {zone}") == 60.0


def test_read_http_date_of_a_year_without_end_is_none() -> None:
    """Digits without end in a date are no date, not a failure."""
    assert read_http_date(f"Thu, 01 Jan {'9' * 30} 00:00:00 GMT") is None


def test_read_http_date_obeys_a_zone(far_east: None) -> None:
    """A date in another zone is not what HTTP allows, but is plain."""
    assert read_http_date("Thu, 01 Jan 1970 01:01:00 +0100") == 60.0


class Clock:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at NOW."""
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    """A gate that nobody has closed."""
    return Gate(clock)


def test_gate_is_open_until_a_pause(gate: Gate) -> None:
    """Without a pause everybody goes at once, however many there are."""
    assert [gate.reserve(5.0) for _ in range(20)] == [0.0] * 20
    assert gate.pauses == 0


def test_gate_lets_callers_through_one_after_the_other(gate: Gate) -> None:
    """After a pause there is no herd: five in a second, as the limit is."""
    gate.pause(2.0)
    assert [gate.reserve(9.0) for _ in range(4)] == pytest.approx([2.0, 2.2, 2.4, 2.6], abs=1e-6)
    assert gate.pauses == 1


def test_gate_keeps_no_turn_for_those_who_cannot_wait(gate: Gate) -> None:
    """A caller that gives up moves nobody else back; one that has just the time does not."""
    gate.pause(2.0)
    assert [gate.reserve(1.9) for _ in range(9)] == [2.0] * 9
    assert gate.reserve(2.0) == 2.0
    assert gate.reserve(9.0) == pytest.approx(2.2, abs=1e-6)


def test_gate_opens_when_the_pause_is_over(gate: Gate, clock: Clock) -> None:
    """At the moment that was asked for, and not before."""
    gate.pause(2.0)
    clock.now = NOW + 1.5
    assert gate.reserve(0.1) == 0.5
    clock.now = NOW + 2.0
    assert [gate.reserve(0.1) for _ in range(3)] == [0.0] * 3


@pytest.mark.parametrize(("first", "second"), [(60.0, 1.0), (1.0, 60.0)])
def test_gate_obeys_the_longer_of_two_pauses(gate: Gate, first: float, second: float) -> None:
    """A short pause does not end a long one."""
    gate.pause(first)
    gate.pause(second)
    assert gate.reserve(0.0) == 60.0
    assert gate.pauses == 2


def test_gate_opens_when_the_clock_is_set_back(gate: Gate, clock: Clock) -> None:
    """A pause does not grow with a clock that was wrong, and the next one counts from now."""
    gate.pause(60.0)
    clock.now = NOW - 3600
    assert gate.reserve(0.0) == 0.0
    gate.pause(0.5)
    assert gate.reserve(0.0) == 0.5


def test_budget_counts_requests() -> None:
    """There are as many as there are, and no more."""
    budget = Budget(2, 5.0)
    assert [budget.spend_request() for _ in range(4)] == [True, True, False, False]


def test_back_off_is_at_least_half_of_the_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Randomness takes away no more than half of a pause."""
    monkeypatch.setattr("random.uniform", lambda least, _most: least)
    budget = Budget(0, 0.0)
    assert [budget.back_off() for _ in range(3)] == [0.125, 0.25, 0.5]


@given(times=st.integers(0, 12))
def test_back_off_is_random_and_doubles_up_to_a_limit(times: int) -> None:
    """Each pause lies in the upper half of its range, which ends at eight seconds."""
    budget = Budget(0, 0.0)
    pauses = [budget.back_off() for _ in range(times + 1)]
    longest = [min(0.25 * 2**n, 8.0) for n in range(times + 1)]
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, longest, strict=True))


def test_pause_is_over_once_it_was_waited_out_by_a_clock_that_stands_still() -> None:
    """A test may freeze time; the next call has nothing to wait for."""
    gate = Gate(lambda: NOW)
    gate.pause(2)
    assert gate.reserve(5) == 2
    gate.pass_on(gate.pauses)
    assert gate.reserve(5) == 0


def test_pause_that_began_meanwhile_stays_on_though_the_clock_stands_still() -> None:
    """Who waited out the first has not waited out the second."""
    gate = Gate(lambda: NOW)
    gate.pause(1)
    seen = gate.pauses
    gate.pause(3)
    gate.pass_on(seen)
    assert gate.reserve(5) == 3


def test_pause_that_was_waited_out_leaves_the_turns_of_others() -> None:
    """By a clock that runs, those who wait still go one after the other."""
    moments = iter([NOW, NOW, NOW, NOW + 1, NOW + 1])
    gate = Gate(lambda: next(moments))
    gate.pause(1)
    assert [gate.reserve(5), gate.reserve(5)] == [1, pytest.approx(1.2)]
    gate.pass_on(gate.pauses)
    assert gate.reserve(5) == pytest.approx(0.4)
