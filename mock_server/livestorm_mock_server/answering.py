"""The way of a request through a sandbox: fault, endpoint, fault, journal."""

import logging
import re
from functools import lru_cache, partial

from . import grounds
from .api.rate_limits import count_request, limit_headers, refuse
from .connection import Connection
from .doorkeeper.bearer import read_token
from .doorkeeper.client_authentication import given_client_id
from .exchange import Exchange, Visitor
from .grounds import Ground
from .journal.entry import Entry
from .patterns import compile_late
from .rails.errors import InternalServerError, RailsError, ServiceUnavailable
from .rails.request import Request
from .rails.response import WITHOUT_BODY, Response, public_exception
from .rails.text import to_s
from .reading import InvalidInputError
from .routing import Match
from .sandbox import Sandbox
from .store.protocol import StoreUnavailableError

log = logging.getLogger("livestorm_mock_server")

_NOT_IN_REQUEST_ID = compile_late(r"[^\w\-@]", re.ASCII)


async def answer(
    sandbox: Sandbox,
    request: Request,
    connection: Connection | None = None,
    *,
    visitor: Visitor | None = None,
) -> tuple[Exchange, Response]:
    """Answer a request; the sandbox's journal has the exchange from its arrival on.

    Raises NoSandboxError where another process has closed the sandbox.
    """
    exchange = Exchange(
        request=request,
        provider=sandbox,
        now=sandbox.clock.now(),
        connection=connection,
        visitor=visitor,
    )
    try:
        entry = await sandbox.open(exchange)
        response = sandbox.cors.answer_preflight(request)
        if response is not None:
            exchange.reason = "a preflight, which rack-cors answers"
        else:
            response = await _answer(sandbox, exchange, entry)
            _mark(exchange, response)
            sandbox.cors.add_headers(request, response)
        _complete(exchange, response)
        await sandbox.answer(entry, response)
    except StoreUnavailableError as error:
        # What the journal can't have is not answered: nobody could tell what happened.
        response = answer_unavailable(exchange, error)
    return exchange, response


async def _answer(sandbox: Sandbox, exchange: Exchange, entry: Entry) -> Response:
    request = exchange.request
    try:
        match = sandbox.router.match(request)
        exchange.endpoint = match.route.label_for(request)
        if sandbox.faults.are_armed:
            exchange.client_id = await _client_id(exchange)
        endpoint = partial(_call, match=match)
        entry.strike = strike = await sandbox.strike(exchange, exchange.endpoint or "", endpoint)
        if strike is None:
            response = await _call_endpoint(exchange, match)
        else:
            await sandbox.note_strike(entry)
            response = await strike.answer(exchange, endpoint)
            if strike.is_void:
                await sandbox.take_back(entry)
    except RailsError as error:
        response = _refuse(exchange, error)
    except InvalidInputError as error:
        exchange.note_refusal(grounds.FAULT_UNREADABLE, str(error))
        response = _refuse_fault(error)
    except StoreUnavailableError as error:
        exchange.note_refusal(grounds.STORE_UNAVAILABLE, str(error))
        return public_exception(request, ServiceUnavailable())
    except Exception:
        log.exception("%s", sandbox.mask.text(f"{request.method} {request.path} failed"))
        exchange.reason = "the fake itself failed; its log has the traceback"
        response = public_exception(request, InternalServerError())
    if exchange.client_id is None:
        exchange.client_id = await _client_id(exchange)
    return response


def answer_unavailable(exchange: Exchange, error: StoreUnavailableError) -> Response:
    """Answer as a provider whose database is away."""
    exchange.note_refusal(grounds.STORE_UNAVAILABLE, str(error))
    response = public_exception(exchange.request, ServiceUnavailable())
    _mark(exchange, response)
    _complete(exchange, response)
    return response


def note_refused(
    sandbox: Sandbox,
    request: Request,
    response: Response | None,
    *,
    ground: Ground,
    reason: str | None = None,
    connection: Connection | None,
    visitor: Visitor | None,
) -> None:
    """Write down a request that no sandbox came to see, with the answer that it got."""
    exchange = Exchange(
        request=request,
        provider=sandbox,
        now=sandbox.clock.now(),
        connection=connection,
        visitor=visitor,
        endpoint=_label(sandbox, request),
    )
    exchange.note_refusal(ground, reason)
    sandbox.note(exchange, response, entry=None)


def _label(sandbox: Sandbox, request: Request) -> str | None:
    try:
        return sandbox.router.match(request).route.label_for(request)
    except RailsError:
        return None


async def _call(exchange: Exchange, match: Match) -> Response:
    """Let the endpoint answer, or Rails, which may refuse the request."""
    try:
        return await _call_endpoint(exchange, match)
    except RailsError as error:
        return _refuse(exchange, error)


async def _call_endpoint(exchange: Exchange, match: Match) -> Response:
    exchange.request.check_readable()
    are_limited = exchange.options.rate_limits_cover_token_endpoint
    if not (are_limited and f"{exchange.endpoint}.".startswith("token.")):
        return await match.action(exchange, *match.captured)
    count = await count_request(exchange, _token_bucket)
    if count is not None and count.exceeded is not None:
        response = refuse(exchange, count.exceeded)
    else:
        response = await match.action(exchange, *match.captured)
    response.headers |= limit_headers(exchange, count)
    return response


async def _token_bucket(exchange: Exchange) -> str:
    return f"token {to_s(given_client_id(exchange))}"


async def _client_id(exchange: Exchange) -> str | None:
    """Tell for the journal whose request it was, where no endpoint came to read it."""
    try:
        given = given_client_id(exchange)
        token = await exchange.provider.store.find_token(read_token(exchange))
    except (RailsError, StoreUnavailableError):
        return None
    return given if token is None else token.application.client_id


def _mark(exchange: Exchange, response: Response) -> None:
    """Add what Rails puts on each of its answers."""
    randomness = exchange.provider.randomness
    sent = exchange.request.header("x-request-id")
    given = sent and _NOT_IN_REQUEST_ID.sub("", sent)[:255]
    response.headers["X-Request-Id"] = given or randomness.uuid()
    response.headers["X-Runtime"] = f"{0.002 + randomness.fraction() / 100:.6f}"


def _complete(exchange: Exchange, response: Response) -> None:
    """Add what servers put on every answer, what HTTP demands, and `extra_headers`."""
    headers = response.headers
    headers["Date"] = exchange.provider.clock.http_date()
    if exchange.request.original_method == "HEAD" or response.status in WITHOUT_BODY:
        response.body = b""
    if response.status not in WITHOUT_BODY:
        headers.setdefault("Content-Length", _number(len(response.body)))
    for name, value in exchange.options.headers_for(exchange.endpoint):
        response.put(name, value)


_number = lru_cache(maxsize=1_000)(str)
"""Most lengths come again."""


def _refuse(exchange: Exchange, error: RailsError) -> Response:
    exchange.note_refusal(error.ground, str(error))
    return public_exception(exchange.request, error)


def _refuse_fault(error: InvalidInputError) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(status=400, headers=headers, body=f"{error}\n".encode())
