"""Whether an answer has a body: one that can be spoiled, or one that a fault gives it."""

from ..exchange import Exchange
from ..rails.response import WITHOUT_BODY, Response
from ..reading import InvalidInputError


def may_have_body(exchange: Exchange, response: Response) -> bool:
    """Tell whether a body is sent if there is one (RFC 9110, section 6.4.1)."""
    return exchange.request.original_method != "HEAD" and response.status not in WITHOUT_BODY


def has_body(exchange: Exchange, response: Response) -> bool:
    """Tell whether there is a body that is sent."""
    return may_have_body(exchange, response) and bool(response.body)


def check_status_with_body(status: int | None, where: str) -> None:
    """Check that the body which a kind gives is sent; `where` leads to the keys.

    Raises InvalidInputError.
    """
    if status in WITHOUT_BODY:
        expected = "a status whose answer has a body, which this one never has"
        raise InvalidInputError(f"{where}status", status, expected)
