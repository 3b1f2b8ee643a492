"""The arithmetic of the rate-limit windows."""

from datetime import UTC, datetime
from math import ceil, floor
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.store import windows
from livestorm_mock_server.store.protocol import RateLimits, RequestCount

Period = Literal["30_days", "calendar_month"]

DAY = 86_400
moments = st.floats(0, 4e9, allow_nan=False)
periods: st.SearchStrategy[Period] = st.sampled_from(["30_days", "calendar_month"])
steps = st.lists(st.floats(0, 1.5), min_size=1, max_size=40)


def limits(interval: int = 5, monthly: int = 10_000, period: Period = "30_days") -> RateLimits:
    """Make limits, Livestorm's by default."""
    return RateLimits(interval_limit=interval, monthly_limit=monthly, monthly_period=period)


def count_all(times: list[float], rules: RateLimits) -> list[RequestCount]:
    """Count one request at each moment."""
    window = windows.open_window(times[0], times[0], rules)
    counts = []
    for now in times:
        window, counted = windows.count(window, now, now, rules)
        counts.append(counted)
    return counts


def moments_after(start: float, waits: list[float]) -> list[float]:
    """Give moments with these waits between them."""
    times = [start]
    for wait in waits:
        times.append(times[-1] + wait)
    return times


@given(start=moments, waits=steps, interval=st.integers(1, 6), period=periods)
def test_second_never_holds_more_than_the_limit(
    start: float, waits: list[float], interval: int, period: Period
) -> None:
    """Of the requests of one clock second, no more than the limit are let through."""
    times = moments_after(start, waits)
    counts = count_all(times, limits(interval, period=period))
    passed = [floor(now) for now, count in zip(times, counts, strict=True) if not count.exceeded]
    assert max((passed.count(second) for second in passed), default=0) <= interval


def test_second_in_which_a_period_ends_is_limited() -> None:
    """Also in the second in which a new period begins, the interval limit holds."""
    end = 100.5 + 30 * DAY
    times = [100.5, *[end - 0.1] * 5, *[end + 0.1] * 5]
    counts = count_all(times, limits())
    assert [count.exceeded for count in counts[1:]].count(None) == 5


@given(start=moments, waits=steps, monthly=st.integers(1, 20), period=periods)
def test_period_never_holds_more_than_the_limit(
    start: float, waits: list[float], monthly: int, period: Period
) -> None:
    """Of the requests of one period, no more than the limit are let through."""
    times = moments_after(start, waits)
    counts = count_all(times, limits(interval=1000, monthly=monthly, period=period))
    passed = [count.period_ends_at for count in counts if not count.exceeded]
    assert max((passed.count(end) for end in passed), default=0) <= monthly


@given(start=moments, waits=steps, interval=st.integers(1, 3), monthly=st.integers(1, 8))
def test_remaining_is_never_negative_nor_above_the_limit(
    start: float, waits: list[float], interval: int, monthly: int
) -> None:
    """What remains lies between nothing and the limit."""
    counts = count_all(moments_after(start, waits), limits(interval, monthly))
    assert all(0 <= count.interval_remaining <= interval for count in counts)
    assert all(0 <= count.monthly_remaining <= monthly for count in counts)


@given(start=moments, interval=st.integers(1, 5), period=periods)
def test_wait_until_the_interval_ends_frees_the_next_request(
    start: float, interval: int, period: Period
) -> None:
    """Who waits as long as Retry-After says in whole seconds is let through."""
    rules = limits(interval, period=period)
    refused = count_all([start] * (interval + 1), rules)[-1]
    assert refused.exceeded == "interval"
    again = start + max(1, ceil(refused.interval_ends_at - start))
    assert count_all([*[start] * (interval + 1), again], rules)[-1].exceeded is None


@given(start=moments, period=periods)
def test_wait_until_the_period_ends_frees_the_next_request(start: float, period: Period) -> None:
    """Who waits for the next monthly period is let through."""
    rules = limits(monthly=1, period=period)
    refused = count_all([start, start], rules)[-1]
    assert refused.exceeded == "monthly"
    again = start + max(1, ceil(refused.period_ends_at - start))
    assert count_all([start, start, again], rules)[-1].exceeded is None


@given(start=moments)
def test_calendar_month_ends_with_the_first_of_the_next(start: float) -> None:
    """A calendar month ends at midnight UTC on the first day of the next month."""
    ends = count_all([start], limits(period="calendar_month"))[0].period_ends_at
    moment, now = datetime.fromtimestamp(ends, UTC), datetime.fromtimestamp(start, UTC)
    assert (moment.day, moment.hour, moment.minute, moment.second) == (1, 0, 0, 0)
    assert (moment.year * 12 + moment.month) - (now.year * 12 + now.month) == 1


def test_thirty_days_run_from_the_first_request() -> None:
    """The period of 30 days starts with the first request."""
    assert count_all([100.5], limits())[0].period_ends_at == 100.5 + 30 * DAY


def test_refused_request_is_not_counted() -> None:
    """What the interval limit refuses does not use up the month."""
    counts = count_all([1.0] * 8, limits(interval=5, monthly=100))
    assert counts[-1].monthly_remaining == 95


def test_used_up_month_is_told_before_the_interval() -> None:
    """Where both limits refuse, the month is named: waiting a second would not help."""
    assert count_all([1.0] * 3, limits(interval=2, monthly=2))[-1].exceeded == "monthly"


def test_clock_moved_back_opens_new_windows() -> None:
    """A virtual clock behind the window's start counts from there."""
    assert count_all([1000.0, 1000.0, 10.0], limits(interval=2))[-1].exceeded is None


@given(start=moments, leaps=st.lists(st.floats(-1e9, 4e9), max_size=20))
def test_leap_of_virtual_time_does_not_free_the_second(start: float, leaps: list[float]) -> None:
    """The second passes by its own time, whatever the month's does."""
    rules = limits(interval=2)
    window = windows.open_window(start, start, rules)
    counts = []
    for leap in [0.0, 0.0, *leaps]:
        window, counted = windows.count(window, max(0.0, start + leap), start, rules)
        counts.append(counted)
    assert {count.exceeded for count in counts[2:]} <= {"interval"}


def test_leap_of_virtual_time_frees_the_month() -> None:
    """A used-up month is over when virtual time is beyond its end."""
    rules = limits(monthly=1)
    window, _ = windows.count(windows.open_window(100.5, 7.0, rules), 100.5, 7.0, rules)
    _, counted = windows.count(window, 100.5 + 30 * DAY, 7.0, rules)
    assert counted.exceeded is None
    assert counted.period_ends_at == 100.5 + 60 * DAY
