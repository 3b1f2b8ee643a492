"""Livestorm's two limits: requests per second, and per 30 days."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from math import ceil

from .. import grounds
from ..exchange import Exchange
from ..options import ProviderOptions
from ..rails.response import Response
from ..store.protocol import RateLimits, RequestCount
from .errors import error_object, render_error


async def count_request(
    exchange: Exchange, bucket_of: Callable[[Exchange], Awaitable[str]]
) -> RequestCount | None:
    """Count this request in its bucket; None where nothing is limited."""
    options = exchange.options
    if not options.rate_limits:
        return None
    limits = RateLimits(
        interval_limit=options.interval_limit,
        monthly_limit=options.monthly_limit,
        monthly_period=options.monthly_period,
    )
    bucket = await bucket_of(exchange)
    return await exchange.store.count_request(bucket, exchange.now, exchange.paced_at, limits)


def limit_headers(exchange: Exchange, count: RequestCount | None) -> dict[str, str]:
    """Give the `RateLimit-*` headers of an answer, and what tells when to try again."""
    if count is None:
        return {}
    options = exchange.options
    headers = {
        "RateLimit-Monthly-Limit": str(options.monthly_limit),
        "RateLimit-Monthly-Remaining": str(count.monthly_remaining),
        "RateLimit-Interval-Limit": str(options.interval_limit),
        "RateLimit-Interval-Remaining": str(count.interval_remaining),
    }
    if count.exceeded is None and options.rate_limit_reset_on == "429":
        return headers
    left_of_period = count.period_ends_at - exchange.now
    left_of_second = count.interval_ends_at - exchange.paced_at
    left = left_of_period if count.exceeded == "monthly" else left_of_second
    headers["Retry-After"] = str(max(1, ceil(left)))
    headers["RateLimit-Reset"] = _reset(options, count.period_ends_at, exchange.now)
    return headers


def refuse(exchange: Exchange, exceeded: str) -> Response:
    """Answer 429; its body is open, hence an option."""
    exchange.note_refusal(grounds.RATE_LIMIT, f"the {exceeded} limit is used up")
    if exchange.options.rate_limit_body == "empty":
        return Response(status=429)
    if exchange.options.rate_limit_body == "plain_text":
        return Response(status=429, headers={"Content-Type": "text/plain"}, body=b"Retry later\n")
    error = error_object(
        title="Too many requests",
        detail=f"The {exceeded} rate limit has been reached",
        code="429",
        status="too_many_requests",
    )
    return render_error(exchange, 429, error)


def _reset(options: ProviderOptions, ends_at: float, now: float) -> str:
    """Give the start of the next monthly period in the form that the options ask for."""
    seconds = ceil(ends_at)
    moment = datetime.fromtimestamp(seconds, UTC)
    forms = {
        "unix_seconds": str(seconds),
        "unix_milliseconds": str(seconds * 1000),
        "iso_8601": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "seconds_left": str(max(0, ceil(ends_at - now))),
    }
    return forms[options.rate_limit_reset_form]
