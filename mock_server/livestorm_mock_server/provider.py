"""The way of a request through a sandbox: fault, endpoint, fault, journal."""

import logging
import re

from .api.rate_limits import count_request, limit_headers, refuse
from .connection import Connection
from .doorkeeper.bearer import read_token
from .doorkeeper.client_authentication import given_client_id
from .exchange import Exchange
from .faults.armed import ArmedFault, Strike
from .faults.reading import HEADER, read_header
from .rails.errors import InternalServerError, RailsError
from .rails.request import Request
from .rails.response import Response, public_exception
from .rails.text import to_s
from .reading import InvalidInputError
from .routing import Match
from .sandbox import Sandbox

log = logging.getLogger("livestorm_mock_server")

_NOT_IN_REQUEST_ID = re.compile(r"[^\w\-@]", re.ASCII)
_WITHOUT_BODY = (204, 304)


async def answer(
    sandbox: Sandbox, request: Request, connection: Connection | None = None
) -> tuple[Exchange, Response]:
    """Answer a request; the sandbox's journal has the exchange from its arrival on."""
    exchange = Exchange(
        request=request, sandbox=sandbox, now=sandbox.clock.now(), connection=connection
    )
    journal = sandbox.journal
    entry = journal.open(exchange, sandbox.wall())
    try:
        match = sandbox.router.match(request)
        exchange.endpoint = match.route.label_for(request)
        if sandbox.faults.armed():
            exchange.client_id = await _client_id(exchange)
        entry.strike = _take_fault(exchange)
        response = await _answer(exchange, match, entry.strike)
    except RailsError as error:
        exchange.reason = str(error)
        response = public_exception(request, error)
    except InvalidInputError as error:
        exchange.reason = str(error)
        response = _refuse_fault(error)
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        exchange.reason = "the fake itself failed; its log has the traceback"
        response = public_exception(request, InternalServerError())
    if exchange.client_id is None:
        exchange.client_id = await _client_id(exchange)
    _complete(exchange, response)
    journal.answer(entry, response, sandbox.wall())
    return exchange, response


async def _answer(exchange: Exchange, match: Match, strike: Strike | None) -> Response:
    """Let the fault strike before or after the endpoint, whose answer it may spoil."""
    if strike is None:
        return await _call_endpoint(exchange, match)
    fault = strike.fault
    if fault.delay and exchange.connection is not None:
        await exchange.connection.wait(fault.delay)
        exchange.now = exchange.sandbox.clock.now()
    if fault.mangles:
        return await fault.mangle(exchange, await _answer_to_spoil(exchange, match, strike))
    if fault.phase == "after":
        response = await _answer_anyhow(exchange, match)
        return _struck(exchange, strike, await fault.strike(exchange, strike.armed)) or response
    replaced = _struck(exchange, strike, await fault.strike(exchange, strike.armed))
    # The fault may have held the request.
    exchange.now = exchange.sandbox.clock.now()
    return replaced or await _call_endpoint(exchange, match)


async def _answer_to_spoil(exchange: Exchange, match: Match, strike: Strike) -> Response:
    """Give the endpoint's answer; before the effect, it is rehearsed on a copy of the store."""
    if strike.fault.phase == "before":
        exchange.rehearsal = exchange.sandbox.store.copy()
    response = await _answer_anyhow(exchange, match)
    if exchange.rehearsal is not None:
        exchange.end_rehearsal()
    _struck(exchange, strike, response)
    return response


async def _answer_anyhow(exchange: Exchange, match: Match) -> Response:
    try:
        return await _call_endpoint(exchange, match)
    except RailsError as error:
        return public_exception(exchange.request, error)


async def _call_endpoint(exchange: Exchange, match: Match) -> Response:
    exchange.request.check_readable()
    is_token = to_s(exchange.endpoint).startswith("token.") or exchange.endpoint == "token"
    if not (is_token and exchange.options.rate_limits_cover_token_endpoint):
        return await match.action(exchange, *match.captured)
    count = await count_request(exchange, _token_bucket)
    if count is not None and count.exceeded is not None:
        response = refuse(exchange, count.exceeded)
    else:
        response = await match.action(exchange, *match.captured)
    response.headers |= limit_headers(exchange.options, count, exchange.now)
    return response


async def _token_bucket(exchange: Exchange) -> str:
    return f"token {to_s(given_client_id(exchange))}"


def _struck(exchange: Exchange, strike: Strike, response: Response | None) -> Response | None:
    """Note in the journal that a fault decided."""
    if response is not None or exchange.delivery is not None:
        fault = strike.fault
        exchange.reason = f"fault {strike.armed.id} ({fault.kind}, {fault.phase} the effect)"
    return response


def _take_fault(exchange: Exchange) -> Strike | None:
    label = exchange.endpoint or ""
    asked = exchange.request.header(HEADER)
    if asked is None:
        return exchange.sandbox.faults.take(exchange, label)
    fault = read_header(asked, label, exchange.sandbox.labels)
    return Strike(armed=ArmedFault(id="request-header", fault=fault, hits=1), fault=fault)


async def _client_id(exchange: Exchange) -> str | None:
    """Tell for the journal whose request it was, where no endpoint came to read it."""
    try:
        given = given_client_id(exchange)
        token = await exchange.sandbox.store.find_token(read_token(exchange))
    except RailsError:
        return None
    return given if token is None else token.application.client_id


def _complete(exchange: Exchange, response: Response) -> None:
    """Add what Rails and its server put on every answer, and what HTTP demands."""
    request, sandbox = exchange.request, exchange.sandbox
    given = _NOT_IN_REQUEST_ID.sub("", request.header("x-request-id") or "")[:255]
    headers = response.headers
    headers["X-Request-Id"] = given or sandbox.randomness.uuid()
    headers["X-Runtime"] = f"{0.002 + sandbox.randomness.fraction() / 100:.6f}"
    headers["Date"] = sandbox.clock.http_date()
    if request.original_method == "HEAD" or response.status in _WITHOUT_BODY:
        response.body = b""
    if response.status not in _WITHOUT_BODY:
        headers.setdefault("Content-Length", str(len(response.body)))


def _refuse_fault(error: InvalidInputError) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(status=400, headers=headers, body=f"{error}\n".encode())
