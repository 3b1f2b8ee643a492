"""Whether an answer has a body that can be spoiled."""

from ..exchange import Exchange
from ..rails.response import WITHOUT_BODY, Response


def may_have_body(exchange: Exchange, response: Response) -> bool:
    """Tell whether a body is sent if there is one (RFC 9110, section 6.4.1)."""
    return exchange.request.original_method != "HEAD" and response.status not in WITHOUT_BODY


def has_body(exchange: Exchange, response: Response) -> bool:
    """Tell whether there is a body that is sent."""
    return may_have_body(exchange, response) and bool(response.body)
