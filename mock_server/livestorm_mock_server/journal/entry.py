"""One exchange in the journal, and its shape in JSON."""

import base64

import msgspec

from ..arming.strike import Strike
from ..exchange import Exchange, TouchedToken
from ..rails.errors import RailsError
from ..rails.request import Request
from ..rails.response import Response, finite
from .kept import KeptExchange, KeptResponse

_MOST_OF_TEXT = 200
_OVERHEAD = 1_000
"""Bytes that an exchange takes beside its request and answer, at most."""
_USUAL_FIELDS = 16
"""Header fields of a request that are paid for with it."""
_FIELD = 200
"""Bytes that one more takes beside its name and value: a tuple and two texts."""


class Entry(msgspec.Struct, kw_only=True):
    """One exchange; `wall` and `answered_at` pass in real time, see `VirtualClock.wall`."""

    exchange: Exchange | KeptExchange
    seq: int
    """The number of the exchange, in order of arrival."""
    wall: float
    at: float
    """The virtual time of its arrival; it may be handled later."""
    paced_at: float
    """Its arrival by `VirtualClock.pace`."""
    strike: Strike | None = None
    """The fault that struck."""
    response: KeptResponse | None = None
    """The answer, before a fault cuts it; None until then, and for ever where nothing was sent."""
    answered_at: float | None = None
    event: int | None = None
    """The number of the exchange in order of answering, None until then."""
    bytes: int = 0
    """What it takes in the journal, 0 until it is answered."""

    def close(self, exchange: Exchange, response: Response | None, most: int) -> None:
        """Keep what there is of an exchange that is over, and measure it.

        `most` is how many bytes are kept of each body.
        """
        kept = self.exchange = KeptExchange.of(exchange, most)
        request = kept.kept_request
        fields = max(0, len(request.head.headers) - _USUAL_FIELDS)
        self.bytes = _OVERHEAD + _FIELD * fields + request.head.length + len(request.body)
        if response is not None:
            answer = self.response = KeptResponse.of(response, most)
            self.bytes += len(answer.body) + sum(map(len, answer.values))

    def as_json(self) -> dict[str, object]:
        """Give the shape of `GET /_mock/journal`."""
        exchange = self.exchange
        return {
            "seq": self.seq,
            "sandbox": exchange.sandbox,
            "endpoint": exchange.endpoint,
            "client_id": exchange.client_id,
            "request": _request(exchange),
            "response": None if self.response is None else _response(self.response),
            "fault": None if self.strike is None else _fault(self.strike),
            "reason": exchange.reason,
            "ground": exchange.ground and exchange.ground.as_json(),
            "tokens": [_token(touched) for touched in exchange.tokens],
            "webhook": exchange.webhook and msgspec.to_builtins(exchange.webhook),
            "connection": exchange.connection and exchange.connection.number,
            "at": self.at,
            "wall": self.wall,
            "answered_at": self.answered_at,
        }

    def as_brief(self) -> dict[str, object]:
        """Give what a list of exchanges shows: no headers, no bodies, no secrets but the target's.

        Long texts are cut.
        """
        exchange, request = self.exchange, self.exchange.request
        tokens = exchange.tokens
        return {
            "seq": self.seq,
            "endpoint": exchange.endpoint,
            "client_id": exchange.client_id and exchange.client_id[:_MOST_OF_TEXT],
            "method": request.original_method[:_MOST_OF_TEXT],
            "target": request.target[:_MOST_OF_TEXT],
            "status": None if self.response is None else self.response.status,
            "fault": None if self.strike is None else _fault(self.strike),
            "reason": exchange.reason and exchange.reason[:_MOST_OF_TEXT],
            "ground": exchange.ground and exchange.ground.id,
            "sent": [one.record.id for one in tokens if one.role == "sent"],
            "issued": [one.record.id for one in tokens if one.role == "issued"],
            "webhook": exchange.webhook and msgspec.to_builtins(exchange.webhook),
            "at": self.at,
            "wall": self.wall,
            "answered_at": self.answered_at,
        }


def body_as_json(kept: Request | KeptResponse) -> dict[str, str | int]:
    """Give a body as a text; beside one that is none, its bytes in base64.

    Where it is cut, `body_cut_from` is the number of bytes that there were.
    """
    body = kept.body
    cut = {} if kept.cut_from is None else {"body_cut_from": kept.cut_from}
    try:
        return {"body": body.decode(), **cut}
    except UnicodeDecodeError:
        encoded = base64.b64encode(body).decode()
        return {"body": body.decode("utf-8", "backslashreplace"), "body_base64": encoded, **cut}


def _fault(strike: Strike) -> dict[str, object]:
    return {"id": strike.armed.id, "fault": strike.fault.kind, "phase": strike.fault.phase}


def _token(touched: TouchedToken) -> dict[str, object]:
    record = touched.record
    return {
        "id": record.id,
        "role": touched.role,
        "access_token": record.token,
        "refresh_token": record.refresh_token,
        "refreshed_from": record.refreshed_from,
        "family": record.family,
    }


def _request(exchange: Exchange | KeptExchange) -> dict[str, object]:
    request = exchange.request
    try:
        parameters = finite(request.parameters) if request.cut_from is None else None
    except RailsError:
        parameters = None
    return {
        "method": request.original_method,
        "target": request.target,
        "http_version": request.http_version,
        "headers": [list(pair) for pair in request.headers],
        **body_as_json(request),
        "parameters": parameters,
    }


def _response(response: KeptResponse) -> dict[str, object]:
    return {
        "status": response.status,
        "headers": [list(pair) for pair in response.header_lines()],
        **body_as_json(response),
    }
