"""`/_mock/webhooks`: what the fake sends to its clients."""

from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from ..reading import read_struct
from ..webhooks.order import WebhookOrder
from .answers import Deliveries
from .bodies import read_body
from .context import sandbox_of
from .operation import operation


class DeliveriesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query that may wait."""

    wait: Annotated[float, msgspec.Meta(ge=0, le=60, description="seconds, at most 60")] = 0
    """Seconds to wait until no delivery is due or under way."""


@operation("POST", "webhooks/deliver", body=WebhookOrder, pending=202, answers=Deliveries)
async def deliver_webhook(request: Request) -> Response:
    """Deliver events to a URL or to registered webhooks, in whatever way; gives each delivery,
    once what is due has been attempted, with status, time and error of each attempt.
    """
    order = await read_body(request, WebhookOrder)
    deliveries = await sandbox_of(request).webhooks.deliver(order)
    is_over = all(one.state != "pending" for one in deliveries)
    body = msgspec.json.encode({"deliveries": deliveries})
    return Response(body, 200 if is_over else 202, media_type="application/json")


@operation("GET", "webhooks/deliveries", query=DeliveriesQuery, answers=Deliveries)
async def list_deliveries(request: Request) -> Response:
    """List the newest deliveries with their attempts, oldest first."""
    query = read_struct(dict(request.query_params), DeliveriesQuery, strict=False)
    deliveries = await sandbox_of(request).webhooks.deliveries(query.wait)
    return Response(msgspec.json.encode({"deliveries": deliveries}), media_type="application/json")
