"""An exchange as the client saw it, and what may follow it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ..fake.journal import Exchange
from .allowance import Allowance
from .api import allow_after_api_answer
from .token_endpoint import allow_after_token_answer

CUT: Final = ("close", "cut_chunked", "reset", "reset_in_body", "short_body")
"""Faults that end the connection before the whole answer has come."""

CUT_IN_BODY: Final = ("reset_in_body", "short_body")
"""Those of them that leave the head whole, which is all of an answer without a body."""


def as_delivered(exchange: Exchange) -> Exchange:
    """Give an exchange as the client saw it: an answer that was cut on its way is none."""
    is_whole = exchange.fault in CUT_IN_BODY and not exchange.body
    return replace(exchange, status=None) if exchange.fault in CUT and not is_whole else exchange


def read_allowance(exchange: Exchange) -> Allowance:
    """Tell what may follow an exchange."""
    content_type = exchange.headers.get("content-type")
    if exchange.at_token_endpoint:
        return allow_after_token_answer(exchange.status, content_type, exchange.body)
    return allow_after_api_answer(
        exchange.status,
        content_type,
        exchange.body,
        challenge=exchange.headers.get("www-authenticate", ""),
        empty_is_ok=exchange.endpoint == "api.ping",
    )


def is_successful_refresh(exchange: Exchange) -> bool:
    """Tell whether an exchange can only have brought tokens."""
    return exchange.at_token_endpoint and read_allowance(exchange).must_bring_tokens


def ends_with_refresh(exchanges: Sequence[Exchange]) -> bool:
    """Tell whether the last exchange brought tokens that were not used yet."""
    return bool(exchanges) and is_successful_refresh(exchanges[-1])


def supersedes(exchange: Exchange, refresh_token: str) -> bool:
    """Tell whether an exchange brought the client a successor of a refresh token for sure."""
    if exchange.refresh_token != refresh_token:
        return False
    allowance = read_allowance(exchange)
    return allowance.must_bring_tokens and all(
        grant.refresh_token not in (None, refresh_token) for grant in allowance.grants
    )
