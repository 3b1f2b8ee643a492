"""The arithmetic of the rate-limit windows."""

from datetime import UTC, datetime
from math import floor
from typing import Literal

import msgspec
from msgspec.structs import replace

from .protocol import RateLimits, RequestCount

INTERVAL_SECONDS = 1
_THIRTY_DAYS = 30 * 86_400


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The running counts of one bucket; times are Unix seconds, as in `RequestCount`."""

    interval_start: float
    interval_count: int
    period_start: float
    period_ends_at: float
    period_count: int


def open_window(now: float, paced_at: float, limits: RateLimits) -> Window:
    """Open the period that holds `now` and the second that holds `paced_at`, both empty."""
    return Window(
        interval_start=float(floor(paced_at)),
        interval_count=0,
        period_start=now,
        period_ends_at=_period_end(now, limits),
        period_count=0,
    )


def count(
    window: Window, now: float, paced_at: float, limits: RateLimits
) -> tuple[Window, RequestCount]:
    """Count one request; one that exceeds a limit is refused and not counted."""
    window = _rolled(window, now, paced_at, limits)
    exceeded: Literal["interval", "monthly"] | None = None
    if window.period_count >= limits.monthly_limit:
        exceeded = "monthly"
    elif window.interval_count >= limits.interval_limit:
        exceeded = "interval"
    if exceeded is None:
        window = replace(
            window,
            interval_count=window.interval_count + 1,
            period_count=window.period_count + 1,
        )
    return window, count_of(window, limits, exceeded)


def count_of(
    window: Window, limits: RateLimits, exceeded: Literal["interval", "monthly"] | None
) -> RequestCount:
    """Tell where a bucket stands after a request that may have been refused."""
    return RequestCount(
        interval_remaining=max(0, limits.interval_limit - window.interval_count),
        interval_ends_at=window.interval_start + INTERVAL_SECONDS,
        monthly_remaining=max(0, limits.monthly_limit - window.period_count),
        period_ends_at=window.period_ends_at,
        exceeded=exceeded,
    )


def _rolled(window: Window, now: float, paced_at: float, limits: RateLimits) -> Window:
    opened = open_window(now, paced_at, limits)
    if not window.period_start <= now < window.period_ends_at:
        same_second = opened.interval_start == window.interval_start
        return replace(opened, interval_count=window.interval_count) if same_second else opened
    if opened.interval_start != window.interval_start:
        return replace(window, interval_start=opened.interval_start, interval_count=0)
    return window


def _period_end(now: float, limits: RateLimits) -> float:
    if limits.monthly_period == "30_days":
        return now + _THIRTY_DAYS
    today = datetime.fromtimestamp(now, UTC)
    year, month = (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
    return datetime(year, month, 1, tzinfo=UTC).timestamp()
