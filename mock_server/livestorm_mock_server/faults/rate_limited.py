"""`rate_limited`: 429 in every form that a gateway gives it (RFC 6585, section 4)."""

from email.utils import formatdate
from typing import Annotated, Literal

import msgspec

from ..api.errors import error_object, render_error
from ..exchange import Exchange
from ..header_fields import OneLine
from ..options import ProviderOptions
from ..rails.response import HTML, Response, render
from .fault import Fault, Proceed

_Seconds = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]


class RateLimitedFault(Fault, frozen=True, kw_only=True, tag="rate_limited"):
    """Answer 429, with or without a `Retry-After`."""

    retry_after: _Seconds | OneLine | None = 1
    """`Retry-After` in seconds, or any text, sent as it is."""
    retry_after_form: Literal["seconds", "http_date", "absent"] = "seconds"
    """Seconds, or the moment as an HTTP date (RFC 9110, section 10.2.3), or no header at all."""
    shape: Literal["jsonapi", "html", "empty"] = "jsonapi"
    """Form of the body."""

    async def strike(self, exchange: Exchange, proceed: Proceed) -> Response:
        """Answer 429."""
        if self.phase == "after":
            await proceed()
        response = _BODIES[self.shape](exchange)
        if self.retry_after_form != "absent" and self.retry_after is not None:
            response.headers["Retry-After"] = self._retry_after(exchange.now)
        if self.shape == "jsonapi":
            response.headers |= _limits(exchange.options)
        return response

    def _retry_after(self, now: float) -> str:
        if self.retry_after_form == "http_date" and isinstance(self.retry_after, int | float):
            return formatdate(now + self.retry_after, usegmt=True)
        if isinstance(self.retry_after, float) and self.retry_after.is_integer():
            return str(int(self.retry_after))
        return str(self.retry_after)


def _limits(options: ProviderOptions) -> dict[str, str]:
    return {
        "RateLimit-Monthly-Limit": str(options.monthly_limit),
        "RateLimit-Monthly-Remaining": str(options.monthly_limit - options.interval_limit),
        "RateLimit-Interval-Limit": str(options.interval_limit),
        "RateLimit-Interval-Remaining": "0",
    }


def _as_jsonapi(exchange: Exchange) -> Response:
    error = error_object(
        title="Too many requests",
        detail="The rate limit has been reached",
        code="429",
        status="too_many_requests",
    )
    return render_error(exchange, 429, error)


def _as_html(exchange: Exchange) -> Response:
    page = "<!DOCTYPE html>\n<html><head><title>429</title></head><body>Slow down</body></html>\n"
    return render(exchange.request, page, content_type=HTML, status=429)


def _as_nothing(exchange: Exchange) -> Response:
    del exchange
    return Response(status=429)


_BODIES = {"jsonapi": _as_jsonapi, "html": _as_html, "empty": _as_nothing}
