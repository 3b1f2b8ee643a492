"""An attempt to deliver a webhook: an exchange of the journal, and what follows from it."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from typing import Final

from .. import grounds
from ..clock import read_steady
from ..exchange import WEBHOOK, Exchange, WebhookAttempt
from ..origins import origin_of, write_origin
from ..rails.request import Request
from .delivery import Attempt, Delivery, Parcel, State
from .headers import headers_of
from .hosts import RefusedDeliveryError, Target, WebhookHosts, read_target
from .ledger import Ledger
from .receivers import WEBHOOKS, is_registered
from .sending import Outcome, send

log = logging.getLogger("livestorm_mock_server.exchanges")

NOT_SHARED: Final = "a shared store keeps nothing that is to be delivered later"
_OWN: Final = "the URL is the fake's own"
_DROPPED: Final = "dropped: the sandbox was reset or closed meanwhile"
_GONE: Final = "dropped: the client has deleted the webhook meanwhile"


async def attempt(ledger: Ledger, hosts: WebhookHosts, parcel: Parcel) -> None:
    """Send a parcel once; note what came of it, and when it is sent again.

    Raises StoreUnavailableError where the journal can't have it.
    """
    began = read_steady()
    if not _is_there(ledger, parcel.delivery):
        end(ledger, parcel, "dropped", _GONE)
        return
    target, refusal = _target(ledger, parcel.delivery.url)
    exchange = _exchange(ledger, parcel, target)
    entry = await ledger.open(exchange)
    if target is None:
        outcome = Outcome(failure=refusal, is_refused=True)
    else:
        try:
            seconds = ledger.options.webhook_timeout
            find = partial(_find, ledger, hosts)
            outcome = await send(exchange.request, target, find, seconds)
        except asyncio.CancelledError:
            exchange.reason = _DROPPED
            ledger.note(exchange, None, entry=entry)
            raise
    _conclude(ledger, parcel, exchange, outcome, read_steady() - began)
    await ledger.answer(entry, outcome.response)


def end(ledger: Ledger, parcel: Parcel, state: State, reason: str) -> None:
    """Have a parcel not be sent any more, and tell why in the journal."""
    exchange = _exchange(ledger, parcel, _target(ledger, parcel.delivery.url)[0])
    exchange.reason = reason
    parcel.delivery.end(state)
    _warn(parcel.delivery, reason)
    ledger.note(exchange, None, entry=None)


def _warn(delivery: Delivery, reason: str | None) -> None:
    """Have the log tell it, without what may be secret in the URL."""
    log.warning("no webhook is sent to %s: %s", origin_of(delivery.url) or "no URL", reason)


def _is_there(ledger: Ledger, delivery: Delivery) -> bool:
    """Tell whether there still is the webhook that was registered, if it was."""
    return delivery.webhook is None or is_registered(ledger.collections, delivery.webhook)


def _target(ledger: Ledger, url: str) -> tuple[Target | None, str | None]:
    """Read where a webhook goes; give why it can't, where it can't."""
    try:
        target = read_target(url)
    except RefusedDeliveryError as error:
        return None, str(error)
    origin = write_origin(target.host.rstrip("."), target.port, target.scheme)
    return (None, _OWN) if ledger.addresses.includes(origin) else (target, None)


async def _find(ledger: Ledger, hosts: WebhookHosts, target: Target) -> Sequence[str]:
    """Give the addresses to connect to, none of which is the fake's. Raises as `hosts.find`."""
    addresses = await hosts.find(target)
    if any(ledger.doors.are_at(one, target.port) for one in addresses):
        raise RefusedDeliveryError(_OWN)
    return addresses


def _exchange(ledger: Ledger, parcel: Parcel, target: Target | None) -> Exchange:
    delivery, now = parcel.delivery, ledger.clock.now()
    request = Request(method="POST", raw_path="", query=b"", headers=[], body=parcel.body)
    if target is not None:
        request = Request(
            method="POST",
            raw_path=target.path,
            query=target.query.encode(),
            headers=headers_of(ledger.options, target.authority, parcel, now),
            body=parcel.body,
            scheme=target.scheme,
        )
    attempted = WebhookAttempt(
        delivery=delivery.number,
        attempt=len(delivery.attempts) + 1,
        event=delivery.event,
        webhook=delivery.webhook,
        url=delivery.url,
        cause=delivery.cause,
    )
    return Exchange(request=request, provider=ledger, now=now, endpoint=WEBHOOK, webhook=attempted)


def _conclude(
    ledger: Ledger, parcel: Parcel, exchange: Exchange, outcome: Outcome, seconds: float
) -> None:
    """Note an attempt that is over, and what follows from it."""
    delivery, error = parcel.delivery, outcome.failure
    status = None if outcome.response is None else outcome.response.status
    if error is None and status is not None and not ledger.options.is_accepted(status):
        error = "the answer does not count as delivered"
    made = Attempt(
        number=len(delivery.attempts) + 1,
        seq=exchange.number,
        at=exchange.now,
        seconds=seconds,
        status=status,
        error=error,
    )
    delivery.attempts = (*delivery.attempts, made)
    if outcome.is_refused:
        exchange.note_refusal(grounds.WEBHOOK_REFUSED, error)
        _warn(delivery, error)
        delivery.end("refused")
    elif error is None:
        exchange.reason = outcome.remark
        delivery.end("delivered")
    else:
        exchange.reason = f"{error}; {_schedule(ledger, parcel)}"


def _schedule(ledger: Ledger, parcel: Parcel) -> str:
    """Have the next attempt in its time, if there is one, and say so."""
    delivery, made = parcel.delivery, len(parcel.delivery.attempts)
    is_here = ledger.store.is_here
    if made <= len(parcel.retries) and is_here and delivery.due_at is not None:
        seconds = parcel.retries[made - 1]
        # From when it was due, so that each comes in its time also where the clock leaps.
        delivery.due_at += seconds
        return f"attempt {made + 1} is {seconds} s later"
    delivery.end("failed")
    if not is_here and parcel.retries:
        return NOT_SHARED
    told = "it is given up" if parcel.retries else "there are no retries"
    is_kept = ledger.options.webhook_given_up == "kept"
    if is_kept or delivery.webhook is None or not _is_there(ledger, delivery):
        return told
    ledger.collections.delete(WEBHOOKS, delivery.webhook)
    return f"{told}, and the webhook is deleted"
