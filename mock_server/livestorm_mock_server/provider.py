"""The way of a request through a sandbox: fault, endpoint, fault, journal."""

import logging

from .api.rate_limits import count_request, limit_headers, refuse
from .doorkeeper.token import grant_label
from .exchange import Exchange
from .faults.armed import ArmedFault
from .faults.reading import HEADER, read_header
from .rails.errors import InternalServerError, RailsError
from .rails.request import Request
from .rails.response import Response, public_exception
from .rails.text import to_s
from .reading import InvalidInputError
from .routing import Match
from .sandbox import Sandbox

log = logging.getLogger("livestorm_mock_server")


async def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer a request and write it into the sandbox's journal."""
    exchange = Exchange(request=request, sandbox=sandbox, now=sandbox.clock.now())
    fault: ArmedFault | None = None
    try:
        match = sandbox.router.match(request)
        exchange.endpoint = _label(exchange, match)
        fault = _take_fault(exchange)
        response = await _answer(exchange, match, fault)
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
    sandbox.journal.append(exchange, response, fault, sandbox.wall())
    return response


async def _answer(exchange: Exchange, match: Match, fault: ArmedFault | None) -> Response:
    if fault is not None and fault.fault.phase == "before":
        replaced = await _strike(exchange, fault)
        if replaced is not None:
            return replaced
    exchange.request.check_readable()
    response = await _call_endpoint(exchange, match)
    if fault is not None and fault.fault.phase == "after":
        return await _strike(exchange, fault) or response
    return response


async def _call_endpoint(exchange: Exchange, match: Match) -> Response:
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
    return f"token {to_s(exchange.request.parameters.get('client_id'))}"


async def _strike(exchange: Exchange, fault: ArmedFault) -> Response | None:
    replaced = await fault.fault.strike(exchange)
    if replaced is not None:
        exchange.reason = f"fault {fault.id} ({fault.fault.kind}, {fault.fault.phase})"
    return replaced


def _take_fault(exchange: Exchange) -> ArmedFault | None:
    label = exchange.endpoint or ""
    asked = exchange.request.header(HEADER)
    if asked is None:
        return exchange.sandbox.faults.take(exchange, label)
    fault = read_header(asked, label, exchange.sandbox.labels)
    return ArmedFault(id="request-header", fault=fault, hits=1)


def _label(exchange: Exchange, match: Match) -> str | None:
    if match.route.label != "token":
        return match.route.label
    try:
        return grant_label(exchange.request.parameters.get("grant_type"))
    except RailsError:
        return "token"


def _refuse_fault(error: InvalidInputError) -> Response:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    return Response(status=400, headers=headers, body=f"{error}\n".encode())
